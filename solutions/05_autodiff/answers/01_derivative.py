# %% right="step by step"
def derivative(f, x):
    result = f(Dual(x, 1))
    if isinstance(result, Dual):
        return result.derivative
    return 0.0


# %% right="anything without a derivative is a constant" of="solution"
# -     return as_dual(f(Dual(x, 1.0))).derivative
# +     return float(getattr(f(Dual(x, derivative=1.0)), "derivative", 0.0))
# %% wrong="measured with a small step" of="solution" points={"01_derivative-values": 1} says="is wrong"
# -     return as_dual(f(Dual(x, 1.0))).derivative
# +     return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5
# %% wrong="the seed is missing" of="solution" points={"01_derivative-values": 0} says="is wrong"
# ~     return as_dual(f(Dual(x[-, 1.0-]))).derivative
# %% wrong="constants are not thought of" of="solution" points={"01_derivative-values": 1} says="has no attribute 'derivative'"
# ~     return [-as_dual(-]f(Dual(x, 1.0))[-)-].derivative
# %% wrong="returns the Dual" of="solution" points={"01_derivative-values": 0} says="should be a number"
# ~     return [-as_dual(-]f(Dual(x, 1.0))[-).derivative-]
