# %% [markdown]
# # Automatic differentiation
#
# You know how to take a computation apart and multiply local derivatives together. It is honest work, and
# it is always the same work. So let the machine do it: in this notebook you write two small programs that
# differentiate *other* programs, whatever those do, loops and branches included.
#
# * **Forward mode.** Numbers that carry their derivative along. A page of code, and perfect for functions
#   of one variable.
# * **Reverse mode.** Arrays that remember where they came from, and send gradients back. This is what
#   PyTorch, JAX and TensorFlow do, and when you are done, yours trains a neural network.
#
# Neither of them measures slopes with small steps, and neither manipulates formulas. Both follow your code
# as it runs and apply the chain rule to each operation, so their results are exact up to rounding. What you
# need is the chain rule, classes in Python, and a little NumPy.
#
# | exercise | what you do | stars | minutes | builds on | may be skipped? |
# |---|---|---|---|---|---|
# | 5.1 | numbers that carry their derivative | ★★ | 50 | | no |
# | 5.2 | arrays that remember where they came from | ★★★ | 120 | 5.1 | no |
# | 5.3 | loops, branches, and a recurrent cell | ★★ | 50 | 5.2 | the walk by hand |
# | 5.4 | what both modes cost | ★★ | 30 | 5.1, 5.2 | |
# | 5.5 | train a network | ★★★ | 45 | 5.2 | no |
# | 5.6 | in your own words | ★★ | 20 | 5.4 | |
#
# "Builds on" means the idea, never the points: where a later exercise uses your classes, grading puts
# exact ones in their place, so a slip costs its own exercise and no other. Altogether this takes some five
# hours; the minutes are for a first encounter, and nobody is counting.
#
# **How the notebook works**
#
# * You write where a cell says `raise NotImplementedError("not written yet")`. Replace that line.
# * Most derivatives are not printed above the box: you get the operation and the shapes, and find the
#   rest. Before each box stand three **hints**, folded. The first says where to look, the second shows the
#   idea in a smaller case, the third says all but the line. Open them one at a time, when you have been
#   stuck for a while; they cost nothing.
# * Now and then you are asked to **predict** a number before you run a cell. Nobody sees it but you, and a
#   wrong guess is the one you learn from.
# * After each exercise comes a *self-check*, which compares your results with measured ones and says what
#   is wrong. It is worth no points; run it as often as you like.
# * Then come the graded cells, with numbers that you can check by hand. Grading runs more checks than you
#   see here, with other numbers.
# * A class that is half finished earns its half: every operator is checked by itself.
# * How far are you? `import course_lib` and then `course_lib.progress()`, in a cell of your own, show a
#   table of all the checks you can see.
#
# There are 100 points: 95 are graded by the cells below, 5 by a person.

# %% setup="imports"
from functools import partial

import numpy as np

from course_lib import assert_vjp, check_parameters, check_vjp, numerical_gradient, viz
from course_lib.data import spirals
from course_lib.gradcheck import Cause, ContractError
from course_lib.grading import (
    Checks,
    compare_prediction,
    expect_close,
    expect_raises,
    expect_shape,
    expect_unchanged,
    in_turn,
    once_written,
)
from course_lib.grading.depth import nested_calls
from course_lib.grading.notes import ForeignRule, replay, take_notes

PLAIN = (int, float, np.generic, np.ndarray)


# sin, exp and log of a number, of an array, or of any object that has a method of that name:
# with them, one and the same formula can be computed with floats, and with the classes you write.
def sin(x):
    return np.sin(x) if isinstance(x, PLAIN) else x.sin()


def exp(x):
    return np.exp(x) if isinstance(x, PLAIN) else x.exp()


def log(x):
    return np.log(x) if isinstance(x, PLAIN) else x.log()


# %% [markdown]
# ## 5.1 Numbers that carry their derivative (20 points, ★★, 50 minutes)
#
# Take a symbol $\varepsilon$ with the one property $\varepsilon^2 = 0$, and calculate with **dual
# numbers** $a + a'\varepsilon$ as with any others:
#
# $$(a + a'\varepsilon) + (b + b'\varepsilon) = (a + b) + (a' + b')\,\varepsilon, \qquad
# (a + a'\varepsilon)(b + b'\varepsilon) = ab + (a'b + ab')\,\varepsilon .$$
#
# Behind the $\varepsilon$ stand the sum rule and the product rule. That is no accident. Every Taylor series
# ends after its second term, because $\varepsilon^2$ and all that follows is zero:
#
# $$f(a + a'\varepsilon) = f(a) + f'(a)\,a'\,\varepsilon .$$
#
# So if each operation treats its dual numbers properly, $a$ is the value and $a'$ its derivative after
# *every* step, and the chain rule has been applied without anybody mentioning it. To differentiate by an
# input, start it with $a' = 1$, and everything else with $a' = 0$.
#
# Here is $f = x_1 x_2 + \sin x_2$ at $(3, 0)$, differentiated by $x_2$. Read it line by line, from top to
# bottom: values and derivatives travel in the same direction, *forward*.
#
# | step | value | derivative | why |
# |---|---|---|---|
# | $x_1$ | 3 | 0 | not the one we ask about |
# | $x_2$ | 0 | 1 | the one we ask about |
# | $p = x_1 x_2$ | 0 | $0 \cdot 0 + 3 \cdot 1 = 3$ | product rule |
# | $s = \sin x_2$ | 0 | $\cos 0 \cdot 1 = 1$ | chain rule |
# | $f = p + s$ | 0 | $3 + 1 = 4$ | sum rule |
#
# In Python, `x * y` calls `x.__mul__(y)`. If `x` is a plain number that does not know what to do with a
# dual number, Python tries `y.__rmul__(x)`, with an *r* as in *right*. So do mixed expressions work: a
# plain number is a constant, with derivative 0. (Mind the order in `__rsub__` and `__rtruediv__`: there,
# `self` stands on the right.)
#
# Comparisons look at values alone. Then `if` and `while` take the turns that they take with plain numbers,
# and the derivative follows along whichever path the program chose.
#
# Write the class. For each operation, ask what it does to $a + a'\varepsilon$ and $b + b'\varepsilon$.
# Powers deserve a thought. When the *exponent* varies too, use $a^b = e^{b \log a}$, which needs $a > 0$.
# For a plain exponent, do not: $(-2)^3$ is fine, the logarithm of $-2$ is not. And $a^0$ is 1, with slope
# 0, at $a = 0$ as well, where the power rule would divide by zero.
#
# **Predict, then run.** What is the derivative of $x^3$ at $-2$? It is what
# `(Dual(-2.0, 1.0) ** 3).derivative` should say, and what a logarithm will never tell you.

# %%
predicted_slope = None  # a number

# %% readonly="predict-power"
compare_prediction(
    predicted_slope,
    round(((-2 + 1e-5) ** 3 - (-2 - 1e-5) ** 3) / 2e-5, 6),
    "Times itself three times: no logarithm needed, and it rises on both sides of 0.",
)

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# One operation at a time, and both parts of each: the value as with plain numbers, the derivative by the
# rule of school for it. `as_dual` turns a plain number into a constant, so that most methods need one case
# only; and several can be made from others.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# The product: $(3 + 1\varepsilon)(2 + 0.5\varepsilon) = 6 + (1 \cdot 2 + 3 \cdot 0.5)\,\varepsilon$. The
# quotient $q = a/b$ is the number for which $q\,b = a$: from $q'b + q\,b' = a'$ you get $q'$. At
# $(3, 1) / (2, 0.5)$: $q = 1.5$ and $q' = (1 - 1.5 \cdot 0.5) / 2 = 0.125$. A function: $\exp$ at $(0, 3)$
# is $(1, \; 1 \cdot 3)$, its slope there *times what arrives*.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# $$\left(\frac{a}{b}\right)' = \frac{a'}{b} - \frac{a\,b'}{b^2}, \qquad
# \left(a^n\right)' = n\,a^{n-1} a' , \qquad (\sin a)' = \cos a \; a', \qquad (e^a)' = e^a a', \qquad
# (\log a)' = \frac{a'}{a} .$$
#
# In `__rsub__` and `__rtruediv__` the other one stands on the left: made a Dual, it is what `-` and `/` are
# asked of, and `self` comes second. In `__pow__`, a Dual in the exponent goes by exp and log, a plain number
# by the rule above, and the exponent 0 has slope 0. Comparisons compare two values and return what Python
# says.
#
# </details>


# %% answer="01_Dual" formula="withheld"
def as_dual(x):
    """Return x if it is a Dual, otherwise a constant: a Dual with the value x and the derivative 0."""
    return x if isinstance(x, Dual) else Dual(x)


class Dual:
    """A number, `value`, and its `derivative` with respect to one input; both are floats.

    In each operation below, `other` is a Dual or a plain number (an int or a float), and the result is a
    new Dual. Comparisons return a bool.
    """

    def __init__(self, value, derivative=0.0):
        self.value = float(value)
        self.derivative = float(derivative)

    def __repr__(self):
        return f"Dual({self.value:.6g}, {self.derivative:.6g})"

    def __neg__(self):
        """Return -self."""
        ### BEGIN SOLUTION
        return Dual(-self.value, -self.derivative)
        ### END SOLUTION

    def __add__(self, other):
        """Return self + other."""
        ### BEGIN SOLUTION
        other = as_dual(other)
        return Dual(self.value + other.value, self.derivative + other.derivative)
        ### END SOLUTION

    def __radd__(self, other):
        """Return other + self, where other is a plain number."""
        ### BEGIN SOLUTION
        return self + other
        ### END SOLUTION

    def __sub__(self, other):
        """Return self - other."""
        ### BEGIN SOLUTION
        return self + -as_dual(other)
        ### END SOLUTION

    def __rsub__(self, other):
        """Return other - self, where other is a plain number."""
        ### BEGIN SOLUTION
        return as_dual(other) - self
        ### END SOLUTION

    def __mul__(self, other):
        """Return self * other."""
        ### BEGIN SOLUTION
        other = as_dual(other)
        return Dual(
            self.value * other.value,
            self.derivative * other.value + self.value * other.derivative,
        )
        ### END SOLUTION

    def __rmul__(self, other):
        """Return other * self, where other is a plain number."""
        ### BEGIN SOLUTION
        return self * other
        ### END SOLUTION

    def __truediv__(self, other):
        """Return self / other."""
        ### BEGIN SOLUTION
        other = as_dual(other)
        quotient = self.value / other.value
        return Dual(quotient, (self.derivative - quotient * other.derivative) / other.value)
        ### END SOLUTION

    def __rtruediv__(self, other):
        """Return other / self, where other is a plain number."""
        ### BEGIN SOLUTION
        return as_dual(other) / self
        ### END SOLUTION

    def __pow__(self, other):
        """Return self ** other: any value to a plain number, or a value above 0 to a Dual."""
        ### BEGIN SOLUTION
        if isinstance(other, Dual):
            return (other * self.log()).exp()
        slope = other * self.value ** (other - 1) if other else 0.0
        return Dual(self.value**other, slope * self.derivative)
        ### END SOLUTION

    def __rpow__(self, other):
        """Return other ** self, where other is a plain number above 0."""
        ### BEGIN SOLUTION
        return as_dual(other) ** self
        ### END SOLUTION

    def sin(self):
        """Return the sine of self."""
        ### BEGIN SOLUTION
        return Dual(np.sin(self.value), np.cos(self.value) * self.derivative)
        ### END SOLUTION

    def exp(self):
        """Return e to the power of self."""
        ### BEGIN SOLUTION
        power = np.exp(self.value)
        return Dual(power, power * self.derivative)
        ### END SOLUTION

    def log(self):
        """Return the natural logarithm of self, whose value is above 0."""
        ### BEGIN SOLUTION
        return Dual(np.log(self.value), self.derivative / self.value)
        ### END SOLUTION

    def __lt__(self, other):
        """Return whether self < other, by value."""
        ### BEGIN SOLUTION
        return self.value < as_dual(other).value
        ### END SOLUTION

    def __le__(self, other):
        """Return whether self <= other, by value."""
        ### BEGIN SOLUTION
        return self.value <= as_dual(other).value
        ### END SOLUTION

    def __gt__(self, other):
        """Return whether self > other, by value."""
        ### BEGIN SOLUTION
        return self.value > as_dual(other).value
        ### END SOLUTION

    def __ge__(self, other):
        """Return whether self >= other, by value."""
        ### BEGIN SOLUTION
        return self.value >= as_dual(other).value
        ### END SOLUTION


# %% setup="dual-expectation"
def expect_dual(name, dual, value, derivative, rtol=1e-12, atol=1e-12):
    """Raise AssertionError unless `dual` has this value and this derivative."""
    if dual is None or isinstance(dual, (*PLAIN, str, tuple, list)):
        raise AssertionError(f"{name} should be a Dual, not a {type(dual).__name__}")
    expect_close(f"({name}).value", dual.value, value, rtol=rtol, atol=atol)
    expect_close(f"({name}).derivative", dual.derivative, derivative, rtol=rtol, atol=atol)


# %% readonly="01_self-check"
checks = Checks()
with checks("x + 1, and 5 - x"):
    expect_dual("x + 1", Dual(3.0, 1.0) + 1, 4.0, 1.0)
    expect_dual("2 + x", 2 + Dual(3.0, 1.0), 5.0, 1.0)
    expect_dual("5 - x", 5 - Dual(3.0, 1.0), 2.0, -1.0)
    expect_dual("x - 5", Dual(3.0, 1.0) - 5, -2.0, 1.0)
with checks("products: 2 * x, x * x, and x * y of two that vary"):
    expect_dual("2 * x", 2 * Dual(3.0, 1.0), 6.0, 2.0)
    expect_dual("x * x", Dual(3.0, 1.0) * Dual(3.0, 1.0), 9.0, 6.0)
    expect_dual("x * y", Dual(3.0, 2.0) * Dual(5.0, -1.0), 15.0, 7.0)
with checks("quotients: x / y, 1 / x, x / 4"):
    expect_dual("x / y", Dual(6.0, 2.0) / Dual(4.0, -1.0), 1.5, 0.875)
    expect_dual("1 / x", 1 / Dual(4.0, 1.0), 0.25, -0.0625)
    expect_dual("x / 4", Dual(6.0, 2.0) / 4, 1.5, 0.5)
with checks("powers: x ** 3, also at -2, and x ** -1"):
    expect_dual("x ** 3", Dual(2.0, 1.0) ** 3, 8.0, 12.0)
    expect_dual("x ** 3 at -2", Dual(-2.0, 1.0) ** 3, -8.0, 12.0)
    expect_dual("x ** -1", Dual(-2.0, 3.0) ** -1, -0.5, -0.75)
with checks("x ** 0 is 1, with slope 0, at 0 as well"):
    expect_dual("x ** 0 at 0", Dual(0.0, 1.0) ** 0, 1.0, 0.0)
    expect_dual("x ** 0", Dual(-2.0, 1.0) ** 0, 1.0, 0.0)
with checks("exponents that vary: 2 ** x, x ** x"):
    expect_dual("2 ** x", 2 ** Dual(3.0, 1.0), 8.0, 8 * np.log(2.0))
    expect_dual("x ** x", Dual(2.0, 1.0) ** Dual(2.0, 1.0), 4.0, 4 * (np.log(2.0) + 1))
with checks("functions, of something that moves three times as fast as the input"):
    expect_dual("sin(x)", sin(Dual(2.0, 3.0)), np.sin(2.0), 3 * np.cos(2.0))
    expect_dual("exp(x)", exp(Dual(2.0, 3.0)), np.exp(2.0), 3 * np.exp(2.0))
    expect_dual("log(x)", log(Dual(2.0, 3.0)), np.log(2.0), 1.5)
with checks("an operation makes a new Dual, and leaves its operands as they are"):
    operations = {"+": Dual.__add__, "-": Dual.__sub__, "*": Dual.__mul__, "/": Dual.__truediv__}
    for sign, operation in operations.items():
        x, y = Dual(3.0, 1.0), Dual(2.0, 0.5)
        operation(x, y)
        expect_dual(f"x after x {sign} y", x, 3.0, 1.0)
        expect_dual(f"y after x {sign} y", y, 2.0, 0.5)
with checks("comparisons look at values alone"):
    slow, fast = Dual(3.0, 9.0), Dual(4.0, -9.0)
    assert type(slow < 4) in (bool, np.bool_), "x < 4 should be True or False, a bool"
    assert all((slow < 4, slow < fast, slow <= fast, fast > slow)), "3 should be less than 4"
    assert not any((fast < slow, slow > fast, slow >= fast)), "a derivative has no say in a comparison"
    assert not Dual(3.0, 1.0) < Dual(3.0, 2.0), "3 is not less than 3, whatever the derivatives"
    assert all((slow <= 3, slow >= 3, slow <= Dual(3.0))), "3 <= 3 and 3 >= 3 should be True"
print(checks)

# %% graded="01_Dual-arithmetic" points=6
checks = Checks("5.1")
with checks("x = (3, 1), y = (2, 0.5): x + y is (5, 1.5), x - y is (1, 0.5), -x is (-3, -1)", points=1):
    x, y = Dual(3.0, 1.0), Dual(2.0, 0.5)
    expect_dual("x + y", x + y, 5.0, 1.5)
    expect_dual("x after x + y", x, 3.0, 1.0)
    expect_dual("x - y", x - y, 1.0, 0.5)
    expect_dual("-x", -x, -3.0, -1.0)
with checks("x * y is (6, 3.5)", points=1):
    expect_dual("x * y", Dual(3.0, 1.0) * Dual(2.0, 0.5), 6.0, 3.5)
with checks("x / y is (1.5, 0.125)", points=1):
    expect_dual("x / y", Dual(3.0, 1.0) / Dual(2.0, 0.5), 1.5, 0.125)
### BEGIN HIDDEN TESTS
with checks("sums, differences and negatives of other numbers", points=1) as rng:
    a, da, b, db = rng.normal(size=4).tolist()
    expect_dual("x + y", Dual(a, da) + Dual(b, db), a + b, da + db)
    expect_dual("x - y", Dual(a, da) - Dual(b, db), a - b, da - db)
    expect_dual("-x", -Dual(a, da), -a, -da)
with checks("products of other numbers", points=1) as rng:
    a, da, b, db = rng.normal(size=4).tolist()
    x, y = Dual(a, da), Dual(b, db)
    expect_dual("x * y", x * y, a * b, da * b + a * db, atol=1e-11)
    expect_dual("x * y * x", x * y * x, a * b * a, 2 * a * b * da + a * a * db, atol=1e-11)
    expect_dual("x, afterwards", x, a, da)
with checks("quotients of other numbers", points=1) as rng:
    a, da, b, db = (rng.uniform(0.5, 2.0, size=4) * [-1.0, 1.0, 1.0, -1.0]).tolist()
    expect_dual("x / y", Dual(a, da) / Dual(b, db), a / b, (da * b - a * db) / b**2, atol=1e-11)
    expect_dual("y / x", Dual(b, db) / Dual(a, da), b / a, (db * a - b * da) / a**2, atol=1e-11)
### END HIDDEN TESTS
checks.score()

# %% graded="01_Dual-plain-numbers" points=4
checks = Checks("5.1")
with checks("x = (3, 1): x + 2 and 2 + x are (5, 1), 2 * x and x * 2 are (6, 2)", points=1):
    x = Dual(3.0, 1.0)
    expect_dual("x + 2", x + 2, 5.0, 1.0)
    expect_dual("2 + x", 2 + x, 5.0, 1.0)
    expect_dual("x * 2", x * 2, 6.0, 2.0)
    expect_dual("2 * x", 2 * x, 6.0, 2.0)
### BEGIN HIDDEN TESTS
with checks("x - c and c - x", points=1) as rng:
    a, da, c = rng.normal(size=3).tolist()
    expect_dual("x - c", Dual(a, da) - c, a - c, da)
    expect_dual("c - x", c - Dual(a, da), c - a, -da)
with checks("x / c", points=0.5) as rng:
    a, da, c = (rng.uniform(0.5, 2.0, size=3) * [1.0, 1.0, -1.0]).tolist()
    expect_dual("x / c", Dual(a, da) / c, a / c, da / c)
with checks("c / x", points=1) as rng:
    a, da, c = (rng.uniform(0.5, 2.0, size=3) * [1.0, 1.0, -1.0]).tolist()
    expect_dual("c / x", c / Dual(a, da), c / a, -c * da / a**2)
with checks("integers are numbers too", points=0.5):
    x = Dual(7, 1)
    expect_dual("x / 2", x / 2, 3.5, 0.5)
    expect_dual("(1 - x) * 3", (1 - x) * 3, -18.0, -3.0)
### END HIDDEN TESTS
checks.score()

# %% graded="01_Dual-functions" points=5
checks = Checks("5.1")
with checks("(2, 1) ** 3 is (8, 12), (2, 1) ** -1 is (0.5, -0.25), and (-2, 1) ** 3 is (-8, 12)", points=1):
    expect_dual("x ** 3", Dual(2.0, 1.0) ** 3, 8.0, 12.0)
    expect_dual("x ** -1", Dual(2.0, 1.0) ** -1, 0.5, -0.25)
    expect_dual("x ** 3 at -2", Dual(-2.0, 1.0) ** 3, -8.0, 12.0)
with checks("sin at (0, 1) is (0, 1), exp at (0, 3) is (1, 3), log at (2, 1) is (0.6931, 0.5)", points=1):
    expect_dual("sin(x)", sin(Dual(0.0, 1.0)), 0.0, 1.0)
    expect_dual("exp(x)", exp(Dual(0.0, 3.0)), 1.0, 3.0)
    expect_dual("log(x)", log(Dual(2.0, 1.0)), 0.6931, 0.5, atol=5e-5)
### BEGIN HIDDEN TESTS
with checks("sin, exp and log elsewhere", points=1) as rng:
    a, da = (rng.uniform(0.5, 3.0, size=2) * [1.0, -1.0]).tolist()
    expect_dual("sin(x)", sin(Dual(a, da)), np.sin(a), np.cos(a) * da)
    expect_dual("exp(x)", exp(Dual(a, da)), np.exp(a), np.exp(a) * da)
    expect_dual("log(x)", log(Dual(a, da)), np.log(a), da / a)
with checks("powers of negative numbers and of 0, and broken exponents", points=1) as rng:
    a, da = rng.uniform(0.5, 2.0, size=2).tolist()
    expect_dual("x ** 3", Dual(-a, da) ** 3, (-a) ** 3, 3 * a**2 * da)
    expect_dual("x ** -2", Dual(-a, da) ** -2, a**-2, 2 * a**-3 * da)
    expect_dual("x ** 2.5", Dual(a, da) ** 2.5, a**2.5, 2.5 * a**1.5 * da)
    expect_dual("x ** 2 at 0", Dual(0.0, 1.0) ** 2, 0.0, 0.0)
    expect_dual("x ** 1 at 0", Dual(0.0, da) ** 1, 0.0, da)
    expect_dual("x ** 0 at 0", Dual(0.0, da) ** 0, 1.0, 0.0)
with checks("x ** y where both vary, and c ** x", points=1) as rng:
    a, da, b, db = rng.uniform(0.5, 2.0, size=4).tolist()
    expected = a**b * (db * np.log(a) + b * da / a)
    expect_dual("x ** y", Dual(a, da) ** Dual(b, db), a**b, expected, atol=1e-11)
    expect_dual("2 ** x", 2 ** Dual(a, da), 2**a, np.log(2.0) * 2**a * da)
### END HIDDEN TESTS
checks.score()

# %% graded="01_Dual-control-flow" points=3
checks = Checks("5.1")


def until_a_hundred(x):
    turns = 0
    while x < 100:
        assert turns < 3, "after three turns x is 677, and x < 100 should be False"
        x = x * x + 1
        turns += 1
    return x


with checks("x = x² + 1 until 100 is reached: from (2, 1) to (677, 2080)", points=1):
    expect_dual("the last x", until_a_hundred(Dual(2.0, 1.0)), 677.0, 2080.0)
### BEGIN HIDDEN TESTS
with checks("all four comparisons, with duals and numbers on either side", points=1) as rng:
    low, high = np.sort(rng.normal(size=2)).tolist()
    x, y = Dual(low, 5.0), Dual(high, -5.0)
    for small, large in ((x, y), (x, high), (low, y)):
        comparisons = (small < large, small <= large, large > small, large >= small)
        assert all(comparisons), "a smaller value is <, and <=, a larger one, whatever the derivatives"
        comparisons = (large < small, large <= small, small > large, small >= large)
        assert not any(comparisons), "a larger value should not compare as smaller"
    assert all((x <= low, x >= low)), "x <= x and x >= x should be True"
    assert not any((x < low, x > low)), "x < x and x > x should be False"
with checks("a branch, and a loop over it", points=1) as rng:
    x = float(rng.uniform(1.0, 2.0))
    value, slope, dual = x, 1.0, Dual(x, 1.0)
    for _ in range(6):
        slope *= 3.0 if value <= 2.0 else 0.5
        value = value * 3.0 if value <= 2.0 else value / 2.0
        dual = dual * 3.0 if dual <= 2.0 else dual / 2.0
    expect_dual("the result", dual, value, slope)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# With dual numbers, differentiating a function takes one line: start its argument with derivative 1, run
# it, and read off the derivative of what comes out. `f` may be any function that computes with its
# argument. (It may also ignore it and return a plain number.) The self-check runs your class as well: where
# `Dual` above has crosses, mend these first.


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Three steps: a Dual, a call, a look.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# $f(x) = x^2$ at 3: start with $3 + 1\varepsilon$. The square is $9 + 6\varepsilon$, and the 6 is what was
# asked for.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# What comes back may be a plain number; a constant has the derivative 0, and `as_dual` knows that.
#
# </details>


# %% answer="01_derivative" formula="withheld"
def derivative(f, x):
    """Return f'(x), by a single pass through f with a Dual.

    f: a function of one number that returns a Dual when it is given one, or a plain number (a constant);
    x: a number. Returns a float.
    """
    ### BEGIN SOLUTION
    return as_dual(f(Dual(x, 1.0))).derivative
    ### END SOLUTION


# %% readonly="01_self-check-derivative"
def a_formula(x):
    return (2 - x) * sin(x) ** 2 / (1 + exp(-x)) + 3 * log(x)


def by_derivative(f):
    return lambda df, values: df * derivative(f, values[0])  # no line of this cell is the wrong one


checks = Checks()
with checks("a function that ignores its argument and returns a plain number: 0"):
    expect_close("derivative(f, 2.0)", derivative(lambda x: 5, 2.0), 0.0)
print(checks)
backward = by_derivative(a_formula)
backward.__name__ = "derivative"
check_vjp(a_formula, backward, 1.7)

# %% graded="01_derivative-values" points=2
checks = Checks("5.1")
with checks("the derivative of x³ - 2x at 2 is 10", points=1):
    expect_close("derivative(x³ - 2x, 2)", derivative(lambda x: x * x * x - 2 * x, 2.0), 10.0)
### BEGIN HIDDEN TESTS
with checks("another formula, a constant, and places where no step is small enough", points=1) as rng:
    a, x = rng.uniform(1.0, 2.0, size=2).tolist()
    slope = derivative(lambda x: x * x * a - x + 4, x)
    expect_close("derivative of a x² - x + 4", slope, 2 * a * x - 1, rtol=1e-12)
    for scale in (1e-9, 1e9):
        slope = derivative(lambda x: x * x * x, scale * x)
        expect_close(f"derivative of x³ at {scale * x:.3g}", slope, 3 * (scale * x) ** 2, rtol=1e-12, atol=0)
    expect_close("derivative of a constant", derivative(lambda x: 5.0, x), 0.0)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 5.2 Arrays that remember where they came from (40 points, ★★★, 120 minutes)
#
# A dual number knows the derivative by *one* input. A network has a million inputs and one output, the
# loss, so we want to go the other way: start at the output and ask for the derivative by everything. That
# is backpropagation, and it needs two things:
#
# 1. for each operation, a **rule**: how to compute it, and how a gradient passes back through it;
# 2. a **record** of which operations were carried out on what, so that somebody can walk through them in
#    reverse. Nobody writes it down; it grows by itself while ordinary code runs.
#
# You build them in this order. The rules first.
#
# ### What broadcasting copied, adds up (4 points)
#
# NumPy stretches arrays to fit each other, by putting axes in front and by stretching those of length 1:
# in `X + b`, with shapes $(N, M)$ and $(M,)$, each entry of $b$ is used $N$ times. A value that is copied
# receives the *sum* of the gradients of its copies. So the gradient, which arrives with the large shape,
# has to be summed until it has exactly the small one. Both ways of copying may occur at once, as from
# $(N, 1)$ to $(K, N, M)$.


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Only the two shapes matter. Align them at the right: which axes are new, and which were stretched?
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# From $(4, 2, 3)$ to $(2, 1)$: the 4 has no partner, it was put in front and goes; the 3 meets a 1, it was
# stretched and stays with length 1. So sum over axes 0 and 2, and the result has shape $(2, 1)$, not
# $(2,)$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# First sum over as many leading axes as `grad` has more than `shape`. Then over all axes in which `shape`
# has a 1, with `keepdims=True`. `sum` takes a tuple of axes, and an empty tuple sums nothing.
#
# </details>


# %% answer="02_unbroadcast" formula="withheld"
def unbroadcast(grad, shape):
    """Return the sum of `grad` over what broadcasting an array of shape `shape` has copied.

    grad: an array of a shape that `shape` broadcasts to; it is left unchanged. shape: a tuple.
    Returns an array of shape `shape` (for the shape (), a number will do).
    """
    ### BEGIN SOLUTION
    added = grad.ndim - len(shape)
    grad = grad.sum(axis=tuple(range(added)))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return grad.sum(axis=stretched, keepdims=True)
    ### END SOLUTION


# %% readonly="02_self-check-unbroadcast"
weights = np.random.default_rng(0).normal(size=(4, 2, 3))


def by_unbroadcast(dout, values):
    return (
        unbroadcast(dout * weights * values[1] * values[2], (3,)),
        unbroadcast(dout * weights * values[0] * values[2], (2, 1)),
        unbroadcast(dout * weights * values[0] * values[1], ()),
    )


by_unbroadcast.__name__ = "unbroadcast"
check_vjp(
    lambda row, column, number: weights * row * column * number,
    by_unbroadcast,
    np.array([1.0, -2.0, 0.5]),
    np.array([[3.0], [-1.0]]),
    1.5,
    names=("row", "column", "number"),
)

# %% readonly="02_self-check-unbroadcast-shapes"
checks = Checks()
grad = np.array([[[1.0, -2.0, 4.0], [3.0, 0.0, 1.0]], [[2.0, 2.0, -1.0], [0.0, 5.0, 3.0]]])
for shape, axes in (
    ((2, 3), 0),
    ((3,), (0, 1)),
    ((2, 1), (0, 2)),
    ((1, 2, 1), (0, 2)),
    ((), None),
    ((2, 2, 3), ()),
):
    with checks(f"from (2, 2, 3) to {shape}"):
        expect_close("unbroadcast", unbroadcast(grad, shape), grad.sum(axis=axes).reshape(shape))
print(checks)

# %% graded="02_unbroadcast-values" points=4
checks = Checks("5.2")
with checks("[[1, 2, 3], [4, 5, 6]]: to (3,) it is [5, 7, 9], to (2, 1) it is [[6], [15]]", points=1):
    grad = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    with expect_unchanged(grad=grad):
        front, stretched = unbroadcast(grad, (3,)), unbroadcast(grad, (2, 1))
    expect_close("unbroadcast(grad, (3,))", front, np.array([5.0, 7.0, 9.0]))
    expect_close("unbroadcast(grad, (2, 1))", stretched, np.array([[6.0], [15.0]]))
### BEGIN HIDDEN TESTS
from course_lib.reference import jacobians

with checks("axes put in front, for vectors and matrices", points=1) as rng:
    for large, small in (((4, 3), (3,)), ((5, 4, 3), (4, 3)), ((5, 4, 3), (3,))):
        grad = rng.normal(size=large)
        name, expected = f"unbroadcast from {large} to {small}", jacobians.unbroadcast(grad, small).copy()
        expect_close(name, unbroadcast(grad, small), expected)
with checks("axes stretched from length 1, alone and together with others", points=1) as rng:
    for large, small in (((4, 3), (4, 1)), ((4, 3), (1, 3)), ((5, 4, 3), (4, 1)), ((5, 4, 3), (1, 1, 3))):
        grad = rng.normal(size=large)
        name, expected = f"unbroadcast from {large} to {small}", jacobians.unbroadcast(grad, small).copy()
        expect_close(name, unbroadcast(grad, small), expected)
with checks("the same shape, the shape (), and N = 1", points=1) as rng:
    for large, small in (((4, 3), (4, 3)), ((4, 3), ()), ((3,), ()), ((1, 3), (3,)), ((1, 3), (1, 3))):
        grad = rng.normal(size=large[::-1]).T
        name, expected = f"unbroadcast from {large} to {small}", jacobians.unbroadcast(grad, small).copy()
        expect_close(name, unbroadcast(grad, small), expected)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ### The rules (16 points)
#
# A rule computes with plain arrays. It returns the value of its operation together with a function, the
# **pullback**, that takes the gradient of that value and returns a tuple with the gradient of each array
# the rule was given. What the pullback needs, it finds in the variables of the rule around it; there is no
# cache to hand over.
#
# An example that you do not have to write is the sine:


# %% setup="sin-rule" open=True
def sin_rule(x):
    """Return the sine of each entry of x, and the pullback."""
    return np.sin(x), lambda dout: (dout * np.cos(x),)


# %% [markdown]
# A rule is a forward and a backward pass in one, so the checker can look at it as it is. It compares the
# pullback with the slopes of *your* value, right or wrong; so the self-checks look at the value, too.


# %% setup="rule-checker"
def applied(rule, *inputs, **settings):
    """Return the value and the pullback that a rule returns; raise AssertionError if it returns others."""
    returned = rule(*inputs, **settings)
    if not (isinstance(returned, tuple | list) and len(returned) == 2 and callable(returned[1])):
        raise AssertionError(
            f"{rule.__name__} should return two things: the value, and the pullback, a function"
        )
    return tuple(returned)


def check_rule(check, rule, *inputs, **settings):
    """Compare what the pullback of `rule(*inputs, **settings)` returns with numerical gradients.

    `check` is `check_vjp`, which reports, or `assert_vjp`, which raises.
    """

    def forward(*arrays):
        return applied(rule, *arrays, **settings)

    def backward(dz, pullback):
        grads = pullback(dz)
        if isinstance(grads, np.ndarray | float):
            raise ContractError(Cause.WRONG_TYPE, "the pullback should return a tuple: (dx,), with a comma")
        return grads

    backward.__name__ = rule.__name__
    forward.rule = partial(rule, **settings)  # where a first wrong line is looked for
    return check(forward, backward, *inputs, names=("x", "y")[: len(inputs)])


def expect_rule(rule, inputs, value, grads, dz, rtol=1e-9, atol=1e-12, **settings):
    """Raise AssertionError unless `rule(*inputs, **settings)` has this value, and its pullback is right.

    `grads` is the tuple that the pullback should return for `dz`, up to `rtol` and `atol`. The checker says
    what is wrong, if it can.
    """
    with expect_unchanged(dz=dz, **dict(zip(("x", "y"), inputs, strict=False))):
        z, pullback = applied(rule, *inputs, **settings)
        expect_close("z", z, value, rtol=1e-12, atol=atol)
        elsewhere = partial(rule, *(1.25 * array for array in inputs), **settings)
        # where the rule is applied in between, which changes nothing for the first pullback
        _, *found = in_turn([elsewhere, partial(pullback, dz), partial(pullback, -1.5 * dz)])
        try:
            for factor, sent_back in zip((1, -1.5), found, strict=True):
                expected = tuple(factor * grad for grad in grads)
                expect_close("pullback(dz)", sent_back, expected, rtol=rtol, atol=atol)
        except AssertionError:
            check_rule(assert_vjp, rule, *inputs, **settings)
            raise


# %% readonly="sin-rule-check" title="What the checker says of the sine"
check_rule(check_vjp, sin_rule, np.array([[0.0, 1.0], [2.0, -3.0]]))

# %% [markdown]
# These are the rules that you need. What the pullback receives, $\mathrm{d}z$, has the shape of $z$; what
# it sends back has the shapes of $x$ and of $y$. What that *is*, you find out: move one entry of $x$ a
# little, and ask by how much which entries of $z$ move.
#
# | rule | value $z$ | shapes |
# |---|---|---|
# | `add_rule(x, y)` | $x + y$ | any two that broadcast |
# | `multiply_rule(x, y)` | $x \cdot y$, entry by entry | any two that broadcast |
# | `power_rule(x, exponent)` | $x^n$, entry by entry | $z$ like $x$ |
# | `exp_rule(x)` | $e^x$ | $z$ like $x$ |
# | `log_rule(x)` | $\log x$ | $z$ like $x$ |
# | `relu_rule(x)` | $\max(0, x)$ | $z$ like $x$ |
# | `matmul_rule(x, y)` | the matrix product | $(N, D)$ and $(D, M)$ make $(N, M)$ |
# | `sum_rule(x, ...)` | a sum of entries | $x$ without the axes that were summed, or with length 1 there |
#
# First the two that broadcast. What they send back has to be summed to the shape of $x$ and of $y$: you
# have just written that. (Where `unbroadcast` above has crosses, mend these first: the self-checks here run
# it too.) Neither may change what it receives, for others may hold the same array.

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# First forget broadcasting, and take two numbers. Which factor does each side send the gradient on with?
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# $z = xy$ at $x = 3$, $y = 5$: a step of 0.01 in $x$ moves $z$ by 0.05. So if $z$ receives 2, $x$ receives
# 10 and $y$ receives 6. For $z = x + y$ both receive 2. With $x$ of shape $(2, 3)$ and $y$ of shape
# $(3,)$, $y$ is used twice, and receives the sum of two rows.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# The sum hands $\mathrm{d}z$ on to both. The product hands on $\mathrm{d}z$ times *the other* factor:
# $\mathrm{d}z\,y$ and $\mathrm{d}z\,x$, which have the large shape. Then each is brought to the shape of
# its own array. The pullback returns a tuple of two.
#
# </details>


# %% answer="02_add_multiply" formula="withheld"
def add_rule(x, y):
    """Return (z, pullback) for z = x + y.

    x, y: float arrays of any shapes that broadcast, () included; they are left unchanged.
    pullback(dz), with dz of the shape of z, returns (dx, dy), of the shapes of x and y.
    """
    ### BEGIN SOLUTION
    return x + y, lambda dz: (unbroadcast(dz, x.shape), unbroadcast(dz, y.shape))
    ### END SOLUTION


def multiply_rule(x, y):
    """Return (z, pullback) for z = x * y, entry by entry.

    x, y: float arrays of any shapes that broadcast, () included; they are left unchanged.
    pullback(dz), with dz of the shape of z, returns (dx, dy), of the shapes of x and y.
    """
    ### BEGIN SOLUTION
    return x * y, lambda dz: (unbroadcast(dz * y, x.shape), unbroadcast(dz * x, y.shape))
    ### END SOLUTION


# %% readonly="02_self-check-either-side" title="What the self-checks are written with: values, broadcasting"
def expect_value(rule, inputs, value):
    """Return a check of the value: the gradients are compared with the slopes of yours, whatever that is."""
    checks = Checks()
    with checks(f"z of {' and '.join(str(x.tolist()) for x in inputs)}"):
        expect_close("z", applied(rule, *inputs)[0], value)
    return checks


def expect_either_side(rule, large, small):
    """Return checks of the shapes that the pullback sends back, whichever of the two was broadcast."""
    checks = Checks()
    for x, y in ((large, small), (small, large), (small, np.array(2.0)), (np.array(2.0), large)):
        with checks(f"x {x.shape} and y {y.shape}: dx and dy have these shapes"):
            z, pullback = applied(rule, x, y)
            dx, dy = pullback(np.ones(z.shape))
            expect_shape("dx", dx, x.shape)
            expect_shape("dy", dy, y.shape)
    return checks


# %% readonly="02_self-check-add"
x, y = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([1.0, -1.0, 0.0])
print(expect_value(add_rule, (np.array([3.0, -4.0]), np.array([2.0, 5.0])), np.array([5.0, 1.0])))
print(expect_either_side(add_rule, x, y))
check_rule(check_vjp, add_rule, x, y)

# %% readonly="02_self-check-multiply"
x, y = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([[2.0], [-1.0]])
print(expect_value(multiply_rule, (np.array([3.0, -4.0]), np.array([2.0, 5.0])), np.array([6.0, -20.0])))
print(expect_either_side(multiply_rule, x, y))
check_rule(check_vjp, multiply_rule, x, y)

# %% graded="02_add_multiply-values" points=5
checks = Checks("5.2")
with checks("[1, 2] + [3, 5] is [4, 7]; [2, -1] comes back as [2, -1] to both", points=1):
    z, pullback = applied(add_rule, np.array([1.0, 2.0]), np.array([3.0, 5.0]))
    expect_close("z", z, np.array([4.0, 7.0]))
    dx, dy = pullback(np.array([2.0, -1.0]))
    expect_close("dx", dx, np.array([2.0, -1.0]))
    expect_close("dy", dy, np.array([2.0, -1.0]))
with checks("[1, 2] * [3, 5] is [3, 10]; [2, -1] comes back as [6, -5] and [2, -2]", points=1):
    z, pullback = applied(multiply_rule, np.array([1.0, 2.0]), np.array([3.0, 5.0]))
    expect_close("z", z, np.array([3.0, 10.0]))
    dx, dy = pullback(np.array([2.0, -1.0]))
    expect_close("dx", dx, np.array([6.0, -5.0]))
    expect_close("dy", dy, np.array([2.0, -2.0]))
### BEGIN HIDDEN TESTS
from course_lib.reference import jacobians

with checks("sums that broadcast", points=1) as rng:
    for one, other in (((4, 3), (3,)), ((4, 1), (2, 1, 3)), ((), (2, 3)), ((1, 3), (1, 3))):
        x, y = rng.normal(size=one), rng.normal(size=other)
        z, dz = x + y, rng.normal(size=(x + y).shape)
        grads = jacobians.unbroadcast(dz, one), jacobians.unbroadcast(dz, other)
        expect_rule(add_rule, (x, y), z, grads, dz)
with checks("products that broadcast", points=1) as rng:
    for one, other in (((4, 3), (3,)), ((4, 1), (2, 1, 3)), ((), (2, 3)), ((1, 3), (1, 3))):
        x, y = rng.normal(size=one), rng.normal(size=other)
        z, dz = x * y, rng.normal(size=(x + y).shape)
        grads = jacobians.unbroadcast(dz * y, one), jacobians.unbroadcast(dz * x, other)
        expect_rule(multiply_rule, (x, y), z, grads, dz)
with checks("products, exactly, whatever the scales, and for views", points=1) as rng:
    whole = rng.normal(size=(6, 8))
    with expect_unchanged(whole=whole):
        for x, y in ((whole[::2, 1:4].T, whole[:3, ::3]), (1e9 * whole[:3, :3], 1e-9 * whole[3:, 5:])):
            dz = rng.normal(size=(3, 3))
            expected = dz * y, dz * x
            expect_close("pullback(dz)", multiply_rule(x, y)[1](dz), expected, rtol=1e-12, atol=0)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# Now the functions of one array. The exponent of `power_rule` is a plain number and receives no gradient; as
# in 5.1, the exponent 0 has slope 0 everywhere. ReLU has a kink at 0, where any slope between 0 and 1 is
# accepted; it is the sign of $x$ that decides, not that of what arrives.


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Four functions of school, entry by entry: their derivatives, times what arrives. A pullback may use `x`
# and `z`, whichever is handier.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# $z = x^3$ at $x = -2$: the slope is $3 \cdot (-2)^2 = 12$, so $-1$ comes back as $-12$. $z = e^x$ at
# $x = 0$: $z = 1$, and the slope is 1 too. ReLU at 2 lets everything through, at $-3$ nothing, whatever
# the sign of what arrives.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# $\mathrm{d}z\,n\,x^{n-1}$ for the power, and 0 for $n = 0$, where $0 \cdot x^{-1}$ would not be finite at
# $x = 0$; $\mathrm{d}z\,e^x$, where $e^x$ has been computed already; $\mathrm{d}z / x$; and $\mathrm{d}z$
# where $x > 0$, else 0. Each pullback returns a tuple of one: mind the comma.
#
# </details>


# %% answer="02_elementwise" formula="withheld"
def power_rule(x, exponent):
    """Return (z, pullback) for z = x ** exponent, entry by entry.

    x: a float array of any shape, left unchanged; exponent: a plain number.
    pullback(dz), with dz of the shape of z, returns (dx,).
    """
    ### BEGIN SOLUTION
    slope = exponent * x ** (exponent - 1) if exponent else np.zeros_like(x)
    return x**exponent, lambda dz: (dz * slope,)
    ### END SOLUTION


def exp_rule(x):
    """Return (z, pullback) for z = exp(x); x is a float array, and pullback(dz) returns (dx,)."""
    ### BEGIN SOLUTION
    z = np.exp(x)
    return z, lambda dz: (dz * z,)
    ### END SOLUTION


def log_rule(x):
    """Return (z, pullback) for z = log(x); x is a float array > 0, and pullback(dz) returns (dx,)."""
    ### BEGIN SOLUTION
    return np.log(x), lambda dz: (dz / x,)
    ### END SOLUTION


def relu_rule(x):
    """Return (z, pullback) for z = max(0, x); x is a float array, and pullback(dz) returns (dx,)."""
    ### BEGIN SOLUTION
    return np.maximum(x, 0), lambda dz: (dz * (x > 0),)
    ### END SOLUTION


# %% readonly="02_self-check-power"
checks = Checks()
with checks("exponents 0 and 1, at 0"):
    zero = np.array([0.0, -2.0])
    for exponent, value, slope in ((0, np.ones(2), np.zeros(2)), (1, zero, np.ones(2))):
        z, pullback = applied(power_rule, zero, exponent)
        expect_close(f"x ** {exponent}", z, value)
        expect_close("pullback(dz)", pullback(np.ones(2)), (slope,))
print(checks)
check_rule(check_vjp, power_rule, np.array([1.0, -2.0, 0.5]), exponent=3)

# %% readonly="02_self-check-exp"
print(expect_value(exp_rule, (np.array([0.0, 1.0]),), np.array([1.0, np.e])))
check_rule(check_vjp, exp_rule, np.array([1.0, -2.0, 0.5]))

# %% readonly="02_self-check-log"
print(expect_value(log_rule, (np.array([1.0, 2.0]),), np.array([0.0, np.log(2.0)])))
check_rule(check_vjp, log_rule, np.array([1.0, 2.0, 0.5]))

# %% readonly="02_self-check-relu"
print(expect_value(relu_rule, (np.array([3.0, -4.0]),), np.array([3.0, 0.0])))
check_rule(check_vjp, relu_rule, np.array([1.0, -2.0, 0.5, -0.1]))

# %% graded="02_elementwise-values" points=6
checks = Checks("5.2")
with checks("[1, -2] ** 3 is [1, -8]; [1, -1] comes back as [3, -12]", points=0.5):
    z, pullback = applied(power_rule, np.array([1.0, -2.0]), 3)
    expect_close("z", z, np.array([1.0, -8.0]))
    expect_close("pullback(dz)", pullback(np.array([1.0, -1.0])), (np.array([3.0, -12.0]),))
with checks("relu of [2, -3] is [2, 0]; [-5, 7] comes back as [-5, 0]", points=0.5):
    z, pullback = applied(relu_rule, np.array([2.0, -3.0]))
    expect_close("z", z, np.array([2.0, 0.0]))
    expect_close("pullback(dz)", pullback(np.array([-5.0, 7.0])), (np.array([-5.0, 0.0]),))
### BEGIN HIDDEN TESTS
exactly = {"rtol": 1e-12, "atol": 0}
with checks("other powers", points=1) as rng:
    x, dz = rng.uniform(0.5, 2.0, size=(2, 3)), rng.normal(size=(2, 3))
    for exponent in (2, -1, 2.5):
        slope = exponent * x ** (exponent - 1.0)
        expect_rule(power_rule, (x,), x**exponent, (dz * slope,), dz, **exactly, exponent=exponent)
    expect_rule(power_rule, (-1e9 * x,), 1e18 * x * x, (dz * -2e9 * x,), dz, **exactly, exponent=2)
with checks("powers at 0", points=0.5) as rng:
    x, dz = np.array([0.0, -1.5, 0.0]), rng.normal(size=3)
    for exponent in (0, 1, 2, 3):
        value, expected = x**exponent, (dz * exponent * x ** max(exponent - 1, 0),)
        z, pullback = power_rule(x.copy(), exponent)
        expect_close(f"x ** {exponent}", z, value)
        expect_close("pullback(dz)", pullback(dz.copy()), expected)
with checks("exp, at all scales", points=1) as rng:
    x, dz = rng.normal(size=(4, 1)), rng.normal(size=(4, 1))
    for scaled in (x, 40 * np.abs(x)):
        expect_rule(exp_rule, (scaled,), np.exp(scaled), (dz * np.exp(scaled),), dz, **exactly)
with checks("log, at all scales", points=1) as rng:
    x, dz = rng.uniform(0.5, 2.0, size=(3, 2)), rng.normal(size=(3, 2))
    for scaled in (x, 1e-9 * x):
        expect_rule(log_rule, (scaled,), np.log(scaled), (dz / scaled,), dz, **exactly)
with checks("relu, at all scales, and at the kink", points=1) as rng:
    x, dz = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    for scaled in (x, 1e-9 * x):
        expect_rule(relu_rule, (scaled,), np.maximum(scaled, 0), (dz * (x > 0),), dz, **exactly)
    (dx,) = relu_rule(np.array([1.0, 0.0, -1.0]))[1](np.array([2.0, 3.0, 5.0]))
    expect_close("dx", dx, np.array([2.0, np.clip(dx[1], 0.0, 3.0), 0.0]))
with checks("numbers as arrays of shape ()", points=0.5) as rng:
    x, dz = np.array(rng.uniform(0.5, 2.0)), np.array(-rng.uniform(0.5, 2.0))
    for rule, slope in ((exp_rule, np.exp(x)), (log_rule, 1 / x), (relu_rule, np.array(1.0))):
        expect_close("pullback(dz)", rule(x.copy())[1](dz.copy()), (dz * slope,))
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# The last two change shapes. For the matrix product, only one arrangement of $\mathrm{d}z$, $x$ and $y$
# fits. For the sum, each entry went into one entry of $z$, and moves it one to one. Mind the axis: without
# `keepdims`, the axis that was summed is missing from $\mathrm{d}z$ and has to be put back before
# $\mathrm{d}z$ can be copied along it. For the first axis NumPy's broadcasting puts it back by itself; for
# any other it complains, or, in a square matrix, quietly copies along the wrong one.


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# The product: the shapes. $\mathrm{d}x$ is $(N, D)$, made of $\mathrm{d}z$, $(N, M)$, and $y$, $(D, M)$.
# The sum: draw a $2 \times 3$ matrix, sum its rows, and send two numbers back. Where do they belong?
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# $(x_0, x_1) \cdot (y_0, y_1) = x_0 y_0 + x_1 y_1$: what arrives goes to $x_0$ times $y_0$. And
# $z = (x_{00} + x_{01}, \; x_{10} + x_{11})$ with $\mathrm{d}z = (5, 7)$: the first row of $x$ receives 5
# and 5, the second 7 and 7.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# $\mathrm{d}x = \mathrm{d}z\,y^\top$ and $\mathrm{d}y = x^\top \mathrm{d}z$. For the sum,
# `np.expand_dims` puts the axis back, where there is one to put back: `axis` is not None, and
# `keepdims` is False. Then $\mathrm{d}z$ broadcasts to the shape of $x$; times an array of ones, it is an
# array of its own.
#
# </details>


# %% answer="02_matmul_sum" formula="withheld"
def matmul_rule(x, y):
    """Return (z, pullback) for the matrix product z = x @ y.

    x: (N, D), y: (D, M), float arrays, left unchanged.
    pullback(dz), with dz of shape (N, M), returns (dx, dy), of shapes (N, D) and (D, M).
    """
    ### BEGIN SOLUTION
    return x @ y, lambda dz: (dz @ y.T, x.T @ dz)
    ### END SOLUTION


def sum_rule(x, axis=None, keepdims=False):
    """Return (z, pullback) for z = x.sum(axis=axis, keepdims=keepdims).

    x: a float array of any shape; axis: None (sum over everything) or an integer, which may be negative.
    pullback(dz), with dz of the shape of z, returns (dx,), an array of the shape of x.
    """

    ### BEGIN SOLUTION
    def pullback(dz):
        if axis is not None and not keepdims:
            dz = np.expand_dims(dz, axis)
        return (dz * np.ones_like(x),)

    return x.sum(axis=axis, keepdims=keepdims), pullback
    ### END SOLUTION


# %% readonly="02_self-check-matmul"
rng = np.random.default_rng(2)
print(expect_value(matmul_rule, (np.array([[1.0, 2.0]]), np.array([[5.0], [3.0]])), np.array([[11.0]])))
check_rule(check_vjp, matmul_rule, rng.normal(size=(2, 4)), rng.normal(size=(4, 3)))

# %% readonly="02_self-check-sum"
checks = Checks()
for settings in (
    {},
    {"axis": 0},
    {"axis": 1},
    {"axis": -1},
    {"axis": 0, "keepdims": True},
    {"axis": 1, "keepdims": True},
    {"keepdims": True},
):
    with checks(f"sum of a square matrix, {settings or 'over everything'}"):
        square = np.array([[1.0, 2.0], [4.0, 8.0]])
        z, pullback = applied(sum_rule, square, **settings)
        expect_close("z", z, np.sum(square, **settings))
        dz = 10.0 * np.sum(square, **settings)
        wide = (
            np.expand_dims(dz, settings["axis"]) if "axis" in settings and "keepdims" not in settings else dz
        )
        expect_close("pullback(dz)", pullback(dz), (np.broadcast_to(wide, (2, 2)),))
print(checks)
check_rule(check_vjp, sum_rule, np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), axis=1)

# %% graded="02_matmul_sum-matmul" points=2
checks = Checks("5.2")
with checks("[[1, 2]] @ [[3], [4]] is [[11]]; [[2]] comes back as [[6, 8]] and [[2], [4]]", points=0.5):
    z, pullback = applied(matmul_rule, np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]))
    expect_close("z", z, np.array([[11.0]]))
    dx, dy = pullback(np.array([[2.0]]))
    expect_close("dx", dx, np.array([[6.0, 8.0]]))
    expect_close("dy", dy, np.array([[2.0], [4.0]]))
### BEGIN HIDDEN TESTS
with checks("other sizes, and N = 1", points=1) as rng:
    for N in (4, 1):
        x, y, dz = rng.normal(size=(N, 3)), rng.normal(size=(3, 2)), rng.normal(size=(N, 2))
        grads = np.einsum("nm,dm->nd", dz, y), np.einsum("nd,nm->dm", x, dz)
        expect_rule(matmul_rule, (x, y), np.einsum("nd,dm->nm", x, y), grads, dz)
with checks("exactly, whatever the scales, and for views", points=0.5) as rng:
    whole = rng.normal(size=(6, 8))
    with expect_unchanged(whole=whole):
        x, y, dz = whole[::2, 1:5], whole[:2, ::2].T * 1e9, rng.normal(size=(3, 2))
        expected = (np.einsum("nm,dm->nd", dz, y), np.einsum("nd,nm->dm", x, dz))
        expect_close("pullback(dz)", matmul_rule(x, y)[1](dz), expected, rtol=1e-11, atol=0)
### END HIDDEN TESTS
checks.score()

# %% graded="02_matmul_sum-sum" points=3
checks = Checks("5.2")
with checks("the sum of [1, 2, 3] is 6; 5 comes back as [5, 5, 5]", points=0.5):
    z, pullback = applied(sum_rule, np.array([1.0, 2.0, 3.0]))
    expect_close("z", z, 6.0)
    expect_close("pullback(dz)", pullback(np.array(5.0)), (np.array([5.0, 5.0, 5.0]),))
### BEGIN HIDDEN TESTS
with checks("sums over everything, of other shapes", points=0.5) as rng:
    for shape in ((2, 3), (1,), (3, 1, 2)):
        x, dz = rng.normal(size=shape), np.array(rng.normal())
        expect_rule(sum_rule, (x,), np.sum(x), (np.full(shape, dz),), dz)
with checks("sums over one axis, which goes", points=1) as rng:
    for shape, axis in (((2, 3), 0), ((2, 3), 1), ((3, 3), 1), ((4, 2, 3), -2), ((1, 3), 0)):
        x = rng.normal(size=shape)
        z, dz = np.sum(x, axis), rng.normal(size=np.sum(x, axis).shape)
        dx = np.broadcast_to(np.expand_dims(dz, axis), shape)
        expect_rule(sum_rule, (x,), z, (dx,), dz, axis=axis)
with checks("sums over one axis, or all, which stay with length 1", points=1) as rng:
    for shape, axis in (((2, 3), 0), ((2, 3), 1), ((4, 2, 3), -1), ((2, 3), None)):
        x = rng.normal(size=shape)
        z = np.sum(x, axis, keepdims=True)
        dz = rng.normal(size=z.shape)
        expect_rule(sum_rule, (x,), z, (np.broadcast_to(dz, shape),), dz, axis=axis, keepdims=True)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ### The machine (20 points)
#
# The rest knows no calculus. A `Tensor` holds an array, `data`, and remembers its `inputs` (the tensors it
# was computed from) and its `pullback`. You write it in three parts: the recording, some operators, and the
# walk back.
#
# **Recording.** `record` applies a rule to the data of some tensors and puts the result into a new one,
# which remembers where it came from. What is no tensor (a number, an array) becomes one that nobody asks
# about.


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# The docstring says it in order: operands become tensors, the rule is called with their data, the value
# becomes a Tensor, which is then given three attributes.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# `record(add_rule, x, 1)`: the inputs are `x` and a new tensor that holds 1; the rule gets `x.data` and an
# array of 1; it returns their sum and a pullback; a new Tensor holds the sum, and remembers both.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# `operands` is a tuple and `settings` a dict: collect `as_tensor` of each operand, hand `rule` the `data`
# of each with a star, and the settings with two. `inputs` holds the *tensors*, not their data, or nobody
# could walk back.
#
# </details>


# %% answer="02_record" formula="withheld"
def record(rule, *operands, **settings):
    """Return a new Tensor: the value of a rule, which remembers what it was computed from.

    rule: a function of arrays that returns (value, pullback), as above;
    operands: tensors, numbers or arrays; the rule gets the data of each, in this order;
    settings: handed on to the rule as they are.
    The result's `inputs` are the operands as tensors (see `as_tensor`), a tuple, its `pullback` is the
    rule's, and its `op` is `operation_name(rule)`.
    """
    ### BEGIN SOLUTION
    inputs = tuple(as_tensor(operand) for operand in operands)
    value, pullback = rule(*(tensor.data for tensor in inputs), **settings)
    result = Tensor(value)
    result.inputs = inputs
    result.pullback = pullback
    result.op = operation_name(rule)
    return result
    ### END SOLUTION


# %% [markdown]
# **Operators.** In the class itself, most is there already. Subtraction and division need no rule of their
# own: make them from the operations you have. (If you do not see how to get $1/x$, look at the table of
# rules again.)


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Five operations from `+`, `*` and `**`. How would you write $a - b$ if the minus key were broken?
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# $5 - 3 = 5 + (-1) \cdot 3$, and $5 / 4 = 5 \cdot 4^{-1}$. In `__rsub__`, `self` is the 3.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# `-self` is a product with $-1$. A quotient is a product with a power, whose exponent is $-1$. `other` may
# be a number or an array, which knows nothing of `Tensor`: in `__sub__` and `__truediv__`, make it a
# tensor before you take minus or a power of it.
#
# </details>


# %% answer="02_Tensor" formula="withheld"
class Tensor:
    """A float array, `data`, that remembers how it was computed.

    `grad` is None until `backward` has reached the tensor; then it is an array of the shape of `data`.
    `inputs` is a tuple of tensors, empty for one that was not computed; `op` and `name` are for drawings.
    In the operations, `other` is a tensor, a number or an array.
    """

    __array_ufunc__ = None  # NumPy, do not try `array * tensor` by yourself: leave it to Tensor.__rmul__

    def __init__(self, data):
        self.data = np.array(data, dtype=float)
        self.grad = None
        self.inputs = ()
        self.pullback = None
        self.op = ""
        self.name = ""

    def __repr__(self):
        return f"Tensor({self.data})"

    def backward(self):
        """Add the gradient of this scalar to `grad` of all that it was computed from; see below."""
        backpropagate(self)

    # These are yours.

    def __neg__(self):
        """Return -self."""
        ### BEGIN SOLUTION
        return self * -1
        ### END SOLUTION

    def __sub__(self, other):
        """Return self - other."""
        ### BEGIN SOLUTION
        return self + -as_tensor(other)
        ### END SOLUTION

    def __rsub__(self, other):
        """Return other - self."""
        ### BEGIN SOLUTION
        return -self + other
        ### END SOLUTION

    def __truediv__(self, other):
        """Return self / other."""
        ### BEGIN SOLUTION
        return self * as_tensor(other) ** -1
        ### END SOLUTION

    def __rtruediv__(self, other):
        """Return other / self."""
        ### BEGIN SOLUTION
        return self**-1 * other
        ### END SOLUTION

    # These are written already.

    def __add__(self, other):
        return record(add_rule, self, other)

    def __radd__(self, other):
        return record(add_rule, other, self)

    def __mul__(self, other):
        return record(multiply_rule, self, other)

    def __rmul__(self, other):
        return record(multiply_rule, other, self)

    def __matmul__(self, other):
        return record(matmul_rule, self, other)

    def __rmatmul__(self, other):
        return record(matmul_rule, other, self)

    def __pow__(self, exponent):
        return record(power_rule, self, exponent=exponent)

    def sin(self):
        return record(sin_rule, self)

    def exp(self):
        return record(exp_rule, self)

    def log(self):
        return record(log_rule, self)

    def relu(self):
        return record(relu_rule, self)

    def sum(self, axis=None, keepdims=False):
        return record(sum_rule, self, axis=axis, keepdims=keepdims)

    def __lt__(self, other):
        return self.data < as_tensor(other).data

    def __le__(self, other):
        return self.data <= as_tensor(other).data

    def __gt__(self, other):
        return self.data > as_tensor(other).data

    def __ge__(self, other):
        return self.data >= as_tensor(other).data


# %% setup="tensor-helpers"
SYMBOLS = {"add": "+", "multiply": "×", "matmul": "@", "relu": "ReLU"}


def as_tensor(x):
    """Return x if it is a Tensor, otherwise a new Tensor that holds it."""
    return x if isinstance(x, Tensor) else Tensor(x)


def operation_name(rule):
    """Return what drawings call a rule, for instance "+" for `add_rule`."""
    name = rule.__name__.removesuffix("_rule")
    return SYMBOLS.get(name, name)


# %% readonly="exact-parts" title="What grading puts in place of your parts"
# With these, the checks look at one thing at a time, whatever your other parts do. You need not read it.
def notes_of(function, inputs, *others):
    """Return notes of what a function does with tensors; the checks replay them by rules of their own."""
    return take_notes(Tensor, function, inputs, *others)


def sharing_rule(x, y):
    """The sum, as a rule whose pullback hands one and the same array to both: it may."""
    return x + y, lambda dz: (dz, dz)


class ReadyMade(Tensor):
    """A scalar tensor whose gradients are known, computed from `tensors`, a dict; `grads` has its keys."""

    def __init__(self, value, tensors, grads):
        self.data, self.grad, self.op, self.name = np.array(value, dtype=float), None, "", ""
        self.inputs = tuple(tensors[name] for name in grads)
        self.pullback = lambda dz: tuple(dz * grad for grad in grads.values())

    def backward(self):
        for tensor, grad in zip(self.inputs, self.pullback(np.array(1.0)), strict=True):
            tensor.grad = grad if tensor.grad is None else tensor.grad + grad


ReadyMade.__name__ = "Tensor"  # as a message should call it

# %% readonly="02_self-check-record"
checks = Checks()
with checks("2 * x + 1 at x = [3, 4] is [7, 9]"):
    expect_close("(2 * x + 1).data", (2 * Tensor([3.0, 4.0]) + 1).data, np.array([7.0, 9.0]))
with checks("an array on the left: [5, 6] - x at x = [1, 2] is [4, 4]"):
    expect_close("([5, 6] - x).data", (np.array([5.0, 6.0]) - Tensor([1.0, 2.0])).data, np.array([4.0, 4.0]))
with checks("5 - x, 1 / x and -x at x = 4"):
    x = Tensor(4.0)
    expect_close("(5 - x).data", (5 - x).data, 1.0)
    expect_close("(1 / x).data", (1 / x).data, 0.25)
    expect_close("(-x).data", (-x).data, -4.0)
with checks("sin(x) remembers x itself, the tensor"):
    x = Tensor([3.0, 4.0])
    inputs = record(sin_rule, x).inputs
    assert [id(tensor) for tensor in inputs] == [id(x)], "`inputs` should hold the tensor x, and nothing else"
    assert record(sin_rule, x).grad is None, "`grad` should be None, for nobody has asked for it yet"
print(checks)


# %% setup="rules-for-checks"
def counted_rule(factors, calls):
    """Return a rule that adds up its operands, each times its factor, and notes each call of its pullback.

    The pullback appends what it receives to the list `calls`. It is a rule like yours, for scalars, and
    lets the checks below look at the machine alone, whatever your own rules do.
    """

    def rule(*values):
        def one_call(dz):
            calls.append(float(dz))
            if len(calls) > 1:
                raise AssertionError("the pullback of one tensor was called twice by one backward")
            return tuple(np.array(dz * factor) for factor in factors)

        return np.array(sum(f * v for f, v in zip(factors, values, strict=True))), one_call

    return rule


# %% setup="small-rules"
def doubling_rule(x):
    return 2 * x, lambda dz: (2 * dz,)


def tripling_rule(x):
    return 3 * x, lambda dz: (3 * dz,)


def sum_of_two_rule(x, y):
    return x + y, lambda dz: (dz + 0.0, dz + 0.0)


def product_rule(x, y):
    return x * y, lambda dz: (dz * y, dz * x)


def total_rule(x):
    return np.sum(x), lambda dz: (dz * np.ones_like(x),)


def deep(make, record, depth, start):
    """Return a tensor at the start of a chain of `depth` tensors, after `backward` from its end."""
    first = tensor = make(start)
    for _ in range(depth):
        tensor = record(sum_of_two_rule, tensor, 1.0)
    tensor.backward()
    return first


# %% graded="02_record-values" points=4
checks = Checks("5.2")
with checks("record computes: 2 x + 5 y at x = 3, y = 4 is 26", points=1):
    x, y = Tensor(3.0), Tensor(4.0)
    expect_close("record(rule, x, y).data", record(counted_rule((2.0, 5.0), []), x, y).data, 26.0)
with checks("numbers are welcome in place of tensors", points=1):
    expect_close("record(rule, x, 4).data", record(counted_rule((2.0, 5.0), []), Tensor(3.0), 4).data, 26.0)
    expect_close("record(rule, 3, y).data", record(counted_rule((2.0, 5.0), []), 3, Tensor(4.0)).data, 26.0)
### BEGIN HIDDEN TESTS
with checks("rules of one and of three operands, on arrays", points=1) as rng:
    for count in (1, 3):
        arrays = [rng.normal(size=(2, 3)) for _ in range(count)]

        def joined(*values):
            return np.concatenate(values, axis=1), None

        tensor = record(joined, *(Tensor(array.copy()) for array in arrays))
        expect_close("record(rule, ...).data", tensor.data, np.concatenate(arrays, axis=1))
with checks("settings reach the rule, and grad is None at first", points=1) as rng:
    x = rng.normal(size=(2, 3))

    def shifted(value, by, times=1.0):
        return times * (value + by), None

    tensor = record(shifted, Tensor(x.copy()), by=2.0, times=-3.0)
    expect_close("record(rule, x, by=2, times=-3).data", tensor.data, -3.0 * (x + 2.0))
    assert tensor.grad is None, "grad should be None before backward"
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# **Backward.** Called on the scalar at the end, say a loss, `backward` fills in `grad` for every tensor that
# the scalar was computed from. Look at this graph:

# %% readonly="figure-order"
viz.draw_graph(
    [
        ("x", "", ()),
        ("a", "×2", ("x",)),
        ("b", "×3", ("a",)),
        ("c", "+", ("a", "b")),
        ("f", "×", ("c", "a")),
    ],
    title="In which order?",
)

# %% [markdown]
# Here $a$ is used three times. Its pullback wants the *complete* gradient, so $a$ must wait until $f$, $c$
# and $b$ have all sent their shares. The rule is simple: **a tensor comes after everything that uses it**.
# Such an order is called topological. One way to find it is to go through the graph from the end, and to
# put a tensor on a list only when all its inputs are on it already; reverse the list, and there you are.
# Then walk through it, and call each pullback exactly once.
#
# Three warnings. After a loop of some thousand turns the graph is some thousand tensors *deep*, and a
# recursive function would meet Python's limit on the way; keep a list of what is still to be done instead.
# What a tensor has received so far belongs to *this* call of `backward`; its `grad` may still hold
# something from an earlier one. And a pullback may hand the same array to two tensors, as `add_rule` well
# may: add with `a = a + b`, which makes a new array, never with `a += b`, which would change the gradient
# of somebody else.
#
# For there is a second call, sooner or later, and one has to decide what it does. Ours **adds**: each call
# of `backward` computes its gradients afresh and adds them to `grad`. That is handy when a loss arrives in
# parts, and treacherous in a training loop. (PyTorch does the same.)
#
# **Predict, then run.** With `a = Tensor(3.0)` and `b = a * a`, what is `a.grad` after `b.backward()` has
# been called *twice*?

# %%
predicted_grad = None  # a number

# %% readonly="predict-twice"
compare_prediction(
    predicted_grad, 2 * (3.0 + 3.0), "Each call adds 3 from the one factor and 3 from the other."
)


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Two parts: an order, and a walk. For the walk you need a place for what each tensor has received in this
# call, such as a dict from tensors to arrays, and you start it with a single entry. A tensor can be the
# key of a dict.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# In the graph above, an order from the end is $f, c, b, a, x$. Starting with 1 at $f$, its pullback sends
# shares to $c$ and $a$; $c$ sends to $a$ and $b$; $b$ sends to $a$; now $a$ has all three, and sends their
# sum on to $x$. Had $a$ gone before $b$, $x$ would have received two of the three.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# For the order without recursion: a list of things to do, that starts with the scalar. Take the last thing
# off it. A tensor that you meet for the first time goes back on the list with the remark *inputs done*,
# followed by its inputs, so that these come first. When you take something off with that remark, append it
# to the order. For the walk: go through the order backwards; take what the tensor has received; add it to
# `grad`, or put it there if that is None; if it has inputs, call its pullback once and add each share to
# what that input has received.
#
# </details>


# %% answer="02_backpropagate" formula="withheld"
def backpropagate(scalar):
    """Add the gradient of `scalar`, a Tensor, to `grad` of every tensor it was computed from, and its own.

    Each call computes its gradients afresh; where `grad` is None, it is replaced, otherwise added to. Each
    tensor's pullback is called once, with the complete gradient; graphs may be some thousand tensors deep.
    Raises ValueError unless the shape of `scalar.data` is ().
    """
    ### BEGIN SOLUTION
    if scalar.data.shape != ():
        raise ValueError(f"backward starts from a scalar, and this tensor has shape {scalar.data.shape}")
    gradients = {scalar: np.ones(())}
    for tensor in reversed(topological_order(scalar)):
        gradient = gradients.pop(tensor)
        tensor.grad = gradient if tensor.grad is None else tensor.grad + gradient
        if tensor.inputs:
            for source, share in zip(tensor.inputs, tensor.pullback(gradient), strict=True):
                gradients[source] = gradients.get(source, 0.0) + share  # a new array: shares may be shared


def topological_order(last):
    """Return the tensors that `last` was computed from, and itself, each after all its inputs."""
    order, seen, to_do = [], set(), [(last, False)]
    while to_do:
        tensor, inputs_are_done = to_do.pop()
        if inputs_are_done:
            order.append(tensor)
        elif tensor not in seen:
            seen.add(tensor)
            to_do.append((tensor, True))
            to_do.extend((source, False) for source in tensor.inputs)
    return order
    ### END SOLUTION


# %% [markdown]
# The next cell draws a graph that *your* class has recorded, with your gradients. It is the example of
# 5.1: forward mode needed one pass for the 4 below $x_2$, and would need another for the 0 below $x_1$.


# %% readonly="figure-your-tensor"
@once_written
def draw_your_graph():
    """Draw the graph of x1 x2 + sin(x2), as recorded by Tensor."""
    x1, x2 = Tensor(3.0), Tensor(0.0)
    f = x1 * x2 + x2.sin()
    f.backward()
    x1.name, x2.name, f.name = "x1", "x2", "f"
    return viz.draw_graph(f, title="f = x1 x2 + sin(x2), as your Tensor has recorded it")


draw_your_graph()


# %% setup="tensor-checker"
def compare(check, make, formula, *inputs, names):
    """Compare the gradients of the scalar `formula`, found with tensors, with numerical ones.

    `make` is the class Tensor; `check` is `check_vjp`, which reports, or `assert_vjp`, which raises.
    """

    def backward(df, values):
        tensors = [make(value) for value in values]
        formula(*tensors).backward()
        return tuple(None if tensor.grad is None else df * tensor.grad for tensor in tensors)

    backward.__name__ = "Tensor"
    return check(formula, backward, *inputs, names=names)


# %% [markdown]
# The first self-check looks at `backpropagate`, with rules of its own. The second puts all your parts into
# one formula; where a part above has crosses, mend that first.


# %% readonly="02_self-check-backpropagate"
checks = Checks()
with checks("the diamond above: a, which is no leaf, is used three times, and x receives 2 (c + a + 3a)"):
    x = Tensor(1.5)
    a = record(doubling_rule, x)
    b = record(tripling_rule, a)
    f = record(product_rule, record(sum_of_two_rule, a, b), a)
    f.backward()
    expect_close("f.grad, its own,", f.grad, 1.0)
    expect_close("a.grad", a.grad, 24.0)
    expect_close("x.grad", x.grad, 48.0)
with checks("a second backward adds the same once more, in between as well"):
    x = Tensor(1.5)
    a = record(doubling_rule, x)
    f = record(product_rule, record(sum_of_two_rule, a, record(tripling_rule, a)), a)
    f.backward()
    f.backward()
    expect_close("a.grad", a.grad, 48.0)
    expect_close("x.grad", x.grad, 96.0)
with checks("each pullback is called once, with the complete gradient"):
    x, received = Tensor(1.5), []
    a = record(counted_rule((2.0,), received), x)
    record(product_rule, record(sum_of_two_rule, a, record(tripling_rule, a)), a).backward()
    expect_close("what the pullback of a has received", received, [24.0])
with checks("a graph that is five thousand tensors deep"):
    x = tensor = Tensor(1.0)
    for _ in range(5000):
        tensor = record(sum_of_two_rule, tensor, 1.0)
    tensor.backward()
    expect_close("x.grad", x.grad, 1.0)
with checks("a pullback that hands one array to two tensors"):
    x, y = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    shared = record(sharing_rule, x, y)
    record(total_rule, record(sharing_rule, shared, x)).backward()
    expect_close("x.grad", x.grad, np.array([2.0, 2.0]))
    expect_close("y.grad", y.grad, np.array([1.0, 1.0]))
for start in ([1.0, 2.0, 3.0], [[1.0]]):
    with checks(f"backward from {start}, which is no scalar: a ValueError"), expect_raises(ValueError):
        Tensor(start).backward()
print(checks)


# %% readonly="02_self-check-tensor" title="Self-check: all parts in one formula"
rng = np.random.default_rng(3)
compare(
    check_vjp,
    Tensor,
    lambda x, w, b: (log(1 + exp(x @ w - b)) / (2 - b)).sum() + (b * b).sum(),
    rng.normal(size=(4, 3)),
    rng.normal(size=(3, 2)),
    rng.normal(size=2),
    names=("x", "w", "b"),
)


# %% graded="02_backpropagate-gradients" points=9
checks = Checks("5.2")
with checks("2 x + 5 y: the gradients are 2 and 5", points=1):
    x, y = Tensor(3.0), Tensor(4.0)
    record(counted_rule((2.0, 5.0), []), x, y).backward()
    expect_close("x.grad", x.grad, 2.0)
    expect_close("y.grad", y.grad, 5.0)
with checks(
    "a diamond: a = 2 x and b = 3 a make f = (a + b) a; at x = 1.5, a receives 24 and x 48", points=1
):
    x = Tensor(1.5)
    a = record(doubling_rule, x)
    f = record(product_rule, record(sum_of_two_rule, a, record(tripling_rule, a)), a)
    f.backward()
    expect_close("a.grad", a.grad, 24.0)
    expect_close("x.grad", x.grad, 48.0)
# Functions may call each other fifty deep here. The cell above, without such a limit of its own, has
# five thousand tensors, deeper than any Jupyter allows.
with checks("a hundred tensors, one after the other, without recursion", points=0.5), nested_calls(50):
    x = deep(Tensor, record, 100, 1.0)
    expect_close("x.grad", x.grad, 1.0)
with checks("backward starts from a scalar: ValueError for the shapes (3,) and (1, 1)", points=0.5):
    scalar = Tensor(3.0)
    scalar.backward()
    expect_close("the gradient of a scalar by itself", scalar.grad, 1.0)
    for data in ([1.0, 2.0, 3.0], [[1.0]]):
        with expect_raises(ValueError):
            Tensor(data).backward()
with checks("rules, operators and machine: b = 0.5 * (a ** 2).sum() leaves a.grad equal to a", points=0.5):
    a = Tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -6.0]])
    b = 0.5 * (a**2).sum()
    b.backward()
    expect_close("a.grad", a.grad, np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -6.0]]))
### BEGIN HIDDEN TESTS
with checks("pullbacks that hand one array to two tensors, and twice backward", points=1) as rng:
    for first in (True, False):
        data = rng.normal(size=(3, 2, 2))
        x, y, z = (Tensor(array) for array in data)
        shared = record(sharing_rule, x, y)
        weights = rng.normal(size=(2, 2))
        weighted = record(lambda v, w=weights: (w * v, lambda dz: (w * dz,)), (x if first else y))
        both = record(sharing_rule, record(sharing_rule, shared, weighted), record(sharing_rule, z, shared))
        end = record(total_rule, both)
        ones = np.ones((2, 2))
        for times in (1, 2):
            end.backward()
            expected = (2 * ones + weights, 2 * ones) if first else (2 * ones, 2 * ones + weights)
            expect_close("x.grad", x.grad, times * expected[0])
            expect_close("y.grad", y.grad, times * expected[1])
            expect_close("z.grad", z.grad, times * ones)
            expect_close("shared.grad", shared.grad, 2 * times * ones)
with checks("one tensor used more than once: what comes back adds up", points=0.5) as rng:
    p, q, r = rng.normal(size=3).tolist()
    x = Tensor(1.5)
    record(counted_rule((p, q, r), []), x, x, x).backward()
    expect_close("x.grad for p x + q x + r x", x.grad, p + q + r, atol=1e-11)
    x, y = Tensor(1.5), Tensor(-0.5)
    z = record(counted_rule((p, q), []), x, y)
    record(counted_rule((r, p, q), []), x, z, y).backward()
    expect_close("x.grad", x.grad, r + p * p, atol=1e-11)
    expect_close("y.grad", y.grad, q + p * q, atol=1e-11)
with checks("every pullback is called once, with the complete gradient", points=1.5) as rng:
    for first, second in ((0, 1), (1, 0)):
        # each tensor is 0.5 times the one two before it plus 0.25 times the last, in either order
        factors, calls = (0.5, 0.25), [[] for _ in range(8)]
        x = Tensor(float(rng.normal()))
        chain = [x, x]
        for noted in calls:
            rule = counted_rule((factors[first], factors[second]), noted)
            chain.append(record(rule, chain[-2:][first], chain[-2:][second]))
        chain[-1].backward()
        expected = [0.0, 1.0]
        for _ in range(8):
            expected.append(0.5 * expected[-2] + 0.25 * expected[-1])
        received = [noted[0] if noted else None for noted in reversed(calls)]
        expect_close("the gradients that the pullbacks received", received, expected[1:9], rtol=1e-11)
        expect_close("x.grad", x.grad, expected[9] + 0.5 * expected[8], rtol=1e-11)
with checks("a second backward adds the same once more", points=1) as rng:
    p, q = rng.uniform(0.5, 2.0, size=2).tolist()
    x = Tensor(1.5)
    y = record(lambda v: (p * v, lambda dz: (p * dz,)), x)
    z = record(lambda v: (q * v, lambda dz: (q * dz,)), y)
    for times in (1, 2, 3):
        z.backward()
        expect_close(f"x.grad after backward number {times}", x.grad, times * p * q)
        expect_close(f"y.grad after backward number {times}", y.grad, times * q)
with checks("two results that share an input add up too", points=0.5) as rng:
    p, q = rng.uniform(0.5, 2.0, size=2).tolist()
    x = Tensor(1.5)
    record(counted_rule((p,), []), x).backward()
    record(counted_rule((q,), []), x).backward()
    expect_close("x.grad", x.grad, p + q)
with checks("arrays: gradients have the shape of their tensors, in between as well", points=0.5) as rng:
    data, weights = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    x = Tensor(data.copy())
    y = record(lambda v: (weights * v, lambda dz: (weights * dz,)), x)
    z = record(lambda v: (np.sum(v * v), lambda dz: (2 * dz * v,)), y)
    z.backward()
    expect_close("z.grad", z.grad, 1.0)
    expect_close("y.grad", y.grad, 2 * weights * data)
    expect_close("x.grad", x.grad, 2 * weights**2 * data)
with checks("what the result does not depend on keeps the grad None", points=0.5):
    x, y = Tensor(1.0), Tensor(2.0)
    z = record(counted_rule((3.0,), []), x)
    record(counted_rule((2.0, 1.0), []), z, y)
    z.backward()
    assert x.grad is not None, "x.grad should not be None, for z was computed from x"
    assert y.grad is None, "y.grad should be None, for z was not computed from y"
### END HIDDEN TESTS
checks.score()


# %% setup="exact-parts-checks"
def measured(measure, notes, inputs):
    """Return the number that notes compute from some arrays, and its gradient by each of them.

    `measure` is `numerical_gradient`, which finds the gradient of a function at an array.
    """

    def by(k):
        return lambda array: float(replay(notes, [*inputs[:k], array, *inputs[k + 1 :]]))

    arrays = [np.array(each, dtype=float) for each in inputs]
    value = replay(notes, arrays)
    assert np.shape(value) == (), f"the result should be a scalar, and has the shape {np.shape(value)}"
    return float(value), tuple(measure(by(k), array) for k, array in enumerate(arrays))


def with_tensors(make, function, inputs, *others):
    """Return the number that a function of tensors returns, and its gradients by the inputs."""
    if isinstance(inputs, dict):
        tensors = {name: make(array) for name, array in inputs.items()}
        result, made = function(tensors, *others), tensors.values()
    else:
        made = [make(array) for array in inputs]
        result = function(*made, *others)
    if not hasattr(result, "backward"):
        raise AssertionError(
            "the result was not computed from these tensors: `.data`, float() or a new Tensor cuts the graph"
        )
    result.backward()
    return float(result.data), tuple(tensor.grad for tensor in made)


# %% graded="02_Tensor-operators" points=7
checks = Checks("5.2")
with checks("x = 3, y = 2: x - y is 1, with gradients 1 and -1; -x is -3, with gradient -1", points=1):
    x, y = Tensor(3.0), Tensor(2.0)
    difference = x - y
    difference.backward()
    expect_close("(x - y).data", difference.data, 1.0)
    expect_close("x.grad", x.grad, 1.0)
    expect_close("y.grad", y.grad, -1.0)
    x = Tensor(3.0)
    negative = -x
    negative.backward()
    expect_close("(-x).data", negative.data, -3.0)
    expect_close("x.grad", x.grad, -1.0)
with checks("x / y is 1.5, with gradients 0.5 and -0.75", points=1):
    x, y = Tensor(3.0), Tensor(2.0)
    quotient = x / y
    quotient.backward()
    expect_close("(x / y).data", quotient.data, 1.5)
    expect_close("x.grad", x.grad, 0.5)
    expect_close("y.grad", y.grad, -0.75)
### BEGIN HIDDEN TESTS
from course_lib.reference import tensor as reference


def outcome(make, formula, arrays):
    """Return the value of the scalar `formula`, and its gradients, found with tensors that `make` makes."""
    tensors = [make(array) for array in arrays]
    result = formula(*tensors)
    result.backward()
    return float(result.data), *(tensor.grad for tensor in tensors)


with checks("c - x and c / x, where c is a number", points=1) as rng:
    c, value = rng.uniform(0.5, 2.0, size=2).tolist()
    x = Tensor(value)
    difference = c - x
    difference.backward()
    expect_close("(c - x).data", difference.data, c - value)
    expect_close("x.grad", x.grad, -1.0)
    x = Tensor(value)
    quotient = c / x
    quotient.backward()
    expect_close("(c / x).data", quotient.data, c / value)
    expect_close("x.grad", x.grad, -c / value**2)
with checks("arrays on either side, which broadcast", points=1) as rng:
    array, value = rng.uniform(0.5, 2.0, size=(4, 3)), rng.uniform(0.5, 2.0, size=3)
    for formula, slope in (
        (lambda x: (+array - x) * +array, -array),
        (lambda x: +array / x, -array / value**2),
        (lambda x: (x - +array) / +array, 1 / array),
    ):
        x = Tensor(+value)
        formula(x).sum().backward()
        expect_close("x.grad", x.grad, slope.sum(axis=0))
with checks("functions, sums and matrix products in one formula", points=1.5) as rng:
    arrays = rng.normal(size=(4, 3)), rng.normal(size=(3, 2)), rng.normal(size=(1, 2))
    factor = -float(rng.uniform(1.5, 2.0))  # so that what comes back is not 1 everywhere

    def formula(x, w, b):
        z = log(1 + exp(x @ w - b)) / (2 - sin(b))
        return (z.sum() + (x.sum(axis=1, keepdims=True) * x).sum()) * factor

    expected = outcome(reference.Tensor, formula, arrays)
    try:
        expect_close("(value, x.grad, w.grad, b.grad)", outcome(Tensor, formula, arrays), expected)
    except AssertionError:
        compare(assert_vjp, Tensor, formula, *arrays, names=("x", "w", "b"))
        raise
with checks("the same, exactly, and N = 1", points=1.5) as rng:

    def loss_of(x, w, b):
        h = (x @ w + b).relu()
        loss = ((h - 1) ** 2 / (exp(-h).sum(axis=1, keepdims=True) + 2)).sum() - (w * b).sum()
        return loss + (np.array([10.0, -10.0]) * h).sum()

    for N in (20, 1):
        arrays = rng.normal(size=(N, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)
        expected = outcome(reference.Tensor, loss_of, arrays)
        result = outcome(Tensor, loss_of, arrays)
        expect_close("(loss, x.grad, w.grad, b.grad)", result, expected, rtol=1e-11)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 5.3 Through loops and branches (10 points, ★★, 50 minutes)
#
# Your classes differentiate what *happened*, and how often a loop went round is part of that. Take a
# savings account. Every year the bank adds interest: `rate` times the balance, or twice that for a balance
# of at least `threshold`. You wait until the balance has reached `target`. What do you have then, and how
# does it depend on what you began with, and on the rate?
#
# From 800 at a rate of 0.1, with a threshold of 1000 and a target of 1500:
#
# $$800 \xrightarrow{\times 1.1} 880 \xrightarrow{\times 1.1} 968 \xrightarrow{\times 1.1} 1064.8
# \xrightarrow{\times 1.2} 1277.76 \xrightarrow{\times 1.2} 1533.312 .$$
#
# Write it as you would for plain numbers, with `+`, `*`, comparisons, `while` and `if`, and never convert
# anything to a float: then the same function also takes a `Dual` or a `Tensor`, for the balance, for the
# rate, or for both. (The self-checks use your classes. What is graded here is your function: grading puts
# exact tensors in, so that a slip in 5.1 or 5.2 is not counted again.)


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# A `while` around an `if`. No calculus in it at all.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# From 968 at 0.1: that is below 1000, so the interest is 96.8 and the balance 1064.8. Now it is at least
# 1000, the interest is $2 \cdot 106.48$, and the balance 1277.76.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# While the balance is less than the target: the interest is the rate times the balance, twice that if the
# balance is at least the threshold (which is to say: not less than it), and the new balance is the *sum*
# of both, as a new value. Return the balance itself, not a float of it.
#
# </details>


# %% answer="03_grow" formula="withheld"
def grow(balance, rate, threshold, target):
    """Return the first balance that is at least `target`.

    In each turn the balance grows by `rate` times itself, or by twice that if it is at least `threshold`. A
    balance that has reached the target already is returned as it is.
    balance, rate: plain numbers, Duals or scalar Tensors, greater than 0; threshold, target: plain numbers.
    """
    ### BEGIN SOLUTION
    while balance < target:
        interest = rate * balance
        if not balance < threshold:
            interest = 2 * interest
        balance = balance + interest
    return balance
    ### END SOLUTION


# %% readonly="03_self-check"
checks = Checks()
with checks("plain numbers"):
    expect_close("grow(800, 0.1, 1000, 1500)", grow(800, 0.1, 1000, 1500), 1533.312)
with checks("a Dual for the rate"):
    expect_dual("grow(800, rate, 1000, 1500)", grow(800, Dual(0.1, 1.0), 1000, 1500), 1533.312, 9292.8)
with checks("a Tensor for the rate"):
    rate = Tensor(0.1)
    grow(800, rate, 1000, 1500).backward()
    expect_close("rate.grad", rate.grad, 9292.8)
with checks("a threshold that is met exactly gives the bonus, and a target met exactly is reached"):
    expect_close("grow(4, 0.5, 6, 7)", grow(4, 0.5, 6, 7), 12.0)
    expect_close("grow(7, 0.5, 5, 7)", grow(7, 0.5, 5, 7), 7.0)
print(checks)

# %% [markdown]
# In the picture, the final balance as a function of the rate, and the derivative that your `Dual` finds.
# Where one year less is enough, the balance jumps. There the function has no derivative, and you get
# that of the branch that was taken. Everywhere else it is the true slope, though no formula for it was
# ever written down.


# %% readonly="figure-grow"
@once_written
def draw_growth():
    """Draw the final balance against the rate, and its derivative."""
    rates = np.linspace(0.05, 0.25, 400)
    duals = [grow(800.0, Dual(rate, 1.0), 1000.0, 1500.0) for rate in rates]
    figure, axes = viz.new_figure(1, 2, height=3.0)
    axes[0, 0].plot(rates, [dual.value for dual in duals], ".", markersize=3, color="#0072b2")
    axes[0, 0].set(xlabel="rate", title="Final balance", xticks=np.arange(0.05, 0.26, 0.05))
    axes[0, 1].plot(rates, [dual.derivative for dual in duals], ".", markersize=3, color="#d55e00")
    axes[0, 1].set(xlabel="rate", title="Its derivative by the rate", xticks=np.arange(0.05, 0.26, 0.05))
    alt = "Two panels over the rate: a balance that rises in pieces with jumps down, and its derivative."
    return viz.Picture(figure, alt)


draw_growth()


# %% setup="growth-formula"
def turns(start, factor, goal):
    """Return the smallest k >= 0 for which start * factor**k is at least goal."""
    k = 0
    while start * factor**k < goal:
        k += 1
    return k


def growth(balance, rate, threshold, target):
    """Return the final balance and its derivatives by balance and rate, from the formula for these turns."""
    below = turns(balance, 1 + rate, min(threshold, target))
    above = turns(balance * (1 + rate) ** below, 1 + 2 * rate, target)
    factor = (1 + rate) ** below * (1 + 2 * rate) ** above
    slope = below / (1 + rate) + 2 * above / (1 + 2 * rate)
    return balance * factor, factor, balance * factor * slope


# %% graded="03_grow-numbers" points=1.5
checks = Checks("5.3")
with checks("from 800 at 0.1, threshold 1000, target 1500: 1533.312", points=0.5):
    expect_close("grow", grow(800.0, 0.1, 1000.0, 1500.0), 1533.312)
### BEGIN HIDDEN TESTS
with checks("other accounts", points=0.5) as rng:
    for threshold, target in ((150.0, 400.0), (1e9, 300.0), (0.0, 300.0)):
        balance, rate = float(rng.uniform(50.0, 140.0)), float(rng.uniform(0.05, 0.3))
        expected = growth(balance, rate, threshold, target)[0]
        expect_close("grow", grow(balance, rate, threshold, target), expected)
with checks("a target that is reached already, and thresholds met exactly", points=0.5):
    expect_close("grow(7, 0.5, 5, 7)", grow(7.0, 0.5, 5.0, 7.0), 7.0)
    expect_close("grow(4, 0.5, 6, 7)", grow(4, 0.5, 6, 7), 12.0)
### END HIDDEN TESTS
checks.score()

# %% graded="03_grow-gradients" points=2.5
checks = Checks("5.3")
with checks("the derivatives by the balance and the rate are 1.91664 and 9292.8, with tensors", points=1):
    final, slopes = measured(numerical_gradient, notes_of(grow, (800.0, 0.1), 1000.0, 1500.0), (800.0, 0.1))
    expect_close("grow(...).data", final, 1533.312)
    expect_close("the derivatives", slopes, (1.91664, 9292.8), rtol=1e-6)


### BEGIN HIDDEN TESTS
from course_lib.reference.tensor import Tensor as Exact


def exactly(balance, rate, threshold, target):
    notes = notes_of(grow, (balance, rate), threshold, target)
    return with_tensors(Exact, lambda *tensors: replay(notes, tensors), (balance, rate))


with checks("both derivatives at once, for loops of different lengths", points=1) as rng:
    for target in (120.0, 300.0, 900.0):
        balance, rate = float(rng.uniform(50.0, 100.0)), float(rng.uniform(0.05, 0.3))
        final, dbalance, drate = growth(balance, rate, 150.0, target)
        value, slopes = exactly(balance, rate, 150.0, target)
        expect_close("grow(...).data", value, final)
        expect_close("the derivatives", slopes, (dbalance, drate))
with checks("a loop of about three hundred turns", points=0.5) as rng:
    rate = float(rng.uniform(6.5e-3, 7e-3))
    _, dbalance, drate = growth(1.0, rate, 5.0, 10.0)
    expect_close("the derivatives", exactly(1.0, rate, 5.0, 10.0)[1], (dbalance, drate))
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# What did `Tensor` do there? Do it once by hand and you know. The graph of this run is a chain with one
# link for each turn, $b_{k+1} = (1 + c_k r)\, b_k$, where $c_k$ is 1 or 2. So: run the loop and keep a
# list of what each turn saw; then walk the list backwards, with the gradient $\mathrm{d}b$ of the balance
# in hand. In each turn two values receive something: the rate, whose shares from all turns *add*, for there
# is one rate; and the balance before the turn.


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# One turn is one multiplication, $b_{k+1} = (1 + c_k r)\, b_k$. By which of its two ingredients can you
# differentiate it, and what must be known of the turn to do so?
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# One turn from 1277.76 at rate 0.1, with $c = 2$: the end is $1.2 \cdot 1277.76$. So with
# $\mathrm{d}b = 1$ at the end, the balance before receives 1.2, and the rate $2 \cdot 1277.76 = 2555.52$.
# The turn before, from 1064.8, starts with $\mathrm{d}b = 1.2$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# Keep the balance *before* each turn. Backwards, in each turn, first the rate's share,
# $c_k b_k \, \mathrm{d}b_{k+1}$, added to what it has, then
# $\mathrm{d}b_k = (1 + c_k r)\, \mathrm{d}b_{k+1}$ in place of $\mathrm{d}b_{k+1}$. In this order, for the
# share needs the old one. Without any turn, the derivatives are 1 and 0.
#
# </details>


# %% answer="03_grow_by_hand" formula="withheld"
def grow_by_hand(balance, rate, threshold, target):
    """Return what `grow` returns, and its derivatives by the balance and by the rate.

    balance, rate, threshold, target: plain numbers, as for `grow`.
    Returns (final, dbalance, drate), three numbers. No Dual, no Tensor: a list, and a walk back.
    """
    ### BEGIN SOLUTION
    seen = []
    while balance < target:
        seen.append(balance)
        balance = balance + (1 if balance < threshold else 2) * rate * balance

    dbalance, drate = 1.0, 0.0
    for before in reversed(seen):
        times = 1 if before < threshold else 2
        drate += times * before * dbalance
        dbalance *= 1 + times * rate
    return balance, dbalance, drate
    ### END SOLUTION


# %% readonly="03_self-check-by-hand"
def by_hand(values):
    slopes = grow_by_hand(*values.values(), 1000.0, 1500.0)[1:]
    return dict(zip(values, slopes, strict=True))


# where a first wrong line is looked for
by_hand.__wrapped__ = partial(grow_by_hand, threshold=1000.0, target=1500.0)
checks = Checks()
with checks("no turn at all: from 3 with a target of 2"):
    expect_close("grow_by_hand(3, 0.5, 5, 2)", grow_by_hand(3.0, 0.5, 5.0, 2.0), (3.0, 1.0, 0.0))
print(checks)


def final_balance(values):
    return growth(*values.values(), 1000.0, 1500.0)[0]


final_balance.__name__ = "grow_by_hand"
check_parameters(final_balance, {"balance": 800.0, "rate": 0.1}, by_hand)

# %% graded="03_grow_by_hand-values" points=1.5
checks = Checks("5.3")
with checks("from 800 at 0.1: 1533.312, and 1.91664 by the balance", points=0.75):
    final, dbalance, _ = grow_by_hand(800.0, 0.1, 1000.0, 1500.0)
    expect_close("final", final, 1533.312)
    expect_close("dbalance", dbalance, 1.91664)
with checks("9292.8 by the rate", points=0.75):
    expect_close("drate", grow_by_hand(800.0, 0.1, 1000.0, 1500.0)[2], 9292.8)
checks.score()

# %% graded="03_grow_by_hand-elsewhere" points=2
# Here you see one check. At grading, four more look at other accounts, thresholds and targets, at integers,
# and at amounts of all sizes.
checks = Checks("5.3")
with checks("no turn at all: from 7 with a target of 7, the result is (7, 1, 0)", points=0.25):
    expect_close("grow_by_hand(7, 0.5, 5, 7)", grow_by_hand(7.0, 0.5, 5.0, 7.0), (7.0, 1.0, 0.0))
### BEGIN HIDDEN TESTS
with checks("the final balance and its derivative by the balance, for other accounts", points=0.5) as rng:
    for target in (120.0, 300.0, 900.0):
        balance, rate = float(rng.uniform(50.0, 100.0)), float(rng.uniform(0.05, 0.3))
        result = grow_by_hand(balance, rate, 150.0, target)
        expect_close("(final, dbalance)", result[:2], growth(balance, rate, 150.0, target)[:2], rtol=1e-11)
with checks("the derivative by the rate, for other accounts", points=0.5) as rng:
    for target in (120.0, 300.0, 900.0):
        balance, rate = float(rng.uniform(50.0, 100.0)), float(rng.uniform(0.05, 0.3))
        drate = grow_by_hand(balance, rate, 150.0, target)[2]
        expect_close("drate", drate, growth(balance, rate, 150.0, target)[2], rtol=1e-11)
with checks("no turn at all, and integers that meet the threshold exactly", points=0.25):
    expect_close("grow_by_hand(7, 0.5, 5, 7)", grow_by_hand(7.0, 0.5, 5.0, 7.0), (7.0, 1.0, 0.0))
    expect_close("grow_by_hand(4, 1, 8, 20)", grow_by_hand(4, 1, 8, 20), (24.0, 6.0, 28.0))
with checks("exactly, whatever the scale", points=0.5) as rng:
    for scale in (1e-8, 1e8):
        balance, rate = scale * float(rng.uniform(50.0, 100.0)), float(rng.uniform(0.05, 0.3))
        result = grow_by_hand(balance, rate, 150.0 * scale, 300.0 * scale)
        expected = growth(balance, rate, 150.0 * scale, 300.0 * scale)
        expect_close("(final, dbalance, drate)", result, expected, rtol=1e-11, atol=0)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ### A graph that is new each time
#
# The best-known loop in deep learning is the **recurrent cell**. It reads a sequence, one $x_t$ after the
# other, and keeps what it has read in a hidden state $h$:
#
# $$h_t = \tanh(x_t W_x + h_{t-1} W_h) .$$
#
# The same two matrices serve every step, so each of them is used as often as the sequence is long. A
# framework that wants the graph in advance has to be told how long that is. Yours does not: a graph grows
# while the code runs, a new one for each sequence. The picture shows three steps.

# %% readonly="figure-unrolled"
viz.draw_graph(
    [
        ("h0", "", ()),
        ("Wx, Wh", "", ()),
        *((f"x{t}", "", ()) for t in (1, 2, 3)),
        *((f"h{t}", "cell", (f"h{t - 1}", f"x{t}", "Wx, Wh")) for t in (1, 2, 3)),
    ],
    title="One cell, three steps: one pair of matrices, used three times",
)

# %% [markdown]
# There is no rule for tanh among yours, and `np.tanh` takes no Tensor. You need not write a rule: say it
# with what you have. Besides, `backward` starts from a scalar, and $h_t$ is an array. PyTorch asks for the
# upstream gradient then, as in `next_h.backward(torch.ones(1, 20))`. What scalar has exactly this array as
# its gradient with respect to $h_t$? Write both: one step of the cell, and that scalar.

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# $\tanh a = \dfrac{e^a - e^{-a}}{e^a + e^{-a}}$. And a loss $L$ sends $\partial L / \partial h$ to $h$:
# which $L$ is so simple that this is an array of your choice?
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# With $h = (h_0, h_1)$, the scalar $5 h_0 - 2 h_1$ sends 5 and $-2$. With ones it is the plain sum. And
# $\tanh a = 1 - 2 / (e^{2a} + 1)$ is shorter to write than the fraction above. (Either will do here. Only for
# $a$ beyond 700 would the fraction be infinite over infinite.)
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# The cell: two matrix products, added, then double that, exp, plus one, and so on, as in hint 2. The
# scalar: the upstream gradient times the tensor, entry by entry, summed over everything.
#
# </details>


# %% answer="03_rnn_cell" formula="withheld"
def rnn_cell(x, h, Wx, Wh):
    """Return the next hidden state, tanh(x Wx + h Wh), a Tensor of shape (N, H).

    x: (N, D); h: (N, H); Wx: (D, H); Wh: (H, H): tensors, or arrays as constants, but Wx or Wh is a Tensor.
    """
    ### BEGIN SOLUTION
    a = x @ Wx + h @ Wh
    return 1 - 2 / ((2 * a).exp() + 1)
    ### END SOLUTION


def seeded(tensor, dout):
    """Return a scalar Tensor whose `backward()` does what `tensor.backward(dout)` does in PyTorch.

    tensor: a Tensor; dout: an array of its shape, the upstream gradient to start from.
    """
    ### BEGIN SOLUTION
    return (tensor * dout).sum()
    ### END SOLUTION


# %% setup="sequences"
def over_sequence(cell, seed, xs, dout):
    """Return a function of (h, Wx, Wh): the scalar to start from, after the cell has read all of xs."""

    def last(h, Wx, Wh):
        for x in xs:
            h = cell(x, h, Wx, Wh)
        return seed(h, dout)

    return last


def weighted_state(h, Wx, Wh, xs, dout):
    """Return what `over_sequence` computes, with plain arrays, for the checker to differentiate."""
    for x in xs:
        h = np.tanh(x @ Wx + h @ Wh)
    return np.sum(dout * h)


def one_sequence(rng, steps, N=2, D=3, H=4):
    """Return (h, Wx, Wh), the inputs xs of all steps, and an upstream gradient."""
    start = rng.normal(size=(N, H)), 0.5 * rng.normal(size=(D, H)), 0.5 * rng.normal(size=(H, H))
    return start, list(rng.normal(size=(steps, N, D))), rng.normal(size=(N, H))


# %% readonly="03_self-check-rnn"
def by_your_tensors(dloss, arrays, xs, dout):
    tensors = [Tensor(array) for array in arrays]
    (over_sequence(rnn_cell, seeded, xs, dout)(*tensors) * dloss).backward()
    return tuple(tensor.grad for tensor in tensors)


rnn_start, rnn_xs, rnn_dout = one_sequence(np.random.default_rng(5), steps=3)
by_rnn_cell = partial(by_your_tensors, xs=rnn_xs, dout=rnn_dout)
by_rnn_cell.__name__ = "rnn_cell"
check_vjp(
    lambda h, Wx, Wh: weighted_state(h, Wx, Wh, rnn_xs, rnn_dout),
    by_rnn_cell,
    *rnn_start,
    names=("h", "Wx", "Wh"),
)

# %% readonly="03_self-check-rnn-values"
checks = Checks()
with checks("one step from h = 0 with x = 1, Wx = 0.5: tanh(0.5) = 0.4621"):
    state = rnn_cell(np.array([[1.0]]), np.array([[0.0]]), Tensor([[0.5]]), Tensor([[2.0]]))
    expect_close("rnn_cell(...).data", state.data, np.array([[0.4621]]), atol=5e-5)
with checks("larger sums: tanh(20) is 1, and tanh(-20) is -1, to sixteen digits"):
    state = rnn_cell(np.array([[1.0]]), np.array([[0.0, 0.0]]), Tensor([[20.0, -20.0]]), Tensor(np.eye(2)))
    expect_close("rnn_cell(...).data", state.data, np.array([[1.0, -1.0]]))
with checks("seeded: h receives what backward starts from, [[1, -2, 4], [0.5, 3, -1]]"):
    h, upstream = Tensor([[3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]), np.array([[1.0, -2.0, 4.0], [0.5, 3.0, -1.0]])
    seeded(h, upstream).backward()
    expect_close("h.grad", h.grad, upstream)
print(checks)

# %% graded="03_rnn_cell-steps" points=2.5
checks = Checks("5.3")
with checks("one step from h = 0, x = 1, Wx = 0.5, backward(ones): 0.4621, and 0.7864 by Wx", points=1):
    start = np.array([[0.0]]), np.array([[0.5]]), np.array([[2.0]])
    one_step = over_sequence(rnn_cell, seeded, [np.array([[1.0]])], np.ones((1, 1)))
    try:
        value, (_, slope, _) = measured(numerical_gradient, notes_of(one_step, start), start)
    except ForeignRule:
        value, (_, slope, _) = with_tensors(Tensor, one_step, start)
    expect_close("the next state", value, 0.4621, atol=5e-5)
    expect_close("its derivative by Wx", slope, np.array([[0.7864]]), atol=5e-5)
### BEGIN HIDDEN TESTS
from course_lib.reference.tensor import Tensor as Exact


def exactly(function, start):
    try:
        notes = notes_of(function, start)
        return with_tensors(Exact, lambda *tensors: replay(notes, tensors), start)
    except ForeignRule:
        return with_tensors(Tensor, function, start)


with checks("the states of other sequences, short and long", points=0.5) as rng:
    for steps in (1, 4):
        start, xs, dout = one_sequence(rng, steps)
        expected = weighted_state(*start, xs, dout)
        value, _ = exactly(over_sequence(rnn_cell, seeded, xs, dout), start)
        expect_close("the sum of dout * h", value, expected)
with checks("the gradients through time, of sequences of 1, 3 and 6 steps", points=1) as rng:
    for steps in (1, 3, 6):
        start, xs, dout = one_sequence(rng, steps)
        h, Wx, Wh = start
        states = [h]
        for x in xs:
            states.append(np.tanh(x @ Wx + states[-1] @ Wh))
        dh, dWx, dWh = dout, np.zeros_like(Wx), np.zeros_like(Wh)
        for x, before, after in zip(xs[::-1], states[-2::-1], states[:0:-1], strict=True):
            da = dh * (1 - after**2)
            dWx, dWh, dh = dWx + x.T @ da, dWh + before.T @ da, da @ Wh.T
        _, slopes = exactly(over_sequence(rnn_cell, seeded, xs, dout), start)
        expect_close("the gradients of (h, Wx, Wh)", slopes, (dh, dWx, dWh))
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 5.4 What it costs (10 points, ★★, 30 minutes)
#
# Both modes give the same numbers; they differ in what you pay. Let $f$ take $n$ numbers to $m$ numbers,
# and let $J$ be its Jacobian, $m \times n$, one row for each output.
#
# * One **forward** pass with derivatives $v$ at the inputs gives $Jv$ at the outputs. Start input $j$ with
#   1 and the others with 0, and you get *column* $j$. The whole Jacobian takes $n$ passes.
# * One **reverse** pass with the gradients $u$ at the outputs gives $u^\top J$ at the inputs. Start output
#   $i$ with 1 and the others with 0, and you get *row* $i$. The whole Jacobian takes $m$ passes.
#
# Put $J$ together in both ways. What a pass is made of does not matter here, so you get it as a function,
# and the graded cells count how often you call it.


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# `np.eye(n)` holds all the starts you need.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# For $J = \begin{pmatrix} 1 & 2 \\ 4 & 5 \end{pmatrix}$: the pass with $v = (1, 0)$ gives $(1, 4)$, the
# first column.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# One pass for each row of the unit matrix. What comes back is a column, so stack the results along axis 1.
#
# </details>


# %% answer="04_jacobian_by_columns" formula="given"
def jacobian_by_columns(forward_pass, n):
    """Return the Jacobian (m, n) of a function of n numbers, by exactly n forward passes.

    forward_pass: a function of a float array v of shape (n,) that returns the array J v, of shape (m,).
    """
    ### BEGIN SOLUTION
    return np.stack([forward_pass(v) for v in np.eye(n)], axis=1)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# The same from the other end. Which size is known here, and which comes back?
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# For $J = \begin{pmatrix} 1 & 2 \\ 4 & 5 \end{pmatrix}$: the pass with $u = (1, 0)$ gives $(1, 2)$, the
# first row.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# One pass for each row of the unit matrix of size $m$; the results are rows, below each other.
#
# </details>


# %% answer="04_jacobian_by_rows" formula="given"
def jacobian_by_rows(reverse_pass, m):
    """Return the Jacobian (m, n) of a function with m results, by exactly m reverse passes.

    reverse_pass: a function of a float array u of shape (m,) that returns the array u J, of shape (n,).
    """
    ### BEGIN SOLUTION
    return np.stack([reverse_pass(u) for u in np.eye(m)])
    ### END SOLUTION


# %% setup="counting-passes"
def counting(one_pass):
    """Return a function that does what `one_pass` does, and the list in which it notes each call."""
    calls = []

    def counted(v):
        calls.append(v)
        return one_pass(v)

    return counted, calls


def expect_passes(calls, wanted):
    """Raise AssertionError unless there are as many calls as wanted."""
    assert len(calls) == wanted, f"this takes {wanted} passes; yours makes {len(calls)}"


# %% readonly="04_self-check"
jacobian = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
checks = Checks()
with checks("by columns: 3 passes"):
    counted, calls = counting(lambda v: jacobian @ v)
    expect_close("jacobian_by_columns", jacobian_by_columns(counted, 3), jacobian)
    expect_passes(calls, 3)
with checks("by rows: 2 passes"):
    counted, calls = counting(lambda u: u @ jacobian)
    expect_close("jacobian_by_rows", jacobian_by_rows(counted, 2), jacobian)
    expect_passes(calls, 2)
print(checks)


# %% graded="04_jacobian_by_columns-passes" points=3
checks = Checks("5.4")
with checks("[[1, 2, 3], [4, 5, 6]], column by column", points=1):
    jacobian = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    expect_close("jacobian_by_columns", jacobian_by_columns(lambda v: jacobian @ v, 3), jacobian)
### BEGIN HIDDEN TESTS
with checks("other sizes and scales, n = 1 and m = 1", points=1) as rng:
    for m, n in ((4, 3), (3, 1), (1, 5)):
        matrix = rng.normal(size=(m, n)) * 10.0 ** rng.integers(-9, 9, size=n)
        columns = jacobian_by_columns(lambda v, matrix=matrix: matrix @ v, n)
        for j in range(n):
            expect_close(f"column {j}", columns[:, j], matrix[:, j], rtol=1e-12, atol=0)
        expect_close("jacobian_by_columns", columns, matrix)
with checks("n passes, no more", points=1) as rng:
    for m, n in ((2, 5), (5, 2)):
        matrix = rng.normal(size=(m, n))
        counted, calls = counting(lambda v, matrix=matrix: matrix @ v)
        expect_close("jacobian_by_columns", jacobian_by_columns(counted, n), matrix)
        expect_passes(calls, n)
### END HIDDEN TESTS
checks.score()

# %% graded="04_jacobian_by_rows-passes" points=3
checks = Checks("5.4")
with checks("[[1, 2, 3], [4, 5, 6]], row by row", points=1):
    jacobian = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    expect_close("jacobian_by_rows", jacobian_by_rows(lambda u: u @ jacobian, 2), jacobian)
### BEGIN HIDDEN TESTS
with checks("other sizes and scales, m = 1 and n = 1", points=1) as rng:
    for m, n in ((4, 3), (3, 1), (1, 5)):
        matrix = rng.normal(size=(m, n)) * 10.0 ** rng.integers(-9, 9, size=(m, 1))
        rows = jacobian_by_rows(lambda u, matrix=matrix: u @ matrix, m)
        for i in range(m):
            expect_close(f"row {i}", rows[i], matrix[i], rtol=1e-12, atol=0)
        expect_close("jacobian_by_rows", rows, matrix)
with checks("m passes, no more", points=1) as rng:
    for m, n in ((2, 5), (5, 2)):
        matrix = rng.normal(size=(m, n))
        counted, calls = counting(lambda u, matrix=matrix: u @ matrix)
        expect_close("jacobian_by_rows", jacobian_by_rows(counted, m), matrix)
        expect_passes(calls, m)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# Now count something finer than passes. The product of $n$ numbers,
#
# $$f(x_1, \dots, x_n) = x_1 x_2 \cdots x_n,$$
#
# is computed from left to right, in $n - 1$ steps $p \leftarrow p\, x_k$. How many **multiplications of two
# plain numbers** does it take to compute
#
# 1. the value alone, with floats;
# 2. the whole gradient in forward mode: with one pass for each input, in which each step multiplies two
#    *dual* numbers, $(pq,\; p'q + pq')$, for the value as well as the derivative, zeros and ones included;
# 3. the whole gradient in reverse mode: one pass forward with plain values, and one back, in which each
#    step sends $\mathrm{d}z\,q$ to the one factor and $\mathrm{d}z\,p$ to the other?
#
# Additions are free. Start with $n = 2$, count on your fingers, then find the formulas.
#
# **Predict, then run.** For $n = 100$ numbers, how many times as many multiplications does forward mode
# take as reverse mode?

# %%
predicted_times = None  # a number

# %% readonly="predict-cost"
by_forward, by_reverse = (sum(3 for _ in range(99)) * runs for runs in (100, 1))
compare_prediction(
    predicted_times,
    by_forward / by_reverse,
    f"99 steps of 3 multiplications each make {by_reverse} in reverse, and forward mode goes through them "
    f"once for each input: {by_forward:,}.",
)


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Count one step first: the plain product, the product of two duals, and one plain step together with its
# step back.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# $n = 2$ is one step. The value: 1. Two duals: $pq$, $p'q$ and $pq'$, so 3, and there are 2 passes: 6.
# Reverse: 1 on the way there and 2 on the way back: 3.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# $n - 1$ steps. Each costs 1 for the value; 3 for a dual pass, of which there are $n$; 3 for the reverse
# pass, of which there is one.
#
# </details>


# %% answer="04_multiplications" formula="withheld"
def multiplications(n):
    """Return how many multiplications it takes to compute the product of n >= 1 numbers, and its gradient.

    n: an int. Returns (value, forward, reverse), three ints: for the value alone, for the gradient in forward
    mode, and for the gradient in reverse mode; the latter two include those for the values on the way.
    """
    ### BEGIN SOLUTION
    steps = n - 1
    return steps, n * 3 * steps, 3 * steps
    ### END SOLUTION


# %% readonly="04_self-check-multiplications"
checks = Checks()
with checks("two numbers: 1 for the value, 6 forward, 3 in reverse"):
    expect_close("multiplications(2)", multiplications(2), (1, 6, 3))
print(checks)

# %% graded="04_multiplications-values" points=4
checks = Checks("5.4")
with checks("for n = 4: 3 for the value, 36 forward, 9 in reverse", points=1):
    expect_close("multiplications(4)", multiplications(4), (3, 36, 9))
### BEGIN HIDDEN TESTS
with checks("the value, for any n", points=1) as rng:
    for n in (1, 3, int(rng.integers(10, 1000))):
        expect_close(f"the first of multiplications({n})", multiplications(n)[0], n - 1, rtol=0)
with checks("forward, for any n", points=1) as rng:
    for n in (1, 3, int(rng.integers(10, 1000))):
        expect_close(f"the second of multiplications({n})", multiplications(n)[1], 3 * n * (n - 1), rtol=0)
with checks("reverse, for any n", points=1) as rng:
    for n in (1, 3, int(rng.integers(10, 1000))):
        expect_close(f"the third of multiplications({n})", multiplications(n)[2], 3 * (n - 1), rtol=0)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# Here are your own classes at work: how often the product had to be computed to get its whole gradient, by
# `jacobian_by_columns` with `Dual`, and by `jacobian_by_rows` with `Tensor`.


# %% readonly="figure-cost"
def product_of(numbers):
    product = numbers[0]
    for number in numbers[1:]:
        product = product * number
    return product


def passes(n):
    """Return how many passes forward and reverse mode need for the gradient of a product of n numbers."""
    x = np.linspace(0.5, 1.5, n)

    def forward_pass(v):
        return np.array([product_of([Dual(a, da) for a, da in zip(x, v, strict=True)]).derivative])

    def reverse_pass(u):
        tensors = [Tensor(a) for a in x]
        (product_of(tensors) * u[0]).backward()
        return np.array([tensor.grad for tensor in tensors])

    counted_forward, forward_calls = counting(forward_pass)
    counted_reverse, reverse_calls = counting(reverse_pass)
    jacobian_by_columns(counted_forward, n)
    jacobian_by_rows(counted_reverse, 1)
    return len(forward_calls), len(reverse_calls)


@once_written
def draw_passes():
    """Draw the passes that your classes need against the number of inputs."""
    sizes = [2**k for k in range(8)]
    counts = [passes(n) for n in sizes]
    costs = dict(zip(("forward mode", "reverse mode"), zip(*counts, strict=True), strict=True))
    return viz.draw_costs(sizes, costs, title="Passes for the gradient of a product, counted")


draw_passes()

# %% [markdown]
# And by your formulas, in multiplications:


# %% readonly="figure-multiplications"
@once_written
def draw_multiplications():
    """Draw the multiplications for a product and its gradient against the number of inputs."""
    sizes = [2**k for k in range(1, 11)]
    counts = [multiplications(n) for n in sizes]
    value, forward, reverse = zip(*counts, strict=True)
    costs = {"forward mode": forward, "reverse mode": reverse, "value alone": value}  # coloured as above
    return viz.draw_costs(sizes, costs, ylabel="multiplications", title="A product and its gradient")


draw_multiplications()

# %% [markdown]
# In reverse mode, the gradient by *all* inputs costs a small multiple of the value, however many inputs
# there are. That one fact is what makes it possible to train networks with a billion parameters. For a
# function of one variable with many results, the picture turns round, and forward mode wins.

# %% [markdown]
# ## 5.5 Train a network (15 points, ★★★, 45 minutes)
#
# Everything is ready for the two-layer classifier: affine, ReLU, affine, softmax loss, with the penalty
# that assignment 4 uses,
#
# $$L = -\frac{1}{N} \sum_n \log \frac{e^{S_{n y_n}}}{\sum_k e^{S_{nk}}} +
# \lambda \Bigl( \sum W_1^2 + \sum W_2^2 \Bigr), \qquad
# S = \max(0,\, X W_1 + b_1)\, W_2 + b_2 .$$
#
# You write the *forward* pass, and only that. (Again, grading puts exact tensors in. A rule of your own,
# which they do not have, is fine: then your own classes are used.) Two remarks.
#
# * Scores of $10^4$ must not overflow. Subtract from each row of scores its largest entry; this changes no
#   probability, whatever that number is, and so no gradient has to flow through it: take it from `.data`,
#   as a constant. With the shifted scores $T$, the loss of example $n$ is $\log \sum_k e^{T_{nk}} -
#   T_{n y_n}$.
# * To pick $T_{n y_n}$ from each row, multiply by an array that is 1 at $(n, y_n)$ and 0 elsewhere, and
#   sum.


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# The formula has five parts: scores, shifted scores, the loss of each example, the mean, the penalty. One
# line for each, with the operations that a Tensor has. The largest score is no part of the graph.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# One example, scores $(2, 5)$, true class 0. Shifted: $(-3, 0)$. Then
# $\log(e^{-3} + e^0) - (-3) = 0.0486 + 3 = 3.0486$. The same with $(1, 0)$ as a mask:
# $-3 \cdot 1 + 0 \cdot 0 = -3$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# `.data.max(axis=1, keepdims=True)` is a plain array and can be subtracted. Rows of a unit matrix, picked
# by `y`, are the mask. The exponentials are summed over axis 1 *before* the logarithm. There is no mean
# among the operations: sum, and divide by the number of examples. The penalty has squares of the two
# matrices, not of the biases.
#
# </details>


# %% answer="05_two_layer_loss" formula="given"
def two_layer_loss(params, X, y, reg=0.0):
    """Return the mean softmax loss of a two-layer ReLU network plus reg * (sum W1^2 + sum W2^2), a Tensor.

    params: a dict of Tensors with the keys "W1" (D, H), "b1" (H,), "W2" (H, C) and "b2" (C,);
    X: an array (N, D) of floats or integers; y: integers (N,), the true class of each row, 0 <= y < C;
    reg: a plain number. Returns a Tensor of shape (), finite for scores of any size.
    """
    ### BEGIN SOLUTION
    W1, b1, W2, b2 = (params[name] for name in ("W1", "b1", "W2", "b2"))
    scores = (X @ W1 + b1).relu() @ W2 + b2
    shifted = scores - scores.data.max(axis=1, keepdims=True)
    truth = np.eye(scores.data.shape[1])[y]
    losses = shifted.exp().sum(axis=1).log() - (shifted * truth).sum(axis=1)
    return losses.sum() / len(X) + reg * ((W1**2).sum() + (W2**2).sum())
    ### END SOLUTION


# %% setup="network-fixture"
def network(rng, N, D, H, C):
    """Return random parameters, a dict of arrays, and a batch (X, y)."""
    params = {
        "W1": rng.normal(size=(D, H)),
        "b1": rng.normal(size=H),
        "W2": rng.normal(size=(H, C)),
        "b2": rng.normal(size=C),
    }
    return params, rng.normal(size=(N, D)), rng.integers(C, size=N)


def network_loss(params, X, y, reg=0.0):
    """Return the loss of 5.5 with plain arrays, for the checker to differentiate."""
    scores = np.maximum(X @ params["W1"] + params["b1"], 0) @ params["W2"] + params["b2"]
    largest = np.max(scores, axis=1)
    log_sums = largest + np.log(np.sum(np.exp(scores.T - largest), axis=0))
    penalty = np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2)
    return np.mean(log_sums - scores[np.arange(y.size), y]) + reg * penalty


def compare_network(check, gradients, params, X, y, reg):
    """Compare `gradients(params, X, y, reg)` with numerical gradients of `network_loss`."""

    def forward(*arrays):
        return network_loss(dict(zip(params, arrays, strict=True)), X, y, reg)

    def backward(dloss, arrays):
        grads = gradients(dict(zip(params, arrays, strict=True)), X, y, reg)
        return tuple(None if grads[name] is None else dloss * grads[name] for name in params)

    backward.__name__ = "two_layer_loss"
    return check(forward, backward, *params.values(), names=tuple(params))


# %% readonly="05_self-check"
checks = Checks()
with checks("the loss of five examples, three classes, and the penalty"):
    problem = network(np.random.default_rng(4), N=5, D=4, H=6, C=3)
    loss = two_layer_loss({name: Tensor(array) for name, array in problem[0].items()}, *problem[1:], 0.1)
    expect_close("two_layer_loss(...).data", loss.data, network_loss(*problem, 0.1))
with checks("scores of 1e4: finite, and right"):
    params, X, y = network(np.random.default_rng(4), N=5, D=4, H=6, C=3)
    params["W2"] *= 1e4
    loss = two_layer_loss({name: Tensor(array) for name, array in params.items()}, X, y)
    expect_close("two_layer_loss(...).data", loss.data, network_loss(params, X, y))
print(checks)
compare_network(
    check_vjp,
    lambda params, *batch: dict(
        zip(params, with_tensors(Tensor, two_layer_loss, params, *batch)[1], strict=True)
    ),
    *network(np.random.default_rng(4), N=5, D=4, H=6, C=3),
    reg=0.1,
)

# %% graded="05_two_layer_loss-value" points=3
checks = Checks("5.5")


def value_of(params, X, y, reg=0.0):
    """Return the loss, computed by NumPy as two_layer_loss says, or by its own rules if it has any."""
    try:
        return replay(notes_of(two_layer_loss, params, +X, +y, reg), list(params.values()))
    except ForeignRule:
        return two_layer_loss({name: Tensor(array) for name, array in params.items()}, X, y, reg).data


with checks("with all weights 0 and 3 classes, the loss is log 3 = 1.0986", points=1):
    X, y = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([2, 0])
    zeros = {"W1": np.zeros((2, 4)), "b1": np.zeros(4), "W2": np.zeros((4, 3)), "b2": np.zeros(3)}
    expect_close("two_layer_loss(...).data", value_of(zeros, X, y), 1.0986, atol=5e-5)
### BEGIN HIDDEN TESTS
with checks("other networks, and N = 1", points=1) as rng:
    for N in (5, 1):
        params, X, y = network(rng, N=N, D=4, H=6, C=3)
        expected = network_loss(params, X, y)
        expect_close(f"two_layer_loss(...).data for N = {N}", value_of(params, X, y), expected, rtol=1e-11)
with checks("what reg adds to the loss", points=1) as rng:
    params, X, y = network(rng, N=5, D=4, H=6, C=3)
    penalty = np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2)
    added = value_of(params, X, y, 0.7) - value_of(params, X, y, 0.2)
    expect_close("the loss at reg = 0.7 less that at 0.2", added, 0.5 * penalty)
### END HIDDEN TESTS
checks.score()

# %% graded="05_two_layer_loss-gradients" points=6
checks = Checks("5.5")
with checks("one example, scores 0 and 0, true class 0: b2 gets [-0.5, 0.5], W2 [[-1, 1]]", points=0.5):
    params = {"W1": np.zeros((1, 1)), "b1": np.ones(1) * 2, "W2": np.zeros((1, 2)), "b2": np.zeros(2)}
    batch = np.array([[3.0]]), np.array([0])
    try:
        _, grads = measured(
            numerical_gradient, notes_of(two_layer_loss, params, *batch), list(params.values())
        )
    except ForeignRule:
        _, grads = with_tensors(Tensor, two_layer_loss, params, *batch)
    expect_close(
        "the gradients of (W2, b2)", grads[2:], (np.array([[-1.0, 1.0]]), np.array([-0.5, 0.5])), rtol=1e-6
    )


### BEGIN HIDDEN TESTS
from copy import deepcopy

from course_lib.reference.net import TwoLayerNet
from course_lib.reference.tensor import Tensor as Exact


def expected_gradients(params, X, y, reg=0.0):
    net = TwoLayerNet(1, 1, 1)
    net.params = params
    return net.loss(X, y, reg)[1]


def loss_and_gradients(params, X, y, reg=0.0):
    try:
        notes = notes_of(two_layer_loss, params, X, y, reg)
        given = list(params.values())
        value, grads = with_tensors(Exact, lambda *tensors: replay(notes, tensors), given)
    except ForeignRule:
        value, grads = with_tensors(Tensor, two_layer_loss, params, X, y, reg)
    return value, dict(zip(params, grads, strict=True))


def student_gradients(params, X, y, reg=0.0):
    return loss_and_gradients(params, X, y, reg)[1]


found = []  # at the first of the two checks below, the gradients for both


def expect_data_gradients(names, rng):
    if not found:
        problems = [network(rng, N=N, D=4, H=6, C=3) for N in (5, 1)]
        found.extend([(expected_gradients(*problem), student_gradients(*problem)) for problem in problems])
    for expected, grads in found:
        expect_close("grads", grads, {name: expected[name] for name in names}, rtol=1e-10)


with checks("the data gradients of W2 and b2 are those of assignment 4, to 1e-10", points=1) as rng:
    expect_data_gradients(("W2", "b2"), rng)
with checks("the data gradients of W1 and b1 are those of assignment 4, to 1e-10", points=1) as rng:
    expect_data_gradients(("W1", "b1"), rng)
with checks("the gradients agree with numerical ones", points=1) as rng:
    problem = network(rng, N=7, D=3, H=5, C=4)
    expected = expected_gradients(*problem)
    try:  # what agrees with these to 1e-10 agrees with numerical ones
        expect_close("grads", student_gradients(*deepcopy(problem)), expected, rtol=1e-10)
    except AssertionError:
        compare_network(assert_vjp, student_gradients, *problem, reg=0.0)
        raise
with checks("what reg adds to the gradients", points=1) as rng:
    params, X, y = network(rng, N=5, D=4, H=6, C=3)
    weights = {name: params[name].copy() for name in ("W1", "W2")}
    more, less = (student_gradients(*deepcopy((params, X, y)), reg) for reg in (0.7, 0.2))
    for name, expected in weights.items():
        expect_close(f"the difference in {name}", more[name] - less[name], expected)
    for name in ("b1", "b2"):
        expect_close(f"the difference in {name}", more[name] - less[name], np.zeros(params[name].shape))
with checks("scores of 1e4: the loss and the gradients are right", points=1) as rng:
    params, X, y = network(rng, N=6, D=3, H=5, C=4)
    params["W2"] *= 1e4
    expected, slopes = network_loss(params, X, y), expected_gradients(params, X, y)
    loss, grads = loss_and_gradients(params, X, y)
    expect_close("two_layer_loss(...).data", loss, expected, rtol=1e-10)
    expect_close("grads", grads, slopes, rtol=1e-10)
with checks("integers in X, a view with gaps, and inputs left unchanged", points=0.5) as rng:
    params, _, y = network(rng, N=6, D=3, H=5, C=4)
    wide = rng.normal(size=(12, 8))
    for X in (rng.integers(-3, 4, size=(6, 3)), wide[::2, 5:]):
        with expect_unchanged(X=X, y=y, **params):
            grads = student_gradients(params, X, y)
        expect_close("grads", grads, expected_gradients(params, X, y), rtol=1e-10)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# The last thing missing is the descent, and with tensors it can be written once for all models: `loss` is
# any function that turns a dict of tensors into a scalar tensor. In each step, compute the loss, call
# `backward`, and move every parameter a little against its gradient.
#
# Remember that `backward` *adds*. Make new tensors for each step, or set `grad` back to None. And the dict
# that you were given, with its arrays, belongs to the caller: make new ones.


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# In each step, in this order: tensors from arrays, the loss, `backward`, new arrays from `data` and
# `grad`. Two things are collected on the way.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# $L = w^2$ from $w = 1$ at rate 0.25: the loss is 1 and the gradient 2, so $w$ moves to
# $1 - 0.25 \cdot 2 = 0.5$. There the loss is 0.25, and the gradient 1: a fresh one, not $2 + 1$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# $w \leftarrow w - \eta\, \partial L / \partial w$, with $\eta$ the learning rate, as a new array for each
# name. Note the loss *before* the step, as a float. `-=` on an array would move the caller's.
#
# </details>


# %% answer="05_descend" formula="withheld"
def descend(loss, params, learning_rate, steps):
    """Return the parameters after some steps of gradient descent, and the losses on the way.

    loss: a function that takes a dict of Tensors with the keys of params and returns a scalar Tensor;
    params: a dict of float arrays; both are left unchanged; learning_rate: a float; steps: an int >= 0.
    Returns (params, losses): a new dict of arrays, and a list of `steps` floats, the loss *before* each step.
    """
    ### BEGIN SOLUTION
    params, losses = dict(params), []
    for _ in range(steps):
        tensors = {name: Tensor(array) for name, array in params.items()}
        value = loss(tensors)
        value.backward()
        params = {name: t.data - learning_rate * t.grad for name, t in tensors.items()}
        losses.append(float(value.data))
    return params, losses
    ### END SOLUTION


# %% readonly="05_self-check-descend"
checks = Checks()
with checks("the sum of squares, from [1, -2], at a learning rate of 0.25"):
    start = {"w": np.array([1.0, -2.0])}
    with expect_unchanged(w=start["w"]):
        params, losses = descend(lambda p: (p["w"] * p["w"]).sum(), start, 0.25, 3)
    expect_close("the dict that was given, afterwards,", start, {"w": np.array([1.0, -2.0])})
    expect_close("params", params, {"w": np.array([0.125, -0.25])})
    expect_close("losses", losses, [5.0, 1.25, 0.3125])
print(checks)


# %% setup="exact-losses"
def sum_of_squares(p):
    """Return the sum of the squares of p["w"], a scalar tensor whose gradients are exact."""
    w = np.array(p["w"].data)
    return ReadyMade(np.sum(w * w), p, {"w": 2 * w})


def product_of_squares(p):
    """Return the sum of squares of p["a"] times that of p["b"], as a scalar tensor with exact gradients."""
    a, b = np.array(p["a"].data), np.array(p["b"].data)
    of_a, of_b = np.sum(a * a), np.sum(b * b)
    return ReadyMade(of_a * of_b, p, {"a": 2 * of_b * a, "b": 2 * of_a * b})


# %% graded="05_descend-steps" points=6
checks = Checks("5.5")
with checks("the sum of squares, from [1, -2], rate 0.25: one step leads to [0.5, -1]", points=1):
    params, _ = descend(sum_of_squares, {"w": np.array([1.0, -2.0])}, 0.25, 1)
    expect_close("params", params, {"w": np.array([0.5, -1.0])})
with checks("three steps lead to [0.125, -0.25], with the losses 5, 1.25 and 0.3125", points=1):
    params, losses = descend(sum_of_squares, {"w": np.array([1.0, -2.0])}, 0.25, 3)
    expect_close("params", params, {"w": np.array([0.125, -0.25])})
    expect_close("losses", losses, [5.0, 1.25, 0.3125])
### BEGIN HIDDEN TESTS
with checks("several parameters, used together", points=1) as rng:
    start = {"a": rng.normal(size=3), "b": rng.normal(size=(2, 1))}
    a, b = start["a"], start["b"]
    for _ in range(4):
        a, b = a - 0.05 * (b * b).sum() * 2 * a, b - 0.05 * (a * a).sum() * 2 * b
    params, _ = descend(product_of_squares, start, 0.05, 4)
    expect_close("params", params, {"a": a, "b": b})
with checks("the losses, one before each step; none for 0 steps", points=1) as rng:
    start = {"w": rng.normal(size=4)}
    expected, before = [float(np.sum(start["w"] ** 2) * 0.64**k) for k in range(4)], start["w"].copy()
    _, losses = descend(sum_of_squares, start, 0.1, 4)
    expect_close("losses", losses, expected)
    params, losses = descend(sum_of_squares, {"w": before.copy()}, 0.1, 0)
    expect_close("losses for 0 steps", losses, [])
    expect_close("params after 0 steps", params, {"w": before})
with checks("the parameters that were given stay as they are", points=1) as rng:
    start = {"w": rng.normal(size=4)}
    before = float(np.sum(start["w"] ** 2))
    with expect_unchanged(w=start["w"]):
        _, losses = descend(sum_of_squares, start, 0.1, 2)
    expect_close("the first loss", float(losses[0]), before)
    start = {"w": np.array([1.0, -2.0])}
    descend(sum_of_squares, start, 0.25, 1)
    expect_close("the dict that was given, afterwards,", start, {"w": np.array([1.0, -2.0])})
with checks("a network trained with it ends where that of assignment 4 ends", points=1) as rng:
    from course_lib.reference.net import TwoLayerNet

    params, X, y = network(rng, N=8, D=3, H=5, C=4)
    net = TwoLayerNet(3, 5, 4)
    net.params = {name: array.copy() for name, array in params.items()}
    expected = [float(net.step(X, y, 0.1, 0.01)) for _ in range(5)]
    exact = TwoLayerNet(3, 5, 4)

    def exact_loss(p):
        exact.params = {name: np.array(p[name].data) for name in params}
        loss, grads = exact.loss(X, y, 0.01)
        return ReadyMade(loss, p, grads)

    trained, losses = descend(exact_loss, params, 0.1, 5)
    expect_close("losses", losses, expected)
    expect_close("params", trained, net.params)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# And now let it learn something. Three spiral arms, no line can tell them apart, and one hundred hidden
# units. You wrote no gradient by hand for any of it.


# %% readonly="training" title="Training: three arms of a spiral"
X, y = spirals()
trained = None


@once_written
def train_on_spirals():
    """Return what `descend` makes of a network with 100 hidden units."""
    rng = np.random.default_rng(0)
    start = {
        "W1": rng.normal(size=(2, 100)),
        "b1": np.zeros(100),
        "W2": 0.1 * rng.normal(size=(100, 3)),
        "b2": np.zeros(3),
    }
    return descend(lambda params: two_layer_loss(params, X, y, 1e-4), start, 1.0, 600)


def classify(points):
    """Return the class that the trained network gives to each point."""
    params = trained[0]
    hidden = np.maximum(points @ params["W1"] + params["b1"], 0)
    return np.argmax(hidden @ params["W2"] + params["b2"], axis=1)


trained = train_on_spirals()


# %% readonly="figure-losses"
@once_written
def draw_your_losses():
    return viz.draw_losses({"": trained[1]}) if trained else "nothing is trained yet"


draw_your_losses()


# %% readonly="figure-boundary"
@once_written
def draw_your_boundary():
    return viz.draw_boundary(classify, X, y) if trained else "nothing is trained yet"


draw_your_boundary()

# %% [markdown]
# **Beside PyTorch.** If it is installed here, the next cell computes four losses with PyTorch and with your
# `Tensor`, from the same numbers: linear regression, logistic regression, regression with many classes, and
# the network. The gradients should agree to ten digits. There are no points for it, and nothing to install.


# %% readonly="beside-torch" title="Beside PyTorch"
@once_written
def beside_torch():
    """Print how far the gradients of four losses, by Tensor, are from PyTorch's; or that it is not here."""
    try:
        import torch
    except ImportError:
        return print("PyTorch is not installed here, and nothing needs it.")
    rng = np.random.default_rng(6)
    params, X, y = network(rng, N=8, D=5, H=7, C=4)
    w, b, target, sign = (
        rng.normal(size=(5, 1)),
        rng.normal(size=1),
        rng.normal(size=(8, 1)),
        np.sign(X[:, :1]),
    )
    W, c, truth = rng.normal(size=(5, 4)), rng.normal(size=4), np.eye(4)[y]
    cross_entropy = torch.nn.functional.cross_entropy

    def classes(W, c):
        z = X @ W + c
        return (z.exp().sum(axis=1).log() - (z * truth).sum(axis=1)).sum() / len(X)

    at, label = torch.tensor(X), torch.tensor(y)
    losses = {
        "linear regression": (
            (w, b),
            lambda w, b: ((X @ w + b - target) ** 2).sum() / len(X),
            lambda w, b: ((at @ w + b - torch.tensor(target)) ** 2).mean(),
        ),
        "logistic regression": (
            (w, b),
            lambda w, b: (1 + (-sign * (X @ w + b)).exp()).log().sum() / len(X),
            lambda w, b: torch.nn.functional.softplus(-torch.tensor(sign) * (at @ w + b)).mean(),
        ),
        "many classes": ((W, c), classes, lambda W, c: cross_entropy(at @ W + c, label)),
        "the network": (
            tuple(params.values()),
            lambda *arrays: two_layer_loss(dict(zip(params, arrays, strict=True)), X, y, 0.1),
            lambda W1, b1, W2, b2: (
                cross_entropy(torch.relu(at @ W1 + b1) @ W2 + b2, label)
                + 0.1 * ((W1**2).sum() + (W2**2).sum())
            ),
        ),
    }
    for name, (arrays, ours, theirs) in losses.items():
        tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
        theirs(*tensors).backward()
        _, grads = with_tensors(Tensor, ours, arrays)
        apart = max(np.max(np.abs(g - t.grad.numpy())) for g, t in zip(grads, tensors, strict=True))
        print(f"{name}: at most {apart:.0e} apart", "" if apart < 1e-10 else "(more than 1e-10)")
    return None


beside_torch()

# %% [markdown]
# **Graphs too large to draw.** AlexNet, which in 2012 made networks like these famous, multiplies some 720
# million pairs of numbers for a single picture: drawn with one gate a millimetre, it would be over 700
# kilometres long. Nobody draws it. A machine records it, gate by gate, and walks back, as yours did.

# %% readonly="figure-too-large"
alexnet = {  # multiplications for one picture: outputs of a layer, times what each of them is made of
    "conv 1": 55 * 55 * 96 * 11 * 11 * 3,
    "conv 2": 27 * 27 * 256 * 5 * 5 * 48,
    "conv 3": 13 * 13 * 384 * 3 * 3 * 256,
    "conv 4": 13 * 13 * 384 * 3 * 3 * 192,
    "conv 5": 13 * 13 * 256 * 3 * 3 * 192,
    "full 6": 9216 * 4096,
    "full 7": 4096 * 4096,
    "full 8": 4096 * 1000,
}
alexnet_figure, alexnet_axes = viz.new_figure(width=6.5, height=3.0)
alexnet_axes[0, 0].barh(
    list(alexnet)[::-1], [count / 1e6 for count in alexnet.values()][::-1], color="#0072b2"
)
alexnet_axes[0, 0].set(
    xlabel="million multiplications", title=f"AlexNet, one picture: {sum(alexnet.values()):,}"
)
viz.Picture(
    alexnet_figure,
    "Bars, one for each of the eight layers of AlexNet, with the multiplications that one picture takes: "
    + ", ".join(f"{name} {count / 1e6:.0f} million" for name, count in alexnet.items()),
)

# %% [markdown]
# The **Neural Turing Machine** of 2014 needs few gates for a step, but it has a memory, and no two
# sequences share a graph. At each step, its head gives every row of the memory a weight, soft ones that add
# up to 1. Reading is the weighted sum of the rows; writing replaces a part of each row, as large as its
# weight. Nothing here jumps: all of it is products and sums, so gradients flow through where to look as
# well as through what is written.
# Two steps of it look like this.

# %% readonly="figure-memory-graph"
viz.draw_graph(
    [
        *((name, "", ()) for name in ("x1", "x2", "w0", "M0")),
        ("h1", "net", ("x1",)),
        ("w1", "head", ("h1", "w0", "M0")),
        ("r1", "read", ("w1", "M0")),
        ("M1", "write", ("h1", "w1", "M0")),
        ("h2", "net", ("x2", "r1")),
        ("w2", "head", ("h2", "w1", "M1")),
        ("r2", "read", ("w2", "M1")),
        ("M2", "write", ("h2", "w2", "M1")),
    ],
    title="Two steps of a Neural Turing Machine: memory M, weights of the rows w",
)

# %% [markdown]
# And this is such a memory at work, in a task of the original paper: take in a sequence, then give it back.
# (A trained network would steer the head; here that is set by hand. It moves on by one row a step, and finds
# the beginning again by asking which row resembles the first item.) From the second step on, the head is
# never on one row alone, and so each step touches every row, forwards and backwards.


# %% readonly="figure-memory"
def copy_through_memory(items=7, rows=12, width=10):
    """Return the weights of the rows at each step, and how far what is read is from what was written."""
    sequence = np.random.default_rng(6).choice([-1.0, 1.0], size=(items, width))
    memory, weights, steps, misses = np.zeros((rows, width)), np.eye(rows)[0], [], []

    def moved(weights):
        """The head one row further: blurred, as a learned shift is, then sharpened."""
        blurred = 0.8 * np.roll(weights, 1) + 0.1 * weights + 0.1 * np.roll(weights, 2)
        return blurred**1.5 / np.sum(blurred**1.5)

    for item in sequence:
        memory = (1 - weights[:, np.newaxis]) * memory + np.outer(weights, item)
        steps.append(weights)
        weights = moved(weights)
    alike = np.exp(memory @ sequence[0])
    weights = alike / alike.sum()
    for item in sequence:
        misses.append(np.mean(np.sign(weights @ memory) != item))
        steps.append(weights)
        weights = moved(weights)
    return np.array(steps).T, np.mean(misses)


def draw_memory():
    weights, missed = copy_through_memory()
    figure, axes = viz.new_figure(width=6.5, height=3.4)
    shown = axes[0, 0].imshow(weights, cmap="cividis", vmin=0, vmax=1, aspect="auto")
    axes[0, 0].axvline(weights.shape[1] / 2 - 0.5, color="#ffffff", linewidth=2)
    axes[0, 0].grid(False)
    axes[0, 0].set(xlabel="step: seven write, seven read", ylabel="row of the memory")
    axes[0, 0].set_title(f"Where the head is; {1 - missed:.0%} of the signs come back")
    figure.colorbar(shown, ax=axes[0, 0], label="weight")
    return viz.Picture(
        figure,
        "The weights of twelve rows of a memory over fourteen steps: a bright diagonal while seven items are "
        f"written, then the same diagonal while they are read; {1 - missed:.0%} of their signs come back.",
    )


draw_memory()

# %% [markdown]
# ## 5.6 In your own words (5 points, ★★, 20 minutes)
#
# 1. (3 points) The well-known frameworks all offer both modes, and all of them train with reverse mode.
#    Why? In which situation would you choose forward mode?
# 2. (2 points) Reverse mode has its price in memory. What has to be kept, and until when? Name one way to
#    get by with less.

# %% [markdown] written="06_written" points=5
# ### BEGIN SOLUTION
# 1. A training loss has very many inputs, the parameters, and one output. One reverse pass gives the
#    derivative of one output by all inputs, at a small constant multiple of the cost of computing the loss;
#    forward mode needs a pass for each input (or for each direction), which for a million parameters is a
#    million passes. Forward mode is better when there are few inputs and many outputs, for instance the
#    derivative of a whole simulated path by one parameter, and when a derivative in a single direction is
#    all that is needed (a Jacobian-vector product). It also needs no record.
# 2. The pullbacks need values from the forward pass (the factors of a product, the input of a ReLU, the
#    result of an exponential), and they run in reverse order, so the values of *all* operations must be
#    kept from the moment they are computed until the backward pass has gone past them; memory grows with
#    the number of operations, or with the depth of the network and the length of loops. Forward mode can
#    forget each value after its last use. Ways to save: keep only some of the values and compute the
#    others again during the backward pass (checkpointing); free each value as soon as it has been used;
#    keep less per operation (a mask instead of an array, lower precision, operations that can be inverted);
#    smaller batches with accumulated gradients.
#
# **Rubric** (5 points)
# * Question 1, 3 points: 1 for many parameters and one loss; 1 for the number of passes (one against one
#   per input) or an equivalent statement about cost; 1 for a sensible case for forward mode.
# * Question 2, 2 points: 1 for "the intermediate values, until the backward pass has used them"; 1 for one
#   way that works.
# ### END SOLUTION

# %% [markdown]
# ## What to take along
#
# * Automatic differentiation follows a program as it runs, and applies the chain rule to each operation. It
#   neither approximates nor writes formulas.
# * Forward mode carries derivatives along with the values: one pass for each input.
# * Reverse mode records, then walks back: one pass for each output, whatever the number of inputs, for the
#   price of remembering.
# * Loops and branches need no special treatment. What ran is what is differentiated.
# * `backward` adds. In a training loop, begin each step afresh.
#
# When you next call `loss.backward()` in a large framework, you know what is behind it. It is faster than
# yours, runs on other hardware and knows a thousand rules; the machine is the same.
