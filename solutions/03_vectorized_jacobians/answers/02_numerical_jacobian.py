# %% right="by flat index, filling a matrix that is reshaped at the end"
def numerical_jacobian(f, x, h=1e-5):
    x = x.astype(float)
    y_shape = np.shape(f(x))
    jacobian = np.empty((int(np.prod(y_shape)), x.size))
    for j in range(x.size):
        plus, minus = x.copy(), x.copy()
        plus.flat[j] += h
        minus.flat[j] -= h
        jacobian[:, j] = np.ravel(f(plus) - f(minus)) / (2 * h)
    return jacobian.reshape(y_shape + x.shape)


# %% right="on one copy, each entry put back"
def numerical_jacobian(f, x, h=1e-5):
    x = x.astype(np.float64).copy()
    jacobian = np.zeros(np.shape(f(x)) + x.shape)
    for index in np.ndindex(*x.shape):
        old = x[index]
        x[index] = old + h
        plus = np.array(f(x))
        x[index] = old - h
        minus = np.array(f(x))
        x[index] = old
        jacobian[(..., *index)] = (plus - minus) / (2 * h)
    return jacobian


# %% wrong="one-sided" of="ignores the step it is given" warned="3.2" points={"02_numerical_jacobian-values": 3} says="jacobian is wrong in 4 of 16 entries"
# -         step = np.zeros_like(x)
# +         moved = x.copy()
# ~         [-step-]{+moved+}[index] [-= 1e-5-]{++= h+}
# -         columns.append((f(x + step) - f(x - step)) / 2e-5)
# +         columns.append((f(moved) - f(x)) / h)
# %% wrong="ignores the step it is given" of="solution" warned="3.2" points={"02_numerical_jacobian-values": 3} says="jacobian is wrong in 4 of 16 entries"
# -     x = np.array(x, dtype=float)
# +     x = x.astype(float)
# ~         step[index] = [-h-]{+1e-5+}
# ~         columns.append((f(x + step) - f(x - step)) / [-(2 * h))-]{+2e-5)+}
# %% wrong="the transposed layout" of="solution" warned="3.2" points={"02_numerical_jacobian-values": 2, "02_numerical_jacobian-care": 1.5} says="should have shape (3, 2), yours has (2, 3)"
# -     x = np.array(x, dtype=float)
# +     x = x.astype(float)
# ~     [-columns-]{+rows+} = []
# ~         [-columns-]{+rows+}.append((f(x + step) - f(x - step)) / (2 * h))
# -     return np.stack(columns, axis=-1).reshape(np.shape(columns[0]) + x.shape)
# +     return np.stack(rows).reshape(x.shape + np.shape(rows[0]))
# %% wrong="always a matrix" of="the transposed layout" warned="3.2" points={"02_numerical_jacobian-values": 2, "02_numerical_jacobian-care": 3} says="should have shape (2, 3), yours has (1, 6)"
# ~     [-rows-]{+columns+} = []
# ~         [-rows-]{+columns+}.append{+(np.ravel+}((f(x + step) - f(x - step)) / (2 * h)){+)+}
# -     return np.stack(rows).reshape(x.shape + np.shape(rows[0]))
# +     return np.stack(columns, axis=-1)
# %% wrong="a number has no .shape" of="the transposed layout" warned="3.2" points={"02_numerical_jacobian-values": 3} says="'float' object has no attribute 'shape'"
# ~     [-rows-]{+jacobian+} = [-[]-]{+np.zeros(f(x).shape + x.shape)+}
# ~         [-rows.append(-]{+jacobian[(..., *index)] = +}(f(x + step) - f(x - step)) / (2 * h)[-)-]
# -     return np.stack(rows).reshape(x.shape + np.shape(rows[0]))
# +     return jacobian
# %% wrong="integers are cut off" warned="3.2" points={"02_numerical_jacobian-care": 2.5} says="jacobian is wrong in 3 of 4 entries"
def numerical_jacobian(f, x, h=1e-5):
    columns = []
    for index in np.ndindex(x.shape):
        plus, minus = x.copy(), x.copy()
        plus[index] += h if x.dtype == float else int(h)
        minus[index] -= h if x.dtype == float else int(h)
        columns.append((f(plus) - f(minus)) / (2 * h))
    return np.stack(columns, axis=-1).reshape(np.shape(columns[0]) + x.shape)


# %% wrong="steps in the caller's array, and back again almost" warned="3.2" points={"02_numerical_jacobian-care": 1.5} says="changed its argument `x` in place"
def numerical_jacobian(f, x, h=1e-5):
    if x.dtype != float:
        x = x.astype(float)
    columns = []
    for index in np.ndindex(x.shape):
        x[index] += h
        plus = np.array(f(x))
        x[index] -= 2 * h
        minus = np.array(f(x))
        x[index] += h
        columns.append((plus - minus) / (2 * h))
    return np.stack(columns, axis=-1).reshape(np.shape(columns[0]) + x.shape)


# %% wrong="the library's own measurement" points={"02_numerical_jacobian-values": 0, "02_numerical_jacobian-care": 0} cause="called the library" says="numerical_jacobian of course_lib is not called for an answer"
def numerical_jacobian(f, x, h=1e-5):
    from importlib import import_module

    return import_module("course_lib.gradcheck.numerical").numerical_jacobian(f, x)
