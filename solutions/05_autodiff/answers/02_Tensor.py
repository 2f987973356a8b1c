# %% base="as most write it"
class Tensor:
    __array_ufunc__ = None

    def __init__(self, data):
        self.data = np.array(data, dtype=float)
        self.grad = self.pullback = None
        self.inputs = ()
        self.op = self.name = ""

    def backward(self):
        backpropagate(self)

    def __pow__(self, exponent):
        return record(power_rule, self, exponent=exponent)

    def __rmatmul__(self, other):
        return record(matmul_rule, other, self)

    def __lt__(self, other):
        return self.data < as_tensor(other).data

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -as_tensor(other)

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        return self * as_tensor(other) ** -1

    def __rtruediv__(self, other):
        return self**-1 * other


def method_of(rule):
    return lambda self, *others, **settings: record(rule, self, *others, **settings)


Tensor.__add__ = Tensor.__radd__ = method_of(add_rule)
Tensor.__mul__ = Tensor.__rmul__ = method_of(multiply_rule)
Tensor.__matmul__, Tensor.sum = method_of(matmul_rule), method_of(sum_rule)
Tensor.sin, Tensor.exp, Tensor.log = method_of(sin_rule), method_of(exp_rule), method_of(log_rule)
Tensor.relu = method_of(relu_rule)


# %% right="reflected operators by the plain ones" of="as most write it"
# ~         return [-self-]{+-1.0+} * [--1-]{+self+}
# ~         return self + [---]as_tensor(other){+ * -1.0+}
# ~         return [---]{+as_tensor(other) - +}self[- + other-]
# ~         return {+as_tensor(other) / +}self[-**-1 * other-]
# %% right="rules of its own for difference and quotient" of="as most write it"
# - class Tensor:
# + def difference_rule(x, y):
# +     return x - y, lambda dz: (unbroadcast(dz, x.shape), unbroadcast(-dz, y.shape))
# +
# +
# + def quotient_rule(x, y):
# +     return x / y, lambda dz: (unbroadcast(dz / y, x.shape), unbroadcast(-dz * x / y**2, y.shape))
# +
# +
# + class Tensor:
# ~         return [-self * -1-]{+0 - self+}
# ~         return {+record(difference_rule, +}self[- + -as_tensor(-]{+, +}other)
# ~         return [--self +-]{+record(difference_rule,+} other{+, self)+}
# -         return self * as_tensor(other) ** -1
# +         return record(quotient_rule, self, other)
# ~         return [-self**-1 *-]{+record(quotient_rule,+} other{+, self)+}
# %% wrong="reflected operators do what the plain ones do" of="as most write it" warned="5.2" points={"02_Tensor-operators": 3.5} says="is wrong"
# ~         return [---]self [-+-]{+-+} other
# ~         return self[-**-1 *-]{+ /+} other
# %% wrong="the minus gets lost" of="as most write it" points={"02_Tensor-operators": 1} says="is wrong"
# ~         return self * [---]1
# %% wrong="division leaves the graph" of="as most write it" points={"02_Tensor-operators": 1} says="should be a number, not None"
# ~         return self * {+(1 / +}as_tensor(other)[- ** -1-]{+.data)+}
# ~         return {+Tensor(other / +}self[-**-1 * other-]{+.data)+}
