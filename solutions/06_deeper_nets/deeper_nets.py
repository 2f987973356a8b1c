# %% [markdown]
# # Deeper
#
# So far a formula stood above most boxes. Here none does. You get the forward pass, the shapes and an idea;
# the backward pass you derive, on paper or in your head, and the checker tells you whether it is right. That
# is how it goes outside of courses: nobody prints the gradient of the layer that you have just invented.
#
# The layers are those that modern networks are made of: normalisation, embeddings, convolutions, recurrent
# nets, attention. Each hides one trap that has cost somebody an afternoon. Then you stack layers as deep as
# you like, see where gradients stop flowing, and at the end you are the doctor: six backward passes come to
# your clinic, each with one slip.
#
# | exercise | what you do | stars | minutes | builds on | may be skipped? |
# |---|---|---|---|---|---|
# | 6.1 | unit vectors and log-sum-exp | ★ | 30 | 3.9 | no |
# | 6.2 | layer norm by stages, batch norm in one go | ★★★ | 60 | 1.4, 3.8 | batch norm may |
# | 6.3 | embeddings | ★ | 15 | 2.2 | no |
# | 6.4 | patches, convolution, max pooling | ★★★ | 75 | 2.2, 3.7 | patches may |
# | 6.5 | a recurrent net, through time | ★★ | 40 | 3.5, 5.3 | no |
# | 6.6 | attention with a mask | ★★★ | 45 | 3.5, 3.9 | yes |
# | 6.7 | a net of any depth, three optimizers | ★★★ | 75 | 4.6, 4.7 | no |
# | 6.8 | the clinic | ★★ | 40 | 3.8, 4.2 | no |
# | 6.9 | in your own words | ★ | 15 | 6.7, 6.8 | no |
#
# "Builds on" means the idea, never the code: no exercise needs another one, and you may do them in any order.
# Altogether this takes some six and a half hours, so spread it over several days; the minutes are for a
# first encounter, and nobody is counting.
#
# **How the notebook works**
#
# * You write where a cell says `raise NotImplementedError("not written yet")`. Replace that line.
# * Before a box stand hints in three steps. Open one, try again, and only then open the next.
# * After a box comes a *self-check*, which compares your gradients with measured ones and says what is wrong.
#   It is worth no points; run it as often as you like.
# * Then come the graded cells. They show numbers that you can check by hand. Grading runs more checks than
#   you see here, with other numbers and other shapes.
# * How far are you? `import course_lib` and then `course_lib.progress()`, in a cell of your own, show a
#   table of all the checks you can see.
#
# A way that works for every layer here. Write the forward pass as single steps. Give each intermediate
# value a name, and for each name ask: *who used it?* Its gradient is the sum of what comes back from its
# users. Then check shapes: a gradient has the shape of its variable. What was copied (broadcast) forward is
# summed backward, and what was summed forward is copied backward.
#
# There are 100 points: 95 are graded by the cells below, 5 by a person. The set-up cells hold what
# the checks are written with; run them, you need not read them.

# %% setup="imports"
from functools import partial

import numpy as np

from course_lib import assert_parameters, assert_vjp, check_vjp, data, numerical_jacobian, viz, watched
from course_lib.gradcheck import Cause, ContractError
from course_lib.grading import (
    Checks,
    compare_prediction,
    expect_close,
    expect_shape,
    expect_unchanged,
    fresh,
    once_written,
    two_of,
)

WITHOUT_GRADIENT = ("ids", "mask")
CLOSE = "so close a miss looks measured: compute the gradient by the chain rule"


def out_of(forward, *arguments):
    """Return what forward returns besides its cache."""
    return two_of(forward, arguments, "out and cache")[0]


def gradients(pair, inputs, dout):
    """Return the gradients by the names of `inputs`: forward, then backward of `dout`."""
    forward, backward = pair
    _, cache = two_of(forward, fresh(inputs.values()), "out and cache")
    grads = backward(np.copy(dout), cache)
    grads = grads if isinstance(grads, tuple | list) else (grads,)
    names = [name for name in inputs if name not in WITHOUT_GRADIENT]
    if len(grads) != len(names):
        wanted = ", ".join(f"d{name}" for name in names)
        raise AssertionError(f"backward should return {wanted}; yours returns {len(grads)} values")
    return dict(zip(names, grads, strict=True))


def expect_gradient(names, pair, truth, inputs, dout, rtol=1e-11):
    """Raise AssertionError unless the gradients of these inputs are right; the checker says why, if it can.

    `names` has spaces between them, `pair` is (forward, backward), `truth` a pair that is right, `inputs` a
    dict of all arguments in order.
    """
    actual, expected = gradients(pair, inputs, dout), gradients(truth, inputs, dout)
    for name in names.split():
        try:
            expect_close(f"d{name}", actual[name], expected[name], rtol=rtol)
        except AssertionError as wrong:
            explain_gradient(assert_vjp, name, pair, truth, inputs, dout)
            raise AssertionError(f"{wrong}; {CLOSE}") from None


def explain_gradient(check, name, pair, truth, inputs, dout):
    """Raise GradientMismatch, with a cause where there is one, if the gradient of `name` is wrong.

    `check` is `assert_vjp`: who is handed a checker belongs to the check, and may call it.
    """

    caches = {}  # made when they are first asked for: most of what is measured needs none

    def forward(value):
        arguments = {**inputs, name: value}
        return truth[0](*fresh(arguments.values()))[0], arguments

    def backward(dout, arguments):
        if id(arguments) not in caches:
            caches[id(arguments)] = arguments, pair[0](*fresh(arguments.values()))[1]
        grads = pair[1](np.copy(dout), caches[id(arguments)][1])
        names = [each for each in inputs if each not in WITHOUT_GRADIENT]
        return grads[names.index(name)] if isinstance(grads, tuple | list) else grads

    backward.__name__ = getattr(pair[1], "__name__", "backward")
    backward.around = pair[1]
    check(forward, backward, inputs[name], dout=dout, names=(name,))


def expect_values(forward, truth, inputs, rtol=1e-10):
    """Raise AssertionError unless `forward(*inputs.values())` has the value of `truth`, changing nothing."""
    expected = truth(*fresh(inputs.values()))[0]
    arrays = {name: value for name, value in inputs.items() if isinstance(value, np.ndarray)}
    with expect_unchanged(**arrays):
        out, _ = two_of(forward, inputs.values(), "out and cache")
    shapes = ", ".join(f"{name} {value.shape}" for name, value in arrays.items())
    expect_close(f"out for {shapes}", out, expected, rtol=rtol)


def expect_hands_off(pair, inputs, dout):
    """Raise AssertionError if forward or backward changes an argument, or if they do nothing at all."""
    arrays = {name: value for name, value in inputs.items() if isinstance(value, np.ndarray)}
    with expect_unchanged(dout=dout, **arrays):
        _, cache = two_of(pair[0], inputs.values(), "out and cache")
        grads = pair[1](dout, cache)
    first = next(value for name, value in inputs.items() if name not in WITHOUT_GRADIENT)
    expect_work("the first gradient", grads[0] if isinstance(grads, tuple | list) else grads, first, dout)


def expect_work(name, gradient, *given):
    """Raise AssertionError if a gradient does not have the shape of the first of the `given` arrays, has the
    same number everywhere, or is one of these arrays: doing nothing leaves everything as it was, too.
    """
    gradient = np.asarray(gradient)
    idle = np.unique(gradient).size < 2 or any(np.array_equal(gradient, array) for array in given)
    if gradient.shape != given[0].shape:
        raise AssertionError(f"{name} should have shape {given[0].shape}, yours has {gradient.shape}")
    if idle:
        raise AssertionError(f"{name} is not worked out yet: this counts when it is")


def expect_named(name, actual, expected, slips, **tolerances):
    """Raise AssertionError unless `actual` is close to `expected`; say which slip gives what it is instead.

    `slips` is a dict: a sentence about a slip, and the value that comes of it.
    """
    try:
        expect_close(name, actual, expected, **tolerances)
    except AssertionError as wrong:
        if isinstance(actual, int | float | np.generic | np.ndarray):
            for sentence, value in slips.items():
                if np.shape(actual) == np.shape(value) and np.allclose(actual, value, rtol=1e-9, atol=1e-9):
                    raise AssertionError(f"{wrong}\n  likely cause: {sentence}") from None
        raise


def with_options(forward, **options):
    """Return `forward` with keyword arguments filled in."""
    return partial(forward, **options)


# %% [markdown]
# ## 6.1 Two functions to warm up (10 points, ★, 30 minutes)
#
# **A unit vector.** Divide a vector by its length, and only its direction is left:
#
# $$u = \frac{x}{|x|}, \qquad |x| = \sqrt{x_1^2 + \dots + x_D^2} .$$
#
# We do that for each row of a batch, `x` of shape `(N, D)`. The length depends on *all* numbers of a row, so
# each of them reaches each entry of $u$, on two paths: as the numerator, and through the length.
#
# **The logarithm of a sum of exponentials**, a soft maximum:
#
# $$\ell = \log \sum_k e^{z_k}, \qquad z: (N, C), \quad \ell: (N,) .$$
#
# You met it inside the softmax loss. Written down as it stands it overflows for $z = 10^4$, and both the
# value and the gradient should be right there. The upstream gradient has one number for each row. Mind how
# it meets an array of shape `(N, C)`: by itself, NumPy lines up `(N,)` with the *last* axis.
#
# Before you derive anything, think about unit vectors for a moment.

# %% [markdown]
# **Predict, then run.** Make a vector a little longer, without turning it. What is the derivative of $u$
# along that direction, and so the inner product of $\mathrm{d}x$ with $x$, whatever the upstream gradient?
# Write your number here.

# %%
along_x = None  # your number

# %% readonly="01_prediction" title="Compare your prediction: a step along x"
compare_prediction(along_x, 0, "Stretching x leaves u where it is, so dx has no part along x.")

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Name the steps. For the unit vector: the length, its reciprocal, the product. $x$ is used twice. For
# log-sum-exp, pull the largest number out of the sum first; then nothing is larger than $e^0$.
#
# </details>
#
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# In the plane, take $x = (3, 4)$, of length 5, and push it by a little step $t$ in the direction $(1, 0)$.
# The step has a part along $x$, which changes nothing, and a part across, of which $u$ feels a fifth. So
# backward: remove from the upstream gradient what points along $u$, and shrink the rest.
#
# For log-sum-exp with two numbers, write $\ell = z_1 + \log(1 + e^{z_2 - z_1})$: the slope with respect to
# $z_2$ is a sigmoid. With more numbers it is the sigmoid's big sister.
#
# </details>
#
# <details><summary>Hint 3: all but the line</summary>
#
# $\mathrm{d}x = \big(\mathrm{d}u - (u \cdot \mathrm{d}u)\, u\big) / |x|$, where the inner product is one
# number for each row, kept as a column. The slope of log-sum-exp with respect to $z_k$ is $e^{z_k - \ell}$,
# which cannot overflow, since no $z_k$ is larger than $\ell$; it is multiplied by the upstream gradient of
# its row, as a column.
#
# </details>


# %% answer="01_unit_vector" formula="withheld"
def unit_vector(x):
    """Return (u, cache), where each row of u is the row of x divided by its length.

    x: (N, D), floats or integers, no row is all zeros; u: (N, D).
    """
    ### BEGIN SOLUTION
    length = np.sqrt(np.sum(x**2, axis=1, keepdims=True))
    u = x / length
    return u, (u, length)
    ### END SOLUTION


def unit_vector_backward(du, cache):
    """Return dx, (N, D). du: (N, D), the upstream gradient; cache: from unit_vector."""
    ### BEGIN SOLUTION
    u, length = cache
    along = np.sum(u * du, axis=1, keepdims=True)
    return (du - along * u) / length
    ### END SOLUTION


# %% readonly="01_unit_vector-self-check"
checks = Checks()
with checks("integers: [3, 4] gives [0.6, 0.8]"):
    expect_close("u", out_of(unit_vector, np.array([[3, 4]])), np.array([[0.6, 0.8]]))
with checks("unit_vector_backward, compared with measured slopes") as rng:
    assert_vjp(unit_vector, unit_vector_backward, 3 * rng.normal(size=(4, 3)))
print(checks)

# %% graded="01_unit_vector-values" points=5
checks = Checks("6.1")
with checks("x = [[3, 4]]: u = [[0.6, 0.8]]", points=0.5):
    u, _ = unit_vector(np.array([[3.0, 4.0]]))
    expect_close("u", u, np.array([[0.6, 0.8]]))
with checks("x = [[3, 4]], du = [[1, 0]]: dx = [[0.128, -0.096]]", points=1):
    pair = unit_vector, unit_vector_backward
    dx = gradients(pair, {"x": np.array([[3.0, 4.0]])}, np.array([[1.0, 0.0]]))["x"]
    expect_named(
        "dx",
        dx,
        np.array([[0.128, -0.096]]),
        {
            "the path through the length is missing": np.array([[0.2, 0.0]]),
            "the division by the length is missing": np.array([[0.64, -0.48]]),
        },
    )
### BEGIN HIDDEN TESTS
from course_lib.reference import normalisation as norm

pair, truth = (unit_vector, unit_vector_backward), (norm.unit_vector, norm.unit_vector_backward)
with checks("u elsewhere: one row, integers, views with gaps", points=1) as rng:
    wide = rng.normal(size=(8, 12))
    for x in (
        2 * rng.normal(size=(5, 4)),
        rng.normal(size=(1, 3)),
        rng.integers(1, 9, size=(4, 2)),
        wide[::2, ::3],
    ):
        expect_values(unit_vector, norm.unit_vector, {"x": x})
with checks("dx elsewhere, for one row and other lengths, too", points=2) as rng:
    for N, D, scale in ((5, 4, 1.0), (1, 3, 2.0), (4, 2, 1e5), (3, 6, 1e-5)):
        x = scale * rng.normal(size=(N, D))
        expect_gradient("x", pair, truth, {"x": x}, rng.normal(size=(N, D)))
with checks("x and du are left unchanged", points=0.5) as rng:
    expect_hands_off(pair, {"x": rng.normal(size=(6, 8))[::2, ::2]}, rng.normal(size=(3, 4)))
### END HIDDEN TESTS
checks.score()


# %% answer="01_logsumexp" formula="withheld"
def logsumexp(z):
    """Return (value, cache), where value[n] is log(sum(exp(z[n]))), right for z of any size.

    z: (N, C), floats; value: (N,).
    """
    ### BEGIN SOLUTION
    largest = z.max(axis=1)
    value = largest + np.log(np.sum(np.exp(z - largest[:, np.newaxis]), axis=1))
    return value, (z, value)
    ### END SOLUTION


def logsumexp_backward(dvalue, cache):
    """Return dz, (N, C), finite for z of any size. dvalue: (N,), upstream; cache: from logsumexp."""
    ### BEGIN SOLUTION
    z, value = cache
    return dvalue[:, np.newaxis] * np.exp(z - value[:, np.newaxis])
    ### END SOLUTION


# %% readonly="01_logsumexp-self-check"
checks = Checks()
with checks("the value of [0, log 3] is log 4"):
    value = out_of(logsumexp, np.array([[0.0, np.log(3.0)]]))
    expect_close("the value", value, np.array([np.log(4.0)]))
with checks("logsumexp_backward, compared with measured slopes") as rng:
    assert_vjp(logsumexp, logsumexp_backward, rng.normal(size=(4, 3)))
with checks("as many rows as columns") as rng:
    assert_vjp(logsumexp, logsumexp_backward, rng.normal(size=(3, 3)))
with checks("at 1e4 and at -1e4: value and gradient are finite") as rng:
    for far in (1e4, -1e4):
        value, cache = logsumexp(far + rng.normal(size=(2, 3)))
        assert np.all(np.isfinite(value)), f"the value is {value}"
        dz = logsumexp_backward(np.ones(2), cache)
        assert np.all(np.isfinite(dz)), f"the gradient is {dz}"
with checks("rows of their own: 1e4 in one, 0 in the other"):
    z = np.array([[1e4, 1e4], [0.0, 0.0]])
    expect_close("the value", out_of(logsumexp, z), np.array([1e4 + np.log(2.0), np.log(2.0)]))
    dz = gradients((logsumexp, logsumexp_backward), {"z": z}, np.array([2.0, 4.0]))["z"]
    expect_close("the gradient", dz, np.array([[1.0, 1.0], [2.0, 2.0]]))
print(checks)

# %% graded="01_logsumexp-values" points=5
checks = Checks("6.1")
with checks("z = [[0, log 3]]: the value is log 4 = 1.3863, and dvalue = [8] gives dz = [[2, 6]]", points=1):
    z = np.array([[0.0, np.log(3.0)]])
    expect_close("value", out_of(logsumexp, z.copy()), np.array([np.log(4.0)]))
    dz = gradients((logsumexp, logsumexp_backward), {"z": z}, np.array([8.0]))["z"]
    expect_close("dz", dz, np.array([[2.0, 6.0]]))
with checks("z = [[1e4, 1e4, 0], [-1e4, -1e4, -1e4]]: finite, and right", points=1):
    z = np.array([[1e4, 1e4, 0.0], [-1e4, -1e4, -1e4]])
    value = out_of(logsumexp, z.copy())
    expect_close("value", value, np.array([1e4 + np.log(2.0), -1e4 + np.log(3.0)]))
    dz = gradients((logsumexp, logsumexp_backward), {"z": z}, np.array([2.0, 3.0]))["z"]
    expect_close("dz", dz, np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]]))
### BEGIN HIDDEN TESTS
from course_lib.reference import normalisation as norm

pair, truth = (logsumexp, logsumexp_backward), (norm.logsumexp, norm.logsumexp_backward)
with checks("values elsewhere, and for one row", points=1) as rng:
    for N, C in ((5, 4), (1, 3), (3, 3)):
        expect_values(logsumexp, norm.logsumexp, {"z": 3 * rng.normal(size=(N, C))}, rtol=1e-12)
with checks("dz elsewhere, and for one row", points=1.5) as rng:
    for N, C in ((5, 4), (1, 3), (3, 3)):
        expect_gradient("z", pair, truth, {"z": 2 * rng.normal(size=(N, C))}, rng.normal(size=N))
with checks("z and dvalue are left unchanged", points=0.5) as rng:
    z, dvalue = rng.normal(size=(6, 8))[::2, ::2], rng.normal(size=6)[::2]
    expect_hands_off(pair, {"z": z}, dvalue)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# Two Jacobians at one point. That of the unit vector comes from your backward pass, row by row. That of
# softmax is measured: softmax is what your `logsumexp_backward` returns for an upstream gradient of 1. Both
# are **symmetric**, and for the same reason. The unit vector is the gradient of the length $|x|$, and softmax
# is the gradient of log-sum-exp; the Jacobian of a gradient is a matrix of second derivatives, and for
# these the order does not matter. (Layer norm, which comes next, is no gradient of anything: with a gamma,
# its Jacobian is not symmetric.)


# %% readonly="figure-jacobians"
@once_written
def draw_your_jacobians():
    def softmax(z):
        return logsumexp_backward(np.ones(1), logsumexp(z[np.newaxis])[1])[0]

    x = np.array([1.5, -0.5, 1.0, 0.3])
    _, cache = unit_vector(np.tile(x, (4, 1)))
    unit = unit_vector_backward(np.eye(4), cache)
    soft = numerical_jacobian(softmax, x)
    return viz.draw_matrices(
        {"of the unit vector": unit, "of softmax": soft}, title="Two symmetric Jacobians"
    )


draw_your_jacobians()

# %% [markdown]
# ## 6.2 Normalisation (15 points, ★★★, 60 minutes)
#
# Deep networks train better when the numbers inside them have a sensible size. **Layer norm** sees to that
# for each example by itself: it shifts and scales a row to mean 0 and variance 1, and then lets two learned
# vectors choose another scale and place for each column. In named stages:
#
# | stage | shape | what it is |
# |---|---|---|
# | `mean` | (N, 1) | the mean of each row of `x` |
# | `centred` | (N, D) | `x` minus `mean` |
# | `var` | (N, 1) | the mean of the squares of `centred` (divided by D, not by D - 1) |
# | `std` | (N, 1) | the root of `var` plus `eps`, a small number that keeps it from 0 |
# | `xhat` | (N, D) | `centred` divided by `std` |
# | `out` | (N, D) | `gamma` times `xhat`, plus `beta`; `gamma` and `beta` are (D,) |
#
# Walk back through the stages, and give each its gradient: `dxhat`, `dstd`, `dvar`, `dcentred`, `dmean`,
# and at last `dx`. Each is the *whole* gradient of its stage: what comes back from all who used it, added
# up. Who did? One of the stages has two users, and so has `x`.
#
# For a row with `xhat` = (-1, -1, 1, 1), `gamma` = (1, 2, 1, 2) and the upstream gradient (1, 2, 3, -1),
# you should get `dxhat` = (1, 4, 3, -2) and, since this row has a `std` of 1, `dstd` = 4, `dvar` = 2,
# `dcentred` = (0, 3, 4, -1), `dmean` = -6 and `dx` = (-1.5, 1.5, 2.5, -2.5).

# %% [markdown]
# **Predict, then run.** Add 1 to all numbers of a row. What happens to `out`? So what is the sum of `dx`
# over a row, whatever the upstream gradient?

# %%
sum_of_dx = None  # your number

# %% readonly="02_prediction" title="Compare your prediction: the sum of dx over a row"
compare_prediction(sum_of_dx, 0, "Layer norm subtracts the mean: a shift of the row is never seen.")

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Draw the stages as a graph. `centred` goes into `xhat` and into `var`; `x` goes into `centred` and into
# `mean`. Where two arrows leave, two gradients add. Where a column (N, 1) met an array (N, D), it was
# copied D times, so its gradient is a sum over the row.
#
# </details>
#
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# One number out of the middle: $q = c / s$, where $c$ is a row and $s$ one number. With the upstream
# gradient $g$, $c$ gets $g / s$; $s$ gets from each entry $-g_j c_j / s^2$, and all of them together. And a
# mean of $D$ squares gives to each of its numbers two times that number, over $D$.
#
# </details>
#
# <details><summary>Hint 3: all but the line</summary>
#
# `dxhat` is the upstream gradient times gamma: gamma scales all that flows to $x$. `dstd` is minus the sum
# of `dxhat` times `centred`, over `std` squared. `dvar` is half of `dstd`, over `std`. `dcentred` is
# `dxhat` over `std`, plus `centred` times `dvar` times 2 over D. `dmean` is minus the sum of `dcentred`,
# and `dx` is `dcentred` plus the D-th part of `dmean`. The sums go along the rows, and stay columns.
#
# </details>


# %% answer="02_layernorm" formula="withheld"
def layernorm_forward(x, gamma, beta, eps=1e-5):
    """Return (out, cache): out (N, D), and the stages, a dict with the keys of the table, and gamma.

    x: (N, D), floats or integers; gamma, beta: (D,). The cache may hold more, if you need more.
    """
    ### BEGIN SOLUTION
    mean = x.mean(axis=1, keepdims=True)
    centred = x - mean
    var = np.mean(centred**2, axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = centred / std
    out = gamma * xhat + beta
    return out, {"mean": mean, "centred": centred, "var": var, "std": std, "xhat": xhat, "gamma": gamma}
    ### END SOLUTION


def layernorm_backward(dout, cache):
    """Return a dict of gradients: dgamma, dbeta, dxhat, dstd, dvar, dcentred, dmean and dx.

    dout: (N, D), the upstream gradient; cache: the dict from layernorm_forward. Each gradient has the shape
    of what it belongs to.
    """
    ### BEGIN SOLUTION
    centred, std, xhat = cache["centred"], cache["std"], cache["xhat"]
    D = centred.shape[1]
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = dout * cache["gamma"]
    dstd = -np.sum(dxhat * centred, axis=1, keepdims=True) / std**2
    dvar = dstd / (2 * std)
    dcentred = dxhat / std + 2 * centred * dvar / D
    dmean = -np.sum(dcentred, axis=1, keepdims=True)
    dx = dcentred + dmean / D
    return {
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }
    ### END SOLUTION


# %% setup="norm-fixtures"
def norm_inputs(rng, N=5, D=4):
    """Return random x, gamma and beta as a dict."""
    return {"x": 2 * rng.normal(size=(N, D)) + 1, "gamma": rng.normal(size=D), "beta": rng.normal(size=D)}


def layernorm_parts(backward, dout, cache, *names):
    """Return these gradients of the dict that layernorm_backward returns; ContractError if it has no such."""
    grads = backward(dout, cache)
    if not isinstance(grads, dict):
        kind = type(grads).__name__
        raise ContractError(Cause.WRONG_TYPE, f"backward should return a dict; yours is of the type {kind}")
    if missing := [name for name in names if name not in grads]:
        sentence = f"the dict that backward returns should have the key {missing[0]!r}"
        raise ContractError(Cause.WRONG_COUNT, sentence)
    return tuple(grads[name] for name in names)


def layernorm_gradients(backward):
    """Return the backward pass that gives (dx, dgamma, dbeta) alone, as the checker wants them."""

    def gradients_of_inputs(dout, cache):
        return layernorm_parts(backward, dout, cache, "dx", "dgamma", "dbeta")

    gradients_of_inputs.__name__ = "layernorm_backward"
    gradients_of_inputs.around = backward  # where a first wrong line is looked for
    return gradients_of_inputs


def layernorm_gradient(backward, stage):
    """Return the backward pass that gives the gradient of one stage alone."""

    def gradient_of_stage(dout, cache):
        return layernorm_parts(backward, dout, cache, f"d{stage}")

    gradient_of_stage.__name__ = "layernorm_backward"
    gradient_of_stage.around = backward
    return gradient_of_stage


def rest_of_layernorm(stage, value, inputs):
    """Return `out` of layer norm, computed on from one of its stages; `inputs` as from norm_inputs."""
    x, gamma, beta = inputs.values()
    mean = value if stage == "mean" else x.mean(axis=1, keepdims=True)
    centred = value if stage == "centred" else x - mean
    var = value if stage == "var" else np.mean(centred**2, axis=1, keepdims=True)
    std = value if stage == "std" else np.sqrt(var + 1e-5)
    xhat = value if stage == "xhat" else centred / std
    return gamma * xhat + beta


STAGES = ("xhat", "std", "var", "centred", "mean")
ROW = {
    "x": np.array([[1.0, 1.0, 3.0, 3.0]]),
    "gamma": np.array([1.0, 2.0, 1.0, 2.0]),
    "beta": np.array([0.0, 10.0, 20.0, 30.0]),
}

# %% readonly="02_layernorm-self-check"
# Self-check: each stage in the order in which you need it, then all of it. Mend the first cross first.
checks = Checks()
inputs = norm_inputs(np.random.default_rng(0))
with checks("the cache has a key for each stage, with the shape of the table"):
    cache = layernorm_forward(**inputs)[1]
    for stage, columns in {"mean": 1, "centred": 4, "var": 1, "std": 1, "xhat": 4}.items():
        expect_shape(stage, cache[stage], (5, columns))
for stage in STAGES:
    with checks(f"d{stage}, compared with measured slopes") as rng:
        cache = layernorm_forward(**inputs)[1]
        assert_vjp(
            lambda value, stage=stage, cache=cache: (rest_of_layernorm(stage, value, inputs), cache),
            layernorm_gradient(layernorm_backward, stage),
            np.copy(cache[stage]),
            names=(stage,),
        )
with checks("dx, dgamma and dbeta, compared with measured slopes"):
    assert_vjp(layernorm_forward, layernorm_gradients(layernorm_backward), *inputs.values())
with checks("eps stands under the root: for [1, -1] and eps = 3, std is 2"):
    out, cache = layernorm_forward(np.array([[1.0, -1.0]]), np.ones(2), np.zeros(2), eps=3.0)
    expect_close("std", cache["std"], np.array([[2.0]]))
    expect_close("out", out, np.array([[0.5, -0.5]]))
print(checks)

# %% graded="02_layernorm-forward" points=2
checks = Checks("6.2")
with checks("x = [[1, 1, 3, 3]], eps 0: xhat = [[-1, -1, 1, 1]], and out is gamma xhat + beta", points=1):
    out, cache = layernorm_forward(ROW["x"].copy(), ROW["gamma"].copy(), ROW["beta"].copy(), eps=0)
    expect_close("cache['xhat']", cache["xhat"], np.array([[-1.0, -1.0, 1.0, 1.0]]))
    expect_close("out", out, np.array([[-1.0, 8.0, 21.0, 32.0]]))
### BEGIN HIDDEN TESTS
from course_lib.reference import normalisation as norm

with checks("all stages elsewhere: one row, integers, another eps", points=1) as rng:
    for N, D, eps in ((5, 4, {}), (1, 3, {}), (4, 6, {"eps": 0.5})):
        inputs = norm_inputs(rng, N=N, D=D)
        if N == 4:
            inputs["x"] = np.round(9 * inputs["x"]).astype(int)
        expected, stages = norm.layernorm_forward(**inputs, **eps)
        with expect_unchanged(**inputs):
            out, cache = layernorm_forward(**inputs, **eps)
        for name, value in stages.items():
            expect_close(f"cache[{name!r}]", cache[name], value, rtol=1e-10)
        expect_close("out", out, expected, rtol=1e-10)
### END HIDDEN TESTS
checks.score()

# %% graded="02_layernorm-stages" points=6
checks = Checks("6.2")
with checks("the row above, dout = [[1, 2, 3, -1]]: dx = [[-1.5, 1.5, 2.5, -2.5]]", points=0.5):
    _, cache = layernorm_forward(ROW["x"].copy(), ROW["gamma"].copy(), ROW["beta"].copy(), eps=0)
    grads = layernorm_backward(np.array([[1.0, 2.0, 3.0, -1.0]]), cache)
    expect_close("dx", grads["dx"], np.array([[-1.5, 1.5, 2.5, -2.5]]))
### BEGIN HIDDEN TESTS
from course_lib.reference import normalisation as norm


def stages_of(rng, N, D, *names):
    """Return exact stages, the upstream gradient, your gradients, with `names`, and those that are right."""
    inputs, dout = norm_inputs(rng, N=N, D=D), rng.normal(size=(N, D))
    exact = norm.layernorm_forward(**inputs)[1]
    expected = norm.layernorm_backward(dout, exact)
    own = layernorm_forward(*fresh(inputs.values()))[1]
    own = own if isinstance(own, dict) else {}  # a slip in the forward pass has cost its points there
    copies = dict(zip(exact, fresh(exact.values()), strict=True))
    grads = layernorm_backward(dout.copy(), {**own, **copies})
    if not isinstance(grads, dict):
        kind = type(grads).__name__
        raise AssertionError(f"layernorm_backward should return a dict; yours is of the type {kind}")
    if missing := [name for name in names if name not in grads]:
        raise AssertionError(f"the dict that layernorm_backward returns should have the key {missing[0]!r}")
    return exact, dout, grads, expected


def expect_stage(name, uses, rng, from_own, slips):
    """Raise AssertionError unless a stage's gradient is right, or follows from your earlier ones.

    `uses` names these, with spaces between; `from_own(own, exact)` is what follows from them; `slips(own,
    exact)` as in expect_named.
    """
    for N, D in ((5, 4), (1, 3), (3, 6)):
        exact, dout, grads, expected = stages_of(rng, N, D, name)
        own = {**expected, **{each: grads[each] for each in expected if each in grads}, "dout": dout}
        try:
            expect_close(name, grads[name], expected[name], rtol=1e-10)
        except AssertionError:
            if not all(np.any(own[each]) for each in uses.split()):
                raise
            expect_named(name, grads[name], from_own(own, exact), slips(own, exact), rtol=1e-9, atol=1e-12)


def row_sum(array):
    return np.sum(array, axis=1, keepdims=True)


with checks("dgamma and dbeta", points=0.5) as rng:
    for N, D in ((5, 4), (1, 3), (3, 6)):
        _, _, grads, expected = stages_of(rng, N, D, "dgamma", "dbeta")
        for name in ("dgamma", "dbeta"):
            expect_close(name, grads[name], expected[name], rtol=1e-10)
with checks("dxhat", points=0.5) as rng:
    expect_stage(
        "dxhat",
        "dout",
        rng,
        lambda own, at: own["dout"] * at["gamma"],
        lambda own, at: {"gamma is missing: it scales all that flows to x": own["dout"]},
    )
with checks("dstd", points=0.75) as rng:
    expect_stage(
        "dstd",
        "dxhat",
        rng,
        lambda own, at: -row_sum(own["dxhat"] * at["centred"]) / at["std"] ** 2,
        lambda own, at: {
            "the sign is lost": row_sum(own["dxhat"] * at["centred"]) / at["std"] ** 2,
            "std should be squared": -row_sum(own["dxhat"] * at["centred"]) / at["std"],
        },
    )
with checks("dvar", points=0.75) as rng:
    expect_stage(
        "dvar",
        "dstd",
        rng,
        lambda own, at: own["dstd"] / (2 * at["std"]),
        lambda own, at: {"the root's factor 1/2 is missing": own["dstd"] / at["std"]},
    )
with checks("dcentred", points=1) as rng:
    expect_stage(
        "dcentred",
        "dxhat dvar",
        rng,
        lambda own, at: own["dxhat"] / at["std"] + 2 * at["centred"] * own["dvar"] / at["centred"].shape[1],
        lambda own, at: {
            "the path through var is missing": own["dxhat"] / at["std"],
            "the path through xhat is missing": 2 * at["centred"] * own["dvar"] / at["centred"].shape[1],
            "var is a mean: divide by D": own["dxhat"] / at["std"] + 2 * at["centred"] * own["dvar"],
        },
    )
with checks("dmean", points=0.75) as rng:
    expect_stage(
        "dmean",
        "dcentred",
        rng,
        lambda own, at: -row_sum(own["dcentred"]),
        lambda own, at: {"the sign is lost": row_sum(own["dcentred"])},
    )
with checks("dx", points=0.75) as rng:
    expect_stage(
        "dx",
        "dcentred",
        rng,
        lambda own, at: own["dcentred"] + own["dmean"] / at["centred"].shape[1],
        lambda own, at: {
            "the path through mean is missing": own["dcentred"],
            "mean is a mean: divide by D": own["dcentred"] + own["dmean"],
        },
    )
with checks("dout and the cache are left unchanged", points=0.5) as rng:
    inputs, dout = norm_inputs(rng), rng.normal(size=(5, 8))[:, ::2]
    exact = norm.layernorm_forward(**inputs)[1]
    cache = {**layernorm_forward(*fresh(inputs.values()))[1], **exact}
    with expect_unchanged(dout=dout, **exact):
        grads = layernorm_backward(dout, cache)
    expect_work("dx", grads["dx"], inputs["x"], dout)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# **Batch norm** does the same along the other axis: it normalises each *column* over the batch,
#
# $$\hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}}, \qquad \text{out} = \gamma \hat x + \beta,$$
#
# with the mean $\mu$ and the variance $\sigma^2$ (divided by $N$) of each column of this very batch. So every
# example of the batch reaches every other one, and that is what makes its gradient famous.
#
# When the network is used later, on one example, there is no batch. So training also keeps **running
# statistics**, averages over the batches seen so far: after each batch they become 0.9 times what they were
# plus 0.1 times the batch's own. They are kept beside the computation and do not enter `out`, so they are *no
# part of the gradient*.
#
# You have done it by stages. This time do it **in one go**: carry the chain rule through on paper until
# `dx` is one expression in the upstream gradient, `gamma`, `xhat` and the standard deviation, with no
# stages left. It is shorter than you might think, and not far from the unit vector: subtracting the mean
# removes one direction, dividing by the deviation removes another.
#
# <details><summary>Hint 1: where to look</summary>
#
# Put your stages of layer norm into one another, along the other axis. Begin with the gradient that arrives
# at $\hat x$, where gamma already is in it; the sums over `dcentred` simplify, since the centred numbers
# add up to 0.
#
# </details>
#
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# Without the mean, $\hat x = x / r$ with $r^2$ the mean of the squares: that is $\sqrt N$ times a unit
# vector. The gradient loses its part along $\hat x$, that is $\hat x$ times the mean of $g \hat x$, and is
# divided by $r$. With the mean, what is left also loses its own mean.
#
# </details>
#
# <details><summary>Hint 3: all but the line</summary>
#
# Let $g$ be the upstream gradient times $\gamma$. Then $\mathrm{d}x = \big(g - \overline{g} - \hat x\;
# \overline{g \hat x}\big) / \sqrt{\sigma^2 + \epsilon}$, where a bar is the mean over the batch, column by
# column.
#
# </details>


# %% answer="02_batchnorm" formula="withheld"
def batchnorm_forward(x, gamma, beta, running=None, eps=1e-5):
    """Return (out, cache) in training, out (N, D); update the running statistics, if there are any.

    x: (N, D), floats or integers; gamma, beta: (D,). running: None, or a dict of mean and var, (D,), whose
    entries are replaced by 0.9 times what they were plus 0.1 times those of the batch.
    """
    ### BEGIN SOLUTION
    mean, var = x.mean(axis=0), x.var(axis=0)
    if running is not None:
        running["mean"] = 0.9 * running["mean"] + 0.1 * mean
        running["var"] = 0.9 * running["var"] + 0.1 * var
    std = np.sqrt(var + eps)
    xhat = (x - mean) / std
    return gamma * xhat + beta, (xhat, std, gamma)
    ### END SOLUTION


def batchnorm_backward(dout, cache):
    """Return (dx, dgamma, dbeta). dout: (N, D), the upstream gradient; cache: from batchnorm_forward."""
    ### BEGIN SOLUTION
    xhat, std, gamma = cache
    g = dout * gamma
    dx = (g - g.mean(axis=0) - xhat * np.mean(g * xhat, axis=0)) / std
    return dx, np.sum(dout * xhat, axis=0), np.sum(dout, axis=0)
    ### END SOLUTION


# %% readonly="02_batchnorm-self-check"
checks = Checks()
inputs = norm_inputs(np.random.default_rng(0))
with checks("the column [1, 5], gamma 3, beta 10, eps 0: xhat is -1 and 1, and out is 7 and 13"):
    column, gamma, beta = np.array([[1.0], [5.0]]), np.array([3.0]), np.array([10.0])
    out = out_of(partial(batchnorm_forward, eps=0), column, gamma, beta)
    expect_close("out", out, np.array([[7.0], [13.0]]))
with checks("dx, dgamma and dbeta, compared with measured slopes"):
    assert_vjp(batchnorm_forward, batchnorm_backward, *inputs.values())
with checks("the same with running statistics, which do not change out"):
    running = {"mean": np.ones(4), "var": np.ones(4)}
    out, cache = batchnorm_forward(*inputs.values(), running)
    expect_close("out", out, out_of(batchnorm_forward, *inputs.values()))
    expect_close("the running mean", running["mean"], 0.9 + 0.1 * inputs["x"].mean(axis=0))
    expect_close("the running variance", running["var"], 0.9 + 0.1 * inputs["x"].var(axis=0))
    with_running = batchnorm_backward(inputs["x"] + 1, cache)
    without = batchnorm_backward(inputs["x"] + 1, batchnorm_forward(*inputs.values())[1])
    expect_close("the gradients", list(with_running), list(without))
print(checks)

# %% graded="02_batchnorm-forward" points=2
checks = Checks("6.2")
with checks(
    "the columns [1, 1, 3, 3] and [0, 0, 0, 4], eps 0: xhat = ±1, and -0.5774, ..., 1.7321", points=0.5
):
    x = np.array([[1.0, 0.0], [1.0, 0.0], [3.0, 0.0], [3.0, 4.0]])
    out, _ = batchnorm_forward(x, np.array([2.0, 1.0]), np.array([10.0, 0.0]), eps=0)
    expected = np.array([[8.0, -0.57735], [8.0, -0.57735], [12.0, -0.57735], [12.0, 1.73205]])
    expect_close("out", out, expected, atol=1e-5)
### BEGIN HIDDEN TESTS
from course_lib.reference import normalisation as norm

with checks("out elsewhere: a batch of one, integers, another eps; arguments unchanged", points=1) as rng:
    for N, D, eps in ((5, 4, {}), (1, 3, {}), (4, 6, {"eps": 0.5})):
        inputs = norm_inputs(rng, N=N, D=D)
        if N == 4:
            inputs["x"] = np.round(9 * inputs["x"]).astype(int)
        forward, truth = with_options(batchnorm_forward, **eps), with_options(norm.batchnorm_forward, **eps)
        expect_values(forward, truth, inputs)
with checks("the running statistics", points=0.5) as rng:
    running = {"mean": rng.normal(size=4), "var": rng.uniform(1, 2, size=4)}
    wanted = {name: value.copy() for name, value in running.items()}
    for _ in range(2):
        inputs = norm_inputs(rng, N=5)
        norm.batchnorm_forward(**inputs, running=wanted)
        batchnorm_forward(*fresh(inputs.values()), running)
    for name in ("mean", "var"):
        expect_close(f"running[{name!r}] after two batches", running[name], wanted[name], rtol=1e-10)
### END HIDDEN TESTS
checks.score()

# %% graded="02_batchnorm-backward" points=5
checks = Checks("6.2")
with checks("the column [1, 1, 3, 3], gamma 2, dout = [1, 2, 3, 6]: dx = [-1, 1, -3, 3]", points=1):
    x, one = np.array([[1.0], [1.0], [3.0], [3.0]]), np.ones(1)
    _, cache = batchnorm_forward(x, 2 * one, one, eps=0)
    dx, dgamma, dbeta = batchnorm_backward(np.array([[1.0], [2.0], [3.0], [6.0]]), cache)
    slips = {"gamma is missing": np.array([[-0.5], [0.5], [-1.5], [1.5]])}
    expect_named("dx", dx, np.array([[-1.0], [1.0], [-3.0], [3.0]]), slips, atol=1e-9)
    expect_close("dgamma", dgamma, np.array([6.0]))
    expect_close("dbeta", dbeta, np.array([12.0]))
### BEGIN HIDDEN TESTS
from course_lib.reference import normalisation as norm

pair, truth = (batchnorm_forward, batchnorm_backward), (norm.batchnorm_forward, norm.batchnorm_backward)
with checks("dgamma and dbeta elsewhere", points=0.5) as rng:
    for N, D in ((5, 4), (7, 3), (1, 4)):
        expect_gradient("gamma beta", pair, truth, norm_inputs(rng, N=N, D=D), rng.normal(size=(N, D)))
with checks("dx elsewhere", points=2) as rng:
    for N, D in ((5, 4), (7, 3)):
        expect_gradient("x", pair, truth, norm_inputs(rng, N=N, D=D), rng.normal(size=(N, D)))
with checks("dx while running statistics are kept: they are no part of the gradient", points=1) as rng:
    inputs, dout = norm_inputs(rng, N=6), rng.normal(size=(6, 4))
    expected = gradients(truth, inputs, dout)["x"]
    running = {"mean": rng.normal(size=4), "var": rng.uniform(1, 2, size=4)}
    _, cache = batchnorm_forward(*fresh(inputs.values()), running)
    expect_close("dx", batchnorm_backward(dout.copy(), cache)[0], expected, rtol=1e-10)
with checks("x, gamma, beta and dout are left unchanged", points=0.5) as rng:
    inputs = norm_inputs(rng, N=6)
    expect_hands_off(pair, inputs, rng.normal(size=(6, 8))[:, ::2])
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 6.3 Embeddings (5 points, ★, 15 minutes)
#
# Words come as numbers, and the number of a word means nothing. An embedding turns it into something that
# can be learned: a table $W$ with one row for each of the $V$ words. Forward, each number picks its row:
#
# $$\text{out}[n, t] = W[\text{ids}[n, t]] .$$
#
# A word that occurs three times uses its row three times. What does that say about the row's gradient?
# There is a trap in NumPy here: `a[rows] += b` looks as if it added up, but where `rows` names a row twice,
# only one of the two additions survives.
#
# <details><summary>Hint 1: where to look</summary>
#
# Picking a row is copying it. What is the backward pass of a copy? And of a row that nobody picked?
#
# </details>
#
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# With three rows and `ids` = (0, 2, 0), out[0] and out[2] are the same row. Row 0 collects the upstream
# gradients of both, row 2 that of out[1], and row 1 gets 0.
#
# </details>
#
# <details><summary>Hint 3: all but the line</summary>
#
# Begin with zeros in the shape of W, and go through all places one by one, adding the upstream gradient of
# each to the row that was picked there. A loop is fine; NumPy has a function that does exactly this,
# `np.add.at`, whose arguments are the array to add to, the rows, and what is added.
#
# </details>


# %% answer="03_embedding" formula="withheld"
def embedding_forward(ids, W):
    """Return (out, cache), where out[..., :] is the row of W whose number stands in ids.

    ids: integers from 0 to V - 1, of any shape, say (N, T); W: (V, D), floats; out: (N, T, D).
    """
    ### BEGIN SOLUTION
    return W[ids], (ids, W.shape)
    ### END SOLUTION


def embedding_backward(dout, cache):
    """Return dW, (V, D). dout: (N, T, D), the upstream gradient; cache: from embedding_forward.

    Numbers of words have no gradient.
    """
    ### BEGIN SOLUTION
    ids, shape = cache
    dW = np.zeros(shape)
    np.add.at(dW, ids, dout)
    return dW
    ### END SOLUTION


# %% readonly="03_self-check"
checks = Checks()
with checks("words that all differ") as rng:
    picked = partial(embedding_forward, np.array([[0, 3], [1, 4]]))
    assert_vjp(picked, embedding_backward, rng.normal(size=(5, 3)), names=("W",))
with checks("words that occur more than once") as rng:
    picked = partial(embedding_forward, np.array([[0, 3, 3], [3, 1, 0]]))
    assert_vjp(picked, embedding_backward, rng.normal(size=(5, 3)), names=("W",))
with checks("words are counted from 0, and ids may have any shape"):
    expect_close("out", out_of(embedding_forward, np.array([0, 1]), np.eye(2)), np.eye(2))
    for ids in (np.array([1, 0, 1]), np.array([[[1, 0], [1, 1]]])):
        assert_vjp(partial(embedding_forward, ids), embedding_backward, np.eye(2), names=("W",))
print(checks)

# %% graded="03_embedding-values" points=5
checks = Checks("6.3")
with checks("ids = [0, 2, 0], W = [[1, 2], [3, 4], [5, 6]]: out = [[1, 2], [5, 6], [1, 2]]", points=0.5):
    out, _ = embedding_forward(np.array([0, 2, 0]), np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    expect_close("out", out, np.array([[1.0, 2.0], [5.0, 6.0], [1.0, 2.0]]))
with checks("dout = [[1, 1], [2, 0], [5, -1]]: dW = [[6, 0], [0, 0], [2, 0]]", points=1):
    inputs = {"ids": np.array([0, 2, 0]), "W": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])}
    dout = np.array([[1.0, 1.0], [2.0, 0.0], [5.0, -1.0]])
    dW = gradients((embedding_forward, embedding_backward), inputs, dout)["W"]
    slips = {
        "of a row that was picked twice, only the last gradient is left": np.array(
            [[5.0, -1.0], [0, 0], [2, 0]]
        ),
        "of a row that was picked twice, only the first gradient is left": np.array(
            [[1.0, 1.0], [0, 0], [2, 0]]
        ),
    }
    expect_named("dW", dW, np.array([[6.0, 0.0], [0.0, 0.0], [2.0, 0.0]]), slips)
### BEGIN HIDDEN TESTS
from course_lib.reference import sequences as seq

pair, truth = (embedding_forward, embedding_backward), (seq.embedding_forward, seq.embedding_backward)


def words(rng, *shape, V=7, D=3):
    return {"ids": rng.integers(1, V - 1, size=shape), "W": rng.normal(size=(V, D))}


with checks("out for ids of other shapes", points=1) as rng:
    for shape in ((6,), (2, 3), (1, 1), (2, 1, 4)):
        expect_values(embedding_forward, seq.embedding_forward, words(rng, *shape))
with checks("dW where no word occurs twice", points=0.5) as rng:
    inputs = {"ids": rng.permutation(6).reshape(2, 3), "W": rng.normal(size=(7, 3))}
    expect_gradient("W", pair, truth, inputs, rng.normal(size=(2, 3, 3)))
with checks("dW where words occur again, in ids of any shape", points=1.5) as rng:
    for shape in ((12,), (3, 5), (2, 2, 4)):
        expect_gradient("W", pair, truth, words(rng, *shape, V=5), rng.normal(size=(*shape, 3)))
with checks("ids, W and dout are left unchanged", points=0.5) as rng:
    inputs, dout = words(rng, 2, 5), rng.normal(size=(2, 10, 3))[:, ::2]
    expect_hands_off(pair, inputs, dout)
### END HIDDEN TESTS
checks.score()
# %% [markdown]
# ## 6.4 Images through a window (15 points, ★★★, 75 minutes)
#
# A **convolution** looks at an image through a small window. Images are `x` of shape `(N, C, H, W)`: N
# images of C channels. There are F filters, `w` of shape `(F, C, h, w)`. The window of h by w pixels starts
# at the top left and moves `stride` pixels at a time, as long as it stays inside. At each place, each
# filter multiplies what the window shows with its own numbers, over all channels, adds all that up, and
# adds its bias:
#
# $$\text{out}[n, f, i, j] = b_f + \sum_{c, p, q} x[n, c,\; i s + p,\; j s + q] \cdot w[f, c, p, q] .$$
#
# With `pad`, the image first gets that many rows and columns of zeros on each of its four sides. With a
# padded height $H'$, there are $(H' - h) // s + 1$ places, from top to bottom; where the stride does not
# fit, some last rows are seen by no window. (`//` drops the remainder.)
#
# Begin with loops over the places; that is clear, and fast enough here. For the way back, do not turn
# filters around or look for rules. Ask what every loop here asks: at this place, which numbers were
# multiplied with which? Windows that overlap use the same pixel, and every place uses the same filter.
#
# <details><summary>Hint 1: where to look</summary>
#
# Go through the same places in the backward pass, with the same slices. At each, the layer is affine: what
# the window shows, times a filter. Pixels, filters and biases are all used more than once; what does that
# mean for their gradients? And whose gradient is it, the padded image's or the image's?
#
# </details>
#
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# In one dimension, x = (1, 2, 3), w = (5, 7): out[0] = 1·5 + 2·7 and out[1] = 2·5 + 3·7. With the upstream
# gradient (a, b), the pixel in the middle gets 7 a + 5 b, because it stood once under each number. And w[0]
# gets 1 a + 2 b.
#
# </details>
#
# <details><summary>Hint 3: all but the line</summary>
#
# For each place, each image and each filter: to the slice of the padded image's gradient, *add* the filter
# times the upstream number; to the filter's gradient, *add* the slice of the padded image times the same
# number. The bias collects the upstream gradient over images and places. At the end cut the padding off the
# image's gradient; with pad 0 nothing is cut, and `[0:-0]` is empty.
#
# </details>


# %% answer="04_conv" formula="withheld"
def conv_forward(x, w, b, stride=1, pad=0):
    """Return (out, cache), out (N, F, down, across), the convolution of the padded images.

    x: (N, C, H, W), floats or integers; w: (F, C, h, w); b: (F,).
    """
    ### BEGIN SOLUTION
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    height, width = w.shape[2:]
    down = (padded.shape[2] - height) // stride + 1
    across = (padded.shape[3] - width) // stride + 1
    out = np.zeros((len(x), len(w), down, across))
    for i, j in np.ndindex(down, across):
        top, left = i * stride, j * stride
        window = padded[:, :, top : top + height, left : left + width]
        out[:, :, i, j] = np.tensordot(window, w, axes=([1, 2, 3], [1, 2, 3])) + b
    return out, (padded, w, stride, pad)
    ### END SOLUTION


def conv_backward(dout, cache):
    """Return (dx, dw, db), each of the shape of its variable. dout: upstream, of the shape of out."""
    ### BEGIN SOLUTION
    padded, w, stride, pad = cache
    height, width = w.shape[2:]
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(dout.shape[2:]):
        rows = slice(i * stride, i * stride + height)
        columns = slice(j * stride, j * stride + width)
        here = dout[:, :, i, j]
        dpadded[:, :, rows, columns] += np.tensordot(here, w, axes=1)
        dw += np.tensordot(here, padded[:, :, rows, columns], axes=(0, 0))
    bottom, right = padded.shape[2] - pad, padded.shape[3] - pad
    return dpadded[:, :, pad:bottom, pad:right], dw, dout.sum(axis=(0, 2, 3))
    ### END SOLUTION


# %% setup="image-fixtures"
def conv_inputs(rng, N=2, C=3, H=6, W=5, F=4, h=3, w=2):
    """Return random x, w and b as a dict."""
    return {"x": rng.normal(size=(N, C, H, W)), "w": rng.normal(size=(F, C, h, w)), "b": rng.normal(size=F)}


NINE = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
OPTIONS = ({}, {"stride": 2}, {"pad": 1}, {"stride": 2, "pad": 2}, {"stride": 3, "pad": 1})

# %% readonly="04_conv-self-check"
checks = Checks()
for options in OPTIONS:
    with checks(f"with stride {options.get('stride', 1)} and pad {options.get('pad', 0)}") as rng:
        forward = with_options(conv_forward, **options)
        assert_vjp(forward, conv_backward, *conv_inputs(rng, N=2, C=2, F=3).values(), names=("x", "w", "b"))
with checks("a filter of 2 x 2 has 3 places along 4 pixels, and 2 with stride 2"):
    for stride, places in ((1, 3), (2, 2)):
        out, _ = conv_forward(np.ones((1, 1, 4, 4)), np.ones((1, 1, 2, 2)), np.zeros(1), stride=stride)
        expect_close(f"out with stride {stride}", out, np.full((1, 1, places, places), 4.0))
with checks("the filter lies as it is: x = (1, 2, 3), integers, and w = (0.5, 2) give (4.5, 7)"):
    out, _ = conv_forward(np.array([[[[1, 2, 3]]]]), np.array([[[[0.5, 2.0]]]]), np.zeros(1))
    expect_close("out", out, np.array([[[[4.5, 7.0]]]]))
with checks("pad 1 makes zeros on all four sides: two pixels make one of three by four"):
    out, _ = conv_forward(np.array([[[[1.0, 2.0]]]]), np.ones((1, 1, 3, 3)), np.zeros(1), pad=1)
    expect_close("out", out, np.array([[[[3.0, 3.0]]]]))
print(checks)

# %% graded="04_conv-forward" points=3
checks = Checks("6.4")
with checks("x = 1 to 9 in rows of 3, w = [[1, 0], [0, -1]], b = 10: out = [[6, 6], [6, 6]]", points=0.5):
    out, _ = conv_forward(NINE.copy(), np.array([[[[1.0, 0.0], [0.0, -1.0]]]]), np.array([10.0]))
    expect_close("out", out, np.full((1, 1, 2, 2), 6.0))
with checks("the same with stride 2 and pad 1: out = [[9, 7], [3, 6]]", points=0.5):
    out, _ = conv_forward(
        NINE.copy(), np.array([[[[1.0, 0.0], [0.0, -1.0]]]]), np.array([10.0]), stride=2, pad=1
    )
    expect_close("out", out, np.array([[[[9.0, 7.0], [3.0, 6.0]]]]))
### BEGIN HIDDEN TESTS
from course_lib.reference import windows

with checks("elsewhere, with stride 1 and no padding; arguments unchanged", points=1) as rng:
    for sizes in ({}, {"N": 1, "C": 1, "F": 2}, {"H": 3, "W": 2}):
        inputs = conv_inputs(rng, **sizes)
        if sizes.get("N"):
            inputs["x"] = np.round(9 * inputs["x"]).astype(int)
        expect_values(conv_forward, windows.conv_forward, inputs)
with checks("with other strides and paddings", points=1) as rng:
    for options in OPTIONS[1:]:
        forward, truth = with_options(conv_forward, **options), with_options(windows.conv_forward, **options)
        expect_values(forward, truth, conv_inputs(rng))
### END HIDDEN TESTS
checks.score()

# %% graded="04_conv-backward" points=4
checks = Checks("6.4")
with checks(
    "the first example, dout = [[1, 2], [3, 4]]: dx = [[1, 2, 0], [3, 3, -2], [0, -3, -4]]", points=0.5
):
    _, cache = conv_forward(NINE.copy(), np.array([[[[1.0, 0.0], [0.0, -1.0]]]]), np.array([10.0]))
    dx, dw, db = conv_backward(np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), cache)
    expect_close("dx", dx, np.array([[[[1.0, 2.0, 0.0], [3.0, 3.0, -2.0], [0.0, -3.0, -4.0]]]]))
with checks("there, dw = [[37, 47], [67, 77]] and db = [10]", points=0.5):
    _, cache = conv_forward(NINE.copy(), np.array([[[[1.0, 0.0], [0.0, -1.0]]]]), np.array([10.0]))
    dx, dw, db = conv_backward(np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), cache)
    expect_close("dw", dw, np.array([[[[37.0, 47.0], [67.0, 77.0]]]]))
    expect_close("db", db, np.array([10.0]))
### BEGIN HIDDEN TESTS
from course_lib.reference import windows


def conv_pairs(options):
    pair = with_options(conv_forward, **options), conv_backward
    return pair, (with_options(windows.conv_forward, **options), windows.conv_backward)


def expect_conv(names, rng, options, **sizes):
    pair, truth = conv_pairs(options)
    inputs = conv_inputs(rng, **sizes)
    dout = rng.normal(size=truth[0](*inputs.values())[0].shape)
    expect_gradient(names, pair, truth, inputs, dout)


with checks("dx with stride 1 and no padding, and for N = 1", points=0.5) as rng:
    for N in (2, 1):
        expect_conv("x", rng, {}, N=N)
with checks("dx with other strides and paddings", points=1) as rng:
    for options in OPTIONS[1:]:
        expect_conv("x", rng, options)
with checks("dw and db", points=1) as rng:
    for options in OPTIONS:
        expect_conv("w b", rng, options, N=3)
with checks("x, w, b and dout are left unchanged", points=0.5) as rng:
    for options in OPTIONS[::2]:
        pair, truth = conv_pairs(options)
        inputs = conv_inputs(rng)
        dout = rng.normal(size=truth[0](*inputs.values())[0].shape)
        expect_hands_off(pair, inputs, dout)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# **Max pooling** looks through a square window, too, of `size` by `size` pixels, at each channel by itself,
# and keeps the largest number. There is no filter and no padding. What is learned about a pixel that did
# not win? Two things can happen that a first version forgets. Windows may *overlap* (size 3, stride 2), so
# that one pixel wins several of them. And several pixels of a window may *tie*: then the upstream gradient
# goes to one of them, or is shared, but is not handed out twice.
#
# <details><summary>Hint 1: where to look</summary>
#
# It is the max gate again, with more inputs: a router. And windows that overlap are a copy gate before it.
#
# </details>
#
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# One row, windows of two, stride 1: x = (1, 5, 2) gives (5, 5). With the upstream gradient (a, b), the
# pixel in the middle gets a + b, the others 0. For x = (4, 4) and the upstream gradient a: (a, 0), (0, a)
# and (a/2, a/2) are all right, (a, a) is not.
#
# </details>
#
# <details><summary>Hint 3: all but the line</summary>
#
# Begin with zeros. For each image, channel and place, find where in the window the largest number is
# (`argmax` counts through the window as if it were one row; `np.unravel_index` makes row and column of that),
# and add the upstream number there.
#
# </details>


# %% answer="04_max_pool" formula="withheld"
def max_pool_forward(x, size=2, stride=2):
    """Return (out, cache), out (N, C, down, across), the largest number of each window. x: (N, C, H, W)."""
    ### BEGIN SOLUTION
    down = (x.shape[2] - size) // stride + 1
    across = (x.shape[3] - size) // stride + 1
    out = np.zeros((*x.shape[:2], down, across))
    for i, j in np.ndindex(down, across):
        top, left = i * stride, j * stride
        out[:, :, i, j] = x[:, :, top : top + size, left : left + size].max(axis=(2, 3))
    return out, (x, size, stride)
    ### END SOLUTION


def max_pool_backward(dout, cache):
    """Return dx, (N, C, H, W). dout: upstream, of the shape of out; cache: from max_pool_forward."""
    ### BEGIN SOLUTION
    x, size, stride = cache
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dout.shape):
        top, left = i * stride, j * stride
        window = x[n, c, top : top + size, left : left + size]
        row, column = np.unravel_index(window.argmax(), window.shape)
        dx[n, c, top + row, left + column] += dout[n, c, i, j]
    return dx
    ### END SOLUTION


# %% readonly="04_max_pool-self-check"
checks = Checks()
for size, stride in ((2, 2), (3, 1), (3, 2), (2, 3)):
    with checks(f"windows of size {size}, stride {stride}") as rng:
        pool = with_options(max_pool_forward, size=size, stride=stride)
        assert_vjp(pool, max_pool_backward, (rng.permutation(84).reshape(2, 1, 6, 7) - 84) / 8, names=("x",))
with checks("a tie: the four pixels of a window share its gradient"):
    pair, dout = (max_pool_forward, max_pool_backward), np.full((1, 1, 1, 1), 6.0)
    dx = gradients(pair, {"x": np.ones((1, 1, 2, 2))}, dout)["x"]
    assert np.isclose(np.sum(dx), 6), f"the upstream gradient is 6, together they get {np.sum(dx):g}"
with checks("windows of size 2, one pixel apart, have 2 places down 3 pixels and 3 across 4"):
    out, _ = max_pool_forward(-np.ones((1, 1, 3, 4)), size=2, stride=1)
    expect_close("out", out, -np.ones((1, 1, 2, 3)))
print(checks)

# %% graded="04_max_pool-values" points=4
checks = Checks("6.4")
with checks(
    "[[1, 2, 0], [0, 9, 3], [4, 1, 5]], size 2, stride 1, dout = [[1, 2], [3, 4]]: the 9 gets 10", points=0.5
):
    x = np.array([[[[1.0, 2.0, 0.0], [0.0, 9.0, 3.0], [4.0, 1.0, 5.0]]]])
    forward = with_options(max_pool_forward, size=2, stride=1)
    expect_close("out", forward(x.copy())[0], np.full((1, 1, 2, 2), 9.0))
    dx = gradients((forward, max_pool_backward), {"x": x}, np.array([[[[1.0, 2.0], [3.0, 4.0]]]]))["x"]
    expected = np.array([[[[0.0, 0.0, 0.0], [0.0, 10.0, 0.0], [0.0, 0.0, 0.0]]]])
    slips = {
        "where windows overlap, only the last of them counts": 0.4 * expected,
        "where windows overlap, it is their mean; they add up": 0.25 * expected,
    }
    expect_named("dx", dx, expected, slips)
### BEGIN HIDDEN TESTS
from course_lib.reference import windows

WINDOWS = (
    {},
    {"size": 3, "stride": 1},
    {"size": 3, "stride": 2},
    {"size": 1, "stride": 2},
    {"size": 2, "stride": 3},
)


def pixels(rng, N=2, C=3, H=6, W=7):
    """Return images of which no two pixels are near each other, all below 0 where there is one image."""
    return (rng.permutation(N * C * H * W).reshape(N, C, H, W) - (0.0 if N > 1 else 1e3)) / 8


with checks("out elsewhere, with images below 0, too", points=1) as rng:
    for options in WINDOWS:
        forward = with_options(max_pool_forward, **options)
        for N in (2, 1):
            expect_values(forward, with_options(windows.max_pool_forward, **options), {"x": pixels(rng, N=N)})
with checks("dx where windows do not overlap", points=0.5) as rng:
    for options in (WINDOWS[0], *WINDOWS[3:]):
        pair = with_options(max_pool_forward, **options), max_pool_backward
        truth = with_options(windows.max_pool_forward, **options), windows.max_pool_backward
        x = pixels(rng)
        expect_gradient("x", pair, truth, {"x": x}, rng.normal(size=truth[0](x)[0].shape))
with checks("dx where they do", points=1) as rng:
    for options in WINDOWS[1:3]:
        pair = with_options(max_pool_forward, **options), max_pool_backward
        truth = with_options(windows.max_pool_forward, **options), windows.max_pool_backward
        x = pixels(rng)
        expect_gradient("x", pair, truth, {"x": x}, rng.normal(size=truth[0](x)[0].shape))
with checks(
    "ties: the shares of a window are not negative, and add up to its upstream gradient", points=0.5
) as rng:
    x, dout = rng.integers(2, size=(2, 3, 6, 8)).astype(float), rng.uniform(1, 2, size=(2, 3, 3, 4))
    highest = x.reshape(2, 3, 3, 2, 4, 2).max(axis=(3, 5), keepdims=True)
    losers = (x.reshape(2, 3, 3, 2, 4, 2) < highest).reshape(x.shape)
    dx = gradients((max_pool_forward, max_pool_backward), {"x": x}, dout)["x"]
    expect_close("the sum over each window", dx.reshape(2, 3, 3, 2, 4, 2).sum(axis=(3, 5)), dout)
    assert np.all(dx >= 0), "no share should be negative where the upstream gradient is positive"
    assert not np.any(dx[losers]), "a pixel below the largest gets nothing"
with checks("x and dout are left unchanged", points=0.5) as rng:
    expect_hands_off((max_pool_forward, max_pool_backward), {"x": pixels(rng)}, rng.normal(size=(2, 3, 3, 3)))
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# **Without the loop over places.** Python is slow at loops, and an image has many places. The trick behind
# many libraries is to first write down what every window sees, as one large array, the **patches**: a
# convolution is then a single matrix product, and its backward pass two. So the only thing that is left to
# differentiate is the writing down. `out[n, c, p, q, i, j]` is the pixel in row `p` and column `q` of the
# window at place `(i, j)`: a pixel of the image, copied to every window that sees it.
#
# It can be done without a loop over images, channels or places: for a fixed `(p, q)`, the pixels of *all*
# places are one slice of the image, with steps of `stride`.
#
# <details><summary>Hint 1: where to look</summary>
#
# Loop over the few positions inside of the window, in both directions. What is the backward pass of copying?
#
# </details>
#
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# One row, x = (a, b, c), windows of two, stride 1: position 0 of all windows is (a, b), position 1 is (b,
# c). Their upstream gradients (r, s) and (t, u) come back as (r, s + t, u).
#
# </details>
#
# <details><summary>Hint 3: all but the line</summary>
#
# For position p, with `down` places, the rows are p, p + stride, and so on: the slice from p to p + down ·
# stride in steps of stride. Forward, fill `out[:, :, p, q]` from these rows and columns. Backward, begin
# with zeros and add the upstream gradient of `[:, :, p, q]` to the same rows and columns.
#
# </details>


# %% answer="04_patches" formula="withheld"
def patches_forward(x, height, width, stride=1):
    """Return (out, cache), out (N, C, height, width, down, across): what each window of x sees.

    x: (N, C, H, W), floats; height, width: of the window, which stays inside.
    """
    ### BEGIN SOLUTION
    down = (x.shape[2] - height) // stride + 1
    across = (x.shape[3] - width) // stride + 1
    out = np.zeros((*x.shape[:2], height, width, down, across))
    for p, q in np.ndindex(height, width):
        rows, columns = slice(p, p + down * stride, stride), slice(q, q + across * stride, stride)
        out[:, :, p, q] = x[:, :, rows, columns]
    return out, (x.shape, stride)
    ### END SOLUTION


def patches_backward(dout, cache):
    """Return dx, (N, C, H, W). dout: upstream, of the shape of out; cache: from patches_forward."""
    ### BEGIN SOLUTION
    shape, stride = cache
    height, width, down, across = dout.shape[2:]
    dx = np.zeros(shape)
    for p, q in np.ndindex(height, width):
        rows, columns = slice(p, p + down * stride, stride), slice(q, q + across * stride, stride)
        dx[:, :, rows, columns] += dout[:, :, p, q]
    return dx
    ### END SOLUTION


# %% readonly="04_patches-self-check"
checks = Checks()
with checks("x = (1, 2, 3, 4), windows of two: position 0 sees (1, 2, 3), position 1 sees (2, 3, 4)"):
    out, _ = patches_forward(np.array([[[[1.0, 2.0, 3.0, 4.0]]]]), 1, 2)
    expect_close("out", out, np.array([1.0, 2.0, 3.0, 2.0, 3.0, 4.0]).reshape(1, 1, 1, 2, 1, 3))
for stride in (1, 2, 3):
    with checks(f"windows of 3 by 2, stride {stride}") as rng:
        windows_of_six = with_options(patches_forward, height=3, width=2, stride=stride)
        assert_vjp(windows_of_six, patches_backward, rng.normal(size=(2, 2, 6, 5)), names=("x",))
print(checks)

# %% graded="04_patches-values" points=4
checks = Checks("6.4")
with checks(
    "x = 1 to 9 in rows of 3, windows of 2 by 2: the first sees 1, 2, 4, 5, the last 5, 6, 8, 9", points=0.5
):
    out, _ = patches_forward(NINE.copy(), 2, 2)
    expect_close("what the first window sees", out[0, 0, :, :, 0, 0], np.array([[1.0, 2.0], [4.0, 5.0]]))
    expect_close("what the last window sees", out[0, 0, :, :, 1, 1], np.array([[5.0, 6.0], [8.0, 9.0]]))
with checks(
    "an upstream gradient of 1 everywhere counts the windows: dx = [[1, 2, 1], [2, 4, 2], [1, 2, 1]]",
    points=0.5,
):
    forward = with_options(patches_forward, height=2, width=2)
    dx = gradients((forward, patches_backward), {"x": NINE}, np.ones((1, 1, 2, 2, 2, 2)))["x"]
    expected = np.array([[[[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]]])
    slips = {"where windows overlap, one of them counts, or their mean: they add up": np.ones_like(expected)}
    expect_named("dx", dx, expected, slips)
### BEGIN HIDDEN TESTS
from course_lib.reference import windows

SEEN = ((3, 2, 1), (2, 3, 2), (1, 2, 3), (6, 5, 1))


def patch_pairs(height, width, stride):
    options = {"height": height, "width": width, "stride": stride}
    pair = with_options(patches_forward, **options), patches_backward
    return pair, (with_options(windows.patches_forward, **options), windows.patches_backward)


with checks("out elsewhere", points=1) as rng:
    for seen in SEEN:
        pair, truth = patch_pairs(*seen)
        expect_values(pair[0], truth[0], {"x": rng.normal(size=(2, 3, 6, 5))})
with checks("dx elsewhere", points=1.5) as rng:
    for seen in SEEN:
        pair, truth = patch_pairs(*seen)
        x = rng.normal(size=(2, 3, 6, 5))
        expect_gradient("x", pair, truth, {"x": x}, rng.normal(size=truth[0](x)[0].shape))
with checks("x and dout are left unchanged", points=0.5) as rng:
    pair, truth = patch_pairs(2, 2, 1)
    expect_hands_off(
        pair, {"x": rng.normal(size=(2, 3, 4, 8))[:, :, :, ::2]}, rng.normal(size=(2, 3, 2, 2, 3, 3))
    )
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# Your two ways beside each other: a digit, seen by four filters that nobody learned (a blur, two edges, a
# contrast), once by your convolution and once as one matrix product with your patches. They should agree.


# %% readonly="figure-filters"
@once_written
def draw_your_filters():
    image = data.digits(seed=0).X_train[3].reshape(1, 1, 8, 8)
    edge = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    centre = np.array([[0.0, -1.0, 0.0], [-1.0, 4.0, -1.0], [0.0, -1.0, 0.0]])
    filters = np.stack([np.ones((3, 3)) / 9, edge, edge.T, centre])[:, np.newaxis]
    out, _ = conv_forward(image, filters, np.zeros(4), pad=1)
    seen, _ = patches_forward(np.pad(image, ((0, 0), (0, 0), (1, 1), (1, 1))), 3, 3)
    product = filters.reshape(4, 9) @ seen.reshape(9, 64)
    alike = np.allclose(product.reshape(out.shape), out, rtol=0, atol=1e-12)
    print(f"the two ways agree to twelve decimal places: {alike}")
    names = ("blur", "upright edges", "level edges", "contrast")
    maps = {"the image": image[0, 0], **dict(zip(names, out[0], strict=True))}
    return viz.draw_matrices(maps, title="A digit through four filters", numbers=False)


draw_your_filters()

# %% [markdown]
# ## 6.5 A recurrent net (10 points, ★★, 40 minutes)
#
# A recurrent net reads a sequence step by step and keeps a **state** $h$. At every step the new state
# depends on the input and on the state before, by the same weights:
#
# $$h' = \tanh(x W_x + h W_h), \qquad x: (N, D), \quad h: (N, H), \quad W_x: (D, H), \quad W_h: (H, H) .$$
#
# First one step, as a layer with four inputs. Tanh has a slope that you can tell from its *value*.
#
# <details><summary>Hint 1: where to look</summary>
#
# Name the sum inside of the tanh. Two affine layers without biases end there, and one upstream gradient
# reaches all four inputs through it.
#
# </details>
#
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# With all sizes 1, x = log 2, h = 0.5, Wx = 1 and Wh = 0, the new state is tanh(log 2) = 0.6, and the slope
# of tanh is 1 - 0.36 = 0.64. An upstream gradient of 25 gives 16 at the sum, so dx = 16, dWx = 16 log 2, dh
# = 0, dWh = 8.
#
# </details>
#
# <details><summary>Hint 3: all but the line</summary>
#
# The gradient at the sum is the upstream gradient times 1 minus the square of the new state. From there
# each input gets what a matrix product gives: its partner transposed, on the side on which the shapes fit.
#
# </details>


# %% answer="05_rnn_step" formula="withheld"
def rnn_step_forward(x, h, Wx, Wh):
    """Return (out, cache), where out, (N, H), is the state after one step.

    x: (N, D), the input; h: (N, H), the state before; Wx: (D, H); Wh: (H, H).
    """
    ### BEGIN SOLUTION
    out = np.tanh(x @ Wx + h @ Wh)
    return out, (x, h, Wx, Wh, out)
    ### END SOLUTION


def rnn_step_backward(dout, cache):
    """Return (dx, dh, dWx, dWh). dout: (N, H), the upstream gradient; cache: from rnn_step_forward."""
    ### BEGIN SOLUTION
    x, h, Wx, Wh, out = cache
    da = dout * (1 - out**2)
    return da @ Wx.T, da @ Wh.T, x.T @ da, h.T @ da
    ### END SOLUTION


# %% setup="sequence-fixtures"
def step_inputs(rng, N=4, D=3, H=5):
    """Return random x, h, Wx and Wh as a dict."""
    shapes = {"x": (N, D), "h": (N, H), "Wx": (D, H), "Wh": (H, H)}
    return {name: rng.normal(size=shape) / 1.5 for name, shape in shapes.items()}


def sequence_inputs(rng, N=3, T=4, D=2, H=5):
    """Return random x, h0, Wx and Wh as a dict."""
    shapes = {"x": (N, T, D), "h0": (N, H), "Wx": (D, H), "Wh": (H, H)}
    return {name: rng.normal(size=shape) / 1.5 for name, shape in shapes.items()}


# %% readonly="05_rnn_step-self-check"
checks = Checks()
with checks("x = log 2, h = 1, Wx = 1, Wh = log 1.5: the sum is log 3, and the state 0.8"):
    one = np.array([[1.0]])
    out, _ = rnn_step_forward(np.log(2.0) * one, one, 1 * one, np.log(1.5) * one)
    expect_close("out", out, 0.8 * one)
with checks("rnn_step_backward, compared with measured slopes") as rng:
    assert_vjp(rnn_step_forward, rnn_step_backward, *step_inputs(rng).values())
print(checks)

# %% graded="05_rnn_step-values" points=4
checks = Checks("6.5")
with checks("x = log 2, h = 0.5, Wx = 1, Wh = 0: the state is 0.6; dout = 25: dx = 16, dWh = 8", points=1):
    one = np.array([[1.0]])
    out, cache = rnn_step_forward(np.log(2.0) * one, 0.5 * one, 1 * one, 0 * one)
    expect_close("out", out, 0.6 * one)
    grads = rnn_step_backward(25 * one, cache)
    expected = 16 * one, 0 * one, 16 * np.log(2.0) * one, 8 * one
    expect_close("(dx, dh, dWx, dWh)", tuple(grads), expected, atol=1e-9)
### BEGIN HIDDEN TESTS
from course_lib.reference import sequences as seq

pair, truth = (rnn_step_forward, rnn_step_backward), (seq.rnn_step_forward, seq.rnn_step_backward)
with checks("the state elsewhere, and for N = 1", points=0.5) as rng:
    for N in (4, 1):
        expect_values(rnn_step_forward, seq.rnn_step_forward, step_inputs(rng, N=N))
with checks("dx and dh elsewhere", points=1) as rng:
    for N in (4, 1):
        expect_gradient("x h", pair, truth, step_inputs(rng, N=N), rng.normal(size=(N, 5)))
with checks("dWx and dWh elsewhere", points=1) as rng:
    for N in (4, 1):
        expect_gradient("Wx Wh", pair, truth, step_inputs(rng, N=N), rng.normal(size=(N, 5)))
with checks("x, h, the weights and dout are left unchanged", points=0.5) as rng:
    expect_hands_off(pair, step_inputs(rng), rng.normal(size=(4, 10))[:, ::2])
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# **Through time.** Now run it over a whole sequence, `x` of shape `(N, T, D)`, beginning from the state
# `h0`. Return the states after *every* step. So each state has two users: whoever reads it from outside,
# whose gradient is `dout[:, t]`, and the next step. And all steps use the same `Wx` and `Wh`.
#
# Let this function stand on its own lines instead of calling your step: they are few, and a slip above then
# stays there. (You may call your step, once its self-check passes.)
#
# <details><summary>Hint 1: where to look</summary>
#
# Draw three steps as a graph, from left to right, and go back from right to left. Where do two arrows leave
# the same state? How often are the weights used?
#
# </details>
#
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# With numbers, and without tanh: h1 = w h0, h2 = w h1. If the loss is h2 alone, its slope with respect to w
# is h1 + w h0: one part from each use of w, and the second had to pass through step 2. If the loss is h1 +
# h2, then h1 gets 1 from outside and w from step 2.
#
# </details>
#
# <details><summary>Hint 3: all but the line</summary>
#
# Keep the gradient that comes back from the next step, 0 at the end. For t from the last to the first: add
# it to `dout[:, t]`, go back through one step, put that step's dx to its place, add its dWx and dWh to the
# sums, and keep its dh for the step before. What is left at the end is dh0.
#
# </details>


# %% answer="05_rnn" formula="withheld"
def rnn_forward(x, h0, Wx, Wh):
    """Return (out, cache), where out[:, t], (N, H), is the state after step t.

    x: (N, T, D); h0: (N, H), the state before the first step; Wx: (D, H); Wh: (H, H). out: (N, T, H).
    """
    ### BEGIN SOLUTION
    states = [h0]
    for t in range(x.shape[1]):
        states.append(np.tanh(x[:, t] @ Wx + states[t] @ Wh))
    return np.stack(states[1:], axis=1), (x, Wx, Wh, states)
    ### END SOLUTION


def rnn_backward(dout, cache):
    """Return (dx, dh0, dWx, dWh). dout: (N, T, H), the upstream gradient; cache: from rnn_forward."""
    ### BEGIN SOLUTION
    x, Wx, Wh, states = cache
    dx, dWx, dWh = np.zeros(x.shape), np.zeros(Wx.shape), np.zeros(Wh.shape)
    dh = 0
    for t in reversed(range(x.shape[1])):
        total = dout[:, t] + dh
        da = total * (1 - states[t + 1] ** 2)
        dx[:, t] = da @ Wx.T
        dh = da @ Wh.T
        dWx += x[:, t].T @ da
        dWh += states[t].T @ da
    return dx, dh, dWx, dWh
    ### END SOLUTION


# %% readonly="05_rnn-self-check"
checks = Checks()
with checks("x = (log 2, 0), h0 = 1, Wx = 1, Wh = log 1.5: the states are 0.8 and tanh(0.8 log 1.5)"):
    one = np.array([[1.0]])
    out, _ = rnn_forward(np.log(2.0) * np.array([[[1.0], [0.0]]]), one, 1 * one, np.log(1.5) * one)
    expect_close("out", out, np.array([[[0.8], [np.tanh(0.8 * np.log(1.5))]]]))
with checks("a sequence of one step") as rng:
    assert_vjp(rnn_forward, rnn_backward, *sequence_inputs(rng, T=1).values())
with checks("a sequence of four steps") as rng:
    assert_vjp(rnn_forward, rnn_backward, *sequence_inputs(rng).values())
print(checks)

# %% graded="05_rnn-values" points=6
checks = Checks("6.5")
with checks("two steps, x = log 2 twice, h0 = 0, Wx = 1, Wh = 0: both states are 0.6", points=0.5):
    one = np.array([[1.0]])
    out, _ = rnn_forward(np.log(2.0) * np.ones((1, 2, 1)), 0 * one, 1 * one, 0 * one)
    expect_close("out", out, np.full((1, 2, 1), 0.6))
with checks("there, dout = 25 twice: dx = 16 twice, dWx = 32 log 2 = 22.1807, dWh = 9.6", points=1):
    one = np.array([[1.0]])
    _, cache = rnn_forward(np.log(2.0) * np.ones((1, 2, 1)), 0 * one, 1 * one, 0 * one)
    dx, _, dWx, dWh = rnn_backward(np.full((1, 2, 1), 25.0), cache)
    slips = {"it counts one step only, or the mean of them; they add up": 16 * np.log(2.0) * one}
    expect_close("dx", dx, np.full((1, 2, 1), 16.0))
    expect_named("dWx", dWx, 32 * np.log(2.0) * one, slips)
    expect_close("dWh", dWh, 9.6 * one)
### BEGIN HIDDEN TESTS
from course_lib.reference import sequences as seq

pair, truth = (rnn_forward, rnn_backward), (seq.rnn_forward, seq.rnn_backward)
LENGTHS = ({}, {"N": 1, "T": 6}, {"N": 2, "T": 1, "D": 4})


def expect_rnn(names, rng):
    for sizes in LENGTHS:
        inputs = sequence_inputs(rng, **sizes)
        expect_gradient(names, pair, truth, inputs, rng.normal(size=(*inputs["x"].shape[:2], 5)))


with checks("the states elsewhere", points=0.5) as rng:
    for sizes in LENGTHS:
        expect_values(rnn_forward, seq.rnn_forward, sequence_inputs(rng, **sizes))
with checks("dx and dh0 elsewhere", points=1.5) as rng:
    expect_rnn("x h0", rng)
with checks("dWx and dWh elsewhere", points=2) as rng:
    expect_rnn("Wx Wh", rng)
with checks("x, h0, the weights and dout are left unchanged", points=0.5) as rng:
    expect_hands_off(pair, sequence_inputs(rng), rng.normal(size=(3, 4, 10))[:, :, ::2])
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 6.6 Attention (10 points, ★★★, 45 minutes)
#
# Attention lets each position of a sequence look at others and take from them what it needs. There are T
# **queries**, rows of `q` (T, D): what is wanted. There are S **keys**, rows of `k` (S, D): what is
# offered; and to each key belongs a **value**, a row of `v` (S, M): what is handed over. Three matrix
# products and a softmax:
#
# $$\text{scores} = \frac{q k^\top}{\sqrt D}, \qquad \text{weights} = \text{softmax of each row}, \qquad
# \text{out} = \text{weights} \cdot v .$$
#
# A **mask** (T, S) of booleans says which keys a query may see; a language model may not look at words that
# come later. Where it is False, the weight is exactly 0, whatever the score is, and so is the gradient of
# everything along that pair: *exactly*. Adding -1e9 to such a score is a habit that fails for scores of
# 1e10; minus infinity does not. Each query sees at least one key. As always, no exponential should
# overflow.
#
# <details><summary>Hint 1: where to look</summary>
#
# Take it in four stages, and go back one at a time. You know the products. For softmax, one row at a time:
# each weight depends on all scores of its row.
#
# </details>
#
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# Softmax does not change when a constant is added to all scores of a row; so what comes back has the sum 0
# in each row. With two keys and weights $(p, \, 1 - p)$, the upstream gradients $(a, b)$ of the weights give
# $p\,(1 - p)(a - b)$ for the first score, and minus that for the second. Compare each upstream number with
# the weighted mean of its row: $a - (p\,a + (1 - p)\,b)$ is $(1 - p)(a - b)$.
#
# </details>
#
# <details><summary>Hint 3: all but the line</summary>
#
# The value's gradient is the transposed weights times the upstream gradient; the weights' gradient is the
# upstream gradient times the transposed values. The scores' gradient is, entry by entry, the weight times
# (the weight's gradient minus the row's sum of weight times gradient). Query and key share a product of
# which you know the backward pass; do not forget the root of D there. Where a weight is exactly 0, its
# score's gradient is 0 by itself.
#
# </details>


# %% answer="06_attention" formula="withheld"
def attention_forward(q, k, v, mask=None):
    """Return (out, cache), out (T, M), finite for scores of any size.

    q: (T, D); k: (S, D); v: (S, M); mask: None, or booleans (T, S), True where a query may see a key.
    """
    ### BEGIN SOLUTION
    scores = q @ k.T / np.sqrt(q.shape[1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ v, (q, k, v, weights)
    ### END SOLUTION


def attention_backward(dout, cache):
    """Return (dq, dk, dv). dout: (T, M), the upstream gradient; cache: from attention_forward."""
    ### BEGIN SOLUTION
    q, k, v, weights = cache
    dv = weights.T @ dout
    dweights = dout @ v.T
    dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
    dscores = dscores / np.sqrt(q.shape[1])
    return dscores @ k, dscores.T @ q, dv
    ### END SOLUTION


# %% setup="attention-fixtures"
def attention_inputs(rng, T=4, S=5, D=3, M=2):
    """Return random q, k and v as a dict."""
    return {"q": rng.normal(size=(T, D)), "k": rng.normal(size=(S, D)), "v": rng.normal(size=(S, M))}


def random_mask(rng, T=4, S=5):
    """Return a random mask in which the last key is seen by nobody, and the first by everybody."""
    mask = rng.random(size=(T, S)) < 0.5
    mask[:, 0], mask[:, -1] = True, False
    return mask


# %% readonly="06_self-check"
checks = Checks()
with checks("without a mask, compared with measured slopes") as rng:
    assert_vjp(attention_forward, attention_backward, *attention_inputs(rng).values())
with checks("with a mask") as rng:
    inputs, mask = attention_inputs(rng), random_mask(rng)
    masked = with_options(attention_forward, mask=mask)
    assert_vjp(masked, attention_backward, *inputs.values(), names=tuple(inputs))
with checks("a key that nobody may see, with scores of 1e12: its gradients are exactly 0") as rng:
    inputs, mask = attention_inputs(rng), random_mask(rng)
    before, _ = attention_forward(*inputs.values(), mask)
    inputs["k"][-1] *= 1e12
    out, cache = attention_forward(*inputs.values(), mask)
    expect_close("out, which should not change,", out, before)
    _, dk, dv = attention_backward(rng.normal(size=(4, 2)), cache)
    assert not np.any([*dk[-1], *dv[-1]]), f"dk of that key is {dk[-1]}, dv is {dv[-1]}"
with checks("a key that may be seen, with a score of -1e12, beside one that may not") as rng:
    q, k, v = np.array([[1.0]]), np.array([[-1e12], [5.0]]), np.array([[2.0], [3.0]])
    out = out_of(attention_forward, q, k, v, np.array([[True, False]]))
    expect_close("out", out, np.array([[2.0]]))
with checks("D = 4, scores of 2 log 3 and 0 over its root, 2: the weights are 3/4 and 1/4"):
    q, k = np.array([[2.0, 0.0, 0.0, 0.0]]), np.array([[np.log(3.0), 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    out = out_of(attention_forward, q, k, np.array([[4.0], [8.0]]))
    expect_close("out", out, np.array([[5.0]]))
with checks("scores of 1e4: all is finite") as rng:
    inputs = attention_inputs(rng)
    inputs["q"] *= 1e4
    out, cache = attention_forward(*inputs.values())
    assert np.all(np.isfinite(out)), f"out is {out}"
    assert all(np.all(np.isfinite(each)) for each in attention_backward(np.ones((4, 2)), cache))
print(checks)

# %% graded="06_attention-forward" points=3
checks = Checks("6.6")
with checks(
    "q = [[2]], k = [[0], [log 3 / 2]], v = [[4], [8]]: the weights are 1/4 and 3/4, and out = [[7]]",
    points=0.5,
):
    q, k, v = np.array([[2.0]]), np.array([[0.0], [np.log(3.0) / 2]]), np.array([[4.0], [8.0]])
    expect_close("out", out_of(attention_forward, q, k, v), np.array([[7.0]]))
with checks("there, with the mask [[True, False]]: out = [[4]]", points=0.5):
    q, k, v = np.array([[2.0]]), np.array([[0.0], [np.log(3.0) / 2]]), np.array([[4.0], [8.0]])
    out = out_of(attention_forward, q, k, v, np.array([[True, False]]))
    expect_close("out", out, np.array([[4.0]]))
### BEGIN HIDDEN TESTS
from course_lib.reference import sequences as seq

with checks("out elsewhere, without a mask, for scores of 1e4, too", points=1) as rng:
    for T, scale in ((4, 1.0), (1, 1.0), (4, 1e4)):
        inputs = attention_inputs(rng, T=T)
        inputs["q"] *= scale
        expect_values(attention_forward, seq.attention_forward, inputs)
with checks("out elsewhere, with a mask; arguments unchanged", points=0.5) as rng:
    for T in (4, 1):
        inputs = {**attention_inputs(rng, T=T), "mask": random_mask(rng, T=T)}
        expect_values(attention_forward, seq.attention_forward, inputs)
with checks("a masked key has no weight, however large or small the scores are", points=0.5) as rng:
    inputs = {**attention_inputs(rng), "mask": random_mask(rng)}
    inputs["k"][-1] = 1e12 * inputs["q"][0]  # of the first query the largest score, whatever was drawn
    expect_values(attention_forward, seq.attention_forward, inputs)
    inputs = {"q": np.ones((1, 1)), "k": np.array([[-1e12], [5.0]]), "v": np.array([[2.0], [3.0]])}
    expect_values(attention_forward, seq.attention_forward, {**inputs, "mask": np.array([[True, False]])})
### END HIDDEN TESTS
checks.score()

# %% graded="06_attention-backward" points=7
checks = Checks("6.6")
with checks("the example, dout = [[4]]: dv = [[1], [3]], dk = [[-6], [6]], dq = [[3 log 3 / 2]]", points=1):
    q, k, v = np.array([[2.0]]), np.array([[0.0], [np.log(3.0) / 2]]), np.array([[4.0], [8.0]])
    _, cache = attention_forward(q, k, v)
    dq, dk, dv = attention_backward(np.array([[4.0]]), cache)
    expect_close("dv", dv, np.array([[1.0], [3.0]]))
    slips = {
        "softmax's own coupling is missing: subtract the row's sum of weight times gradient": np.array(
            [[8.0], [48.0]]
        )
    }
    expect_named("dk", dk, np.array([[-6.0], [6.0]]), slips)
    expect_close("dq", dq, np.array([[1.5 * np.log(3.0)]]))
### BEGIN HIDDEN TESTS
from course_lib.reference import sequences as seq

pair, truth = (attention_forward, attention_backward), (seq.attention_forward, seq.attention_backward)


def expect_attention(name, rng):
    for T, S, masked in ((4, 5, False), (3, 2, False), (1, 4, False), (4, 5, True), (1, 6, True)):
        inputs = attention_inputs(rng, T=T, S=S)
        if masked:
            inputs["mask"] = random_mask(rng, T=T, S=S)
        expect_gradient(name, pair, truth, inputs, rng.normal(size=(T, 2)))


with checks("dv elsewhere, with and without a mask", points=1) as rng:
    expect_attention("v", rng)
with checks("dq elsewhere, with and without a mask", points=1.5) as rng:
    expect_attention("q", rng)
with checks("dk elsewhere, with and without a mask", points=1.5) as rng:
    expect_attention("k", rng)
with checks("along a masked pair, the gradient is exactly 0", points=1.5) as rng:
    inputs = attention_inputs(rng)
    inputs["k"][2:] *= 1e12
    inputs["k"][2] = 1e12 * inputs["q"][0]  # the first query would look here alone, if it were let
    mask = np.zeros((4, 5), dtype=bool)
    mask[:2, :2], mask[2:, 2:] = True, True
    dout = rng.normal(size=(4, 2))
    dout[2:] = 0  # the loss looks at the first two queries alone, and these see the first two keys
    with np.errstate(all="ignore"):
        actual = gradients(pair, {**inputs, "mask": mask}, dout)
        expected = gradients(truth, {**inputs, "mask": mask}, dout)
    for name, value in actual.items():
        far = np.asarray(value)[2:]
        assert not np.any(far), (
            f"d{name}[2:] should be exactly 0, its largest entry is {np.max(np.abs(far)):.1e}"
        )
        expect_close(f"d{name}[:2]", np.asarray(value)[:2], expected[name][:2], rtol=1e-9)
with checks("q, k, v, mask and dout are left unchanged", points=0.5) as rng:
    expect_hands_off(
        pair, {**attention_inputs(rng), "mask": random_mask(rng)}, rng.normal(size=(4, 4))[:, ::2]
    )
### END HIDDEN TESTS
checks.score()
# %% [markdown]
# ## 6.7 As deep as you like (20 points, ★★★, 75 minutes)
#
# A forward pass of three layers, as many lectures write it, with a non-linearity `f`:
#
# ```
# h1 = f(x @ W1 + b1)
# h2 = f(h1 @ W2 + b2)
# out = h2 @ W3 + b3
# ```
#
# What counts as a **layer** is the affine map with its weights: this net has three of them, two of which are
# *hidden*. The input is not counted, nor is `f` by itself. Some count otherwise, so ask. After the last layer
# there is no `f`: scores may have any sign.
#
# Three lines for three layers ask for a loop. Write the class for *any* number of layers. `sizes` is (D,
# H1, ..., C), one number more than there are layers. The loss is that of assignment 4: the mean over the
# batch of minus the logarithm of the true class's softmax, plus `reg` times the sum of the squares of *all*
# weights, not of the biases, without a factor 1/2. It stays finite for scores of any size.
#
# **How the weights begin** decides whether anything arrives at the other end. A unit adds up `inputs`
# numbers. If its weights have the standard deviation $1 / \sqrt{\text{inputs}}$, the sum is about as large
# as the numbers themselves; that is `"xavier"`, after Xavier Glorot. A ReLU throws half of that away, so
# `"he"`, after Kaiming He, takes $\sqrt{2 / \text{inputs}}$. A number, as in `init=0.01`, is the standard
# deviation itself, for all layers. All are drawn from a normal distribution of mean 0; biases begin at 0.
#
# **Three optimizers.** `step` moves the parameters once, given their gradients.
#
# * `"sgd"`: each parameter moves against its gradient, by `learning_rate` times the gradient.
# * `"momentum"`: the gradients of the past push on. Keep a velocity for each parameter, 0 at first. At each
#   step it becomes 0.9 times what it was plus the gradient, and the parameter moves against *it*, by
#   `learning_rate` times.
# * `"adam"`: keep two running averages for each parameter, both 0 at first: of its gradient (0.9 of what it
#   was plus 0.1 of the new one) and of the gradient's square, entry by entry (0.999 and 0.001). Both begin
#   at 0 and are too small at first; after t steps divide them by $1 - 0.9^t$ and by $1 - 0.999^t$ (not the
#   averages that you keep, but copies). The parameter moves against the first, divided by (the root of the
#   second plus $10^{-8}$), by `learning_rate` times.
#
# `train` is the loop around them: draw `batch_size` random rows with their labels, ask for loss and
# gradients, take a `step`, note the loss.

# %% [markdown]
# **Predict, then run.** The slope of a sigmoid is at most 1/4. Ten of them stand one behind the other, with
# weights of about 1 between. What is left of a gradient of 1 is at most 10 to the power of what? Write a
# whole number.

# %%
power_of_ten = None  # your number

# %% readonly="07_prediction" title="Compare your prediction: ten sigmoids"
compare_prediction(power_of_ten, -6, "(1/4)^10 is 9.5e-07, and that is the best case.")

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# The forward pass keeps a list: the input, and the value after each layer. The backward pass goes through
# the same list from the end, with one array that is the gradient at this layer's output. Write it for three
# layers first, without a loop, and look for what repeats.
#
# </details>
#
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# Two layers are known: the scores' gradient gives dW2 with the hidden values, db2 as a sum over the batch,
# and with W2 the gradient at the hidden values; times the slope of f, it is the gradient at the first
# affine map. With a third layer the last two steps happen once more. The slope can be told from the *value*
# h of f: 1 where h is above 0 for the ReLU, h (1 - h) for the sigmoid, 1 - h² for tanh.
#
# </details>
#
# <details><summary>Hint 3: all but the line</summary>
#
# Begin with (p - onehot) / N at the scores. For each layer from the last to the first: its dW is the
# transposed input of this layer times the gradient, plus 2 reg W; its db is the gradient's column sum;
# unless it is the first, the gradient becomes itself times W transposed, times the slope at this layer's
# input. Adam, for one entry: $m \leftarrow 0.9 m + 0.1 g$, $s \leftarrow 0.999 s + 0.001 g^2$, $w
# \leftarrow w - \eta\, \frac{m / (1 - 0.9^t)}{\sqrt{s / (1 - 0.999^t)} + 10^{-8}}$. The number t counts
# steps of the net, not parameters.
#
# </details>


# %% answer="07_DeepNet" formula="withheld"
class DeepNet:
    """A classifier of any depth.

    params: a dict of float arrays, W1, b1, W2, b2, ...: for layer i, Wi (sizes[i-1], sizes[i]) and
    bi (sizes[i],). It may be read, and replaced by another dict with the same keys.
    """

    def __init__(self, sizes, activation="relu", init="he"):
        """Draw the weights as `init` says, "he", "xavier" or a number; the biases are 0.

        sizes: a list or tuple of at least two integers; activation: "relu", "sigmoid" or "tanh", after each
        layer but the last.
        """
        ### BEGIN SOLUTION
        self.depth = len(sizes) - 1
        self.activation = activation
        self.rng = np.random.default_rng(0)
        self.params = {}
        for layer in range(1, self.depth + 1):
            inputs, outputs = sizes[layer - 1], sizes[layer]
            if init == "he":
                std = np.sqrt(2 / inputs)
            elif init == "xavier":
                std = np.sqrt(1 / inputs)
            else:
                std = init
            self.params[f"W{layer}"] = std * self.rng.normal(size=(inputs, outputs))
            self.params[f"b{layer}"] = np.zeros(outputs)
        self.steps = 0
        self.first = {}
        self.second = {}
        ### END SOLUTION

    def loss(self, X, y=None, reg=0.0):
        """Return the scores, (N, C), if y is None; otherwise (loss, grads).

        X: (N, D), floats or integers; y: (N,), integers, 0 <= y < C; reg: the strength of L2.
        loss is a number; grads is a dict with the keys and shapes of params. X, y and params are unchanged.
        """
        ### BEGIN SOLUTION
        values = [X]
        for layer in range(1, self.depth + 1):
            out = values[-1] @ self.params[f"W{layer}"] + self.params[f"b{layer}"]
            if layer < self.depth and self.activation == "relu":
                out = np.maximum(out, 0)
            elif layer < self.depth and self.activation == "sigmoid":
                out = 0.5 + 0.5 * np.tanh(0.5 * out)
            elif layer < self.depth:
                out = np.tanh(out)
            values.append(out)
        scores = values[-1]
        if y is None:
            return scores

        rows = np.arange(len(X))
        shifted = scores - scores.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        loss = -log_p[rows, y].mean()

        grads = {}
        gradient = np.exp(log_p)
        gradient[rows, y] -= 1
        gradient /= len(X)
        for layer in reversed(range(1, self.depth + 1)):
            W, below = self.params[f"W{layer}"], values[layer - 1]
            loss += reg * np.sum(W**2)
            grads[f"W{layer}"] = below.T @ gradient + 2 * reg * W
            grads[f"b{layer}"] = gradient.sum(axis=0)
            if layer > 1:
                slope = {"relu": below > 0, "sigmoid": below * (1 - below), "tanh": 1 - below**2}
                gradient = gradient @ W.T * slope[self.activation]
        return loss, grads
        ### END SOLUTION

    def predict(self, X):
        """Return the class with the highest score for each row of X (N, D): integers of shape (N,)."""
        ### BEGIN SOLUTION
        return np.argmax(self.loss(X), axis=1)
        ### END SOLUTION

    def step(self, grads, optimizer="sgd", learning_rate=0.1):
        """Move params once, with the gradients, a dict with the keys of params, left unchanged.

        optimizer: "sgd", "momentum" or "adam"; a net is trained with one of them only. Returns nothing.
        """
        ### BEGIN SOLUTION
        self.steps += 1
        for name, gradient in grads.items():
            first, second = self.first.get(name, 0), self.second.get(name, 0)
            if optimizer == "sgd":
                move = gradient
            elif optimizer == "momentum":
                move = self.first[name] = 0.9 * first + gradient
            else:
                self.first[name] = 0.9 * first + 0.1 * gradient
                self.second[name] = 0.999 * second + 0.001 * gradient**2
                mean = self.first[name] / (1 - 0.9**self.steps)
                square = self.second[name] / (1 - 0.999**self.steps)
                move = mean / (np.sqrt(square) + 1e-8)
            self.params[name] = self.params[name] - learning_rate * move
        ### END SOLUTION

    def train(self, X, y, optimizer="sgd", learning_rate=0.1, num_iters=100, batch_size=100, reg=0.0):
        """Train with `num_iters` steps, and return the loss of each batch before its step, a list of numbers.

        X: (N, D), y: (N,), both left unchanged. A batch is batch_size random rows, with or without
        repetitions; where there are no more than batch_size rows, it is all of them, once.
        """
        ### BEGIN SOLUTION
        losses = []
        for _ in watched(range(num_iters), "training"):
            rows = np.arange(len(X))
            if len(X) > batch_size:
                rows = self.rng.choice(len(X), size=batch_size)
            loss, grads = self.loss(X[rows], y[rows], reg)
            self.step(grads, optimizer, learning_rate)
            losses.append(loss)
        return losses
        ### END SOLUTION


# %% setup="net-fixtures"
def net_params(rng, sizes):
    """Return random parameters of a net of these sizes, biases too."""
    params = {}
    for layer in range(1, len(sizes)):
        shape = sizes[layer - 1], sizes[layer]
        params[f"W{layer}"] = rng.normal(size=shape) * np.sqrt(2 / shape[0])
        params[f"b{layer}"] = rng.normal(size=shape[1]) / 2
    return params


def net_of(make, params, activation="relu"):
    """Return a net that `make` makes, the class DeepNet, with a copy of the parameters."""
    depth = len(params) // 2
    net = make([len(params["W1"]), *(len(params[f"b{layer}"]) for layer in range(1, depth + 1))], activation)
    net.params = {name: np.copy(value) for name, value in params.items()}
    return net


def compare_own(check, net, params, names, X, y, reg=0.0):
    """Compare gradients of the parameters `names` with the slopes of the net's own loss.

    `check` is `check_parameters` or `assert_parameters`.
    """

    def at(changed):
        net.params = {name: np.copy(value) for name, value in {**params, **changed}.items()}
        return net.loss(np.copy(X), np.copy(y), reg)

    def value(changed):
        return at(changed)[0]

    def gradients(changed):
        return {name: at(changed)[1][name] for name in names}

    value.__name__ = "DeepNet.loss"
    gradients.__wrapped__ = partial(net.loss, X, y, reg)  # where a first wrong line is looked for
    return check(value, {name: params[name] for name in names}, gradients)


DEPTHS = ((4, 3), (4, 6, 3), (4, 5, 6, 3), (4, 6, 7, 5, 6, 3))
THREE = {
    "W1": np.array([[1.0, -1.0]]),
    "b1": np.array([0.0, 1.0]),
    "W2": np.array([[1.0, 2.0], [0.0, 1.0]]),
    "b2": np.array([-1.0, 0.0]),
    "W3": np.array([[1.0, 0.0], [0.0, 1.0]]),
    "b3": np.array([0.0, -5.0]),
}

# %% readonly="07_self-check"
# Self-check: the gradients for several depths, compared with your own loss; then the optimizers by hand.
checks = Checks()
for sizes, activation in zip(DEPTHS, ("relu", "relu", "sigmoid", "tanh"), strict=True):
    with checks(f"gradients at depth {len(sizes) - 1}, {activation}, reg 0.1") as rng:
        params, X, y = net_params(rng, sizes), rng.normal(size=(8, 4)), rng.integers(3, size=8)
        compare_own(assert_parameters, net_of(DeepNet, params, activation), params, list(params), X, y, 0.1)
with checks("weights of 0 and 3 classes: the loss is log 3") as rng:
    params = {name: 0 * value for name, value in net_params(rng, (4, 5, 3)).items()}
    loss, _ = net_of(DeepNet, params).loss(rng.normal(size=(6, 4)), rng.integers(3, size=6))
    expect_close("loss", loss, np.log(3.0))
with checks("all weights are 1, 6 of them in two layers, reg 0.1: the penalty is 0.6"):
    params = {"W1": np.ones((1, 2)), "b1": np.ones(2), "W2": np.ones((2, 2)), "b2": np.ones(2)}
    net, X, y = net_of(DeepNet, params), np.array([[1.0]]), np.array([0])
    expect_close("loss with reg minus loss without", net.loss(X, y, 0.1)[0] - net.loss(X, y)[0], 0.6)
with checks("scores of 1e4: the loss is finite"):
    net = net_of(DeepNet, {"W1": np.array([[1e4, 0.0]]), "b1": np.zeros(2)})
    expect_close("loss", net.loss(np.ones((1, 1)), np.array([1]))[0], 1e4)
for activation, x, value in (("relu", 2.0, 2.0), ("sigmoid", np.log(3.0), 0.75), ("tanh", np.log(2.0), 0.6)):
    with checks(f"{activation}: with weights of 1, then of -1, x = {x:.4f} gives the score {-value}"):
        params = {"W1": np.ones((1, 1)), "b1": np.zeros(1), "W2": -np.ones((1, 1)), "b2": np.zeros(1)}
        scores = net_of(DeepNet, params, activation).loss(np.array([[x], [-50.0]]))
        low = {"relu": 0.0, "sigmoid": 0.0, "tanh": -1.0}[activation]
        expect_close("scores at x and at -50", scores, np.array([[-value], [-low]]))
for optimizer, second in (("sgd", 0.7), ("momentum", 0.52), ("adam", 0.8068)):
    with checks(f"{optimizer}: w = 1, gradients 2 and 1, learning_rate 0.1: w becomes {second}"):
        net = net_of(DeepNet, {"W1": np.ones((1, 1)), "b1": np.zeros(1)})
        for gradient in (2.0, 1.0):
            net.step({"W1": np.array([[gradient]]), "b1": np.zeros(1)}, optimizer, 0.1)
        expect_close("w", net.params["W1"][0, 0], second, atol=5e-5)
with checks("adam: where the gradient is 1e-8 and learning_rate 0.1, the first step is half of that"):
    net = net_of(DeepNet, {"W1": np.ones((1, 1)), "b1": np.zeros(1)})
    net.step({"W1": np.array([[1e-8]]), "b1": np.zeros(1)}, "adam", 0.1)
    expect_close("w", net.params["W1"][0, 0], 0.95, atol=5e-5)
with checks("a new net: layers of 100 and of 400 inputs deviate as he, xavier or a number say; biases are 0"):
    for init, deviations in (("he", (0.1414, 0.0707)), ("xavier", (0.1, 0.05)), (0.03, (0.03, 0.03))):
        params = DeepNet([100, 400, 100, 3], init=init).params
        for layer, std in enumerate(deviations, 1):
            off = np.std(params[f"W{layer}"]) / std
            assert 0.95 < off < 1.05, f"init={init!r}: W{layer} deviates {off:.3g} times as much as it should"
            assert not np.any(params[f"b{layer}"]), f"b{layer} should be 0"
with checks("train: adam learns 20 examples by heart in 300 steps, and returns a loss for each") as rng:
    X, y = rng.normal(size=(20, 6)), rng.integers(3, size=20)
    losses = DeepNet([6, 30, 30, 3]).train(X, y, "adam", 0.01, num_iters=300, batch_size=20)
    assert len(losses) == 300, f"300 steps should give 300 losses, yours gives {len(losses)}"
    assert losses[-1] < 0.05, f"the last loss is {losses[-1]:.3g}"
with checks("train on all rows takes the steps that your loss and step take one by one") as rng:
    params, X, y = net_params(rng, (4, 5, 3)), rng.normal(size=(7, 4)), rng.integers(3, size=7)
    net, twin, expected = net_of(DeepNet, params), net_of(DeepNet, params), []
    for _ in range(3):
        loss, grads = twin.loss(X, y, 0.1)
        twin.step(grads, "momentum", 0.05)
        expected.append(loss)
    losses = net.train(X, y, "momentum", 0.05, num_iters=3, batch_size=9, reg=0.1)
    expect_close("losses", np.array(losses, dtype=float), np.array(expected))
with checks("batches of 10 of 40 rows, each with its own label: in the end predict knows all 40"):
    net, y = DeepNet([40, 2]), np.arange(40) % 2
    net.train(np.eye(40), y, learning_rate=1.0, num_iters=300, batch_size=10)
    expect_close("predict", net.predict(np.eye(40)), y)
print(checks)

# %% graded="07_DeepNet-scores" points=4
checks = Checks("6.7")
with checks("names, shapes and sizes of the weights: he, xavier, and a number", points=1.5):
    for init, factor in (("he", 2.0), ("xavier", 1.0), (0.05, None)):
        params = DeepNet([30, 40, 50, 6], init=init).params
        shapes = {name: np.shape(value) for name, value in params.items()}
        wanted = {"W1": (30, 40), "b1": (40,), "W2": (40, 50), "b2": (50,), "W3": (50, 6), "b3": (6,)}
        assert shapes == wanted, f"the shapes of params should be {wanted}, yours are {shapes}"
        for layer, inputs in ((1, 30), (2, 40), (3, 50)):
            W, std = params[f"W{layer}"], 0.05 if factor is None else np.sqrt(factor / inputs)
            off = np.std(W) / std
            assert abs(off - 1) < 4 / np.sqrt(2 * W.size), (
                f"init={init!r}: W{layer} deviates {off:.3g} times as much as it should"
            )
            assert abs(np.mean(W)) < 5 * std / np.sqrt(W.size), (
                f"init={init!r}: the mean of W{layer} should be about 0"
            )
            assert not np.any(params[f"b{layer}"]), f"b{layer} should be 0"
with checks("three layers by hand: for X = [[2], [-2]] the scores are [[1, -1], [0, -2]]", points=0.5):
    scores = net_of(DeepNet, THREE).loss(np.array([[2.0], [-2.0]]))
    slips = {"there is a non-linearity after the last layer": np.array([[1.0, 0.0], [0.0, 0.0]])}
    expect_named("scores", scores, np.array([[1.0, -1.0], [0.0, -2.0]]), slips)
### BEGIN HIDDEN TESTS
from course_lib.reference.deep_net import DeepNet as TrueNet

with checks(
    "scores for other depths and non-linearities, for N = 1 and for integers, too", points=1.5
) as rng:
    for sizes in DEPTHS:
        for activation, N in (("relu", 5), ("sigmoid", 1), ("tanh", 5)):
            params, X = net_params(rng, sizes), 2 * rng.normal(size=(N, 4))
            X = np.round(X).astype(int) if activation == "tanh" else X
            expected = net_of(TrueNet, params, activation).loss(X)
            with expect_unchanged(X=X):
                scores = net_of(DeepNet, params, activation).loss(X)
            expect_close(f"scores of {len(sizes) - 1} layers, {activation}", scores, expected, rtol=1e-10)
with checks("predict: the class with the highest score", points=0.5) as rng:
    for N in (50, 1):
        params, X = net_params(rng, (4, 6, 7)), rng.normal(size=(N, 4))
        expected = net_of(TrueNet, params).predict(X)
        expect_close("classes", net_of(DeepNet, params).predict(X), expected, rtol=0, atol=0)
### END HIDDEN TESTS
checks.score()

# %% graded="07_DeepNet-gradients" points=7
checks = Checks("6.7")
with checks("weights of 0 and 3 classes: the loss is log 3 = 1.0986", points=0.5):
    rng = np.random.default_rng(0)
    params = {name: 0 * value for name, value in net_params(rng, (4, 5, 6, 3)).items()}
    loss, _ = net_of(DeepNet, params).loss(rng.normal(size=(6, 4)), rng.integers(3, size=6))
    expect_close("loss", loss, 1.0986, atol=5e-5)
### BEGIN HIDDEN TESTS
from course_lib.reference.deep_net import DeepNet as TrueNet


def deep_cases(rng):
    for sizes, activation, N in (
        ((4, 3), "relu", 5),
        ((4, 6, 3), "sigmoid", 9),
        ((4, 5, 6, 3), "tanh", 1),
        ((4, 6, 7, 5, 6, 3), "relu", 10),
        ((4, 6, 5, 3), "sigmoid", 8),
        ((4, 7, 6, 3), "relu", 9),
    ):
        yield net_params(rng, sizes), activation, rng.normal(size=(N, 4)), rng.integers(3, size=N)


def explain_own(check, params, activation, name, X, y, reg):
    compare_own(check, net_of(DeepNet, params, activation), params, [name], X, y, reg)


def expect_grads(rng, which, reg=0.0, activations=("relu", "sigmoid", "tanh")):
    """Compare the gradients of the parameters that `which(name, last layer)` picks; say why, if possible."""
    for params, activation, X, y in deep_cases(rng):
        if activation not in activations:
            continue
        expected = net_of(TrueNet, params, activation).loss(X, y, reg)[1]
        grads = net_of(DeepNet, params, activation).loss(X.copy(), y.copy(), reg)[1]
        for name in filter(lambda name: which(name, len(params) // 2), params):
            try:
                expect_close(f"grads[{name!r}]", grads[name], expected[name], rtol=1e-9)
            except AssertionError as wrong:
                explain_own(assert_parameters, params, activation, name, X, y, reg)
                raise AssertionError(f"{wrong}; it is the slope of your loss, which is another one") from None


with checks("the loss elsewhere, with a penalty on all weights, and for scores of 1e4", points=1.5) as rng:
    for params, activation, X, y in deep_cases(rng):
        expected, larger = net_of(TrueNet, params, activation), dict(params)
        net = net_of(DeepNet, params, activation)
        mean, penalty = expected.loss(X, y)[0], expected.loss(X, y, 0.3)[0] - expected.loss(X, y)[0]
        slips = {"it should be the mean over the N examples, not their sum": len(X) * mean}
        expect_named("loss", net.loss(X.copy(), y.copy())[0], mean, slips, rtol=1e-10)
        added = net.loss(X.copy(), y.copy(), 0.3)[0] - net.loss(X.copy(), y.copy())[0]
        slips = {"the penalty is missing": 0.0, "it has a factor 1/2 too many": penalty / 2}
        expect_named("loss with reg minus loss without", added, penalty, slips, rtol=1e-8)
        last = f"W{len(params) // 2}"
        larger[last] = 1e4 * larger[last]
        expected = net_of(TrueNet, larger, activation).loss(X, y)[0]
        expect_close("loss for large scores", net_of(DeepNet, larger, activation).loss(X, y)[0], expected)
with checks("gradients of the last layer", points=1) as rng:
    expect_grads(rng, lambda name, last: name in (f"W{last}", f"b{last}"))
with checks("gradients of the weights before it, with ReLUs", points=1) as rng:
    expect_grads(rng, lambda name, last: name[0] == "W" and name != f"W{last}", activations=("relu",))
with checks("gradients of the weights before it, with sigmoid and tanh", points=1) as rng:
    expect_grads(
        rng, lambda name, last: name[0] == "W" and name != f"W{last}", activations=("sigmoid", "tanh")
    )
with checks("gradients of the biases before it", points=1) as rng:
    expect_grads(rng, lambda name, last: name[0] == "b" and name != f"b{last}")
with checks("what reg adds to the gradients: 2 reg W to each weight, nothing to biases", points=0.5) as rng:
    for params, activation, X, y in deep_cases(rng):
        net = net_of(DeepNet, params, activation)
        grads, without = (net.loss(X.copy(), y.copy(), reg)[1] for reg in (0.7, 0.0))
        for name, value in params.items():
            added, expected = grads[name] - without[name], 1.4 * value * (name[0] == "W")
            slips = {"the factor 2 is missing": expected / 2, "reg adds nothing": 0 * expected}
            expect_named(f"what reg adds to grads[{name!r}]", added, expected, slips, atol=1e-9)
with checks("X, y and params are left unchanged", points=0.5) as rng:
    params = net_params(rng, (4, 5, 6, 3))
    net, X, y = net_of(DeepNet, params), rng.normal(size=(6, 4)), rng.integers(3, size=6)
    with expect_unchanged(X=X, y=y):
        _, grads = net.loss(X, y, 0.1)
    expect_close("params", net.params, params, rtol=0, atol=0)
    expect_work("grads['W1']", grads["W1"], params["W1"])
### END HIDDEN TESTS
checks.score()

# %% graded="07_DeepNet-optimizers" points=5
checks = Checks("6.7")


def path_of(optimizer, gradients, learning_rate=0.1, start=1.0):
    """Return where one weight goes, from `start`, when it is moved with these gradients in turn."""
    net = net_of(DeepNet, {"W1": np.full((1, 1), start), "b1": np.zeros(1)})
    path = []
    for gradient in gradients:
        net.step({"W1": np.array([[gradient]]), "b1": np.zeros(1)}, optimizer, learning_rate)
        path.append(np.asarray(net.params["W1"])[0, 0])
    return np.array(path)


with checks("sgd: w = 1, gradients 2 and 1, learning_rate 0.1: w becomes 0.8, then 0.7", points=0.5):
    slips = {"it climbs": np.array([1.2, 1.3])}
    expect_named("the path", path_of("sgd", (2.0, 1.0)), np.array([0.8, 0.7]), slips)
with checks("momentum, the same: 0.8, then 0.52", points=0.5):
    slips = {
        "a tenth of the new gradient is added; it counts in full": np.array([0.98, 0.952]),
        "nothing is left of the velocity": np.array([0.8, 0.7]),
    }
    expect_named("the path", path_of("momentum", (2.0, 1.0)), np.array([0.8, 0.52]), slips)
with checks("adam, the same: 0.9, then 0.8068", points=1):
    expect_close("the path", path_of("adam", (2.0, 1.0)), np.array([0.9, 0.8068]), atol=5e-5)
### BEGIN HIDDEN TESTS
from course_lib.reference.deep_net import DeepNet as TrueNet


def expect_paths(optimizer, rng, steps):
    """Compare the paths of all parameters of a net, moved by random gradients, with the right ones."""
    params = net_params(rng, (3, 4, 2))
    net, true = net_of(DeepNet, params), net_of(TrueNet, params)
    scale = rng.uniform(1e2, 3e2), rng.uniform(1e4, 1e5)  # beside which 1e-8 is nothing
    for _ in range(steps):
        grads = {
            name: scale[layer] * rng.normal(size=params[name].shape)
            for name, layer in (("W1", 0), ("b1", 0), ("W2", 1), ("b2", 1))
        }
        true.step({name: value.copy() for name, value in grads.items()}, optimizer, 0.02)
        with expect_unchanged(**grads):
            net.step(dict(grads), optimizer, 0.02)
        expect_close("params", {name: net.params[name] for name in params}, true.params, rtol=1e-9)


with checks("sgd with several layers; the gradients are left unchanged", points=0.5) as rng:
    expect_paths("sgd", rng, 3)
with checks("momentum with several layers, over several steps", points=1) as rng:
    expect_paths("momentum", rng, 6)
with checks("adam with several layers, over several steps", points=1) as rng:
    expect_paths("adam", rng, 8)
with checks("adam: where gradients are tiny, 1e-8 stands beside the root, not below it", points=0.5) as rng:
    gradients_of_w = 1e-8 * rng.uniform(0.5, 2, size=3)
    net = net_of(TrueNet, {"W1": np.ones((1, 1)), "b1": np.zeros(1)})
    expected = []
    for gradient in gradients_of_w:
        net.step({"W1": np.array([[gradient]]), "b1": np.zeros(1)}, "adam", 0.1)
        expected.append(net.params["W1"][0, 0])
    expect_close("the path", path_of("adam", gradients_of_w), np.array(expected), rtol=1e-9)
### END HIDDEN TESTS
checks.score()

# %% graded="07_DeepNet-train" points=4
checks = Checks("6.7")
with checks(
    "three layers learn 20 examples by heart in 300 steps of adam: the loss ends below 0.05", points=1
):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, 6)), rng.integers(3, size=20)
    losses = DeepNet([6, 30, 30, 3]).train(X, y, "adam", 0.01, num_iters=300, batch_size=20)
    assert len(losses) == 300, f"300 steps should give 300 losses, yours gives {len(losses)}"
    assert losses[-1] < 0.05, f"the last loss is {losses[-1]:.3g}"
### BEGIN HIDDEN TESTS
with checks(
    "on all rows, it takes the steps that your loss and your step would take one by one", points=1.5
) as rng:
    X, y = rng.normal(size=(7, 4)), rng.integers(3, size=7)
    params = net_params(rng, (4, 5, 3))
    for optimizer in ("sgd", "momentum", "adam"):
        net, twin, expected = net_of(DeepNet, params), net_of(DeepNet, params), []
        for _ in range(4):
            loss, grads = twin.loss(X.copy(), y.copy(), 0.1)
            twin.step(grads, optimizer, 0.05)
            expected.append(loss)
        with expect_unchanged(X=X, y=y):
            losses = net.train(X, y, optimizer, learning_rate=0.05, num_iters=4, batch_size=9, reg=0.1)
        expect_close(f"losses with {optimizer}", np.array(losses, dtype=float), np.array(expected), rtol=1e-9)
        moved = {name: net.params[name] - params[name] for name in params}
        assert any(np.any(value) for value in moved.values()), "the parameters do not move"
        wanted = {name: twin.params[name] - params[name] for name in params}
        expect_close(f"how far params move with {optimizer}", moved, wanted, rtol=1e-8)
with checks("batches are random rows, each with its own label", points=1.5) as rng:
    X, y = rng.normal(size=(6, 4)), rng.integers(3, size=6)
    params = net_params(rng, (4, 5, 3))
    net = net_of(DeepNet, params)
    single = np.array([net.loss(+X[n : n + 1], +y[n : n + 1])[0] for n in range(6)])
    for size, means in ((1, single), (2, (single[:, np.newaxis] + single) / 2)):
        losses = net.train(X.copy(), y.copy(), learning_rate=0.0, num_iters=120, batch_size=size)
        expect_close("params at a learning rate of 0", net.params, params, rtol=0)
        losses = np.array(losses, dtype=float)
        off = np.min(np.abs(losses[:, np.newaxis] - means.reshape(-1)), axis=1)
        assert losses.shape == (120,), f"120 steps should give 120 losses, yours gives {losses.shape}"
        assert np.all(off < 1e-9), (
            f"batch_size {size}: {np.sum(off >= 1e-9)} of 120 losses are of no {size} of the rows of X with "
            "their own labels"
        )
        seen = np.unique(np.round(losses, 9)).size
        assert seen >= max(3, np.unique(np.round(single, 9)).size), (
            f"batch_size {size} of 6 rows: too many batches are alike (different losses: {seen})"
        )
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# **Where the gradient flows.** Nets of 2 to 20 layers of 30 units, untrained, on a batch of digits; for
# each layer, the norm of its weights' gradient. Read each curve from right to left, as the gradient
# travels: from the last layer to the first.


# %% readonly="figure-flow"
@once_written
def draw_your_flow():
    split = data.digits(seed=0)
    X, y = split.X_train[:100], split.y_train[:100]

    def norms(depth, activation, init):
        _, grads = DeepNet([64, *[30] * (depth - 1), 10], activation, init).loss(X, y)
        return [float(np.linalg.norm(grads[f"W{layer}"])) for layer in range(1, depth + 1)]

    panels = {
        "sigmoid, deviation 0.1": ("sigmoid", 0.1),
        "sigmoid, xavier": ("sigmoid", "xavier"),
        "ReLU, deviation 0.1": ("relu", 0.1),
        "ReLU, he": ("relu", "he"),
    }
    curves = {label: {depth: norms(depth, *how) for depth in (2, 5, 10, 20)} for label, how in panels.items()}
    return viz.draw_gradient_flow(curves, title="The norm of each layer's gradient")


draw_your_flow()

# %% [markdown]
# Ten sigmoids in a row leave next to nothing: the first layers get a gradient that cannot move them,
# whatever the learning rate. With weights that are too small even ReLUs starve. With the right deviation,
# all layers of all depths get a gradient of about the same size. Where the gradient does not flow, learning
# stops, as you can see below: three nets of ten layers, all trained in the same way.


# %% readonly="figure-deep-training"
@once_written
def train_your_deep_nets():
    split = data.digits(seed=0)
    nets = {
        "sigmoid, xavier": ("sigmoid", "xavier"),
        "ReLU, deviation 0.1": ("relu", 0.1),
        "ReLU, he": ("relu", "he"),
    }
    losses = {}
    for label, how in nets.items():
        net = DeepNet([64, *[30] * 9, 10], *how)
        losses[label] = net.train(split.X_train, split.y_train, "momentum", 0.01, num_iters=300)
        print(f"{label}: {np.mean(net.predict(split.X_test) == split.y_test):.1%} of the test images")
    return viz.draw_losses(losses, title="Ten layers, 300 steps with momentum")


train_your_deep_nets()

# %% [markdown]
# ## 6.8 The clinic (10 points, ★★, 40 minutes)
#
# Six backward passes come in. Each ran without an error, and several of them trained a network: badly, or
# well enough that nobody looked. **In each, one line is wrong.** Below stand the forward passes, which are
# healthy, and what each of them caches; then the patients, with numbers before their lines.

# %% setup="healthy" open=True
KEPT = 0.8


def sigmoid(x):
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def affine(x, w, b):
    return x @ w + b, (x, w)


def dropout(x, mask):
    """Keep the entries where mask is True, made larger, since only 0.8 of them are kept on average."""
    return x * mask / KEPT, mask


def swish(x):
    s = sigmoid(x)
    return x * s, (x, s)


def log_softmax(z):
    shifted = z - z.max(axis=1, keepdims=True)
    out = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return out, np.exp(out)


def tied(x, W):
    """Squeeze x through a narrow layer and back, with the same weights both ways."""
    h = np.tanh(x @ W)
    return h @ W.T, (x, W, h)


def highway(x, W, V):
    """Mix a layer's output t with its input, as the gate g says."""
    t, g = np.tanh(x @ W), sigmoid(x @ V)
    return g * t + (1 - g) * x, (x, W, V, t, g)


# %% setup="patients" title="What the clinic is made of"
FORWARD = {f.__name__: f for f in (affine, dropout, swish, log_softmax, tied, highway)}
SICK = {
    "affine": """\
def backward(dout, cache):
    x, w = cache
    dx = dout @ w.T
    dw = x.T @ dout
    db = dw.sum(axis=0)
    return dx, dw, db
""",
    "dropout": """\
def backward(dout, cache):
    mask = cache
    dx = np.zeros(dout.shape)
    dx[mask] = dout[mask]
    return dx
""",
    "swish": """\
def backward(dout, cache):
    x, s = cache
    ds = dout * x
    dx = ds * s * (1 - s)
    return dx
""",
    "log_softmax": """\
def backward(dout, cache):
    p = cache
    total = dout.sum(axis=0, keepdims=True)
    dz = dout - p * total
    return dz
""",
    "tied": """\
def backward(dout, cache):
    x, W, h = cache
    dW = dout.T @ h
    dh = dout @ W
    da = dh * (1 - h * h)
    dW = x.T @ da
    return da @ W.T, dW
""",
    "highway": """\
def backward(dout, cache):
    x, W, V, t, g = cache
    dt = dout * g
    dg = dout * t
    da = dt * (1 - t * t)
    dc = dg * g * (1 - g)
    dx = da @ W.T + dc @ V.T + dout * (1 - g)
    return dx, x.T @ da, x.T @ dc
""",
}


def with_line(source, number, text):
    """Return the source with its line of that number (the first is 1) replaced by `text`, indented alike."""
    lines = source.splitlines()
    if not 1 <= number <= len(lines):
        raise ValueError(f"this source has lines 1 to {len(lines)}, and no line {number}")
    indent = lines[number - 1][: len(lines[number - 1]) - len(lines[number - 1].lstrip())]
    lines[number - 1] = indent + text.strip()
    return "\n".join(lines) + "\n"


def compiled(source):
    """Return the function `backward` that a source text defines."""
    if not isinstance(source, str) or "backward" not in source:
        raise AssertionError("a mended function is given as the whole text that defines `backward`")
    namespace = {"np": np, "KEPT": KEPT, "sigmoid": sigmoid}
    exec(source, namespace)
    return namespace["backward"]


def named_line(found, name):
    """Return the line that a diagnosis, a dict, names for a patient."""
    if not isinstance(found, dict) or name not in found:
        raise AssertionError(f"the diagnosis should be a dict with a key {name!r}")
    if not isinstance(found[name], tuple | list) or len(found[name]) != 2:
        raise AssertionError(
            f"the diagnosis of {name!r} should be a pair: the number of a line, and a source"
        )
    line = found[name][0]
    if isinstance(line, bool) or not isinstance(line, int | np.integer):
        raise AssertionError(f"the line of {name!r} should be an integer, not {line!r}")
    if not 2 <= line <= len(SICK[name].splitlines()):
        raise AssertionError(
            f"{name!r} has lines 1 to {len(SICK[name].splitlines())}, and line 1 is healthy; got {line}"
        )
    return int(line)


def patient_inputs(name, rng):
    """Return random inputs for a forward pass of the clinic, as a dict."""
    shapes = {
        "affine": {"x": (5, 4), "w": (4, 3), "b": (3,)},
        "dropout": {"x": (5, 4)},
        "swish": {"x": (5, 4)},
        "log_softmax": {"z": (5, 4)},
        "tied": {"x": (5, 4), "W": (4, 3)},
        "highway": {"x": (5, 4), "W": (4, 4), "V": (4, 4)},
    }[name]
    inputs = {each: rng.normal(size=shape) for each, shape in shapes.items()}
    if name == "dropout":
        inputs["mask"] = rng.random(size=(5, 4)) < KEPT
        inputs["mask"][0, 0], inputs["mask"][1, 1] = True, False
    return inputs


# %% readonly="08_patients" title="The patients"
for name, source in SICK.items():
    print(name)
    for number, line in enumerate(source.splitlines(), 1):
        print(f"  {number}  {line}")
    print()

# %% [markdown]
# What does the checker say of them? Each examination is one call. Ask for those that interest you, and change
# inputs as you like: an examiner's best friends are small numbers.

# %%
# This cell is yours: examine another patient.
name = "affine"
check_vjp(FORWARD[name], compiled(SICK[name]), *patient_inputs(name, np.random.default_rng(0)).values())

# %% [markdown]
# Write the diagnosis: for each patient, the number of the line that is wrong, and the whole source of the
# mended function. `with_line(SICK["affine"], 2, "x, w = cache")` is the source of a patient with one line
# replaced; a source may also be written from scratch. (It knows `np`, `KEPT` and `sigmoid`. Line 1 is the
# `def`.) The right line earns half of the points, the mended function the other half. Where a mend fits into
# another line as well, name the one that you change, and change no other. The function is run by `mended`,
# which stands below and can stay as it is.
#
# <details><summary>Hint 1: where to look</summary>
#
# The report says which *gradient* is wrong. Follow that one back through the lines that made it. If several
# are wrong, look at what they have in common; if one of them is right, all that it needed is right, too.
#
# </details>
#
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# A healthy function of the same kind: y = x · x. Its backward has two paths, and drops one if it says `dx =
# dout * x`. An upstream gradient of ones hides slips that mix up rows, columns and sums; one that is 1 in
# one place and 0 elsewhere shows them. And ask of each name in the forward pass: how often is it used?
#
# </details>
#
# <details><summary>Hint 3: all but the line</summary>
#
# One patient's bias asks the wrong array. One forgot how much larger the survivors were made. One has two
# paths and follows one. One adds up over the wrong axis. One uses its weights twice and remembers them
# once. One's gate sees one of the two things it mixes.
#
# </details>


# %% answer="08_diagnosis" formula="withheld"
def diagnosis():
    """Return a dict: for each name in SICK, (number of the wrong line, source of the mended function)."""
    ### BEGIN SOLUTION
    return {
        "affine": (5, with_line(SICK["affine"], 5, "db = dout.sum(axis=0)")),
        "dropout": (4, with_line(SICK["dropout"], 4, "dx[mask] = dout[mask] / 0.8")),
        "swish": (4, with_line(SICK["swish"], 4, "dx = dout * s + ds * s * (1 - s)")),
        "log_softmax": (3, with_line(SICK["log_softmax"], 3, "total = dout.sum(axis=1, keepdims=True)")),
        "tied": (6, with_line(SICK["tied"], 6, "dW = dW + x.T @ da")),
        "highway": (4, with_line(SICK["highway"], 4, "dg = dout * (t - x)")),
    }
    ### END SOLUTION


def mended(name, dout, cache):
    """Run the mended backward pass of a patient. Nothing to write here."""
    return compiled(diagnosis()[name][1])(dout, cache)


# %% readonly="08_self-check"
checks = Checks()
with checks("for each patient, the number of a line and a source"):
    for name in SICK:
        named_line(diagnosis(), name)
for name in SICK:
    with checks(f"{name}, mended, compared with measured slopes") as rng:
        inputs = patient_inputs(name, rng)
        fixed = compiled(diagnosis()[name][1])
        assert_vjp(FORWARD[name], fixed, *inputs.values(), names=tuple(inputs))
print(checks)

# %% graded="08_diagnosis-lines" points=5
checks = Checks("6.8")


### BEGIN HIDDEN TESTS
from course_lib.reference import clinic


def cures(name, line, rng):
    """Whether the source is the patient's but for this line, and right: some mends fit into another line."""
    source = diagnosis()[name][1]
    ill, well = SICK[name].splitlines(), source.splitlines() if isinstance(source, str) else []
    changed = [number for number, pair in enumerate(zip(ill, well, strict=False), 1) if pair[0] != pair[1]]
    if len(ill) != len(well) or changed != [line]:
        return False
    out, cache = FORWARD[name](*patient_inputs(name, rng).values())
    dout = rng.normal(size=out.shape)
    expected = getattr(clinic, name)(dout, cache)
    try:
        expect_close(name, mended(name, dout, cache), expected)
    except Exception:
        return False
    return True


def expect_line(name, right, rng):
    line = named_line(diagnosis(), name)
    told = SICK[name].splitlines()[line - 1].strip()
    assert line in right or cures(name, line, rng), f"line {line} of {name!r} is healthy: {told}"


with checks("affine: the line", points=0.75) as rng:
    expect_line("affine", (5,), rng)
with checks("dropout: the line", points=0.75) as rng:
    expect_line("dropout", (4,), rng)
with checks("swish: the line", points=0.75) as rng:
    expect_line("swish", (4,), rng)
with checks("log_softmax: the line", points=0.75) as rng:
    expect_line("log_softmax", (3,), rng)
with checks("tied: the line", points=1) as rng:
    expect_line("tied", (6,), rng)
with checks("highway: the line", points=1) as rng:
    expect_line("highway", (4,), rng)
### END HIDDEN TESTS
checks.score()

# %% graded="08_diagnosis-mended" points=5
checks = Checks("6.8")
with checks(
    "affine, mended: at x = [[1, 2], [0, 1]], w = [[1], [3]], dout = [[5], [-2]]: db = [3]", points=0.75
):
    _, cache = affine(np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([[1.0], [3.0]]), np.zeros(1))
    dx, dw, db = mended("affine", np.array([[5.0], [-2.0]]), cache)
    expect_close("dx", dx, np.array([[5.0, 15.0], [-2.0, -6.0]]))
    expect_close("dw", dw, np.array([[5.0], [8.0]]))
    expect_close("db", db, np.array([3.0]))
### BEGIN HIDDEN TESTS
from course_lib.reference import clinic


def expect_cured(name, rng):
    """Raise AssertionError unless the mended function gives the right gradients, several times."""

    def fixed(dout, cache):
        return mended(name, dout, cache)

    fixed.__name__ = f"the mended {name}"
    for _ in range(3):
        inputs = patient_inputs(name, rng)
        out, _ = FORWARD[name](*inputs.values())
        pair, truth = (FORWARD[name], fixed), (FORWARD[name], getattr(clinic, name))
        wanted = " ".join(each for each in inputs if each not in WITHOUT_GRADIENT)
        expect_gradient(wanted, pair, truth, inputs, rng.normal(size=out.shape))


with checks("dropout, mended", points=0.75) as rng:
    expect_cured("dropout", rng)
with checks("swish, mended", points=0.75) as rng:
    expect_cured("swish", rng)
with checks("log_softmax, mended", points=0.75) as rng:
    expect_cured("log_softmax", rng)
with checks("tied, mended", points=1) as rng:
    expect_cured("tied", rng)
with checks("highway, mended", points=1) as rng:
    expect_cured("highway", rng)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 6.9 In your own words (5 points, ★, 15 minutes)
#
# 1. (2 points) Frameworks have all these layers ready made. Which one or two of them would you not write by
#    hand again, and why; and is there one of which you are glad that you did?
# 2. (2 points) A colleague's new layer trains, but badly. You have ten minutes. What do you check first,
#    what second, and what would each finding tell you?
# 3. (1 point) In your picture of the gradient flow, what is the difference between a gradient that is small
#    and a gradient that is wrong? How would you tell which of the two you have?

# %% [markdown] written="09_written" points=5
# ### BEGIN SOLUTION
# 1. Convolution: its backward pass is all bookkeeping of places, strides and padding, where a slip of one
#    pixel goes unnoticed, and a good implementation for real hardware is far from the loops here. Batch
#    norm in one go as well: the derivation is easily lost, and stages that a machine differentiates give
#    the same. I am glad about attention and softmax: having seen that a masked weight of exactly 0 stops
#    the gradient by itself, I know why the mask is applied before the softmax and with minus infinity.
# 2. First a gradient check of the layer by itself, in float64, with a few rows of distinct sizes and a
#    random upstream gradient: if it fails, the report names the argument, and often the line; nothing else
#    is worth looking at before that. If it passes, the layer is right where it was tried, and I look at the
#    norm of each layer's gradient and at the first loss (log C for C classes): gradients that vanish or
#    explode point to initialisation or learning rate, a strange first loss to the data or the last layer.
#    Then, whether it can learn 20 examples.
# 3. A small gradient is the true slope of a loss that hardly depends on these weights; a wrong one is not
#    the slope. Compare with numerical slopes: a small gradient agrees with them (judged relative to its own
#    size, and with a step that suits it), a wrong one does not. Another initialisation or non-linearity
#    mends the first, not the second.
#
# **Rubric** (5 points)
# * Question 1, 2 points: 1 for a layer with a reason that fits it; 1 for a layer or a lesson that was worth
#   it, with what was learned.
# * Question 2, 2 points: 1 for checking the gradient of the layer alone before anything else (or an equally
#   sharp test); 1 for a sensible second step with what it would tell. "More data", "another learning rate"
#   alone: 0.
# * Question 3, 1 point: comparison with measured slopes, or an argument that amounts to it.
# ### END SOLUTION

# %% [markdown]
# ## What to take along
#
# * Every layer here gave in to the same three questions: what are the stages, who used each, and what has
#   which shape.
# * A normalisation takes directions out of the gradient: what the layer ignores forward, it must not send
#   back.
# * Where something is used several times (a row, a pixel, a weight in every step), its gradient adds up.
# * What is masked is exactly 0, forward and backward.
# * Depth multiplies slopes. Initialisation decides whether their product stays near 1.
# * Two numbers side by side, one derived and one measured, settle most arguments about gradients.
#
# You began this course with the slope of a sine at 0, and have just derived attention, a net of any depth and
# the cure of six sick layers, without a formula to copy. The next layer that needs a backward pass may be
# your own. You know how to tell whether it is right.
