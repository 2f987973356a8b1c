# %% right="from partial derivatives"
def made_of(value, by_first, by_second):
    def operator(self, other):
        other = as_dual(other)
        a, b = self.value, other.value
        slope = by_first(a, b) * self.derivative + by_second(a, b) * other.derivative
        return Dual(value(a, b), slope)

    return operator


def of_one(value, slope):
    return lambda self: Dual(value(self.value), slope(self.value) * self.derivative)


def reflected(operator):
    return lambda self, other: operator(as_dual(other), self)


def as_dual(x):
    return x if isinstance(x, Dual) else Dual(x)


class Dual:
    def __init__(self, value, derivative=0.0):
        self.value, self.derivative = float(value), float(derivative)

    __add__ = made_of(lambda a, b: a + b, lambda a, b: 1.0, lambda a, b: 1.0)
    __sub__ = made_of(lambda a, b: a - b, lambda a, b: 1.0, lambda a, b: -1.0)
    __mul__ = made_of(lambda a, b: a * b, lambda a, b: b, lambda a, b: a)
    __truediv__ = made_of(lambda a, b: a / b, lambda a, b: 1 / b, lambda a, b: -a / b**2)
    __radd__, __rsub__ = reflected(__add__), reflected(__sub__)
    __rmul__, __rtruediv__ = reflected(__mul__), reflected(__truediv__)
    __neg__ = of_one(lambda a: -a, lambda a: -1.0)
    sin = of_one(np.sin, np.cos)
    exp = of_one(np.exp, np.exp)
    log = of_one(np.log, np.reciprocal)

    def __pow__(self, other):
        if isinstance(other, Dual):
            return (self.log() * other).exp()
        return of_one(lambda a: a**other, lambda a: other * a ** (other - 1 if other else 0))(self)

    __rpow__ = reflected(__pow__)

    def __lt__(self, other):
        return self.value < as_dual(other).value

    def __le__(self, other):
        return self.value <= as_dual(other).value

    def __gt__(self, other):
        return not self <= other

    def __ge__(self, other):
        return not self < other


# %% right="operators in terms of a few others"
def as_dual(x):
    return x if isinstance(x, Dual) else Dual(x)


class Dual:
    def __init__(self, value, derivative=0.0):
        self.value = np.float64(value)
        self.derivative = np.float64(derivative)

    def __add__(self, other):
        if not isinstance(other, Dual):
            return Dual(self.value + other, self.derivative)
        return Dual(self.value + other.value, self.derivative + other.derivative)

    def __mul__(self, other):
        if not isinstance(other, Dual):
            return Dual(self.value * other, self.derivative * other)
        derivative = self.value * other.derivative + other.value * self.derivative
        return Dual(self.value * other.value, derivative)

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + other * -1

    def __rsub__(self, other):
        return self * -1 + other

    def __truediv__(self, other):
        return self * (other**-1 if isinstance(other, Dual) else 1 / other)

    def __rtruediv__(self, other):
        return self**-1 * other

    def __pow__(self, other):
        if isinstance(other, Dual):
            return (other * self.log()).exp()
        return Dual(
            self.value ** float(other),
            other * self.value ** (other - 1.0 if other else 0.0) * self.derivative,
        )

    def __rpow__(self, other):
        return (self * np.log(other)).exp()

    def sin(self):
        return Dual(np.sin(self.value), self.derivative * np.sin(self.value + np.pi / 2))

    def exp(self):
        return Dual(np.exp(self.value), self.derivative * np.exp(self.value))

    def log(self):
        return Dual(np.log(self.value), self.derivative * self.value**-1)

    def __lt__(self, other):
        return self.value < getattr(other, "value", other)

    def __le__(self, other):
        return self.value <= getattr(other, "value", other)

    def __gt__(self, other):
        return self.value > getattr(other, "value", other)

    def __ge__(self, other):
        return self.value >= getattr(other, "value", other)


# %% wrong="the product rule has one term" of="from partial derivatives" points={"01_Dual-arithmetic": 4, "01_Dual-plain-numbers": 3, "01_Dual-functions": 4, "01_Dual-control-flow": 2, "01_derivative-values": 0} says="is wrong"
# ~     __mul__ = made_of(lambda a, b: a * b, lambda a, b: b, lambda a, b: [-a-]{+0.0+})
# %% wrong="reflected minus and division do what the plain ones do" of="from partial derivatives" warned="5.1" points={"01_Dual-plain-numbers": 1.5} says="is wrong"
# -     __radd__, __rsub__ = reflected(__add__), reflected(__sub__)
# -     __rmul__, __rtruediv__ = reflected(__mul__), reflected(__truediv__)
# +     __radd__, __rsub__ = __add__, __sub__
# +     __rmul__, __rtruediv__ = __mul__, __truediv__
# %% wrong="every power by the logarithm" of="from partial derivatives" warned="5.1" points={"01_Dual-functions": 3} says="should be finite"
# -         if isinstance(other, Dual):
# -             return (self.log() * other).exp()
# -         return of_one(lambda a: a**other, lambda a: other * a ** (other - 1 if other else 0))(self)
# +         return (self.log() * other).exp()
# %% wrong="the chain rule is forgotten in functions" of="from partial derivatives" points={"01_Dual-functions": 2} says="is wrong"
# -     sin = of_one(np.sin, np.cos)
# -     exp = of_one(np.exp, np.exp)
# -     log = of_one(np.log, np.reciprocal)
# +
# +     def sin(self):
# +         return Dual(np.sin(self.value), np.cos(self.value))
# +
# +     def exp(self):
# +         return Dual(np.exp(self.value), np.exp(self.value))
# +
# +     def log(self):
# +         return Dual(np.log(self.value), 1 / self.value)
# %% wrong="comparisons look at the derivatives too" of="from partial derivatives" warned="5.1" points={"01_Dual-control-flow": 0} says="whatever the derivatives"
# ~         return{+ (self.derivative,+} self.value[- <-]{+) < (as_dual(other).derivative,+} as_dual(other).value{+)+}
# -         return self.value <= as_dual(other).value
# +         return (self.derivative, self.value) <= (as_dual(other).derivative, as_dual(other).value)
# %% wrong="a comparison returns a Dual, which counts as true" of="from partial derivatives" points={"01_Dual-control-flow": 1} says="x < 100 should be False"
# ~         return {+Dual(+}self.value < as_dual(other).value{+)+}
