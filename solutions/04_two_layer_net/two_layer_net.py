# %% [markdown]
# # A two-layer net
#
# Everything so far was preparation. Now you build a neural network whole: layers and what goes between
# them, losses, regularization, training by gradient descent. It is about a hundred lines of NumPy, and
# at the end of it your network reads handwritten digits.
#
# | exercise | what you do | stars | minutes | builds on | may be skipped? |
# |---|---|---|---|---|---|
# | 4.1 | the whole training loop, bare | ★★ | 25 | | no |
# | 4.2 | the affine layer and its three gradients | ★★ | 20 | 4.1 | no |
# | 4.3 | seven non-linearities, right at both ends | ★★ | 45 | | some of the seven, if time is short |
# | 4.4 | two losses, finite at any score | ★★★ | 45 | | the SVM loss |
# | 4.5 | three penalties | ★ | 10 | | |
# | 4.6 | a network as a class | ★★★ | 60 | 4.2 to 4.5 | no |
# | 4.7 | minibatch training | ★★ | 30 | 4.1, 4.6 | no |
# | 4.8 | networks by thinking | ★★ | 25 | | |
# | 4.9 | spirals, features, templates | ★★ | 70 | 4.7 | the pictures |
# | 4.10 | in your own words | ★★ | 20 | 4.8 | no |
#
# "Builds on" means the idea; only 4.7 and 4.9 run code from before. Altogether this takes nearly
# six hours.
#
# **How the notebook works**
#
# * You write where a cell says `raise NotImplementedError("not written yet")`. Replace that line.
# * Before most exercises stand three folded **hints**: where to look, the idea in a smaller case, all but
#   the line. Open them one at a time. Where a gradient is asked for, derive it on paper first; the
#   self-check tells you whether it is right.
# * After each exercise comes a *self-check*. It compares your gradients with numerical ones and, when
#   they differ, says where, by how much and, if it can tell, why. It is worth no points; run it as often
#   as you like.
# * Then come the graded cells. They show the numbers you can check by hand. Grading runs more checks than
#   you see here, with other numbers and other shapes.
# * If you are stuck, go on and come back. 4.7 needs the network of 4.6; the pictures of 4.9 need it too,
#   and your affine layer, ReLU and losses.
# * How far are you? `import course_lib` and then `course_lib.progress()`, in a cell of your own, show a
#   table of the checks you can see, in the graded cells that have run since the kernel started.
#
# There are 100 points: 95 are graded by the cells below, 5 by a person. Cells that you need not read,
# such as the next one, are folded; run them all the same.

# %% setup="imports"
from contextlib import suppress
from functools import partial

import numpy as np

from course_lib import (
    assert_gradient,
    assert_parameters,
    assert_vjp,
    check_gradient,
    check_parameters,
    check_vjp,
    data,
    numerical_gradient,
    viz,
    watched,
)
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

CLOSE = "so close a miss looks measured: compute the gradient by the chain rule"


def only(grads):
    """Return the one gradient that backward returned, which may stand in a tuple."""
    return grads[0] if isinstance(grads, tuple | list) and len(grads) == 1 else grads


def gradients(pair, inputs, dout):
    """Return the gradients by the names of `inputs`: forward, then backward of `dout`."""
    forward, backward = pair
    _, cache = two_of(forward, fresh(inputs.values()), "out and cache")
    grads = backward(np.copy(dout), cache)
    grads = grads if isinstance(grads, tuple | list) else (grads,)
    if len(grads) != len(inputs):
        wanted = ", ".join(f"d{name}" for name in inputs)
        raise AssertionError(
            f"backward should return {wanted}, {len(inputs)} in all; yours returns {len(grads)}"
        )
    return dict(zip(inputs, grads, strict=True))


def expect_gradient(names, pair, truth, inputs, dout, rtol=1e-12):
    """Raise AssertionError unless the gradients of these inputs are right; the checker says why, if it can.

    `names` has spaces between them, `pair` is (forward, backward), `truth` a pair that is right, `inputs` a
    dict of all arguments in order.
    """
    expected, actual = gradients(truth, inputs, dout), gradients(pair, inputs, dout)
    for name in names.split():
        try:
            expect_close(f"d{name}", actual[name], expected[name], rtol=rtol)
        except AssertionError as wrong:
            explain_gradient(assert_vjp, name, pair, truth, inputs, dout)
            raise AssertionError(f"{wrong}; {CLOSE}") from None


def expect_hands_off(pair, inputs, dout):
    """Raise AssertionError if forward or backward changes an argument, or if they do nothing at all."""
    arrays = {name: value for name, value in inputs.items() if isinstance(value, np.ndarray)}
    with expect_unchanged(dout=dout, **arrays):
        _, cache = two_of(pair[0], inputs.values(), "out and cache")
        grads = pair[1](dout, cache)
    expect_work("dx", grads[0] if isinstance(grads, tuple | list) else grads, *arrays.values(), dout)


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
        return grads[list(inputs).index(name)] if isinstance(grads, tuple | list) else grads

    backward.__name__ = getattr(pair[1], "__name__", "backward")
    backward.around = pair[1]
    check(forward, backward, inputs[name], dout=dout, names=(name,))


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


def expect_slope(name, function, truth, x, *others, rtol=1e-12):
    """Raise AssertionError unless `function(x, *others)` returns the gradient of `x` after its value.

    `truth` is such a function that is right; the checker says what is wrong, if it can.
    """
    value, actual = two_of(function, fresh((x, *others)), "the value and its gradient")
    right, slope = truth(x, *others)
    try:
        expect_close(f"d{name}", actual, slope, rtol=rtol)
    except AssertionError as wrong:
        factor = value / right if isinstance(value, int | float | np.number) else np.nan
        same = np.shape(actual) == np.shape(slope) and not np.isclose(factor, 1)
        if same and np.allclose(actual, factor * slope, rtol=1e-9, atol=0):
            told = f"your value, too, is {factor:.4g} times what it should be: mend both"
            raise AssertionError(f"{wrong}\n  likely cause: {told}") from None
        compare_slope(assert_gradient, name, function, truth, x, *others)
        raise AssertionError(f"{wrong}; {CLOSE}") from None


def compare_slope(check, name, function, truth, x, *others):
    """Compare the gradient that `function(x, *others)` returns with the slope of `truth`'s value.

    `check` is `check_gradient`, which reports, or `assert_gradient`, which raises.
    """

    def value(x):
        return two_of(truth, (x, *others), "the value and its gradient")[0]

    def gradient(x):
        return two_of(function, fresh((x, *others)), "the value and its gradient")[1]

    value.__name__ = getattr(function, "__name__", "function")
    # where a first wrong line is looked for
    names = ("y",) if name == "x" else ("lam", "beta")
    gradient.__wrapped__ = partial(function, **dict(zip(names, others, strict=False)))
    return check(value, x, gradient, name=name)


# %% [markdown]
# ## 4.1 The whole loop in twenty lines (10 points, ★★, 25 minutes)
#
# First **define** a network. Training it is a loop of three steps: run it **forward** to a loss, compute
# the **gradients**, and **descend**, that is, move every weight a little against its gradient. Before you
# build anything that deserves to be called software, write the loop once, bare.
#
# The network has a hidden layer of sigmoids and no biases, and it is to predict numbers:
#
# $$h = \sigma(x w_1), \qquad \hat y = h w_2, \qquad L = \sum_{n,k} (\hat y_{nk} - y_{nk})^2,$$
#
# where $\sigma(t) = 1 / (1 + e^{-t})$, entry by entry. How $L$ reacts to $w_1$ and $w_2$ is yours to
# derive: go backwards through the three stages, the sum of squares, the product with $w_2$, the sigmoid
# of the product with $w_1$. Each gradient has the shape of its variable, and the shapes leave little
# choice in a matrix product. Mind that the loss is a *sum*, not a mean.
#
# Then $w_1 \leftarrow w_1 - \eta\, \mathrm{d}w_1$ and $w_2 \leftarrow w_2 - \eta\, \mathrm{d}w_2$, with
# the **learning rate** $\eta$, `lr` in code. Both gradients belong to the *same* weights: compute both
# before you change either.
#
# By hand, with every size 1: $x = 1$, $y = 3$, $w_1 = 0$, $w_2 = 2$. Then $h = 0.5$, $\hat y = 1$ and
# $L = 4$. With $\eta = 0.5$ both weights happen to grow by 1, and the next loss is
# $(3\,\sigma(1) - 3)^2 = 0.6510$.
#
# <details><summary>Hint 1: where to look</summary>
#
# Three stages, so three steps back: from $L$ to $\hat y$, from there to $w_2$ *and* to $h$, from $h$ to
# $w_1$. What arrives at $h$ is needed before anything changes.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# With every size 1, as above: $\mathrm{d}\hat y = 2 (1 - 3) = -4$; times $h = 0.5$ it is
# $\mathrm{d}w_2 = -2$; times $w_2 = 2$ it is $\mathrm{d}h = -8$; times the slope of the sigmoid,
# $0.5 \cdot 0.5$, and times $x = 1$, it is $\mathrm{d}w_1 = -2$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# $\mathrm{d}\hat y = 2 (\hat y - y)$, then $\mathrm{d}w_2 = h^\top \mathrm{d}\hat y$ and
# $\mathrm{d}h = \mathrm{d}\hat y\, w_2^\top$, and $\mathrm{d}w_1 = x^\top$ times $\mathrm{d}h$
# multiplied, entry by entry, by the slope $h (1 - h)$. Note the loss, compute all gradients, and only
# then step.
#
# </details>


# %% answer="01_train_sigmoid_regression" formula="withheld"
def train_sigmoid_regression(x, y, w1, w2, steps, lr=1e-4):
    """Train by gradient descent and return the losses, one for each step, each from before its descent.

    x: (N, D_in), y: (N, D_out), w1: (D_in, H), w2: (H, D_out), arrays of floats, all left unchanged;
    steps: how often to descend; lr: the learning rate.
    Returns a list of `steps` numbers.
    """
    ### BEGIN SOLUTION
    losses = []
    for _ in range(steps):
        h = 1 / (1 + np.exp(-(x @ w1)))
        error = h @ w2 - y
        losses.append(np.sum(error**2))

        dpred = 2 * error
        dw2 = h.T @ dpred
        dh = dpred @ w2.T
        dw1 = x.T @ (dh * h * (1 - h))

        w1 = w1 - lr * dw1
        w2 = w2 - lr * dw2
    return losses
    ### END SOLUTION


# %% setup="regression-data"
def regression_problem(rng, N=64, D_in=1000, H=100, D_out=10):
    """Return random x, y, w1 and w2 of these sizes."""
    sizes = (N, D_in), (N, D_out), (D_in, H), (H, D_out)
    return [rng.normal(size=size) for size in sizes]


# what the example's second loss is if dh is computed with the new w2, which is 3: then w1 becomes 1.5
MIXED = {"w2 was changed before dh was computed": (3 / (1 + np.exp(-1.5)) - 3) ** 2}


def expect_list(losses, steps):
    """Raise AssertionError unless `losses` is a list (or an array) with a loss for each of the steps."""
    if not isinstance(losses, list | tuple | np.ndarray):
        raise AssertionError("losses should be a list of numbers, one for each step")
    if len(losses) != steps:
        raise AssertionError(f"{steps} steps should give {steps} losses, yours gives {len(losses)}")


def expect_losses(actual, expected):
    """Raise AssertionError unless `actual` is a list (or an array) of the numbers `expected`."""
    expect_list(actual, len(expected))
    expect_close("losses", np.array(actual), np.array(expected), rtol=1e-9)


# %% readonly="01_self-check"
# Self-check: 100 steps with 64 examples, 1000 inputs, 100 hidden units and 10 outputs.
@once_written
def draw_your_regression():
    losses = train_sigmoid_regression(*regression_problem(np.random.default_rng(0)), steps=100)
    losses = [float(loss) for loss in losses]
    return viz.draw_losses({"": losses}, title="A hundred steps of your loop", logarithmic=True)


def check_your_regression():
    """Compare the first losses with measured ones: each step should move along the measured slope."""
    checks = Checks()
    rng = np.random.default_rng(7)
    problem = regression_problem(rng, N=5, D_in=4, H=3, D_out=2)
    x, y, w1, w2 = problem

    def loss_at(first, second):
        return np.sum((1 / (1 + np.exp(-x @ first)) @ second - y) ** 2)

    with checks("the example above: the losses are 4 and 0.6510"):
        one = np.array([[1.0]]), np.array([[3.0]]), np.array([[0.0]]), np.array([[2.0]])
        expect_losses(train_sigmoid_regression(*fresh(one), steps=1, lr=0.5), [4.0])
        losses = train_sigmoid_regression(*fresh(one), steps=2, lr=0.5)
        expect_list(losses, 2)
        expect_named("the second loss", losses[1], 0.6510, MIXED, atol=5e-5)
    with checks("losses and one step of descent at another point; nothing of the caller's changes"):
        with expect_unchanged(x=x, y=y, w1=w1, w2=w2):
            losses = train_sigmoid_regression(x, y, w1, w2, steps=2, lr=0.01)
        expect_list(losses, 2)
        dw1 = numerical_gradient(lambda w: loss_at(w, w2), w1)
        dw2 = numerical_gradient(lambda w: loss_at(w1, w), w2)
        moved = loss_at(w1 - 0.01 * dw1, w2 - 0.01 * dw2)
        expect_close("losses[0]", losses[0], loss_at(w1, w2))
        expect_close("losses[1], after a step along the measured slopes,", losses[1], moved, rtol=1e-6)
    with checks("the default learning rate is 1e-4"):
        losses = train_sigmoid_regression(*fresh(problem), steps=2)
        expected = train_sigmoid_regression(*fresh(problem), steps=2, lr=1e-4)
        expect_losses(losses, expected)
    print(checks)


check_your_regression()
draw_your_regression()

# %% graded="01_train_sigmoid_regression-losses" points=3
checks = Checks("4.1")
with checks("the example above: the first loss is 4", points=1):
    x, y, w1, w2 = np.array([[1.0]]), np.array([[3.0]]), np.array([[0.0]]), np.array([[2.0]])
    expect_losses(train_sigmoid_regression(x, y, w1, w2, steps=1, lr=0.5), [4.0])
### BEGIN HIDDEN TESTS
from course_lib.reference import small_nets

with checks("the first loss at other sizes, and for N = 1", points=1) as rng:
    for N in (5, 1):
        problem = regression_problem(rng, N=N, D_in=4, H=3, D_out=2)
        expected = small_nets.train_sigmoid_regression(*problem, steps=1)
        expect_losses(train_sigmoid_regression(*fresh(problem), steps=1), expected)
with checks("one loss for each step", points=1) as rng:
    problem = regression_problem(rng, N=5, D_in=4, H=3, D_out=2)
    for steps in (1, 2, 7):
        expect_list(train_sigmoid_regression(*fresh(problem), steps=steps), steps)
### END HIDDEN TESTS
checks.score()

# %% graded="01_train_sigmoid_regression-descent" points=5
checks = Checks("4.1")
with checks("the example above: after one step the loss is 0.6510", points=1):
    x, y, w1, w2 = np.array([[1.0]]), np.array([[3.0]]), np.array([[0.0]]), np.array([[2.0]])
    losses = train_sigmoid_regression(x, y, w1, w2, steps=2, lr=0.5)
    expect_list(losses, 2)
    expect_named("the second loss", losses[1], 0.6510, MIXED, atol=5e-5)
### BEGIN HIDDEN TESTS
from course_lib.reference import small_nets


def expect_step(which, losses, loss_at, N, D_out=3):
    """Raise AssertionError unless the second loss is `loss_at(1)`; say if another multiple fits."""
    slips = {
        -1: f"d{which} has the wrong sign: the step climbs",
        0: f"{which} does not move",
        1 / 2: f"d{which} is half of what it should be: the derivative of a square has a factor 2",
        1 / N: f"d{which} is averaged over the N examples, but the loss is a sum",
        1 / (2 * N): f"d{which} lacks the factor 2, and is averaged although the loss is a sum",
        1 / (N * D_out): f"d{which} is averaged over all entries of y, but the loss is a sum",
    }
    expect_list(losses, 2)
    for multiple, sentence in slips.items():
        if np.isclose(losses[1], loss_at(multiple), rtol=1e-9):
            raise AssertionError(f"after one step the loss is as if {sentence}")
    expect_close("the second loss", losses[1], loss_at(1), rtol=1e-10)


with checks("w2 descends: from w2 = 0 it is the only one that moves", points=1.5) as rng:
    x, y, w1, w2 = regression_problem(rng, N=5, D_in=4, H=3, D_out=3)
    w2[:] = 0
    h = 1 / (1 + np.exp(-x @ w1))
    losses = train_sigmoid_regression(*fresh((x, y, w1, w2)), steps=2, lr=0.01)
    expect_step("w2", losses, lambda s: np.sum((h @ (s * 0.02 * h.T @ y) - y) ** 2), N=5)
with checks("w1 descends: where the errors cancel in dw2, it is the only one that moves", points=1.5) as rng:
    x, w2, e = rng.normal(size=(6, 4)), rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    error = np.concatenate([e, -e])  # with w1 = 0 every h is 0.5, so that h^T error = 0
    prediction = np.full((6, 3), 0.5) @ w2
    dw1 = x.T @ (2 * error @ w2.T * 0.25)
    problem = x, prediction - error, np.zeros((4, 3)), w2
    losses = train_sigmoid_regression(*fresh(problem), steps=2, lr=0.1)

    def loss_at(multiple, x=x, y=prediction - error, w2=w2, dw1=dw1):
        return np.sum((1 / (1 + np.exp(multiple * 0.1 * x @ dw1)) @ w2 - y) ** 2)

    expect_step("w1", losses, loss_at, N=6)
with checks("both at once, over several steps, and with the default learning rate of 1e-4", points=1) as rng:
    for N, lr in ((5, {"lr": 0.02}), (1, {"lr": 0.05}), (6, {})):
        problem = regression_problem(rng, N=N, D_in=4, H=3, D_out=2)
        expected = small_nets.train_sigmoid_regression(*problem, steps=6, **lr)
        expect_losses(train_sigmoid_regression(*fresh(problem), steps=6, **lr), expected)
### END HIDDEN TESTS
checks.score()

# %% graded="01_train_sigmoid_regression-care" points=2
checks = Checks("4.1")
with checks("64 examples, sizes 1000, 100 and 10: the loss falls at each of the first 50 steps", points=1):
    losses = train_sigmoid_regression(*regression_problem(np.random.default_rng(0)), steps=51)
    expect_list(losses, 51)
    falls = np.diff(np.array(losses, dtype=float)) < 0
    assert falls.all(), f"the loss should fall at every step, but step {np.argmin(falls) + 1} raises it"
with checks("x, y and the weights of the caller are left unchanged", points=1):
    x, y, w1, w2 = regression_problem(np.random.default_rng(1), N=4, D_in=3, H=5, D_out=2)
    with expect_unchanged(x=x, y=y, w1=w1, w2=w2):
        train_sigmoid_regression(x, y, w1, w2, steps=3, lr=0.01)
    x, y, w1, w2 = np.array([[1.0]]), np.array([[3.0]]), np.array([[0.0]]), np.array([[2.0]])
    losses = np.ravel(np.array(train_sigmoid_regression(x, y, w1, w2, steps=2, lr=0.5), dtype=float))
    found = np.isclose(losses[:, np.newaxis], [4.0, 0.6510], atol=5e-5)
    assert found.any(), "the example above should show the loss of 4, or that of 0.6510 after a step"
checks.score()

# %% [markdown]
# ## Layers, in pairs
#
# From now on every layer is a pair of functions. The one, `..._forward`, returns its output together with
# a **cache**: whatever the other will need to know. The other, `..._backward`, takes the **upstream
# gradient** `dout`, which says how the final loss reacts to each entry of the output and has the output's
# shape, and the cache; it returns the gradients of the inputs. What you put into a cache is your own
# business, since nobody but you reads it.
#
# Here is the pattern, for the square. The gradient `dout` belongs to the caller, as does `x`: compute new
# arrays, and change neither in place.


# %%
# The worked example in code. This cell is yours to play with.
def square_forward(x):
    return x * x, x  # the output, and the cache


def square_backward(dout, cache):
    x = cache
    return 2 * x * dout  # local derivative times upstream gradient


check_vjp(square_forward, square_backward, np.array([[0.5, -1.0, 2.0], [3.0, 0.1, -0.7]]))

# %% [markdown]
# And this is how the report looks when something is wrong; here somebody forgot the upstream gradient.


# %%
def square_backward_with_a_slip(dout, cache):
    return 2 * cache


check_vjp(square_forward, square_backward_with_a_slip, np.array([[0.5, -1.0, 2.0], [3.0, 0.1, -0.7]]))

# %% [markdown]
# ## 4.2 The affine layer (10 points, ★★, 20 minutes)
#
# Every unit of a layer takes a weighted sum of all inputs and adds a bias. For a batch with one example
# per row that is a matrix product:
#
# $$\text{out} = x w + b, \qquad x: (N, D), \quad w: (D, M), \quad b: (M,) .$$
#
# Backwards you have `dout`, $(N, M)$, and owe three gradients, each in the shape of its variable. Two are
# products, and the shapes leave one way to write each. For the third, ask what happened to the bias on
# its way forward.
#
# Examples are not always vectors. A colour image comes as an array of shape $(3, 32, 32)$, and a batch of
# them as $(N, 3, 32, 32)$. The layer unrolls each example into a row of $D = 3 \cdot 32 \cdot 32$
# numbers, and hands back $\mathrm{d}x$ in the shape that $x$ had.
#
# <details><summary>Hint 1: where to look</summary>
#
# For each of $x$, $w$ and $b$: which entries of `out` does one entry of it reach? Its gradient is the sum
# of what comes back from those.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# With $N = D = M = 1$, $\text{out} = x w + b$: $\mathrm{d}x = w \cdot \text{dout}$,
# $\mathrm{d}w = x \cdot \text{dout}$, $\mathrm{d}b = \text{dout}$. With $N = 2$ examples, $w$ and $b$
# serve both, and what comes back from the two adds.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# $\mathrm{d}x = \text{dout}\; w^\top$, folded back into the shape of $x$;
# $\mathrm{d}w = x^\top\, \text{dout}$, with $x$ unrolled; $\mathrm{d}b$ sums `dout` over the examples.
#
# </details>


# %% answer="02_affine" formula="withheld"
def affine_forward(x, w, b):
    """Return (out, cache), where out = x w + b, of shape (N, M).

    x: (N, d1, ..., dk), floats or integers, unrolled to rows of D = d1 ... dk numbers; w: (D, M); b: (M,).
    """
    ### BEGIN SOLUTION
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w)
    ### END SOLUTION


def affine_backward(dout, cache):
    """Return (dx, dw, db), the gradients of the affine layer, each of the shape of its variable.

    dout: (N, M), the upstream gradient; cache: from affine_forward.
    """
    ### BEGIN SOLUTION
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db
    ### END SOLUTION


# %% setup="affine-fixture"
def affine_inputs(rng, N=5, shape=(4,), M=3, bias=1.0):
    """Return random x, w and b as a dict; the examples have the given shape, the biases the given size."""
    D = int(np.prod(shape))
    return {"x": rng.normal(size=(N, *shape)), "w": rng.normal(size=(D, M)), "b": bias * rng.normal(size=M)}


# %% readonly="02_self-check"
# Self-check
def check_your_affine():
    x, w, b = affine_inputs(np.random.default_rng(0), shape=(2, 3)).values()
    checks = Checks()
    with checks("out is x w + b, also for examples of more than one axis"):
        out, _ = two_of(affine_forward, fresh((x, w, b)), "out and cache")
        expect_close("out", out, np.tensordot(x, w.reshape(2, 3, -1), axes=2) + b)
    print(checks)
    return check_vjp(affine_forward, affine_backward, x, w, b)


check_your_affine()

# %% graded="02_affine-forward" points=3
checks = Checks("4.2")
with checks("x = [[1, 2]], w = [[1, 0, -1], [3, 1, 2]], b = [10, 20, 30]: out = [[17, 22, 33]]", points=1):
    w, b = np.array([[1.0, 0.0, -1.0], [3.0, 1.0, 2.0]]), np.array([10.0, 20.0, 30.0])
    out, _ = affine_forward(np.array([[1.0, 2.0]]), w, b)
    expect_close("out", out, np.array([[17.0, 22.0, 33.0]]))
### BEGIN HIDDEN TESTS
from course_lib.reference import layers

with checks("other inputs, N = 1, integers, views with gaps; arguments unchanged", points=1) as rng:
    wide = rng.normal(size=(8, 12))
    for x in (
        rng.normal(size=(5, 4)),
        rng.normal(size=(1, 4)),
        rng.integers(-9, 9, size=(6, 4)),
        wide[::2, ::3],
    ):
        w, b = wide[:3, :4].T, wide[4, ::4]
        expected = layers.affine_forward(x, w, b)[0]
        with expect_unchanged(x=x, w=w, b=b):
            out, _ = affine_forward(x, w, b)
        expect_close("out", out, expected, rtol=1e-11)
with checks("examples of more than one axis", points=1) as rng:
    for shape in ((2, 3), (3, 1, 4)):
        inputs = affine_inputs(rng, N=5, shape=shape, M=2)
        out, _ = affine_forward(*fresh(inputs.values()))
        expect_close(
            f"out for examples of shape {shape}", out, layers.affine_forward(**inputs)[0], rtol=1e-11
        )
### END HIDDEN TESTS
checks.score()

# %% graded="02_affine-backward" points=7
checks = Checks("4.2")
with checks("the same x and w, dout = [[1, -2, 3]]: dx = [[-2, 7]], dw = [[1, -2, 3], [2, -4, 6]]", points=1):
    w, b = np.array([[1.0, 0.0, -1.0], [3.0, 1.0, 2.0]]), np.array([10.0, 20.0, 30.0])
    _, cache = affine_forward(np.array([[1.0, 2.0]]), w, b)
    dx, dw, db = affine_backward(np.array([[1.0, -2.0, 3.0]]), cache)
    expect_close("dx", dx, np.array([[-2.0, 7.0]]))
    expect_close("dw", dw, np.array([[1.0, -2.0, 3.0], [2.0, -4.0, 6.0]]))
### BEGIN HIDDEN TESTS
from course_lib.reference import layers

pair = affine_forward, affine_backward
truth = layers.affine_forward, layers.affine_backward
with checks("dx, also for N = 1", points=1) as rng:
    for N, scale in ((5, 1), (1, 1), (6, 1e12)):
        inputs = affine_inputs(rng, N=N, bias=scale)
        expect_gradient("x", pair, truth, inputs, rng.normal(size=(N, 3)))
with checks("dx in the shape of x, where examples have more than one axis", points=1) as rng:
    for shape in ((2, 3), (3, 1, 4)):
        expect_gradient("x", pair, truth, affine_inputs(rng, shape=shape), rng.normal(size=(5, 3)))
with checks("dw, also for N = 1 and examples of more than one axis", points=1.5) as rng:
    for N, shape, scale in ((5, (4,), 1), (1, (4,), 1), (5, (2, 3), 1), (6, (4,), 1e12)):
        inputs = affine_inputs(rng, N=N, shape=shape, bias=scale)
        expect_gradient("w", pair, truth, inputs, rng.normal(size=(N, 3)))
with checks("db, also for N = 1", points=1.5) as rng:
    for N, scale in ((5, 1), (1, 1), (6, 1e12)):
        inputs = affine_inputs(rng, N=N, bias=scale)
        expect_gradient("b", pair, truth, inputs, rng.normal(size=(N, 3)))
with checks("views with gaps; x, w and dout are left unchanged", points=1) as rng:
    wide = rng.normal(size=(12, 10))
    x, w, b, dout = wide[::2, :4], wide[:4, ::3], wide[5, 6:], rng.normal(size=(6, 8))[:, ::2]
    expect_hands_off(pair, {"x": x, "w": w, "b": b}, dout)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 4.3 What stands between the layers (15 points, ★★, 45 minutes)
#
# Between two affine layers stands a non-linearity, applied to each entry by itself. (What happens without
# it, you will see in 4.8.) Many have been tried:
#
# | name | value | remarks |
# |---|---|---|
# | ReLU | $\max(0, x)$ | cheap; a unit that never gets above 0 stops learning |
# | leaky ReLU | $x$ if $x > 0$, else $0.1\,x$ | a small slope keeps such units alive |
# | PReLU | $x$ if $x > 0$, else $\alpha x$ | the slope is learned, like a weight |
# | ELU | $x$ if $x > 0$, else $e^x - 1$ | smooth, levels off at $-1$ |
# | sigmoid | $1 / (1 + e^{-x})$ | into $(0, 1)$; the slope dies at both ends |
# | tanh | $\tanh x$ | into $(-1, 1)$, centred at 0; the slope dies at both ends |
# | maxout | $\max(x w_1 + b_1,\; x w_2 + b_2)$ | learns its shape; has twice the parameters |
#
# Backwards, the upstream gradient is multiplied by the slope, entry by entry. The slopes are yours to
# derive; those of the sigmoid and of tanh can be written with their *values* alone, which is what their
# caches hold. At the kink of a ReLU, $x = 0$, either slope is accepted.
#
# **Careful at the ends.** $e^{1000}$ overflows to infinity, and $\infty / \infty$, $\infty - \infty$ and
# $0 \cdot \infty$ are not numbers. Values and gradients have to be finite and right for $x = \pm 10^4$
# too. (A warning of an overflow does no harm by itself.)
#
# First, the ReLU. Remember that `dout` and `x` belong to the caller.
#
# <details><summary>Hint 1: where to look</summary>
#
# Write each slope piece by piece. For the smooth ones, write down the exponential that is safe on each
# side, and let `np.where` choose only between finite numbers.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# $e^x - 1$ at $x = 10^4$: a mask computes $0 \cdot \infty$, which is not a number. Clip first: the
# exponential of $\min(x, 0)$ is never above 1. For the sigmoid at $x = -10^4$, multiply numerator and
# denominator by $e^{x}$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# Slopes: 1 or 0; 1 or the slope; 1 or $\alpha$; 1 or $e^{\min(x, 0)}$; $s (1 - s)$ with $s$ the sigmoid's
# value; $1 - t^2$ with $t$ the value of tanh. With the decay $e^{-|x|}$, the sigmoid is 1, or the decay,
# over one plus the decay.
#
# </details>


# %% setup="pointwise-fixtures"
def away_from_zero(rng, shape):
    """Return random numbers of both signs: ordinary ones, and some of 1e-7 and some of 1e6."""
    sizes = rng.choice([1.0, 1.0, 1.0, 1e-7, 1e6], size=shape)
    return rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.5, 1.5, size=shape) * sizes


def both_signs(rng, shape):
    """Return random numbers of ordinary size, the first two of different sign."""
    x = rng.normal(size=shape)
    x.flat[0], x.flat[1] = -0.7, 0.6
    return x


POINT = np.array([[-2.0, -0.5, 1.5], [3.0, -1.0, 0.25]])
SHAPES = ((7,), (1, 4), (5, 3), (2, 3, 4))


def expect_values(forward, truth, x, *others):
    """Raise AssertionError unless `forward(x, *others)` returns the value of `truth`, and leaves x alone."""
    expected = truth(x, *others)[0]
    with expect_unchanged(x=x):
        out, _ = two_of(forward, (x, *others), "out and cache")
    expect_close(f"out for x of shape {x.shape}", out, expected, rtol=1e-10)


# %% setup="pointwise-check"
def check_pointwise(forward, backward, value, *others, slopes=()):
    """Print whether values and ends are right, with each of `slopes` too; return a report on gradients."""
    checks = Checks()
    with checks("values, and nothing of the caller's changes"):
        x = POINT.copy()
        with expect_unchanged(x=x):
            out, cache = two_of(forward, (x, *others), "out and cache")
        expect_close("out", out, value(POINT, *others), rtol=1e-10)
        dout = np.array([[1.0, -2.0, 0.5], [3.0, 1.5, -1.0]])
        with expect_unchanged(x=x, dout=dout):
            backward(dout, cache)
    with checks("finite and right at 1e4 and -1e4"):
        ends = np.array([1e4, -1e4])
        out, cache = two_of(forward, (ends.copy(), *others), "out and cache")
        expect_close("out", out, value(ends, *others), rtol=1e-10)
        grads = backward(np.array([1.0, -2.0]), cache)
        dx = grads[0] if isinstance(grads, tuple | list) else grads
        rise = value(ends + 0.5, *others) - value(ends - 0.5, *others)
        expect_close("dx", dx, rise * np.array([1.0, -2.0]), rtol=1e-9)
    for slope in slopes:
        with checks(f"values and dx with a slope of {slope:g}"):
            out, cache = forward(POINT.copy(), slope)
            expect_close("out", out, value(POINT, slope), rtol=1e-10)
            grads = backward(np.ones_like(POINT), cache)
            dx = grads[0] if isinstance(grads, tuple | list) else grads
            expect_close("dx", dx, np.where(POINT > 0, 1, slope), rtol=1e-9)
    print(checks)
    return check_vjp(forward, backward, POINT, *others)


# %% answer="03_relu" formula="withheld"
def relu_forward(x):
    """Return (out, cache), where out = max(0, x). x: an array of floats of any shape, the shape of out."""
    ### BEGIN SOLUTION
    return np.maximum(x, 0), x
    ### END SOLUTION


def relu_backward(dout, cache):
    """Return dx, of the shape of x. dout: the upstream gradient; cache: from relu_forward."""
    ### BEGIN SOLUTION
    x = cache
    return dout * (x > 0)
    ### END SOLUTION


# %% readonly="03_relu-self-check"
check_pointwise(relu_forward, relu_backward, lambda x: np.maximum(x, 0))

# %% graded="03_relu-values" points=2.5
checks = Checks("4.3")
with checks("x = [1, -2, 3, -1], dout = [4, -1, 5, 9]: out = [1, 0, 3, 0], dx = [4, 0, 5, 0]", points=0.5):
    out, cache = relu_forward(np.array([1.0, -2.0, 3.0, -1.0]))
    expect_close("out", out, np.array([1.0, 0.0, 3.0, 0.0]))
    expect_close(
        "dx", only(relu_backward(np.array([4.0, -1.0, 5.0, 9.0]), cache)), np.array([4.0, 0.0, 5.0, 0.0])
    )
### BEGIN HIDDEN TESTS
from course_lib.reference import layers

pair, truth = (relu_forward, relu_backward), (layers.relu_forward, layers.relu_backward)
with checks("values at other inputs", points=0.5) as rng:
    for shape in SHAPES:
        expect_values(relu_forward, layers.relu_forward, away_from_zero(rng, shape))
with checks("gradients at other inputs", points=1) as rng:
    for shape, draw in zip(SHAPES, 2 * (both_signs, away_from_zero), strict=True):
        expect_gradient("x", pair, truth, {"x": draw(rng, shape)}, rng.normal(size=shape))
with checks("x and dout are left unchanged, views with gaps too", points=0.5) as rng:
    wide = rng.normal(size=(6, 8))
    with expect_unchanged(wide=wide):
        expect_hands_off(pair, {"x": wide[::2, ::2]}, wide[1::2, ::2])
### END HIDDEN TESTS
checks.score()


# %% answer="03_leaky_relu" formula="withheld"
def leaky_relu_forward(x, slope=0.1):
    """Return (out, cache): x where x > 0, and slope x elsewhere.

    x: an array of floats of any shape, the shape of out; slope: a number.
    """
    ### BEGIN SOLUTION
    return np.where(x > 0, x, slope * x), (x, slope)
    ### END SOLUTION


def leaky_relu_backward(dout, cache):
    """Return dx, of the shape of x. dout: the upstream gradient; cache: from leaky_relu_forward."""
    ### BEGIN SOLUTION
    x, slope = cache
    return dout * np.where(x > 0, 1, slope)
    ### END SOLUTION


# %% readonly="03_leaky_relu-self-check"
check_pointwise(
    leaky_relu_forward,
    leaky_relu_backward,
    lambda x, slope=0.1: np.where(x > 0, x, slope * x),
    slopes=(0.3,),
)

# %% graded="03_leaky_relu-values" points=2
checks = Checks("4.3")
with checks("x = [2, -3], dout = [-1, 5]: out = [2, -0.3], dx = [-1, 0.5]", points=0.5):
    out, cache = leaky_relu_forward(np.array([2.0, -3.0]))
    expect_close("out", out, np.array([2.0, -0.3]))
    expect_close("dx", only(leaky_relu_backward(np.array([-1.0, 5.0]), cache)), np.array([-1.0, 0.5]))
### BEGIN HIDDEN TESTS
from course_lib.reference import layers

pair = leaky_relu_forward, leaky_relu_backward
truth = layers.leaky_relu_forward, layers.leaky_relu_backward
with checks("values at other inputs, x left unchanged", points=0.5) as rng:
    for shape in SHAPES:
        expect_values(leaky_relu_forward, layers.leaky_relu_forward, away_from_zero(rng, shape))
    expect_values(leaky_relu_forward, layers.leaky_relu_forward, both_signs(rng, (3, 4)), 0.3)
with checks("gradients at other inputs", points=0.5) as rng:
    for shape, draw in zip(SHAPES, 2 * (both_signs, away_from_zero), strict=True):
        expect_gradient("x", pair, truth, {"x": draw(rng, shape)}, rng.normal(size=shape))
with checks("gradients with other slopes; x and dout left unchanged", points=0.5) as rng:
    for slope in (0.01, 0.3):
        x, dout = both_signs(rng, (4, 3)), rng.normal(size=(4, 3))
        expected = dout * np.where(x > 0, 1, slope)
        _, cache = leaky_relu_forward(x, slope)
        with expect_unchanged(x=x, dout=dout):
            dx = only(leaky_relu_backward(dout, cache))
        expect_close(f"dx for slope {slope}", dx, expected)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# PReLU has a second input, the slope $\alpha$, one number for all entries. It is copied to every entry
# with $x \le 0$, so its gradient collects something from each of them. What? It is a number, as
# $\alpha$ is.


# %% answer="03_prelu" formula="withheld"
def prelu_forward(x, alpha):
    """Return (out, cache): x where x > 0, and alpha x elsewhere.

    x: an array of floats of any shape, the shape of out; alpha: a number.
    """
    ### BEGIN SOLUTION
    return np.where(x > 0, x, alpha * x), (x, alpha)
    ### END SOLUTION


def prelu_backward(dout, cache):
    """Return (dx, dalpha): dx of the shape of x, dalpha a number.

    dout: the upstream gradient; cache: from prelu_forward.
    """
    ### BEGIN SOLUTION
    x, alpha = cache
    dx = np.where(x > 0, dout, alpha * dout)
    dalpha = np.sum(dout * np.minimum(x, 0))
    return dx, dalpha
    ### END SOLUTION


# %% readonly="03_prelu-self-check"
check_pointwise(
    prelu_forward,
    prelu_backward,
    lambda x, alpha: np.where(x > 0, x, alpha * x),
    0.25,
    slopes=(2.0, -0.5),
)

# %% graded="03_prelu-values" points=2.5
checks = Checks("4.3")
with checks("x = [2, -3, -1], alpha = 0.5, dout = [1, 2, -4]: dx = [1, 1, -2], dalpha = -2", points=0.5):
    out, cache = prelu_forward(np.array([2.0, -3.0, -1.0]), 0.5)
    dx, dalpha = prelu_backward(np.array([1.0, 2.0, -4.0]), cache)
    expect_close("out", out, np.array([2.0, -1.5, -0.5]))
    expect_close("dx", dx, np.array([1.0, 1.0, -2.0]))
    expect_close("dalpha", dalpha, -2.0)
### BEGIN HIDDEN TESTS
from course_lib.reference import layers

pair, truth = (prelu_forward, prelu_backward), (layers.prelu_forward, layers.prelu_backward)
with checks("values at other inputs, x left unchanged", points=0.5) as rng:
    for shape, alpha in zip(SHAPES, (0.25, -0.5, 0.01, 2.0), strict=True):
        expect_values(prelu_forward, layers.prelu_forward, away_from_zero(rng, shape), alpha)
with checks("dx at other inputs", points=0.5) as rng:
    draws = 2 * (both_signs, away_from_zero)
    for shape, alpha, draw in zip(SHAPES, (0.25, -0.5, 0.01, 2.0), draws, strict=True):
        inputs = {"x": draw(rng, shape), "alpha": alpha}
        expect_gradient("x", pair, truth, inputs, rng.normal(size=shape))
with checks("dalpha at other inputs", points=0.5) as rng:
    for shape, alpha, scale in zip(SHAPES, (0.25, -0.5, 0.01, 2.0), (1, 1e6, 1e6, 1), strict=True):
        inputs = {"x": scale * both_signs(rng, shape), "alpha": alpha}
        expect_gradient("alpha", pair, truth, inputs, rng.normal(size=shape))
with checks("x and dout are left unchanged", points=0.5) as rng:
    expect_hands_off(pair, {"x": both_signs(rng, (3, 4)), "alpha": 0.25}, rng.normal(size=(3, 4)))
### END HIDDEN TESTS
checks.score()


# %% answer="03_elu" formula="withheld"
def elu_forward(x):
    """Return (out, cache): x where x > 0, and exp(x) - 1 elsewhere, finite for x of any size.

    x: an array of floats of any shape, the shape of out.
    """
    ### BEGIN SOLUTION
    return np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1), x
    ### END SOLUTION


def elu_backward(dout, cache):
    """Return dx, of the shape of x. dout: the upstream gradient; cache: from elu_forward."""
    ### BEGIN SOLUTION
    x = cache
    return dout * np.exp(np.minimum(x, 0))
    ### END SOLUTION


# %% readonly="03_elu-self-check"
check_pointwise(elu_forward, elu_backward, lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))))

# %% graded="03_elu-values" points=2
checks = Checks("4.3")
with checks("x = [2, -log 2], dout = [-1, 6]: out = [2, -0.5], dx = [-1, 3]", points=0.5):
    out, cache = elu_forward(np.array([2.0, -np.log(2.0)]))
    expect_close("out", out, np.array([2.0, -0.5]))
    expect_close("dx", only(elu_backward(np.array([-1.0, 6.0]), cache)), np.array([-1.0, 3.0]))
### BEGIN HIDDEN TESTS
from course_lib.reference import layers

pair, truth = (elu_forward, elu_backward), (layers.elu_forward, layers.elu_backward)
with checks("values at other inputs, x left unchanged", points=0.5) as rng:
    for shape in SHAPES:
        expect_values(elu_forward, layers.elu_forward, both_signs(rng, shape))
with checks("gradients at other inputs, dout left unchanged", points=0.5) as rng:
    for shape in SHAPES:
        expect_gradient("x", pair, truth, {"x": both_signs(rng, shape)}, rng.normal(size=shape))
    expect_hands_off(pair, {"x": both_signs(rng, (3, 4))}, rng.normal(size=(3, 4)))
with checks("values and gradients at 1e4 and -1e4", points=0.5) as rng:
    x, dout = np.array([1e4, -1e4, 30.0, -30.0]), rng.normal(size=4)
    expect_values(elu_forward, layers.elu_forward, x)
    expect_gradient("x", pair, truth, {"x": x}, dout)
### END HIDDEN TESTS
checks.score()


# %% answer="03_sigmoid" formula="withheld"
def sigmoid_forward(x):
    """Return (out, cache), where out = 1 / (1 + exp(-x)), finite for x of any size.

    x: an array of floats of any shape, the shape of out.
    """
    ### BEGIN SOLUTION
    decay = np.exp(-np.abs(x))
    out = np.where(x >= 0, 1, decay) / (1 + decay)
    return out, out
    ### END SOLUTION


def sigmoid_backward(dout, cache):
    """Return dx, of the shape of x. dout: the upstream gradient; cache: from sigmoid_forward."""
    ### BEGIN SOLUTION
    out = cache
    return dout * out * (1 - out)
    ### END SOLUTION


# %% readonly="03_sigmoid-self-check"
check_pointwise(sigmoid_forward, sigmoid_backward, lambda x: np.exp(-np.logaddexp(0, -x)))

# %% graded="03_sigmoid-values" points=2
checks = Checks("4.3")
with checks("x = [0, log 3], dout = [8, -16]: out = [0.5, 0.75], dx = [2, -3]", points=0.5):
    out, cache = sigmoid_forward(np.array([0.0, np.log(3.0)]))
    expect_close("out", out, np.array([0.5, 0.75]))
    expect_close("dx", only(sigmoid_backward(np.array([8.0, -16.0]), cache)), np.array([2.0, -3.0]))
### BEGIN HIDDEN TESTS
from course_lib.reference import layers

pair, truth = (sigmoid_forward, sigmoid_backward), (layers.sigmoid_forward, layers.sigmoid_backward)
with checks("values at other inputs, x left unchanged", points=0.5) as rng:
    for shape in SHAPES:
        expect_values(sigmoid_forward, layers.sigmoid_forward, both_signs(rng, shape))
with checks("gradients at other inputs, dout left unchanged", points=0.5) as rng:
    for shape in SHAPES:
        expect_gradient("x", pair, truth, {"x": both_signs(rng, shape)}, rng.normal(size=shape))
    expect_hands_off(pair, {"x": both_signs(rng, (3, 4))}, rng.normal(size=(3, 4)))
with checks("values and gradients at 1e4 and -1e4", points=0.5) as rng:
    x, dout = np.array([1e4, -1e4, 30.0, -30.0]), rng.normal(size=4)
    expect_values(sigmoid_forward, layers.sigmoid_forward, x)
    expect_gradient("x", pair, truth, {"x": x}, dout)
### END HIDDEN TESTS
checks.score()


# %% answer="03_tanh" formula="withheld"
def tanh_forward(x):
    """Return (out, cache), where out = tanh(x), finite for x of any size.

    x: an array of floats of any shape, the shape of out.
    """
    ### BEGIN SOLUTION
    out = np.tanh(x)
    return out, out
    ### END SOLUTION


def tanh_backward(dout, cache):
    """Return dx, of the shape of x. dout: the upstream gradient; cache: from tanh_forward."""
    ### BEGIN SOLUTION
    out = cache
    return dout * (1 - out**2)
    ### END SOLUTION


# %% readonly="03_tanh-self-check"
check_pointwise(tanh_forward, tanh_backward, lambda x: np.tanh(x))

# %% graded="03_tanh-values" points=1.5
checks = Checks("4.3")
with checks("x = [0, log 2], dout = [-3, 25]: out = [0, 0.6], dx = [-3, 16]", points=0.5):
    out, cache = tanh_forward(np.array([0.0, np.log(2.0)]))
    expect_close("out", out, np.array([0.0, 0.6]))
    expect_close("dx", only(tanh_backward(np.array([-3.0, 25.0]), cache)), np.array([-3.0, 16.0]))
### BEGIN HIDDEN TESTS
from course_lib.reference import layers

pair, truth = (tanh_forward, tanh_backward), (layers.tanh_forward, layers.tanh_backward)
with checks("values and gradients at other inputs; x and dout left unchanged", points=0.5) as rng:
    for shape in SHAPES:
        expect_values(tanh_forward, layers.tanh_forward, both_signs(rng, shape))
        expect_gradient("x", pair, truth, {"x": both_signs(rng, shape)}, rng.normal(size=shape))
    expect_hands_off(pair, {"x": both_signs(rng, (3, 4))}, rng.normal(size=(3, 4)))
with checks("values and gradients at 1e4 and -1e4", points=0.5) as rng:
    x, dout = np.array([1e4, -1e4, 15.0, -15.0]), rng.uniform(0.5, 1.5, size=4)
    expect_values(tanh_forward, layers.tanh_forward, x)
    expect_gradient("x", pair, truth, {"x": x}, dout)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# Maxout is the odd one out: a layer and a non-linearity in one. It computes two affine maps, and keeps
# the larger value, entry by entry. Backwards, the upstream gradient of each entry goes to the map that
# won it; $x$ has fed both, so what comes back from the two adds up. Where both maps are equal, the shares
# of the two must still add up to the upstream gradient: handing all of it to *both* would count it twice.


# %% answer="03_maxout" formula="withheld"
def maxout_forward(x, w1, b1, w2, b2):
    """Return (out, cache), where out = max(x w1 + b1, x w2 + b2), entry by entry, of shape (N, M).

    x: (N, D), w1 and w2: (D, M), b1 and b2: (M,), arrays of floats.
    """
    ### BEGIN SOLUTION
    first, second = x @ w1 + b1, x @ w2 + b2
    return np.maximum(first, second), (x, w1, w2, first >= second)
    ### END SOLUTION


def maxout_backward(dout, cache):
    """Return (dx, dw1, db1, dw2, db2), each of the shape of its variable.

    dout: (N, M), the upstream gradient; cache: from maxout_forward.
    """
    ### BEGIN SOLUTION
    x, w1, w2, first_wins = cache
    d1, d2 = dout * first_wins, dout * ~first_wins
    dx = d1 @ w1.T + d2 @ w2.T
    return dx, x.T @ d1, d1.sum(axis=0), x.T @ d2, d2.sum(axis=0)
    ### END SOLUTION


# %% setup="maxout-fixture"
def maxout_inputs(rng, N=5, D=4, M=3):
    """Return random x, w1, b1, w2 and b2 as a dict."""
    shapes = {"x": (N, D), "w1": (D, M), "b1": (M,), "w2": (D, M), "b2": (M,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


# %% readonly="03_maxout-self-check"
def check_your_maxout():
    inputs = maxout_inputs(np.random.default_rng(0))
    x, w1, b1, w2, b2 = inputs.values()
    checks = Checks()
    with checks("out is the larger of the two maps, entry by entry"):
        out, _ = two_of(maxout_forward, fresh(inputs.values()), "out and cache")
        expect_close("out", out, np.maximum(x @ w1 + b1, x @ w2 + b2))
    with checks("a tie is counted once; the arguments are left unchanged"):
        dout = np.random.default_rng(1).normal(size=(5, 3))
        with expect_unchanged(dout=dout, **inputs):
            _, cache = maxout_forward(*inputs.values())
            maxout_backward(dout, cache)
        _, cache = maxout_forward(x, w1, b1, w1.copy(), b1.copy())
        grads = maxout_backward(dout, cache)
        expect_close(
            "with two equal maps, db1 and db2 together", np.sum(grads[2]) + np.sum(grads[4]), np.sum(dout)
        )
    print(checks)
    return check_vjp(maxout_forward, maxout_backward, *inputs.values())


check_your_maxout()

# %% graded="03_maxout-values" points=2.5
checks = Checks("4.3")
with checks("|x| is max(x, -x): at x = [[3], [-2]], dout = [[5], [7]]: dx = [[5], [-7]]", points=0.5):
    one, zero = np.array([[1.0]]), np.zeros(1)
    out, cache = maxout_forward(np.array([[3.0], [-2.0]]), one, zero, -one, zero)
    dx = maxout_backward(np.array([[5.0], [7.0]]), cache)[0]
    expect_close("out", out, np.array([[3.0], [2.0]]))
    expect_close("dx", dx, np.array([[5.0], [-7.0]]))
### BEGIN HIDDEN TESTS
from course_lib.reference import layers

pair, truth = (maxout_forward, maxout_backward), (layers.maxout_forward, layers.maxout_backward)
with checks("values at other inputs, and for N = 1", points=0.5) as rng:
    for N in (5, 1):
        inputs = maxout_inputs(rng, N=N)
        out, _ = maxout_forward(*fresh(inputs.values()))
        expect_close(f"out for N = {N}", out, layers.maxout_forward(**inputs)[0], rtol=1e-10)
with checks("dx at other inputs, and for N = 1", points=0.5) as rng:
    for N in (20, 1):
        expect_gradient("x", pair, truth, maxout_inputs(rng, N=N), rng.normal(size=(N, 3)))
with checks("the gradients of both maps, and for N = 1", points=0.5) as rng:
    for N in (20, 1):
        expect_gradient("w1 b1 w2 b2", pair, truth, maxout_inputs(rng, N=N), rng.normal(size=(N, 3)))
with checks("a tie is counted once; the arguments are left unchanged", points=0.5) as rng:
    inputs, dout = maxout_inputs(rng), rng.normal(size=(5, 3))
    with expect_unchanged(dout=dout, **inputs):
        _, cache = maxout_forward(**inputs)
        maxout_backward(dout, cache)
    inputs["w2"], inputs["b2"], total = inputs["w1"].copy(), inputs["b1"].copy(), np.sum(dout)
    _, cache = maxout_forward(**inputs)
    _, _, db1, _, db2 = maxout_backward(dout.copy(), cache)
    both = np.sum(db1) + np.sum(db2)
    expect_close("with two equal maps, db1 and db2 together", both, total, rtol=1e-10)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# Here they are, all but PReLU, which looks like the leaky ReLU: your own functions (solid) and the slopes
# that come out of your backward functions (dashed). Where a dashed curve lies at 0, nothing gets through,
# and what is in front of it learns nothing.


# %% readonly="figure-activations"
@once_written
def draw_your_activations():
    def maxout_pair():
        w1, w2, zero = np.array([[1.0]]), np.array([[-0.5]]), np.zeros(1)

        def forward(x):
            out, cache = maxout_forward(x[:, np.newaxis], w1, zero, w2, zero)
            return out[:, 0], cache

        return forward, lambda dout, cache: maxout_backward(dout[:, np.newaxis], cache)[0][:, 0]

    pairs = {
        "ReLU": (relu_forward, relu_backward),
        "leaky ReLU": (leaky_relu_forward, leaky_relu_backward),
        "ELU": (elu_forward, elu_backward),
        "sigmoid": (sigmoid_forward, sigmoid_backward),
        "tanh": (tanh_forward, tanh_backward),
        "maxout of x and -x/2": maxout_pair(),
    }
    return viz.draw_activations(pairs)


draw_your_activations()

# %% [markdown]
# ## 4.4 Two losses (15 points, ★★★, 45 minutes)
#
# At the end of a classifier stands a row of scores $x_n$ for each example $n$, one score per class, and
# the number $y_n$ of the true class. A loss says how bad the scores are. Both of these are means over the
# $N$ examples.
#
# **The multiclass SVM loss** wants the true class's score to beat every other one by a margin of 1. What
# is missing to the margin, it adds up:
#
# $$L = \frac{1}{N} \sum_n \sum_{j \ne y_n} \max(0,\; x_{nj} - x_{n y_n} + 1) .$$
#
# With the scores $(3, 5, 2.5, 1)$ and true class 0, the margins of the others are $5 - 3 + 1 = 3$,
# $2.5 - 3 + 1 = 0.5$ and $1 - 3 + 1 = -1$, so the loss is $3 + 0.5 = 3.5$. Which scores, moved a little,
# would change it, and which way? Take care with the true class: it stands in every margin.
#
# **The softmax loss** makes probabilities of the scores and takes the logarithm of the true class's,
#
# $$p_{nj} = \frac{e^{x_{nj}}}{\sum_k e^{x_{nk}}}, \qquad L = -\frac{1}{N} \sum_n \log p_{n y_n} .$$
#
# With the scores $(0, \log 2, \log 5)$ and true class 1, the probabilities are $(1, 2, 5) / 8$ and the
# loss is $\log 4$. Its gradient is short, once you write the logarithm of the quotient as a difference
# and differentiate that. The entries of each row add up to 0: why must they?
#
# <details><summary>Hint 1: where to look</summary>
#
# Take one example. For the SVM loss, count the margins above 0 in which a score stands, with its sign.
# For the softmax loss, differentiate $-x_y + \log \sum_k e^{x_k}$. The mean over $N$ comes last, once.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# SVM, scores $(3, 5, 2.5, 1)$, true class 0: two margins are above 0. Their own scores get 1 each, and
# the true class gets $-2$. Softmax, two equal scores: raising the true one by a little lowers the loss by
# half as much.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# SVM: a mask of ones where a margin is above 0; the true class's entry is minus the sum of its row.
# Softmax: the probabilities, less 1 at the true class. Both divided by $N$.
#
# </details>

# %% [markdown]
# **Predict, then run.** Ten classes, and a network that gives all of them the same score, whatever it sees.
# What is its SVM loss?

# %%
prediction = None  # your number: the SVM loss of ten equal scores

# %% readonly="predict-equal-scores"
compare_prediction(
    prediction,
    9.0,
    "Each of the nine other scores lacks the whole margin of 1. A first loss far from 9 tells of a slip.",
)

# %% [markdown]
# The figure shows one example with two classes as its true score grows: the SVM loss is content once the
# margin is there, the softmax loss never quite.

# %% readonly="figure-losses"
gap = np.linspace(-3, 4, 200)
figure, axes = viz.new_figure(width=6.0, height=3.0)
axes[0, 0].plot(gap, np.maximum(0, 1 - gap), color="#0072b2", linewidth=2, label="SVM loss")
axes[0, 0].plot(gap, np.log1p(np.exp(-gap)), "--", color="#d55e00", linewidth=2, label="softmax loss")
axes[0, 0].set(xlabel="true score minus the other score", ylabel="loss", title="Two losses for two classes")
axes[0, 0].legend(frameon=False)
viz.Picture(
    figure,
    "Both losses fall as the true score grows: the SVM loss in a straight line to 0 at a lead of 1, where it "
    "stays; the softmax loss in a smooth curve that comes close to 0 and never reaches it.",
)


# %% answer="04_svm_loss" formula="withheld"
def svm_loss(x, y):
    """Return (loss, dx): the mean multiclass SVM loss with margin 1, and its gradient.

    x: (N, C), floats, the scores; y: (N,), integers, the true class of each row, 0 <= y < C.
    loss is a number, dx is (N, C). x is left unchanged.
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(x))
    margins = np.maximum(0, x - x[rows, y][:, np.newaxis] + 1)
    margins[rows, y] = 0
    loss = margins.sum() / len(x)

    dx = np.where(margins > 0, 1.0, 0.0)
    dx[rows, y] = -dx.sum(axis=1)
    return loss, dx / len(x)
    ### END SOLUTION


# %% setup="score-fixtures"
def a_batch(rng, N=5, C=4, scale=2.0):
    """Return random scores (N, C) and labels (N,); for N > 1 two rows are of different classes."""
    y = rng.integers(C, size=N)
    y[0] = (y[-1] + 1) % C
    return scale * rng.normal(size=(N, C)), y


BATCHES = ({"N": 5, "C": 4}, {"N": 7, "C": 3}, {"N": 1, "C": 5}, {"N": 4, "C": 12}, {"N": 6, "C": 2})


# %% setup="loss-check"
# what the SVM loss of the example is by a slip
SVM_LOSSES = {
    "the true class's own margin of 1 is counted in, or true and other class have changed places": 4.5,
    "the margin of 1 is missing": 2.0,
}


def check_loss(loss, name, examples, slips=()):
    """Print whether `loss` has the right values; return the report on its gradient.

    `examples` holds for each a sentence, scores, labels, the right value, and perhaps the gradient; `slips`
    is for the first of them, as in `expect_named`.
    """
    checks = Checks()
    for number, (sentence, x, y, value, *known) in enumerate(examples):
        with checks(sentence):
            x, y = np.array(x, dtype=float), np.array(y)
            with expect_unchanged(x=x, y=y):
                yours, dx = two_of(loss, (x, y), "the loss and dx")
            expect_named("loss", yours, value, {} if number else dict(slips), rtol=1e-12)
            if np.shape(dx) != x.shape or not np.all(np.isfinite(dx)):
                raise AssertionError(f"dx should be finite and of shape {x.shape}")
            for right in known:
                expect_close("dx", dx, np.array(right))
            row_sums = np.sum(dx, axis=1)
            expect_close("the sum of each row of dx", row_sums, np.zeros(len(x)), atol=1e-9)
    print(checks)
    return compare_slope(check_gradient, name, loss, loss, *a_batch(np.random.default_rng(0)))


# %% readonly="04_svm_loss-self-check"
check_loss(
    svm_loss,
    "x",
    [
        ("the example: 3.5", [[3, 5, 2.5, 1]], [0], 3.5, [[-2.0, 1.0, 1.0, 0.0]]),
        ("two examples: the mean of 3.5 and 2.5", [[3, 5, 2.5, 1], [1, 1.5, 0, 1]], [0, 3], 3.0),
        ("leads of 2 and of 3, more than the margin of 1: content, and 0", [[2, 0], [0, 3]], [0, 1], 0.0),
    ],
    SVM_LOSSES,
)


# %% graded="04_svm_loss-loss" points=2.5
checks = Checks("4.4")
with checks("the example: the loss is 3.5", points=0.5):
    loss, _ = svm_loss(np.array([[3.0, 5.0, 2.5, 1.0]]), np.array([0]))
    expect_named("loss", loss, 3.5, SVM_LOSSES)
### BEGIN HIDDEN TESTS
from course_lib.reference import losses as true_losses

with checks("other scores and numbers of classes, and for N = 1", points=1.5) as rng:
    for sizes in BATCHES:
        x, y = a_batch(rng, **sizes)
        expected = true_losses.svm_loss(x, y)[0]
        slips = {"it should be the mean over the N examples, not their sum": len(x) * expected}
        expect_named(f"loss for {sizes}", svm_loss(x.copy(), y.copy())[0], expected, slips)
with checks("scores of 1e4", points=0.5) as rng:
    x, y = a_batch(rng, scale=1e4)
    expect_close("loss", svm_loss(x.copy(), y.copy())[0], true_losses.svm_loss(x, y)[0])
### END HIDDEN TESTS
checks.score()

# %% graded="04_svm_loss-gradient" points=4.5
checks = Checks("4.4")
with checks("the example: dx = [[-2, 1, 1, 0]]", points=0.5):
    _, dx = svm_loss(np.array([[3.0, 5.0, 2.5, 1.0]]), np.array([0]))
    slips = {
        "the true class's own entry is missing": np.array([[0.0, 1.0, 1.0, 0.0]]),
        "the true class collects -1 from each margin above 0, not once": np.array([[-1.0, 1.0, 1.0, 0.0]]),
    }
    expect_named("dx", dx, np.array([[-2.0, 1.0, 1.0, 0.0]]), slips)
### BEGIN HIDDEN TESTS
from course_lib.reference import losses as true_losses

with checks("the other classes of each row, on the average over N examples", points=1) as rng:
    for sizes in BATCHES:
        x, y = a_batch(rng, **sizes)
        others = np.arange(x.shape[1]) != y[:, np.newaxis]
        expected = true_losses.svm_loss(x, y)[1]
        dx = svm_loss(x.copy(), y.copy())[1]
        expect_shape("dx", dx, x.shape)
        expect_close("dx, where j is not the true class,", np.asarray(dx)[others], expected[others])
with checks("all of it, at other scores, and for N = 1", points=2) as rng:
    for sizes in BATCHES:
        x, y = a_batch(rng, **sizes)
        expect_slope("x", svm_loss, true_losses.svm_loss, x, y)
        expect_slope("x", svm_loss, true_losses.svm_loss, 1e4 * x, y)
with checks("x and y are left unchanged, views with gaps too", points=1) as rng:
    x, y = 2 * rng.normal(size=(40, 9))[::2, ::3], rng.integers(3, size=40)[::2]
    with expect_unchanged(x=x, y=y):
        _, dx = svm_loss(x, y)
    expect_work("dx", dx, x, y)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# Now softmax, with the same care at the ends as before. Adding the same number to all scores of a row
# changes no probability, so subtract from each row its largest score (`keepdims=True` keeps it a column):
# no exponential is above 1 then. And take the logarithm of the *quotient* on paper, not in the computer,
#
# $$\log p_{nj} = \tilde x_{nj} - \log \sum_k e^{\tilde x_{nk}}, \qquad
# \tilde x_{nj} = x_{nj} - \max_k x_{nk},$$
#
# because a probability can be rounded to 0, and the logarithm of 0 is infinite. Adding a tiny number
# inside the logarithm avoids the infinity, and gives a wrong loss instead.


# %% answer="04_softmax_loss" formula="withheld"
def softmax_loss(x, y):
    """Return (loss, dx): the mean softmax loss and its gradient, right and finite for scores of any size.

    x: (N, C), floats, the scores; y: (N,), integers, the true class of each row, 0 <= y < C.
    loss is a number, dx is (N, C). x is left unchanged.
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, y].mean()

    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return loss, dx / len(x)
    ### END SOLUTION


# %% readonly="04_softmax_loss-self-check"
check_loss(
    softmax_loss,
    "x",
    [
        ("the example: log 4", np.log([[1.0, 2.0, 5.0]]), [1], np.log(4), [[0.125, -0.75, 0.625]]),
        (
            "(1e4, 0) and (-1e4, 0), true class 0: 5000",
            [[1e4, 0], [-1e4, 0]],
            [0, 0],
            5000.0,
            [[0.0, 0.0], [-0.5, 0.5]],
        ),
        ("an unlikely true class, to the last digit", [[0, 30], [1, 1]], [0, 0], 15 + np.log(2) / 2),
    ],
)

# %% graded="04_softmax_loss-loss" points=3.5
checks = Checks("4.4")
with checks("the example: the loss is log 4 = 1.3863", points=0.5):
    loss, _ = softmax_loss(np.log([[1.0, 2.0, 5.0]]), np.array([1]))
    expect_close("loss", loss, np.log(4.0), rtol=1e-6)
with checks("scores (1e4, 0) and (-1e4, 0), true class 0: the loss is 5000", points=1):
    loss, _ = softmax_loss(np.array([[1e4, 0.0], [-1e4, 0.0]]), np.array([0, 0]))
    expect_close("loss", loss, 5000.0)
### BEGIN HIDDEN TESTS
from course_lib.reference import losses as true_losses

with checks("other scores and numbers of classes, and for N = 1", points=1) as rng:
    for sizes in BATCHES:
        x, y = a_batch(rng, **sizes, scale=1.0)
        expected = true_losses.softmax_loss(x, y)[0]
        slips = {"it should be the mean over the N examples, not their sum": len(x) * expected}
        expect_named(f"loss for {sizes}", softmax_loss(x.copy(), y.copy())[0], expected, slips, rtol=1e-4)
with checks("to the last digit, for a true class that is unlikely too", points=1) as rng:
    for handicap in (30.0, 0.0):
        x, y = a_batch(rng, N=9, C=4)
        x[np.arange(9), y] -= handicap
        expected = true_losses.softmax_loss(x, y)[0]
        p = np.exp(x - np.logaddexp.reduce(x, axis=1, keepdims=True))[np.arange(9), y]
        slips = {}
        for tiny in (*0.1 ** np.arange(5, 17), np.finfo(float).eps):
            slips[f"about {tiny:.0e} is added inside the logarithm"] = -np.mean(np.log(p + tiny))
            slips[f"a probability below {tiny:.0e} is raised to that"] = -np.mean(np.log(np.maximum(p, tiny)))
        told = {sentence: loss for sentence, loss in slips.items() if abs(loss - expected) > 1e-6}
        sums = np.exp(x - x.max(axis=1, keepdims=True)).sum(axis=1)
        for tiny in 0.1 ** np.arange(5, 9):
            more = np.mean(np.log1p(tiny / sums))
            told[f"about {tiny:.0e} is added to the sum of the exponentials"] = expected + more
        expect_named("loss", softmax_loss(x.copy(), y.copy())[0], expected, told, rtol=1e-12)
### END HIDDEN TESTS
checks.score()

# %% graded="04_softmax_loss-gradient" points=4.5
checks = Checks("4.4")
with checks("the example: dx = [[0.125, -0.75, 0.625]]", points=0.5):
    _, dx = softmax_loss(np.log([[1.0, 2.0, 5.0]]), np.array([1]))
    expect_close("dx", dx, np.array([[0.125, -0.75, 0.625]]))
with checks("scores (1e4, 0) and (-1e4, 0), true class 0: dx = [[0, 0], [-0.5, 0.5]]", points=1):
    _, dx = softmax_loss(np.array([[1e4, 0.0], [-1e4, 0.0]]), np.array([0, 0]))
    expect_close("dx", dx, np.array([[0.0, 0.0], [-0.5, 0.5]]))
### BEGIN HIDDEN TESTS
from course_lib.reference import losses as true_losses

with checks("other scores and numbers of classes, and for N = 1", points=2) as rng:
    for sizes in BATCHES:
        x, y = a_batch(rng, **sizes)
        expect_slope("x", softmax_loss, true_losses.softmax_loss, x, y)
with checks("x and y are left unchanged, views with gaps too", points=1) as rng:
    x, y = rng.normal(size=(10, 9))[::2, ::3], rng.integers(3, size=10)[::2]
    with expect_unchanged(x=x, y=y):
        _, dx = softmax_loss(x, y)
    expect_work("dx", dx, x, y)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 4.5 Regularization (5 points, ★, 10 minutes)
#
# Of two networks that explain the data equally well, prefer the one with the smaller weights: it is
# smoother, and does better on data that it has not seen. So a penalty on the weights joins the loss:
#
# $$\text{L2:}\quad \lambda \sum W^2 \qquad\qquad \text{L1:}\quad \lambda \sum |W| \qquad\qquad
# \text{elastic net:}\quad \lambda \sum |W| + \beta \sum W^2 .$$
#
# The sums go over all entries. L2 pulls large weights hardest, L1 pulls all alike and leaves many at
# exactly 0, the elastic net does a little of both. **In this course L2 has no factor** $\frac12$, here
# and in 4.6: many texts write the half, and then both value and gradient are other numbers than the ones
# asked for. At 0, where $|W|$ has a kink, any slope of L1 from $-\lambda$ to $\lambda$ is accepted.
#
# <details><summary>Hint 1: where to look</summary>
#
# One entry at a time: the penalty is a sum, and each entry stands in one term.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# $\lambda W^2$ at $W = 3$, $\lambda = 0.1$: moved to 3.01 it grows from 0.9 to 0.90601, by 0.6 for each
# unit. And $\lambda |W|$ at $W = -2$ shrinks by 0.1 for each unit that $W$ grows.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# L2: $2 \lambda W$. L1: $\lambda$ times the sign of $W$. The elastic net: the sum of the two, with
# $\beta$ in the part of L2.
#
# </details>


# %% answer="05_l2" formula="withheld"
def l2(W, lam):
    """Return (value, dW): lam * sum of W^2, a number, and its gradient, of the shape of W.

    W: an array of floats of any shape, left unchanged; lam: a number.
    """
    ### BEGIN SOLUTION
    return lam * np.sum(W**2), 2 * lam * W
    ### END SOLUTION


# %% answer="05_l1" formula="withheld"
def l1(W, lam):
    """Return (value, dW): lam * sum of |W|, a number, and its gradient, of the shape of W.

    W: an array of floats of any shape, left unchanged; lam: a number.
    """
    ### BEGIN SOLUTION
    return lam * np.sum(np.abs(W)), lam * np.sign(W)
    ### END SOLUTION


# %% answer="05_elastic" formula="withheld"
def elastic(W, lam, beta):
    """Return (value, dW): lam * sum of |W| + beta * sum of W^2, a number, and its gradient.

    W: an array of floats of any shape, left unchanged; lam, beta: numbers. dW has the shape of W.
    """
    ### BEGIN SOLUTION
    return beta * np.sum(W**2) + lam * np.sum(np.abs(W)), 2 * beta * W + lam * np.sign(W)
    ### END SOLUTION


# %% setup="penalty-check"
def check_penalty(penalty, W, value, *strengths):
    """Print whether `penalty` has this value and leaves W alone; return the report on its gradient."""
    checks = Checks()
    with checks("the value is a number, the right one, and W is left unchanged"):
        with expect_unchanged(W=W):
            yours, _ = penalty(W, *strengths)
        expect_close("value", yours, value)
    with checks("where an entry of W is 0: dW is finite, and there between -lam and lam"):
        slopes = np.asarray(penalty(np.where(W[0, 0] == W, 0.0, W), *strengths)[1])
        if slopes.shape != W.shape or not np.all(np.isfinite(slopes)):
            raise AssertionError(f"dW should be finite and of shape {W.shape}, yours is {slopes}")
        if abs(slopes[0, 0]) > strengths[0]:
            raise AssertionError(f"dW at 0 is {slopes[0, 0]:.3g}, and lam is {strengths[0]}")
    print(checks)
    return compare_slope(check_gradient, "W", penalty, penalty, W, *strengths)


# %% readonly="05_l2-self-check"
check_penalty(l2, np.array([[1.0, -2.0, 0.5], [3.0, -0.25, 4.0]]), 3.03125, 0.1)

# %% readonly="05_l1-self-check"
check_penalty(l1, np.array([[1.0, -2.0, 0.5], [3.0, -0.25, 4.0]]), 1.075, 0.1)

# %% readonly="05_elastic-self-check"
check_penalty(elastic, np.array([[1.0, -2.0], [3.0, -0.25]]), 10.46875, 0.1, 0.7)

# %% graded="05_l2-values" points=1.5
checks = Checks("4.5")
with checks("W = [[1, -2], [3, 0.5]], lam = 0.1: the value is 1.425", points=0.5):
    expect_close("value", l2(np.array([[1.0, -2.0], [3.0, 0.5]]), 0.1)[0], 1.425)
### BEGIN HIDDEN TESTS
from course_lib.reference import regularizers

with checks("values elsewhere; W is left unchanged", points=0.25) as rng:
    for shape in ((5,), (3, 4), (2, 1, 3)):
        W = rng.normal(size=shape)
        with expect_unchanged(W=W):
            value, _ = l2(W, 0.7)
        expect_close("value", value, regularizers.l2(W, 0.7)[0])
with checks("gradients elsewhere", points=0.75) as rng:
    for shape in ((5,), (3, 4), (2, 1, 3)):
        expect_slope("W", l2, regularizers.l2, rng.normal(size=shape), 0.7)
### END HIDDEN TESTS
checks.score()

# %% graded="05_l1-values" points=1.5
checks = Checks("4.5")
with checks("W = [[1, -2], [3, 0.5]], lam = 0.1: the value is 0.65", points=0.5):
    expect_close("value", l1(np.array([[1.0, -2.0], [3.0, 0.5]]), 0.1)[0], 0.65)
### BEGIN HIDDEN TESTS
from course_lib.reference import regularizers

with checks("values elsewhere; W is left unchanged", points=0.25) as rng:
    for shape in ((5,), (3, 4), (2, 1, 3)):
        W = rng.normal(size=shape)
        with expect_unchanged(W=W):
            value, _ = l1(W, 0.7)
        expect_close("value", value, regularizers.l1(W, 0.7)[0])
with checks("gradients elsewhere, and where an entry is 0", points=0.75) as rng:
    for shape in ((5,), (3, 4), (2, 1, 3)):
        expect_slope("W", l1, regularizers.l1, both_signs(rng, shape), 0.7)
    slope = l1(np.array([0.0, 1.5, -2.0]), 0.7)[1][0]
    assert -0.7 <= slope <= 0.7, f"at 0, dW should lie between -lam and lam, yours is {slope / 0.7:.3g} lam"
### END HIDDEN TESTS
checks.score()

# %% graded="05_elastic-values" points=2
checks = Checks("4.5")
with checks("W = [[1, -2], [3, 0.5]], lam = 0.1, beta = 0.2: the value is 3.5", points=0.5):
    expect_close("value", elastic(np.array([[1.0, -2.0], [3.0, 0.5]]), 0.1, 0.2)[0], 3.5)
### BEGIN HIDDEN TESTS
from course_lib.reference import regularizers

with checks("values elsewhere; W is left unchanged", points=0.5) as rng:
    for shape in ((5,), (3, 4), (2, 1, 3)):
        W = rng.normal(size=shape)
        with expect_unchanged(W=W):
            value, _ = elastic(W, 0.7, 0.3)
        expect_close("value", value, regularizers.elastic(W, 0.7, 0.3)[0])
with checks("gradients elsewhere, and where an entry is 0", points=1) as rng:
    for shape in ((5,), (3, 4), (2, 1, 3)):
        expect_slope("W", elastic, regularizers.elastic, both_signs(rng, shape), 0.7, 0.3)
    slope = elastic(np.array([0.0, 1.5, -2.0]), 0.7, 0.3)[1][0]
    assert -0.7 <= slope <= 0.7, f"at 0, dW should lie between -lam and lam, yours is {slope / 0.7:.3g} lam"
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 4.6 The network (20 points, ★★★, 60 minutes)
#
# Affine, ReLU, affine, softmax loss, and L2 on both weight matrices (not on the biases):
#
# $$h = \max(0, X W_1 + b_1), \qquad s = h W_2 + b_2, \qquad
# L = L_{\text{softmax}}(s, y) + \text{reg} \cdot \Big( \sum W_1^2 + \sum W_2^2 \Big) .$$

# %% readonly="figure-network"
viz.draw_graph(
    [
        ("X", "", (), "(N, D)"),
        ("W1", "", (), "(D, H)"),
        ("b1", "", (), "(H,)"),
        ("W2", "", (), "(H, C)"),
        ("b2", "", (), "(C,)"),
        ("a", "affine", ("X", "W1", "b1"), "(N, H)"),
        ("h", "ReLU", ("a",), "(N, H)"),
        ("s", "affine", ("h", "W2", "b2"), "(N, C)"),
        ("D", "softmax loss", ("s",), "number"),
        ("R", "L2", ("W1", "W2"), "number"),
        ("L", "+", ("D", "R"), "number"),
    ],
    title="The network, its loss, and the shapes",
)

# %% [markdown]
# $W_1$ and $W_2$ are used twice, once in the scores and once in the penalty: their gradients add.
#
# The network is a class. Its parameters live in the dict `params`, under the names `W1`, `b1`, `W2` and
# `b2`; whoever uses the class may read the dict, and may replace it by another with the same keys. The
# weights begin as small random numbers (`std * rng.normal(...)` with `rng = np.random.default_rng()`), the
# biases at 0.
#
# `loss` serves two purposes, as you can see in the docstring. Let the class stand on its own NumPy lines:
# they are few, and a slip in an earlier exercise then stays there. You may call your functions of 4.2 to
# 4.5 instead, once their self-checks pass.
#
# The last method, `train`, is the subject of 4.7. Leave it as it is for now, come back to this cell when
# you get there, and run the cell again.
#
# <details><summary>Hint 1: where to look</summary>
#
# Forward: two affine layers with a ReLU between. Keep what the way back needs. Backwards in reverse
# order: scores, second layer, ReLU, first layer; the penalties join at the two weight matrices.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# $D = 1$, $H = 2$, $C = 2$, as in the graded cells: $X = [[2]]$ with $W_1 = [[1, -1]]$ gives
# $h = (2, 0)$; the second unit sleeps, so nothing comes back through it.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# The gradient of the scores is that of 4.4. Through an affine layer it goes as in 4.2, through the ReLU
# as in 4.3, with the mask taken from $h$. To each of $W_1$ and $W_2$ add twice `reg` times the matrix
# itself. `predict` takes the position of the largest score along axis 1.
#
# </details>


# %% answer="06_TwoLayerNet" formula="withheld"
class TwoLayerNet:
    """A classifier: affine, ReLU, affine, softmax.

    params: a dict of float arrays, W1 (D, H), b1 (H,), W2 (H, C) and b2 (C,), where D, H and C are
    input_size, hidden_size and output_size.
    """

    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        """Draw the weights from a normal distribution with standard deviation std; the biases are 0."""
        ### BEGIN SOLUTION
        rng = np.random.default_rng(0)
        self.params = {
            "W1": std * rng.normal(size=(input_size, hidden_size)),
            "b1": np.zeros(hidden_size),
            "W2": std * rng.normal(size=(hidden_size, output_size)),
            "b2": np.zeros(output_size),
        }
        self.rng = rng
        ### END SOLUTION

    def loss(self, X, y=None, reg=0.0):
        """Return the scores, (N, C), if y is None; otherwise (loss, grads).

        X: (N, D), floats or integers; y: (N,), integers, 0 <= y < C; reg: the strength of L2.
        loss is a number; grads is a dict with the keys and shapes of params. X, y and params are unchanged.
        """
        ### BEGIN SOLUTION
        W1, b1, W2, b2 = (self.params[name] for name in ("W1", "b1", "W2", "b2"))
        hidden = np.maximum(X @ W1 + b1, 0)
        scores = hidden @ W2 + b2
        if y is None:
            return scores

        rows = np.arange(len(X))
        shifted = scores - scores.max(axis=1, keepdims=True)
        log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        data_loss = -log_probabilities[rows, y].mean()
        penalty = reg * (np.sum(W1**2) + np.sum(W2**2))

        dscores = np.exp(log_probabilities)
        dscores[rows, y] -= 1
        dscores /= len(X)
        dhidden = dscores @ W2.T * (hidden > 0)
        grads = {
            "W1": X.T @ dhidden + 2 * reg * W1,
            "b1": dhidden.sum(axis=0),
            "W2": hidden.T @ dscores + 2 * reg * W2,
            "b2": dscores.sum(axis=0),
        }
        return data_loss + penalty, grads
        ### END SOLUTION

    def predict(self, X):
        """Return the class with the highest score for each row of X (N, D): integers of shape (N,)."""
        ### BEGIN SOLUTION
        return np.argmax(self.loss(X), axis=1)
        ### END SOLUTION

    def train(
        self,
        X,
        y,
        X_val,
        y_val,
        learning_rate=1e-3,
        learning_rate_decay=0.95,
        reg=5e-6,
        num_iters=100,
        batch_size=200,
        verbose=False,
    ):
        """Train by minibatch gradient descent; change params, and return the history, a dict.

        X: (N, D), y: (N,), to train on; X_val, y_val: to validate with; all are left unchanged.
        Each of the num_iters steps draws batch_size random rows of X with their labels (with or without
        repetitions; where X has fewer rows, all of them will do), computes loss and gradients on them, and
        descends. An epoch is N // batch_size steps, at least one; after each epoch, learning_rate is
        multiplied by learning_rate_decay, and the accuracies on the batch (or on X) and on X_val are
        recorded. If verbose, progress is printed.
        Returns lists: loss_history (one for each step), train_acc_history and val_acc_history.
        """
        ### BEGIN SOLUTION
        history = {"loss_history": [], "train_acc_history": [], "val_acc_history": []}
        steps_per_epoch = max(len(X) // batch_size, 1)
        for step in watched(range(1, num_iters + 1), "training"):
            rows = self.rng.choice(len(X), size=min(batch_size, len(X)), replace=False)
            loss, grads = self.loss(X[rows], y[rows], reg)
            history["loss_history"].append(loss)
            for name, gradient in grads.items():
                self.params[name] -= learning_rate * gradient

            if step % steps_per_epoch == 0:
                learning_rate *= learning_rate_decay
                history["train_acc_history"].append(np.mean(self.predict(X[rows]) == y[rows]))
                history["val_acc_history"].append(np.mean(self.predict(X_val) == y_val))
                if verbose:
                    accuracy = history["val_acc_history"][-1]
                    print(f"step {step} of {num_iters}: loss {loss:.4f}, validation accuracy {accuracy:.3f}")
        return history
        ### END SOLUTION


# %% setup="net-fixtures"
def net_inputs(rng, N=5, D=4, H=6, C=3):
    """Return the parameters of a random network, a batch X (N, D), and its labels y (N,)."""
    params = {
        "W1": rng.normal(size=(D, H)) / np.sqrt(D),
        "b1": rng.normal(size=H),
        "W2": rng.normal(size=(H, C)) / np.sqrt(H),
        "b2": rng.normal(size=C),
    }
    return params, rng.normal(size=(N, D)), rng.integers(C, size=N)


def small_net():
    """Return the parameters of a network that can be followed by hand: D = 1, H = 2, C = 2."""
    return {
        "W1": np.array([[1.0, -1.0]]),
        "b1": np.zeros(2),
        "W2": np.array([[0.0, 1.0], [1.0, 0.0]]),
        "b2": np.array([2.0, 0.0]),
    }


def net_with(make, params):
    """Return a network that `make` makes, the class TwoLayerNet, with a copy of the parameters.

    A bias comes in the shape in which the network keeps its own.
    """
    net = make(*params["W1"].shape, len(params["b2"]))
    own = net.params
    copies = {name: np.copy(value) for name, value in params.items()}
    for name in ("b1", "b2"):
        if name in own and np.size(own[name]) == params[name].size:
            copies[name] = copies[name].reshape(np.shape(own[name]))
    net.params = copies
    return net


# what the penalty of the small network with reg 0.1 is by a slip
PENALTIES = {
    "the penalty is missing from the loss": 0.0,
    "one of the weight matrices is left out, or a factor 1/2 is too many, or a division by N": 0.2,
    "the biases are not to be penalized": 0.8,
}


def loss_of(net, X, y, reg=0.0):
    """Return what the network says about copies of the batch: (loss, grads)."""
    said = net.loss(np.copy(X), np.copy(y), reg=reg)
    if not isinstance(said, tuple | list) or len(said) != 2:
        raise AssertionError("loss(X, y) should return (loss, grads), two values")
    if said[0] is None:
        raise AssertionError("loss should be a number, not None")
    return said


def expect_classes(actual, expected):
    """Raise AssertionError unless `actual` is an array of the integers `expected`."""
    kind = getattr(getattr(actual, "dtype", None), "kind", "")
    if kind not in ("i", "u"):
        found = getattr(actual, "dtype", type(actual).__name__)
        raise AssertionError(f"predict should return an array of integers, not {found}")
    expect_close("classes", actual, expected, rtol=0, atol=0)


def compare_own(check, net, params, names, loss, *batch, **settings):
    """Compare gradients of the parameters `names` with the slopes of the network's own loss.

    `check` is `check_parameters` or `assert_parameters`; `loss(net)` returns (loss, grads), which is what
    `net.loss` returns for `batch` and `settings`: there the wrong line is looked for.
    """

    def at(changed):
        net.params = {name: np.copy(value) for name, value in {**params, **changed}.items()}
        return loss(net)

    def value(changed):
        return at(changed)[0]

    value.__name__ = "TwoLayerNet.loss"

    def gradients(changed):
        return {name: at(changed)[1][name] for name in names}

    if batch:
        gradients.__wrapped__ = partial(net.loss, *batch, **settings)
    return check(value, {name: params[name] for name in names}, gradients)


def with_right_predict(net):
    """Return the network with a `predict` that is right: a slip in that has cost its points in 4.6."""
    with suppress(AttributeError):  # a class with __slots__ keeps its own
        net.predict = lambda X: np.argmax(net.loss(X), axis=1)
    return net


def with_any_predict(net):
    """Return the network with a `predict` that calls every row 0: nobody looks at the accuracies."""
    with suppress(AttributeError):
        net.predict = lambda X: np.zeros(len(X), dtype=int)
    return net


def history_of(net, *arrays, **settings):
    """Train the network with copies of the arrays and return the history."""
    history = net.train(*fresh(arrays), **settings)
    if not isinstance(history, dict):
        found = "nothing" if history is None else f"a {type(history).__name__}"
        raise AssertionError(f"train should return the history, a dict; yours returns {found}")
    return history


# %% readonly="06_self-check"
# Self-check: the gradients, compared with your own loss. Replace 0.1 by 0 to see the data's part alone.
@once_written
def check_your_net(reg):
    params, X, y = net_inputs(np.random.default_rng(0))
    net = net_with(TwoLayerNet, params)
    return compare_own(
        check_parameters, net, params, list(params), lambda net: loss_of(net, X, y, reg), X, y, reg=reg
    )


def check_your_scores():
    """Print whether scores, classes, loss and penalty are right for a network that you can follow by hand."""
    checks = Checks()
    X, y = np.array([[2.0], [-3.0]]), np.array([1, 0])
    with checks("a new network: shapes of params, biases of 0, weights of the size of std"):
        params = TwoLayerNet(30, 40, 5, std=0.01).params
        shapes = {name: np.shape(value) for name, value in params.items()}
        wanted = {"W1": (30, 40), "b1": (40,), "W2": (40, 5), "b2": (5,)}
        assert shapes == wanted, f"the shapes of params should be {wanted}, yours are {shapes}"
        assert 0.008 < np.std(params["W1"]) < 0.012, "the deviation of W1 should be about std"
    with checks("the scores of the small network are [[2, 2], [5, 0]]; X and params stay as they are"):
        net = net_with(TwoLayerNet, small_net())
        with expect_unchanged(X=X, **net.params):
            scores = net.loss(X)
        expect_close("scores", scores, np.array([[2.0, 2.0], [5.0, 0.0]]))
    with checks("predict: integers, the class of the highest score"):
        net = net_with(TwoLayerNet, small_net())
        net.params["b2"] = np.array([1.0, 0.0])  # scores [[1, 2], [4, 0], [1, 3]]: more rows than classes
        expect_classes(net.predict(np.array([[2.0], [-3.0], [3.0]])), np.array([1, 0, 1]))
    with checks("loss: the mean of log 2 and log(1 + exp(-5)); reg 0.1 adds 0.1 (2 + 2)"):
        net = net_with(TwoLayerNet, small_net())
        data_loss = loss_of(net, X, y)[0]
        expect_close("loss", data_loss, (np.log(2) + np.log1p(np.exp(-5))) / 2)
        penalty = loss_of(net, X, y, 0.1)[0] - data_loss
        expect_named("loss with reg 0.1 minus loss without", penalty, 0.4, PENALTIES)
    print(checks)


check_your_scores()
check_your_net(0.1)

# %% graded="06_TwoLayerNet-scores" points=4
checks = Checks("4.6")
with checks("a new network has small random weights, biases of 0, and the right shapes", points=1):
    params = TwoLayerNet(30, 40, 5, std=0.01).params
    shapes = {name: np.shape(value) for name, value in params.items()}
    wanted = {"W1": (30, 40), "b1": (40,), "W2": (40, 5), "b2": (5,)}
    assert shapes == wanted, f"the shapes of params should be {wanted}, yours are {shapes}"
    for name, size in (("W1", 1200), ("W2", 200)):
        deviation = np.std(params[name]) / 0.01
        assert abs(deviation - 1) < 4 / np.sqrt(size), (
            f"{name} has the deviation {deviation:.3g} std, not std"
        )
        assert abs(np.mean(params[name])) < 0.01 * 5 / np.sqrt(size), f"the mean of {name} should be about 0"
    for name in ("b1", "b2"):
        assert not np.any(params[name]), f"{name} should be 0"
with checks("the scores of a small network by hand: for X = [[2], [-3]] they are [[2, 2], [5, 0]]", points=1):
    net = net_with(TwoLayerNet, small_net())
    expect_close("scores", net.loss(np.array([[2.0], [-3.0]])), np.array([[2.0, 2.0], [5.0, 0.0]]))
### BEGIN HIDDEN TESTS
from course_lib.reference.net import TwoLayerNet as TrueNet

with checks("the scores of others, for N = 1 and for integers, too", points=1) as rng:
    for N in (5, 1, 7):
        params, X, _ = net_inputs(rng, N=N)
        X = np.round(4 * X).astype(int) if N == 7 else X
        scores = net_with(TwoLayerNet, params).loss(X.copy())
        expect_close(f"scores for N = {N}", scores, net_with(TrueNet, params).loss(X), rtol=1e-10)
with checks("predict: the class with the highest score", points=1) as rng:
    for N in (400, 1):
        params, X, _ = net_inputs(rng, N=N, C=7)
        net = net_with(TwoLayerNet, params)
        classes = net.predict(X.copy())
        expect_classes(classes, net_with(TrueNet, params).predict(X))
### END HIDDEN TESTS
checks.score()

# %% graded="06_TwoLayerNet-loss" points=5
checks = Checks("4.6")
with checks("with weights of 0 and 3 classes, the loss is log 3 = 1.0986", points=1):
    params, X, y = net_inputs(np.random.default_rng(0))
    net = net_with(TwoLayerNet, {name: 0 * value for name, value in params.items()})
    expect_close("loss", loss_of(net, X, y)[0], 1.0986, atol=5e-5)
with checks("the small network: four weights of 1 or -1, reg 0.1: the penalty is 0.4", points=1):
    net = net_with(TwoLayerNet, small_net())
    X, y = np.array([[2.0], [-3.0]]), np.array([1, 0])
    penalty = loss_of(net, X, y, 0.1)[0] - loss_of(net, X, y)[0]
    expect_named("loss with reg 0.1 minus loss without", penalty, 0.4, PENALTIES)
### BEGIN HIDDEN TESTS
from course_lib.reference.net import TwoLayerNet as TrueNet

with checks("the data loss of other networks, and for N = 1", points=1.5) as rng:
    for N in (5, 1):
        params, X, y = net_inputs(rng, N=N)
        # no class is very unlikely, or very likely: 1e-8 inside the logarithm costs the next check alone
        params = {**params, "W2": params["W2"] / 2, "b2": params["b2"] / 2}
        loss, _ = loss_of(net_with(TwoLayerNet, params), X, y)
        expected = net_with(TrueNet, params).loss(X, y)[0]
        slips = {"it should be the mean over the N examples, not their sum": N * expected}
        expect_named(f"loss for N = {N}", loss, expected, slips, rtol=1e-5)
with checks("the data loss for scores of 1e4", points=0.5) as rng:
    params, X, y = net_inputs(rng, N=9)
    params["W2"] *= 1e4
    loss, _ = loss_of(net_with(TwoLayerNet, params), X, y)
    expect_close("loss", loss, net_with(TrueNet, params).loss(X, y)[0], rtol=1e-10)
with checks("the penalty of other networks: both weight matrices, no biases", points=1) as rng:
    params, X, y = net_inputs(rng)
    net = net_with(TwoLayerNet, params)
    for reg in (0.3, 2.0):
        penalty = loss_of(net, X, y, reg)[0] - loss_of(net, X, y)[0]
        first, second = (reg * np.sum(params[name] ** 2) for name in ("W1", "W2"))
        biases = reg * (np.sum(params["b1"] ** 2) + np.sum(params["b2"] ** 2))
        slips = {
            "the penalty is missing from the loss": 0.0,
            "it is half of reg (sum W1^2 + sum W2^2)": (first + second) / 2,
            "it is divided by N": (first + second) / len(X),
            "W2 is left out": first,
            "W1 is left out": second,
            "the biases are not to be penalized": first + second + biases,
        }
        expect_named("loss with reg minus loss without", penalty, first + second, slips, rtol=1e-8)
### END HIDDEN TESTS
checks.score()

# %% graded="06_TwoLayerNet-data-gradients" points=7
checks = Checks("4.6")
with checks("the small network, X = [[2]], y = [1]: grads of W1 are [[-1, 0]], of b2 [0.5, -0.5]", points=1):
    net = net_with(TwoLayerNet, small_net())
    _, grads = loss_of(net, np.array([[2.0]]), np.array([1]))
    expect_close("grads['W1']", grads["W1"], np.array([[-1.0, 0.0]]))
    expect_close("grads['b2'], in any shape,", np.ravel(grads["b2"]), np.array([0.5, -0.5]))
### BEGIN HIDDEN TESTS
from course_lib.reference.net import TwoLayerNet as TrueNet

found = {}  # what the first of the checks below has asked for, for the others


def both_gradients(rng, *net):
    """Return the parameters and the batch of a network, your gradients, and those that are right.

    `net` is the size N of the batch and the factors that X, W1 and W2 are multiplied with.
    """
    if net not in found:
        N, scale, first, second = net
        params, X, y = net_inputs(rng, N=N)
        params, X = {**params, "W1": params["W1"] * first, "W2": params["W2"] * second}, X * scale
        _, grads = loss_of(net_with(TwoLayerNet, params), X, y)
        found[net] = (params, X, y), grads, net_with(TrueNet, params).loss(X, y)[1]
    return found[net]


def expect_meant(rng):
    """Raise AssertionError where other data and labels have the very same gradients: nothing is derived."""
    params, X, y = net_inputs(rng, N=8)
    net = net_with(TwoLayerNet, params)
    (_, one), (_, other) = (loss_of(net, X[part], y[part]) for part in (slice(4), slice(4, 8)))
    if all(np.allclose(gradient, other[name], rtol=1e-6, atol=1e-6) for name, gradient in one.items()):
        raise AssertionError(
            "your gradients are as good as the same whatever the data are: the loss is to depend on X and y"
        )


def expect_own(name, rng):
    expect_meant(rng)
    (params, X, y), grads, expected = both_gradients(rng, 7, 1, 1, 1)
    try:  # a right gradient will do: beside a wrong loss, it has lost its points there
        expect_close(f"grads[{name!r}]", grads[name], expected[name], rtol=0, atol=1e-10)
    except AssertionError:
        net = net_with(TwoLayerNet, params)
        compare_own(assert_parameters, net, params, [name], lambda net: loss_of(net, X, y), X, y)


def expect_true(name, rng):
    for net in ((7, 1, 1, 1), (1, 1, 1, 1), (6, 1e3, 1e-3, 1), (4, 1, 1e-2, 1e2)):
        _, grads, expected = both_gradients(rng, *net)
        expect_close(f"grads[{name!r}]", grads[name], expected[name], rtol=1e-12)


with checks("W1 is the slope of your own loss", points=0.75) as rng:
    expect_own("W1", rng)
with checks("b1 is the slope of your own loss", points=0.5) as rng:
    expect_own("b1", rng)
with checks("W2 is the slope of your own loss", points=0.75) as rng:
    expect_own("W2", rng)
with checks("b2 is the slope of your own loss", points=0.5) as rng:
    expect_own("b2", rng)
with checks(
    "W1 is the gradient of the mean softmax loss, for N = 1 and other scales, too", points=0.75
) as rng:
    expect_true("W1", rng)
with checks(
    "b1 is the gradient of the mean softmax loss, for N = 1 and other scales, too", points=0.5
) as rng:
    expect_true("b1", rng)
with checks(
    "W2 is the gradient of the mean softmax loss, for N = 1 and other scales, too", points=0.75
) as rng:
    expect_true("W2", rng)
with checks(
    "b2 is the gradient of the mean softmax loss, for N = 1 and other scales, too", points=0.5
) as rng:
    expect_true("b2", rng)
with checks("finite for scores of 1e4", points=0.5) as rng:
    params, X, y = net_inputs(rng, N=9)
    params["W2"] *= 1e4
    _, grads = loss_of(net_with(TwoLayerNet, params), X, y)
    for name, gradient in grads.items():
        assert np.all(np.isfinite(gradient)), f"grads[{name!r}] should be finite for scores of 1e4"
    expect_meant(rng)
with checks("X, y and params are left unchanged", points=0.5) as rng:
    expect_meant(rng)
    params, X, y = net_inputs(rng, N=4)
    net = net_with(TwoLayerNet, params)
    with expect_unchanged(X=X, y=y):
        net.loss(X, y, 0.1)
        net.predict(X)
    expect_close("params", net.params, params, rtol=0, atol=0)
### END HIDDEN TESTS
checks.score()

# %% graded="06_TwoLayerNet-regularization-gradients" points=4
checks = Checks("4.6")
with checks("the small network, reg 0.1: the penalty adds 0.2 W1 and 0.2 W2 to the gradients", points=1):
    net = net_with(TwoLayerNet, small_net())
    X, y = np.array([[2.0], [-3.0]]), np.array([1, 0])
    grads, data_grads = loss_of(net, X, y, 0.1)[1], loss_of(net, X, y)[1]
    for name in ("W1", "W2"):
        added = grads[name] - data_grads[name]
        expect_close(f"what reg adds to grads[{name!r}]", added, 0.2 * small_net()[name], atol=1e-9)
### BEGIN HIDDEN TESTS


def penalty_alone(net, X, y, reg):
    """Return the part of loss and gradients that comes from the penalty."""
    with_penalty, without = loss_of(net, X, y, reg), loss_of(net, X, y)
    names = without[1]
    return with_penalty[0] - without[0], {name: with_penalty[1][name] - without[1][name] for name in names}


def expect_added(loss, added):
    """Raise AssertionError where reg adds nothing at all: what is not there cannot be right."""
    if all(np.max(np.abs(part)) < 1e-6 for part in (loss, *added.values())):
        raise AssertionError("reg adds as good as nothing, neither to your loss nor to its gradients")


def expect_own_penalty(name, rng):
    params, X, y = net_inputs(rng, N=7)
    net = net_with(TwoLayerNet, params)
    loss, added = penalty_alone(net, X, y, 3.0)
    expect_added(loss, added)
    move = rng.normal(size=params[name].shape)
    sides = []
    for moved in (params[name] + move, params[name] - move):
        aside = net_with(TwoLayerNet, {**params, name: moved})
        sides.append(penalty_alone(aside, X, y, 3.0)[0])
    try:  # the slope of a parabola is that of any of its chords, in the middle
        expect_close(f"what reg adds to grads[{name!r}]", added[name], 6 * params[name], atol=1e-9)
        expect_close("the slope of the penalty", (sides[0] - sides[1]) / 2, np.sum(6 * params[name] * move))
    except AssertionError:
        compare_own(assert_parameters, net, params, [name], lambda net: penalty_alone(net, X, y, 3.0))


with checks("W1: what reg adds agrees with what it adds to your own loss", points=0.75) as rng:
    expect_own_penalty("W1", rng)
with checks("W2: what reg adds agrees with what it adds to your own loss", points=0.75) as rng:
    expect_own_penalty("W2", rng)
with checks("it is 2 reg W, in other networks and for any N", points=1) as rng:
    for N, reg in ((7, 3.0), (1, 0.5)):
        params, X, y = net_inputs(rng, N=N)
        _, added = penalty_alone(net_with(TwoLayerNet, params), X, y, reg)
        for name in ("W1", "W2"):
            expected = 2 * reg * params[name]
            slips = {
                "reg adds nothing": 0 * expected,
                "the factor 2 is missing": expected / 2,
                "a factor 1/2 stands where 2 is needed": expected / 4,
                "the penalty is divided by N": expected / N,
                "the penalty is divided by N, and the factor 2 is missing": expected / (2 * N),
            }
            told = f"what reg adds to grads[{name!r}]"
            expect_named(told, added[name], expected, slips, rtol=1e-9, atol=1e-10)
with checks("it adds nothing to the biases", points=0.5) as rng:
    params, X, y = net_inputs(rng, N=7)
    loss, added = penalty_alone(net_with(TwoLayerNet, params), X, y, 3.0)
    expect_added(loss, added)
    for name in ("b1", "b2"):
        assert np.all(np.abs(added[name]) < 1e-10), f"reg should add nothing to grads[{name!r}]"
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 4.7 Training it (10 points, ★★, 30 minutes)
#
# Now write `train`, in the class above. It is the loop of 4.1, with two changes.
#
# * **Minibatches.** Each step looks at `batch_size` random rows of $X$, with their labels, and not at all
#   of them. The gradient is a little noisy, and so much cheaper that many more steps fit into the time.
# * **A learning rate that decays**, so that the last steps settle down. After each *epoch*, as many steps
#   as it takes to see about $N$ examples, `learning_rate` is multiplied by `learning_rate_decay`.
#
# Ask for `self.loss(X_batch, y_batch, reg)`, and for each parameter take the step
# $\theta \leftarrow \theta - \eta \, \mathrm{d}\theta$.
#
# Training may take a while. Write `for step in watched(range(num_iters)):` in place of
# `for step in range(num_iters):`, and a loop that lasts longer than a second draws a bar that says how
# far it is. Nothing else changes.
#
# A good first test for any network: can it learn 20 examples by heart? If it cannot, something is broken.
# If it can, that is a start, and no more: networks with a wrong gradient for a bias have learned 20
# examples and much else, only a little worse than they could have. **A low loss proves nothing about
# gradients.** Yours have been checked above, with measured slopes, and that does.
#
# <details><summary>Hint 1: where to look</summary>
#
# The loop of 4.1, with one line more at its beginning (which rows?) and a condition at its end (is an
# epoch over?). All four parameters descend.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# $N = 6$ and batches of 3: an epoch is 2 steps, so that after steps 2, 4, 6 the rate decays and the
# accuracies are noted. With fewer rows than a batch, an epoch is one step.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# Draw an array of row numbers with `rng.choice`, of an `rng = np.random.default_rng()`, and take both `X`
# and `y` at it. Call the loss on them, note it, and lower every entry of `params` by the rate times its
# gradient. An accuracy is the mean of a comparison.
#
# </details>

# %% [markdown]
# **Predict, then run.** Ten classes, weights near 0: what will the very first loss be, before any step?

# %%
prediction = None  # your number: the first loss

# %% readonly="predict-first-loss"
compare_prediction(
    prediction,
    float(np.log(10)),
    "This is log 10: with weights near 0, ten classes that look alike have a probability of 1/10 each.",
)


# %% readonly="07_self-check-steps"
# Self-check: six rows that are all alike, so that any batch of them is the same, and each step can be told.
def check_your_steps():
    checks = Checks()
    params, X, y = net_inputs(np.random.default_rng(5), N=1)
    X, y = np.repeat(X, 6, axis=0), np.repeat(y, 6)

    def trained(rates, size, decay=1.0):
        """Return the history and the parameters after training, then the losses and parameters expected."""
        net, expected = (with_right_predict(net_with(TwoLayerNet, params)) for _ in range(2))
        losses = []
        settings = {"learning_rate_decay": decay, "num_iters": len(rates), "batch_size": size}
        history = history_of(net, *fresh((X, y, X, y)), learning_rate=rates[0], reg=0.0, **settings)
        for rate in rates:
            loss, grads = loss_of(expected, X[:size], y[:size])
            losses.append(float(loss))
            for name, values in expected.params.items():
                expected.params[name] = values - rate * np.reshape(grads[name], values.shape)
        return history, net.params, losses, expected.params

    with checks("one step: all four parameters move by the learning rate times their gradient"):
        _, actual, _, expected = trained([0.3], size=6)
        start = net_with(TwoLayerNet, params).params
        for name, values in start.items():
            if np.array_equal(actual[name], values) and not np.array_equal(expected[name], values):
                raise AssertionError(f"params['{name}'] does not move: all four parameters descend")
        expect_close("params", actual, expected, rtol=1e-9)
    with checks("loss_history: one loss for each of 4 steps, from before the step"):
        history, _, losses, _ = trained([0.2] * 4, size=3)
        found = history["loss_history"]
        assert len(found) == 4, f"4 steps should give 4 losses, yours gives {len(found)}"
        expect_close("loss_history", np.array(found, dtype=float), np.array(losses), rtol=1e-8)
    with checks("6 rows in batches of 3: an epoch is 2 steps, and the learning rate decays after each"):
        _, actual, _, expected = trained([0.4, 0.4, 0.2, 0.2], size=3, decay=0.5)
        try:
            expect_close("after 4 steps, params", actual, expected, rtol=1e-8)
        except AssertionError:  # an epoch may be counted from the first step on
            expected = trained([0.4, 0.2, 0.2, 0.1], size=3, decay=0.5)[3]
            expect_close("after 4 steps, params", actual, expected, rtol=1e-8)
    with checks("reg reaches the loss"):
        net = with_right_predict(net_with(TwoLayerNet, params))
        history = history_of(net, *fresh((X, y, X, y)), learning_rate=0.0, reg=1.5, num_iters=1, batch_size=6)
        expect_close("loss_history[0] with reg 1.5", history["loss_history"][0], loss_of(net, X, y, 1.5)[0])
    print(checks)


check_your_steps()


# %% readonly="07_self-check-batches"
# Self-check: three rows and a learning rate of 0, so that each loss tells which rows were drawn.
@once_written
def check_your_batches():
    from itertools import combinations_with_replacement

    checks = Checks()
    params, X, y = net_inputs(np.random.default_rng(5), N=3)
    y[:] = (0, 2, 1)
    net = with_right_predict(net_with(TwoLayerNet, params))

    def trained(y=y, y_val=y, **settings):
        settings = {"learning_rate": 0.0, "reg": 0.0, "num_iters": 60, **settings}
        return history_of(net, *fresh((X, y, X, y_val)), **settings)

    for size in (1, 2, 3):
        with checks(f"batch_size {size}: each loss is that of {size} random rows, with their own labels"):
            choices = [list(rows) for rows in combinations_with_replacement(range(3), size)]
            known = [float(loss_of(net, X[rows], y[rows])[0]) for rows in choices]
            losses = np.array(trained(batch_size=size)["loss_history"], dtype=float)
            distances = np.abs(losses[:, np.newaxis] - known)
            assert np.all(distances.min(axis=1) < 1e-9), (
                f"a loss belongs to no batch of {size} with its labels"
            )
            drawn = [choices[k] for k in distances.argmin(axis=1)]
            assert {row for rows in drawn for row in rows} == {0, 1, 2}, "some rows of X are never drawn"
            assert size == 3 or drawn[3:] != drawn[:-3], "the rows come in the same order, again and again"
            mixed = any(len(set(rows)) > 1 for rows in drawn)
            assert size == 1 or mixed, f"all {size} places of a batch seem to hold the same row"
    with checks("batch_size 5, and X has only 3 rows: that does no harm"):
        assert np.all(np.isfinite(trained(batch_size=5)["loss_history"]))
    with checks("accuracies: shares from 0 to 1, after each of 10 epochs of 3 steps"):
        right = net.predict(np.copy(X))
        for labels, share in ((right, 1.0), ((right + 1) % 3, 0.0)):
            third = (right + (np.arange(3) > 0)) % 3  # one row of the three is right
            history = trained(labels, third, num_iters=30, batch_size=1)
            for name, expected in (("train_acc_history", share), ("val_acc_history", 1 / 3)):
                found = len(history[name])
                assert 9 <= found <= 11, f"30 steps are 10 epochs of 3; {name} has {found} entries"
                expect_close(f"{name}[-1]", history[name][-1], expected)
    with checks("the data are left unchanged, and the network is not"), expect_unchanged(X=X, y=y):
        net.train(X, y, X, y, learning_rate=0.1, num_iters=3, batch_size=2)
        assert np.any(net.params["W2"] != params["W2"]), "training changes no weight"
    print(checks)


check_your_batches()


# %% readonly="07_twenty-by-heart" title="Twenty examples by heart"
# And a picture: twenty handwritten digits, learned by heart.
@once_written
def learn_twenty_by_heart():
    split = data.digits(seed=0)
    X, y = split.X_train[:20], split.y_train[:20]
    net = with_right_predict(TwoLayerNet(64, 30, 10, std=0.1))
    settings = {"learning_rate": 0.5, "learning_rate_decay": 1, "num_iters": 200, "batch_size": 20}
    history = history_of(net, X, y, split.X_val, split.y_val, **settings)
    return viz.draw_training(history)


learn_twenty_by_heart()

# %% graded="07_train-steps" points=5 formula="withheld"
checks = Checks("4.7")
with checks("loss_history has one loss for each step, from before the step", points=1):
    params, X, y = net_inputs(np.random.default_rng(3), N=1)
    X, y = np.repeat(X, 6, axis=0), np.repeat(y, 6)  # all rows alike, so that every batch is the same
    net = with_any_predict(net_with(TwoLayerNet, params))
    first, _ = loss_of(net, X[:3], y[:3])
    history = history_of(net, X, y, X, y, learning_rate=0.01, reg=0.0, num_iters=7, batch_size=3)
    losses = history["loss_history"]
    assert len(losses) == 7, f"7 steps should give 7 losses, yours gives {len(losses)}"
    expect_close("loss_history[0]", losses[0], first)
### BEGIN HIDDEN TESTS
from itertools import combinations_with_replacement


def alike(rng, N):
    """Return the parameters of a network and N rows that are all alike, with their labels."""
    params, X, y = net_inputs(rng, N=1)
    return params, np.repeat(X, N, axis=0), np.repeat(y, N)


def descended(params, X, y, rates):
    """Return the parameters after steps with these learning rates along the network's own gradients."""
    for rate in rates:
        _, grads = loss_of(net_with(TwoLayerNet, params), X, y)
        steps = {name: rate * np.reshape(grads[name], params[name].shape) for name in params}
        if all(np.max(np.abs(steps[name])) < 1e-6 * np.max(np.abs(params[name])) for name in params):
            raise AssertionError(
                "all gradients of your loss are as good as zero: no step can be seen, and nothing is learned"
            )
        params = {name: params[name] - steps[name] for name in params}
    return params


def distances(losses, known):
    """Return how far each loss (a row) is from each that is known (a column)."""
    return np.abs(np.array(losses, dtype=float)[:, np.newaxis] - known)


def flat(params):
    """Return the parameters as vectors: what shape a bias has is not the subject here."""
    return {name: np.ravel(value) for name, value in params.items()}


with checks("one step: each parameter moves by the learning rate times its gradient", points=1) as rng:
    params, X, y = alike(rng, N=6)
    net = with_any_predict(net_with(TwoLayerNet, params))
    net.train(*fresh((X, y, X, y)), learning_rate=0.3, reg=0.0, num_iters=1, batch_size=6)
    before, expected = flat(params), flat(descended(params, X, y, [0.3]))
    for name, after in flat(net.params).items():
        if np.array_equal(after, before[name]) and not np.array_equal(expected[name], before[name]):
            raise AssertionError(f"params['{name}'] does not move: every parameter descends, the biases too")
    expect_close("params", flat(net.params), expected, rtol=1e-9)
with checks("several steps, also where X has fewer rows than a batch", points=0.5) as rng:
    params, X, y = alike(rng, N=4)
    settings = {"learning_rate": 0.2, "learning_rate_decay": 1, "reg": 0.0, "num_iters": 3}
    net = with_any_predict(net_with(TwoLayerNet, params))
    net.train(*fresh((X, y, X, y)), batch_size=4, **settings)
    expect_close("params", flat(net.params), flat(descended(params, X, y, [0.2] * 3)), rtol=1e-8)
    first, second = (with_any_predict(net_with(TwoLayerNet, params)) for _ in range(2))
    first.train(*fresh((X[:2], y[:2], X, y)), batch_size=4, **settings)
    second.train(*fresh((X[:2], y[:2], X, y)), batch_size=2, **settings)
    try:  # two rows drawn four times, or all the rows there are
        expect_close("with 2 rows and batches of 4, params", flat(first.params), flat(net.params), rtol=1e-8)
    except AssertionError:
        expect_close(
            "with 2 rows and batches of 4, params", flat(first.params), flat(second.params), rtol=1e-8
        )
with checks("the learning rate decays after each epoch", points=1) as rng:
    params, X, y = alike(rng, N=4)
    net = with_any_predict(net_with(TwoLayerNet, params))
    rates = {"learning_rate": 0.4, "learning_rate_decay": 0.5, "reg": 0.0, "num_iters": 3}
    net.train(*fresh((X, y, X, y)), batch_size=4, **rates)
    expected = descended(params, X, y, [0.4, 0.2, 0.1])
    expect_close("after 3 epochs of one step, params", flat(net.params), flat(expected), rtol=1e-8)
    net = with_any_predict(net_with(TwoLayerNet, params))
    net.train(*fresh((X, y, X, y)), batch_size=2, **rates)
    expected = descended(params, X[:2], y[:2], [0.4, 0.4, 0.2])
    try:
        expect_close("after 3 steps, params", flat(net.params), flat(expected), rtol=1e-8)
    except AssertionError:  # an epoch may also be counted from the first step on: 0, 2, 4, ...
        other = descended(params, X[:2], y[:2], [0.4, 0.2, 0.2])
        try:
            expect_close("params", flat(net.params), flat(other), rtol=1e-8)
        except AssertionError:
            raise AssertionError(
                "with 4 examples and batches of 2, an epoch is 2 steps: the learning rate should decay then, "
                "and not at other steps"
            ) from None
with checks("batches are random rows of X with their own labels, batch_size of them", points=1.5) as rng:
    params, X, y = net_inputs(rng, N=3, C=4)
    y[:2] = (1, 3)
    net = with_any_predict(net_with(TwoLayerNet, params))
    own = np.array([float(loss_of(net, X[[i]], y[[i]])[0]) for i in range(3)])
    losses = history_of(net, X, y, X, y, learning_rate=0.0, reg=0.0, num_iters=80, batch_size=1)[
        "loss_history"
    ]
    distance = distances(losses, own)
    assert np.all(distance.min(axis=1) < 1e-9), "with batches of one, each loss should be that of a row of X"
    assert len(set(distance.argmin(axis=1))) == 3, "80 batches of one should reach all 3 rows of X"
    for size, told, steps in ((2, "two", 20), (3, "three", 10)):  # after each of which `predict` is asked
        losses = history_of(net, X, y, X, y, learning_rate=0.0, reg=0.0, num_iters=steps, batch_size=size)[
            "loss_history"
        ]
        choices = np.array(list(combinations_with_replacement(range(3), size)))
        means = own[choices].mean(axis=1)
        if np.any(distances(losses, means).min(axis=1) > 1e-9):  # your loss may be another one than the mean
            means = [float(loss_of(net, X[rows], y[rows])[0]) for rows in choices]
        assert np.all(distances(losses, means).min(axis=1) < 1e-9), (
            f"with batches of {told}, each loss should be a mean over {told} rows"
        )
        mixed = distances(losses, own).min(axis=1) > 1e-9
        assert np.any(mixed), f"batches of {told} seem to hold one row only"
### END HIDDEN TESTS
checks.score()

# %% graded="07_train-results" points=5 formula="withheld"
checks = Checks("4.7")
with checks("accuracies after each epoch, on the training and on the validation data", points=1):
    params, X, _ = net_inputs(np.random.default_rng(18), N=12)  # finds all three classes in X
    X_val = np.random.default_rng(19).normal(size=(9, 4))
    net = with_right_predict(net_with(TwoLayerNet, params))
    y = net.predict(np.copy(X))  # all right, then all wrong; with a learning rate of 0 it stays so
    y_val = (net.predict(np.copy(X_val)) + (np.arange(9) % 3 > 0)) % 3  # a third right
    for labels, right in (((y + 1) % 3, 0.0), (y, 1.0)):
        arrays = fresh((X, labels, X_val, y_val))
        history = history_of(net, *arrays, learning_rate=0.0, num_iters=1, batch_size=12)
        expect_close("the training accuracy", history["train_acc_history"][-1], right)
        expect_close("the validation accuracy", history["val_acc_history"][-1], 1 / 3)
    history = history_of(net, X, y, X_val, y_val, num_iters=30, batch_size=4)
    for name in ("train_acc_history", "val_acc_history"):
        values = np.array(history[name], dtype=float)
        assert 9 <= len(values) <= 11, f"30 steps are 10 epochs of 3; {name} has {len(values)} entries"
        assert np.all((values >= 0) & (values <= 1)), (
            f"{name} should hold shares of right answers, from 0 to 1"
        )
with checks("20 digits are learned by heart: the loss falls below 0.05", points=1):
    split = data.digits(seed=0)  # each ten times over: an epoch, after which `predict` is asked, is ten steps
    X, y = np.tile(split.X_train[:20], (10, 1)), np.tile(split.y_train[:20], 10)
    net = with_right_predict(TwoLayerNet(64, 20, 10, std=0.1))
    settings = {"learning_rate": 0.5, "learning_rate_decay": 1, "num_iters": 200, "batch_size": 20}
    history = history_of(net, X, y, X[:5].copy(), y[:5].copy(), **settings)
    last = float(np.mean(np.array(history["loss_history"], dtype=float)[-10:]))
    assert last < 0.05, f"the loss of the last ten steps is {last:.3g} on average"
    right = np.mean(net.predict(X) == y)
    assert right == 1, f"all 20 should be recognized, yours recognizes {right:.0%}"
### BEGIN HIDDEN TESTS
from course_lib.reference.losses import softmax_loss as softmax_loss_of

with checks("20 random points with random labels are learned as well", points=1) as rng:
    X, y = np.tile(rng.normal(size=(20, 30)), (60, 1)), np.tile(rng.integers(3, size=20), 60)
    net = with_any_predict(TwoLayerNet(30, 40, 3, std=0.2))
    settings = {"learning_rate": 0.5, "learning_rate_decay": 1, "num_iters": 300, "batch_size": 20}
    net.train(*fresh((X, y, X[:5], y[:5])), **settings)
    loss, _ = softmax_loss_of(net.loss(X), y)
    assert loss < 0.15, f"the mean softmax loss of the trained network is {loss:.3g}"
with checks("reg reaches the loss", points=1) as rng:
    params, X, y = net_inputs(rng, N=1)
    X, y = np.repeat(X, 6, axis=0), np.repeat(y, 6)
    net = with_any_predict(net_with(TwoLayerNet, params))
    expected, _ = loss_of(net, X, y, 1.5)
    if expected == loss_of(net, -X, y, 1.5)[0]:
        raise AssertionError("your loss is the same whatever the data are")
    history = history_of(net, X, y, X, y, learning_rate=0.0, reg=1.5, num_iters=2, batch_size=6)
    expect_close("loss_history[0] with reg 1.5", history["loss_history"][0], expected)
with checks("the data are left unchanged", points=1) as rng:
    params, X, y = net_inputs(rng, N=6)
    X_val, y_val = rng.normal(size=(3, 4)), np.array([0, 2, 1])
    net = with_right_predict(net_with(TwoLayerNet, params))
    with expect_unchanged(X=X, y=y, X_val=X_val, y_val=y_val):
        net.train(X, y, X_val, y_val, learning_rate=0.1, reg=0.1, num_iters=3, batch_size=6)
    assert np.any(net.params["W2"] != params["W2"]), "train should change the weights of the network"
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 4.8 What the non-linearity is good for (5 points, ★★, 25 minutes)
#
# In this exercise a single example is a column, as in most books: a layer computes $W x + b$, with one
# *row* of $W$ for each unit.
#
# Leave the non-linearity out, and two layers are one: $W_2 (W_1 x) = (W_2 W_1)\, x$. However many linear
# layers you stack, you get what a single matrix could have done. Biases do not save them: two affine
# layers, $W_2 (W_1 x + b_1) + b_2$, are again one matrix and one bias. The matrix is the same as before.
# Which bias is it? Multiply the bracket out and collect what does not depend on $x$.


# %% answer="08_collapse" formula="given"
def collapse(W1, W2):
    """Return the one matrix W that does what W1 followed by W2 does, for every x.

    W1: (H, D), W2: (C, H), arrays. Returns an array of shape (C, D).
    """
    ### BEGIN SOLUTION
    return W2 @ W1
    ### END SOLUTION


# %% readonly="08_collapse-self-check"
def check_your_collapse():
    checks, rng = Checks(), np.random.default_rng(0)
    with checks("the example: W = [[-2, -2]]"):
        W = collapse(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, -1.0]]))
        expect_close("W", W, np.array([[-2.0, -2.0]]))
    with checks("W x is W2 (W1 x), for 4 inputs, 5 units and 3 scores"):
        W1, W2, x = rng.normal(size=(5, 4)), rng.normal(size=(3, 5)), rng.normal(size=4)
        W = collapse(W1, W2)
        expect_shape("W", W, (3, 4))
        expect_close("W x", W @ x, W2 @ (W1 @ x))
    print(checks)


check_your_collapse()

# %% graded="08_collapse-values" points=1
checks = Checks("4.8")
with checks("W1 = [[1, 2], [3, 4]], then W2 = [[1, -1]], is W = [[-2, -2]]", points=0.5):
    W = collapse(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, -1.0]]))
    expect_close("W", W, np.array([[-2.0, -2.0]]))
### BEGIN HIDDEN TESTS
with checks("other sizes: W x is W2 (W1 x)", points=0.5) as rng:
    for D, H, C in ((4, 5, 3), (2, 1, 6), (3, 7, 1)):
        W1, W2, x = rng.normal(size=(H, D)), rng.normal(size=(C, H)), rng.normal(size=D)
        W = collapse(W1.copy(), W2.copy())
        expect_shape("W", W, (C, D))
        expect_close("W x", np.asarray(W) @ x, W2 @ (W1 @ x))
### END HIDDEN TESTS
checks.score()


# %% answer="08_collapse_biases" formula="withheld"
def collapse_biases(W1, b1, W2, b2):
    """Return the one matrix W and the one bias b such that W x + b is W2 (W1 x + b1) + b2, for every x.

    W1: (H, D), b1: (H,), W2: (C, H), b2: (C,), arrays. Returns arrays of shapes (C, D) and (C,).
    """
    ### BEGIN SOLUTION
    return W2 @ W1, W2 @ b1 + b2
    ### END SOLUTION


# %% readonly="08_collapse_biases-self-check"
def check_your_biases():
    checks, rng = Checks(), np.random.default_rng(1)
    W1, b1, W2, b2 = (rng.normal(size=shape) for shape in ((5, 4), (5,), (3, 5), (3,)))
    with checks("b is what two layers make of x = 0"):
        _, b = collapse_biases(*fresh((W1, b1, W2, b2)))
        expect_close("b", b, W2 @ (W1 @ np.zeros(4) + b1) + b2)
    with checks("W x + b is W2 (W1 x + b1) + b2, for 4 inputs, 5 units and 3 scores"):
        W, b = collapse_biases(*fresh((W1, b1, W2, b2)))
        x = rng.normal(size=4)
        expect_shape("W", W, (3, 4))
        expect_close("W x + b", W @ x + b, W2 @ (W1 @ x + b1) + b2)
    print(checks)


check_your_biases()

# %% graded="08_collapse_biases-values" points=1
checks = Checks("4.8")
with checks("W1 = [[1, 2], [3, 4]], b1 = [5, 1], W2 = [[1, -1]], b2 = [10]: b is [14]", points=0.5):
    W1, W2 = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, -1.0]])
    W, b = collapse_biases(W1, np.array([5.0, 1.0]), W2, np.array([10.0]))
    expect_close("b", b, np.array([14.0]))
    expect_close("W", W, np.array([[-2.0, -2.0]]))
### BEGIN HIDDEN TESTS
with checks("other sizes: W x + b is W2 (W1 x + b1) + b2", points=0.5) as rng:
    for D, H, C in ((4, 5, 3), (2, 1, 6), (3, 7, 2)):
        W1, b1, W2, b2 = (rng.normal(size=shape) for shape in ((H, D), (H,), (C, H), (C,)))
        W, b = collapse_biases(*fresh((W1, b1, W2, b2)))
        x = rng.normal(size=D)
        expect_shape("W", W, (C, D))
        expect_close("b", b, W2 @ b1 + b2, rtol=1e-9)
        expect_close("W x + b", np.asarray(W) @ x + b, W2 @ (W1 @ x + b1) + b2, rtol=1e-9)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# And some things a single matrix cannot do. Cats have black paws, white paws and grey paws; let $x$ be the
# brightness, 0 for black, 1 for white, $\frac12$ for grey. A detector of "black or white" should give a
# positive score at 0 and at 1, and a negative one at $\frac12$. A linear score cannot: at $\frac12$ it is
# the mean of its values at 0 and 1, and the mean of two positive numbers is positive.
#
# With a hidden layer of two ReLUs it is easy: let one of them report black, the other one white.
#
# $$\text{score}(x) = W_2 \max(0,\, W_1 x + b_1) + b_2 .$$
#
# Find weights by thinking, not by training, such that the score is $+0.5$, $-0.5$ and $+0.5$ at
# brightness 0, $\frac12$ and 1. Then do the same for XOR, "one or the other, not both", of two inputs,
# where the score is to be 1 if exactly one input is 1, and 0 otherwise. (You may use more hidden units
# than two.)
#
# <details><summary>Hint 1: where to look</summary>
#
# A ReLU unit is 0 on one side of a point and rises on the other. Where should each of your two units
# wake up?
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# To be positive at 0 alone, a unit is $\max(0, \frac12 - x)$: it has 0.5 at black, and sleeps from grey
# on. What is its mirror image, for white?
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# Paws: weights $-1$ and $1$ on $x$, biases such that both units wake up at $\frac12$; the output adds
# twice each and takes $\frac12$ away. XOR: one unit for "the first, less the second", one for the reverse;
# add them.
#
# </details>


# %% answer="08_paw_network" formula="withheld"
def paw_network():
    """Return (W1, b1, W2, b2), with H hidden units of your choice, that score paws by their brightness.

    W1: (H, 1), b1: (H,), W2: (H,), arrays; b2: a number.
    The score is +0.5 at brightness 0 and 1, and -0.5 at brightness 0.5.
    """
    ### BEGIN SOLUTION
    W1 = np.array([[-1.0], [1.0]])
    b1 = np.array([0.5, -0.5])
    W2 = np.array([2.0, 2.0])
    b2 = -0.5
    return W1, b1, W2, b2
    ### END SOLUTION


# %% answer="08_xor_network" formula="withheld"
def xor_network():
    """Return (W1, b1, W2, b2), with H hidden units of your choice, whose score is XOR of two inputs.

    W1: (H, 2), b1: (H,), W2: (H,), arrays; b2: a number.
    The score is 1 at (0, 1) and (1, 0), and 0 at (0, 0) and (1, 1).
    """
    ### BEGIN SOLUTION
    W1 = np.array([[1.0, -1.0], [-1.0, 1.0]])
    b1 = np.zeros(2)
    W2 = np.array([1.0, 1.0])
    b2 = 0.0
    return W1, b1, W2, b2
    ### END SOLUTION


# %% setup="by-hand"
CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def score(weights, X):
    """Return the score of each row of X, (N, D), by the network with weights (W1, b1, W2, b2)."""
    if not isinstance(weights, tuple | list) or len(weights) != 4:
        raise AssertionError("the network should be four values, (W1, b1, W2, b2)")
    W1, b1, W2, b2 = (np.asarray(weight, dtype=float) for weight in weights)
    if W1.ndim != 2 or W1.shape[1] != X.shape[1] or b1.shape != W1.shape[:1]:
        told = f"W1 should have shape (H, {X.shape[1]}) and b1 (H,), yours have {W1.shape} and {b1.shape}"
        raise AssertionError(told)
    if W2.size != len(b1) or b2.size != 1:
        told = (
            f"W2 should have shape {b1.shape} and b2 be a number, yours have shapes {W2.shape} and {b2.shape}"
        )
        raise AssertionError(told)
    return np.maximum(X @ W1.T + b1, 0) @ W2.ravel() + b2.item()


# %% readonly="figure-by-hand"
@once_written
def draw_your_networks():
    """Draw the scores of paws over their brightness, and the regions of XOR."""
    shades = np.linspace(-0.1, 1.1, 200)
    side = np.linspace(-0.2, 1.2, 120)
    grid = np.column_stack([part.ravel() for part in np.meshgrid(side, side)])
    X, y = data.paws()
    scores = score(paw_network(), shades[:, np.newaxis])
    heights = score(xor_network(), grid).reshape(120, 120)
    figure, axes = viz.new_figure(1, 2, height=3.4)
    axes[0, 0].axhline(0, color="#6b7280", linewidth=0.8)
    axes[0, 0].plot(shades, scores, color="#1f2328", linewidth=2)
    for kind, colour, marker, told in ((1, "#d55e00", "^", "black or white"), (0, "#0072b2", "o", "grey")):
        paws = X[y == kind]
        axes[0, 0].plot(paws, 0 * paws, marker, color=colour, markersize=5, alpha=0.7, label=told)
    axes[0, 0].set(xlabel="brightness", ylabel="score", title="Paws")
    axes[0, 0].legend(frameon=False)
    shown = axes[0, 1].contourf(
        side, side, heights, levels=np.linspace(-0.5, 1.5, 9), cmap="cividis", extend="both"
    )
    points = {"0": CORNERS[[0, 3]], "1": CORNERS[[1, 2]]}
    for (told, corners), marker in zip(points.items(), ("o", "^"), strict=True):
        axes[0, 1].plot(
            *corners.T, marker, color="#ffffff", markeredgecolor="#1f2328", markersize=9, label=told
        )
    axes[0, 1].set(xlabel="first input", ylabel="second input", title="XOR: the score")
    axes[0, 1].legend(loc="center", title="should be")
    figure.colorbar(shown, ax=axes[0, 1])
    alt = "Left: your score over the brightness of paws. Right: your score over the unit square, for XOR."
    return viz.Picture(figure, alt)


draw_your_networks()

# %% graded="08_networks-by-hand" points=3
checks = Checks("4.8")
with checks("paws: the scores at 0, 0.5 and 1 are 0.5, -0.5 and 0.5", points=1.5):
    expect_close("scores", score(paw_network(), np.array([[0.0], [0.5], [1.0]])), np.array([0.5, -0.5, 0.5]))
with checks("XOR: the scores at (0, 0), (0, 1), (1, 0) and (1, 1) are 0, 1, 1 and 0", points=1.5):
    expect_close("scores", score(xor_network(), CORNERS), np.array([0.0, 1.0, 1.0, 0.0]))
checks.score()

# %% [markdown]
# ## 4.9 Experiments (5 points, ★★, 70 minutes)
#
# Now play. Most of this section is there to be looked at; five small things are graded.
#
# **A spiral.** Three arms, three classes. The next cell trains a network of yours for each of nine settings:
# 3, 6 and 20 hidden units, with little and with much regularization. It shows what each of them makes of
# the plane. (Where sliders run, they stand above the picture.) It takes some ten seconds.


# %% readonly="figure-spiral"
@once_written
def explore_the_spiral():
    X, y = data.spirals()

    def fit(reg, hidden):
        settings = {"learning_rate": 1.0, "learning_rate_decay": 1, "num_iters": 800, "batch_size": 300}
        nets = []
        for start in range(3 if reg < 0.01 else 1):  # of your class, which may always draw the same weights
            net, rng = TwoLayerNet(2, hidden, 3, std=0.5), np.random.default_rng(start)
            net.params["W1"] = 0.5 * rng.normal(size=(2, hidden))
            net.params["W2"] = 0.5 * rng.normal(size=(hidden, 3))
            net.train(X, y, X, y, reg=reg, **settings)
            nets.append(net)
        return max(nets, key=lambda net: np.mean(net.predict(X) == y)).predict

    return viz.explore(fit, X, y, reg=(0.001, 0.01, 0.1), hidden=(3, 6, 20))


explore_the_spiral()

# %% [markdown]
# (With the weakest `reg`, each panel shows the best of three starts: a small network is at the mercy of
# its first weights.)
#
# Read the rows from left to right, then the columns from top to bottom. More hidden
# units let the border bend more often; that is what they are for. More regularization straightens it, and
# here that is the end of the spiral: with `reg` 0.01 not even 20 units follow the arms, and with 0.1
# every point gets the same class. Both numbers say how simple the answer should be, but in different
# ways: the size of the network says what it *could* say, regularization how much it has to be persuaded.
# In practice one takes a network that is rather too large, and tunes the regularization.
#
# Choose settings with which at least 97 % of the points are right. Grading trains a correct network with
# them, so that a slip of yours elsewhere does no harm here.
#
# <details><summary>Hint 1: where to look</summary>
#
# The rows of the picture above: which of the values of `reg` lets the border bend at all?
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# Too few units cannot bend often enough, too much `reg` forbids it, too small a learning rate runs out
# of steps.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# Some 50 units, `std` about 0.5, a learning rate about 1 without decay, whole batches, a `reg` well below
# 0.001, and a good part of the steps that are allowed.
#
# </details>


# %% answer="09_spiral_settings" formula="withheld"
def spiral_settings():
    """Return the settings for the spiral, a dict.

    Its keys: hidden_size, num_iters and batch_size, integers, at most 100, 3000 and 300; std, learning_rate,
    learning_rate_decay and reg, numbers.
    """
    ### BEGIN SOLUTION
    return {
        "hidden_size": 50,
        "std": 0.5,
        "learning_rate": 1.0,
        "learning_rate_decay": 1.0,
        "reg": 3e-4,
        "num_iters": 2000,
        "batch_size": 300,
    }
    ### END SOLUTION


# %% setup="settings"
LIMITS = {"hidden_size": 100, "num_iters": 3000, "batch_size": 300}
NUMBERS = ("std", "learning_rate", "learning_rate_decay", "reg")


def train_with(make, settings, X, y, X_val, y_val):
    """Return a trained network that `make` makes, the class TwoLayerNet, and its history."""
    rest = dict(settings)
    net = make(X.shape[1], rest.pop("hidden_size"), int(y.max()) + 1, std=rest.pop("std"))
    return net, net.train(X, y, X_val, y_val, **rest)


def expect_settings(settings):
    """Raise AssertionError unless `settings` is a dict of numbers with the right keys and within limits."""
    if not isinstance(settings, dict) or set(settings) != {*LIMITS, *NUMBERS}:
        raise AssertionError(f"the settings should be a dict with the keys {', '.join((*LIMITS, *NUMBERS))}")
    for name, most in LIMITS.items():
        value = settings[name]
        if not isinstance(value, int | np.integer) or isinstance(value, bool) or not 1 <= value <= most:
            raise AssertionError(f"{name} should be an integer from 1 to {most}, not {value!r}")
    for name in NUMBERS:
        if not isinstance(settings[name], int | float | np.number) or not 0 <= settings[name] < np.inf:
            raise AssertionError(f"{name} should be a number that is not negative, not {settings[name]!r}")


# %% readonly="09_spiral_settings-self-check"
@once_written
def try_spiral_settings():
    X, y = data.spirals()
    settings = spiral_settings()
    expect_settings(settings)
    net, _ = train_with(TwoLayerNet, settings, X, y, X, y)
    return viz.draw_boundary(net.predict, X, y, title="A network of yours, with your settings")


try_spiral_settings()

# %% graded="09_spiral_settings-values" points=1
checks = Checks("4.9")
with checks("for the spiral: a dict with all settings, within the limits", points=0.25):
    expect_settings(spiral_settings())
### BEGIN HIDDEN TESTS
from course_lib.reference.net import TwoLayerNet as TrueNet
from course_lib.reference.quick_training import train_until

with checks("at least 97 % of a spiral's points are right", points=0.75) as rng:
    settings = spiral_settings()
    expect_settings(settings)
    X, y = data.spirals()
    rest = dict(settings)
    net = TrueNet(2, rest.pop("hidden_size"), 3, std=rest.pop("std"), seed=int(rng.integers(1000)))
    right = train_until(net, 0.97, X, y, X, y, **rest)
    assert right >= 0.97, f"with your settings, {right:.1%} of the points are right"
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# **The right coordinates.** Sometimes a problem is hard only because of how it is written down. A disk
# inside a ring cannot be separated by a straight line. Describe each point by its distance
# $r = \sqrt{x_1^2 + x_2^2}$ from the centre and its angle $\theta$, the one with $x_1 = r \cos \theta$,
# $x_2 = r \sin \theta$ and $-\pi \le \theta \le \pi$, and one line does it, but for a few stray points.
# `np.arctan2(x2, x1)` knows the quadrants. A hidden layer is a machine that looks for such coordinates by
# itself.


# %% answer="09_polar_features" formula="given"
def polar_features(X):
    """Return the points of X (N, 2) in polar coordinates: an array (N, 2) of rows (r, theta).

    theta is in radians, from -pi to pi. X is left unchanged.
    """
    ### BEGIN SOLUTION
    return np.column_stack([np.hypot(X[:, 0], X[:, 1]), np.arctan2(X[:, 1], X[:, 0])])
    ### END SOLUTION


# %% readonly="09_polar_features-self-check"
@once_written
def draw_your_features():
    X, y = data.circles()
    features = polar_features(X)
    shape = np.shape(features)
    told = f"the features should have shape {X.shape}, a row for each point; yours have {shape}"
    assert shape == X.shape, told
    checks = Checks()
    with checks("cos and sin of your theta, times your r, give the points back"):
        points = np.array([[0.0, 2.0], [-3.0, 0.5], [1.0, -1.0], [-1.0, -2.0]])
        with expect_unchanged(points=points):
            r, theta = polar_features(points).T
        assert np.all(np.abs(theta) <= np.pi), "theta should lie between -pi and pi, in radians"
        for told, back, axis in (
            ("r cos theta", r * np.cos(theta), 0),
            ("r sin theta", r * np.sin(theta), 1),
        ):
            expect_close(told, back, points[:, axis])
    print(checks)
    return viz.draw_points({"x1 and x2": X, "your r and theta": features}, y)


draw_your_features()

# %% graded="09_polar_features-values" points=1
checks = Checks("4.9")
with checks("(0, 2), (-3, 0) and (1, -1) are (2, pi/2), (3, pi) and (sqrt 2, -pi/4)", points=0.5):
    features = polar_features(np.array([[0.0, 2.0], [-3.0, 0.0], [1.0, -1.0]]))
    expected = np.array([[2.0, np.pi / 2], [3.0, np.pi], [np.sqrt(2), -np.pi / 4]])
    expect_close("features", features, expected)
### BEGIN HIDDEN TESTS
with checks("points in all quadrants, and a single one", points=0.5) as rng:
    for N in (40, 1):
        r, theta = rng.uniform(0.1, 3.0, size=N), rng.uniform(-3.1, 3.1, size=N)
        X = np.column_stack([r * np.cos(theta), r * np.sin(theta)])
        with expect_unchanged(X=X):
            features = polar_features(X)
        expect_close("features", features, np.column_stack([r, theta]), rtol=1e-9)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# **A curve.** A network need not classify. With one input and one output, a hidden layer of ReLUs draws a
# line that bends once for each unit: at the place where the unit wakes up. Here the hidden units are
# fixed, spread evenly over the axis (the first wakes up left of the picture), and only the output weights
# are fitted to the points, by least squares. That more and more units come as close as you like to *any*
# continuous curve is the **universal approximation theorem** (Cybenko 1989 for sigmoids; Hornik 1991 for
# far more). It says that the weights exist. It does not say how many units it takes, nor that training
# finds them.


# %% readonly="figure-curve"
@once_written
def draw_fitted_curves():
    X, y = data.one_dimensional_curve()
    fine = np.linspace(-3, 3, 301)[:, np.newaxis]
    figure, axes = viz.new_figure(1, 3, height=2.9)

    def hidden(x, units):
        w, b = np.ones((1, units)), -np.linspace(-3.5, 2.5, units)
        return np.column_stack([relu_forward(affine_forward(x, w, b)[0])[0], np.ones(len(x))])

    for ax, units in zip(axes.flat, (3, 6, 20), strict=True):
        weights = np.linalg.lstsq(hidden(X, units), y, rcond=None)[0]
        curve = hidden(fine, units) @ weights
        ax.plot(X, y, "o", color="#6b7280", markersize=2.5, alpha=0.6)
        ax.plot(fine, curve, color="#d55e00", linewidth=2)
        ax.set(title=f"{units} hidden units", xlabel="x")
    alt = "Noisy points of a wave, fitted by 3, 6 and 20 ReLUs: a few straight pieces, then nearly a wave."
    return viz.Picture(figure, alt)


draw_fitted_curves()

# %% [markdown]
# **Handwritten digits.** 1797 images of 8 by 8 pixels: 1200 to train on, 297 to choose settings by (the
# *validation* set), and 300 to look at once, at the very end (the *test* set). If you choose settings by
# what they do on the test set, you have trained on it, only slowly.
#
# Choose settings with which at least 95 % of the test images are recognized. Look at the curves: if the
# training loss hardly falls, the learning rate or `std` is too small; if it jumps about, the learning
# rate is too large; if training accuracy is far above validation accuracy, regularize more.


# %% answer="09_digits_settings" formula="withheld"
def digits_settings():
    """Return the settings for the digits, a dict with the keys and limits of spiral_settings."""
    ### BEGIN SOLUTION
    return {
        "hidden_size": 40,
        "std": 0.1,
        "learning_rate": 0.5,
        "learning_rate_decay": 0.98,
        "reg": 5e-4,
        "num_iters": 800,
        "batch_size": 100,
    }
    ### END SOLUTION


# %% readonly="09_digits_settings-self-check"
@once_written
def try_digits_settings():
    from IPython.display import display

    split = data.digits(seed=0)
    settings = digits_settings()
    expect_settings(settings)
    net, history = train_with(TwoLayerNet, settings, *split[:4])
    display(viz.draw_training(history))
    print(f"test accuracy: {np.mean(net.predict(split.X_test) == split.y_test):.3f}")
    return viz.draw_templates(net.params["W1"])


try_digits_settings()

# %% graded="09_digits_settings-values" points=1.5
checks = Checks("4.9")
with checks("for the digits: a dict with all settings, within the limits", points=0.5):
    expect_settings(digits_settings())
### BEGIN HIDDEN TESTS
from course_lib.reference.net import TwoLayerNet as TrueNet
from course_lib.reference.quick_training import train_until

with checks("at least 95 % of the test images are recognized", points=1) as rng:
    settings = digits_settings()
    expect_settings(settings)
    split = data.digits(seed=0)
    rest = dict(settings)
    net = TrueNet(64, rest.pop("hidden_size"), 10, std=rest.pop("std"), seed=int(rng.integers(1000)))
    right = train_until(net, 0.95, split.X_train, split.y_train, split.X_test, split.y_test, **rest)
    assert right >= 0.95, f"with your settings, {right:.1%} of the test images are recognized"
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# The pictures at the end are the columns of $W_1$, one for each hidden unit, each folded back into the
# shape of an image: its **template**. A unit wakes up for images with ink where its template is orange,
# and without ink where it is blue. Some look for strokes and hooks, many for nothing that has a name.
#
# A *linear* classifier has one template for each class. Trained on photographs, its horse has two heads,
# since some horses look left and others right, and its car is red, since most were. A hidden layer has
# room for both horses, and for cars of several colours; $W_2$ then weighs them: a large weight from the
# left-looking and from the right-looking unit to the class "horse" says that either will do.
#
# If you have the files of CIFAR-10 (32 by 32 colour photographs in 10 classes), `data.cifar10(path)`
# reads them, and the same class trains on them: about half of the images is what such a network can
# recognize. `viz.draw_templates(net.params["W1"], shape=(3, 32, 32))` shows the templates.
#
# **The other loss.** You have two, and training does not mind which. The next cell trains the same network
# twice on the digits, from the same weights, with your layers: once under your softmax loss, once under your
# SVM loss. Only the line that asks for the loss differs. (The two curves measure different things: compare
# how they fall, and compare the accuracies, not the heights.)


# %% readonly="figure-two-losses"
@once_written
def train_with_both_losses():
    split, losses = data.digits(seed=0), {}
    for told, loss_function in (("softmax", softmax_loss), ("SVM", svm_loss)):
        draw = np.random.default_rng(0)
        W1, b1 = 0.1 * draw.normal(size=(64, 40)), np.zeros(40)
        W2, b2 = 0.1 * draw.normal(size=(40, 10)), np.zeros(10)
        history = []
        try:
            for _ in range(400):
                rows = draw.integers(len(split.X_train), size=100)
                hidden, first = affine_forward(split.X_train[rows], W1, b1)
                rectified, mask = relu_forward(hidden)
                scores, second = affine_forward(rectified, W2, b2)
                loss, dscores = loss_function(scores, split.y_train[rows])
                history.append(loss)
                drectified, dW2, db2 = affine_backward(dscores, second)
                _, dW1, db1 = affine_backward(relu_backward(drectified, mask), first)
                W1, b1, W2, b2 = W1 - 0.2 * dW1, b1 - 0.2 * db1, W2 - 0.2 * dW2, b2 - 0.2 * db2
        except NotImplementedError:
            continue
        hidden = relu_forward(affine_forward(split.X_test, W1, b1)[0])[0]
        right = np.mean(affine_forward(hidden, W2, b2)[0].argmax(axis=1) == split.y_test)
        losses[f"{told}: {right:.1%} of the test images"] = history
    if not losses:
        return print("your layers and losses of 4.2 to 4.4: not all written yet")
    count = "two losses" if len(losses) == 2 else "the loss that you have written"
    return viz.draw_losses(losses, title=f"The same network under {count}", logarithmic=True)


train_with_both_losses()

# %% [markdown]
# **Features made by hand.** Before features were learned, people designed them, as you did with $r$ and
# $\theta$. Two of the most successful ones for pictures are yours to write.
#
# *A colour histogram.* A picture is an array (height, width, 3): how much red, green and blue, from 0 to 1,
# each pixel has. Cut the range of each colour into `bins` equal parts, so that there are `bins ** 3` boxes of
# similar colours, and say which share of the pixels lies in each box. Where the colours are is forgotten,
# and that is the point: a horse on the left has the histogram of a horse on the right.
#
# *Oriented gradients.* Now the picture is grey, an array (height, width).
#
# 1. `dy, dx = np.gradient(image)` is how fast the brightness changes at each pixel, downwards and to the
#    right. The **strength** of the edge there is $\sqrt{dx^2 + dy^2}$.
# 2. Its **direction** is the angle of $(dx, dy)$. From dark to light or from light to dark is the same edge,
#    so take the angle modulo $\pi$: it lies in $[0, \pi)$, and exactly $\pi$ is 0 again. Cut this half circle
#    into as many equal parts as `directions` says, numbered from 0.
# 3. Cut the picture into square cells, `cell` pixels high and wide. For each cell and each part of the half
#    circle, **add up** the strengths of the pixels that belong there.
#
# A picture of 320 by 240 pixels in cells of 8 has 30 rows of 40 cells. With 9 directions,
# $30 \cdot 40 \cdot 9 = 10\,800$ numbers are left.
#
# By hand: a picture that gets brighter by 1 with every column, `np.tile(np.arange(8.0), (4, 1))`, has
# strength 1 and angle 0 everywhere. In cells of 4 by 4, part 0 of each of its two cells is 16, all else is 0.
# Turn it into its negative, and the angle is $\pi$: the answer must stay the same.
#
# <details><summary>Hint 1: where to look</summary>
#
# Both are one question: into which box does each pixel go? Find the number of the box for all pixels at
# once, as integers, then count, or add.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# Four boxes for a value between 0 and 1: 0.6 times 4 is 2.4, so it is box 2. The value 1 would be box 4,
# which does not exist: it belongs to box 3. And with `n = np.zeros(3)`, the line `n[[1, 1]] += 5` leaves
# `n[1]` at 5, since the second addition is lost; `np.add.at(n, [1, 1], 5)` makes it 10.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# Colours: multiply by `bins`, cut off to integers, at most `bins` - 1; three numbers for each pixel are
# the place in an array (`bins`, `bins`, `bins`). Edges: `np.arctan2` and `np.hypot` of the two changes;
# `np.indices`, divided by `cell` and rounded down, says in which row and column of cells each pixel lies;
# add the strengths at (row, column, part).
#
# </details>


# %% answer="09_color_histogram" formula="withheld"
def color_histogram(image, bins=4):
    """Return which share of the pixels has colours of which kind: an array (bins, bins, bins), sum 1.

    image: (height, width, 3), floats from 0 to 1 (both may occur): red, green, blue. It is left unchanged.
    Entry (r, g, b) is for pixels whose red lies in part r, green in part g and blue in part b of [0, 1].
    """
    ### BEGIN SOLUTION
    boxes = np.minimum((image * bins).astype(int), bins - 1)
    counts = np.zeros((bins, bins, bins))
    np.add.at(counts, tuple(np.moveaxis(boxes, -1, 0)), 1)
    return counts / counts.sum()
    ### END SOLUTION


# %% answer="09_oriented_gradients" formula="withheld"
def oriented_gradients(image, cell=8, directions=9):
    """Return how strong the edges are in each cell, by direction: (height / cell, width / cell, directions).

    image: (height, width), numbers; both sizes are multiples of cell. It is left unchanged.
    """
    ### BEGIN SOLUTION
    down, right = np.gradient(image)
    parts = (np.arctan2(down, right) % np.pi * directions / np.pi).astype(int)
    rows, columns = np.indices(image.shape) // cell
    strengths = np.zeros((image.shape[0] // cell, image.shape[1] // cell, directions))
    np.add.at(strengths, (rows, columns, parts % directions), np.hypot(down, right))
    return strengths
    ### END SOLUTION


# %% setup="landscape"
def landscape(height=240, width=320):
    """Return a picture, (height, width, 3), of a sun over a hill: generated, and free of anybody's rights."""
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    sky = np.stack([0.45 + 0.3 * y, 0.65 + 0.2 * y, 0.95 - 0.1 * y], axis=-1)
    sun = np.hypot((x - 0.75) * width / height, y - 0.25) < 0.13
    hill = y > 0.75 - 0.25 * np.sin(np.pi * x) ** 2
    sky[sun], sky[hill] = (0.98, 0.85, 0.2), (0.25, 0.5, 0.2)
    trunk = (np.abs(x - 0.3) < 0.02) & (np.abs(y - 0.5) < 0.2)
    sky[trunk] = (0.35, 0.2, 0.1)
    return sky


# %% readonly="09_color_histogram-self-check"
def check_your_histogram():
    checks, rng = Checks(), np.random.default_rng(0)
    with checks("one pixel of (0, 0.6, 1): all of it in part (0, 2, 3)"):
        shares = np.asarray(color_histogram(np.array([[[0.0, 0.6, 1.0]]])))
        assert shares.shape == (4, 4, 4), f"with 4 bins the shape is (4, 4, 4), yours is {shares.shape}"
        expect_close("the share of (0, 2, 3)", shares[0, 2, 3], 1.0)
    with checks("random colours, 3 bins: shares that add up to 1; the picture is left unchanged"):
        image = rng.uniform(size=(5, 7, 3))
        with expect_unchanged(image=image):
            shares = color_histogram(image, bins=3)
        reds = [np.mean((image[..., 0] >= k / 3) & (image[..., 0] < (k + 1) / 3)) for k in range(3)]
        expect_close("the sum of all shares", np.sum(shares), 1.0)
        expect_close("the shares of the parts of red", np.sum(shares, axis=(1, 2)), np.array(reds))
    with checks("the picture's mirror image has the same histogram"):
        shares, mirrored = color_histogram(image), color_histogram(image[:, ::-1])
        assert np.any(shares), "all shares are 0"
        expect_close("shares", mirrored, shares)
    print(checks)


check_your_histogram()


# %% readonly="09_oriented_gradients-self-check"
def check_your_gradients():
    checks, rng = Checks(), np.random.default_rng(0)
    with checks("brighter to the right: 16 in part 0 of both cells; its negative is the same"):
        ramp, expected = np.tile(np.arange(8.0), (4, 1)), np.zeros((1, 2, 9))
        expected[:, :, 0] = 16
        expect_close("the answer for the ramp", oriented_gradients(ramp.copy(), cell=4), expected)
        expect_close("the answer for its negative", oriented_gradients(7 - ramp, cell=4), expected)
    with checks("brighter downwards: part 4 of 9, the middle of the half circle"):
        expected = np.zeros((2, 1, 9))
        expected[:, :, 4] = 16
        expect_close(
            "the answer for the ramp", oriented_gradients(np.tile(np.arange(8.0), (4, 1)).T, cell=4), expected
        )
    with checks("brighter by 2 to the right, darker by 1 downwards: part 7 of 9; its negative is the same"):
        rows, columns = np.indices((4, 8))
        expected = np.zeros((1, 2, 9))
        expected[:, :, 7] = 16 * np.sqrt(5)
        for told, image in (("slanted ramp", 2.0 * columns - rows), ("negative", 1.0 * rows - 2 * columns)):
            expect_close(f"the answer for the {told}", oriented_gradients(image, cell=4), expected)
    with checks("320 by 240 pixels: 30 x 40 x 9 = 10,800 numbers; the picture is left unchanged"):
        image = rng.uniform(size=(240, 320))
        with expect_unchanged(image=image):
            strengths = np.asarray(oriented_gradients(image))
        assert strengths.shape == (30, 40, 9), f"the shape should be (30, 40, 9), yours is {strengths.shape}"
        dy, dx = np.gradient(image)
        expect_close("all strengths together", strengths.sum(), np.hypot(dy, dx).sum())
    print(checks)


check_your_gradients()


# %% readonly="figure-handmade"
@once_written
def draw_handmade_features():
    """The landscape, its commonest colours, and its edges: one stroke along each cell's strongest one."""
    image = landscape()
    shares, strengths = color_histogram(image), oriented_gradients(image.mean(axis=-1))
    figure, axes = viz.new_figure(1, 3, height=2.6)
    axes[0, 0].imshow(image)
    axes[0, 0].set(title="The picture", xticks=[], yticks=[])
    most = np.argsort(shares, axis=None)[:-7:-1]
    colours = (np.column_stack(np.unravel_index(most, shares.shape)) + 0.5) / shares.shape[0]
    axes[0, 1].bar(range(6), shares.ravel()[most], color=colours, edgecolor="#6b7280")
    axes[0, 1].set(title="Its 6 commonest colours", ylabel="share of the pixels", xticks=[])
    for row, column in zip(*np.nonzero(strengths.max(axis=-1) > 0.15), strict=True):
        best = strengths[row, column].argmax()
        along = np.pi * (best + 0.5) / strengths.shape[-1] + np.pi / 2  # an edge lies across its gradient
        dx, dy = 0.5 * np.cos(along), 0.5 * np.sin(along)
        axes[0, 2].plot([column - dx, column + dx], [row - dy, row + dy], color="#d55e00", linewidth=1.5)
    axes[0, 2].set(title="Its edges", xlim=(-1, 40), ylim=(30, -1), aspect="equal", xticks=[], yticks=[])
    for place in (0, 2):
        axes[0, place].spines[:].set_visible(False)
    alt = (
        "A generated picture of a yellow sun and a brown trunk over a green hill; bars with the shares of "
        "its commonest colours; and strokes that follow the hill, the sun and the trunk."
    )
    return viz.Picture(figure, alt)


draw_handmade_features()

# %% graded="09_color_histogram-values" points=0.5
checks = Checks("4.9")
with checks("two pixels, black and white, 2 bins: one half in the first box, one in the last", points=0.25):
    shares = color_histogram(np.array([[[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]]), bins=2)
    expected = np.zeros((2, 2, 2))
    expected[0, 0, 0] = expected[1, 1, 1] = 0.5
    expect_close("shares", shares, expected)
### BEGIN HIDDEN TESTS
from course_lib.reference import handmade

with checks("random colours, other sizes and other numbers of bins", points=0.25) as rng:
    for shape, bins in (((6, 5), 4), ((1, 9), 3), ((8, 8), 5)):
        image = rng.uniform(size=(*shape, 3))
        image[0, 0] = 1.0
        with expect_unchanged(image=image):
            shares = color_histogram(image, bins=bins)
        expect_close("shares", shares, handmade.color_histogram(image, bins))
### END HIDDEN TESTS
checks.score()

# %% graded="09_oriented_gradients-values" points=1
checks = Checks("4.9")
with checks("the ramp above, in cells of 4: 16 in part 0 of both cells, also for its negative", points=0.25):
    ramp, expected = np.tile(np.arange(8.0), (4, 1)), np.zeros((1, 2, 9))
    expected[:, :, 0] = 16
    expect_close("the answer for the ramp", oriented_gradients(ramp.copy(), cell=4), expected)
    expect_close("the answer for its negative", oriented_gradients(7 - ramp, cell=4), expected)
### BEGIN HIDDEN TESTS
from course_lib.reference import handmade

with checks("random pictures, other cells and directions", points=0.75) as rng:
    for shape, cell, directions in (((16, 24), 8, 9), ((9, 6), 3, 5), ((10, 10), 5, 7)):
        image = rng.uniform(size=shape)
        with expect_unchanged(image=image):
            strengths = oriented_gradients(image, cell=cell, directions=directions)
        expect_close("strengths", strengths, handmade.oriented_gradients(image, cell, directions), rtol=1e-9)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# What are they good for? Take the digits, and turn half of them, at random, into their negatives: white on
# black. A linear classifier on the *pixels* is lost, for what speaks for a digit in one half speaks against
# it in the other. On your oriented gradients it sees no difference at all. The cell fits both by least
# squares to 400 digits, with cells of 2 by 2 pixels.


# %% readonly="figure-negatives"
@once_written
def compare_pixels_with_features():
    split, rng = data.digits(seed=0), np.random.default_rng(0)

    def features(X):
        return np.array([np.ravel(oriented_gradients(x.reshape(8, 8), cell=2)) for x in X])

    def linear(describe, X, y, X_test, y_test):
        inputs, tests = (np.column_stack([describe(A), np.ones(len(A))]) for A in (X, X_test))
        weights = np.linalg.lstsq(inputs, np.eye(10)[y], rcond=None)[0]
        return 100 * np.mean((tests @ weights).argmax(axis=1) == y_test)

    def half_negative(X):
        return np.where(rng.random(len(X))[:, np.newaxis] < 0.5, 1 - X, X)

    right = {"pixels": [], "oriented gradients": []}
    for change in (lambda X: X, half_negative):
        sets = change(split.X_train[:400]), split.y_train[:400], change(split.X_test), split.y_test
        right["pixels"].append(linear(lambda X: X, *sets))
        right["oriented gradients"].append(linear(features, *sets))
    figure, axes = viz.new_figure(width=6.5, height=2.6)
    for shift, colour, (told, shares) in zip((-0.2, 0.2), ("#0072b2", "#d55e00"), right.items(), strict=True):
        bars = axes[0, 0].barh([1 - shift, 0 - shift], shares, 0.36, color=colour, label=f"linear on {told}")
        axes[0, 0].bar_label(bars, fmt="%.0f %%", padding=2)
    axes[0, 0].set(yticks=[1, 0], yticklabels=["as they are", "half of them negative"], xlim=(0, 115))
    axes[0, 0].set(xlabel="test images recognized, in percent", title="What features forget on purpose")
    axes[0, 0].legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.25), ncols=2)
    alt = "Test images recognized by a linear classifier: " + "; ".join(
        f"on {told} {plain:.0f} %, with half of them negative {mixed:.0f} %"
        for told, (plain, mixed) in right.items()
    )
    return viz.Picture(figure, alt)


compare_pixels_with_features()

# %% [markdown]
# Somebody had to know that the sign of an edge does not matter. A hidden layer finds out by itself, if the
# data say so, and that is how learned features replaced these.

# %% [markdown]
# ## 4.10 In your own words (5 points, ★★, 20 minutes)
#
# **An aside: neurons.** A real neuron collects signals on its dendrites, and fires spikes along its axon;
# how often it fires, its rate, is what our activations imitate. But dendrites compute by themselves, the
# timing of spikes matters, there are many kinds of neurons, and they are wired without layers, almost at
# random. So the analogy is good for a name and a first picture, and is to be handled with care.
#
# 1. (2 points) What can a network of ten layers do if the non-linearities between them are left out, and
#    why?
# 2. (2 points) Your network does much better on the training data than on the validation data. A friend
#    advises fewer hidden units. Give two other remedies, and say which you would try first and why.
# 3. (1 point) People compare the units of a network with the neurons of a brain. Name one respect in
#    which the comparison holds, and one in which it does not.

# %% [markdown] written="10_written" points=5
# ### BEGIN SOLUTION
# 1. No more than a single affine layer. $W_2 (W_1 x + b_1) + b_2 = (W_2 W_1) x + (W_2 b_1 + b_2)$, and
#    again with the third, and so on: the product of ten matrices is one matrix. Its borders between
#    classes are straight, so XOR and the paws are out of its reach. It may even do less, if one of the
#    layers between is narrow: the rank of the product is at most the smallest width.
# 2. Stronger regularization (a larger `reg`), and more training data; also stopping earlier. I would
#    first increase the regularization, and keep the large network: its strength can be set in fine steps,
#    by validation accuracy, whereas a network that is too small cannot follow what the data do show, and
#    is harder to train. More data is the best remedy where it can be had.
# 3. It holds in that a unit sums weighted signals from others, and fires when the sum exceeds a
#    threshold, as a rough picture of a neuron does; also in that what is learned lies in the strengths of
#    connections. It does not in that real neurons fire in spikes over time, have dendrites that compute
#    in complicated ways, come in many kinds, are connected without regular layers, and nobody has found
#    backpropagation in them.
#
# **Rubric** (5 points)
# * Question 1, 2 points: 1 for "a single linear (or affine) layer"; 1 for the reason, the product of the
#   matrices. Forgetting the biases costs nothing.
# * Question 2, 2 points: 1/2 for each of two valid remedies (stronger regularization of any kind, more or
#   augmented data, early stopping); 1 for a choice with a reason. "Fewer steps" counts as early stopping.
# * Question 3, 1 point: 1/2 for each respect.
# ### END SOLUTION

# %% [markdown]
# ## What to take along
#
# * Training is: forward, loss, backward, a small step. The rest is care.
# * A layer is a pair of functions and a cache between them. Its backward pass multiplies by `dout`, sums
#   where something was copied, and gives each gradient the shape of its variable.
# * Subtract the largest score before you exponentiate; take logarithms on paper.
# * Loss and gradient have to tell the same story: mean with mean, penalty with penalty, factor with
#   factor.
# * A loss that falls proves nothing about gradients. Measure.
# * Width says what a network could express; regularization, how much it has to be persuaded.
#
# You have now written all of it by hand, once. In the next assignment the computer takes over the
# backward pass.
