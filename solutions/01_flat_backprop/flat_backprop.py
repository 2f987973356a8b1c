# %% [markdown]
# # Backpropagation, one line at a time
#
# A neural network is a long formula, and training it takes the derivative of that formula with respect to
# every number in it. Backpropagation is how: cut the formula into steps so small that each has a
# derivative you know by heart, then multiply those derivatives together, from the end to the beginning.
# There is no other trick.
#
# In this notebook you do it by hand, *flat*: the forward pass is a list of named stages, and the backward
# pass is the same list read in reverse, with one line of code for each stage. You start with $(x + y)z$
# and finish with all the gradients of a two-layer network. What you need is the derivatives of sums,
# products, powers, exp, log and sin, and a little NumPy.
#
# | exercise | what you do | stars | minutes | builds on | may be skipped? |
# |---|---|---|---|---|---|
# | 1.1 | measure a slope | ★ | 10 | | no |
# | 1.2 | measure all slopes of an array | ★★ | 20 | 1.1 | no: it measures for you in 1.3 to 1.8 |
# | 1.3 | two gates, by hand | ★ | 10 | | no |
# | 1.4 | a neuron in eight named stages | ★★ | 25 | 1.3 | no |
# | 1.5 | the same with a coarser gate | ★ | 10 | 1.4 | |
# | 1.6 | two paths into one variable | ★ | 10 | 1.3 | no |
# | 1.7 | four patterns to know by sight | ★★ | 15 | 1.3 | |
# | 1.8 | a formula nobody differentiates on paper | ★★ | 25 | 1.6 | if time is short |
# | 1.9 | a loss that stays finite | ★★★ | 25 | 1.5 | |
# | 1.10 | linear regression on one example | ★ | 10 | 1.3 | |
# | 1.11 | a whole two-layer network | ★★★ | 45 | 1.7, 1.9 | if you go on to assignment 4 |
# | 1.12 | in your own words | ★★ | 20 | 1.7 | |
#
# "Builds on" means the idea, never the code: a slip costs its own exercise and no other. Altogether this
# takes some four hours; the minutes are for a first encounter, and nobody is counting.
#
# **How the notebook works**
#
# * You write where a cell says `raise NotImplementedError("not written yet")`. Replace that line.
# * Before it stand three **hints**, folded. The first says where to look, the second shows the idea in a
#   smaller case, the third says all but the line. Open them one at a time, when you have been stuck for a
#   while; they cost nothing.
# * Now and then you are asked to **predict** a number or a sign before you run a cell. Nobody sees it but
#   you, and a wrong guess is the one you learn from.
# * After each exercise comes a *self-check*. It measures how your value changes as each input moves a
#   little, and compares your gradients with that. When they differ, it says where, by how much and, if it
#   can tell, why. It is worth no points; run it as often as you like.
# * Then come the *graded* cells. They show the numbers you can check by hand. Grading runs more checks
#   than you see here, with other numbers, so a function that only knows the visible ones will not get
#   far.
# * Figures, self-checks and graded cells come **folded**, as one line with a title. Run them as they are,
#   from top to bottom; unfold one (click on its line) if you want to see how it works.
# * How far are you? `import course_lib` and then `course_lib.progress()`, in a cell of your own, show a
#   table of all the checks you can see.
#
# There are 100 points: 90 are graded by the cells below, 10 by a person.

# %% setup="imports"
from contextlib import suppress
from copy import deepcopy
from functools import partial

import numpy as np

import course_lib
from course_lib import assert_parameters, check_parameters, viz
from course_lib.gradcheck import Cause, ContractError
from course_lib.grading import Checks, compare_prediction, expect_close, expect_unchanged, once_written

# %% [markdown]
# ## 1.1 A slope you can measure (5 points, ★, 10 minutes)
#
# Before computing derivatives cleverly, it helps to have a way of *measuring* them that is too simple to
# be wrong. The definition suggests the one-sided difference
#
# $$f'(x) \approx \frac{f(x + h) - f(x)}{h}.$$
#
# Expand $f(x + h) = f(x) + h f'(x) + \tfrac{h^2}{2} f''(x) + \dots$, and you see that it is off by about
# $\tfrac{h}{2} f''(x)$: an error of order $h$. Now step to both sides,
#
# $$f'(x) \approx \frac{f(x + h) - f(x - h)}{2h}.$$
#
# The terms in $f''$ cancel, and the error is about $\tfrac{h^2}{6} f'''(x)$: of order $h^2$. Both
# differences evaluate $f$ twice, and the **central difference** gives you twice the correct digits.
#
# **Predict, then run.** With $h = 10^{-5}$, the central difference for $e^x$ at 1 is off by about
# $6 \cdot 10^{-11}$. A step of $10^{-12}$ is ten million times smaller. Is its error smaller, or larger?
# Write your guess into the next cell, then run it and the one below it.

# %%
predicted_error = None  # "smaller" or "larger"


# %% readonly="predict-step" title="Compare your prediction: a smaller step"
def error_of_central_difference(h):
    """Return by how much the central difference for exp at 1 is off."""
    return abs((np.exp(1 + h) - np.exp(1 - h)) / (2 * h) - np.e)


errors = [error_of_central_difference(h) for h in (1e-5, 1e-12)]
compare_prediction(
    predicted_error,
    "larger" if errors[1] > errors[0] else "smaller",
    f"The error is {errors[0]:.0e} for h = 1e-5 and {errors[1]:.0e} for h = 1e-12.",
)

# %% [markdown]
# The figure shows the errors of both differences, again for $e^x$ at 1. Read it from right to left: as
# $h$ shrinks, the errors fall along straight lines of slope 1 and 2. Then they rise again, because
# $f(x + h)$ and $f(x - h)$ have become so alike that their difference consists of rounding errors. A step
# near $10^{-5}$ is a good compromise.

# %% readonly="figure-step"
h = np.logspace(-13, 0, 120)
one_sided = np.abs((np.exp(1 + h) - np.e) / h - np.e)
central = np.abs((np.exp(1 + h) - np.exp(1 - h)) / h / 2 - np.e)
figure, axes = viz.new_figure(height=3.4)
axes[0, 0].loglog(h, one_sided, "--", color="#d55e00", label="one-sided")
axes[0, 0].loglog(h, central, "-", color="#0072b2", label="central")
axes[0, 0].set(xlabel="step h", ylabel="error of the derivative", title="Derivative of exp at 1, measured")
axes[0, 0].legend(frameon=False)
viz.Picture(
    figure,
    "Error against step h, both axes logarithmic. The one-sided error falls with slope 1 to about 1e-8 "
    "at h = 1e-8, the central one with slope 2 to about 1e-11 at h = 1e-5; then rounding makes both rise.",
)

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# The second formula above. `f` is a function: call it, twice, at two numbers that you compute from `x`
# and `h`.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# For $f(t) = t^2$ at 3 with $h = 0.1$: $f(3.1) = 9.61$ and $f(2.9) = 8.41$. They are 1.2 apart, and the
# two places are 0.2 apart. The slope is 6.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# Rise over run: the difference of the two values, divided by the distance between the two places, which
# is *twice* the step. Mind the brackets: `a / 2 * h` divides by 2 and then multiplies by `h`.
#
# </details>


# %% answer="01_numerical_derivative" formula="given"
def numerical_derivative(f, x, h=1e-5):
    """Return the central difference of `f` at `x` with step `h`.

    f: a function of one number; x: a number (a float or an int); h: the step, a float.
    Returns a number that is off by O(h^2).
    """
    ### BEGIN SOLUTION
    return (f(x + h) - f(x - h)) / (2 * h)
    ### END SOLUTION


# %% readonly="01_self-check"
# Self-check
checks = Checks()
with checks("the slope of sin at 0 is 1"):
    expect_close("numerical_derivative(sin, 0)", numerical_derivative(np.sin, 0.0), 1.0, rtol=1e-9)
with checks("the slope of a straight line is exact"):
    slope = numerical_derivative(lambda t: 3.0 * t - 1.0, 2.0, h=0.5)
    expect_close("numerical_derivative(3 t - 1, 2, h=0.5)", slope, 3.0)
with checks("it steps to both sides: for exp at 0.5, h = 0.1 makes an error of 0.17 %, not of 5 %"):
    slope, right = numerical_derivative(np.exp, 0.5, h=0.1), np.exp(0.5) * np.sinh(0.1) / 0.1
    for side in (0.1, -0.1):
        one_sided = (np.exp(0.5 + side) - np.exp(0.5)) / side
        same = isinstance(slope, float) and np.isclose(slope, one_sided)
        assert not same, "this is a one-sided difference: step to both sides of x"
    expect_close("numerical_derivative(exp, 0.5, h=0.1)", slope, right, rtol=1e-9)
print(checks)

# %% graded="01_numerical_derivative-values" points=5
# Graded
checks = Checks("1.1")
with checks("the slope of t² at 3 is 6", points=1):
    expect_close("numerical_derivative(t², 3)", numerical_derivative(lambda t: t * t, 3.0), 6.0, rtol=1e-5)
with checks("t³ at 2 with h = 0.1 gives 12.01: a central difference, with this h", points=2):
    value = numerical_derivative(lambda t: t**3, 2.0, h=0.1)
    expect_close("numerical_derivative(t³, 2, h=0.1)", value, 12.01, rtol=1e-9)
### BEGIN HIDDEN TESTS
with checks("other functions, other places", points=2) as rng:
    a, b = rng.uniform(0.5, 2.0, size=2).tolist()
    x = float(rng.uniform(-2.0, 2.0))
    value = numerical_derivative(lambda t: a * np.exp(t) + np.sin(b * t), x)
    expect_close("numerical_derivative", value, a * np.exp(x) + b * np.cos(b * x), rtol=1e-8, atol=1e-8)
    value = numerical_derivative(lambda t: a * t**3, 2, h=0.25)
    expect_close("numerical_derivative at the integer 2", value, a * (12 + 0.25**2), rtol=1e-9)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 1.2 The same for every entry of an array (10 points, ★★, 20 minutes)
#
# Let $f$ turn an array $x$ into a single number. Its gradient holds one partial derivative per entry of
# $x$, so **the gradient of a scalar always has the shape of the variable**. A partial derivative is what
# 1.1 measured, of one entry, while all the others stand still. The index of an entry may be a pair or a
# triple: `np.ndindex(x.shape)` goes through them all.
#
# Two things go wrong easily. An array of integers has no room for $3 + 10^{-5}$: assigning it cuts it
# back to 3, without a word. And `x` belongs to the caller, who expects to find it as it was, to the last
# bit. (Adding $h$ and taking it away again does not do: for a computer, $0.5 + 10^{-5} - 10^{-5}$ is
# 0.49999999999999994.)
#
# From 1.3 to 1.8, the self-checks measure with the function you write here. While it is missing or wrong,
# they take one of their own.
#
# <details><summary>Hint 1: where to look</summary>
#
# A loop over the indices, and inside it the formula of 1.1, in which only one entry of the array is moved.
# Before the loop: an array of floats for the results, of the right shape, and a copy of `x` that can hold
# fractions.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# Take $f(x) = x_0^2 + x_1^2$ at $[3, 4]$ with $h = 0.1$. For entry 0, call $f$ at $[3.1, 4]$ and at
# $[2.9, 4]$: $25.61 - 24.41 = 1.2$, over 0.2, is 6. For entry 1, call it at $[3, 4.1]$ and $[3, 3.9]$: 8.
# Each entry gets two fresh arrays, and the original is never written to.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2h},$$
#
# where $e_i$ is 1 at entry $i$ and 0 elsewhere: an array of zeros of the shape of `x`, in which one entry
# is set to `h`, added and subtracted. `np.array` makes a copy, and with `dtype=float` one that holds
# fractions.
#
# </details>


# %% answer="02_numerical_gradient" formula="withheld"
def numerical_gradient(f, x, h=1e-5):
    """Return the gradient of `f` at `x` by central differences with step `h`.

    f: a function that takes an array of the shape of x and returns a number;
    x: an array of any shape, of floats or integers; it is left unchanged.
    Returns a float array of the shape of x.
    """
    ### BEGIN SOLUTION
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = h
        gradient[index] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient
    ### END SOLUTION


# %% readonly="02_self-check"
# Self-check
checks = Checks()
with checks("the square of a sum of sines of a (2, 3) array, each with a weight"):
    x, weights = np.array([[0.0, 0.5, 1.0], [1.5, 2.0, 2.5]]), np.array([[1.0, 2.0, 1.0], [0.5, 1.0, 3.0]])
    expected = 2 * np.sum(weights * np.sin(x)) * weights * np.cos(x)
    gradient = numerical_gradient(lambda t: np.sum(weights * np.sin(t)) ** 2, x)
    expect_close("gradient", gradient, expected, rtol=1e-8)
with checks("x is left as it was"):
    x = np.array([0.1, 0.2, 0.3])
    with expect_unchanged(x=x):
        numerical_gradient(lambda t: np.sum(t**2), x)
with checks("integers are not cut off: a quarter of the sum of squares at [3, 5]"):
    gradient = numerical_gradient(lambda t: np.sum(t * t) / 4.0, np.array([3, 5]))
    expect_close("gradient", gradient, np.array([1.5, 2.5]), rtol=1e-8)
with checks("the difference is central, with the step h: sum of cubes at [1, 2], h = 0.1"):
    gradient = numerical_gradient(lambda t: np.sum(t**3), np.array([1.0, 2.0]), h=0.1)
    expect_close("gradient", gradient, np.array([3.01, 12.01]), rtol=1e-9)
print(checks)

# %% graded="02_numerical_gradient-values" points=5
# Graded
checks = Checks("1.2")
with checks("the sum of squares at [3, 4] has gradient [6, 8]", points=1):
    gradient = numerical_gradient(lambda t: np.sum(t**2), np.array([3.0, 4.0]))
    expect_close("gradient", gradient, np.array([6.0, 8.0]), rtol=1e-5)
### BEGIN HIDDEN TESTS
with checks("vectors, matrices and more axes", points=2) as rng:
    for shape in [(1,), (5,), (2, 3), (1, 1, 2)]:
        x, weights = rng.normal(size=shape), rng.normal(size=shape)
        # a square of a sum: the slope of one entry depends on all others
        before, expected = x.copy(), 2 * np.sum(weights * np.sin(x)) * weights * np.cos(x)
        gradient = numerical_gradient(lambda t, a=weights: np.sum(a * np.sin(t)) ** 2, x)
        expect_close("x, after the call,", x, before)
        expect_close(f"gradient at shape {shape}", gradient, expected, rtol=1e-8, atol=1e-8)
with checks("the difference is central, with the step h", points=2) as rng:
    x = rng.normal(size=(2, 1))
    before, expected = x.copy(), 3 * x**2 + 0.125**2
    gradient = numerical_gradient(lambda t: np.sum(t**3), x, h=0.125)
    expect_close("x, after the call,", x, before)
    expect_close("gradient", gradient, expected, rtol=1e-9)
### END HIDDEN TESTS
checks.score()

# %% graded="02_numerical_gradient-care" points=5
# Graded
checks = Checks("1.2")
with checks("integers are not cut off: at [3, 4] still [6, 8]", points=2):
    gradient = numerical_gradient(lambda t: np.sum(t * t) / 1.0, np.array([3, 4]))
    expect_close("gradient", gradient, np.array([6.0, 8.0]), rtol=1e-8)
    gradient = numerical_gradient(lambda t: np.sum(t * t) / 4.0, np.array([3, 5]))
    expect_close("gradient of a quarter of it at [3, 5]", gradient, np.array([1.5, 2.5]), rtol=1e-8)
with checks("x is left unchanged, to the last bit", points=2):
    x = np.array([0.1, 0.7, 123.456])
    with expect_unchanged(x=x):
        gradient = numerical_gradient(lambda t: np.sum(t**2), x)
    expect_close("gradient", gradient, np.array([0.2, 1.4, 246.912]), rtol=1e-4)
### BEGIN HIDDEN TESTS
with checks("a view with gaps, and a transposed one", points=1) as rng:
    whole = rng.normal(size=(2, 4))
    with expect_unchanged(whole=whole):
        for x in (whole[:, ::2], whole[:, 1:3].T):
            expected, gradient = np.cos(x), numerical_gradient(lambda t: np.sum(np.sin(t)), x)
            expect_close(f"gradient at a view of shape {x.shape}", gradient, expected, rtol=1e-8, atol=1e-8)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# Measured gradients are easy and approximate, and they need two evaluations of $f$ for every single
# entry: for a million parameters, two million forward passes per training step. From here on you compute
# gradients *exactly*, all of them, for about the price of one more pass. Measuring remains the way to
# check them. The next two cells prepare that for the self-checks: they print your gradients beside what
# your `numerical_gradient` measures, and hand them to the checker, `check_parameters` from `course_lib`,
# which looks for the reason where they differ. You need not read them.


# %% setup="compare" title="What gradients are compared with"
def compare(check, function, inputs, others=(), truth=None):
    """Compare the gradients that `function` returns, in a dict after its value, with measured ones.

    `check` is `check_parameters`, which reports, or `assert_parameters`, which raises. `inputs` are the
    arguments whose gradients are compared, by name; `others` are arguments that stay as they are. What is
    measured is the slope of the function's own value, or of the value of `truth`, where that is given.
    Where its gradients are the same to eleven digits, nothing needs to be measured. With `truth`, the
    function's gradients are returned.
    """

    def pair(of, arguments):
        result = of(**{**dict(others), **arguments})
        if not isinstance(result, tuple | list) or len(result) < 2 or not isinstance(result[1], dict):
            raise misshapen(result, "the value and a dict of gradients: return f, {...}")
        return result[0], result[1]

    def value(arguments):
        return pair(truth or function, arguments)[0]

    def gradients(arguments):
        return pair(function, arguments)[1]

    if truth is not None:
        right, point = pair(truth, inputs)[1], deepcopy(inputs)
        with suppress(Exception), expect_unchanged(**point):
            wanted, found = {name: right[name] for name in inputs}, gradients(point)
            expect_close("gradients", found, wanted, rtol=1e-11, atol=0)
            return found
    value.__name__ = getattr(function, "__name__", "function")
    # where a first wrong line is looked for
    gradients.__wrapped__ = partial(getattr(function, "__wrapped__", function), **dict(others))
    report = check(value, inputs, gradients)
    return report if truth is None else gradients(inputs)


def misshapen(result, wanted):
    """Return an error that says what a function returned, and what is wanted."""
    found = "None" if result is None else f"a {type(result).__name__}"
    if isinstance(result, tuple | list):
        kinds = ", ".join(type(part).__name__ for part in result)
        found = f"({kinds})" if len(result) <= 6 else f"{len(result)} values"
    return ContractError(Cause.WRONG_TYPE, f"the function returned {found}; return {wanted}", "forward")


def by_name(function, *names):
    """Return `function`, but with the gradients that follow its value in a dict with these keys."""

    def named(**arguments):
        result = function(**arguments)
        if not isinstance(result, tuple | list) or len(result) != 1 + len(names):
            listed = " and of ".join(names)
            raise misshapen(result, f"{1 + len(names)} values, the loss, then the gradient of {listed}")
        return result[0], dict(zip(names, result[1:], strict=True))

    named.__name__ = getattr(function, "__name__", "named")
    named.__wrapped__ = function
    return named


# %% readonly="self-checks" title="What the self-checks are written with"
VALUE_FIRST = "mend the value first, gradients are compared with its slopes"


def self_check(function, values=(), fixed=(), **points):
    """Compare the gradients of `function` with measured ones, at one point after the other.

    `points` holds for each input one number or array a point; `fixed` is the same for arguments whose
    gradients are not asked for. `values` are the right values at the first points, to four digits. Prints
    yours beside what numerical_gradient measures, and returns the checker's report of the first point at
    which something is wrong; none where a value is wrong.
    """
    count = len(next(iter(points.values())))
    inputs, others = (
        [{name: values[i] for name, values in dict(given).items()} for i in range(count)]
        for given in (points, fixed)
    )
    reports = [
        compare(check_parameters, function, *deepcopy(point)) for point in zip(inputs, others, strict=True)
    ]
    wrong = next((i for i in range(count) if reports[i].passed is not True), None)
    try:
        print_measured(function, *deepcopy((inputs[wrong or 0], others[wrong or 0])))
        if wrong is None and count > 1:
            print(f"✓ and right at {count - 1} other point{'s' * (count > 2)}")
        for i, value in enumerate(values):
            arguments = deepcopy(others[i] | inputs[i])
            with expect_unchanged(**arguments):
                yours, grads = function(**arguments)[:2]
            for name, x in inputs[i].items():
                if np.ndim(x) and not isinstance(grads[name], np.ndarray):
                    raise AssertionError(f"the gradient of {name} should be an array of shape {x.shape}")
            yours = float(yours)
            if abs(yours - value) > 1e-4 * max(1, abs(value)):
                print(
                    f"✗ at point {i + 1} the value should be {value:.5g}, yours is {yours:.5g}: {VALUE_FIRST}"
                )
                return None
    except AssertionError as changed:
        print(f"✗ {changed}")
    except Exception:
        pass  # what cannot be called is what the report is about
    return reports[wrong or 0]


def print_measured(function, inputs, others):
    """Print the gradients that `function` returns beside measured ones, if there are only a few."""
    numbers = {name: np.atleast_1d(np.array(x, dtype=float)) for name, x in inputs.items()}
    if sum(x.size for x in numbers.values()) > 8:
        return
    yours = function(**others, **inputs)[1]
    rows = []
    measure, whose = ruler()
    for name, x in numbers.items():

        def value_at(moved, name=name):
            return function(**others, **{**inputs, name: moved if np.ndim(inputs[name]) else moved[0]})[0]

        found = zip(np.ravel(yours[name]), np.ravel(measure(value_at, x)), strict=True)
        rows += [(f"{name}[{k}]" if x.size > 1 else name, *pair) for k, pair in enumerate(found)]
    at = ", ".join(f"{name} = {x:g}" if np.ndim(x) == 0 else f"{name} = {x}" for name, x in inputs.items())
    print(f"at {at}\n{'':8}{'yours':>14}{'measured':>14}   with {whose}")
    for name, found, measured in rows:
        mark = "✓" if np.isclose(found, measured, rtol=1e-4, atol=1e-7) else "✗"
        print(f"  {name:6}{found:14.6g}{measured:14.6g} {mark}")


def ruler():
    """Return what to measure gradients with, and whose it is: yours, as soon as it measures right."""
    point = np.array([0.3, -1.2, 2.0])
    try:
        gradient = numerical_gradient(lambda t: np.sum(np.exp(t)), point.copy())
        expect_close("gradient", gradient, np.exp(point), rtol=1e-7)
    except Exception as error:
        state = "not written yet" if isinstance(error, NotImplementedError) else "not right yet"
        return course_lib.numerical_gradient, f"course_lib's numerical_gradient: yours (1.2) is {state}"
    return numerical_gradient, "your numerical_gradient (1.2)"


# %% [markdown]
# ## The pattern, worked through once
#
# Take $f(a, b, c) = e^{ab + c}$. Cut it into stages, each a single elementary operation:
#
# $$p = ab, \qquad q = p + c, \qquad f = e^q.$$
#
# Write $\mathrm{d}p$ for the gradient of the *final output* with respect to $p$, that is
# $\partial f / \partial p$; in code it is called `dp`. The chain rule says how a gradient passes
# backwards through one stage:
#
# $$\underbrace{\frac{\partial f}{\partial p}}_{\text{what we want}}
# = \underbrace{\frac{\partial f}{\partial q}}_{\text{upstream: known already}} \cdot
# \underbrace{\frac{\partial q}{\partial p}}_{\text{local: known by heart}} .$$
#
# So we walk backwards. The last stage gives $\mathrm{d}q = e^q = f$. The sum $q = p + c$ has both local
# derivatives 1, so $\mathrm{d}p = \mathrm{d}q$ and $\mathrm{d}c = \mathrm{d}q$. The product $p = ab$ has
# local derivatives $b$ and $a$, so $\mathrm{d}a = b\,\mathrm{d}p$ and $\mathrm{d}b = a\,\mathrm{d}p$.
#
# In the picture of this graph, the value stands above each wire and the gradient below it. Follow the
# values from left to right, then the gradients from right to left: the slider goes back gate by gate (where
# there is none, unfold the steps below the picture).

# %% readonly="figure-worked-example"
viz.draw_graph(
    [
        # name, what the gate does, its inputs, value, gradient
        ("a", "", (), 2.0, -0.3679),
        ("b", "", (), -1.0, 0.7358),
        ("c", "", (), 1.0, 0.3679),
        ("p", "×", ("a", "b"), -2.0, 0.3679),
        ("q", "+", ("p", "c"), -1.0, 0.3679),
        ("f", "exp", ("q",), 0.3679, 1.0),
    ],
    title="f = exp(ab + c)",
    steps=True,
)


# %%
# The worked example in code. This cell is yours to play with.
def exp_of_affine(a, b, c):
    # forward: one line per stage
    p = a * b
    q = p + c
    f = np.exp(q)
    # backward: the stages in reverse order, one line for each input of a stage
    dq = f  # f = exp(q), and the gradient of f with respect to f itself is 1
    dp = dq  # q = p + c
    dc = dq
    da = b * dp  # p = a * b
    db = a * dp
    return f, {"a": da, "b": db, "c": dc}


# %% readonly="figure-worked-report" title="What the checker says of the worked example"
self_check(exp_of_affine, a=(2.0, 0.7), b=(-1.0, 1.3), c=(1.0, -0.4))

# %% [markdown]
# And this is how the report looks when something is wrong; here somebody lost a sign.


# %%
def exp_of_affine_with_a_slip(a, b, c):
    p = a * b
    q = p + c
    f = np.exp(q)
    dq = f
    dp = dq
    dc = dq
    da = b * dp
    db = -a * dp
    return f, {"a": da, "b": db, "c": dc}


# %% readonly="figure-slip" title="What the checker says of the slip"
self_check(exp_of_affine_with_a_slip, a=(2.0, 0.7), b=(-1.0, 1.3), c=(1.0, -0.4))

# %% [markdown]
# ## 1.3 The product of a sum (5 points, ★, 10 minutes)
#
# Your turn, with two gates: $f(x, y, z) = (x + y)\,z$. Name the sum $q = x + y$, so that $f = qz$.
#
# At $(x, y, z) = (-2, 5, -4)$ the picture looks like this. Convince yourself of every number in it before
# you write code; for instance, the gradient of $x$ is the upstream $-4$ times the local 1.

# %% readonly="figure-product-of-sum"
viz.draw_graph(
    [
        ("x", "", (), -2, -4),
        ("y", "", (), 5, -4),
        ("z", "", (), -4, 3),
        ("q", "+", ("x", "y"), 3, -4),
        ("f", "×", ("q", "z"), -12, 1),
    ],
    title="f = (x + y) z",
)

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# The worked example above has both gates: its $q$ is a sum, its $p$ a product. Start at the end, with $f$.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# If $f = uv$ with $u = 3$ and $v = -4$, then moving $u$ by 0.01 moves $f$ by $-0.04$: the gradient of $u$
# is the *value* of $v$, and the other way round. Behind a sum $u = s + t$, moving $s$ moves $u$ just as
# much.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# Two lines for the product: $q$ gets the value of $z$, and $z$ that of $q$. Then two lines for the sum:
# $x$ and $y$ both get what $q$ got. Last, put the three that were asked for into a dict, by name.
#
# </details>


# %% answer="03_product_of_sum" formula="withheld"
def product_of_sum(x, y, z):
    """Return f = (x + y) z and its gradients.

    x, y, z: numbers.
    Returns (f, grads): f a number, grads a dict with the keys "x", "y" and "z".
    """
    ### BEGIN SOLUTION
    q = x + y
    f = q * z

    dq = z
    dz = q
    dx = dq
    dy = dq
    return f, {"x": dx, "y": dy, "z": dz}
    ### END SOLUTION


# %% readonly="03_self-check"
# Self-check
self_check(product_of_sum, values=(-12.0,), x=(-2.0, 0.7, -2.6), y=(5.0, 1.9, 0.4), z=(-4.0, -1.3, 1.7))

# %% graded="03_product_of_sum-values" points=5
# Graded
checks = Checks("1.3")
with checks("f at (-2, 5, -4) is -12", points=0.5):
    expect_close("f", product_of_sum(-2.0, 5.0, -4.0)[0], -12.0)
with checks("the gradients there are -4, -4 and 3", points=2):
    expect_close("grads", product_of_sum(-2.0, 5.0, -4.0)[1], {"x": -4.0, "y": -4.0, "z": 3.0})
### BEGIN HIDDEN TESTS
from course_lib.reference import flat

with checks("f at other points", points=0.5) as rng:
    x, y, z = (rng.uniform(1.0, 2.0, size=3) * [3e3, 5e2, -1e-3]).tolist()
    expect_close("f", product_of_sum(x, y, z)[0], (x + y) * z, rtol=1e-12)
with checks("the gradients at other points", points=2) as rng:
    x, y, z = (rng.uniform(1.0, 2.0, size=3) * [3e3, 5e2, -1e-3]).tolist()
    grads = product_of_sum(x, y, z)[1]
    compare(assert_parameters, product_of_sum, {"x": x, "y": y, "z": z}, truth=flat.product_of_sum)
    expect_close("grads", grads, {"x": z, "y": z, "z": x + y}, rtol=1e-12, atol=0)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 1.4 A sigmoid neuron, stage by stage (15 points, ★★, 25 minutes)
#
# A neuron with two inputs weighs them, adds a bias, and squashes the sum into $(0, 1)$:
#
# $$f(w_0, x_0, w_1, x_1, w_2) = \frac{1}{1 + e^{-(w_0 x_0 + w_1 x_1 + w_2)}} .$$
#
# Cut into elementary stages, it is a longer chain than before, and just as simple. These are the names to
# use:
#
# | stage | computes |
# |---|---|
# | `w0x0` | `w0` times `x0` |
# | `w1x1` | `w1` times `x1` |
# | `sum` | `w0x0` plus `w1x1` |
# | `dot` | `sum` plus `w2` |
# | `negated` | minus `dot` |
# | `exp` | the exponential of `negated` |
# | `plus_one` | `exp` plus 1 |
# | `reciprocal` | 1 divided by `plus_one` |
#
# You know the derivative of each. Those of the exponential and of $1/u$ want a second look: both depend on
# where they are, so the value of the stage has to be in the line, and forgetting it is the classic slip
# here.
#
# The values are drawn below; the gradients are for you to find. The last one is 1, as always: the output,
# differentiated with respect to itself.

# %% readonly="figure-sigmoid-neuron"
NEURON = {
    "w0": ("", ()),
    "x0": ("", ()),
    "w1": ("", ()),
    "x1": ("", ()),
    "w2": ("", ()),
    "w0x0": ("×", ("w0", "x0")),
    "w1x1": ("×", ("w1", "x1")),
    "sum": ("+", ("w0x0", "w1x1")),
    "dot": ("+", ("sum", "w2")),
    "negated": ("×(−1)", ("dot",)),
    "exp": ("exp", ("negated",)),
    "plus_one": ("+1", ("exp",)),
    "reciprocal": ("1/u", ("plus_one",)),
}


def draw_neuron(numbers, title):
    """Draw the graph of 1.4; `numbers` maps names to (value, gradient) or (value,)."""
    nodes = [(name, *gate, *numbers.get(name, ())[:2]) for name, gate in NEURON.items()]
    return viz.draw_graph(nodes, title=title, steps=any(len(node) > 4 for node in nodes[:-1]))


values = [2.0, -1.0, -3.0, -2.0, -3.0, -2.0, 6.0, 4.0, 1.0, -1.0, 0.3679, 1.3679]
numbers = {name: (value,) for name, value in zip(NEURON, values, strict=False)}
draw_neuron({**numbers, "reciprocal": (0.7311, 1.0)}, title="A sigmoid neuron")

# %% [markdown]
# **Predict, then run.** Look at the picture. If $w_0 = 2$ grows a little, will $f$ grow or shrink? That is
# the sign of its gradient, and you can tell it without computing anything.

# %%
predicted_sign = None  # +1 if f grows with w0, -1 if it shrinks

# %% readonly="predict-sign" title="Compare your prediction: does f grow with w0?"
before, after = (1 / (1 + np.exp(-(w0 * -1.0 + 6.0 - 3.0))) for w0 in (2.0, 2.001))
compare_prediction(
    predicted_sign,
    float(np.sign(after - before)),
    f"At w0 = 2 the value is {before:.6f}, at w0 = 2.001 it is {after:.6f}: w0 is multiplied by x0 = -1, "
    "and from there on everything that grows makes f grow.",
)

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Read the table from the bottom. Each row gives one backward line, a product gives two. Each line is the
# gradient of the stage you come from, times one local derivative.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# Take only the end, $f = 1/u$ with $u = 1.3679$. A step of 0.001 in $u$ moves $f$ by about $-0.000534$,
# so the gradient of `plus_one` is $-0.5344$. Adding 1 changes no slope: `exp` gets $-0.5344$ too. Now go
# on: how much does $e^v$ move when $v = -1$ moves by 0.001?
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# The local derivatives, from the bottom up: at $1/u$ it is $-1/u^2$; at plus one, 1; at the exponential,
# the exponential itself, $e^v = 0.3679$; at minus, $-1$; at both sums, 1 to each side; at the products, the
# other factor. Eight stages and five inputs make twelve lines, as the last gradient is 1 and needs none.
#
# </details>


# %% answer="04_sigmoid_neuron" formula="withheld"
def sigmoid_neuron(w0, x0, w1, x1, w2):
    """Return f = 1 / (1 + exp(-(w0 x0 + w1 x1 + w2))), its gradients, and what happened at every stage.

    w0, x0, w1, x1, w2: numbers.
    Returns (f, grads, stages):
      f: a number;
      grads: a dict with the keys "w0", "x0", "w1", "x1" and "w2";
      stages: a dict that maps each of the names "w0x0", "w1x1", "sum", "dot", "negated", "exp", "plus_one"
        and "reciprocal" to a pair (value, gradient), the gradient of f with respect to that stage.
    """
    ### BEGIN SOLUTION
    w0x0 = w0 * x0
    w1x1 = w1 * x1
    total = w0x0 + w1x1
    dot = total + w2
    negated = -dot
    exp = np.exp(negated)
    plus_one = exp + 1
    f = 1 / plus_one

    df = 1.0
    dplus_one = -1 / plus_one**2 * df
    dexp = dplus_one
    dnegated = exp * dexp
    ddot = -dnegated
    dtotal = ddot
    dw2 = ddot
    dw0x0 = dtotal
    dw1x1 = dtotal
    grads = {"w0": x0 * dw0x0, "x0": w0 * dw0x0, "w1": x1 * dw1x1, "x1": w1 * dw1x1, "w2": dw2}
    stages = {
        "w0x0": (w0x0, dw0x0),
        "w1x1": (w1x1, dw1x1),
        "sum": (total, dtotal),
        "dot": (dot, ddot),
        "negated": (negated, dnegated),
        "exp": (exp, dexp),
        "plus_one": (plus_one, dplus_one),
        "reciprocal": (f, df),
    }
    return f, grads, stages
    ### END SOLUTION


# %% [markdown]
# The next cell draws the graph again, with the numbers that *your* function found.


# %% readonly="figure-your-stages" title="Figure: your stages"
@once_written
def draw_your_stages():
    inputs = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}
    _, grads, stages = sigmoid_neuron(**inputs)
    numbers = {name: (value, grads.get(name)) for name, value in inputs.items()}
    return draw_neuron({**numbers, **stages}, title="A sigmoid neuron, your numbers")


draw_your_stages()

# %% readonly="stage-checks" title="What the self-check of the stages is written with"
STAGES = ("w0x0", "w1x1", "sum", "dot", "negated", "exp", "plus_one", "reciprocal")


def check_stages(measure, w0, x0, w1, x1, w2):
    """Raise AssertionError at the first stage whose value (forward) or gradient (backward) is wrong.

    `measure` is what gradients are measured with.
    """
    results = sigmoid_neuron(w0, x0, w1, x1, w2)
    three = isinstance(results, tuple | list) and len(results) == 3
    assert three, "sigmoid_neuron should return three results: f, grads and stages"
    stages = results[2]
    assert isinstance(stages, dict), "the third result should be the dict of stages"
    missing = [name for name in STAGES if name not in stages]
    assert not missing, f"stages has no {', '.join(missing)}"
    values = [w0 * x0, w1 * x1, w0 * x0 + w1 * x1, w0 * x0 + w1 * x1 + w2]
    values += [-values[-1], np.exp(-values[-1])]
    values += [values[-1] + 1, 1 / (values[-1] + 1)]
    for name, value in zip(STAGES, values, strict=True):
        pair = stages[name]
        two = isinstance(pair, tuple | list | np.ndarray) and np.size(pair) == 2
        assert two, f"stages['{name}'] should be a pair (value, gradient)"
        expect_close(f"forward, the first wrong stage is {name}: its value", pair[0], value, rtol=1e-7)

    def end(dot):
        return 1 / (1 + np.exp(-dot))

    # what becomes of the value of each stage until the end
    rest = (
        lambda u: end(u + w1 * x1 + w2),
        lambda u: end(u + w0 * x0 + w2),
        lambda u: end(u + w2),
        end,
        lambda u: end(-u),
        lambda u: 1 / (u + 1),
        lambda u: 1 / u,
        lambda u: u,
    )
    after = ""
    for name, value, of in reversed(list(zip(STAGES, values, rest, strict=True))):
        gradient = float(measure(lambda u, of=of: of(u[0]), np.array([value]))[0])
        says = f"backward, the first wrong stage is {name}: its gradient"
        try:
            expect_close(says, stages[name][1], gradient, rtol=1e-5, atol=1e-9)
        except AssertionError as error:
            line = f"look at the line that leads back from {after} to {name}: {after} is right"
            raise AssertionError(f"{error}\n{line}" if after else str(error)) from None
        after = name if name not in ("w0x0", "w1x1") else "sum"


# %% readonly="04_self-check"
# Self-check
checks = Checks()
measure, _ = ruler()
with checks("the stages at the point of the picture, values forward and gradients backward"):
    check_stages(measure, 2.0, -1.0, -3.0, -2.0, -3.0)
with checks("the stages at another point"):
    check_stages(measure, 0.7, 1.1, -0.4, 0.9, 0.3)
print(checks)
if all(outcome.status == "passed" for outcome in checks.outcomes):
    display(
        self_check(
            sigmoid_neuron,
            values=(0.7311,),
            w0=(2.0, 0.7, -1.6),
            x0=(-1.0, 1.1, 0.3),
            w1=(-3.0, -0.4, 0.8),
            x1=(-2.0, 0.9, 1.2),
            w2=(-3.0, 0.3, -0.6),
        )
    )

# %% graded="04_sigmoid_neuron-values" points=4
# Graded
checks = Checks("1.4")
with checks("the values at (2, -1, -3, -2, -3): dot 1, exp 0.3679, f 0.7311", points=2):
    f, grads, stages = sigmoid_neuron(2.0, -1.0, -3.0, -2.0, -3.0)
    expect_close("f", f, 0.7311, atol=5e-5)
    expected = {"dot": 1.0, "negated": -1.0, "exp": 0.3679, "plus_one": 1.3679, "reciprocal": 0.7311}
    for name, value in expected.items():
        expect_close(f"the value of stages['{name}']", stages[name][0], value, atol=5e-5)
### BEGIN HIDDEN TESTS
with checks("the value of every stage at other points", points=2) as rng:
    w0, x0, w1, x1, w2 = rng.normal(size=5).tolist()
    f, _, stages = sigmoid_neuron(w0, x0, w1, x1, w2)
    dot = w0 * x0 + w1 * x1 + w2
    expected = {
        "w0x0": w0 * x0,
        "w1x1": w1 * x1,
        "sum": w0 * x0 + w1 * x1,
        "dot": dot,
        "negated": -dot,
        "exp": np.exp(-dot),
        "plus_one": 1 + np.exp(-dot),
        "reciprocal": 1 / (1 + np.exp(-dot)),
    }
    for name, value in expected.items():
        expect_close(f"the value of stages['{name}']", stages[name][0], value, rtol=1e-12)
    expect_close("f", f, expected["reciprocal"], rtol=1e-12)
### END HIDDEN TESTS
checks.score()

# %% graded="04_sigmoid_neuron-stages" points=5
# Graded
checks = Checks("1.4")
with checks("back at the same point: plus_one and exp -0.5344, negated -0.1966, dot 0.1966", points=2):
    stages = sigmoid_neuron(2.0, -1.0, -3.0, -2.0, -3.0)[2]
    expected = {"reciprocal": 1.0, "plus_one": -0.5344, "exp": -0.5344, "negated": -0.1966, "dot": 0.1966}
    for name, gradient in expected.items():
        expect_close(f"the gradient of stages['{name}']", stages[name][1], gradient, atol=5e-5)
### BEGIN HIDDEN TESTS
from course_lib.reference import flat

with checks("the gradient at reciprocal, plus_one and exp, elsewhere", points=1) as rng:
    values = rng.normal(size=5).tolist()
    s = flat.sigmoid_neuron_grouped(*values)[0]
    stages = sigmoid_neuron(*values)[2]
    for name, gradient in {"reciprocal": 1.0, "plus_one": -(s**2), "exp": -(s**2)}.items():
        expect_close(f"the gradient of stages['{name}']", stages[name][1], gradient, rtol=1e-12)
with checks("the gradient at negated and dot, elsewhere", points=1) as rng:
    values = rng.normal(size=5).tolist()
    s = flat.sigmoid_neuron_grouped(*values)[0]
    stages = sigmoid_neuron(*values)[2]
    for name, gradient in {"negated": -(1 - s) * s, "dot": (1 - s) * s}.items():
        expect_close(f"the gradient of stages['{name}']", stages[name][1], gradient, rtol=1e-12)
with checks("the gradient at sum, w0x0 and w1x1, elsewhere", points=1) as rng:
    values = rng.normal(size=5).tolist()
    s = flat.sigmoid_neuron_grouped(*values)[0]
    stages = sigmoid_neuron(*values)[2]
    for name in ("sum", "w0x0", "w1x1"):
        expect_close(f"the gradient of stages['{name}']", stages[name][1], (1 - s) * s, rtol=1e-12)
### END HIDDEN TESTS
checks.score()

# %% graded="04_sigmoid_neuron-gradients" points=6
# Graded
checks = Checks("1.4")
with checks("at the same point: w0 -0.1966, x0 0.3932, w1 -0.3932, x1 -0.5898, w2 0.1966", points=2):
    grads = sigmoid_neuron(2.0, -1.0, -3.0, -2.0, -3.0)[1]
    expected = {"w0": -0.1966, "x0": 0.3932, "w1": -0.3932, "x1": -0.5898, "w2": 0.1966}
    expect_close("grads", grads, expected, atol=5e-5)
### BEGIN HIDDEN TESTS
from course_lib.reference import flat


def expected_gradients(w0, x0, w1, x1, w2):
    s = flat.sigmoid_neuron_grouped(w0, x0, w1, x1, w2)[0]
    slope = (1 - s) * s
    return {"w0": x0 * slope, "x0": w0 * slope, "w1": x1 * slope, "x1": w1 * slope, "w2": slope}


with checks("all five gradients at other points", points=2) as rng:
    # Where the sigmoid is nearly 0, an absolute error lets differences pass; nearly 1, (1 - s) is inexact.
    values = rng.uniform(0.5, 1.5, size=5) * rng.choice([-1.0, 1.0], size=5)
    inputs = dict(zip(("w0", "x0", "w1", "x1", "w2"), values.tolist(), strict=True))
    grads = compare(assert_parameters, sigmoid_neuron, inputs, truth=flat.sigmoid_neuron)
    expect_close("grads", grads, expected_gradients(**inputs), rtol=1e-12, atol=0)
with checks("exactly, whatever the scale of the inputs", points=2) as rng:
    values = (rng.uniform(0.5, 1.5, size=5) * [1e-4, 1e4, 1e3, -1e-3, 0.5]).tolist()
    expect_close("grads", sigmoid_neuron(*values)[1], expected_gradients(*values), rtol=1e-11, atol=0)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 1.5 The same neuron with a coarser gate (5 points, ★, 10 minutes)
#
# Four of the stages above, `negated`, `exp`, `plus_one` and `reciprocal`, together are one well-known
# function, the **sigmoid**
#
# $$\sigma(u) = \frac{1}{1 + e^{-u}} .$$
#
# Its derivative can be written with its own value. Differentiate, then split the fraction:
#
# $$\sigma'(u) = \frac{e^{-u}}{(1 + e^{-u})^2}
# = \frac{(1 + e^{-u}) - 1}{1 + e^{-u}} \cdot \frac{1}{1 + e^{-u}} = (1 - \sigma(u))\,\sigma(u) .$$
#
# So $\sigma$ can be a gate in its own right, and four backward lines become one: at $\sigma = 0.7311$ the
# local gradient is $(1 - 0.7311) \cdot 0.7311 = 0.1966$, what the four lines gave you. **The graph of a
# function is not unique.** You choose the gates; any cut into pieces whose derivative you know is a good
# one.

# %% readonly="figure-grouped-neuron"
viz.draw_graph(
    [
        ("w0", "", (), 2.0),
        ("x0", "", (), -1.0),
        ("w1", "", (), -3.0),
        ("x1", "", (), -2.0),
        ("w2", "", (), -3.0),
        ("w0x0", "×", ("w0", "x0"), -2.0),
        ("w1x1", "×", ("w1", "x1"), 6.0),
        ("sum", "+", ("w0x0", "w1x1"), 4.0),
        ("dot", "+", ("sum", "w2"), 1.0, 0.1966),
        ("f", "σ", ("dot",), 0.7311, 1.0),
    ],
    title="The same neuron, the sigmoid as one gate",
)

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Your backward pass of 1.4 from `dot` down to the inputs stays as it is. Only the way from $f$ to `dot` is
# shorter.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# With a single input, $f = \sigma(wx)$ at $w = 0$, $x = 3$: $\sigma = 0.5$, the local gradient is
# $0.5 \cdot 0.5 = 0.25$, and $w$ gets 0.25 times the other factor, 0.75.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# First the gradient of `dot`, from the value of $f$ alone. Then it reaches $w_2$ as it is, and every weight
# and every input times its partner: $w_0$ times $x_0$, $x_0$ times $w_0$, and so on.
#
# </details>


# %% answer="05_sigmoid_neuron_grouped" formula="given"
def sigmoid_neuron_grouped(w0, x0, w1, x1, w2):
    """Return f = sigmoid(w0 x0 + w1 x1 + w2) and its gradients, the sigmoid being one gate.

    w0, x0, w1, x1, w2: numbers.
    Returns (f, grads): f a number, grads a dict with the keys "w0", "x0", "w1", "x1" and "w2".
    """
    ### BEGIN SOLUTION
    dot = w0 * x0 + w1 * x1 + w2
    f = 1 / (1 + np.exp(-dot))

    ddot = (1 - f) * f
    return f, {"w0": x0 * ddot, "x0": w0 * ddot, "w1": x1 * ddot, "x1": w1 * ddot, "w2": ddot}
    ### END SOLUTION


# %% readonly="05_self-check"
# Self-check
self_check(
    sigmoid_neuron_grouped,
    values=(0.7311,),
    w0=(2.0, 0.7, -1.6),
    x0=(-1.0, 1.1, 0.3),
    w1=(-3.0, -0.4, 0.8),
    x1=(-2.0, 0.9, 1.2),
    w2=(-3.0, 0.3, -0.6),
)

# %% graded="05_sigmoid_neuron_grouped-values" points=5
# Graded
checks = Checks("1.5")
with checks("f at (2, -1, -3, -2, -3) is 0.7311", points=0.5):
    expect_close("f", sigmoid_neuron_grouped(2.0, -1.0, -3.0, -2.0, -3.0)[0], 0.7311, atol=5e-5)
with checks("the gradients there: -0.1966, 0.3932, -0.3932, -0.5898, 0.1966", points=2):
    grads = sigmoid_neuron_grouped(2.0, -1.0, -3.0, -2.0, -3.0)[1]
    expected = {"w0": -0.1966, "x0": 0.3932, "w1": -0.3932, "x1": -0.5898, "w2": 0.1966}
    expect_close("grads", grads, expected, atol=5e-5)
### BEGIN HIDDEN TESTS
from course_lib.reference import flat

with checks("f at other points", points=0.5) as rng:
    values = rng.normal(size=5).tolist()
    expect_close("f", sigmoid_neuron_grouped(*values)[0], flat.sigmoid_neuron_grouped(*values)[0], rtol=1e-12)
with checks("the gradients at other points", points=2) as rng:
    for scale in ([1.0] * 5, [1e-4, 1e4, 1e3, -1e-3, 0.5]):
        w0, x0, w1, x1, w2 = (rng.uniform(0.5, 1.5, size=5) * scale).tolist()
        inputs = {"w0": w0, "x0": x0, "w1": w1, "x1": x1, "w2": w2}
        grads = compare(assert_parameters, sigmoid_neuron_grouped, inputs, truth=flat.sigmoid_neuron_grouped)
        s = flat.sigmoid_neuron_grouped(**inputs)[0]
        slope = (1 - s) * s
        expected = {"w0": x0 * slope, "x0": w0 * slope, "w1": x1 * slope, "x1": w1 * slope, "w2": slope}
        expect_close("grads", grads, expected, rtol=1e-11, atol=0)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 1.6 Two paths into one variable (5 points, ★, 10 minutes)
#
# In $f(x_1, x_2) = x_1 x_2 + \sin x_2$ the variable $x_2$ is used twice. Moving it moves $f$ in two ways
# at once, and to first order the effects add. That is the multivariable chain rule:
#
# $$\frac{\partial f}{\partial x_2} =
# \underbrace{\frac{\partial f}{\partial p}\frac{\partial p}{\partial x_2}}_{\text{through } p = x_1 x_2} +
# \underbrace{\frac{\partial f}{\partial s}\frac{\partial s}{\partial x_2}}_{\text{through } s = \sin x_2} .$$
#
# Where a wire forks on the way forward, gradients **add** on the way back. In code: the first time you
# reach a variable you write `dx2 = ...`, every further time `dx2 += ...`. Writing `=` twice throws the
# first path away, and is one of the most common mistakes there is.
#
# In the picture, taken at $(3, 0)$, the small numbers at the arrow heads are what each gate sends back; 3
# and 1 meet at the fork and become 4. Go back step by step, and watch when the 4 appears: not before both
# have reported.

# %% readonly="figure-two-paths"
viz.draw_graph(
    [
        ("x1", "", (), 3, 0),
        ("x2", "", (), 0, 4),
        # the last entry: the gradient that the gate sends to each of its inputs
        ("p", "×", ("x1", "x2"), 0, 1, (0, 3)),
        ("s", "sin", ("x2",), 0, 1, (1,)),
        ("f", "+", ("p", "s"), 0, 1),
    ],
    title="f = x1 x2 + sin(x2)",
    steps=True,
)

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Three stages: a product, a sine, their sum. The sum hands its gradient, 1, to both. Which of the two
# reach $x_2$?
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# In $g(t) = 3t + t^2$, write $a = 3t$ and $b = t^2$. Through $a$, $t$ gets 3; through $b$ it gets $2t$;
# together $3 + 2t$, which is $g'(t)$. Had the second line replaced the first, it would say $2t$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# The product gives $x_1$ the value of $x_2$, and $x_2$ the value of $x_1$. The sine gives $x_2$ a cosine on
# top of that, with `+=`.
#
# </details>


# %% answer="06_sin_product" formula="withheld"
def sin_product(x1, x2):
    """Return f = x1 x2 + sin(x2) and its gradients.

    x1, x2: numbers.
    Returns (f, grads): f a number, grads a dict with the keys "x1" and "x2".
    """
    ### BEGIN SOLUTION
    product = x1 * x2
    sine = np.sin(x2)
    f = product + sine

    dx1 = x2
    dx2 = x1
    dx2 += np.cos(x2)
    return f, {"x1": dx1, "x2": dx2}
    ### END SOLUTION


# %% readonly="06_self-check"
# Self-check
self_check(sin_product, values=(0.0, -1.5542), x1=(3.0, 1.3, -0.8), x2=(0.0, -0.7, 2.1))

# %% graded="06_sin_product-values" points=5
# Graded
checks = Checks("1.6")
with checks("f at (3, 0) is 0, and at (2, 1) it is 2.8415", points=0.5):
    expect_close("f at (3, 0)", sin_product(3.0, 0.0)[0], 0.0)
    expect_close("f at (2, 1)", sin_product(2.0, 1.0)[0], 2.8415, atol=5e-5)
with checks("the gradients at (3, 0) are 0 and 4", points=2):
    expect_close("grads", sin_product(3.0, 0.0)[1], {"x1": 0.0, "x2": 4.0})
### BEGIN HIDDEN TESTS
from course_lib.reference import flat

with checks("f at other points", points=0.5) as rng:
    x1, x2 = rng.normal(size=2).tolist()
    expect_close("f", sin_product(x1, x2)[0], x1 * x2 + np.sin(x2), rtol=1e-12)
with checks("the gradients at other points", points=2) as rng:
    for scale in ([1.0, 1.0], [-3e3, 2.0]):
        x1, x2 = (rng.uniform(0.3, 1.2, size=2) * scale).tolist()
        grads = compare(assert_parameters, sin_product, {"x1": x1, "x2": x2}, truth=flat.sin_product)
        expect_close("grads", grads, {"x1": x2, "x2": x1 + np.cos(x2)}, rtol=1e-12, atol=0)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 1.7 Four patterns to know by sight (5 points, ★★, 15 minutes)
#
# After a few graphs you stop deriving and start recognising. Each kind of gate does one thing to the
# gradient that arrives from upstream:
#
# | gate | on the way back | why |
# |---|---|---|
# | add | **distributes** it, unchanged, to every input | each local derivative is 1 |
# | max | **routes** it to the larger input; 0 to the other | the smaller input does not matter |
# | multiply | **swaps and scales**: times the *other* input, to each | $\partial(xy)/\partial x = y$ |
# | copy (a fork) | **adds** what comes back from all its users | see 1.6 |
#
# Where its two inputs are equal, the maximum has a kink. Drag $x$ across one: below, $f = 3 \max(x, 1)$
# is level to the left of $x = 1$ and rises with slope 3 to the right. On the kink itself there are two
# slopes, and everything between them is as good an answer.


# %% readonly="figure-kink"
def largest_of_x_and_one(x):
    """Return the graph of 3 max(x, 1), with its values and gradients."""
    larger, slope = max(x, 1.0), 3.0 * (x > 1.0)
    return [
        ("x", "", (), x, slope),
        ("one", "", (), 1.0, 3.0 - slope),
        ("larger", "max", ("x", "one"), larger, 3.0),
        ("f", "×3", ("larger",), 3.0 * larger, 1.0),
    ]


viz.drag(largest_of_x_and_one, title="f = 3 max(x, 1)", x=(-1.0, 0.0, 0.5, 0.9, 1.0, 1.1, 1.5, 2.0, 3.0))

# %% [markdown]
# So at a tie, any split of the upstream gradient between the two, both shares at least 0, is accepted; what
# must be right is the sum of the shares. Giving the whole gradient to both, or none to either, is not.
#
# Here are the first three patterns in one graph, at $(x, y, z, w) = (3, -4, 2, -1)$. Check every gradient
# against the table:
#
# $$f(x, y, z, w) = 2\,(xy + \max(z, w)) .$$

# %% readonly="figure-patterns"
viz.draw_graph(
    [
        ("x", "", (), 3, -8),
        ("y", "", (), -4, 6),
        ("z", "", (), 2, 2),
        ("w", "", (), -1, 0),
        ("product", "×", ("x", "y"), -12, 2),
        ("larger", "max", ("z", "w"), 2, 2),
        ("total", "+", ("product", "larger"), -10, 2),
        ("f", "×2", ("total",), -20, 1),
    ],
    title="f = 2 (xy + max(z, w))",
)

# %% [markdown]
# **Predict, then run.** At that point, $y = -4$. Move it to $-3.99$ and leave the rest alone. By how much
# does $f$ change? Use the picture, no calculator.

# %%
predicted_change = None  # a number

# %% readonly="predict-change" title="Compare your prediction: y moves by 0.01"
before, after = (2 * (3.0 * y + max(2.0, -1.0)) for y in (-4.0, -3.99))
compare_prediction(
    predicted_change,
    round(after - before, 9),
    f"f goes from {before:g} to {after:g}: the gradient of y, 6, times the step, 0.01.",
)

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Four gates in the picture; give each stage a name, and go through them from the right. The table says what
# each gate does with the gradient that arrives.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# For $g(z, w) = 5 \max(z, w)$ at $(2, -1)$, a small step of $z$ moves $g$ five times as much, a small step
# of $w$ not at all: the gradients are 5 and 0. At $(-1, 2)$ they are 0 and 5. At $(2, 2)$, a step of both
# together moves $g$ five times as much, so the two shares make 5, not 10, and not 0.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# The factor 2 arrives at the sum, which hands it to both sides. Then $x$ gets $y$ times that, $y$ gets $x$
# times that. For $z$ and $w$, ask which is larger, with `>=` on one side and its opposite on the other, so
# that at a tie exactly one of them gets it.
#
# </details>


# %% answer="07_patterns" formula="withheld"
def patterns(x, y, z, w):
    """Return f = 2 (x y + max(z, w)) and its gradients.

    x, y, z, w: numbers.
    Returns (f, grads): f a number, grads a dict with the keys "x", "y", "z" and "w".
    """
    ### BEGIN SOLUTION
    product = x * y
    larger = max(z, w)
    total = product + larger
    f = 2 * total

    dtotal = 2.0
    dproduct = dtotal
    dlarger = dtotal
    dx = y * dproduct
    dy = x * dproduct
    dz = dlarger if z >= w else 0.0
    dw = 0.0 if z >= w else dlarger
    return f, {"x": dx, "y": dy, "z": dz, "w": dw}
    ### END SOLUTION


# %% readonly="07_self-check"
# Self-check
self_check(  # at the fourth point, z = w
    patterns,
    values=(-20.0,),
    x=(3.0, 0.7, -1.6, 0.9),
    y=(-4.0, 1.9, 0.3, -1.2),
    z=(2.0, -0.6, 1.4, 0.5),
    w=(-1.0, 0.8, 1.1, 0.5),
)

# %% graded="07_patterns-values" points=5
# Graded
checks = Checks("1.7")
with checks("f at (3, -4, 2, -1) is -20", points=0.5):
    expect_close("f", patterns(3.0, -4.0, 2.0, -1.0)[0], -20.0)
with checks("the gradients there are -8, 6, 2 and 0", points=1):
    expect_close("grads", patterns(3.0, -4.0, 2.0, -1.0)[1], {"x": -8.0, "y": 6.0, "z": 2.0, "w": 0.0})
### BEGIN HIDDEN TESTS
from course_lib.reference import flat

with checks("f at other points", points=0.5) as rng:
    for x, y, z, w in rng.normal(size=(9, 4)).tolist():
        expect_close("f", patterns(x, y, z, w)[0], 2 * (x * y + max(z, w)), rtol=1e-12)
with checks("the gradients at other points, z or w being the larger", points=2) as rng:
    x, y, low, high = (rng.uniform(1.0, 2.0, size=4) * [2e3, -1e-3, -1.0, 1.0]).tolist()
    for z, w in ((high, low), (low, high)):
        inputs = {"x": x, "y": y, "z": z, "w": w}
        grads = compare(assert_parameters, patterns, inputs, truth=flat.patterns)
        expected = {"x": 2 * y, "y": 2 * x, "z": 2.0 * (z > w), "w": 2.0 * (w > z)}
        expect_close("grads", grads, expected, rtol=1e-12, atol=0)
with checks("where z = w, the two shares add up to 2", points=1) as rng:
    x, y, z = rng.normal(size=3).tolist()
    grads = patterns(x, y, z, z)[1]
    expect_close("grads['z'] + grads['w']", grads["z"] + grads["w"], 2.0)
    assert 0 <= grads["z"] <= 2, f"the share of z should be between 0 and 2, yours is {grads['z']:.6g}"
    beside = patterns(x, y, z, z - 1)[1]["w"]
    assert np.isclose(beside, [0, 2]).any(), f"beside the tie, one gets all; yours gives w {beside:.6g}"
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 1.8 A formula nobody wants to differentiate on paper (10 points, ★★, 25 minutes)
#
# $$f(x, y) = \frac{x + \sigma(y)}{\sigma(x) + (x + y)^2}$$
#
# It has no use except this one: written out, its derivative fills lines, and with stages it is as easy as
# what you have done so far. Cut it into **at least eight stages**, give each a name, write the forward
# pass; then go through the list from the bottom, one line for each input of each stage. Mind the forks:
# $x$ is used three times, $y$ twice, and their gradients have to be added up.
#
# Here is one possible graph; another cut is as good.

# %% readonly="figure-rational"
viz.draw_graph(
    [
        ("x",),
        ("y",),
        ("sig_y", "σ", ("y",)),
        ("num", "+", ("x", "sig_y")),
        ("sig_x", "σ", ("x",)),
        ("total", "+", ("x", "y")),
        ("square", "u²", ("total",)),
        ("den", "+", ("sig_x", "square")),
        ("inverse", "1/u", ("den",)),
        ("f", "×", ("num", "inverse")),
    ],
    title="One graph for f",
)

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Every gate of the picture has occurred: sums and products in 1.3, $1/u$ in 1.4, $\sigma$ in 1.5, the fork
# in 1.6. New is only the square. Write one forward line per gate, then count: twelve wires lead into gates,
# and each of them hands one gradient back.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# A quotient is a product with a reciprocal. For $g = n/d$ take $i = 1/d$ and $g = n i$. Back: $n$ gets $i$,
# $i$ gets $n$, and $d$ gets what $i$ got times $-1/d^2$. At $n = 6$, $d = 2$: $n$ gets 0.5, $d$ gets
# $6 \cdot (-1/4) = -1.5$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# Start with the last product, as in hint 2. The denominator is a sum: $\sigma(x)$ and the square both get
# its gradient. The square hands on twice its base; the base $x + y$ gives that to $x$ *and* to $y$, their
# first contributions. Each sigmoid hands on $(1 - \sigma)\sigma$ times what it got, with its own value,
# added with `+=`. And the numerator's gradient goes to $x$ once more.
#
# </details>


# %% answer="08_rational" formula="withheld"
def rational(x, y):
    """Return f = (x + s(y)) / (s(x) + (x + y)^2), s being the sigmoid, and its gradients.

    x, y: numbers.
    Returns (f, grads): f a number, grads a dict with the keys "x" and "y".
    """
    ### BEGIN SOLUTION
    sig_y = 1 / (1 + np.exp(-y))
    num = x + sig_y
    sig_x = 1 / (1 + np.exp(-x))
    total = x + y
    square = total**2
    den = sig_x + square
    inverse = 1 / den
    f = num * inverse

    dnum = inverse
    dinverse = num
    dden = -(inverse**2) * dinverse
    dsig_x = dden
    dsquare = dden
    dtotal = 2 * total * dsquare
    dx = dtotal
    dy = dtotal
    dx += (1 - sig_x) * sig_x * dsig_x
    dx += dnum
    dsig_y = dnum
    dy += (1 - sig_y) * sig_y * dsig_y
    return f, {"x": dx, "y": dy}
    ### END SOLUTION


# %% readonly="08_self-check"
# Self-check
self_check(rational, values=(1.5456,), x=(3.0, 0.7, -1.2), y=(-4.0, 0.4, 2.3))

# %% graded="08_rational-values" points=3
# Graded
checks = Checks("1.8")
with checks("f at (3, -4) is 1.5456", points=1):
    expect_close("f", rational(3.0, -4.0)[0], 1.5456, atol=5e-5)
### BEGIN HIDDEN TESTS
from course_lib.reference import flat

with checks("f at other points", points=2) as rng:
    for scale in (1.0, 10.0):
        x, y = (scale * rng.uniform(-1.0, 1.0, size=2)).tolist()
        expect_close("f", rational(x, y)[0], flat.rational(x, y)[0], rtol=1e-11)
### END HIDDEN TESTS
checks.score()

# %% graded="08_rational-gradients" points=7
# Graded
checks = Checks("1.8")
with checks("the gradients at (3, -4) are 2.0596 and 1.5922", points=2):
    expect_close("grads", rational(3.0, -4.0)[1], {"x": 2.0596, "y": 1.5922}, atol=5e-5)
### BEGIN HIDDEN TESTS
from course_lib.reference import flat


def expected_gradients(x, y):
    s_x, s_y = (1 / (1 + np.exp(-u)) for u in (x, y))
    num, den = x + s_y, s_x + (x + y) ** 2
    slope_x, slope_y = s_x * (1 - s_x), s_y * (1 - s_y)
    return {
        "x": (den - num * (slope_x + 2 * (x + y))) / den**2,
        "y": (slope_y * den - num * 2 * (x + y)) / den**2,
    }


with checks("the gradient of x at other points", points=2) as rng:
    for scale in ([0.5, -0.5], [40.0, 15.0]):
        x, y = (rng.uniform(1.0, 1.5, size=2) * scale).tolist()
        grads = compare(assert_parameters, rational, {"x": x}, {"y": y}, truth=flat.rational)
        expect_close("grads['x']", grads["x"], expected_gradients(x, y)["x"], rtol=1e-11, atol=0)
with checks("the gradient of y at other points", points=2) as rng:
    for scale in ([0.5, -0.5], [40.0, 15.0]):
        x, y = (rng.uniform(1.0, 1.5, size=2) * scale).tolist()
        grads = compare(assert_parameters, rational, {"y": y}, {"x": x}, truth=flat.rational)
        expect_close("grads['y']", grads["y"], expected_gradients(x, y)["y"], rtol=1e-11, atol=0)
with checks("both for negative inputs", points=1) as rng:
    x, y = (rng.uniform(0.5, 1.0, size=2) * [-1.0, -2.0]).tolist()
    expect_close("grads", rational(x, y)[1], expected_gradients(x, y), rtol=1e-12, atol=0)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 1.9 The logistic loss, at any distance (10 points, ★★★, 25 minutes)
#
# From here on, variables are arrays, and nothing else changes. A gradient has the shape of its variable.
#
# A classifier says that an example $x$ is positive with probability $\sigma(w \cdot x)$, where
# $w \cdot x = \sum_i w_i x_i$. For an example that *is* positive, its loss is minus the logarithm of that
# probability:
#
# $$L = -\log \sigma(z), \qquad z = w \cdot x .$$
#
# **Derive the gradient yourself.** Two stages, and you have met both derivatives: go back from $L$ to $z$
# with a pencil, and simplify; something cancels. Then from $z$ to $w$. The figure shows what you should find
# for $z$, measured: a curve from $-1$ to 0.
#
# A confident mistake costs about $|z|$, as the figure shows. It is not infinite, yet a computer that
# follows the formula to the letter says so: far to the left, $\sigma(z)$ rounds to 0, and its logarithm
# is $-\infty$. So rewrite the loss before you compute it, until no exponential in it can exceed 1. Start
# from
#
# $$-\log \sigma(z) = \log(1 + e^{-z}),$$
#
# which is harmless for $z \ge 0$, and find for $z < 0$ what can be taken out of the logarithm. Take the same
# care with the gradient: $e^{-z}$ alone overflows at $z = -1000$, and $\infty / \infty$ is `nan`.

# %% readonly="figure-logistic-loss"
z = np.linspace(-8, 8, 200)
figure, axes = viz.new_figure(height=3.0)
axes[0, 0].plot(z, np.logaddexp(0, -z), "-", color="#0072b2", label="loss")
slopes = np.gradient(np.logaddexp(0, -z), z)
axes[0, 0].plot(z, slopes, "--", color="#d55e00", label="its derivative by z, measured")
axes[0, 0].set(xlabel="z = w · x", title="The logistic loss of a positive example")
axes[0, 0].legend(frameon=False)
viz.Picture(
    figure,
    "The logistic loss falls like -z on the left, passes 0.69 at z = 0 and levels off at 0 on the right; "
    "its derivative rises from -1 to 0.",
)

# %%
# What the formula to the letter gives, far from the boundary.
with np.errstate(over="ignore", divide="ignore"):
    print("-log(sigmoid(-1000)) =", -np.log(1 / (1 + np.exp(np.float64(1000.0)))), " where 1000 is right")

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# The derivative of $-\log u$ is $-1/u$, that of $\sigma$ stands in 1.5. Multiply the two: one factor of
# $\sigma$ goes.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# At $z = 0$ the loss is $\log 2$ and its slope $-0.5$; far to the right the slope is 0, far to the left
# $-1$: minus the probability that the classifier gave to the *wrong* answer. For $w$ and $x$ with a single
# entry, $z = wx$, a product: $w$ gets $x$ times the slope.
#
# As to size: $\log(1 + e^{1000}) = \log\bigl(e^{1000}(e^{-1000} + 1)\bigr) = 1000 + \log(1 + e^{-1000})$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# $\partial L / \partial z = -(1 - \sigma(z))$, and every $w_i$ gets $x_i$ times that. As
# $1 - \sigma(z) = \sigma(-z)$, you need a sigmoid that does not overflow: with $e^{-|z|}$ it has one form
# for each sign of $z$. For the loss,
#
# $$\log(1 + e^{-z}) = \max(0, -z) + \log\bigl(1 + e^{-|z|}\bigr) ,$$
#
# and `np.logaddexp(a, b)` computes $\log(e^a + e^b)$ in just this way.
#
# </details>


# %% answer="09_logistic_loss" formula="withheld"
def logistic_loss(w, x):
    """Return the loss -log(sigmoid(w . x)) and its gradient with respect to w.

    w, x: arrays of shape (D,), of floats or integers; they are left unchanged.
    Returns (loss, dw): loss a number, dw a float array of shape (D,); both are finite even at
    w . x = -1e4 and 1e4.
    """
    ### BEGIN SOLUTION
    z = np.dot(w, x)
    loss = np.logaddexp(0.0, -z)

    # 1 - sigmoid(z) = sigmoid(-z), and exp(-loss) = sigmoid(z) never overflows
    dz = -np.exp(-z - loss)
    return loss, dz * x
    ### END SOLUTION


# %% readonly="09_self-check"
# Self-check
checks = Checks()
far = np.array([100.0, 0.0])
with checks("w . x = -1e4: the loss is 1e4"):
    expect_close("loss", logistic_loss(far, np.array([-100.0, 3.0]))[0], 1e4)
with checks("w . x = 1e4: the loss is 0"):
    expect_close("loss", logistic_loss(far, np.array([100.0, 3.0]))[0], 0.0)
with checks("there dw is -x and 0"):
    expect_close("dw at -1e4", logistic_loss(far, np.array([-100.0, 3.0]))[1], np.array([100.0, -3.0]))
    expect_close("dw at 1e4", logistic_loss(far, np.array([100.0, 3.0]))[1], np.array([0.0, 0.0]))
with checks("integers: dw is half of -x at w . x = 0, and w and x are left unchanged"):
    w, x = np.array([2, -1]), np.array([1, 2])
    with expect_unchanged(w=w, x=x):
        expect_close("dw", logistic_loss(w, x)[1], np.array([-0.5, -1.0]))
print(checks)
self_check(
    by_name(logistic_loss, "w"),
    values=(0.3133,),
    w=(np.array([2.0, -3.0, -3.0]), np.array([0.4, -0.9]), np.array([1.3, 0.6, -0.8, 0.5])),
    fixed={"x": (np.array([-1.0, -2.0, 1.0]), np.array([1.7, 1.2]), np.array([0.9, -1.4, -0.3, 1.1]))},
)

# %% graded="09_logistic_loss-values" points=6
# Graded
checks = Checks("1.9")
with checks("w = [2, -3, -3], x = [-1, -2, 1]: z = 1, the loss is 0.3133", points=1):
    loss, _ = logistic_loss(np.array([2.0, -3.0, -3.0]), np.array([-1.0, -2.0, 1.0]))
    expect_close("loss", loss, 0.3133, atol=5e-5)
with checks("there dw is [0.2689, 0.5379, -0.2689]", points=1):
    _, dw = logistic_loss(np.array([2.0, -3.0, -3.0]), np.array([-1.0, -2.0, 1.0]))
    expect_close("dw", dw, np.array([0.2689, 0.5379, -0.2689]), atol=5e-5)
### BEGIN HIDDEN TESTS
from course_lib.reference import flat

with checks("the loss at other points, and for D = 1", points=1) as rng:
    for size in (1, 4):
        w, x = rng.normal(size=size), rng.normal(size=size)
        expected = flat.logistic_loss(w, x)[0]
        expect_close("loss", logistic_loss(w, x)[0], expected, rtol=1e-11)
with checks("dw at other points, and for D = 1", points=2) as rng:
    for size, scale in ((5, 1.0), (1, 1.0), (3, 1e3)):
        w, x = rng.normal(size=size) / scale, rng.normal(size=size) * scale
        yours, truth = by_name(logistic_loss, "w"), by_name(flat.logistic_loss, "w")
        with expect_unchanged(w=w, x=x):
            dw = compare(assert_parameters, yours, {"w": w}, {"x": x}, truth=truth)["w"]
        expect_close("dw", dw, -x / (1 + np.exp(np.sum(w * x))), rtol=1e-11)
with checks("integers, views with gaps, and inputs left unchanged", points=1) as rng:
    whole = rng.normal(size=(2, 6))
    for w, x in ((np.array([1, -2, 1]), np.array([2, 1, 1])), (whole[0, ::2], whole[1, ::-2])):
        with expect_unchanged(w=w, x=x, whole=whole):
            loss, dw = logistic_loss(w, x)
        expect_close("loss", loss, flat.logistic_loss(w, x)[0], rtol=1e-11)
        expect_close("dw", dw, -x / (1 + np.exp(np.sum(w * x))), rtol=1e-11)
### END HIDDEN TESTS
checks.score()

# %% graded="09_logistic_loss-extremes" points=4
# Graded
checks = Checks("1.9")
with checks("at w . x = -1e4 the loss is 1e4, at 1e4 it is 0", points=2):
    w = np.array([100.0, 0.0])
    expect_close("loss at -1e4", logistic_loss(w.copy(), np.array([-100.0, 3.0]))[0], 1e4)
    expect_close("loss at 1e4", logistic_loss(w, np.array([100.0, 3.0]))[0], 0.0)
with checks("there dw is -x and 0", points=1):
    w = np.array([100.0, 0.0])
    expect_close("dw at -1e4", logistic_loss(w.copy(), np.array([-100.0, 3.0]))[1], np.array([100.0, -3.0]))
    expect_close("dw at 1e4", logistic_loss(w, np.array([100.0, 3.0]))[1], np.array([0.0, 0.0]))
### BEGIN HIDDEN TESTS
with checks("loss and dw at other distances", points=1) as rng:
    for distance in (30.0, 800.0, 1e4, 1e6):
        for sign in (-1.0, 1.0):
            w = rng.uniform(0.5, 1.0, size=3)
            x = sign * distance * w / np.sum(w * w)
            expected = -x * np.exp(-np.logaddexp(0.0, sign * distance))
            loss, dw = logistic_loss(w, x)
            expect_close(f"loss at w . x = {sign * distance:g}", loss, np.logaddexp(0.0, -sign * distance))
            expect_close(f"dw at w . x = {sign * distance:g}", dw, expected, atol=1e-9)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 1.10 Linear regression on one example (5 points, ★, 10 minutes)
#
# A linear model predicts $w \cdot x + b$, and pays the square of its error:
#
# $$L = z^2, \qquad z = w \cdot x + b - y .$$
#
# **Derive it yourself**: first the gradient of $z$, then those of $w$ and $b$ from it. Note the shapes: $w$
# and $x$ are vectors, $b$ is a number, and so is its gradient.
#
# <details><summary>Hint 1: where to look</summary>
#
# A square, as in 1.8; a sum of three, the last one subtracted; and $w \cdot x$ as in 1.9. Only $w$ and $b$
# are asked for.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# With one weight, $w = 0.5$, $x = 1$, $b = 0.25$, $y = 3$: $z = -2.25$ and $L = 5.0625$. Move $b$ by 0.01:
# $z = -2.24$, $L = 5.0176$, which is 0.0449 less. So the gradient of $b$ is about $-4.5$. What has that to
# do with $z$? And if $x$ were 2, how much faster would $L$ change with $w$?
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# $\mathrm{d}z = 2z$. The sum hands it to $b$ unchanged, and to the product; there every $w_i$ gets $x_i$
# times it, so that the result is a vector of the shape of $w$.
#
# </details>


# %% answer="10_linear_regression" formula="withheld"
def linear_regression(w, b, x, y):
    """Return the loss (w . x + b - y)^2 and its gradients with respect to w and b.

    w, x: arrays of shape (D,), of floats or integers; they are left unchanged. b, y: numbers.
    Returns (loss, dw, db): loss a number, dw an array of shape (D,), db a number.
    """
    ### BEGIN SOLUTION
    z = np.dot(w, x) + b - y
    loss = z**2

    dz = 2 * z
    dw = dz * x
    db = dz
    return loss, dw, db
    ### END SOLUTION


# %% readonly="10_self-check"
# Self-check
self_check(
    by_name(linear_regression, "w", "b"),
    values=(6.4516, 18.0625),
    w=(np.array([0.7, 1.3, -0.4]), np.array([0.5, -1.0])),
    b=(-0.6, 0.25),
    fixed={"x": (np.array([-1.1, 0.3, 1.9]), np.array([1.0, 2.0])), "y": (0.8, 3.0)},
)

# %% graded="10_linear_regression-values" points=1
# Graded
checks = Checks("1.10")
with checks("w = [0.5, -1], b = 0.25, x = [1, 2], y = 3: z = -4.25, the loss is 18.0625", points=1):
    expect_close(
        "loss", linear_regression(np.array([0.5, -1.0]), 0.25, np.array([1.0, 2.0]), 3.0)[0], 18.0625
    )
checks.score()

# %% graded="10_linear_regression-gradients" points=4
# Graded
checks = Checks("1.10")
with checks("there dw is [-8.5, -17] and db is -8.5", points=1):
    _, dw, db = linear_regression(np.array([0.5, -1.0]), 0.25, np.array([1.0, 2.0]), 3.0)
    expect_close("dw", dw, np.array([-8.5, -17.0]))
    expect_close("db", db, -8.5)
### BEGIN HIDDEN TESTS
from course_lib.reference import flat


def random_inputs(rng, size):
    w, x = rng.uniform(1.0, 2.0, size=size) * 1e-2, rng.uniform(1.0, 2.0, size=size) * 1e2
    b, y = (rng.uniform(1.0, 2.0, size=2) * [1.0, -1.0]).tolist()
    return w, b, x, y


with checks("dw at other points, and for D = 1", points=1) as rng:
    for size in (1, 4):
        w, b, x, y = random_inputs(rng, size)
        yours, truth = by_name(linear_regression, "w", "b"), by_name(flat.linear_regression, "w", "b")
        with expect_unchanged(w=w, x=x):
            dw = compare(assert_parameters, yours, {"w": w}, {"b": b, "x": x, "y": y}, truth=truth)["w"]
        expect_close("dw", dw, 2 * (np.sum(w * x) + b - y) * x, rtol=1e-12, atol=0)
with checks("db at other points, and for D = 1", points=1) as rng:
    for size in (1, 4):
        w, b, x, y = random_inputs(rng, size)
        expected = 2 * (np.sum(w * x) + b - y)
        yours, truth = by_name(linear_regression, "w", "b"), by_name(flat.linear_regression, "w", "b")
        db = compare(assert_parameters, yours, {"b": b}, {"w": w, "x": x.copy(), "y": y}, truth=truth)["b"]
        expect_close("db", db, expected, rtol=1e-12, atol=0)
with checks("integers, views with gaps, and inputs left unchanged", points=1) as rng:
    whole = rng.normal(size=(2, 6))
    for w, x in ((np.array([1, -2, 1]), np.array([2, 1, 4])), (whole[0, ::2], whole[1, ::-2])):
        with expect_unchanged(w=w, x=x, whole=whole):
            _, dw, db = linear_regression(w, 0.25, x, 3)
        z = np.sum(w * x) + 0.25 - 3
        expect_close("dw", dw, 2 * z * x, rtol=1e-11)
        expect_close("db", db, 2 * z, rtol=1e-11)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 1.11 A two-layer network, flat (15 points, ★★★, 45 minutes)
#
# Now everything at once. A batch of $N$ examples stands in the rows of $X$, and the network turns every
# row into one score per class:
#
# $$A = X W_1 + b_1, \qquad H = \max(0, A), \qquad S = H W_2 + b_2 .$$
#
# The maximum, taken entry by entry, is called ReLU. Softmax makes probabilities of the scores, and the
# loss is the mean over the batch of minus the logarithm of the true class's probability:
#
# $$P_{nc} = \frac{e^{S_{nc}}}{\sum_k e^{S_{nk}}}, \qquad L = -\frac{1}{N} \sum_n \log P_{n, y_n} .$$

# %% readonly="figure-two-layer"
viz.draw_graph(
    [
        ("X", "", (), "(N, D)"),
        ("W1", "", (), "(D, H)"),
        ("b1", "", (), "(H,)"),
        ("W2", "", (), "(H, C)"),
        ("b2", "", (), "(C,)"),
        ("XW1", "@", ("X", "W1"), "(N, H)"),
        ("A", "+", ("XW1", "b1"), "(N, H)"),
        ("H", "ReLU", ("A",), "(N, H)"),
        ("HW2", "@", ("H", "W2"), "(N, C)"),
        ("S", "+", ("HW2", "b2"), "(N, C)"),
        ("L", "softmax loss", ("S",), "number"),
    ],
    title="A two-layer network and the shapes of its values",
)

# %% [markdown]
# **Predict, then run.** A new network with ten classes starts with all its weights at 0. What is its loss,
# whatever the data? (A number to know by heart: a loss that does not start there has a mistake in it.)

# %%
predicted_loss = None  # a number

# %% readonly="predict-loss" title="Compare your prediction: the first loss"
scores = np.zeros(10)
compare_prediction(
    predicted_loss,
    float(-np.log(np.exp(scores[0]) / np.exp(scores).sum())),
    "All scores are equal, so every class has the probability 1/10, and minus its logarithm is log 10.",
)

# %% [markdown]
# **Derive the backward pass yourself**, stage by stage. What you need to know about each:
#
# * **The loss.** Take one row, and write its loss with the scores: minus the score of the true class, plus
#   the logarithm of the sum of all exponentials. Differentiate by the score of the true class, then by that
#   of another. Both results can be written with $P$, and they are as simple as a gradient can be. Mind that
#   $L$ is a *mean* over the rows.
# * **Matrix product** $HW_2$. A multiply gate: each side gets the upstream gradient times the *other* side.
#   Write the shapes of $H$, $W_2$ and $\mathrm{d}S$ next to each other: there is only one product, with one
#   transpose, that has the shape of $W_2$, and only one that has the shape of $H$.
# * **Bias** $b_2$. It is copied to all $N$ rows. What does a copy do on the way back? The result has the
#   shape of $b_2$, $(C,)$, not $(1, C)$.
# * **ReLU.** A max gate whose other input is 0. (Where $A$ is exactly 0, either is accepted.)
#
# Softmax needs the same care as the logistic loss: $e^{1000}$ overflows. Subtracting each row's largest
# score from the row changes no probability, and leaves no exponential above 1. Compute the logarithm from
# the shifted scores too; the logarithm of a probability that was rounded to 0 is $-\infty$.
#
# This is the dress rehearsal for a whole assignment on two-layer networks, so leave yourself readable
# names.
#
# <details><summary>Hint 1: where to look</summary>
#
# Six forward lines: $A$, $H$, $S$, the shifted scores, $\log P$, the loss. Six gradients back: those of $S$,
# then of $W_2$, $b_2$ and $H$, then of $A$, and from it those of $W_1$ and $b_1$ exactly as in the second
# layer. `S[np.arange(N), y]` picks the true class's score out of each row.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# One row, two classes, scores $(0, 0)$, the true class is 0: $P = (0.5, 0.5)$. Raising score 0 by 0.01 lowers
# the loss by about 0.005, raising score 1 raises it by as much: the gradient is $(-0.5, 0.5)$. With scores
# $(2, 0)$, $P = (0.8808, 0.1192)$ and the gradient is $(-0.1192, 0.1192)$. A second row like it halves both,
# as the loss is the mean of the two.
#
# A product: if $H$ is $1 \times 2$, say $(3, 5)$, and $\mathrm{d}S$ is $(-0.5, 0.5)$, then $W_2$ is
# $2 \times 2$, and $\mathrm{d}W_2$ has the row $3 \cdot (-0.5, 0.5)$ above $5 \cdot (-0.5, 0.5)$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# Probabilities minus truth, averaged: $\mathrm{d}S = \frac{1}{N}(P - Y)$, where $Y_{nc}$ is 1 if
# $c = y_n$ and 0 otherwise. Then $\mathrm{d}W_2 = H^\top \mathrm{d}S$ and
# $\mathrm{d}H = \mathrm{d}S\, W_2^\top$; the gradient of $b_2$ is the sum of the rows of $\mathrm{d}S$;
# $\mathrm{d}A$ is $\mathrm{d}H$ where $A > 0$ and 0 elsewhere. The first layer is the second once more,
# with $X$ for $H$ and $\mathrm{d}A$ for $\mathrm{d}S$.
#
# </details>


# %% answer="11_flat_two_layer" formula="withheld"
def flat_two_layer(W1, b1, W2, b2, X, y):
    """Return the mean softmax loss of a two-layer ReLU network, and its gradients.

    W1: (D, H), b1: (H,), W2: (H, C), b2: (C,), X: (N, D), arrays of floats (X may hold integers);
    y: (N,), integers, the true class of each row, 0 <= y < C. All of them are left unchanged.
    Returns (loss, grads): loss a number, finite for scores of any size; grads a dict with the keys "W1",
    "b1", "W2" and "b2", each gradient of the shape of its parameter.
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(X))
    A = X @ W1 + b1
    H = np.maximum(A, 0)
    S = H @ W2 + b2
    shifted = S - S.max(axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_P[rows, y].mean()

    dS = np.exp(log_P)
    dS[rows, y] -= 1
    dS /= len(X)
    dW2 = H.T @ dS
    db2 = dS.sum(axis=0)
    dH = dS @ W2.T
    dA = dH * (A > 0)
    dW1 = X.T @ dA
    db1 = dA.sum(axis=0)
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
    ### END SOLUTION


# %% setup="two-layer-fixture"
def two_layer_inputs(rng, N, D, H, C):
    """Return a random network and batch as a dict with the keys W1, b1, W2, b2, X and y."""
    return {
        "W1": rng.normal(size=(D, H)) / np.sqrt(D),
        "b1": rng.normal(size=H),
        "W2": rng.normal(size=(H, C)) / np.sqrt(H),
        "b2": rng.normal(size=C),
        "X": rng.normal(size=(N, D)),
        "y": rng.integers(C, size=N),
    }


# %% readonly="11_self-check"
# Self-check
checks = Checks()
with checks("all weights 0, ten classes: the loss is log 10 = 2.3026"):
    empty = {"W1": np.zeros((2, 3)), "b1": np.zeros(3), "W2": np.zeros((3, 10)), "b2": np.zeros(10)}
    loss, _ = flat_two_layer(**empty, X=np.array([[1.0, 2.0], [3.0, -1.0]]), y=np.array([7, 0]))
    expect_close("loss", loss, np.log(10))
large = {"W1": np.array([[1.0, -1.0]]), "b1": np.zeros(2), "b2": np.zeros(2)}
large["W2"] = np.array([[1e4, -1e4], [-3e4, -2e4]])
with checks("a row with the scores 1e4 and -1e4, one with -3e4 and -2e4, both misjudged: the loss is 15000"):
    loss, grads = flat_two_layer(**large, X=np.array([[1.0], [-1.0]]), y=np.array([1, 0]))
    expect_close("loss", loss, 15000.0)
with checks("there, every gradient is finite"):
    grads = flat_two_layer(**large, X=np.array([[1.0], [-1.0]]), y=np.array([1, 0]))[1]
    for name, gradient in grads.items():
        assert np.all(np.isfinite(gradient)), f"grads['{name}'] should be finite for scores of 1e4"
net = two_layer_inputs(np.random.default_rng(1), N=5, D=4, H=6, C=3)
parameters = {name: net[name] for name in ("W1", "b1", "W2", "b2")}
with checks("one row with the scores 1e4 and -1e4, the true class is the second: db2 is [1, -1]"):
    large = {"W1": np.ones((1, 1)), "b1": np.zeros(1), "W2": np.array([[1e4, -1e4]]), "b2": np.zeros(2)}
    grads = flat_two_layer(**large, X=np.ones((1, 1)), y=np.array([1]))[1]
    expect_close("grads['b2']", np.ravel(grads["b2"]), np.array([1.0, -1.0]))
with checks("nothing that was passed in is changed"), expect_unchanged(**net):
    flat_two_layer(**net)
print(checks)
compare(check_parameters, flat_two_layer, deepcopy(parameters), deepcopy(net))

# %% graded="11_flat_two_layer-loss" points=4
# Graded
checks = Checks("1.11")
with checks("with all weights 0 and 3 classes, the loss is log 3 = 1.0986", points=1):
    X, y = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([2, 0])
    loss, _ = flat_two_layer(np.zeros((2, 4)), np.zeros(4), np.zeros((4, 3)), np.zeros(3), X, y)
    expect_close("loss", loss, 1.0986, atol=5e-5)
### BEGIN HIDDEN TESTS
from course_lib.reference import flat

with checks("the loss of other networks, and for N = 1", points=2) as rng:
    for N in (5, 1):
        net = two_layer_inputs(rng, N=N, D=4, H=6, C=3)
        for X in (net["X"], rng.integers(-3, 4, size=(N, 4))):
            net["X"] = X
            expected = flat.flat_two_layer(**net)[0]
            expect_close(f"loss for N = {N}", flat_two_layer(**deepcopy(net))[0], expected, rtol=1e-11)
with checks("the loss is right for scores of 1e4", points=1) as rng:
    net = two_layer_inputs(rng, N=7, D=3, H=5, C=4)
    net["W2"] *= 1e4
    expected = flat.flat_two_layer(**net)[0]
    expect_close("loss", flat_two_layer(**net)[0], expected, rtol=1e-11)
### END HIDDEN TESTS
checks.score()

# %% graded="11_flat_two_layer-second-layer" points=4
# Graded
checks = Checks("1.11")
with checks("one example, scores 0 and 0, the true class is 0: db2 is [-0.5, 0.5], dW2 [[-1, 1]]", points=1):
    W1, b1, W2, b2 = np.array([[1.0]]), np.zeros(1), np.zeros((1, 2)), np.zeros(2)
    grads = flat_two_layer(W1, b1, W2, b2, X=np.array([[2.0]]), y=np.array([0]))[1]
    expect_close("grads", grads, {"b2": np.array([-0.5, 0.5]), "W2": np.array([[-1.0, 1.0]])})
### BEGIN HIDDEN TESTS
from course_lib.reference import flat

with checks("W2 in other networks, and for N = 1", points=1.5) as rng:
    for N in (5, 1):
        net = two_layer_inputs(rng, N=N, D=4, H=6, C=3)
        with expect_unchanged(**net):
            grads = compare(
                assert_parameters, flat_two_layer, {"W2": net["W2"]}, net, truth=flat.flat_two_layer
            )
        expect_close("grads['W2']", grads["W2"], flat.flat_two_layer(**net)[1]["W2"], rtol=1e-12, atol=1e-14)
with checks("b2 in other networks, and for N = 1", points=1.5) as rng:
    for N in (5, 1):
        net = two_layer_inputs(rng, N=N, D=4, H=6, C=3)
        with expect_unchanged(**net):
            grads = compare(
                assert_parameters, flat_two_layer, {"b2": net["b2"]}, net, truth=flat.flat_two_layer
            )
        expect_close("grads['b2']", grads["b2"], flat.flat_two_layer(**net)[1]["b2"], rtol=1e-12, atol=1e-14)
### END HIDDEN TESTS
checks.score()

# %% graded="11_flat_two_layer-first-layer" points=4
# Graded
checks = Checks("1.11")
with checks("two hidden units, the second one asleep: dW1 is [[-1, 0]], db1 is [-0.5, 0]", points=1):
    W1, b1 = np.array([[1.0, -1.0]]), np.zeros(2)
    W2, b2 = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([2.0, 0.0])
    grads = flat_two_layer(W1, b1, W2, b2, X=np.array([[2.0]]), y=np.array([1]))[1]
    expect_close("grads", grads, {"W1": np.array([[-1.0, 0.0]]), "b1": np.array([-0.5, 0.0])})
### BEGIN HIDDEN TESTS
from course_lib.reference import flat

with checks("W1 in other networks, and for N = 1", points=1.5) as rng:
    for N in (5, 1):
        net = two_layer_inputs(rng, N=N, D=4, H=6, C=3)
        with expect_unchanged(**net):
            grads = compare(
                assert_parameters, flat_two_layer, {"W1": net["W1"]}, net, truth=flat.flat_two_layer
            )
        expect_close("grads['W1']", grads["W1"], flat.flat_two_layer(**net)[1]["W1"], rtol=1e-12, atol=1e-14)
with checks("b1 in other networks, and for N = 1", points=1.5) as rng:
    for N in (5, 1):
        net = two_layer_inputs(rng, N=N, D=4, H=6, C=3)
        with expect_unchanged(**net):
            grads = compare(
                assert_parameters, flat_two_layer, {"b1": net["b1"]}, net, truth=flat.flat_two_layer
            )
        expect_close("grads['b1']", grads["b1"], flat.flat_two_layer(**net)[1]["b1"], rtol=1e-12, atol=1e-14)
### END HIDDEN TESTS
checks.score()

# %% graded="11_flat_two_layer-care" points=3
# Graded
checks = Checks("1.11")
with checks("scores of 1e4: every gradient is finite; for one example, db2 is [1, -1]", points=1):
    net = two_layer_inputs(np.random.default_rng(2), N=4, D=3, H=5, C=2)
    net["W2"] *= 1e4
    grads = flat_two_layer(**net)[1]
    for name in ("W1", "b1", "W2", "b2"):
        assert np.all(np.isfinite(grads[name])), f"grads['{name}'] should be finite for scores of 1e4"
    W1, b1, W2, b2 = np.array([[1.0]]), np.zeros(1), np.array([[1e4, -1e4]]), np.zeros(2)
    grads = flat_two_layer(W1, b1, W2, b2, X=np.array([[1.0]]), y=np.array([1]))[1]
    expect_close("grads['b2']", np.ravel(grads["b2"]), np.array([1.0, -1.0]))
### BEGIN HIDDEN TESTS
from course_lib.reference import flat

with checks("exactly, for scores of 1e4 and for data of 1e3 with weights of 1e-3", points=1) as rng:
    for data, first, second in ((1.0, 1.0, 1e4), (1e3, 1e-3, 1.0)):
        net = two_layer_inputs(rng, N=6, D=3, H=5, C=4)
        net = {**net, "X": net["X"] * data, "W1": net["W1"] * first, "W2": net["W2"] * second}
        expected = flat.flat_two_layer(**net)[1]
        expect_close("grads", flat_two_layer(**net)[1], expected, rtol=1e-10)
with checks("integers in X, views with gaps, and inputs left unchanged", points=1) as rng:
    net = two_layer_inputs(rng, N=6, D=3, H=5, C=4)
    wide = rng.normal(size=(12, 8))
    net["W1"], net["W2"] = wide[:5, :3].T, wide[::2, ::2][:5]
    for X in (wide[::2, 5:], rng.integers(-3, 4, size=(6, 3))):
        net["X"] = X
        with expect_unchanged(wide=wide, **net):
            grads = flat_two_layer(**net)[1]
        expect_close("grads", grads, flat.flat_two_layer(**net)[1], rtol=1e-12, atol=1e-14)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 1.12 In your own words (10 points, ★★, 20 minutes)
#
# 1. (4 points) You could have written down the derivative of 1.8, or of the two-layer network, as one
#    formula on paper, and then typed it in. Give two reasons for differentiating a graph instead.
# 2. (6 points) Go through the backward pass of your function `patterns` in 1.7, line by line. For each
#    line, name the gate it belongs to and say what that gate does with the gradient that arrives. Which
#    of the four patterns of the table does not occur in 1.7, and in which exercise did you need it?

# %% [markdown] written="12_written" points=10
# ### BEGIN SOLUTION
# 1. On a graph, every step is local: each gate needs only its own derivative and the upstream gradient,
#    so a long formula is no harder than a short one, and a mistake can be found by looking at one gate at
#    a time. Intermediate results are shared: what has been computed on the way forward ($\sigma(x)$,
#    $x + y$, the hidden layer) and the gradients common to several inputs are used again, whereas the
#    written-out formula repeats them, and grows quickly with every nested step. The same few gates serve
#    for any formula, so the procedure can be programmed once; and one backward pass gives the gradients
#    of all inputs, for about the cost of the forward pass. The graph also lets us choose stable forms,
#    gate by gate.
# 2. From the end to the beginning:
#    * `dtotal = 2`: multiplication by the constant 2; scales the arriving gradient, 1, by 2.
#    * `dproduct = dtotal`, `dlarger = dtotal`: the add gate; distributes the gradient unchanged to both
#      inputs.
#    * `dx = y * dproduct`, `dy = x * dproduct`: the multiply gate; swaps and scales, each input gets the
#      gradient times the other input's value.
#    * `dz`, `dw`: the max gate; routes all of it to the larger input, and 0 to the other.
#
#    The copy, which adds the gradients of its users, does not occur: every variable in 1.7 is used once.
#    It was needed in 1.6 for $x_2$ (and in 1.8 for $x$ and $y$; in 1.11 for the biases).
#
# **Rubric** (10 points)
# * Question 1, 4 points: 2 for each valid reason with an explanation, at most two; 1 for a reason that is
#   only named. Valid are: locality or ease of checking; sharing of intermediate results; formulas that
#   grow out of hand; one procedure for any formula; all gradients in one pass; numerical stability chosen
#   gate by gate.
# * Question 2, 6 points: 1 for the factor 2, 1 for the add gate, 1 for the multiply gate, 1 for the max
#   gate, each only if what happens to the gradient is said; 1 for the copy; 1 for an exercise in which it
#   occurs. An answer that follows the student's own cut into stages (say, without a separate line for the
#   sum) counts in full.
# ### END SOLUTION

# %% [markdown]
# ## What to take along
#
# * Cut the computation into stages whose derivative you know. Which stages is up to you.
# * Backwards, every stage multiplies the gradient that arrives by its own local derivative, and passes it
#   on.
# * Where a value is used more than once, what comes back adds up.
# * A gradient has the shape of its variable.
# * Check with measured gradients, always. A loss that falls is no proof.
#
# You may have noticed that the backward lines for a sum, a product or a sigmoid are the same wherever
# they occur. The next assignment turns each of them into an object, a *gate*, and lets the computer walk
# the list.
