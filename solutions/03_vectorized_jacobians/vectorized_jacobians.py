# %% [markdown]
# # Vectorized Jacobian tricks
#
# Networks compute with arrays: a whole batch goes in, a whole matrix of scores comes out. The derivative
# of one array by another has an entry for every pair of their entries, and for a single layer of ordinary
# size it would not fit into your computer. Backpropagation never needs it. It needs that derivative only
# *multiplied by a vector*, and the product is small, quick, and usually one line of NumPy.
#
# In this notebook you form such derivatives, the Jacobians, just once each, at a size that you can look
# at. From what you see you read off the one line, and from then on you never form them again. What you need
# is the chain rule, sums with indices, and a little NumPy.
#
# | exercise | what you do | stars | minutes | builds on | may be skipped? |
# |---|---|---|---|---|---|
# | 3.1 | say what shape a derivative has | ★ | 10 | | no |
# | 3.2 | measure a Jacobian, and tell when measuring fails | ★★ | 35 | 3.1 | no |
# | 3.3 | ReLU: a Jacobian full of zeros | ★ | 15 | 3.1 | no |
# | 3.4 | a small graph with a matrix in it | ★★ | 25 | 3.3 | |
# | 3.5 | the matrix product | ★★★ | 40 | 3.4 | no |
# | 3.6 | what the trick saves | ★ | 10 | 3.5 | |
# | 3.7 | from one row to a batch | ★★ | 20 | 3.4 | |
# | 3.8 | undo the broadcasting | ★★ | 25 | 3.1 | |
# | 3.9 | a loss that looks too hard | ★★★ | 45 | 3.3, 3.7 | if assignment 4 follows, which has it too |
# | 3.10 | from which end to multiply | ★ | 15 | 3.1 | |
# | 3.11 | in your own words | ★★ | 15 | 3.5, 3.10 | |
#
# "Builds on" means the idea, never the code: a slip costs its own exercise and no other. Altogether this
# takes some four hours; the minutes are for a first encounter, and nobody is counting.
#
# **How the notebook works**
#
# * You write where a cell says `raise NotImplementedError("not written yet")`. Replace that line.
# * Most formulas are not printed above the box: you get the forward pass, the shapes and an idea, and find
#   the rest. Before each box stand three **hints**, folded. The first says where to look, the second shows
#   the idea in a smaller case, the third says all but the line. Open them one at a time, when you have been
#   stuck for a while; they cost nothing.
# * Now and then you are asked to **predict** a number before you run a cell. Nobody sees it but you, and a
#   wrong guess is the one you learn from.
# * After each function comes a *self-check*. It compares your gradients with numerical ones and, when
#   they differ, says where, by how much and, if it can tell, why. It is worth no points; run it as often
#   as you like.
# * Then come the graded cells. They show the numbers you can check by hand. Grading runs more checks than
#   you see here, with other numbers and other shapes.
# * How far are you? `import course_lib` and then `course_lib.progress()`, in a cell of your own, show a
#   table of all the checks you can see.
#
# There are 100 points: 95 are graded by the cells below, 5 by a person. The set-up cells hold what
# the checks are written with; run them, you need not read them.

# %% setup="imports"
import tracemalloc

import numpy as np

from course_lib import assert_vjp, check_vjp, viz
from course_lib.grading import (
    Checks,
    compare_prediction,
    expect_close,
    expect_raises,
    expect_shape,
    expect_unchanged,
    once_written,
)


def contract(dy, jacobian):
    """Return the upstream gradient times a full Jacobian: the sum of dy[i] * jacobian[i, j] over i.

    dy: an array of the shape of y; jacobian: of shape y.shape + x.shape. Returns an array of the shape of x.
    """
    return np.tensordot(dy, jacobian, axes=np.ndim(dy))


def expect_tuple(name, actual, expected):
    """Raise AssertionError unless `actual` is the tuple (or list) `expected` of numbers."""
    if not isinstance(actual, tuple | list):
        kind = type(actual).__name__
        raise AssertionError(f"{name} should be the tuple {expected}, yours is of the type {kind}")
    if tuple(actual) != expected:
        raise AssertionError(f"{name} should be {expected}, yours is {tuple(actual)}")


def compare(check, function, forward, backward, **inputs):
    """Compare the gradients from `backward(*inputs, dy)` with numerical gradients of `forward(*inputs)`.

    `check` is `check_vjp`, which reports, or `assert_vjp`, which raises; `function` is what is under check,
    and what `backward` calls: the report speaks of it, and of its first wrong line.
    """

    def called(dy, cache):
        return backward(*cache, dy)

    called.__name__ = getattr(function, "__name__", "function")
    called.around = function
    return check(forward, called, *inputs.values(), names=tuple(inputs))


def expect_gradient(name, actual, expected, function, forward, backward, rtol=1e-11, **inputs):
    """Raise AssertionError unless the gradient `actual` is `expected`; the checker says why, if it can tell.

    The arguments from `function` on are those of `compare`.
    """
    try:
        expect_close(name, actual, expected, rtol=rtol)
    except AssertionError:
        compare(assert_vjp, function, forward, backward, **inputs)
        raise


def expect_like(names, found, *variables):
    """Raise AssertionError unless `found` is one array for each of the variables, of its shape."""
    expect_close(names, found, tuple(np.zeros_like(x, dtype=float) for x in variables), atol=np.inf)


REASONS = ("float32", "step too small", "step too large", "kink", "wrong derivative")


def expect_small(name, call, most):
    """Raise AssertionError if `call()` takes more than `most` bytes of memory on its way."""
    tracemalloc.start()
    try:
        call()
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    if taken > most:
        raise AssertionError(
            f"{name} took {taken:,} bytes on its way, more than {most:,}: it seems to form a Jacobian"
        )


def fresh(*arrays):
    """Return copies, so that changing an argument costs the check that looks for it, and no other."""
    return [np.copy(array) for array in arrays]


# %% [markdown]
# ## 3.1 What shape has a derivative? (5 points, ★, 10 minutes)
#
# Let $y$ be computed from $x$. How $y$ reacts to a small step in $x$ depends on which entry of $x$ moves,
# and which entry of $y$ you look at: one number for each pair,
#
# $$\left(\frac{\partial y}{\partial x}\right)_{ij} = \frac{\partial y_i}{\partial x_j} .$$
#
# This is the **Jacobian**. The index $i$ of the output comes first, the index $j$ of the input second.
# When $y$ is a matrix, $i$ stands for two numbers, and so does $j$ when $x$ is one; so in general
#
# > $\partial y / \partial x$ has the shape `y.shape + x.shape`.
#
# This convention is called the *numerator layout*, and it holds in the whole notebook. Some lectures and
# books write the transpose, with the input's index first; nothing changes but the order of the factors in
# products.
#
# Two special cases are worth a thought. When both are vectors, the Jacobian is the matrix that you know.
# And when $y$ is a single number, such as a loss $L$, its shape is `()`, so $\partial L / \partial x$ has
# the shape of $x$: **the gradient of a scalar always has the variable's own shape.**


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# The sentence in the box above, and then nothing but tuples. What does `+` do with two tuples?
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# A vector of 2 by a vector of 3 has $2 \cdot 3$ entries, one for each pair: the shape is `(2, 3)`. A
# number by a vector of 3 has 3, and the shape is `(3,)`: the empty tuple adds nothing.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# The axes of the output, followed by the axes of the input, in one tuple. No case needs an `if`.
#
# </details>


# %% answer="01_derivative_shape" formula="given"
def derivative_shape(y_shape, x_shape):
    """Return the shape of the derivative of y with respect to x, a tuple.

    y_shape, x_shape: tuples of integers, the shapes of y and x; () is the shape of a number.
    """
    ### BEGIN SOLUTION
    return y_shape + x_shape
    ### END SOLUTION


# %% readonly="01_self-check"
checks = Checks()
with checks("a vector of 5 by a number"):
    expect_tuple("the shape", derivative_shape((5,), ()), (5,))
with checks("a (2, 3) matrix by a vector of 7"):
    expect_tuple("the shape", derivative_shape((2, 3), (7,)), (2, 3, 7))
with checks("a number by a vector of 7: the gradient has the shape of the vector"):
    expect_tuple("the shape", derivative_shape((), (7,)), (7,))
print(checks)

# %% graded="01_derivative_shape-values" points=5
checks = Checks("3.1")
with checks(
    "a loss L by a (3, 4) matrix W: dL/dW has the shape of W; but where y has axes, they count", points=1
):
    expect_tuple("the shape of dL/dW", derivative_shape((), (3, 4)), (3, 4))
    shape = derivative_shape((2,), (3,))
    assert len(shape) == 2, f"a vector by a vector has two axes, yours has the shape {shape}"
with checks("a vector of 4 by a vector of 3: a matrix with a row for each output", points=1):
    expect_tuple("the shape of dy/dx", derivative_shape((4,), (3,)), (4, 3))
with checks("a (2, 4) matrix by a (2, 3) matrix: four indices", points=1):
    expect_tuple("the shape of dy/dx", derivative_shape((2, 4), (2, 3)), (2, 4, 2, 3))
### BEGIN HIDDEN TESTS
with checks("numbers, axes of length 1, and more axes", points=2) as rng:
    a, b, c, d = rng.integers(2, 9, size=4).tolist()
    for y_shape, x_shape, expected in (
        ((), (), ()),
        ((a,), (), (a,)),
        ((1,), (b, 1), (1, b, 1)),
        ((a, b, c), (d,), (a, b, c, d)),
        ((c,), (d, a, b), (c, d, a, b)),
    ):
        expect_tuple(f"the shape for {y_shape} by {x_shape}", derivative_shape(y_shape, x_shape), expected)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 3.2 A Jacobian you can measure (10 points, ★★, 35 minutes)
#
# Before you derive Jacobians, have a way of measuring them that is too simple to be wrong. You know the
# **central difference** of a function of one number: step to both sides, and divide rise by run. Here, step
# to both sides of *one entry* of $x$ and look at how *all* of $y$ responds. That gives the derivatives of
# every output with respect to the one input $x_j$: a whole column of the Jacobian, `jacobian[..., j]`.
# The index $j$ may be a pair or a triple; `np.ndindex(x.shape)` goes through them all. The error is of
# order $h^2$, where a step to one side only would leave one of order $h$.
#
# For example, $f(x) = (x_0 x_1,\; x_0^2,\; 5 x_1)$ at $x = (2, 3)$. Its three outputs give the rows, its
# two inputs the columns:
#
# $$\frac{\partial y}{\partial x} = \begin{pmatrix} x_1 & x_0 \\ 2 x_0 & 0 \\ 0 & 5 \end{pmatrix}
# = \begin{pmatrix} 3 & 2 \\ 4 & 0 \\ 0 & 5 \end{pmatrix} .$$
#
# Two things go wrong easily. An array of integers has no room for $3 + 10^{-5}$: assigning it cuts it
# back to 3, without a word. And `x` belongs to the caller, who expects to find it as it was, to the last
# bit.


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# A loop over the entries of `x`. In each turn two calls of `f`, at two *new* arrays, and one column of the
# result. The shape of the result is known from 3.1.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# At $x = (2, 3)$ in the example with $h = 0.1$, entry 0: $f(2.1, 3) = (6.3, 4.41, 15)$ and
# $f(1.9, 3) = (5.7, 3.61, 15)$. Their difference, $(0.6, 0.8, 0)$, over 0.2 is $(3, 4, 0)$: column 0.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# $$\frac{\partial y}{\partial x_j} \approx \frac{f(x + h e_j) - f(x - h e_j)}{2h},$$
#
# where $e_j$ is an array of zeros like $x$ with a 1 at entry $j$. Make $x$ an array of floats first.
# Either fill `jacobian[..., *index]`, or collect the columns, stack them along a last axis and give the
# whole thing its shape. What `f` returns may be a plain number: `np.shape` knows the shape of that too.
#
# </details>


# %% answer="02_numerical_jacobian" formula="withheld"
def numerical_jacobian(f, x, h=1e-5):
    """Return the Jacobian of `f` at `x` by central differences with step `h`.

    f: a function that takes an array of the shape of x and returns an array or a number;
    x: an array of any shape, of floats or integers; it is left unchanged.
    Returns a float array of shape y.shape + x.shape, where y = f(x); a number y has the shape ().
    """
    ### BEGIN SOLUTION
    x = np.array(x, dtype=float)
    columns = []
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = h
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns, axis=-1).reshape(np.shape(columns[0]) + x.shape)
    ### END SOLUTION


# %% readonly="02_self-check"
checks = Checks()
with checks("a linear map is its own Jacobian"):
    A = np.array([[1.0, -2.0], [0.5, 4.0], [3.0, 0.0]])
    expect_close("jacobian", numerical_jacobian(lambda t: A @ t, np.array([0.3, -0.7])), A, rtol=1e-8)
with checks("the sines of a (2, 3) matrix: shape (2, 3, 2, 3)"):
    x = np.array([[0.0, 0.5, 1.0], [1.5, 2.0, 2.5]])
    jacobian = numerical_jacobian(np.sin, x)
    expected = np.diag(np.cos(x).ravel()).reshape(2, 3, 2, 3)
    expect_close("jacobian", jacobian, expected, atol=1e-8)
with checks("x is left as it was, to the last bit"):
    x = np.array([0.1, 0.7, 123.456])
    with expect_unchanged(x=x):
        numerical_jacobian(lambda t: 2 * t, x)
with checks("the difference is central, with the step h: cubes, h = 0.1"):
    jacobian = numerical_jacobian(lambda t: t**3, np.array([1.0, 2.0]), h=0.1)
    expect_close("jacobian", jacobian, np.diag([3.01, 12.01]), rtol=1e-9, atol=1e-9)
with checks("integers are not cut off: half of each entry"):
    expect_close(
        "jacobian", numerical_jacobian(lambda t: t / 2, np.array([3, 4])), 0.5 * np.eye(2), atol=1e-8
    )
with checks("three outputs, two inputs: three rows, two columns"):
    jacobian = numerical_jacobian(lambda t: np.array([t[0], t[1], t[0] - t[1]]), np.array([1.0, 2.0]))
    expect_close("jacobian", jacobian, np.array([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]]), atol=1e-8)
with checks("f may return a number"):
    jacobian = numerical_jacobian(lambda t: float(np.sum(3 * t)), np.array([[1.0, 2.0, 3.0]]))
    expect_close("jacobian", jacobian, np.full((1, 3), 3.0), rtol=1e-8)
print(checks)

# %% graded="02_numerical_jacobian-values" points=4
checks = Checks("3.2")
with checks("the example above: [[3, 2], [4, 0], [0, 5]]", points=1):
    jacobian = numerical_jacobian(
        lambda t: np.array([t[0] * t[1], t[0] ** 2, 5 * t[1]]), np.array([2.0, 3.0])
    )
    expect_close("jacobian", jacobian, np.array([[3.0, 2.0], [4.0, 0.0], [0.0, 5.0]]), atol=1e-4)
with checks("f may return a number: the derivative has the shape of x", points=1):
    jacobian = numerical_jacobian(
        lambda t: float(np.sum(3 * t)), np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]])
    )
    expect_close("jacobian", jacobian, np.full((2, 3), 3.0), rtol=1e-8)
### BEGIN HIDDEN TESTS
with checks("vectors, matrices and more axes", points=1) as rng:
    for y_shape, x_shape in (((4,), (3,)), ((1,), (5,)), ((2, 4), (2, 3)), ((3,), (2, 1, 2)), ((2, 3), (1,))):
        linear = rng.normal(size=y_shape + x_shape)
        x = rng.normal(size=x_shape)
        jacobian = numerical_jacobian(lambda t, a=linear: np.tensordot(a, t, axes=t.ndim), x)
        expect_close(f"jacobian of {y_shape} by {x_shape}", jacobian, linear, rtol=1e-8, atol=1e-8)
with checks("the difference is central, with the step h, by default 1e-5", points=1) as rng:
    x = rng.normal(size=4)
    cubic, sine = np.diag(3 * x**2 + 0.125**2), np.diag(np.cos(x))
    jacobian = numerical_jacobian(lambda t: t**3, x.copy(), h=0.125)
    expect_close("jacobian", jacobian, cubic, rtol=1e-9)
    jacobian = numerical_jacobian(lambda t: np.sin(t), x)
    expect_close("jacobian with the default step", jacobian, sine, rtol=1e-8)
### END HIDDEN TESTS
checks.score()

# %% graded="02_numerical_jacobian-care" points=4
checks = Checks("3.2")
with checks("integers are not cut off", points=1.5):
    jacobian = numerical_jacobian(lambda t: np.array([t[0] / 2 + t[1], 3 * t[1]]), np.array([3, 4]))
    expect_close("jacobian", jacobian, np.array([[0.5, 1.0], [0.0, 3.0]]), rtol=1e-8, atol=1e-8)
with checks("x is left unchanged, to the last bit", points=1.5):
    x = np.array([0.1, 0.7, 123.456])
    with expect_unchanged(x=x):
        jacobian = numerical_jacobian(lambda t: 2 * t, x)
    expect_close("jacobian", jacobian, np.diag([2.0, 2.0, 2.0]), rtol=1e-4, atol=1e-4)
### BEGIN HIDDEN TESTS
with checks("a view with gaps, and a transposed one", points=1) as rng:
    whole = rng.normal(size=(3, 6))
    linear = rng.normal(size=(2, 6))
    with expect_unchanged(whole=whole):
        for x in (whole[:2, ::2], whole[1:, ::2].T):
            jacobian = numerical_jacobian(lambda t: linear @ t.ravel(), x)
            expected = linear.reshape((2, *x.shape))
            expect_close(f"jacobian at a view of shape {x.shape}", jacobian, expected, rtol=1e-8, atol=1e-8)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ### When the check fails
#
# A measurement can be wrong, too. Below are five functions of one number, each with a derivative that
# somebody derived for it, and with the step $h$ at which they compared it with a central difference. All
# five comparisons failed. **One** derivative is really wrong; with the other four, the check is to blame:
#
# * `"float32"`: the numbers are kept with 7 digits instead of 16;
# * `"step too small"`: the two values are so alike that their difference is rounding;
# * `"step too large"`: the function bends between the two places;
# * `"kink"`: the step reaches across a corner, to a piece with another slope;
# * `"wrong derivative"`: the gradient is wrong, and the check was right.
#
# The cell below repeats each comparison with other steps and prints by how much the two differ, relative
# to the derivative. What does the error do as the step shrinks? Change the cell, add steps, look at the
# functions.


# %%
def bump(x):  # x is a float32
    return np.exp(x) + np.float32(100)


COMPARED = {  # the function, the derivative somebody derived, the place, the step at which they differed
    "A": (bump, lambda x: np.exp(x), np.float32(1.5), 1e-4),
    "B": (lambda x: np.sin(20 * x), lambda x: 20 * np.cos(20 * x), 0.3, 1e-1),
    "C": (lambda x: np.maximum(0.0, x) * 3, lambda x: 3.0 * (x > 0), 2e-6, 1e-5),
    "D": (lambda x: np.tanh(x), lambda x: 1 - np.tanh(x), 0.7, 1e-5),
    "E": (lambda x: np.cos(x), lambda x: -np.sin(x), 1.1, 1e-13),
}


def error(case, h):
    """Return how far a central difference with step h is from the derivative, relative to the latter."""
    f, slope, x, _ = COMPARED[case]
    h = type(x)(h)
    return abs((f(x + h) - f(x - h)) / (2 * h) - slope(x)) / abs(slope(x))


steps = [10.0**-k for k in range(1, 14, 2)]
print("step       ", *(f"{h:8.0e}" for h in steps))
for case in COMPARED:
    print(f"{case}, relative", *(f"{error(case, h):8.0e}" for h in steps))

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Read one row of the table from left to right. An error that never moves, one that falls, one that rises,
# one that stays high and then drops to nothing all at once: these are different illnesses.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# For $x^3$ at 1, the error of the slope is $h^2$: with $h = 0.1$ it is 0.01, with $h = 0.001$ it is
# $10^{-6}$. Rounding adds about $10^{-16} / h$ in float64, and $10^{-7} / h$ in float32: invisible for
# $h = 10^{-5}$ in the one, ruinous in the other. And $\lvert x \rvert$ at $10^{-4}$ has the slope 1 for
# each step below $10^{-4}$, and nearly 0 for large ones.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# A derivative that is wrong differs by the same amount for all steps that are neither too large nor too
# small. In float32 the best step is near $10^{-2}$, and even there the error is far above that of float64.
# At a kink the error vanishes as soon as the step is shorter than the way to the corner, however small
# that is, and not before. Too large: falls like $h^2$. Too small: the same row is fine a few columns
# further left.
#
# </details>


# %% answer="02_failing_checks" formula="withheld"
def failing_checks():
    """Return why each of the five comparisons above failed, at the place and the step that are given there.

    Returns a dict with the keys "A" to "E". Each value is one of the texts "float32", "step too small",
    "step too large", "kink" and "wrong derivative"; each text occurs once.
    """
    ### BEGIN SOLUTION
    return {
        "A": "float32",
        "B": "step too large",
        "C": "kink",
        "D": "wrong derivative",
        "E": "step too small",
    }
    ### END SOLUTION


# %% readonly="02_failing_checks-self-check"
checks = Checks()
with checks("five reasons, each once"):
    reasons = failing_checks()
    expect_tuple("the reasons", sorted(reasons), tuple("ABCDE"))
    expect_tuple("the texts", sorted(reasons.values()), tuple(sorted(REASONS)))
with checks("the derivative that is wrong: its error stays the same for all steps"):
    wrong = [case for case, reason in failing_checks().items() if reason == "wrong derivative"]
    assert wrong == ["D"], f"you say {' and '.join(wrong) or 'none'}"
print(checks)

# %% graded="02_failing_checks-reasons" points=2
checks = Checks("3.2")
with checks("the one derivative that is really wrong", points=0.5):
    reasons = failing_checks()
    wrong = [case for case in "ABCDE" if reasons[case] == "wrong derivative"]
    assert wrong == ["D"], (
        f"you say {' and '.join(wrong) or 'none'}: whose error stays the same for all steps?"
    )
### BEGIN HIDDEN TESTS
with checks("the two steps that are at fault", points=0.75):
    reasons = failing_checks()
    assert (reasons["B"], reasons["E"]) == ("step too large", "step too small"), (
        "for one of these, a smaller step cures it, for another, a larger one"
    )
with checks("the kink, and the precision of the numbers", points=0.75):
    reasons = failing_checks()
    assert (reasons["A"], reasons["C"]) == ("float32", "kink"), (
        "one has a corner close by, and another is never really good, whatever the step"
    )
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# The checker of this course looks for all of these before it says that a gradient is wrong: it takes
# several steps and watches how the differences settle, measures the rounding, computes with 16 digits
# where yours has 7, and says when an entry stands on a kink. Your function from above is simpler, and you
# know now what to ask of it.

# %% [markdown]
# ## The trick, worked through once
#
# Now to the point of it all. In a network, $y$ is never the end: from it a loss $L$ is computed, and what
# arrives from there is the **upstream gradient** $\mathrm{d}y = \partial L / \partial y$, in code `dy`,
# which has the shape of $y$. What we want is $\mathrm{d}x = \partial L / \partial x$. The chain rule sums
# over every output through which $x_j$ can reach the loss:
#
# $$\mathrm{d}x_j = \sum_i \mathrm{d}y_i \, \frac{\partial y_i}{\partial x_j} .$$
#
# A vector times a Jacobian: the **vector-Jacobian product**, VJP for short. The Jacobian appears in it,
# yet nobody says that you have to build one. (Where we do, `contract(dy, jacobian)` from the set-up
# computes the sum.)

# %% readonly="figure-vjp"
viz.draw_shapes(
    [("x", ("D",)), ("y", ("M",), "f"), ("L", (), "the rest of the network")],
    title="Values go right, gradients come back",
)

# %% [markdown]
# Take the running sum, $y_i = x_0 + x_1 + \dots + x_i$, which NumPy calls `cumsum`. The output $y_i$
# contains $x_j$ if $j \le i$, so its Jacobian is a triangle of ones. For $D = 4$:
#
# $$\frac{\partial y}{\partial x} =
# \begin{pmatrix} 1 & 0 & 0 & 0 \\ 1 & 1 & 0 & 0 \\ 1 & 1 & 1 & 0 \\ 1 & 1 & 1 & 1 \end{pmatrix},
# \qquad \mathrm{d}x_j = \sum_{i \ge j} \mathrm{d}y_i .$$
#
# *Form it once, small, and read it.* Each entry of $\mathrm{d}x$ sums $\mathrm{d}y$ from position $j$ to
# the end: a running sum from the other side. *Then never form it again.* For a million entries the
# Jacobian would take eight terabytes, the running sum a few milliseconds.


# %%
# The worked example in code. This cell is yours to play with.
def cumsum_jacobian(x):
    return np.tril(np.ones((x.size, x.size)))


def cumsum_vjp(x, dy):
    return np.cumsum(dy[::-1])[::-1]


x, dy = np.array([0.5, -1.0, 2.0, 3.0]), np.array([1.0, -2.0, 4.0, 10.0])
print("by the Jacobian:", contract(dy, cumsum_jacobian(x)))
print("by the trick:   ", cumsum_vjp(x, dy))
compare(check_vjp, cumsum_vjp, np.cumsum, cumsum_vjp, x=x)

# %% [markdown]
# And this is how the report looks when something is wrong; here somebody lost a sign.


# %%
def cumsum_vjp_with_a_slip(x, dy):
    return -cumsum_vjp(x, dy)


compare(check_vjp, cumsum_vjp_with_a_slip, np.cumsum, cumsum_vjp_with_a_slip, x=x)

# %% [markdown]
# ## 3.3 ReLU: a Jacobian full of zeros (10 points, ★, 15 minutes)
#
# The rectifier, ReLU for short, works entry by entry: $y_i = \max(0, x_i)$. Which entries of $x$ can the
# output $y_i$ feel at all, and with what slope? Answer this for each pair $(i, j)$ and you have the
# Jacobian. (At exactly 0 there is a kink; any slope from 0 to 1 is accepted.)
#
# **Predict, then run.** Take $x = (1, -2, 3, -1)$ and the upstream gradient $\mathrm{d}y = (4, -1, 5, 9)$.
# What is the last entry of $\mathrm{d}x$, the one that belongs to $x_3 = -1$ and $\mathrm{d}y_3 = 9$?

# %%
predicted_dx3 = None  # a number

# %% readonly="predict-relu"
relu_x, relu_h = np.array([1.0, -2.0, 3.0, -1.0]), 1e-5
relu_moved = [
    np.dot([4.0, -1.0, 5.0, 9.0], np.maximum(0, relu_x + step * np.eye(4)[3])) for step in (relu_h, -relu_h)
]
compare_prediction(
    predicted_dx3,
    float((relu_moved[0] - relu_moved[1]) / (2 * relu_h)),
    "The sign of x decides, not that of dy: the 9 is lost, because -1 never got through.",
)

# %% [markdown]
# First the Jacobian, for a vector.
#
# <details><summary>Hint 1: where to look</summary>
#
# Write down the four outputs for $x = (1, -2, 3, -1)$, and move one input after the other. Where does
# nothing happen?
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# For $x = (2, -3)$: $y = (2, 0)$. Moving $x_0$ moves $y_0$ one to one and leaves $y_1$ alone; moving $x_1$
# moves nothing. So the rows are $(1, 0)$ and $(0, 0)$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# The Jacobian is diagonal: 1 in the diagonal where $x_i > 0$, 0 elsewhere. Mind the type: an array of
# truth values is not an array of numbers.
#
# </details>


# %% answer="03_relu_jacobian" formula="withheld"
def relu_jacobian(x):
    """Return the Jacobian of y = max(0, x).

    x: array of shape (D,), of floats or integers.
    Returns an array of numbers of shape (D, D).
    """
    ### BEGIN SOLUTION
    return np.diag(np.where(x > 0, 1.0, 0.0))
    ### END SOLUTION


# %% readonly="03_relu_jacobian-self-check"
# A random upstream gradient times your Jacobian must be the gradient of x.
checks = Checks()
with checks("a square array of numbers"):
    expect_close("relu_jacobian([2, -3])", relu_jacobian(np.array([2.0, -3.0])), np.diag([1.0, 0.0]))
print(checks)
compare(
    check_vjp,
    relu_jacobian,
    lambda x: np.maximum(0, x),
    lambda x, dy: contract(dy, relu_jacobian(x)),
    x=np.array([1.0, -2.0, 3.0, -1.0]),
)

# %% graded="03_relu_jacobian-values" points=4
checks = Checks("3.3")
with checks("at x = [1, -2, 3, -1] it is diag(1, 0, 1, 0)", points=2):
    jacobian = relu_jacobian(np.array([1.0, -2.0, 3.0, -1.0]))
    expect_close("jacobian", jacobian, np.diag([1.0, 0.0, 1.0, 0.0]))
### BEGIN HIDDEN TESTS
with checks("elsewhere, for D = 1, for integers and for a view", points=2) as rng:
    for x in (rng.normal(size=7), np.array([-0.5]), rng.normal(size=12)[::3], np.array([-3, 5, -7])):
        with expect_unchanged(x=x):
            jacobian = relu_jacobian(x)
        expect_close(f"jacobian for D = {x.size}", jacobian, np.diag(np.heaviside(x, 0.5)))
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# Almost all of that matrix is zero, and multiplying by zeros is a waste. Write out the vector-Jacobian
# product for the numbers above, see what is left of it, and write it without the matrix: as one line that
# works for arrays of any shape, since for a matrix $x$ the rule is the same, entry by entry. Remember that
# the caller still needs `x` and `dy`, unchanged.


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# A vector times a *diagonal* matrix. Which products of the sum are left?
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# $(4, -1) \begin{pmatrix} 1 & 0 \\ 0 & 0 \end{pmatrix} = (4 \cdot 1, \; -1 \cdot 0)$: each entry, times
# its own entry of the diagonal.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# Each entry of the upstream gradient passes where its $x$ is positive, and becomes 0 where it is not. A
# comparison gives an array of truth values, which count as 1 and 0 when multiplied.
#
# </details>


# %% answer="03_relu_vjp" formula="withheld"
def relu_vjp(x, dy):
    """Return dx for y = max(0, x), given the upstream gradient dy, without forming the Jacobian.

    x: array of any shape, of floats or integers, with a hundred thousand entries or more;
    dy: array of the same shape. Both are left unchanged.
    Returns an array of the same shape.
    """
    ### BEGIN SOLUTION
    return dy * (x > 0)
    ### END SOLUTION


# %% readonly="03_relu_vjp-self-check"
checks = Checks()
with checks("two thousand entries, without a Jacobian of four million"):
    many = np.linspace(-1.0, 1.1, 2000)
    expect_small("relu_vjp", lambda: relu_vjp(many, many), 1_000_000)
print(checks)
compare(
    check_vjp,
    relu_vjp,
    lambda x: np.maximum(0, x),
    relu_vjp,
    x=np.array([[1.0, -2.0, 3.0], [-1.0, 0.5, -0.25]]),
)

# %% graded="03_relu_vjp-values" points=6
checks = Checks("3.3")
with checks("x = [1, -2, 3, -1] and dy = [4, -1, 5, 9] give [4, 0, 5, 0]", points=2):
    dx = relu_vjp(np.array([1.0, -2.0, 3.0, -1.0]), np.array([4.0, -1.0, 5.0, 9.0]))
    expect_close("dx", dx, np.array([4.0, 0.0, 5.0, 0.0]))
### BEGIN HIDDEN TESTS
with checks("other arrays, of one axis and of more, and very near the kink", points=2) as rng:
    for shape in ((3, 4, 5), (5,), (2, 3), (1,)):
        near, dy = rng.normal(size=shape) * 1e-9, rng.normal(size=shape)
        dx = relu_vjp(*fresh(near, dy))
        expect_gradient(
            f"dx at shape {shape}",
            dx,
            np.where(near > 0, dy, 0),
            relu_vjp,
            lambda x: np.maximum(0, x),
            lambda x, dy: relu_vjp(*fresh(x, dy)),
            x=near * 1e9,
            rtol=1e-12,
        )
with checks("integers, views with gaps, and inputs left unchanged", points=1) as rng:
    whole = rng.normal(size=(4, 6))
    for x, dy in (
        (np.array([[-2, 3, 1], [4, -1, -5]]), rng.normal(size=(2, 3))),
        (whole[:, ::2], whole[:, 1::2]),
        (whole[:2].T, whole[2:].T),
    ):
        x_before, dy_before = fresh(x, dy)
        with expect_unchanged(x=x, dy=dy, whole=whole):
            dx = relu_vjp(x, dy)
        expect_close("dx", dx, np.where(x_before > 0, dy_before, 0))
with checks("a hundred thousand entries, and any slope from 0 to 1 at x = 0", points=1) as rng:
    x, dy = rng.integers(-3, 3, size=(400, 250)) + 0.5, rng.normal(size=(400, 250))
    expect_close("dx", relu_vjp(*fresh(x, dy)), np.where(x > 0, dy, 0))
    dx = relu_vjp(np.array([0.0, 2.0]), np.array([-3.0, 5.0]))
    expect_close("dx where x is 2", dx[1:], np.array([5.0]))
    assert -3.0 <= dx[0] <= 0.0, f"dx where x is 0 should be between 0 and dy = -3, yours is {dx[0]:.6g}"
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 3.4 The squared length of a product (10 points, ★★, 25 minutes)
#
# Next, a small graph with a matrix in it: $f(W, x) = \lVert W x \rVert^2 = \sum_i (W x)_i^2$. Name the
# product $q = W x$, and there are two gates.

# %% readonly="figure-squared-norm"
viz.draw_shapes(
    [("x", ("D",)), ("q", ("M",), "W x", {"W": ("M", "D")}), ("f", (), "sum of squares")],
    title="f = ‖W x‖²",
)

# %% [markdown]
# Go back through it gate by gate. Both inputs of the product get a gradient, and each has the shape of its
# variable: $\mathrm{d}W$ like $W$, $\mathrm{d}x$ like $x$. Written out, $q_k = \sum_j W_{kj} x_j$. So ask,
#
# * for one entry $W_{ij}$: in which of the $q_k$ does it occur, and multiplied by what? The full Jacobian of
#   shape $(M, M, D)$ holds mostly zeros, and little survives the sum over $k$;
# * for one entry $x_j$: in how many of the $q_k$ does it occur? Every path counts.
#
# With numbers:
#
# $$W = \begin{pmatrix} 0.1 & 0.5 \\ -0.3 & 0.8 \end{pmatrix}, \quad
# x = \begin{pmatrix} 0.2 \\ 0.4 \end{pmatrix}, \quad
# q = \begin{pmatrix} 0.22 \\ 0.26 \end{pmatrix}, \quad f = 0.116, \quad
# \mathrm{d}q = \begin{pmatrix} 0.44 \\ 0.52 \end{pmatrix},$$
#
# and what should come out:
#
# $$\mathrm{d}W = \begin{pmatrix} 0.088 & 0.176 \\ 0.104 & 0.208 \end{pmatrix}, \quad
# \mathrm{d}x = \begin{pmatrix} -0.112 \\ 0.636 \end{pmatrix} .$$
#
# Before you write any code, get one entry of each by hand.

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# First $\mathrm{d}q$, as a vector like $q$. It is given above: what makes 0.44 of 0.22? Then one entry at
# a time.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# By hand: $W_{01} = 0.5$ occurs in $q_0$ alone, where it is multiplied by $x_1 = 0.4$, so it receives
# $0.44 \cdot 0.4 = 0.176$. And $x_0$ occurs in $q_0$ with the factor 0.1 and in $q_1$ with the factor
# $-0.3$: it receives $0.44 \cdot 0.1 + 0.52 \cdot (-0.3) = -0.112$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# $\mathrm{d}q_i = 2 q_i$. Then $\mathrm{d}W_{ij} = \mathrm{d}q_i \, x_j$: all products of one entry with
# another, a column times a row, which NumPy calls `np.outer`. And
# $\mathrm{d}x_j = \sum_k \mathrm{d}q_k W_{kj}$: a matrix product in which the *first* index of $W$ is
# summed, so $W$ has to be turned over.
#
# </details>


# %% answer="04_squared_norm" formula="withheld"
def squared_norm(W, x):
    """Return the sum of the squares of W x, and its gradients.

    W: array of shape (M, D), x: array of shape (D,), of floats or integers; both are left unchanged.
    Returns (f, dW, dx): f a number, dW of shape (M, D), dx of shape (D,).
    """
    ### BEGIN SOLUTION
    q = W @ x
    f = np.sum(q**2)

    dq = 2 * q
    dW = np.outer(dq, x)
    dx = W.T @ dq
    return f, dW, dx
    ### END SOLUTION


# %% readonly="04_self-check"
checks = Checks()
W, x = np.array([[0.1, 0.5], [-0.3, 0.8], [0.7, -0.2]]), np.array([0.2, 0.4])
with checks("f, for a (3, 2) matrix"):
    expect_close("f", squared_norm(W, x)[0], 0.1196)
with checks("f, dW and dx: a number, and arrays of the shapes of W and x"):
    f, dW, dx = squared_norm(W, x)
    expect_like("(dW, dx)", (dW, dx), W, x)
print(checks)
compare(
    check_vjp,
    squared_norm,
    lambda W, x: np.sum((W @ x) ** 2),
    lambda W, x, df: tuple(df * gradient for gradient in squared_norm(W, x)[1:]),
    W=np.array([[0.1, 0.5], [-0.3, 0.8], [0.7, -0.2]]),
    x=np.array([0.2, 0.4]),
)

# %% graded="04_squared_norm-value" points=3
checks = Checks("3.4")
with checks("f is 0.116 for the numbers above", points=1):
    f, _, _ = squared_norm(np.array([[0.1, 0.5], [-0.3, 0.8]]), np.array([0.2, 0.4]))
    expect_close("f", f, 0.116)
### BEGIN HIDDEN TESTS
with checks("f elsewhere, and for M = 1 or D = 1", points=1) as rng:
    for M, D in ((4, 3), (1, 5), (5, 1)):
        W, x = rng.normal(size=(M, D)), rng.normal(size=D)
        expected = np.linalg.norm(np.sum(W * x, axis=1)) ** 2
        expect_close("f", squared_norm(W, x)[0], expected, rtol=1e-12)
with checks("integers, views with gaps, and inputs left unchanged", points=1) as rng:
    whole = rng.normal(size=(6, 8))
    for W, x in (
        (np.array([[1, -2, 3], [0, 4, -1]]), np.array([2, 1, -3])),
        (whole[::2, ::2], whole[1, ::2]),
        (whole[:3].T, whole[3, :3]),
    ):
        f = np.linalg.norm(np.sum(W * x, axis=1)) ** 2
        with expect_unchanged(W=W, x=x, whole=whole):
            expect_close("f", squared_norm(W, x)[0], f, rtol=1e-12)
### END HIDDEN TESTS
checks.score()

# %% graded="04_squared_norm-gradients" points=7
checks = Checks("3.4")
with checks("dW is [[0.088, 0.176], [0.104, 0.208]] for the numbers above", points=1):
    _, dW, _ = squared_norm(np.array([[0.1, 0.5], [-0.3, 0.8]]), np.array([0.2, 0.4]))
    expect_close("dW", dW, np.array([[0.088, 0.176], [0.104, 0.208]]))
with checks("dx is [-0.112, 0.636] for the numbers above", points=1):
    _, _, dx = squared_norm(np.array([[0.1, 0.5], [-0.3, 0.8]]), np.array([0.2, 0.4]))
    expect_close("dx", dx, np.array([-0.112, 0.636]))


### BEGIN HIDDEN TESTS
def scaled(rng):
    """Return W, whose rows differ by nine orders of magnitude, and x: no fixed step suits all rows."""
    return rng.uniform(0.5, 1.5, size=(4, 3)) * np.array([[1e5], [1.0], [1e-2], [1e-4]]), rng.uniform(
        1, 2, size=3
    )


with checks("dW elsewhere, and for M = 1 or D = 1", points=1.5) as rng:
    for M, D in ((4, 3), (1, 5), (5, 1)):
        W, x = 30 * rng.normal(size=(M, D)), rng.normal(size=D)  # differences of f never have the digits
        _, dW, _ = squared_norm(*fresh(W, x))
        expect_gradient(
            "dW",
            dW,
            np.multiply.outer(2 * np.sum(W * x, axis=1), x),
            squared_norm,
            lambda W, x=x: np.sum((W @ x) ** 2),
            lambda W, df, x=x: df * squared_norm(*fresh(W, x))[1],
            W=W,
        )
with checks("dx elsewhere, and for M = 1 or D = 1", points=1.5) as rng:
    for M, D in ((4, 3), (1, 5), (5, 1)):
        W, x = rng.normal(size=(M, D)), 30 * rng.normal(size=D)  # as above
        _, _, dx = squared_norm(*fresh(W, x))
        expect_gradient(
            "dx",
            dx,
            np.sum(2 * np.sum(W * x, axis=1) * W.T, axis=1),
            squared_norm,
            lambda x, W=W: np.sum((W @ x) ** 2),
            lambda x, df, W=W: df * squared_norm(*fresh(W, x))[2],
            x=x,
        )
with checks("dW exactly, whatever the scale of the rows", points=1) as rng:
    W, x = scaled(rng)
    _, dW, _ = squared_norm(*fresh(W, x))
    for i in range(4):
        expect_close(f"dW[{i}]", dW[i], 2 * np.sum(W[i] * x) * x, rtol=1e-12, atol=0)
with checks("dx exactly, whatever the scale of the columns", points=1) as rng:
    W, x = scaled(rng)
    _, _, dx = squared_norm(*fresh(W.T, np.ones(4)))
    for j in range(4):
        expected = 2 * np.sum(np.sum(W, axis=0) * W[j])
        expect_close(f"dx[{j}]", dx[j], expected, rtol=1e-12, atol=0)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 3.5 The matrix product (15 points, ★★★, 40 minutes)
#
# The workhorse. A batch of $N$ examples stands in the rows of $x$; each row is multiplied by the same
# matrix $w$:
#
# $$y = x w, \qquad y_{nm} = \sum_d x_{nd} \, w_{dm} .$$

# %% readonly="figure-matmul"
viz.draw_shapes(
    [("x", ("N", "D")), ("y", ("N", "M"), "x w", {"w": ("D", "M")}), ("L", (), "the rest of the network")],
    title="A matrix product and the shapes on its arrows",
)

# %% [markdown]
# The numbers of this section, with $N = 2$, $D = 3$ and $M = 4$:
#
# $$x = \begin{pmatrix} 2 & -1 & 3 \\ -3 & 4 & 2 \end{pmatrix}, \quad
# w = \begin{pmatrix} 3 & 2 & 1 & -1 \\ 2 & 1 & 3 & 2 \\ 3 & 2 & 1 & -2 \end{pmatrix}, \quad
# y = \begin{pmatrix} 13 & 9 & 2 & -10 \\ 5 & 2 & 11 & 7 \end{pmatrix}, \quad
# \mathrm{d}y = \begin{pmatrix} 2 & 3 & -3 & 9 \\ -8 & 1 & 4 & 6 \end{pmatrix} .$$
#
# (A widely copied lecture slide with this example has $5, 2, 17, 1$ in the second row of $y$. Multiply it
# out: $-3 \cdot 1 + 4 \cdot 3 + 2 \cdot 1 = 11$ and $-3 \cdot (-1) + 4 \cdot 2 + 2 \cdot (-2) = 7$. The
# gradients there are right, for they do not depend on $y$.)
#
# Both Jacobians have four indices, the shapes $(N, M, N, D)$ and $(N, M, D, M)$. From the sum above, find
# out which entries of $x$ the output $y_{nm}$ contains at all, and with what factor; then the same for
# $w$. Form both Jacobians, once in your life. Loops are fine.


# %% setup="product-fixture"
def the_product():
    """Return x, w and dy of the worked numbers of 3.5, as new arrays."""
    x = np.array([[2.0, -1.0, 3.0], [-3.0, 4.0, 2.0]])
    w = np.array([[3.0, 2.0, 1.0, -1.0], [2.0, 1.0, 3.0, 2.0], [3.0, 2.0, 1.0, -2.0]])
    dy = np.array([[2.0, 3.0, -3.0, 9.0], [-8.0, 1.0, 4.0, 6.0]])
    return x, w, dy


# %%
# The product, for you to look at.
x, w, dy = the_product()
print(x @ w)


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Fix one output, $y_{nm} = \sum_d x_{nd} w_{dm}$. Only one row of $x$ and one column of $w$ stand in this
# sum. So most of `dy_dx[n, m]`, a matrix of the shape of $x$, is zero.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# $y_{01} = 2 \cdot 2 - 1 \cdot 1 + 3 \cdot 2 = 9$ is made of row 0 of $x$ and column 1 of $w$. So
# `dy_dx[0, 1]`, a $2 \times 3$ matrix like $x$, has $(2, 1, 2)$, column 1 of $w$, in its row 0, and zeros
# in its row 1.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# Start with zeros of the two shapes, and loop over $n$ and $m$. In the matrix that belongs to $y_{nm}$,
# row $n$ of the one with the shape of $x$ is column $m$ of $w$; column $m$ of the one with the shape of
# $w$ is row $n$ of $x$:
#
# $$\frac{\partial y_{nm}}{\partial x_{ij}} = \begin{cases} w_{jm} & i = n \\ 0 & i \ne n \end{cases}
# \qquad\qquad
# \frac{\partial y_{nm}}{\partial w_{ij}} = \begin{cases} x_{ni} & j = m \\ 0 & j \ne m \end{cases}$$
#
# </details>


# %% answer="05_matmul_jacobians" formula="withheld"
def matmul_jacobians(x, w):
    """Return both Jacobians of y = x w.

    x: array of shape (N, D), w: array of shape (D, M), of floats or integers.
    Returns (dy_dx, dy_dw), arrays of shapes (N, M, N, D) and (N, M, D, M).
    """
    ### BEGIN SOLUTION
    N, D = x.shape
    M = w.shape[1]
    dy_dx = np.zeros((N, M, N, D))
    dy_dw = np.zeros((N, M, D, M))
    for n in range(N):
        for m in range(M):
            dy_dx[n, m, n, :] = w[:, m]
            dy_dw[n, m, :, m] = x[n, :]
    return dy_dx, dy_dw
    ### END SOLUTION


# %% readonly="05_matmul_jacobians-self-check"
# A random upstream gradient times your Jacobians must be the gradients of x and w.
x, w, dy = the_product()
checks = Checks()
with checks("two arrays of the shapes (N, M, N, D) and (N, M, D, M)"):
    expect_like("(dy_dx, dy_dw)", matmul_jacobians(x, w), np.ones((2, 4, 2, 3)), np.ones((2, 4, 3, 4)))
print(checks)
compare(
    check_vjp,
    matmul_jacobians,
    lambda x, w: x @ w,
    lambda x, w, dy: tuple(contract(dy, jacobian) for jacobian in matmul_jacobians(x, w)),
    x=x,
    w=w,
)

# %% graded="05_matmul_jacobians-values" points=5
checks = Checks("3.5")
with checks("dy_dx: the shape is (2, 4, 2, 3), and dy_dx[0, 1] is [[2, 1, 2], [0, 0, 0]]", points=1.5):
    x, w, dy = the_product()
    dy_dx, _ = matmul_jacobians(x, w)
    expect_shape("dy_dx", dy_dx, (2, 4, 2, 3))
    expect_close("dy_dx[0, 1]", dy_dx[0, 1], np.array([[2.0, 1.0, 2.0], [0.0, 0.0, 0.0]]))
with checks("dy_dw: the shape is (2, 4, 3, 4), and column 2 of dy_dw[1, 2] is [-3, 4, 2]", points=1.5):
    x, w, dy = the_product()
    _, dy_dw = matmul_jacobians(x, w)
    expect_shape("dy_dw", dy_dw, (2, 4, 3, 4))
    expected = np.array([[0.0, 0.0, -3.0, 0.0], [0.0, 0.0, 4.0, 0.0], [0.0, 0.0, 2.0, 0.0]])
    expect_close("dy_dw[1, 2]", dy_dw[1, 2], expected)


### BEGIN HIDDEN TESTS
def products(rng):
    """Yield pairs of x and w: floats, a single example, integers, views with gaps."""
    yield rng.normal(size=(3, 4)), rng.normal(size=(4, 2))
    yield rng.normal(size=(1, 2)), rng.normal(size=(2, 3))
    yield np.array([[1, -2], [3, 4], [0, 5]]), np.array([[2], [-7]])
    whole = rng.normal(size=(4, 6))
    yield whole[::2, ::2], whole[1:, ::-3]


with checks("dy_dx in other products", points=1) as rng:
    for x, w in products(rng):
        with expect_unchanged(x=x, w=w):
            dy_dx, _ = matmul_jacobians(x, w)
        expected = np.multiply.outer(np.eye(len(x)), w).transpose(0, 3, 1, 2)
        expect_close("dy_dx", dy_dx, expected)
with checks("dy_dw in other products", points=1) as rng:
    for x, w in products(rng):
        with expect_unchanged(x=x, w=w):
            _, dy_dw = matmul_jacobians(x, w)
        expected = np.multiply.outer(x, np.eye(w.shape[1])).transpose(0, 3, 1, 2)
        expect_close("dy_dw", dy_dw, expected)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# Put the Jacobians into the sum $\sum_{n,m} \mathrm{d}y_{nm} \frac{\partial y_{nm}}{\partial x_{ij}}$, and
# almost everything in it is zero. What is left is a sum over a single index, and that is a matrix product
# again. The same for $w$. You need not remember the result. As with any multiplication, each side gets the
# upstream gradient times the *other* side; and the shapes leave only one way to write that down.

# %% readonly="figure-only-one-way"
viz.draw_products(
    [
        [("y", "N", "M"), "=", ("x", "N", "D"), "·", ("w", "D", "M")],
        [
            ("dx", "N", "D"),
            "=  a product of ",
            ("dy", "N", "M"),
            "and",
            ("w", "D", "M"),
            ", turned over where needed",
        ],
        [
            ("dw", "D", "M"),
            "=  a product of ",
            ("dy", "N", "M"),
            "and",
            ("x", "N", "D"),
            ", turned over where needed",
        ],
    ],
    {"N": 2, "D": 3, "M": 4},
    title="Only one arrangement fits",
)

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Only one index of the two is left to be summed. Which one do $\mathrm{d}y$ and $w$ share? Which one do
# $x$ and $\mathrm{d}y$ share?
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# Take $N = D = 1$, $M = 2$: $y = (x w_0, \; x w_1)$. Then
# $\mathrm{d}x = \mathrm{d}y_0 w_0 + \mathrm{d}y_1 w_1$, the sum over $m$, and
# $\mathrm{d}w = (x \, \mathrm{d}y_0, \; x \, \mathrm{d}y_1)$, where with more examples one would sum over
# $n$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# $$\mathrm{d}x_{ij} = \sum_m \mathrm{d}y_{im} \, w_{jm}, \qquad
# \mathrm{d}w_{ij} = \sum_n x_{ni} \, \mathrm{d}y_{nj} ,$$
#
# that is $\mathrm{d}x = \mathrm{d}y \, w^\top$ and $\mathrm{d}w = x^\top \mathrm{d}y$. The index in the
# middle is the one that is summed.
#
# </details>


# %% answer="05_matmul_vjp" formula="withheld"
def matmul_vjp(x, w, dy):
    """Return dx and dw for y = x w, given the upstream gradient dy, without forming a Jacobian.

    x: array of shape (N, D), with a hundred thousand rows or more; w: (D, M); dy: (N, M); of floats or
    integers. They are left unchanged.
    Returns (dx, dw), arrays of the shapes of x and w.
    """
    ### BEGIN SOLUTION
    dx = dy @ w.T
    dw = x.T @ dy
    return dx, dw
    ### END SOLUTION


# %% readonly="05_matmul_vjp-self-check"
checks = Checks()
with checks("a layer of 30 inputs and 20 outputs, without a Jacobian of half a million entries"):
    x, w, dy = np.ones((40, 30)), np.ones((30, 20)), np.ones((40, 20))
    expect_small("matmul_vjp", lambda: matmul_vjp(x, w, dy), 1_000_000)
print(checks)
x, w, dy = the_product()
compare(check_vjp, matmul_vjp, lambda x, w: x @ w, matmul_vjp, x=x, w=w)

# %% graded="05_matmul_vjp-dx" points=5
checks = Checks("3.5")
with checks("dx is [[0, 16, -9], [-24, 9, -30]] for the numbers above", points=2):
    dx, _ = matmul_vjp(*the_product())
    expect_close("dx", dx, np.array([[0.0, 16.0, -9.0], [-24.0, 9.0, -30.0]]))


### BEGIN HIDDEN TESTS
def dx_by_sums(x, w, dy):
    return np.einsum("nm,dm->nd", dy, w)


with checks("dx in other products, and for N = 1", points=1.5) as rng:
    for N, D, M in ((5, 3, 4), (1, 4, 2), (3, 1, 2)):
        x, w = 1e4 * rng.normal(size=(N, D)), 1e-4 * rng.normal(size=(D, M))
        dy = rng.normal(size=(N, M))
        dx, _ = matmul_vjp(*fresh(x, w, dy))
        expect_gradient(
            "dx",
            dx,
            dx_by_sums(x, w, dy),
            matmul_vjp,
            lambda x, w=w: x @ w,
            lambda x, dy, w=w: matmul_vjp(*fresh(x, w, dy))[0],
            x=x,
        )
with checks("dx exactly, whatever the scale, and for a hundred thousand rows", points=1) as rng:
    x, dy = rng.normal(size=(3, 4)), rng.normal(size=(3, 2))
    w = rng.normal(size=(4, 2)) * np.array([[1e6], [1e2], [1e-2], [1e-6]])
    dx, _ = matmul_vjp(*fresh(x, w, dy))
    for d in range(4):
        expect_close(f"dx[:, {d}]", dx[:, d], dx_by_sums(x, w, dy)[:, d], rtol=1e-11, atol=0)
    x, w, dy = rng.random((100_000, 2)), rng.normal(size=(2, 1)), rng.random((100_000, 1))
    dx, _ = matmul_vjp(*fresh(x, w, dy))
    expect_close("dx for 100 000 rows", dx, dx_by_sums(x, w, dy), rtol=1e-11)
with checks("dx for integers and views, all inputs left unchanged", points=0.5) as rng:
    wide = rng.normal(size=(6, 8))
    for x, w, dy in (
        (np.array([[2, -1, 3], [-3, 4, 2]]), np.array([[3], [2], [-1]]), np.array([[5], [-2]])),
        (wide[::2, ::2], wide[:4, 1::3], wide[1::2, ::3]),
    ):
        expected = dx_by_sums(x, w, dy)
        with expect_unchanged(x=x, w=w, dy=dy, wide=wide):
            dx, _ = matmul_vjp(x, w, dy)
        expect_close("dx", dx, expected)
### END HIDDEN TESTS
checks.score()

# %% graded="05_matmul_vjp-dw" points=5
checks = Checks("3.5")
with checks("dw is [[28, 3, -18, 0], [-34, 1, 19, 15], [-10, 11, -1, 39]] for the numbers above", points=2):
    _, dw = matmul_vjp(*the_product())
    expected = np.array([[28.0, 3.0, -18.0, 0.0], [-34.0, 1.0, 19.0, 15.0], [-10.0, 11.0, -1.0, 39.0]])
    expect_close("dw", dw, expected)


### BEGIN HIDDEN TESTS
def dw_by_sums(x, w, dy):
    return np.einsum("nd,nm->dm", x, dy)


with checks("dw in other products, and for N = 1", points=1.5) as rng:
    for N, D, M in ((5, 3, 4), (1, 4, 2), (3, 1, 2)):
        x, w = 1e-4 * rng.normal(size=(N, D)), 1e4 * rng.normal(size=(D, M))
        dy = rng.normal(size=(N, M))
        _, dw = matmul_vjp(*fresh(x, w, dy))
        expect_gradient(
            "dw",
            dw,
            dw_by_sums(x, w, dy),
            matmul_vjp,
            lambda w, x=x: x @ w,
            lambda w, dy, x=x: matmul_vjp(*fresh(x, w, dy))[1],
            w=w,
        )
with checks("dw exactly, whatever the scale, and for a hundred thousand rows", points=1) as rng:
    w, dy = rng.normal(size=(4, 2)), rng.normal(size=(3, 2))
    x = rng.normal(size=(3, 4)) * np.array([1e6, 1e2, 1e-2, 1e-6])
    _, dw = matmul_vjp(*fresh(x, w, dy))
    for d in range(4):
        expect_close(f"dw[{d}]", dw[d], dw_by_sums(x, w, dy)[d], rtol=1e-11, atol=0)
    x, w, dy = rng.random((100_000, 2)), rng.normal(size=(2, 1)), rng.random((100_000, 1))
    _, dw = matmul_vjp(*fresh(x, w, dy))
    expect_close("dw for 100 000 rows", dw, dw_by_sums(x, w, dy), rtol=1e-10)
with checks("dw for integers and views, all inputs left unchanged", points=0.5) as rng:
    wide = rng.normal(size=(6, 8))
    for x, w, dy in (
        (np.array([[2, -1, 3], [-3, 4, 2]]), np.array([[3], [2], [-1]]), np.array([[5], [-2]])),
        (wide[::2, ::2], wide[:4, 1::3], wide[1::2, ::3]),
    ):
        expected = dw_by_sums(x, w, dy)
        with expect_unchanged(x=x, w=w, dy=dy, wide=wide):
            _, dw = matmul_vjp(x, w, dy)
        expect_close("dw", dw, expected)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 3.6 What the trick saves (5 points, ★, 10 minutes)
#
# How much memory would the Jacobians have taken? Multiply the sizes in their shapes, and that by the
# bytes that one number takes: `itemsize` is 4 for `float32`, in which networks are usually trained.
#
# Take a layer of quite ordinary size, $N = 64$ examples, $D = 4096$ inputs and $M = 4096$ outputs. A
# gibibyte, GiB, is $2^{30}$ bytes; your computer probably has 8 or 16 of them. A mebibyte, MiB, is $2^{20}$
# bytes, and a tebibyte, TiB, 1024 GiB.
#
# **Predict, then run.** The Jacobian by $x$ takes 256 GiB. How many times as much does the one by $w$ take?
# (One popular slide says that each of the two takes 256 GiB.)

# %%
predicted_factor = None  # a number

# %% readonly="predict-bytes"
variable_shapes = {"x": (64, 4096), "w": (4096, 4096)}
jacobian_sizes = {name: 64 * 4096 * int(np.prod(shape)) * 4 for name, shape in variable_shapes.items()}
compare_prediction(
    predicted_factor,
    jacobian_sizes["w"] / jacobian_sizes["x"],
    f"dy/dx takes {jacobian_sizes['x'] // 2**30} GiB and dy/dw {jacobian_sizes['w'] // 2**40} TiB: "
    "w has that many times the entries of x.",
)

# %% [markdown]
# So the slide is right about $x$ and wrong about $w$, whose Jacobian takes 16 TiB. Write down how one gets
# such numbers, and what the two results of the VJP take instead.
#
# <details><summary>Hint 1: where to look</summary>
#
# 3.1 says which shape each Jacobian has. Four sizes each, and the bytes of one number.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# With $N = 1$, $D = 2$, $M = 3$ there are 3 outputs; `x` has 2 entries and `w` has 6. So the Jacobians
# have $3 \cdot 2 = 6$ and $3 \cdot 6 = 18$ entries, and the gradients 2 and 6.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# Entries of $y$, times entries of the variable, times `itemsize`. A result of the VJP has the shape of its
# variable: the first factor is gone. Both functions return a pair, for `x` first.
#
# </details>


# %% answer="06_jacobian_bytes" formula="withheld"
def jacobian_bytes(N, D, M, itemsize=4):
    """Return the bytes that the two full Jacobians of y = x w take.

    x has the shape (N, D), w the shape (D, M); N, D, M and itemsize, the bytes of a number, are integers.
    Returns (bytes of dy/dx, bytes of dy/dw).
    """
    ### BEGIN SOLUTION
    return N * M * N * D * itemsize, N * M * D * M * itemsize
    ### END SOLUTION


def vjp_bytes(N, D, M, itemsize=4):
    """Return the bytes that the two results of the VJP of y = x w take.

    The arguments are those of jacobian_bytes.
    Returns (bytes of dx, bytes of dw).
    """
    ### BEGIN SOLUTION
    return N * D * itemsize, D * M * itemsize
    ### END SOLUTION


# %% readonly="06_self-check"
def readable(size):
    """Return a number of bytes as text, in the largest unit that leaves at least 1."""
    k = min(int(np.log2(max(size, 1))) // 10, 5)
    return f"{size / 1024**k:g} {['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'][k]}"


checks = Checks()
lines = []
with checks("two numbers each, for tiny layers of numbers with 1 and with 8 bytes"):
    expect_close("jacobian_bytes(1, 2, 3, itemsize=1)", jacobian_bytes(1, 2, 3, itemsize=1), (6, 18))
    expect_close("vjp_bytes(1, 2, 3, itemsize=1)", vjp_bytes(1, 2, 3, itemsize=1), (2, 6))
    expect_close("jacobian_bytes(2, 3, 5, itemsize=8)", jacobian_bytes(2, 3, 5, itemsize=8), (480, 1200))
    expect_close("vjp_bytes(2, 3, 5, itemsize=8)", vjp_bytes(2, 3, 5, itemsize=8), (48, 120))
    for name, (for_x, for_w) in (
        ("the Jacobians", jacobian_bytes(64, 4096, 4096)),
        ("the gradients", vjp_bytes(64, 4096, 4096)),
    ):
        lines.append(f"{name} of the layer above: {readable(for_x)} for x, {readable(for_w)} for w")
print(checks)
print(*lines, sep="\n")

# %% graded="06_jacobian_bytes-values" points=5
checks = Checks("3.6")
with checks("N = 64, D = M = 4096: dy/dx takes 256 GiB, dy/dw even 16 TiB", points=1.5):
    expect_close("the bytes", jacobian_bytes(64, 4096, 4096), (256 * 2**30, 16 * 2**40), rtol=0, atol=0)
with checks("for the same layer, dx takes 1 MiB and dw 64 MiB", points=1.5):
    expect_close("the bytes", vjp_bytes(64, 4096, 4096), (2**20, 64 * 2**20), rtol=0, atol=0)
### BEGIN HIDDEN TESTS
with checks("the Jacobians of other layers, in other precisions", points=1) as rng:
    for itemsize in (4, 8):
        N, D, M = rng.integers(2, 40, size=3).tolist()
        y, x, w = (np.empty(shape) for shape in ((N, M), (N, D), (D, M)))
        expected = (y.size * x.size * itemsize, y.size * w.size * itemsize)
        expect_close("the bytes", jacobian_bytes(N, D, M, itemsize), expected, rtol=0, atol=0)
with checks("the gradients of other layers, in other precisions", points=1) as rng:
    for itemsize in (4, 8):
        N, D, M = rng.integers(2, 40, size=3).tolist()
        x, w = np.empty((N, D)), np.empty((D, M))
        expected = (x.size * itemsize, w.size * itemsize)
        expect_close("the bytes", vjp_bytes(N, D, M, itemsize), expected, rtol=0, atol=0)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 3.7 From rows to a batch (10 points, ★★, 20 minutes)
#
# Many texts put the weights on the left, $h = W x$, with one row of $W$ for each output. It is the gate
# of 3.4, now with any upstream gradient $\mathrm{d}h$. There is a way to see its gradient without a
# single index: **row $i$ of $W$ touches $h_i$ alone**, since $h_i = W_i \cdot x$. So whatever the network
# does with the other outputs, row $i$ hears only of the one number $\mathrm{d}h_i$. What does it receive?
# Write that as a loop over the rows.


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Forget the matrix and look at one row: $h_i = W_i \cdot x$ is a number made of two vectors. Each entry of
# $W_i$ is multiplied by one entry of $x$.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# $h = 3a + 7b$ with the upstream gradient 2: $a$ gets $2 \cdot 3$ and $b$ gets $2 \cdot 7$. As vectors:
# the row $(a, b)$ gets $2 \cdot (3, 7)$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# $\mathrm{d}W_i = \mathrm{d}h_i \, x$: a multiply gate hands on what arrives, times the other factor.
# Start with zeros of shape $(M, D)$, floats whatever the types of `x` and `dh`, and fill one row in each
# turn.
#
# </details>


# %% answer="07_linear_dW_by_rows" formula="withheld"
def linear_dW_by_rows(x, dh):
    """Return dW for h = W x, one row after the other.

    x: array of shape (D,), dh: array of shape (M,), of floats or integers; both are left unchanged.
    Returns an array of shape (M, D).
    """
    ### BEGIN SOLUTION
    dW = np.zeros((len(dh), len(x)))
    for i in range(len(dh)):
        dW[i] = dh[i] * x
    return dW
    ### END SOLUTION


# %% readonly="07_linear_dW_by_rows-self-check"
checks = Checks()
with checks("floats whatever the types: x = [1, 4], integers, with dh = [0.5, -1.5]"):
    dW = linear_dW_by_rows(np.array([1, 4]), np.array([0.5, -1.5]))
    expect_close("dW", dW, np.array([[0.5, 2.0], [-1.5, -6.0]]))
print(checks)
x = np.array([2.0, -1.0, 0.5])
compare(
    check_vjp,
    linear_dW_by_rows,
    lambda W: W @ x,
    lambda W, dh: linear_dW_by_rows(x, dh),
    W=np.array([[0.1, 0.5, 0.3], [-0.3, 0.8, 0.6]]),
)

# %% graded="07_linear_dW_by_rows-values" points=4
checks = Checks("3.7")
with checks("x = [0.2, 0.4], dh = [0.44, 0.52]: the dW of 3.4", points=2):
    dW = linear_dW_by_rows(np.array([0.2, 0.4]), np.array([0.44, 0.52]))
    expect_close("dW", dW, np.array([[0.088, 0.176], [0.104, 0.208]]))
### BEGIN HIDDEN TESTS
with checks("elsewhere, and for M = 1 or D = 1", points=1) as rng:
    for D, M in ((3, 5), (4, 1), (1, 3)):
        x, dh = rng.normal(size=D), rng.normal(size=M)
        dW = linear_dW_by_rows(*fresh(x, dh))
        expect_gradient(
            "dW",
            dW,
            np.multiply.outer(dh, x),
            linear_dW_by_rows,
            lambda W, x=x: W @ x,
            lambda W, dh, x=x: linear_dW_by_rows(*fresh(x, dh)),
            W=rng.normal(size=(M, D)),
            rtol=1e-12,
        )
with checks("integers, views with gaps, and inputs left unchanged", points=1) as rng:
    whole = rng.normal(size=12)
    for x, dh in (
        (np.array([3, -1, 2]), np.array([0.5, 0.25])),
        (rng.normal(size=3), np.array([2, -5])),
        (whole[::3], whole[5::-2]),
    ):
        expected = np.multiply.outer(dh, x)
        with expect_unchanged(x=x, dh=dh, whole=whole):
            dW = linear_dW_by_rows(x, dh)
        expect_close("dW", dW, expected, rtol=1e-12)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# Now without the loop: what do all the rows together look like, as one product of the column $\mathrm{d}h$
# and the row $x^\top$?
#
# Then a batch: row $n$ of $x$ is an example, row $n$ of $\mathrm{d}h$ its upstream gradient. All examples
# use the same $W$, so $W$ is copied $N$ times, and what comes back from a copy's users **adds up**. It is
# a sum and not a mean. (If the loss is an average over the batch, its $1/N$ has already arrived, inside
# $\mathrm{d}h$.) The sum over the examples is one matrix product. Look at the shapes, $(N, M)$ and
# $(N, D)$ in, $(M, D)$ out, and there is only one way to write it.

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# One example and a batch differ in `x.ndim`. For the batch, which index do $\mathrm{d}h$ and $x$ share,
# and is it one that the result has?
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# Two examples of one input and one output: $h_0 = W x_0$ and $h_1 = W x_1$. The loss hears of $W$ twice:
# $\mathrm{d}W = \mathrm{d}h_0 x_0 + \mathrm{d}h_1 x_1$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# One example: `np.outer`, the gradient first. A batch:
# $\mathrm{d}W_{ij} = \sum_n \mathrm{d}h_{ni} \, x_{nj}$. The index $n$ is summed, so it has to stand in
# the middle of the product: the first factor is turned over.
#
# </details>


# %% answer="07_linear_dW" formula="withheld"
def linear_dW(x, dh):
    """Return dW for h = W x, or for a batch of such products, without a loop over rows.

    One example: x of shape (D,), dh of shape (M,). A batch: x of shape (N, D), dh of shape (N, M), an example
    in each row. Floats or integers; both are left unchanged.
    Returns an array of shape (M, D), for a batch the sum over its examples.
    """
    ### BEGIN SOLUTION
    if x.ndim == 1:
        return np.outer(dh, x)
    return dh.T @ x
    ### END SOLUTION


# %% readonly="07_linear_dW-self-check"
checks = Checks()
with checks("one example, x = [1, 2, 4], dh = [3, -1]"):
    dW = linear_dW(np.array([1.0, 2.0, 4.0]), np.array([3.0, -1.0]))
    expect_close("dW", dW, np.array([[3.0, 6.0, 12.0], [-1.0, -2.0, -4.0]]))
with checks("the same as a batch of one, and a batch of that example twice: the sum of both"):
    for count in (1, 2):
        batch = linear_dW(np.array([[1.0, 2.0, 4.0]] * count), np.array([[3.0, -1.0]] * count))
        expect_close("dW", batch, count * np.array([[3.0, 6.0, 12.0], [-1.0, -2.0, -4.0]]))
print(checks)
x, w, _ = the_product()
compare(check_vjp, linear_dW, lambda W: x @ W.T, lambda W, dh: linear_dW(x, dh), W=w.T)

# %% graded="07_linear_dW-values" points=6
checks = Checks("3.7")
with checks("one example, x = [0.2, 0.4], dh = [0.44, 0.52]: the same as by rows", points=1):
    dW = linear_dW(np.array([0.2, 0.4]), np.array([0.44, 0.52]))
    expect_close("dW", dW, np.array([[0.088, 0.176], [0.104, 0.208]]))
with checks(
    "a batch, the x and dy of 3.5: the dw of 3.5, transposed, since here W stands on the left", points=2
):
    x, _, dh = the_product()
    dW = linear_dW(x, dh)
    expected = [[28.0, -34.0, -10.0], [3.0, 1.0, 11.0], [-18.0, 19.0, -1.0], [0.0, 15.0, 39.0]]
    expect_close("dW", dW, np.array(expected))
### BEGIN HIDDEN TESTS
with checks("one example elsewhere, and for M = 1 or D = 1", points=1) as rng:
    for D, M in ((3, 5), (4, 1), (1, 3)):
        x, dh = rng.normal(size=D), rng.normal(size=M)
        dW = linear_dW(*fresh(x, dh))
        expect_close("dW", dW, np.multiply.outer(dh, x), rtol=1e-12)
with checks("a batch elsewhere, and for N = 1", points=1) as rng:
    for N, D, M in ((6, 3, 4), (1, 3, 2), (5, 1, 2)):
        x, dh = rng.normal(size=(N, D)), rng.normal(size=(N, M))
        dW = linear_dW(*fresh(x, dh))
        expect_gradient(
            "dW",
            dW,
            np.sum(dh[:, :, np.newaxis] * x[:, np.newaxis, :], axis=0),
            linear_dW,
            lambda W, x=x: x @ W.T,
            lambda W, dh, x=x: linear_dW(*fresh(x, dh)),
            W=rng.normal(size=(M, D)),
        )
with checks("integers, views with gaps, and inputs left unchanged", points=1) as rng:
    whole = rng.normal(size=(4, 6))
    for x, dh in (
        (np.array([3, -1, 2]), np.array([0.5, 0.25])),
        (whole[0, ::2], whole[1, ::-3]),
    ):
        expected = np.multiply.outer(dh, x)
        with expect_unchanged(x=x, dh=dh, whole=whole):
            dW = linear_dW(x, dh)
        expect_close("dW", dW, expected, rtol=1e-12)
    for x, dh in (
        (np.array([[3, -1], [2, 5], [0, 4]]), np.array([[2], [-1], [1]])),
        (whole[:, ::3], whole[:, 1::2]),
    ):
        expected = np.sum(dh[:, :, np.newaxis] * x[:, np.newaxis, :], axis=0)
        with expect_unchanged(x=x, dh=dh, whole=whole):
            dW = linear_dW(x, dh)
        expect_close("dW of a batch", dW, expected, rtol=1e-12)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 3.8 Undo the broadcasting (10 points, ★★, 25 minutes)
#
# A layer adds a bias, $y = x w + b$: NumPy *broadcasts* the vector $b$ of shape $(M,)$ to all $N$ rows.
# In the language of graphs it is copied $N$ times, and a copy **adds** on the way back.

# %% readonly="figure-bias"
viz.draw_products(
    [[("y", "N", "M"), "=", ("x", "N", "D"), "·", ("w", "D", "M"), "+", ("b", "1", "M")]],
    {"1": 1, "N": 2, "D": 3, "M": 4},
    title="One row of b is added to every row",
)

# %% [markdown]
# The same happens wherever shapes differ and NumPy makes them fit. It does two things, and both are
# copies: it puts new axes in front until there are enough, and it stretches axes of length 1. For
#
# $$\mathrm{d}y = \begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \end{pmatrix}$$
#
# a variable that was broadcast to this shape gets:
#
# | its shape | what was copied | its gradient |
# |---|---|---|
# | `(2, 3)` | nothing | all of $\mathrm{d}y$ |
# | `(3,)` | along a new axis in front | `[5, 7, 9]` |
# | `(1, 3)` | along axis 0 | `[[5, 7, 9]]` |
# | `(2, 1)` | along axis 1 | `[[6], [15]]` |
# | `()` | everywhere | `21` |
#
# Mind the second and the third row: the numbers are the same, the shapes are not. **A gradient has
# exactly the shape of its variable**, or the update `b -= rate * db` will fail, or, worse, broadcast once
# more.


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# The shapes alone decide. Align them at the right, as NumPy does: which axes has `grad` that `shape` has
# not, and where has `shape` a 1?
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# From $(4, 2, 3)$ to $(2, 1)$: aligned at the right, the 4 stands alone, it was put in front; the 2 meets
# the 2; the 3 meets a 1, it was stretched. Sum over the first axis, which then goes, and over the last,
# which stays with length 1.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# Two steps. First sum over as many leading axes as `grad` has more than `shape`; they vanish. Then, for
# each axis of length 1 in `shape`, sum over it with `keepdims=True`. Where nothing was copied, nothing is
# summed.
#
# </details>


# %% answer="08_unbroadcast" formula="withheld"
def unbroadcast(grad, shape):
    """Return the gradient of a variable of shape `shape` that was broadcast to the shape of grad.

    grad: array of any shape, of floats or integers; it is left unchanged.
    shape: a tuple that broadcasts to the shape of grad; () for a number.
    Returns the sum of grad over all that broadcasting copied, of shape `shape`.
    """
    ### BEGIN SOLUTION
    new_axes = grad.ndim - len(shape)
    total = grad.sum(axis=tuple(range(new_axes)))
    for axis, size in enumerate(shape):
        if size == 1:
            total = total.sum(axis=axis, keepdims=True)
    return total
    ### END SOLUTION


# %% readonly="08_unbroadcast-self-check"
# A row and a column, added to each other, make a (4, 3) table.
compare(
    check_vjp,
    unbroadcast,
    lambda row, column: row + column,
    lambda row, column, dy: (unbroadcast(dy, row.shape), unbroadcast(dy, column.shape)),
    row=np.array([1.0, -2.0, 0.5]),
    column=np.array([[3.0], [-1.0], [0.25], [2.0]]),
)

# %% readonly="08_unbroadcast-self-check-shapes"
checks = Checks()
for shape in ((1, 3), (1, 1), (1,), ()):
    with checks(f"from (2, 3) to {shape}"):
        grad = np.array([[1.0, -2.0, 4.0], [3.0, 0.0, 1.0]])
        variable = np.zeros(shape)
        with expect_unchanged(grad=grad):
            total = unbroadcast(grad, shape)
        expect_shape("the gradient", total, shape)
        expected = grad.sum(axis=0) if shape[-1:] == (3,) else grad.sum()
        expect_close("the gradient", np.ravel(total), np.ravel(expected))
with checks("from (2, 2, 3) to (2, 1): the shapes are aligned at the right"):
    grad = np.arange(12.0).reshape(2, 2, 3)
    expect_close("the gradient", unbroadcast(grad, (2, 1)), grad.sum(axis=(0, 2))[:, np.newaxis])
print(checks)

# %% graded="08_unbroadcast-values" points=4
checks = Checks("3.8")
with checks("shape (3,): [5, 7, 9]", points=1):
    grad = unbroadcast(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), (3,))
    expect_close("the gradient", grad, np.array([5.0, 7.0, 9.0]))
with checks("shape (1, 3): [[5, 7, 9]]", points=1):
    grad = unbroadcast(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), (1, 3))
    expect_close("the gradient", grad, np.array([[5.0, 7.0, 9.0]]))
with checks("shape (2, 1): [[6], [15]]", points=1):
    grad = unbroadcast(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), (2, 1))
    expect_close("the gradient", grad, np.array([[6.0], [15.0]]))
with checks("a number, shape (): 21", points=1):
    grad = unbroadcast(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), ())
    expect_close("the gradient", grad, 21.0)
checks.score()

# %% graded="08_unbroadcast-cases" points=3
checks = Checks("3.8")
with checks("shape (2, 3): nothing was copied, so nothing is summed; for (3,) it is", points=0.5):
    grad = unbroadcast(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), (2, 3))
    expect_close("the gradient", grad, np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    size = np.size(unbroadcast(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), (3,)))
    assert size == 3, f"the gradient for (3,) should have 3 entries, yours has {size}"


### BEGIN HIDDEN TESTS
def summed(grad, shape):
    """Return the sum of grad over all entries that show the same entry of the variable."""
    size = int(np.prod(shape))
    shown = np.broadcast_to(np.arange(size).reshape(shape), grad.shape)
    return np.bincount(shown.ravel(), weights=grad.ravel(), minlength=size).reshape(shape)


with checks("more axes, several at once, and a batch of one", points=1.5) as rng:
    for grad_shape, shape in (
        ((4, 5), (1, 1)),
        ((4, 5), (1,)),
        ((3, 4, 5), (4, 1)),
        ((4, 4, 5), (4, 1)),
        ((3, 4, 5), (3, 1, 5)),
        ((2, 3, 4, 5), (3, 1, 5)),
        ((1, 5), (5,)),
        ((1, 5), (1, 1)),
    ):
        grad = rng.normal(size=grad_shape)
        total = unbroadcast(grad.copy(), shape)
        expect_close(f"the gradient for {grad_shape} to {shape}", total, summed(grad, shape))
with checks("integers, views with gaps, and grad left unchanged", points=1) as rng:
    whole = rng.normal(size=(4, 6))
    for grad, shape in (
        (np.array([[1, -2, 3], [0, 4, -5]]), (2, 1)),
        (whole[::2, ::3], (2,)),
        (whole.T, (6, 1)),
    ):
        expected = summed(grad, shape)
        with expect_unchanged(grad=grad, whole=whole):
            total = unbroadcast(grad, shape)
        expect_close(f"the gradient for {grad.shape} to {shape}", total, expected)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# And the case that you will need in every layer, the bias, on its own.


# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# `b` has $M$ entries and `dy` has $N \cdot M$. What was copied, along which axis?
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# With two examples and one output: $y_0 = \dots + b$ and $y_1 = \dots + b$. Moving $b$ by 1 moves both, so
# $\mathrm{d}b = \mathrm{d}y_0 + \mathrm{d}y_1$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# $\mathrm{d}b_j = \sum_n \mathrm{d}y_{nj}$: sum over the examples, and give back an array of shape `(M,)`.
#
# </details>


# %% answer="08_bias_vjp" formula="withheld"
def bias_vjp(dy):
    """Return db for y = x w + b, given the upstream gradient dy.

    dy: array of shape (N, M), of floats or integers; it is left unchanged.
    Returns an array of shape (M,).
    """
    ### BEGIN SOLUTION
    return dy.sum(axis=0)
    ### END SOLUTION


# %% readonly="08_bias_vjp-self-check"
checks = Checks()
with checks("the rows [1, 2] and [0.5, -1] make [1.5, 1]: an array"):
    expect_close("db", bias_vjp(np.array([[1.0, 2.0], [0.5, -1.0]])), np.array([1.5, 1.0]))
print(checks)
compare(
    check_vjp,
    bias_vjp,
    lambda b: np.array([[0.5, -1.0], [2.0, 0.0], [1.0, 3.0]]) + b,
    lambda b, dy: bias_vjp(dy),
    b=np.array([0.1, -0.2]),
)

# %% graded="08_bias_vjp-values" points=3
checks = Checks("3.8")
with checks("for the dy of 3.5, db is [-6, 4, 1, 15]", points=1):
    db = bias_vjp(the_product()[2])
    expect_close("db", db, np.array([-6.0, 4.0, 1.0, 15.0]))
### BEGIN HIDDEN TESTS
with checks("other batches, and N = 1", points=1) as rng:
    for N, M in ((5, 3), (1, 4), (3, 1)):
        xw, dy = rng.normal(size=(N, M)), rng.normal(size=(N, M))
        db = bias_vjp(dy.copy())
        expect_gradient(
            "db",
            db,
            np.ones(N) @ dy,
            bias_vjp,
            lambda b, xw=xw: xw + b,
            lambda b, dy: bias_vjp(dy.copy()),
            b=rng.normal(size=M),
        )
with checks("integers, views with gaps, and dy left unchanged", points=1) as rng:
    whole = rng.normal(size=(5, 6))
    for dy in (np.array([[1, -2, 3], [0, 4, -5]]), whole[::2, ::3], whole[1:].T):
        expected = np.ones(len(dy)) @ dy
        with expect_unchanged(dy=dy, whole=whole):
            db = bias_vjp(dy)
        expect_close("db", db, expected)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 3.9 The loss that looks too hard (15 points, ★★★, 45 minutes)
#
# A classifier turns an example $x$ into one score per class, $z = W x + b$; softmax makes probabilities
# of the scores; and the loss is minus the logarithm of the probability of the true class $y$:
#
# $$L = -\log \bigl( \operatorname{softmax}(W x + b) \bigr)_y .$$
#
# An index into a logarithm of a quotient of sums of exponentials of a matrix product: try to write down
# $\partial L / \partial W$ in one go, and it looks too hard. On the graph it is three small steps.

# %% readonly="figure-nll"
viz.draw_shapes(
    [
        ("x", ("D",)),
        ("z", ("C",), "W x + b", {"W": ("C", "D"), "b": ("C",)}),
        ("ℓ", ("C",), "log softmax"),
        ("L", (), "minus entry y"),
    ],
    title="The loss of one example",
)

# %% [markdown]
# **Softmax first.** It is $p_i = e^{z_i} / \sum_k e^{z_k}$. Differentiate the quotient, for $i = j$ and
# for $i \ne j$, and write the result with the $p_i$ alone: it becomes short. No zeros this time: every
# score moves every probability. At $z = (\log 1, \log 2, \log 5)$ the probabilities are
# $\frac18, \frac28, \frac58$, and the Jacobian is
#
# $$\frac{1}{64} \begin{pmatrix} 7 & -2 & -5 \\ -2 & 12 & -10 \\ -5 & -10 & 15 \end{pmatrix} .$$
#
# **Predict, then run.** Adding the same number to all scores changes no probability. So what do the
# entries of each row of the Jacobian add up to, at any $z$?

# %%
predicted_row_sum = None  # a number

# %% readonly="predict-rows"
p_before, p_after = (np.exp(z) / np.sum(np.exp(z)) for z in np.array([[0.3, -1.2, 2.0], [1.3, -0.2, 3.0]]))
compare_prediction(
    predicted_row_sum,
    float(np.round(np.max(np.abs(p_after - p_before)), 12)),
    f"At z = [0.3, -1.2, 2] the probabilities are {p_before.round(4).tolist()}, and with 1 added to each "
    f"score they are {p_after.round(4).tolist()}.",
)

# %% [markdown]
# This is useful: $e^{1000}$ overflows, and `inf / inf` is `nan`, so subtract the largest score from all of
# them before you exponentiate. The probabilities stay the same, and no exponential exceeds $e^0 = 1$.
#
# <details><summary>Hint 1: where to look</summary>
#
# The quotient rule, with $S = \sum_k e^{z_k}$ below. The numerator depends on $z_j$ only if $j = i$, the
# denominator always.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# Two classes, $p_0 = e^{z_0} / (e^{z_0} + e^{z_1})$: the derivative by $z_1$ is
# $-e^{z_0} e^{z_1} / S^2 = -p_0 p_1$, and the one by $z_0$ is $p_0 - p_0^2 = p_0 (1 - p_0)$. At $\frac18$
# of probability: $\frac18 \cdot \frac78 = \frac{7}{64}$, as above.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# $$\frac{\partial p_i}{\partial z_j}
# = \begin{cases} p_i (1 - p_i) & i = j \\ -p_i \, p_j & i \ne j \end{cases}
# \qquad\text{that is}\qquad \frac{\partial p}{\partial z} = \operatorname{diag}(p) - p \, p^\top ,$$
#
# where $p$ is computed from the scores less the largest one. NumPy has `np.diag` and `np.outer`.
#
# </details>


# %% answer="09_softmax_jacobian" formula="withheld"
def softmax_jacobian(z):
    """Return the Jacobian of softmax at z.

    z: array of shape (C,), of floats or integers, of any size, such as 1e4; it is left unchanged.
    Returns an array of shape (C, C), finite.
    """
    ### BEGIN SOLUTION
    p = np.exp(z - np.max(z))
    p = p / np.sum(p)
    return np.diag(p) - np.outer(p, p)
    ### END SOLUTION


# %% readonly="09_softmax_jacobian-self-check"
# A random upstream gradient times your Jacobian must be the gradient of z.
checks = Checks()
with checks("scores of 1000, of which two are equal: finite, and half of each"):
    jacobian = softmax_jacobian(np.array([1000.0, 1000.0, 0.0]))
    expect_close("jacobian", jacobian, np.array([[0.25, -0.25, 0.0], [-0.25, 0.25, 0.0], [0.0, 0.0, 0.0]]))
print(checks)
compare(
    check_vjp,
    softmax_jacobian,
    lambda z: np.exp(z) / np.sum(np.exp(z)),
    lambda z, dy: contract(dy, softmax_jacobian(z)),
    z=np.array([0.5, -1.0, 2.0, 0.0]),
)

# %% graded="09_softmax_jacobian-values" points=4
checks = Checks("3.9")
with checks("at z = log [1, 2, 5] it is [[7, -2, -5], [-2, 12, -10], [-5, -10, 15]] / 64", points=1.5):
    jacobian = softmax_jacobian(np.log([1.0, 2.0, 5.0]))
    expected = np.array([[7.0, -2.0, -5.0], [-2.0, 12.0, -10.0], [-5.0, -10.0, 15.0]]) / 64
    expect_close("jacobian", jacobian, expected)
with checks("at z = [1e4, 1e4, -1e4], and at [1e4, 1e4, 0], it is finite: p is [0.5, 0.5, 0]", points=1):
    expected = np.array([[0.25, -0.25, 0.0], [-0.25, 0.25, 0.0], [0.0, 0.0, 0.0]])
    for last in (-1e4, 0.0):
        expect_close("jacobian", softmax_jacobian(np.array([1e4, 1e4, last])), expected)

### BEGIN HIDDEN TESTS
from course_lib.reference import jacobians as reference

with checks("at other scores, to the last digits", points=1) as rng:
    for C in (2, 6):
        z = rng.normal(size=C)
        expect_close(
            "jacobian", softmax_jacobian(z.copy()), reference.softmax_jacobian(z), rtol=1e-12, atol=1e-14
        )
with checks("a single class, integers, a view with gaps, and z left unchanged", points=0.5) as rng:
    for z in (np.array([3.0]), np.array([1, 0, -2]), rng.normal(size=9)[::2]):
        expected = reference.softmax_jacobian(z)
        with expect_unchanged(z=z):
            jacobian = softmax_jacobian(z)
        expect_close("jacobian", jacobian, expected)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# **With the logarithm it becomes simpler.** Let $\ell_i = \log p_i = z_i - \log \sum_k e^{z_k}$.
# Differentiate this by $z_j$, put it into the vector-Jacobian product, where $\mathrm{d}y$ stands for the
# upstream gradient, that of $\ell$, and see how much of the Jacobian is left: beside $\mathrm{d}y$ itself
# the product needs nothing but $p$ and the *sum* of $\mathrm{d}y$. At the same $z$, for
# $\mathrm{d}y = (1, -2, 3)$, the result is $(0.75, -2.5, 1.75)$.
#
# For a batch, with one example in each row, every row is a case of its own: maximum and sums run along the
# last axis, and `keepdims=True` keeps them where they can be broadcast back. Again, large scores must not
# overflow.

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Two terms. The first, $z_i$, depends on $z_j$ only if $i = j$. What is the derivative of the second,
# $\log \sum_k e^{z_k}$, by $z_j$? You have met it.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# With two classes and $\mathrm{d}y = (1, 0)$: $\ell_0 = z_0 - \log(e^{z_0} + e^{z_1})$, so
# $\mathrm{d}z = (1 - p_0, \; -p_1)$. With $\mathrm{d}y = (0, 1)$ it is $(-p_0, \; 1 - p_1)$. With $(1, 1)$
# it is the sum of both, $(1 - 2p_0, \; 1 - 2p_1)$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# $$\frac{\partial \ell_i}{\partial z_j} = \begin{cases} 1 - p_j & i = j \\ -p_j & i \ne j \end{cases}
# \qquad\Longrightarrow\qquad
# \mathrm{d}z_j = \mathrm{d}y_j - p_j \sum_i \mathrm{d}y_i .$$
#
# For the numbers above the sum is 2: $(1 - \frac28, \; -2 - \frac48, \; 3 - \frac{10}8)$. Both the largest
# score and both sums are taken along `axis=-1`, and kept.
#
# </details>


# %% answer="09_log_softmax_vjp" formula="withheld"
def log_softmax_vjp(z, dy):
    """Return dz for the logarithm of softmax(z), given the upstream gradient dy.

    z: array of shape (C,), or (N, C) with one example in each row, of floats or integers of any size, such as
    1e4; dy: array of the same shape. Both are left unchanged.
    Returns an array of the same shape, finite.
    """
    ### BEGIN SOLUTION
    p = np.exp(z - np.max(z, axis=-1, keepdims=True))
    p = p / np.sum(p, axis=-1, keepdims=True)
    return dy - p * np.sum(dy, axis=-1, keepdims=True)
    ### END SOLUTION


# %% readonly="09_log_softmax_vjp-self-check"
checks = Checks()
with checks("a single example"):
    dz = log_softmax_vjp(np.log([1.0, 3.0]), np.array([2.0, -1.0]))
    expect_close("dz", dz, np.array([1.75, -1.75]))
with checks("rows of their own: scores of 1000 in one, and small ones in the other"):
    dz = log_softmax_vjp(np.array([[1000.0, 1000.0], [0.0, 0.0]]), np.array([[1.0, 0.0], [0.0, 3.0]]))
    expect_close("dz", dz, np.array([[0.5, -0.5], [-1.5, 1.5]]))
print(checks)
compare(
    check_vjp,
    log_softmax_vjp,
    lambda z: z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True)),
    log_softmax_vjp,
    z=np.array([[0.5, -1.0, 2.0, 0.0], [1.0, 0.25, -0.5, -2.0]]),
)

# %% graded="09_log_softmax_vjp-values" points=5
checks = Checks("3.9")
with checks("at z = log [1, 2, 5], dy = [1, -2, 3] gives [0.75, -2.5, 1.75]", points=1):
    dz = log_softmax_vjp(np.log([1.0, 2.0, 5.0]), np.array([1.0, -2.0, 3.0]))
    expect_close("dz", dz, np.array([0.75, -2.5, 1.75]))
with checks("at z = [1e4, 1e4, -1e4], dy = [1, 2, 4] gives [-2.5, -1.5, 4]", points=1):
    dz = log_softmax_vjp(np.array([1e4, 1e4, -1e4]), np.array([1.0, 2.0, 4.0]))
    expect_close("dz", dz, np.array([-2.5, -1.5, 4.0]))

### BEGIN HIDDEN TESTS
from course_lib.reference import jacobians as reference

with checks("other vectors, to the last digits", points=1) as rng:
    for C in (6, 2):  # of two entries that add up to 0, any wrong pair is a multiple of the right one
        z, dy = rng.normal(size=C), rng.normal(size=C)
        dz = log_softmax_vjp(*fresh(z, dy))
        expect_gradient(
            "dz",
            dz,
            reference.log_softmax_vjp(z, dy),
            log_softmax_vjp,
            lambda z: z - np.log(np.sum(np.exp(z))),
            lambda z, dy: log_softmax_vjp(*fresh(z, dy)),
            z=z,
            rtol=1e-12,
        )
with checks("batches, of one and of more, with small and large scores together", points=1) as rng:
    for N, C in ((4, 3), (1, 5), (3, 2)):
        z, dy = rng.normal(size=(N, C)), rng.normal(size=(N, C))
        z[0] *= 1e4
        dz = log_softmax_vjp(*fresh(z, dy))
        expect_close("dz", dz, reference.log_softmax_vjp(z, dy), rtol=1e-11)
with checks("integers, views with gaps, and inputs left unchanged", points=1) as rng:
    whole = rng.normal(size=(2, 8))
    for z, dy in (
        (np.array([2, 0, -1]), np.array([0.5, 1.0, -3.0])),
        (rng.normal(size=3), np.array([1, -2, 4])),
        (whole[0, ::2], whole[1, ::-2]),
    ):
        expected = reference.log_softmax_vjp(z, dy)
        with expect_unchanged(z=z, dy=dy, whole=whole):
            dz = log_softmax_vjp(z, dy)
        expect_close("dz", dz, expected, rtol=1e-12)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# **Now put it together.** $L = -\ell_y$ picks one entry. What upstream gradient does it send to $\ell$,
# what does the VJP that you have just written make of it, and what does the last gate, an old
# acquaintance, $z = W x + b$, make of that? Three short answers, and the hard loss is done: the gradient
# of $z$ is something that you can say in words.
#
# Compute $\ell_y$ from the scores, shifted by the largest, and never as the logarithm of a probability:
# one that rounds to 0 would make the loss infinite, when 10000 is right. A small number inside the
# logarithm does not help: it is wrong everywhere instead. (You may call your functions from above, or
# write the few lines again, so that a slip there costs nothing here.)

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# The upstream gradient of $\ell$ is zero everywhere but at one entry. What is its sum?
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# With $p = (\frac18, \frac28, \frac58)$ and $y = 2$: $\mathrm{d}\ell = (0, 0, -1)$, the sum is $-1$, and so
# $\mathrm{d}z = (0 + \frac18, \; 0 + \frac28, \; -1 + \frac58)$. The entries add up to 0.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# $\mathrm{d}z = p - e_y$: the probabilities, with 1 taken from the true class. The bias gets just that,
# $\mathrm{d}b = \mathrm{d}z$, and the weights the product of 3.7 for one example,
# $\mathrm{d}W = \mathrm{d}z \, x^\top$. With shifted scores $t$, the loss is $\log \sum_k e^{t_k} - t_y$.
#
# </details>


# %% answer="09_nll_grads" formula="withheld"
def nll_grads(W, b, x, y):
    """Return the loss -log(softmax(W x + b))[y], and its gradients with respect to W and b.

    W: array of shape (C, D), b: (C,), x: (D,), of floats or integers; they are left unchanged.
    y: the true class, an integer, 0 <= y < C.
    Returns (loss, dW, db): loss a number, dW of shape (C, D), db of shape (C,); finite for scores of 1e4 too.
    """
    ### BEGIN SOLUTION
    z = W @ x + b
    shifted = z - np.max(z)
    log_p = shifted - np.log(np.sum(np.exp(shifted)))
    loss = -log_p[y]

    dz = np.exp(log_p)
    dz[y] -= 1
    dW = np.outer(dz, x)
    db = dz
    return loss, dW, db
    ### END SOLUTION


# %% setup="nll-formula"
def nll(W, b, x, y):
    """Return the loss of 3.9 for moderate scores, for the checker to differentiate."""
    z = W @ x + b
    return np.log(np.sum(np.exp(z))) - z[y]


# %% readonly="09_nll_grads-self-check"
checks = Checks()
with checks("the loss at scores of 0, 1 and 2 is log(1 + e + e²) less the score of y"):
    for y in range(3):
        loss = nll_grads(np.zeros((3, 2)), np.array([0.0, 1.0, 2.0]), np.ones(2), y)[0]
        expect_close(f"the loss for y = {y}", loss, np.log(1 + np.e + np.e**2) - y)
with checks("scores of 2000 and 0: the loss is 2000 for the second class, and all gradients are finite"):
    loss, dW, db = nll_grads(np.array([[1000.0, 0.0], [0.0, 0.0]]), np.zeros(2), np.array([2.0, 1.0]), 1)
    expect_close("(loss, db)", (loss, db), (2000.0, np.array([1.0, -1.0])))
    expect_close("dW", dW, np.array([[2.0, 1.0], [-2.0, -1.0]]))
print(checks)
x = np.array([1.0, -2.0])
compare(
    check_vjp,
    nll_grads,
    lambda W, b: nll(W, b, x, 2),
    lambda W, b, dloss: tuple(dloss * gradient for gradient in nll_grads(W, b, x, 2)[1:]),
    W=np.array([[0.1, 0.5], [-0.3, 0.8], [0.7, -0.2]]),
    b=np.array([0.3, -0.1, 0.2]),
)

# %% graded="09_nll_grads-values" points=3.5
checks = Checks("3.9")
with checks("W = 0, b = log [1, 2, 5], y = 2: the loss is log 1.6 = 0.4700", points=0.5):
    loss, _, _ = nll_grads(np.zeros((3, 2)), np.log([1.0, 2.0, 5.0]), np.array([1.0, -2.0]), 2)
    expect_close("loss", loss, 0.4700, atol=5e-5)
with checks("there, with x = [1, -2]: dW is [[1, -2], [2, -4], [-3, 6]] / 8", points=0.5):
    _, dW, _ = nll_grads(np.zeros((3, 2)), np.log([1.0, 2.0, 5.0]), np.array([1.0, -2.0]), 2)
    expect_close("dW", dW, np.array([[1.0, -2.0], [2.0, -4.0], [-3.0, 6.0]]) / 8)
with checks("and db is [1, 2, -3] / 8", points=0.5):
    _, _, db = nll_grads(np.zeros((3, 2)), np.log([1.0, 2.0, 5.0]), np.array([1.0, -2.0]), 2)
    expect_close("db", db, np.array([1.0, 2.0, -3.0]) / 8)

### BEGIN HIDDEN TESTS
from course_lib.reference import jacobians as reference

with checks("the loss elsewhere", points=0.5) as rng:
    for C, D in ((4, 3), (2, 5), (3, 1)):
        W, b, x = rng.normal(size=(C, D)), rng.normal(size=C), rng.normal(size=D)
        expect_close("loss", nll_grads(*fresh(W, b, x), C - 1)[0], nll(W, b, x, C - 1), rtol=1e-11)
with checks("dW elsewhere", points=1) as rng:
    for C, D in ((4, 3), (2, 5), (3, 1)):
        W, b, x = rng.normal(size=(C, D)), rng.normal(size=C), rng.normal(size=D)
        _, dW, _ = nll_grads(*fresh(W, b, x), 1)
        expect_gradient(
            "dW",
            dW,
            reference.nll_grads(W, b, x, 1)[1],
            nll_grads,
            lambda W, b=b, x=x: nll(W, b, x, 1),
            lambda W, dloss, b=b, x=x: dloss * nll_grads(*fresh(W, b, x), 1)[1],
            W=W,
            rtol=1e-12,
        )
with checks("db elsewhere", points=0.5) as rng:
    for C, D in ((4, 3), (2, 5), (3, 1)):
        W, b, x = rng.normal(size=(C, D)), rng.normal(size=C), rng.normal(size=D)
        _, _, db = nll_grads(*fresh(W, b, x), C - 1)
        expect_gradient(
            "db",
            db,
            reference.nll_grads(W, b, x, C - 1)[2],
            nll_grads,
            lambda b, W=W, x=x, y=C - 1: nll(W, b, x, y),
            lambda b, dloss, W=W, x=x, y=C - 1: dloss * nll_grads(*fresh(W, b, x), y)[2],
            b=b,
            rtol=1e-12,
        )
### END HIDDEN TESTS
checks.score()

# %% graded="09_nll_grads-extremes" points=2.5
checks = Checks("3.9")
with checks("scores of 1e4, 0 and -1e4: the loss is 1e4 for y = 1, and 0 for y = 0", points=1):
    W, b, x = np.array([[1e4, 0.0], [0.0, 0.0], [-1e4, 0.0]]), np.zeros(3), np.array([1.0, 2.0])
    expect_close("loss for y = 1", nll_grads(*fresh(W, b, x), 1)[0], 1e4)
    expect_close("loss for y = 0", nll_grads(W, b, x, 0)[0], 0.0)
with checks("there, for y = 1: dW is [[1, 2], [-1, -2], [0, 0]] and db is [1, -1, 0]", points=0.5):
    W, b, x = np.array([[1e4, 0.0], [0.0, 0.0], [-1e4, 0.0]]), np.zeros(3), np.array([1.0, 2.0])
    _, dW, db = nll_grads(W, b, x, 1)
    expect_close("dW", dW, np.array([[1.0, 2.0], [-1.0, -2.0], [0.0, 0.0]]))
    expect_close("db", db, np.array([1.0, -1.0, 0.0]))
### BEGIN HIDDEN TESTS
from course_lib.reference import jacobians as reference

with checks("the gradients for other scores of 1e4, far apart and close together", points=0.5) as rng:
    x = rng.uniform(1, 2, size=3)
    far_apart = rng.normal(size=(4, 3)) * 1e4, rng.normal(size=4)
    close_together = rng.normal(size=(4, 3)), rng.normal(size=4) + 1e4
    for y, (W, b) in ((1, far_apart), (2, far_apart), (3, close_together)):
        _, dW, db = nll_grads(*fresh(W, b, x), y)
        expect_close("(dW, db)", (dW, db), reference.nll_grads(W, b, x, y)[1:], rtol=1e-9)
with checks("integers, views with gaps, and inputs left unchanged", points=0.5) as rng:
    whole = rng.normal(size=(6, 8))
    for W, b, x in (
        (np.array([[1, -1, 0], [2, 0, 1]]), np.array([0, 1]), np.array([1, 2, -1])),
        (whole[::2, ::3], whole[3, :3], whole[1, ::-3]),
    ):
        expected = reference.nll_grads(W, b, x, 1)
        with expect_unchanged(W=W, b=b, x=x, whole=whole):
            result = nll_grads(W, b, x, 1)
        expect_close("(loss, dW, db)", result, expected, rtol=1e-12)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 3.10 From which end? (5 points, ★, 15 minutes)
#
# A network is a chain of functions, and its derivative the product of their Jacobians,
#
# $$J_k \, J_{k-1} \cdots J_2 \, J_1 ,$$
#
# where $J_1$ belongs to the first function and $J_k$ to the last. The product is the same wherever you
# put the parentheses; the work is not. Multiplying an $(a, b)$ matrix by a $(b, c)$ matrix takes
# $a \, b \, c$ multiplications.
#
# Let `dims` $= (n_0, n_1, \dots, n_k)$ hold the sizes along the chain, from the input to the output, so
# that $J_i$ has the shape $(n_i, n_{i-1})$.
#
# * **Reverse**: from the output, left to right, $\bigl( (J_k J_{k-1}) J_{k-2} \bigr) \cdots J_1$. What is
#   carried along always has $n_k$ rows.
# * **Forward**: from the input, right to left, $J_k \cdots \bigl( J_3 (J_2 J_1) \bigr)$. What is carried
#   along always has $n_0$ columns.
#
# **Predict, then run.** Take a small classifier with its loss, `dims` $= (1000, 100, 10, 1)$. In reverse,
# $J_3 J_2$ costs $1 \cdot 10 \cdot 100 = 1000$, and its product with $J_1$ another $1 \cdot 100 \cdot 1000$:
# together $101\,000$. How many times as many does it take forward?

# %%
predicted_ratio = None  # a number

# %% readonly="predict-modes"
reverse_cost, forward_cost = 1 * 10 * 100 + 1 * 100 * 1000, 10 * 100 * 1000 + 1 * 10 * 1000
compare_prediction(
    predicted_ratio,
    forward_cost / reverse_cost,
    f"J2 J1 alone costs 10 * 100 * 1000, and J3 times that 1 * 10 * 1000: together {forward_cost:,}.",
)

# %% [markdown]
# A loss is a single number, so in reverse you never carry more than one row: a vector. That is
# backpropagation.
#
# <details><summary>Hint 1: where to look</summary>
#
# Carry one number along, the side of the running product that stays. In reverse that is the number of its
# rows, $n_k$; forward it is the number of its columns, $n_0$.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# `dims` $= (2, 3, 5, 7)$, so the Jacobians are $7 \times 5$, $5 \times 3$ and $3 \times 2$. In reverse:
# $7 \cdot 5 \cdot 3 + 7 \cdot 3 \cdot 2 = 147$. Forward: $5 \cdot 3 \cdot 2 + 7 \cdot 5 \cdot 2 = 100$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# Forward, step $k$ costs $n_0$ times two neighbours of the list, $n_k n_{k+1}$, for $k$ from 1 on. Reverse
# is the same with the list turned round. With a single Jacobian there is no product, and the sum is empty.
#
# </details>


# %% answer="10_chain_cost" formula="withheld"
def chain_cost(dims, mode):
    """Return the number of multiplications that the product of the Jacobians J_k ... J_1 takes.

    dims: a list or tuple of at least two integers, (n_0, n_1, ..., n_k); J_i has the shape (n_i, n_(i-1)).
    mode: "reverse", from the output, J_k J_(k-1) first; or "forward", from the input, J_2 J_1 first.
    Returns an integer; 0 for a single Jacobian. Raises ValueError for any other mode.
    """
    ### BEGIN SOLUTION
    if mode not in ("reverse", "forward"):
        raise ValueError(f"mode should be 'reverse' or 'forward', not {mode!r}")
    steps = dims[::-1] if mode == "reverse" else dims
    carried = steps[0]
    cost = 0
    for k in range(1, len(steps) - 1):
        cost += carried * steps[k] * steps[k + 1]
    return cost
    ### END SOLUTION


# %% readonly="10_self-check"
checks = Checks()
with checks("two Jacobians can be multiplied in one way only"):
    expect_close("chain_cost((2, 3, 5), 'reverse')", chain_cost((2, 3, 5), "reverse"), 30)
    expect_close("chain_cost((2, 3, 5), 'forward')", chain_cost((2, 3, 5), "forward"), 30)
with checks("(2, 3, 5, 7): 147 in reverse, 100 forward, for there are fewer inputs than outputs"):
    expect_close("chain_cost((2, 3, 5, 7), 'reverse')", chain_cost((2, 3, 5, 7), "reverse"), 147)
    expect_close("chain_cost((2, 3, 5, 7), 'forward')", chain_cost((2, 3, 5, 7), "forward"), 100)
with checks("turned around, the modes change places"):
    reverse, forward = chain_cost((4, 3, 2, 7), "reverse"), chain_cost((7, 2, 3, 4), "forward")
    expect_close("chain_cost((4, 3, 2, 7), 'reverse')", reverse, forward)
with checks("a single Jacobian costs nothing"):
    expect_close("chain_cost((5, 3), 'reverse')", chain_cost((5, 3), "reverse"), 0)
    expect_close("chain_cost((5, 3), 'forward')", chain_cost((5, 3), "forward"), 0)
with checks("another mode is a ValueError"), expect_raises(ValueError):
    chain_cost((3, 2, 1), "sideways")
print(checks)


# %% readonly="figure-chain-cost"
@once_written
def draw_your_costs():
    """Draw what `chain_cost` says about a chain with 1000 inputs and more and more outputs."""
    outputs = [2**k for k in range(15)]
    costs = {
        mode: [chain_cost((1000, 300, 300, n), mode) for n in outputs] for mode in ("reverse", "forward")
    }
    figure, axes = viz.new_figure(height=3.2)
    axes[0, 0].loglog(outputs, costs["reverse"], "-", color="#0072b2", label="reverse")
    axes[0, 0].loglog(outputs, costs["forward"], "--", color="#d55e00", label="forward")
    axes[0, 0].set(
        xlabel="number of outputs", ylabel="multiplications", title="1000 inputs, two layers of 300"
    )
    axes[0, 0].legend(frameon=False)
    return viz.Picture(
        figure,
        "Your multiplications against the number of outputs, both axes logarithmic, one line for reverse "
        "mode and one for forward mode.",
    )


draw_your_costs()

# %% graded="10_chain_cost-values" points=5
checks = Checks("3.10")
with checks("dims (1000, 100, 10, 1), a loss at the end: reverse takes 101 000", points=1):
    expect_close("chain_cost", chain_cost((1000, 100, 10, 1), "reverse"), 101_000, rtol=0, atol=0)
with checks("the same chain forward takes 1 010 000", points=1):
    expect_close("chain_cost", chain_cost((1000, 100, 10, 1), "forward"), 1_010_000, rtol=0, atol=0)
with checks("dims (2, 30, 400, 5000), few inputs: 60 300 000 in reverse, 4 024 000 forward", points=1):
    expect_close("reverse", chain_cost((2, 30, 400, 5000), "reverse"), 60_300_000, rtol=0, atol=0)
    expect_close("forward", chain_cost((2, 30, 400, 5000), "forward"), 4_024_000, rtol=0, atol=0)
with checks("another mode is a ValueError, and the two that exist are not", points=0.5):
    for mode in ("reverse", "forward"):
        assert chain_cost((3, 2, 1), mode) > 0, f"{mode} for (3, 2, 1) costs more than nothing"
    with expect_raises(ValueError):
        chain_cost((3, 2, 1), "sideways")


### BEGIN HIDDEN TESTS
from itertools import pairwise


def counted(shapes):
    """Return the multiplications of multiplying matrices of these shapes, the first two first."""
    (rows, _), *rest = shapes
    return sum(rows * inner * columns for inner, columns in rest)


with checks("other chains, short and long, as tuples and as lists", points=1.5) as rng:
    for length in (2, 3, 4, 8):
        dims = rng.integers(1, 50, size=length).tolist()
        jacobians = [(n, m) for m, n in pairwise(dims)]
        reverse = counted(jacobians[::-1])
        forward = counted([shape[::-1] for shape in jacobians])
        expect_close(f"reverse for {dims}", chain_cost(tuple(dims), "reverse"), reverse, rtol=0, atol=0)
        expect_close(f"forward for {dims}", chain_cost(dims, "forward"), forward, rtol=0, atol=0)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 3.11 In your own words (5 points, ★★, 15 minutes)
#
# 1. (3 points) Explain why, in a network, a backward pass by VJPs costs about as much as the forward
#    pass, up to a small factor, however many parameters there are. Count the multiplications for $y = xw$
#    as an example.
# 2. (2 points) Describe a computation for which forward mode would win, and say why.

# %% [markdown] written="11_written" points=5
# ### BEGIN SOLUTION
# 1. The forward product $y = xw$ takes $NDM$ multiplications. Backwards,
#    $\mathrm{d}x = \mathrm{d}y\,w^\top$ and $\mathrm{d}w = x^\top \mathrm{d}y$ take $NDM$ each: twice the
#    forward pass. For an elementwise gate such as ReLU it is one multiplication for each entry, in either
#    direction. It is so for every gate, since the VJP uses the structure of the Jacobian (mostly zeros,
#    or the same numbers again and again) and never forms it. Adding up all gates gives a small constant,
#    about 2, times the forward pass. And one pass is enough for all parameters, because the loss is a
#    single number: only one vector per value is carried back, whose size is that of the value.
# 2. Any computation with few inputs and many outputs: how all pixels of a rendered image change with the
#    brightness of one lamp, or a whole simulated trajectory with one parameter. Forward mode carries one
#    column for each input, from the input on, so one pass per input gives the derivatives of all outputs,
#    where reverse mode would need one pass per output (in `chain_cost`, `dims` grow from left to right).
#    It also need not keep the values of the forward pass.
#
# **Rubric** (5 points)
# * Question 1, 3 points: 1 for the count, $NDM$ forward and $2NDM$ backward; 1 for saying that each
#   gate's VJP costs about as much as the gate because its Jacobian is not formed (sparse, repeated, or
#   otherwise structured); 1 for one pass serving all parameters, the output being a single number (or:
#   only vectors are carried).
# * Question 2, 2 points: 1 for an example with fewer inputs than outputs; 1 for the reason, one pass per
#   input against one per output, or the sizes of what is carried along. "When the dimensions grow" with
#   the reason counts in full.
# ### END SOLUTION

# %% [markdown]
# ## What to take along
#
# * $\partial y / \partial x$ has the shape `y.shape + x.shape`. Form it once, small, to see its
#   structure; then never again.
# * What backpropagation needs is the product $\mathrm{d}y \, \frac{\partial y}{\partial x}$. Diagonal
#   Jacobian: multiply entry by entry. Matrix product: two matrix products, the shapes say which.
#   Something copied: sum.
# * A gradient has exactly the shape of its variable.
# * Cut what looks too hard into steps that do not, and compute logarithms of softmax from shifted scores.
# * Start from the end that has fewer numbers. For a loss, that is the output.
#
# With these one-line products you have all it takes to train networks on batches of data.
