# %% right="step by step"
def derivative(f, x):
    result = f(Dual(x, 1))
    if isinstance(result, Dual):
        return result.derivative
    return 0.0


# %% right="anything without a derivative is a constant"
def derivative(f, x):
    return float(getattr(f(Dual(x, derivative=1.0)), "derivative", 0.0))


# %% wrong="measured with a small step" points={"01_derivative-values": 1} says="is wrong"
def derivative(f, x):
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5


# %% wrong="the seed is missing" points={"01_derivative-values": 0} says="is wrong"
def derivative(f, x):
    return as_dual(f(Dual(x))).derivative


# %% wrong="constants are not thought of" points={"01_derivative-values": 1} says="has no attribute 'derivative'"
def derivative(f, x):
    return f(Dual(x, 1.0)).derivative


# %% wrong="returns the Dual" points={"01_derivative-values": 0} says="should be a number"
def derivative(f, x):
    return f(Dual(x, 1.0))
