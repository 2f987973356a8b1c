# %% right="by a complex number"
def polar_features(X):
    z = X[:, 0] + 1j * X[:, 1]
    return np.array([np.abs(z), np.angle(z)]).T


# %% right="row by row"
import math


def polar_features(X):
    rows = []
    for x1, x2 in X:
        rows.append([math.sqrt(x1 * x1 + x2 * x2), math.atan2(x2, x1)])
    return np.array(rows)


# %% wrong="the arguments of arctan2 exchanged" of="solution" points={"09_polar_features-values": 0} says="features is wrong"
# ~     return np.column_stack([np.hypot(X[:, 0], X[:, 1]), np.arctan2(X[:, [-1-]{+0+}], X[:, [-0-]{+1+}])])
# %% wrong="arctan of the quotient does not know the quadrants" of="solution" points={"09_polar_features-values": 0} says="features is wrong"
# ~     return np.column_stack([np.hypot(X[:, 0], X[:, 1]), np.[-arctan2-]{+arctan+}(X[:, 1][-,-]{+ /+} X[:, 0])])
# %% wrong="the square of the distance" of="solution" points={"09_polar_features-values": 0} says="features is wrong"
# -     return np.column_stack([np.hypot(X[:, 0], X[:, 1]), np.arctan2(X[:, 1], X[:, 0])])
# +     return np.column_stack([X[:, 0] ** 2 + X[:, 1] ** 2, np.arctan2(X[:, 1], X[:, 0])])
# %% wrong="in degrees" of="solution" points={"09_polar_features-values": 0} says="features is wrong"
# ~     return np.column_stack([np.hypot(X[:, 0], X[:, 1]), np.{+degrees(np.+}arctan2(X[:, 1], X[:, 0]){+)+}])
# %% wrong="one row for r and one for theta" of="solution" points={"09_polar_features-values": 0} says="features should have shape"
# ~     return np.[-column_stack-]{+array+}([np.hypot(X[:, 0], X[:, 1]), np.arctan2(X[:, 1], X[:, 0])])
# %% wrong="the coordinates are overwritten" points={"09_polar_features-values": 0.5} says="changed its argument `X`"
def polar_features(X):
    r, theta = np.hypot(X[:, 0], X[:, 1]), np.arctan2(X[:, 1], X[:, 0])
    X[:, 0], X[:, 1] = r, theta
    return X
