# %% right="with names for the slopes"
def rule_of(z, slope):
    def pullback(dz):
        return (np.asarray(dz * slope),)

    return z, pullback


def power_rule(x, exponent):
    return rule_of(np.power(x, float(exponent)), exponent * np.power(x, exponent - 1.0 if exponent else 0.0))


def exp_rule(x):
    return rule_of(np.exp(x), np.exp(x))


def log_rule(x):
    return rule_of(np.log(x), np.reciprocal(x))


def relu_rule(x):
    return rule_of(np.where(x > 0, x, 0.0), np.where(x > 0, 1.0, 0.0))


# %% right="relu with slope 1 at the kink, pullbacks that return lists"
def power_rule(x, exponent):
    return x**exponent, lambda dz: [exponent * dz * x ** (exponent - 1 if exponent else 0)]


def exp_rule(x):
    return np.exp(x), lambda dz: [dz * np.exp(x)]


def log_rule(x):
    return np.log(x), lambda dz: [dz / x]


def relu_rule(x):
    return x * (x >= 0), lambda dz: [np.where(x >= 0, dz, 0.0)]


# %% wrong="powers by logarithms" points={"02_elementwise-values": 4, "02_backpropagate-gradients": 8.5, "02_Tensor-operators": 5.5} says="should be finite"
def power_rule(x, exponent):
    z = np.exp(exponent * np.log(x))
    return z, lambda dz: (dz * exponent * z / x,)


def exp_rule(x):
    z = np.exp(x)
    return z, lambda dz: (dz * z,)


def log_rule(x):
    return np.log(x), lambda dz: (dz / x,)


def relu_rule(x):
    return np.maximum(x, 0), lambda dz: (dz * (x > 0),)


# %% wrong="relu masks by the gradient" warned="5.2" points={"02_elementwise-values": 4, "02_Tensor-operators": 5.5} cause="mask from the wrong tensor"
def power_rule(x, exponent):
    return x**exponent, lambda dz: (dz * exponent * x ** (exponent - 1 if exponent else 0),)


def exp_rule(x):
    z = np.exp(x)
    return z, lambda dz: (dz * z,)


def log_rule(x):
    return np.log(x), lambda dz: (dz / x,)


def relu_rule(x):
    return np.maximum(x, 0), lambda dz: (dz * (dz > 0),)


# %% wrong="exp and log exchanged" points={"02_elementwise-values": 3.5, "02_Tensor-operators": 4} cause="local derivative wrong"
def power_rule(x, exponent):
    return x**exponent, lambda dz: (dz * exponent * x ** (exponent - 1 if exponent else 0),)


def exp_rule(x):
    return np.exp(x), lambda dz: (dz / x,)


def log_rule(x):
    return np.log(x), lambda dz: (dz * np.exp(x),)


def relu_rule(x):
    return np.maximum(x, 0), lambda dz: (dz * (x > 0),)


# %% wrong="the exponent is not lowered" points={"02_elementwise-values": 4, "02_backpropagate-gradients": 8.5, "02_Tensor-operators": 1} says="is wrong"
def power_rule(x, exponent):
    return x**exponent, lambda dz: (dz * exponent * x**exponent,)


def exp_rule(x):
    z = np.exp(x)
    return z, lambda dz: (dz * z,)


def log_rule(x):
    return np.log(x), lambda dz: (dz / x,)


def relu_rule(x):
    return np.maximum(x, 0), lambda dz: (dz * (x > 0),)


# %% wrong="relu changes the upstream gradient in place" points={"02_elementwise-values": 5} cause="mutated argument"
def power_rule(x, exponent):
    return x**exponent, lambda dz: (dz * exponent * x ** (exponent - 1 if exponent else 0),)


def exp_rule(x):
    z = np.exp(x)
    return z, lambda dz: (dz * z,)


def log_rule(x):
    return np.log(x), lambda dz: (dz / x,)


def relu_rule(x):
    def pullback(dz):
        dz = np.asarray(dz)
        dz[x < 0] = 0
        return (dz,)

    return np.maximum(x, 0), pullback
