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
# | 6.1 | unit vectors and log-sum-exp | ★ | 30 | | no |
# | 6.2 | layer norm by stages, batch norm in one go | ★★★ | 60 | | batch norm may |
# | 6.3 | embeddings | ★ | 15 | | no |
# | 6.4 | patches, convolution, max pooling | ★★★ | 75 | | patches may |
# | 6.5 | a recurrent net, through time | ★★ | 40 | | no |
# | 6.6 | attention with a mask | ★★★ | 45 | | yes |
# | 6.7 | a net of any depth, three optimizers | ★★★ | 75 | | no |
# | 6.8 | the clinic | ★★ | 40 | | no |
# | 6.9 | in your own words | ★ | 15 | | no |
#
# **How the notebook works**
#
# * You write where a cell says `raise NotImplementedError("not written yet")`. Replace that line.
# * Before a box stand hints in three steps. Open one, try again, and only then open the next.
# * After a box comes a *self-check*, which compares your gradients with measured ones and says what is wrong.
#   It is worth no points; run it as often as you like.
# * Then come the graded cells. They show numbers that you can check by hand. Grading runs more checks than
#   you see here, with other numbers and other shapes.
# * No exercise needs another one: do them in any order. How far are you? `import course_lib` and then
#   `course_lib.progress()`, in a cell of your own, show a table of all the checks you can see.
#
# A way that works for every layer here. Write the forward pass as single steps. Give each intermediate value
# a name, and for each name ask: *who used it?* Its gradient is the sum of what comes back from its users. Then
# check shapes: a gradient has the shape of its variable. What was copied (broadcast) forward is summed
# backward, and what was summed forward is copied backward.
#
# There are 100 points: 95 are graded by the cells below, 5 by a person. The first cell holds what the
# checks are written with; run it, you need not read it.

# %% setup="imports"
import numpy as np

from course_lib import assert_parameters, assert_vjp, check_vjp, data, viz, watched
from course_lib.grading import Checks, expect_close, expect_unchanged

WITHOUT_GRADIENT = ("ids", "mask")
CLOSE = "so close a miss looks measured: compute the gradient by the chain rule"


def fresh(values):
    """Return the values, arrays copied, so that changing an argument costs the check that looks for it."""
    return [np.copy(value) if isinstance(value, np.ndarray) else value for value in values]


def gradients(pair, inputs, dout):
    """Return the gradients by the names of `inputs`: forward, then backward of `dout`."""
    forward, backward = pair
    _, cache = forward(*fresh(inputs.values()))
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
    check(forward, backward, inputs[name], dout=dout, names=(name,))


def expect_values(forward, truth, inputs, rtol=1e-10):
    """Raise AssertionError unless `forward` of the inputs, a dict, has the value of `truth`, and is all it does."""
    expected = truth(*fresh(inputs.values()))[0]
    arrays = {name: value for name, value in inputs.items() if isinstance(value, np.ndarray)}
    with expect_unchanged(**arrays):
        out, _ = forward(*inputs.values())
    shapes = ", ".join(f"{name} {value.shape}" for name, value in arrays.items())
    expect_close(f"out for {shapes}", out, expected, rtol=rtol)


def expect_hands_off(pair, inputs, dout):
    """Raise AssertionError if forward or backward changes an argument, or if they do nothing at all."""
    arrays = {name: value for name, value in inputs.items() if isinstance(value, np.ndarray)}
    with expect_unchanged(dout=dout, **arrays):
        _, cache = pair[0](*inputs.values())
        grads = pair[1](dout, cache)
    first = next(value for name, value in inputs.items() if name not in WITHOUT_GRADIENT)
    expect_work("the first gradient", grads[0] if isinstance(grads, tuple | list) else grads, first, dout)


def expect_work(name, gradient, *given):
    """Raise AssertionError if a gradient does not have the shape of the first of the `given` arrays, has the
    same number everywhere, or is one of these arrays: doing nothing leaves everything as it was, too.
    """
    gradient = np.asarray(gradient)
    idle = np.unique(gradient).size < 2 or any(np.array_equal(gradient, array) for array in given)
    if gradient.shape != given[0].shape or idle:
        raise AssertionError(f"{name} is not worked out yet: this counts when it is")


def expect_named(name, actual, expected, slips, **tolerances):
    """Raise AssertionError unless `actual` is close to `expected`; say which slip gives what it is instead.

    `slips` is a dict: a sentence about a slip, and the value that comes of it.
    """
    try:
        expect_close(name, actual, expected, **tolerances)
    except AssertionError as wrong:
        for sentence, value in slips.items():
            if np.shape(actual) == np.shape(value) and np.allclose(actual, value, rtol=1e-9, atol=1e-9):
                raise AssertionError(f"{wrong}\n  likely cause: {sentence}") from None
        raise


def with_options(forward, **options):
    """Return `forward` with keyword arguments filled in."""
    return lambda *arguments: forward(*arguments, **options)


def compare_prediction(prediction, answer, why):
    """Say how a prediction fared; nothing is graded."""
    if prediction is None:
        return "No prediction yet. Write your number into the cell above, then run both."
    verdict = "Just so" if np.isclose(float(prediction), answer, atol=1e-6) else "Not quite"
    return f"{verdict}: you said {prediction}, it is {answer:.4g}. {why}"


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
# You met it inside the softmax loss. Written down as it stands it overflows for $z = 10^4$, and both the value
# and the gradient should be right there. The upstream gradient has one number for each row. Mind how it meets
# an array of shape `(N, C)`: by itself, NumPy lines up `(N,)` with the *last* axis.
#
# Before you derive anything, think about unit vectors for a moment.

# %% [markdown]
# **Predict, then run.** Make a vector a little longer, without turning it. What is the derivative of $u$ along
# that direction, and so the inner product of $\mathrm{d}x$ with $x$, whatever the upstream gradient? Write
# your number here.

# %%
along_x = None  # your number

# %% readonly="01_prediction"
print(compare_prediction(along_x, 0, "Stretching x leaves u where it is, so dx has no part along x."))

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
# In the plane, take $x = (3, 4)$, of length 5, and push it by a little step $t$ in the direction $(1, 0)$. The
# step has a part along $x$, which changes nothing, and a part across, of which $u$ feels a fifth. So
# backward: remove from the upstream gradient what points along $u$, and shrink the rest.
#
# For log-sum-exp with two numbers, write $\ell = z_1 + \log(1 + e^{z_2 - z_1})$: the slope with respect to
# $z_2$ is a sigmoid. With more numbers it is the sigmoid's big sister.
#
# </details>
#
# <details><summary>Hint 3: all but the line</summary>
#
# $\mathrm{d}x = \big(\mathrm{d}u - (u \cdot \mathrm{d}u)\, u\big) / |x|$, where the inner product is one number
# for each row, kept as a column. The slope of log-sum-exp with respect to $z_k$ is $e^{z_k - \ell}$, which
# cannot overflow, since no $z_k$ is larger than $\ell$; it is multiplied by the upstream gradient of its row,
# as a column.
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
with checks("unit_vector_backward, compared with measured slopes") as rng:
    assert_vjp(unit_vector, unit_vector_backward, 3 * rng.normal(size=(4, 3)))
print(checks)

# %% graded="01_unit_vector-values" points=5
checks = Checks("6.1")
with checks("x = [[3, 4]]: u = [[0.6, 0.8]]", points=0.5):
    u, _ = unit_vector(np.array([[3.0, 4.0]]))
    expect_close("u", u, np.array([[0.6, 0.8]]))
with checks("x = [[3, 4]], du = [[1, 0]]: dx = [[0.128, -0.096]]", points=1):
    _, cache = unit_vector(np.array([[3.0, 4.0]]))
    dx = unit_vector_backward(np.array([[1.0, 0.0]]), cache)
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
    """Return (value, cache), where value[n] is the logarithm of the sum of exp(z[n]), right for z of any size.

    z: (N, C), floats; value: (N,).
    """
    ### BEGIN SOLUTION
    largest = z.max(axis=1)
    value = largest + np.log(np.sum(np.exp(z - largest[:, np.newaxis]), axis=1))
    return value, (z, value)
    ### END SOLUTION


def logsumexp_backward(dvalue, cache):
    """Return dz, (N, C), finite for z of any size. dvalue: (N,), the upstream gradient; cache: from logsumexp."""
    ### BEGIN SOLUTION
    z, value = cache
    return dvalue[:, np.newaxis] * np.exp(z - value[:, np.newaxis])
    ### END SOLUTION


# %% readonly="01_logsumexp-self-check"
checks = Checks()
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
print(checks)

# %% graded="01_logsumexp-values" points=5
checks = Checks("6.1")
with checks("z = [[0, log 3]]: the value is log 4 = 1.3863, and dvalue = [8] gives dz = [[2, 6]]", points=1):
    value, cache = logsumexp(np.array([[0.0, np.log(3.0)]]))
    expect_close("value", value, np.array([np.log(4.0)]))
    expect_close("dz", logsumexp_backward(np.array([8.0]), cache), np.array([[2.0, 6.0]]))
with checks("z = [[1e4, 1e4, 0], [-1e4, -1e4, -1e4]]: finite, and right", points=1):
    value, cache = logsumexp(np.array([[1e4, 1e4, 0.0], [-1e4, -1e4, -1e4]]))
    expect_close("value", value, np.array([1e4 + np.log(2.0), -1e4 + np.log(3.0)]))
    dz = logsumexp_backward(np.array([2.0, 3.0]), cache)
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
# Here are both Jacobians at one point, measured from your backward passes, row by row. Both are **symmetric**,
# and for the same reason. The unit vector is the gradient of the length $|x|$, and softmax is the gradient of
# log-sum-exp; the Jacobian of a gradient is a matrix of second derivatives, and for these the order does not
# matter. (Your layer norm, below, is no gradient of anything: with a gamma, its Jacobian is not symmetric.)


# %% readonly="figure-jacobians"
def draw_your_jacobians():
    x = np.array([1.5, -0.5, 1.0, 0.3])
    try:
        _, cache = unit_vector(np.tile(x, (4, 1)))
        unit = unit_vector_backward(np.eye(4), cache)
        weights = logsumexp_backward(np.ones(1), logsumexp(x[np.newaxis])[1])[0]
    except NotImplementedError:
        return "not written yet"
    soft = np.diag(weights) - np.outer(weights, weights)
    return viz.draw_matrices(
        {"of the unit vector": unit, "of softmax": soft}, title="Two symmetric Jacobians"
    )


draw_your_jacobians()

# %% [markdown]
# ## 6.2 Normalisation (15 points, ★★★, 60 minutes)
#
# Deep networks train better when the numbers inside them have a sensible size. **Layer norm** sees to that for
# each example by itself: it shifts and scales a row to mean 0 and variance 1, and then lets two learned
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
# Walk back through the stages, and give each its gradient: `dxhat`, `dstd`, `dvar`, `dcentred`, `dmean`, and at
# last `dx`. Each is the *whole* gradient of its stage: what comes back from all who used it, added up. Who did?
# One of the
# stages has two users, and so has `x`.
#
# For a row with `xhat` = (-1, -1, 1, 1), `gamma` = (1, 2, 1, 2) and the upstream gradient (1, 2, 3, -1), you should
# get `dxhat` = (1, 4, 3, -2) and, since this row has a `std` of 1, `dstd` = 4, `dvar` = 2,
# `dcentred` = (0, 3, 4, -1), `dmean` = -6 and `dx` = (-1.5, 1.5, 2.5, -2.5).

# %% [markdown]
# **Predict, then run.** Add 1 to all numbers of a row. What happens to `out`? So what is the sum of `dx` over a
# row, whatever the upstream gradient?

# %%
sum_of_dx = None  # your number

# %% readonly="02_prediction"
print(compare_prediction(sum_of_dx, 0, "Layer norm subtracts the mean: a shift of the row is never seen."))

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Draw the stages as a graph. `centred` goes into `xhat` and into `var`; `x` goes into `centred` and into
# `mean`. Where two arrows leave, two gradients add. Where a column (N, 1) met an array (N, D), it was copied D
# times, so its gradient is a sum over the row.
#
# </details>
#
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# One number out of the middle: $q = c / s$, where $c$ is a row and $s$ one number. With the upstream gradient
# $g$, $c$ gets $g / s$; $s$ gets from each entry $-g_j c_j / s^2$, and all of them together. And a mean of $D$
# squares gives to each of its numbers two times that number, over $D$.
#
# </details>
#
# <details><summary>Hint 3: all but the line</summary>
#
# `dxhat` is the upstream gradient times gamma: gamma scales all that flows to $x$. `dstd` is minus the sum of
# `dxhat` times `centred`, over `std` squared. `dvar` is half of `dstd`, over `std`. `dcentred` is `dxhat` over
# `std`, plus `centred` times `dvar` times 2 over D. `dmean` is minus the sum of `dcentred`, and `dx` is
# `dcentred` plus the D-th part of `dmean`. The sums go along the rows, and stay columns.
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

    dout: (N, D), the upstream gradient; cache: the dict from layernorm_forward. Each gradient has the shape of
    what it belongs to.
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


def layernorm_gradients(backward):
    """Return the backward pass that gives (dx, dgamma, dbeta) alone, as the checker wants them."""

    def gradients_of_inputs(dout, cache):
        grads = backward(dout, cache)
        return grads["dx"], grads["dgamma"], grads["dbeta"]

    gradients_of_inputs.__name__ = "layernorm_backward"
    return gradients_of_inputs


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
# Self-check: each stage in the order in which you need it, then all of it. The first cross is the one to mend.
checks = Checks()
inputs = norm_inputs(np.random.default_rng(0))
for stage in STAGES:
    with checks(f"d{stage}, compared with measured slopes") as rng:
        cache = layernorm_forward(**inputs)[1]
        assert_vjp(
            lambda value: (rest_of_layernorm(stage, value, inputs), cache),
            lambda dout, cache: layernorm_backward(dout, cache)[f"d{stage}"],
            np.copy(cache[stage]),
            names=(stage,),
        )
with checks("dx, dgamma and dbeta, compared with measured slopes"):
    assert_vjp(layernorm_forward, layernorm_gradients(layernorm_backward), *inputs.values())
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


def stages_of(rng, N, D):
    """Return exact stages, the upstream gradient, your gradients, and those that are right."""
    inputs, dout = norm_inputs(rng, N=N, D=D), rng.normal(size=(N, D))
    exact = norm.layernorm_forward(**inputs)[1]
    expected = norm.layernorm_backward(dout, exact)
    own = layernorm_forward(*fresh(inputs.values()))[1]
    own = own if isinstance(own, dict) else {}  # a slip in the forward pass has cost its points there
    copies = dict(zip(exact, fresh(exact.values()), strict=True))
    return exact, dout, layernorm_backward(dout.copy(), {**own, **copies}), expected


def expect_stage(name, rng, from_own, slips):
    """Raise AssertionError unless a stage's gradient is right, or follows from your earlier ones.

    `from_own(own, exact)` is what follows from the student's; `slips(own, exact)` as in expect_named.
    """
    for N, D in ((5, 4), (1, 3), (3, 6)):
        exact, dout, grads, expected = stages_of(rng, N, D)
        own = {**expected, **{each: grads[each] for each in expected if each in grads}, "dout": dout}
        try:
            expect_close(name, grads[name], expected[name], rtol=1e-10)
        except AssertionError:
            if not np.any(grads[name]):
                raise
            expect_named(name, grads[name], from_own(own, exact), slips(own, exact), rtol=1e-9)


def row_sum(array):
    return np.sum(array, axis=1, keepdims=True)


with checks("dgamma and dbeta", points=0.5) as rng:
    for N, D in ((5, 4), (1, 3), (3, 6)):
        _, _, grads, expected = stages_of(rng, N, D)
        for name in ("dgamma", "dbeta"):
            expect_close(name, grads[name], expected[name], rtol=1e-10)
with checks("dxhat", points=0.5) as rng:
    expect_stage(
        "dxhat",
        rng,
        lambda own, at: own["dout"] * at["gamma"],
        lambda own, at: {"gamma is missing: it scales all that flows to x": own["dout"]},
    )
with checks("dstd", points=0.75) as rng:
    expect_stage(
        "dstd",
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
        rng,
        lambda own, at: own["dstd"] / (2 * at["std"]),
        lambda own, at: {"the root's factor 1/2 is missing": own["dstd"] / at["std"]},
    )
with checks("dcentred", points=1) as rng:
    expect_stage(
        "dcentred",
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
        rng,
        lambda own, at: -row_sum(own["dcentred"]),
        lambda own, at: {"the sign is lost": row_sum(own["dcentred"])},
    )
with checks("dx", points=0.75) as rng:
    expect_stage(
        "dx",
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
# You have done it by stages. This time do it **in one go**: carry the chain rule through on paper until `dx` is
# one expression in the upstream gradient, `gamma`, `xhat` and the standard deviation, with no stages left. It
# is shorter than you might think, and not far from the unit vector: subtracting the mean removes one direction,
# dividing by the deviation removes another.
#
# <details><summary>Hint 1: where to look</summary>
#
# Put your stages of layer norm into one another, along the other axis. Begin with the gradient that arrives at
# $\hat x$, where gamma already is in it; the sums over `dcentred` simplify, since the centred numbers add up
# to 0.
#
# </details>
#
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# Without the mean, $\hat x = x / r$ with $r^2$ the mean of the squares: that is $\sqrt N$ times a unit vector.
# The gradient loses its part along $\hat x$, that is $\hat x$ times the mean of $g \hat x$, and is divided by
# $r$. With the mean, what is left also loses its own mean.
#
# </details>
#
# <details><summary>Hint 3: all but the line</summary>
#
# Let $g$ be the upstream gradient times $\gamma$. Then
# $\mathrm{d}x = \big(g - \overline{g} - \hat x\; \overline{g \hat x}\big) / \sqrt{\sigma^2 + \epsilon}$, where a
# bar is the mean over the batch, column by column.
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
with checks("dx, dgamma and dbeta, compared with measured slopes"):
    assert_vjp(batchnorm_forward, batchnorm_backward, *inputs.values())
with checks("the same with running statistics, which do not change out"):
    running = {"mean": np.ones(4), "var": np.ones(4)}
    out, cache = batchnorm_forward(*inputs.values(), running)
    expect_close("out", out, batchnorm_forward(*inputs.values())[0])
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
# Words come as numbers, and the number of a word means nothing. An embedding turns it into something that can be
# learned: a table $W$ with one row for each of the $V$ words. Forward, each number picks its row:
#
# $$\text{out}[n, t] = W[\text{ids}[n, t]] .$$
#
# A word that occurs three times uses its row three times. What does that say about the row's gradient? There is
# a trap in NumPy here: `a[rows] += b` looks as if it added up, but where `rows` names a row twice, only one of
# the two additions survives.
#
# <details><summary>Hint 1: where to look</summary>
#
# Picking a row is copying it. What is the backward pass of a copy? And of a row that nobody picked?
#
# </details>
#
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# With three rows and `ids` = (0, 2, 0), out[0] and out[2] are the same row. Row 0 collects the upstream gradients
# of both, row 2 that of out[1], and row 1 gets 0.
#
# </details>
#
# <details><summary>Hint 3: all but the line</summary>
#
# Begin with zeros in the shape of W, and go through all places one by one, adding the upstream gradient of each
# to the row that was picked there. A loop is fine; NumPy has a function that does exactly this, `np.add.at`,
# whose arguments are the array to add to, the rows, and what is added.
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
    assert_vjp(embedding_forward, embedding_backward, np.array([[0, 3], [1, 4]]), rng.normal(size=(5, 3)))
with checks("words that occur more than once") as rng:
    ids = np.array([[0, 3, 3], [3, 1, 0]])
    assert_vjp(embedding_forward, embedding_backward, ids, rng.normal(size=(5, 3)))
print(checks)

# %% graded="03_embedding-values" points=5
checks = Checks("6.3")
with checks("ids = [0, 2, 0], W = [[1, 2], [3, 4], [5, 6]]: out = [[1, 2], [5, 6], [1, 2]]", points=0.5):
    out, _ = embedding_forward(np.array([0, 2, 0]), np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    expect_close("out", out, np.array([[1.0, 2.0], [5.0, 6.0], [1.0, 2.0]]))
with checks("dout = [[1, 1], [2, 0], [5, -1]]: dW = [[6, 0], [0, 0], [2, 0]]", points=1):
    _, cache = embedding_forward(np.array([0, 2, 0]), np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    dW = embedding_backward(np.array([[1.0, 1.0], [2.0, 0.0], [5.0, -1.0]]), cache)
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
    return {"ids": rng.integers(1, V, size=shape), "W": rng.normal(size=(V, D))}


with checks("out for ids of other shapes", points=1) as rng:
    for shape in ((6,), (2, 3), (1, 1), (2, 1, 4)):
        expect_values(embedding_forward, seq.embedding_forward, words(rng, *shape))
with checks("dW where no word occurs twice", points=0.5) as rng:
    inputs = {"ids": rng.permutation(7)[:6].reshape(2, 3), "W": rng.normal(size=(7, 3))}
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
# ## 6.9 In your own words (5 points)

# %% [markdown] written="09_written" points=70
# ### BEGIN SOLUTION
# Words.
# ### END SOLUTION
