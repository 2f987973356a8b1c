# %% [markdown]
# # Gates that know their own derivative
#
# When you differentiate a graph by hand, you write the same few lines over and over: a sum passes its
# gradient on, a product swaps and scales. In this notebook each of these lines is written once, for good,
# as a small object called a **gate**. Gates are then wired into graphs, the graphs differentiate
# themselves, and at the end a handful of large gates, called *layers*, make a neural network.
#
# Nothing new happens mathematically. Each gate multiplies the gradient that reaches it by its own local
# derivative, and that is all that a library such as PyTorch does too. What is new is the *form*: one
# interface with two methods, simple enough that any gate fits any other. You need classes in Python, the
# derivatives of the usual functions, and a little NumPy.
#
# | exercise | what you do | stars | minutes | builds on | may be skipped? |
# |---|---|---|---|---|---|
# | 2.1 | two gates: add and multiply | ★ | 20 | | no |
# | 2.2 | a router, and an adder of gradients | ★★ | 20 | 2.1 | no |
# | 2.3 | seven gates with one input | ★★ | 35 | 2.1 | some of the seven |
# | 2.4 | three promises that all gates keep | ★ | 15 | 2.1 to 2.3 | |
# | 2.5 | a graph that differentiates itself | ★★★ | 60 | 2.1 | no: it is the heart of it |
# | 2.6 | four formulas, wired | ★ | 25 | 2.1 to 2.3 | |
# | 2.7 | layers, and a net made of them | ★★★ | 60 | 2.1 | if you go on to assignment 4 |
# | 2.8 | in your own words | ★★ | 20 | 2.5 | |
#
# "Builds on" means the idea: later exercises bring gates and layers of their own to be graded with, so a
# slip costs its own exercise. (2.4 looks at your own gates, and what you see run in 2.6 and 2.7 is yours.)
# Altogether this takes some four hours.
#
# **How the notebook works**
#
# * You write where a cell says `raise NotImplementedError("not written yet")`. Replace that line.
# * Before each exercise stand three **hints**, folded: where to look, the idea in a smaller case, all but
#   the line. Open them one at a time, when you have been stuck for a while; they cost nothing.
# * Now and then you are asked to **predict** a number before you run a cell. Nobody sees it but you.
# * After each gate comes a *self-check*. It compares your gradients with numerical ones and, when they
#   differ, says where, by how much and, if it can tell, why. It is worth no points; run it as often as you
#   like.
# * Then come the graded cells. They show the numbers you can check by hand. Grading runs more checks than
#   you see here, with other numbers and shapes.
# * Figures, self-checks and graded cells come **folded**, as one line with a title. Run them as they are,
#   from top to bottom; unfold one (click on its line) if you want to see how it works.
# * How far are you? `import course_lib` and then `course_lib.progress()`, in a cell of your own, show a
#   table of all the checks you can see.
#
# There are 100 points: 90 are graded by the cells below, 10 by a person.

# %% setup="imports"
from functools import partial

import numpy as np

from course_lib import assert_gate, assert_vjp, check_gate, check_parameters, check_vjp, viz
from course_lib.grading import (
    Checks,
    compare_prediction,
    expect_close,
    expect_raises,
    expect_shape,
    expect_unchanged,
    fresh,
    in_turn,
    once_written,
)

# %% [markdown]
# ## The protocol
#
# A gate is an object with two methods.
#
# * **`forward`** takes the inputs, returns the value, and *remembers* whatever the way back will need.
# * **`backward`** takes the **upstream gradient**, the gradient of the final output $L$ with respect to
#   this gate's value, and returns a tuple with one gradient per input: upstream times local.
#
# $$\mathrm{d}x = \frac{\partial L}{\partial x}
# = \underbrace{\frac{\partial L}{\partial z}}_{\mathrm{d}z\text{, upstream}} \cdot
# \underbrace{\frac{\partial z}{\partial x}}_{\text{local}}
# \qquad\text{and the same for } y .$$
#
# The gate has no idea what $L$ is, nor what its neighbours do. It does not have to.

# %% readonly="figure-gate"
viz.draw_graph(
    [
        ("x", "", (), "x", "dx"),
        ("y", "", (), "y", "dy"),
        ("z", "a gate", ("x", "y"), "z", "dz"),
    ],
    title="A gate: values in and out, gradients back",
)

# %% [markdown]
# Here are three gates, finished. Read them well: yours will follow the same pattern. All three accept
# numbers as well as arrays, entry by entry; inputs of one gate always have the same shape.
#
# * `TanhGate` has one input, so its `backward` returns a tuple of *one* gradient: `(dx,)`, with a comma.
#   Since $\tanh' = 1 - \tanh^2$, remembering the value saves computing it again.
# * `SubtractGate` has two, with the local derivatives $1$ and $-1$. They do not depend on the inputs, and
#   there is nothing to remember, except that `forward` has been here.
# * `MeanGate` takes any number of inputs. On the way back it has to know how many there were.
#
# If `backward` is called first, there is nothing to go back to, and the gate says so with a
# `RuntimeError`.


# %% readonly="given-gates" open=True
class TanhGate:
    """y = tanh(x)."""

    def __init__(self):
        self.y = None

    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, dy):
        if self.y is None:
            raise RuntimeError("TanhGate: backward was called before forward")
        return ((1 - self.y**2) * dy,)


class SubtractGate:
    """z = x - y."""

    def __init__(self):
        self.has_run = False

    def forward(self, x, y):
        self.has_run = True
        return x - y

    def backward(self, dz):
        if not self.has_run:
            raise RuntimeError("SubtractGate: backward was called before forward")
        return dz, -dz


class MeanGate:
    """z = the mean of any number of inputs."""

    def __init__(self):
        self.count = None

    def forward(self, *inputs):
        self.count = len(inputs)
        return sum(inputs) / self.count

    def backward(self, dz):
        if self.count is None:
            raise RuntimeError("MeanGate: backward was called before forward")
        return (dz / self.count,) * self.count


# %%
# Play with them: this cell is yours.
gate = TanhGate()
y = gate.forward(0.5)
(dx,) = gate.backward(10.0)
print(f"tanh(0.5) = {y:.4f}; with an upstream gradient of 10, dx = {dx:.4f}")
check_gate(gate, np.array([0.5, -1.0, 2.0]))

# %% [markdown]
# From here on you will meet folded cells like the next two, in which the checks find their tools: here,
# inputs of several kinds, and comparisons of a gate with the function and the derivatives that it should
# have. You need not read them, only run them.


# %% setup="gate-checks" title="What the checks are written with: gates"
def plain_inputs(rng, low, high, count=1):
    """Return lists of `count` inputs between `low` and `high`: numbers, and arrays of several shapes."""
    return [
        [float(rng.uniform(low, high)) for _ in range(count)],
        *([rng.uniform(low, high, size=shape) for _ in range(count)] for shape in ((1,), (3, 2))),
    ]


def awkward_inputs(rng, low, high, count=1):
    """Return lists of `count` inputs of integers, of views with gaps, and of transposed views."""
    wholes = [rng.uniform(low, high, size=(4, 6)) for _ in range(count)]
    return [
        [rng.integers(int(np.ceil(low)), int(high) + 1, size=(2, 3)) for _ in range(count)],
        [whole[:, ::2] for whole in wholes],
        [whole[1:].T for whole in wholes],
    ]


def like(rng, x):
    """Return random numbers of both signs, of the shape of `x`."""
    return rng.normal(size=np.shape(x)) if np.shape(x) else float(rng.normal())


def run(gate, inputs, *upstream):
    """Run the gate forward, then backward, and return what both returned."""
    return in_turn([partial(gate.forward, *inputs), partial(gate.backward, *upstream)])


def expect_forward(make_gate, all_inputs, function):
    """Run a new gate forward at each of the inputs and compare with `function`; they may not change."""
    gates = in_turn([partial(make_gate)] * len(all_inputs))
    for gate, inputs in zip(gates, all_inputs, strict=True):
        right = function(*inputs)
        with expect_unchanged(**arrays_among(inputs)):
            expect_close("what forward returns", gate.forward(*inputs), right, rtol=1e-12, atol=0)


def expect_backward(make_gate, all_inputs, gradients, rng):
    """Run a new gate forward and backward at each of the inputs; nothing passed in may change.

    What comes back is compared with `gradients(dz, *inputs)`, where dz is random.
    """
    gates = in_turn([partial(make_gate)] * len(all_inputs))
    for gate, inputs in zip(gates, all_inputs, strict=True):
        dz = like(rng, inputs[0])
        right = gradients(dz, *inputs)
        with expect_unchanged(**arrays_among(inputs), **arrays_among([dz], ("upstream",))):
            _, found = run(gate, inputs, dz)
            expect_gradients("what backward returns", found, right, rtol=1e-12, atol=0)


def expect_gradients(name, found, gradients, **allowed):
    """Compare what backward returned with a tuple of one gradient for each input."""
    expect_tuple(name, found, len(gradients))
    expect_close(name, found, gradients, **allowed)


def expect_tuple(name, found, count):
    """Raise AssertionError unless what backward returned is one gradient for each of `count` inputs."""
    form = "(dx,), with a comma" if count == 1 else f"one gradient for each of the {count} inputs"
    assert isinstance(found, tuple | list), f"{name} should be a tuple: {form}"
    assert len(found) == count, f"{name} should be a tuple: {form}; yours holds {len(found)}"


def expect_not_added(name, found, added, right):
    """Raise AssertionError, naming the slip, where `found` is not `right` but `added`, the sum of calls."""
    if is_close(found, added) and not is_close(found, right):
        raise AssertionError(f"{name}: you add to the first call's gradient; each call starts afresh")


def is_close(found, expected):
    """Whether two results agree in form and value."""
    try:
        expect_close("", found, expected)
    except AssertionError:
        return False
    return True


def as_plain(gradients):
    """Return a copy of what backward returned, as a tuple of arrays; a bare one is found out elsewhere."""
    assert gradients is not None, "backward returned None; did you forget the return statement?"
    if not isinstance(gradients, tuple | list):
        gradients = (gradients,)
    return tuple(np.array(gradient, dtype=float) for gradient in gradients)


def arrays_among(values, names=("x", "y")):
    """Return the arrays among `values` by name."""
    return {name: value for name, value in zip(names, values, strict=False) if isinstance(value, np.ndarray)}


# %% readonly="self-checks" title="What the self-checks are written with"
@once_written
def self_check(gate, function, *inputs):
    """Compare a gate with `function` (forward) and with numerical gradients of its own forward (backward)."""
    checks = Checks()
    upstream = np.linspace(-1.0, 2.0, np.size(inputs[0])).reshape(np.shape(inputs[0]))
    with checks("forward: its values"):
        expect_forward(lambda: gate, [fresh(inputs)], function)
    with checks("backward: a tuple with one gradient for each input"):
        gate.forward(*fresh(inputs))
        expect_tuple("what backward returns", gate.backward(upstream.copy()), len(inputs))
    with checks("single numbers and arrays of integers, as well as arrays of floats"):
        expect_of_any_kind(gate, len(inputs))
    with checks("what is passed in is left unchanged"):
        given = fresh(inputs)
        with expect_unchanged(**arrays_among(given), upstream=upstream):
            gate.forward(*given)
            gate.backward(upstream)
    with checks("backward twice gives the same answer twice"):
        gate.forward(*fresh(inputs))
        first, again = (np.array(as_plain(gate.backward(upstream.copy()))) for _ in range(2))
        expect_not_added("backward, called again", again, 2 * first, first)
        expect_close("backward, called again,", again, first)
    print(checks)
    if checks.outcomes[0].status != "failed":
        return check_gate(gate, *inputs)
    print("As the values of forward are wrong, backward is compared with the right function:")
    names = ("x", "y")[: len(inputs)]
    return check_vjp(lambda *x: (function(*x), x), backward_of(gate), *inputs, names=names)


def expect_of_any_kind(gate, count):
    """Compare a gate at integers, and at plain numbers, with itself at arrays of floats."""
    whole = [np.array([3, 1]), np.array([2, 4])][:count]
    value = gate.forward(*(x.astype(float) for x in whole))
    gradients = as_plain(gate.backward(np.array([0.5, -1.5])))
    for told, found in (("forward", value), *(("backward", gradient) for gradient in gradients)):
        expect_shape(f"what {told} returns, for arrays with two entries,", found, (2,))
    expect_close("forward, of integers,", gate.forward(*fresh(whole)), value)
    expect_close("backward, at integers,", as_plain(gate.backward(np.array([0.5, -1.5]))), gradients)
    expect_close("forward, of numbers,", gate.forward(*(float(x[0]) for x in whole)), float(value[0]))
    of_numbers = tuple(gradient[0] for gradient in gradients)
    expect_close("backward, at numbers,", as_plain(gate.backward(0.5)), of_numbers)


def backward_of(gate):
    """Return a function of an upstream gradient and the inputs that runs the gate forward, then backward."""

    there = gate.backward

    def backward(upstream, inputs):
        gate.forward(*fresh(inputs))
        return there(upstream)

    backward.__name__ = type(gate).__name__
    backward.around = there  # where a first wrong line is looked for
    return backward


# %% [markdown]
# ## 2.1 Add and multiply (10 points, ★, 20 minutes)
#
# The two gates you will use most. For $z = x + y$ both local derivatives are 1: the upstream gradient is
# **distributed**, unchanged, to both inputs. For $z = xy$ they are $y$ and $x$: each input receives the
# upstream gradient times the *other* input, **swapped and scaled**.
#
# The classes come with an attribute `cache` in which `forward` can leave what `backward` needs. It starts
# as `None`; use it as you like. (AddGate has nothing to remember, but it has to know whether `forward` was
# called; an empty tuple is not `None`.)

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# The three gates above. `SubtractGate` is almost the first of yours. For a product, ask what `backward` must
# know that only `forward` was told.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# $z = 3 \cdot (-4)$. Move the 3 by 0.01, and $z$ moves by $-0.04$. If the final output moves twice as fast as
# $z$, that is $\mathrm{d}z = 2$, it moves by $-0.08$: the gradient of the first input is
# $2 \cdot (-4) = -8$, and that of the second $2 \cdot 3 = 6$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# `AddGate` hands the upstream gradient to both inputs, as a tuple of two. `MultiplyGate` leaves both inputs
# in `self.cache`; going back, the first gradient is the second input times the upstream one, and the second
# is the first input times it. Both begin `backward` with a question: is the cache still `None`?
#
# </details>


# %% answer="01_add_gate" formula="given"
class AddGate:
    """z = x + y, for numbers or for arrays of one shape, entry by entry."""

    def __init__(self):
        self.cache = None

    def forward(self, x, y):
        """Return z."""
        ### BEGIN SOLUTION
        self.cache = ()
        return x + y
        ### END SOLUTION

    def backward(self, dz):
        """Return (dx, dy), each of the shape of dz. Raise RuntimeError before the first forward."""
        ### BEGIN SOLUTION
        if self.cache is None:
            raise RuntimeError("AddGate.backward: call forward first")
        return dz, dz
        ### END SOLUTION


# %% readonly="01_add_gate-self-check"
self_check(AddGate(), np.add, np.array([3.0, 1.0, 0.7]), np.array([-4.0, 2.0, 1.3]))

# %% graded="01_add_gate-values" points=4
checks = Checks("2.1")
with checks("3 + (-4) = -1, and an upstream 2 goes to both inputs", points=1):
    gate = AddGate()
    expect_close("forward(3, -4)", gate.forward(3.0, -4.0), -1.0)
    expect_gradients("backward(2)", gate.backward(2.0), (2.0, 2.0))
### BEGIN HIDDEN TESTS
with checks("sums of other numbers and of arrays", points=1) as rng:
    expect_forward(AddGate, plain_inputs(rng, -2e6, 3e6, count=2), np.add)
with checks("their gradients, whatever arrives from upstream", points=1) as rng:
    assert_gate(AddGate(), rng.normal(size=3), rng.normal(size=3))
    expect_backward(AddGate, plain_inputs(rng, -2e6, 3e6, count=2), lambda dz, x, y: (dz, dz), rng)
with checks("integers, views with gaps; arguments are left unchanged", points=1) as rng:
    inputs = awkward_inputs(rng, -9, 9, count=2)
    expect_forward(AddGate, inputs, np.add)
    expect_backward(AddGate, inputs, lambda dz, x, y: (dz, dz), rng)
### END HIDDEN TESTS
checks.score()


# %% answer="01_multiply_gate" formula="given"
class MultiplyGate:
    """z = x y, for numbers or for arrays of one shape, entry by entry."""

    def __init__(self):
        self.cache = None

    def forward(self, x, y):
        """Return z."""
        ### BEGIN SOLUTION
        self.cache = x, y
        return x * y
        ### END SOLUTION

    def backward(self, dz):
        """Return (dx, dy), each of the shape of dz. Raise RuntimeError before the first forward."""
        ### BEGIN SOLUTION
        if self.cache is None:
            raise RuntimeError("MultiplyGate.backward: call forward first")
        x, y = self.cache
        return y * dz, x * dz
        ### END SOLUTION


# %% readonly="01_multiply_gate-self-check"
self_check(MultiplyGate(), np.multiply, np.array([3.0, 1.0, 0.7]), np.array([-4.0, 2.0, 1.3]))

# %% graded="01_multiply_gate-values" points=6
checks = Checks("2.1")
with checks("3 · (-4) = -12", points=1):
    expect_close("forward(3, -4)", MultiplyGate().forward(3.0, -4.0), -12.0)
with checks("there, an upstream 2 becomes -8 and 6", points=1):
    gate = MultiplyGate()
    gate.forward(3.0, -4.0)
    expect_gradients("backward(2)", gate.backward(2.0), (-8.0, 6.0))
### BEGIN HIDDEN TESTS
with checks("products of other numbers and of arrays", points=1) as rng:
    expect_forward(MultiplyGate, plain_inputs(rng, -2e3, 3e3, count=2), np.multiply)
with checks("their gradients, whatever arrives from upstream", points=2) as rng:
    assert_gate(MultiplyGate(), rng.normal(size=3), rng.normal(size=3))
    expect_backward(
        MultiplyGate, plain_inputs(rng, -2e3, 3e3, count=2), lambda dz, x, y: (y * dz, x * dz), rng
    )
with checks("integers, views with gaps; arguments are left unchanged", points=1) as rng:
    inputs = awkward_inputs(rng, -9, 9, count=2)
    expect_forward(MultiplyGate, inputs, np.multiply)
    expect_backward(MultiplyGate, inputs, lambda dz, x, y: (y * dz, x * dz), rng)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 2.2 A router and an adder of gradients (10 points, ★★, 20 minutes)
#
# `MaxGate` lets the larger input through: $z = \max(x, y)$, entry by entry. Moving the larger input moves
# $z$ just as much, moving the smaller one does nothing. So the gradient is **routed** to the larger
# input, and the other gets 0.
#
# And at a tie? There the maximum has a kink, and no single derivative. Any split of the upstream gradient
# is then accepted: all to $x$, all to $y$, half and half; what matters is that the two shares are at least
# 0 and **add up to one whole**. If both inputs got all of it, the output would seem to move twice as far
# as it does.

# %% readonly="figure-max"
viz.draw_graph(
    [
        ("x", "", (), 2, 5),
        ("y", "", (), -1, 0),
        ("z", "max", ("x", "y"), 2, 5),
    ],
    title="Max: all to the larger input",
)

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# For `MaxGate`, `forward` knows which input was the larger one, entry by entry: that is what to remember. For
# `CopyGate`, count what comes in and what goes out, in both directions.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# Inputs $x = [2, 1]$ and $y = [-1, 4]$, upstream $[5, 7]$: the first entry came from $x$, the second from
# $y$, so $\mathrm{d}x = [5, 0]$ and $\mathrm{d}y = [0, 7]$. Two masks, $[1, 0]$ and $[0, 1]$, which add
# up to $[1, 1]$. They must do so at a tie as well.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# A comparison of arrays gives an array of `True` and `False`, which a product takes for 1 and 0. Remember
# "$x$ is at least $y$"; its opposite is the mask of $y$. (Write the opposite with `np.logical_not`, or as 1
# less the mask: `~` does it for arrays, but makes $-2$ of a plain `True`.) `CopyGate`: start from the first
# gradient and add the others to it one by one, each time into a *new* array, `a = a + b`; then return a tuple
# of one.
#
# </details>


# %% answer="02_max_gate" formula="withheld"
class MaxGate:
    """z = max(x, y), for numbers or for arrays of one shape, entry by entry."""

    def __init__(self):
        self.cache = None

    def forward(self, x, y):
        """Return z."""
        ### BEGIN SOLUTION
        self.cache = np.greater_equal(x, y)
        return np.maximum(x, y)
        ### END SOLUTION

    def backward(self, dz):
        """Return (dx, dy), each of the shape of dz. Raise RuntimeError before the first forward.

        Where x = y, dx and dy are any two shares of dz that add up to dz, each between none and all of it.
        """
        ### BEGIN SOLUTION
        if self.cache is None:
            raise RuntimeError("MaxGate.backward: call forward first")
        x_wins = self.cache
        return x_wins * dz, ~x_wins * dz
        ### END SOLUTION


# %% readonly="02_max_gate-self-check"
self_check(MaxGate(), np.maximum, np.array([3.0, 1.0, 0.5]), np.array([-4.0, 2.0, 0.5]))

# %% graded="02_max_gate-values" points=6
checks = Checks("2.2")
with checks("max(2, -1) = 2; an upstream 5 goes to x, and nothing to y", points=1):
    gate = MaxGate()
    expect_close("forward(2, -1)", gate.forward(2.0, -1.0), 2.0)
    expect_gradients("backward(5)", gate.backward(5.0), (5.0, 0.0))


### BEGIN HIDDEN TESTS
def to_the_larger(dz, x, y):
    return np.where(x > y, dz, 0.0), np.where(x > y, 0.0, dz)


with checks("the larger of other numbers, and of the entries of arrays", points=1) as rng:
    expect_forward(MaxGate, plain_inputs(rng, -2e6, 3e6, count=2), np.maximum)
with checks("the gradient goes to the larger entry, whatever arrives from upstream", points=2) as rng:
    assert_gate(MaxGate(), np.array([1.0, -2.0, 0.5]), np.array([-1.0, 2.0, 3.0]) * rng.uniform(1.1, 2.0))
    expect_backward(MaxGate, plain_inputs(rng, -2e6, 3e6, count=2), to_the_larger, rng)
with checks("integers, views with gaps; arguments are left unchanged", points=1) as rng:
    inputs = [(x, y + (x == y)) for x, y in awkward_inputs(rng, -9, 9, count=2)]  # no ties here
    expect_forward(MaxGate, inputs, np.maximum)
    expect_backward(MaxGate, inputs, to_the_larger, rng)
with checks("at a tie, the two shares add up to the upstream gradient", points=1) as rng:
    x = rng.normal(size=6)
    y = x + np.array([0.0, 0.0, 0.0, 1.0, -1.0, 0.0])
    assert_gate(MaxGate(), x, y)
    for dz in (rng.normal(size=6), np.array([2.0, -1.0, -3.0, 1.0, 1.0, 0.5])):
        _, (dx, dy) = run(MaxGate(), fresh((x, y)), dz.copy())
        expect_close("dx + dy", dx + dy, dz)
        expect_close("dx beside the ties", dx[3:5], np.array([0.0, dz[4]]))
        for share in (dx, dy):
            assert np.all(share * dz >= 0), (
                "neither share may be of the other sign than dz, or larger than dz"
            )
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# `CopyGate(n)` looks like no gate at all: it returns its input $n$ times. You need one wherever a value is
# used more than once. Going back, $n$ gradients arrive, one from each user. What becomes of them?
#
# **Predict, then run.** Three users of $x$ report the gradients 4, $-1$ and 2: they would move the output
# four times as fast as their copy of $x$, minus once, and twice. Now $x$ itself moves by 0.01, and all three
# copies with it. What is the gradient of $x$?

# %%
predicted_copy = None  # a number

# %% readonly="predict-copy" title="Compare your prediction: three users of x"
moved, before = (4 * x - x + 2 * x for x in (1.01, 1.0))
compare_prediction(
    predicted_copy, round((moved - before) / 0.01, 9), "As x moved every one of its users, their effects add."
)

# %% [markdown]
# Compare this with `AddGate`: one does on the way forward what the other does on the way back. The two are
# each other's mirror image.
#
# The gradients that arrive belong to others, who may use them again, so do not add them up in place.


# %% answer="02_copy_gate" formula="withheld"
class CopyGate:
    """n values, each equal to x, a number or an array; n >= 1."""

    def __init__(self, n):
        self.n = n
        self.cache = None

    def forward(self, x):
        """Return a tuple of n values."""
        ### BEGIN SOLUTION
        self.cache = ()
        return (x,) * self.n
        ### END SOLUTION

    def backward(self, *dys):
        """Return (dx,). Takes n upstream gradients, each of the shape of x: backward(dy1, dy2, ..., dyn).

        Raise RuntimeError before the first forward.
        """
        ### BEGIN SOLUTION
        if self.cache is None:
            raise RuntimeError("CopyGate.backward: call forward first")
        total = dys[0]
        for dy in dys[1:]:
            total = total + dy
        return (total,)
        ### END SOLUTION


# %% setup="copy-checks" title="What the checks are written with: copies"
def compare_copies(check, make_gate, x, n):
    """Compare the gradient of a copy gate of `n` copies with a numerical one."""

    def forward(x):
        return np.stack([x] * n), x

    gate = make_gate(n)
    there = gate.backward

    def backward(dys, x):
        gate.forward(x)
        return there(*dys)

    backward.__name__ = "CopyGate"
    backward.around = there
    return check(forward, backward, x, names=("x",))


# %% readonly="02_copy_gate-self-check"
checks = Checks()
with checks("two copies of 3; upstream gradients 4 and -1 make 3, in a tuple"):
    gate = CopyGate(2)
    expect_close("forward(3)", gate.forward(3.0), (3.0, 3.0))
    expect_gradients("backward(4, -1)", gate.backward(4.0, -1.0), (3.0,))
with checks("the gradients that arrive are left unchanged"):
    gate, x, first, second = CopyGate(2), np.array([3.0, -1.0]), np.array([1.0, 2.0]), np.array([0.5, -1.0])
    with expect_unchanged(x=x, first=first, second=second):
        gate.forward(x)
        gate.backward(first, second)
print(checks)
compare_copies(check_vjp, CopyGate, np.array([3.0, -1.0]), n=3)

# %% graded="02_copy_gate-values" points=4
checks = Checks("2.2")
with checks("two copies of 3; upstream gradients 4 and -1 make 3", points=1):
    gate = CopyGate(2)
    expect_close("forward(3)", gate.forward(3.0), (3.0, 3.0))
    expect_gradients("backward(4, -1)", gate.backward(4.0, -1.0), (3.0,))
### BEGIN HIDDEN TESTS
with checks("other numbers of copies, and copies of arrays", points=1) as rng:
    for n in (1, 2, 5):
        inputs = plain_inputs(rng, -2e6, 3e6) + awkward_inputs(rng, -9, 9)
        expect_forward(partial(CopyGate, n), inputs, lambda x, n=n: (np.copy(x),) * n)
with checks("their gradients add up", points=1) as rng:
    compare_copies(assert_vjp, CopyGate, rng.normal(size=3), n=4)
    for n in (1, 2, 5):
        for (x,) in plain_inputs(rng, -2e6, 3e6):
            dys = [like(rng, x) for _ in range(n)]
            right = (np.sum(dys, axis=0),)
            _, found = run(CopyGate(n), (x,), *dys)
            expect_gradients("what backward returns", found, right, rtol=1e-12)
with checks("integers, views with gaps; arguments are left unchanged", points=1) as rng:
    for (x,) in awkward_inputs(rng, -9, 9):
        dys = [like(rng, x) for _ in range(3)]
        with expect_unchanged(**arrays_among([x]), **arrays_among(dys, ("dy1", "dy2", "dy3"))):
            _, (dx,) = run(CopyGate(3), (x,), *dys)
        expect_close("dx", dx, np.sum(dys, axis=0), rtol=1e-12)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 2.3 Seven gates with one input (10 points, ★★, 35 minutes)
#
# The rest of the toolbox. Each has one input $x$ and one local derivative, so `backward(dy)` returns a tuple
# of *one* gradient: `(dx,)`, with a comma. `(dx)` is just `dx`.
#
# | gate | y | for |
# |---|---|---|
# | `ExpGate` | exp(x) | any x |
# | `LogGate` | log(x), the natural one | x > 0 |
# | `ReciprocalGate` | 1/x | x other than 0 |
# | `SinGate` | sin(x) | any x |
# | `SigmoidGate` | 1 / (1 + exp(−x)) | any x |
# | `AddConstantGate(c)` | x + c | any x |
# | `ScaleGate(a)` | a x | any x |
#
# **Derive the seven local derivatives yourself**, with a pencil; each takes a line or two. Then ask what
# `forward` should leave behind. Some of these derivatives can be written with the value $y$ alone. Which
# ones? Then `backward` need not see $x$ at all, and nothing is computed twice.
#
# A slip in `forward` costs its points once: `backward` is compared with the slopes of the function in the
# table, whatever your `forward` computes.

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# `TanhGate` is the pattern for all seven: one line to remember, one line to multiply. The derivatives of exp,
# log, $1/x$ and sin are those from school; that of the sigmoid follows from them by the chain rule.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# Measure before you derive: $e^{0.51} - e^{0.49}$ is 0.03297, over 0.02 it is 1.6487, and $e^{0.5}$ is
# 1.6487. In the same way $1/2.01 - 1/1.99$, over 0.02, is $-0.25$: at $x = 2$, where $y = 0.5$. With an
# upstream gradient of 3, $\mathrm{d}x$ is three times that.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# In terms of what is there anyway: $y$ for exp; $1/x$ for log; $-y^2$ for the reciprocal; $\cos x$ for sin;
# $(1 - y)\,y$ for the sigmoid; 1 for a constant added; $a$ for a constant factor. Each times the upstream
# gradient, in a tuple of one.
#
# </details>


# %% answer="03_exp_gate" formula="withheld"
class ExpGate:
    """y = exp(x), for a number or an array, entry by entry."""

    def __init__(self):
        self.cache = None

    def forward(self, x):
        """Return y."""
        ### BEGIN SOLUTION
        self.cache = np.exp(x)
        return self.cache
        ### END SOLUTION

    def backward(self, dy):
        """Return (dx,), of the shape of dy. Raise RuntimeError before the first forward."""
        ### BEGIN SOLUTION
        if self.cache is None:
            raise RuntimeError("ExpGate.backward: call forward first")
        y = self.cache
        return (y * dy,)
        ### END SOLUTION


# %% readonly="03_exp_gate-self-check"
self_check(ExpGate(), np.exp, np.array([-1.0, 0.0, 2.0]))


# %% setup="one-input-checks" title="What the checks are written with: gates with one input"
def expect_slopes(check, make_gate, slope, all_inputs, rng):
    """Compare the gradients of a gate with the local derivative `slope`, times a random upstream gradient.

    The slope is that of the right function, so that a slip in forward does not count here again. Where the
    gradients are wrong, `check`, which is `assert_gate`, says why.
    """
    try:
        expect_backward(make_gate, all_inputs, lambda dy, x: (slope(x) * dy,), rng)
    except AssertionError:
        check(make_gate(), rng.uniform(0.5, 2.0, size=3))
        raise


# %% graded="03_exp_gate-values" points=1.5
checks = Checks("2.3")
with checks("exp(-1) = 0.3679; there, an upstream -0.5344 becomes -0.1966", points=0.5):
    gate = ExpGate()
    expect_close("forward(-1)", gate.forward(-1.0), 0.3679, atol=5e-5)
    expect_gradients("backward(-0.5344)", gate.backward(-0.5344), (-0.1966,), atol=5e-5)
### BEGIN HIDDEN TESTS
with checks("other numbers, and arrays", points=0.25) as rng:
    expect_forward(ExpGate, plain_inputs(rng, -20.0, 20.0), np.exp)
with checks("their gradients, whatever arrives from upstream", points=0.5) as rng:
    expect_slopes(assert_gate, ExpGate, np.exp, plain_inputs(rng, -20.0, 20.0), rng)
with checks("integers, views with gaps; arguments are left unchanged", points=0.25) as rng:
    inputs = awkward_inputs(rng, -4.0, 4.0)
    expect_forward(ExpGate, inputs, np.exp)
    expect_slopes(assert_gate, ExpGate, np.exp, inputs, rng)
### END HIDDEN TESTS
checks.score()


# %% answer="03_log_gate" formula="withheld"
class LogGate:
    """y = log(x), the natural logarithm, for a number x > 0 or an array of them, entry by entry."""

    def __init__(self):
        self.cache = None

    def forward(self, x):
        """Return y."""
        ### BEGIN SOLUTION
        self.cache = x
        return np.log(x)
        ### END SOLUTION

    def backward(self, dy):
        """Return (dx,), of the shape of dy. Raise RuntimeError before the first forward."""
        ### BEGIN SOLUTION
        if self.cache is None:
            raise RuntimeError("LogGate.backward: call forward first")
        x = self.cache
        return (dy / x,)
        ### END SOLUTION


# %% readonly="03_log_gate-self-check"
self_check(LogGate(), np.log, np.array([0.1, 1.0, 4.0]))

# %% graded="03_log_gate-values" points=1.5
checks = Checks("2.3")
with checks("log(4) = 1.3863; there, an upstream 2 becomes 0.5", points=0.5):
    gate = LogGate()
    expect_close("forward(4)", gate.forward(4.0), 1.3863, atol=5e-5)
    expect_gradients("backward(2)", gate.backward(2.0), (0.5,))
### BEGIN HIDDEN TESTS
with checks("other numbers, and arrays", points=0.25) as rng:
    expect_forward(LogGate, plain_inputs(rng, 2.0, 3e6), np.log)
with checks("their gradients, whatever arrives from upstream", points=0.5) as rng:
    expect_slopes(assert_gate, LogGate, lambda x: 1 / x, plain_inputs(rng, 1e-6, 1e-3), rng)
    expect_slopes(assert_gate, LogGate, lambda x: 1 / x, plain_inputs(rng, 1e3, 1e6), rng)
with checks("integers, views with gaps; arguments are left unchanged", points=0.25) as rng:
    inputs = awkward_inputs(rng, 1.0, 9.0)
    expect_forward(LogGate, inputs, np.log)
    expect_slopes(assert_gate, LogGate, lambda x: 1 / x, inputs, rng)
### END HIDDEN TESTS
checks.score()


# %% answer="03_reciprocal_gate" formula="withheld"
class ReciprocalGate:
    """y = 1 / x, for a number x other than 0 or an array of them, entry by entry."""

    def __init__(self):
        self.cache = None

    def forward(self, x):
        """Return y."""
        ### BEGIN SOLUTION
        self.cache = 1 / x
        return self.cache
        ### END SOLUTION

    def backward(self, dy):
        """Return (dx,), of the shape of dy. Raise RuntimeError before the first forward."""
        ### BEGIN SOLUTION
        if self.cache is None:
            raise RuntimeError("ReciprocalGate.backward: call forward first")
        y = self.cache
        return (-y * y * dy,)
        ### END SOLUTION


# %% readonly="03_reciprocal_gate-self-check"
self_check(ReciprocalGate(), lambda x: 1 / x, np.array([0.5, -1.0, 4.0]))

# %% graded="03_reciprocal_gate-values" points=1.5
checks = Checks("2.3")
with checks("1 / 1.3679 = 0.7311; there, an upstream 1 becomes -0.5344", points=0.5):
    gate = ReciprocalGate()
    expect_close("forward(1.3679)", gate.forward(1.3679), 0.7311, atol=1e-4)
    expect_gradients("backward(1)", gate.backward(1.0), (-0.5344,), atol=5e-5)
### BEGIN HIDDEN TESTS
with checks("other numbers, and arrays", points=0.25) as rng:
    expect_forward(ReciprocalGate, plain_inputs(rng, -3e3, -2e-3), lambda x: 1 / x)
with checks("their gradients, whatever arrives from upstream", points=0.5) as rng:
    expect_slopes(assert_gate, ReciprocalGate, lambda x: -1 / x**2, plain_inputs(rng, -1e-3, -1e-6), rng)
    expect_slopes(assert_gate, ReciprocalGate, lambda x: -1 / x**2, plain_inputs(rng, 1e3, 1e6), rng)
with checks("integers, views with gaps; arguments are left unchanged", points=0.25) as rng:
    inputs = awkward_inputs(rng, 1.0, 9.0)
    expect_forward(ReciprocalGate, inputs, lambda x: 1 / x)
    expect_slopes(assert_gate, ReciprocalGate, lambda x: -1 / (x * x), inputs, rng)
### END HIDDEN TESTS
checks.score()


# %% answer="03_sin_gate" formula="withheld"
class SinGate:
    """y = sin(x), for a number or an array, entry by entry."""

    def __init__(self):
        self.cache = None

    def forward(self, x):
        """Return y."""
        ### BEGIN SOLUTION
        self.cache = x
        return np.sin(x)
        ### END SOLUTION

    def backward(self, dy):
        """Return (dx,), of the shape of dy. Raise RuntimeError before the first forward."""
        ### BEGIN SOLUTION
        if self.cache is None:
            raise RuntimeError("SinGate.backward: call forward first")
        x = self.cache
        return (np.cos(x) * dy,)
        ### END SOLUTION


# %% readonly="03_sin_gate-self-check"
self_check(SinGate(), np.sin, np.array([0.0, 1.0, -2.0]))

# %% graded="03_sin_gate-values" points=1
checks = Checks("2.3")
with checks("sin(0) = 0; there, an upstream 3 stays 3", points=0.25):
    gate = SinGate()
    expect_close("forward(0)", gate.forward(0.0), 0.0)
    expect_gradients("backward(3)", gate.backward(3.0), (3.0,))
### BEGIN HIDDEN TESTS
with checks("other numbers, and arrays", points=0.25) as rng:
    expect_forward(SinGate, plain_inputs(rng, -20.0, 20.0), np.sin)
with checks("their gradients, whatever arrives from upstream", points=0.25) as rng:
    expect_slopes(assert_gate, SinGate, np.cos, plain_inputs(rng, -20.0, 20.0), rng)
with checks("integers, views with gaps; arguments are left unchanged", points=0.25) as rng:
    inputs = awkward_inputs(rng, -9.0, 9.0)
    expect_forward(SinGate, inputs, np.sin)
    expect_slopes(assert_gate, SinGate, np.cos, inputs, rng)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# The sigmoid asks for a little care. At $x = -1000$ the formula needs $e^{1000}$, which is `inf` on a
# computer. As $1/(1 + \infty) = 0$, the formula as written survives, with a warning; the equally correct
# $e^x / (1 + e^x)$ at $x = 1000$ does not, as $\infty/\infty$ is `nan`. Whatever form you choose, value
# and gradient must be finite for every $x$.


# %% answer="03_sigmoid_gate" formula="withheld"
class SigmoidGate:
    """y = 1 / (1 + exp(-x)), for a number or an array of any size, entry by entry."""

    def __init__(self):
        self.cache = None

    def forward(self, x):
        """Return y, finite for x of any size."""
        ### BEGIN SOLUTION
        # exp(-log(1 + exp(-x))): the sum of exponentials is never formed, so it cannot overflow
        self.cache = np.exp(-np.logaddexp(0.0, -x))
        return self.cache
        ### END SOLUTION

    def backward(self, dy):
        """Return (dx,), of the shape of dy. Raise RuntimeError before the first forward."""
        ### BEGIN SOLUTION
        if self.cache is None:
            raise RuntimeError("SigmoidGate.backward: call forward first")
        y = self.cache
        return ((1 - y) * y * dy,)
        ### END SOLUTION


# %% readonly="03_sigmoid_gate-self-check"
checks = Checks()
with checks("finite, and right, at x = -1e4 and 1e4"):
    gate = SigmoidGate()
    expect_close("forward", gate.forward(np.array([-1e4, 1e4])), np.array([0.0, 1.0]))
    expect_gradients("backward", gate.backward(np.array([2.0, -3.0])), (np.array([0.0, 0.0]),))
print(checks)
self_check(SigmoidGate(), lambda x: 1 / (1 + np.exp(-x)), np.array([0.0, 1.0, -2.0]))

# %% graded="03_sigmoid_gate-values" points=2.5
checks = Checks("2.3")
with checks("at x = 1 it is 0.7311; there, an upstream 1 becomes 0.1966", points=0.5):
    gate = SigmoidGate()
    expect_close("forward(1)", gate.forward(1.0), 0.7311, atol=5e-5)
    expect_gradients("backward(1)", gate.backward(1.0), (0.1966,), atol=5e-5)
with checks("at x = -1e4, 0 and 1e4 it is 0, 0.5 and 1, and its slope 0, 0.25 and 0", points=0.75):
    gate = SigmoidGate()
    expect_close("forward", gate.forward(np.array([-1e4, 0.0, 1e4])), np.array([0.0, 0.5, 1.0]))
    expect_gradients("backward", gate.backward(np.array([2.0, 2.0, -3.0])), (np.array([0.0, 0.5, 0.0]),))
### BEGIN HIDDEN TESTS
with checks("other numbers, and arrays", points=0.5) as rng:
    expect_forward(SigmoidGate, plain_inputs(rng, -4.0, 4.0), lambda x: 1 / (1 + np.exp(-x)))
with checks("their gradients, whatever arrives from upstream", points=0.5) as rng:
    expect_slopes(
        assert_gate, SigmoidGate, lambda x: 1 / (2 + 2 * np.cosh(x)), plain_inputs(rng, -4.0, 4.0), rng
    )
with checks("integers, views with gaps; arguments are left unchanged", points=0.25) as rng:
    inputs = awkward_inputs(rng, -4.0, 4.0)
    expect_forward(SigmoidGate, inputs, lambda x: 1 / (1 + np.exp(-x)))
    expect_slopes(assert_gate, SigmoidGate, lambda x: 1 / (2 + 2 * np.cosh(x)), inputs, rng)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# **Predict, then run.** The slope of the sigmoid is largest at $x = 0$. Now stand four sigmoid gates one
# behind the other. Which share of the gradient that reaches the last one can arrive at the first, at most?

# %%
predicted_share = None  # a number between 0 and 1

# %% readonly="predict-share" title="Compare your prediction: four sigmoids"
compare_prediction(
    predicted_share,
    (0.5 * (1 - 0.5)) ** 4,
    "At 0 the slope is a quarter, and the four slopes multiply: deep nets of sigmoids learn slowly.",
)

# %% [markdown]
# The last two carry a constant. It is given when the gate is made, it is not an input, and so it receives
# no gradient.


# %% answer="03_add_constant_gate" formula="withheld"
class AddConstantGate:
    """y = x + c, for a number or an array x, entry by entry, and a number c."""

    def __init__(self, c):
        self.c = c
        self.cache = None

    def forward(self, x):
        """Return y."""
        ### BEGIN SOLUTION
        self.cache = ()
        return x + self.c
        ### END SOLUTION

    def backward(self, dy):
        """Return (dx,), of the shape of dy. Raise RuntimeError before the first forward."""
        ### BEGIN SOLUTION
        if self.cache is None:
            raise RuntimeError("AddConstantGate.backward: call forward first")
        return (dy,)
        ### END SOLUTION


# %% readonly="03_add_constant_gate-self-check"
self_check(AddConstantGate(1.0), lambda x: x + 1.0, np.array([0.0, 1.0, -2.0]))

# %% graded="03_add_constant_gate-values" points=1
checks = Checks("2.3")
with checks("0.3679 + 1 = 1.3679; an upstream -0.5344 stays what it is", points=0.25):
    gate = AddConstantGate(1.0)
    expect_close("forward(0.3679)", gate.forward(0.3679), 1.3679)
    expect_gradients("backward(-0.5344)", gate.backward(-0.5344), (-0.5344,))
### BEGIN HIDDEN TESTS
with checks("other numbers and constants, and arrays", points=0.25) as rng:
    c = float(rng.normal())
    expect_forward(partial(AddConstantGate, c), plain_inputs(rng, -2e6, 2e6), lambda x: x + c)
with checks("their gradients, whatever arrives from upstream", points=0.25) as rng:
    c = float(rng.normal())
    expect_forward(partial(AddConstantGate, c), plain_inputs(rng, -2.0, 2.0), lambda x: x + c)
    expect_slopes(assert_gate, partial(AddConstantGate, c), lambda x: 1.0, plain_inputs(rng, -2e6, 2e6), rng)
with checks("integers, views with gaps; arguments are left unchanged", points=0.25) as rng:
    c = float(rng.normal())
    inputs = awkward_inputs(rng, -9.0, 9.0)
    expect_forward(partial(AddConstantGate, c), inputs, lambda x: x + c)
    expect_slopes(assert_gate, partial(AddConstantGate, c), lambda x: 1.0, inputs, rng)
### END HIDDEN TESTS
checks.score()


# %% answer="03_scale_gate" formula="withheld"
class ScaleGate:
    """y = a x, for a number or an array x, entry by entry, and a number a."""

    def __init__(self, a):
        self.a = a
        self.cache = None

    def forward(self, x):
        """Return y."""
        ### BEGIN SOLUTION
        self.cache = ()
        return self.a * x
        ### END SOLUTION

    def backward(self, dy):
        """Return (dx,), of the shape of dy. Raise RuntimeError before the first forward."""
        ### BEGIN SOLUTION
        if self.cache is None:
            raise RuntimeError("ScaleGate.backward: call forward first")
        return (self.a * dy,)
        ### END SOLUTION


# %% readonly="03_scale_gate-self-check"
self_check(ScaleGate(-2.5), lambda x: -2.5 * x, np.array([0.0, 1.0, -2.0]))

# %% graded="03_scale_gate-values" points=1
checks = Checks("2.3")
with checks("2 · (-10) = -20; an upstream 3 becomes 6", points=0.25):
    gate = ScaleGate(2.0)
    expect_close("forward(-10)", gate.forward(-10.0), -20.0)
    expect_gradients("backward(3)", gate.backward(3.0), (6.0,))
### BEGIN HIDDEN TESTS
with checks("other numbers and constants, and arrays", points=0.25) as rng:
    a = float(1e3 * rng.normal())
    expect_forward(partial(ScaleGate, a), plain_inputs(rng, -2e3, 2e3), lambda x: a * x)
with checks("their gradients, whatever arrives from upstream", points=0.25) as rng:
    a = float(rng.normal())
    expect_slopes(assert_gate, partial(ScaleGate, a), lambda x: a, plain_inputs(rng, -2e6, 2e6), rng)
with checks("integers, views with gaps; arguments are left unchanged", points=0.25) as rng:
    a = float(rng.normal())
    inputs = awkward_inputs(rng, -9.0, 9.0)
    expect_forward(partial(ScaleGate, a), inputs, lambda x: a * x)
    expect_slopes(assert_gate, partial(ScaleGate, a), lambda x: a, inputs, rng)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 2.4 Keeping the protocol (5 points, ★, 15 minutes)
#
# Gates that are wired to gates they have never met have to be reliable. Three promises:
#
# 1. `backward` before `forward` raises a `RuntimeError`. Returning some gradient would be
#    worse: nobody would notice.
# 2. A second `forward` **replaces** what the first one remembered. The gradient belongs to the last
#    `forward`, whatever was computed before.
# 3. `backward` twice gives the same answer twice: going back does not use up or change what was
#    remembered, and each call starts afresh. (Libraries differ here: in PyTorch, a second call *adds* to the
#    gradients of the first, until they are set to zero. Ours never add up from call to call.)
#
# There is no new code to write: go through your eleven gates and mend those that break a promise. The
# self-check below tells you which.

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# The given gates keep all three. Compare: where does each of them set what it remembers, where does it ask
# whether it is there, and does `backward` ever write to it?
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# A gate with `forward(3)` and then `forward(5)` has to answer for 5. If it remembers in a list, the 3 is
# still in front; if it sets `self.cache` only while that is `None`, the 5 is never seen. And a `backward`
# that says `self.cache = None` at its end, or `self.dx += ...`, answers only once.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# `__init__` puts `None` there, `forward` always replaces it, `backward` raises a `RuntimeError` if it finds
# `None` and else only reads. Gates without anything to remember put something else there, such as an empty
# tuple. Memory belongs to the object, `self.cache`, not to the class.
#
# </details>


# %% setup="promises" title="What the checks are written with: promises"
def expect_refusal(make_gate, inputs, *upstream):
    """Raise AssertionError unless `backward` raises RuntimeError when it comes first, and only then."""
    gate = make_gate()
    try:
        with expect_raises(RuntimeError):
            gate.backward(*fresh(upstream))
    except AssertionError as error:
        raise AssertionError(f"{type(gate).__name__}, backward before forward: {error}") from None
    run(gate, fresh(inputs), *fresh(upstream))


def expect_fresh(make_gate, first, second, *upstream):
    """Compare a gate that has run before with a new one: the last forward counts."""
    gate, new = in_turn([partial(make_gate)] * 2)
    forward = [(gate, first), (gate, second), (new, second)]
    calls = [partial(runs.forward, *fresh(inputs)) for runs, inputs in forward]
    calls += [partial(runs.backward, *fresh(upstream)) for runs in (new, gate)]
    expected, found = map(as_plain, in_turn(calls)[-2:])
    expect_close("backward after a second forward", found, expected)


def expect_repeatable(make_gate, inputs, *upstream):
    """Call backward three times, the second time with another upstream gradient."""
    gate = make_gate()
    backward = [fresh(upstream), [-3.0 * dz for dz in upstream], fresh(upstream)]
    calls = [partial(gate.forward, *fresh(inputs)), *(partial(gate.backward, *dys) for dys in backward)]
    first, _, again = map(as_plain, in_turn(calls)[1:])
    expect_not_added("backward, called again", again, tuple(-gradient for gradient in first), first)
    expect_close("backward, called again,", again, first)


# What the gates with one input that need their input, or their value, on the way back compute.
CURVES = (np.exp, np.log, lambda x: 1 / x, np.sin, lambda x: 1 / (1 + np.exp(-x)))


def expect_at_work(one, other, *upstream):
    """Raise AssertionError for a gate that does nothing, which would keep every promise.

    `one` and `other` are (how to make the gate, what forward should compute, inputs). At work is a gate whose
    values are right, whatever its gradients, or whose gradients are not the same wherever it is: other slips
    have cost their points already.
    """
    gates, calls = in_turn(partial(make_gate) for make_gate, _, _ in (one, other)), []
    for gate, (_, _, inputs) in zip(gates, (one, other), strict=True):
        calls += [partial(gate.forward, *fresh(inputs)), partial(gate.backward, *fresh(upstream))]
    said = in_turn(calls)
    right = [is_close(said[2 * k], function(*x)) for k, (_, function, x) in enumerate((one, other))]
    found = [np.ravel(np.array(gradients, dtype=float)) for gradients in said[1::2]]
    if not all(right) and (not np.all(np.isfinite(found[0])) or np.array_equal(*found)):
        raise AssertionError(
            f"{type(gate).__name__} returns the same gradients wherever it is: see to its values first"
        )


# %% readonly="04_self-check"
checks = Checks()
x, y, up = np.array([0.5, 2.0]), np.array([1.5, 0.3]), np.array([1.0, -2.0])
for name, make_gate, first, second, upstream in [
    ("AddGate", lambda: AddGate(), (x, y), (y, x), (up,)),
    ("MultiplyGate", lambda: MultiplyGate(), (x, y), (y, x), (up,)),
    ("MaxGate", lambda: MaxGate(), (x, y), (y, x), (up,)),
    ("CopyGate", lambda: CopyGate(2), (x,), (y,), (up, x)),
    ("ExpGate", lambda: ExpGate(), (x,), (y,), (up,)),
    ("LogGate", lambda: LogGate(), (x,), (y,), (up,)),
    ("ReciprocalGate", lambda: ReciprocalGate(), (x,), (y,), (up,)),
    ("SinGate", lambda: SinGate(), (x,), (y,), (up,)),
    ("SigmoidGate", lambda: SigmoidGate(), (x,), (y,), (up,)),
    ("AddConstantGate", lambda: AddConstantGate(2.0), (x,), (y,), (up,)),
    ("ScaleGate", lambda: ScaleGate(2.0), (x,), (y,), (up,)),
]:
    with checks(name):
        expect_refusal(make_gate, first, *upstream)
        expect_fresh(make_gate, first, second, *upstream)
        expect_repeatable(make_gate, first, *upstream)
print(checks)

# %% graded="04_protocol-refusal" points=2
checks = Checks("2.4")
with checks(
    "AddGate and MultiplyGate: backward before forward raises RuntimeError, after it works", points=0.5
):
    for make_gate in (AddGate, MultiplyGate):
        expect_refusal(make_gate, (3.0, -4.0), 1.0)
    expect_at_work((MultiplyGate, np.multiply, (3.0, -4.0)), (MultiplyGate, np.multiply, (0.5, 2.0)), 1.0)
with checks("MaxGate and CopyGate: the same", points=0.5):
    expect_refusal(MaxGate, (2.0, -1.0), 1.0)
    expect_at_work((MaxGate, np.maximum, (2.0, -1.0)), (MaxGate, np.maximum, (-1.0, 2.0)), 1.0)
    expect_refusal(partial(CopyGate, 2), (3.0,), 1.0, 2.0)
with checks("ExpGate, LogGate, ReciprocalGate, SinGate, SigmoidGate: the same", points=0.5):
    gates = (ExpGate, LogGate, ReciprocalGate, SinGate, SigmoidGate)
    for make_gate, curve in zip(gates, CURVES, strict=True):
        expect_refusal(make_gate, (0.5,), 1.0)
        expect_at_work((make_gate, curve, (0.5,)), (make_gate, curve, (2.0,)), 1.0)
with checks("AddConstantGate and ScaleGate: the same", points=0.5):
    expect_refusal(partial(AddConstantGate, 1.0), (0.5,), 1.0)
    expect_refusal(partial(ScaleGate, 2.0), (0.5,), 1.0)
    expect_at_work(
        (partial(ScaleGate, 2.0), lambda x: 2 * x, (0.5,)),
        (partial(ScaleGate, -3.0), lambda x: -3 * x, (1.5,)),
        1.0,
    )
checks.score()

# %% graded="04_protocol-memory" points=3
checks = Checks("2.4")
with checks("AddGate and MultiplyGate: the last forward counts", points=0.5):
    for make_gate in (AddGate, MultiplyGate):
        expect_fresh(make_gate, (3.0, -4.0), (0.5, 2.0), 1.5)
    expect_at_work((MultiplyGate, np.multiply, (3.0, -4.0)), (MultiplyGate, np.multiply, (0.5, 2.0)), 1.5)
### BEGIN HIDDEN TESTS
with checks("MaxGate and CopyGate: the last forward counts, also for another shape", points=0.5) as rng:
    x, y, dz = rng.normal(size=(3, 4))
    expect_fresh(MaxGate, (x, y), (y, x), dz)
    expect_fresh(MaxGate, (2.0, 1.0), (x, y), dz)
    expect_at_work((MaxGate, np.maximum, (x, y)), (MaxGate, np.maximum, (y, x)), dz)
    expect_fresh(partial(CopyGate, 2), (2.0,), (x,), dz, y)
with checks("the gates with one input: the last forward counts, also for another shape", points=0.5) as rng:
    x, y = rng.uniform(0.5, 2.0, size=(2, 3))
    dy = rng.normal(size=3)
    gates = (ExpGate, LogGate, ReciprocalGate, SinGate, SigmoidGate)
    for make_gate, curve in zip(gates, CURVES, strict=True):
        expect_fresh(make_gate, (x,), (y,), dy)
        expect_fresh(make_gate, (2.0,), (y,), dy)
        expect_at_work((make_gate, curve, (x,)), (make_gate, curve, (y,)), dy)
    for make_gate in (partial(AddConstantGate, 1.5), partial(ScaleGate, -0.5)):
        expect_fresh(make_gate, (2.0,), (y,), dy)
with checks("AddGate and MultiplyGate: backward twice, the same answer twice", points=0.5) as rng:
    x, y, dz = rng.normal(size=(3, 4))
    for make_gate in (AddGate, MultiplyGate):
        expect_repeatable(make_gate, (x, y), dz)
    expect_at_work((MultiplyGate, np.multiply, (x, y)), (MultiplyGate, np.multiply, (y, x)), dz)
with checks("MaxGate and CopyGate: backward twice, the same answer twice", points=0.5) as rng:
    x, y, dz = rng.normal(size=(3, 4))
    expect_repeatable(MaxGate, (x, y), dz)
    expect_at_work((MaxGate, np.maximum, (x, y)), (MaxGate, np.maximum, (y, x)), dz)
    expect_repeatable(partial(CopyGate, 2), (x,), dz, y)
with checks("the gates with one input: backward twice, the same answer twice", points=0.5) as rng:
    x, dy = rng.uniform(0.5, 2.0, size=3), rng.normal(size=3)
    gates = (ExpGate, LogGate, ReciprocalGate, SinGate, SigmoidGate)
    for make_gate, curve in zip(gates, CURVES, strict=True):
        expect_repeatable(make_gate, (x,), dy)
        expect_at_work((make_gate, curve, (x,)), (make_gate, curve, (x + 0.5,)), dy)
    for make_gate in (partial(AddConstantGate, 1.5), partial(ScaleGate, -0.5)):
        expect_repeatable(make_gate, (x,), dy)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 2.5 A graph that differentiates itself (25 points, ★★★, 60 minutes)
#
# Now the gates are put to work. A `ComputationalGraph` is a collection of **nodes**. Each node has a name,
# a gate, and the names that the gate's inputs come from: other nodes, or *inputs of the graph*, whose
# values are given when it runs. This is how it is used:
#
# ```python
# graph = ComputationalGraph()
# graph.add("u", SubtractGate(), "x", "y")      # u = x - y
# graph.add("f", TanhGate(), "u")               # f = tanh(u)
# graph.forward(x=1.5, y=0.5)                   # 0.7616, the value of f
# graph.backward()                              # {"x": 0.42, "y": -0.42}
# ```
#
# **Forward.** A gate can run once all of its inputs are known. An order in which every node comes after
# those it takes from is called a *topological order*. Nodes may be added in any order whatever, `f` before
# `u` for instance, so finding a good one is the graph's job. One way: keep a list of the nodes still
# waiting, and again and again run one whose inputs are all known. If nodes are waiting and none can run,
# there is a **cycle**, and the graph should say so. Those that wait are the nodes on the cycle and all that
# stand behind it; name any of them. (To find one that is *on* it, start at a node that waits and go to one of
# its inputs that waits, again and again, until you meet a node for the second time.)
#
# **Backward.** Take the same order in reverse. The output's gradient with respect to itself is 1 (for an
# array: ones). Each gate is handed the gradient of its value and returns those of its inputs. A second call
# of `backward` starts afresh, as that of a gate does, and returns the same.
#
# **Accumulate.** Here is the one place where it is easy to go wrong. In the picture, $u$ is used twice:
# directly by the mean, and by $\tanh$. Two gradients come back to it, 0.5 and 0.21, and they **add**: the
# fork is a copy gate that nobody wrote down. So:
#
# * a node's gradient is complete only when *all* of its users have reported, which the reversed order
#   guarantees;
# * write `gradients[name] = gradients[name] + new`. With `=` alone the first report is lost. With `+=`,
#   an array is changed in place, and the same array may be another node's gradient too: look at what
#   `MeanGate.backward` returns. (Numbers cannot be changed in place, so with them you would not notice.)

# %% readonly="figure-accumulate"
viz.draw_graph(
    [
        ("x", "", (), 1.5, 0.71),
        ("y", "", (), 0.5, -0.71),
        ("u", "−", ("x", "y"), 1.0, 0.71),
        # the last entry: the gradient that the gate sends to each of its inputs
        ("v", "tanh", ("u",), 0.7616, 0.5, (0.21,)),
        ("f", "mean", ("u", "v"), 0.8808, 1.0, (0.5, 0.5)),
    ],
    title="Two gradients come back to u, and add",
    steps=True,
)

# %% [markdown]
# **Predict, then run.** Suppose a graph assigns with `=` where it should add. Backward, `f` reports to `u`
# first, then `v` does. What would the gradient of $x$ be?

# %%
predicted_overwritten = None  # a number

# %% readonly="predict-overwritten" title="Compare your prediction: what is left"
slope = 0.5 * (1 - np.tanh(1.0) ** 2)
compare_prediction(
    predicted_overwritten,
    slope,
    "The last report, 0.5 times the slope of tanh at 1, replaces the first, 0.5. It should be 0.71.",
)

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Three dicts do it: one of nodes by name (the gate, and where its inputs come from), one of values by
# name, one of gradients by name. Start with graphs whose nodes are added in order, then mend `forward`
# for any order.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# Add `f = tanh(u)` first and `u = x - y` second, and give $x$ and $y$. Waiting: f, u. Known: x, y. f takes u,
# which is not known; u can run. Waiting: f. Known: x, y, u. Now f can run. The order was u, f; so backward
# goes f, u. It starts with the gradient 1 at f; the gate of f is handed 1 and returns 0.42, which is added to
# the 0 of u; then the gate of u is handed 0.42 and returns 0.42 and $-0.42$ for x and y.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# `forward`: first look through all nodes for a name that is neither a node nor given. Then rounds: run every
# waiting node none of whose inputs is waiting; a round in which nothing runs is a cycle. Keep the order. The
# output is the last added of those that no node takes from. `backward`: a fresh dict with a zero for every
# value, a one for the output; in the reversed order, pair the node's inputs with the gradients that its gate
# returns (`zip`), and add each to what is there, into a new array. At the end, keep the inputs of the graph.
#
# </details>


# %% answer="05_computational_graph" formula="withheld"
class ComputationalGraph:
    """Named gates, wired by name: any directed graph without cycles, its nodes added in any order.

    The output is the last node: the one whose value no other node takes (if there are several, the one of
    them that was added last).
    """

    def __init__(self):
        ### BEGIN SOLUTION
        self.nodes = {}
        ### END SOLUTION

    def add(self, name, gate, *inputs):
        """Add a node.

        name: a string, a new one; gate: an object with forward and backward, one for each node;
        inputs: strings, the names of what the gate takes, in order: nodes (added before or later) or inputs
        of the graph. A name may occur more than once, in one node or in several.
        """
        ### BEGIN SOLUTION
        self.nodes[name] = (gate, inputs)
        ### END SOLUTION

    def forward(self, **inputs):
        """Return the value of the output, for inputs given by name: numbers, or arrays of one shape.

        Raise ValueError, with the name in its message, if a node takes a name that is neither a node nor
        given here; and if there is a cycle, with the name of a node that can never run, on the cycle or
        behind it. (Raising it in add is fine too.)
        """
        ### BEGIN SOLUTION
        self.order = self._topological_order(inputs)
        self.values = dict(inputs)
        for name in self.order:
            gate, sources = self.nodes[name]
            self.values[name] = gate.forward(*(self.values[source] for source in sources))
        taken = {source for _, sources in self.nodes.values() for source in sources}
        self.output = [name for name in self.nodes if name not in taken][-1]
        return self.values[self.output]
        ### END SOLUTION

    def backward(self):
        """Return the gradients of the output at the inputs of the last forward, a dict with a key per input.

        Each is a number or an array of its input's shape, zero if the output does not depend on the input.
        Where the output is an array, they are the gradients of the sum of its entries.
        """
        ### BEGIN SOLUTION
        gradients = {name: np.zeros(np.shape(value)) for name, value in self.values.items()}
        gradients[self.output] = np.ones(np.shape(self.values[self.output]))
        for name in reversed(self.order):
            gate, sources = self.nodes[name]
            for source, gradient in zip(sources, gate.backward(gradients[name]), strict=True):
                # not in place: a gate may hand one array to several inputs
                gradients[source] = gradients[source] + gradient
        return {name: gradients[name] for name in self.values if name not in self.nodes}

    def _topological_order(self, inputs):
        """Return the names of the nodes, each after all those that it takes from."""
        for name, (_, sources) in self.nodes.items():
            for source in sources:
                if source not in self.nodes and source not in inputs:
                    raise ValueError(f"node {name!r} takes {source!r}, which is neither a node nor an input")
        order = []
        waiting = list(self.nodes)
        while waiting:
            ready = [name for name in waiting if not set(self.nodes[name][1]) & set(waiting)]
            if not ready:
                raise ValueError(f"there is a cycle: these nodes wait for one another: {', '.join(waiting)}")
            order += ready
            waiting = [name for name in waiting if name not in ready]
        return order
        ### END SOLUTION


# %% setup="graph-checks" title="What the checks are written with: graphs"
def add_all(graph, nodes, given):
    """Add nodes (name, kind, sources) to a graph, with a gate of the class `given[kind]`, and return it."""
    gates = in_turn(partial(given[kind]) for _, kind, _ in nodes)
    in_turn(
        partial(graph.add, name, gate, *sources)
        for (name, _, sources), gate in zip(nodes, gates, strict=True)
    )
    return graph


def run_graph(graph, **inputs):
    """Run the graph forward, then backward, and return the value and the gradients."""
    return in_turn([partial(graph.forward, **inputs), partial(graph.backward)])


def random_nodes(rng):
    """Return nodes (name, kind, sources) in topological order, in which values are used several times."""
    names, nodes = ["x", "y", "z"], []
    for k in range(6):
        kind = ("tanh", "subtract", "mean")[rng.integers(3)]
        count = {"tanh": 1, "subtract": 2, "mean": 3}[kind]
        nodes.append((f"n{k}", kind, tuple(names[i] for i in rng.permutation(len(names))[:count])))
        names.append(f"n{k}")
    taken = {source for _, _, sources in nodes for source in sources}
    return [*nodes, ("out", "mean", tuple(name for name in names if name not in taken))]


def shuffled(rng, nodes):
    """Return the nodes in another order."""
    return [nodes[i] for i in rng.permutation(len(nodes))]


def value_and_slopes(nodes, **inputs):
    """Return the value of the last of `nodes`, listed in topological order, and its derivative by each input.

    The derivatives are pushed forward, node by node, for all inputs at once.
    """
    values = dict(inputs)
    slopes = {name: {i: np.ones(np.shape(x)) * (i == name) for i in inputs} for name, x in inputs.items()}
    for name, kind, sources in nodes:
        taken = [values[source] for source in sources]
        if kind == "tanh":
            values[name], local = np.tanh(taken[0]), [1 - np.tanh(taken[0]) ** 2]
        elif kind == "subtract":
            values[name], local = taken[0] - taken[1], [1.0, -1.0]
        else:
            values[name], local = sum(taken) / len(taken), [1 / len(taken)] * len(taken)
        terms = list(zip(local, sources, strict=True))
        slopes[name] = {i: sum(slope * slopes[source][i] for slope, source in terms) for i in inputs}
    return values[name], slopes[name]


def compare_graph(check, new_graph, formula, **inputs):
    """Compare the gradients of a graph, made by `new_graph`, with numerical gradients of `formula`."""

    def forward(*values):
        return formula(*values), values

    def backward(df, values):
        graph = new_graph()
        _, grads = run_graph(graph, **dict(zip(inputs, values, strict=True)))
        return tuple(df * grads[name] for name in inputs)

    backward.__name__ = "ComputationalGraph"
    return check(forward, backward, *inputs.values(), names=tuple(inputs))


def expect_afresh(graph, expected, **inputs):
    """Run a graph forward once and backward twice; name a second call that adds to the first."""
    _, found = run_graph(graph, **inputs)
    expect_close("what backward returns", found, expected, rtol=1e-12, atol=1e-15)
    again = graph.backward()
    # What piles up in the nodes between piles up more: all that is known is that no gradient turned round.
    grown = [np.all(again[name] * gradient >= gradient**2) for name, gradient in expected.items()]
    if all(grown) and not is_close(again, expected):
        raise AssertionError(
            "backward, called again: you add to the first call's gradient; each call starts afresh"
        )
    expect_close("backward, called again,", again, expected, rtol=1e-12, atol=1e-15)


def expect_both_paths(found, x, y):
    """Raise AssertionError where the graph of the picture lost what one of the two users of u reported."""
    direct, through_tanh = 0.5, 0.5 * (1 - np.tanh(x - y) ** 2)
    for only in (direct, through_tanh):
        assert not is_close(found, {"x": only, "y": -only}), (
            "one of the two gradients that come back to u is lost: add each to what is there"
        )
    twice = direct + (direct + through_tanh)
    assert not is_close(found, {"x": twice, "y": -twice}), (
        "u sends its gradient on twice: let it wait until all of its users have reported"
    )


def expect_value_error(run, *names):
    """Raise AssertionError unless `run` raises a ValueError whose message holds one of `names`."""
    try:
        run()
    except ValueError as error:
        if not any(name in str(error) for name in names):
            wanted = " or ".join(map(repr, names))
            raise AssertionError(f"the message should name {wanted}, yours is: {error}") from error
    else:
        raise AssertionError("expected a ValueError, but nothing was raised")


# %% readonly="05_self-check"
def your_graph_of_the_picture():
    """Return the graph drawn above, as a ComputationalGraph of yours."""
    graph = ComputationalGraph()
    graph.add("f", MeanGate(), "u", "v")
    graph.add("v", TanhGate(), "u")
    graph.add("u", SubtractGate(), "x", "y")
    return graph


checks = Checks()
given = {"tanh": TanhGate, "subtract": SubtractGate, "mean": MeanGate}
nodes = [("u", "subtract", ("x", "y")), ("v", "tanh", ("u",)), ("f", "mean", ("u", "v"))]
with checks("u is used twice: two gradients come back to it, and add"):
    graph = your_graph_of_the_picture()
    value, found = run_graph(graph, x=1.5, y=0.5)
    expect_close("what forward returns", value, 0.8808, atol=5e-5)
    expect_both_paths(found, x=1.5, y=0.5)
    expect_close("what backward returns", found, {"x": 0.7100, "y": -0.7100}, atol=5e-5)
with checks("backward twice gives the same answer twice"):
    expect_afresh(your_graph_of_the_picture(), value_and_slopes(nodes, x=1.5, y=0.5)[1], x=1.5, y=0.5)
with checks("arrays: s, the mean of x, y and p = tanh(x), hands one array to all three; p adds to x alone"):
    nodes = [("p", "tanh", ("x",)), ("s", "mean", ("x", "y", "p")), ("out", "tanh", ("s",))]
    inputs = {"x": np.array([0.5, -1.0]), "y": np.array([1.0, 0.3])}
    graph = add_all(ComputationalGraph(), nodes, given)
    expected = value_and_slopes(nodes, **inputs)
    expect_close("what forward returns", graph.forward(**inputs), expected[0])
    expect_close("what backward returns", graph.backward(), expected[1])
with checks("a node that leads nowhere, and an input on which the output does not depend"):
    nodes = [("nowhere", "tanh", ("z",)), ("f", "subtract", ("y", "x"))]
    graph = add_all(ComputationalGraph(), nodes, given)
    expect_close("what forward returns", graph.forward(x=1.5, y=2.0, z=0.3), 0.5)
    expect_close("what backward returns", graph.backward(), {"x": -1.0, "y": 1.0, "z": 0.0})
with checks("a node that takes one name twice, in a graph that runs again with other inputs"):
    nodes = [("u", "mean", ("x", "x", "y")), ("f", "tanh", ("u",))]
    graph = add_all(ComputationalGraph(), nodes, given)
    for inputs in ({"x": 0.4, "y": 1.0}, {"x": -0.3, "y": 0.2}):
        expected = value_and_slopes(nodes, **inputs)
        expect_close("what forward returns", graph.forward(**inputs), expected[0])
        expect_close("what backward returns", graph.backward(), expected[1])
with checks("a name that is neither a node nor given: a ValueError that names it"):
    nodes = [("f", "subtract", ("u", "altitude")), ("u", "tanh", ("x",))]
    expect_value_error(lambda: add_all(ComputationalGraph(), nodes, given).forward(x=1.5), "altitude")
with checks("a cycle, and a node behind it: a ValueError that names one of those that wait"):
    nodes = [("breakfast", "tanh", ("egg",)), ("egg", "tanh", ("chicken",)), ("chicken", "tanh", ("egg",))]
    expect_value_error(
        lambda: add_all(ComputationalGraph(), nodes, given).forward(x=1.5), "breakfast", "egg", "chicken"
    )
print(checks)
compare_graph(check_vjp, your_graph_of_the_picture, lambda x, y: (x - y + np.tanh(x - y)) / 2, x=1.5, y=0.5)

# %% graded="05_computational_graph-forward" points=6
checks = Checks("2.5")
given = {"tanh": TanhGate, "subtract": SubtractGate, "mean": MeanGate}
with checks("u = x - y, f = tanh(u) at (1.5, 0.5): 0.7616", points=1.5):
    graph = add_all(ComputationalGraph(), [("u", "subtract", ("x", "y")), ("f", "tanh", ("u",))], given)
    expect_close("what forward returns", graph.forward(x=1.5, y=0.5), 0.7616, atol=5e-5)
### BEGIN HIDDEN TESTS
with checks("other graphs, with numbers and with arrays", points=2.5) as rng:
    for x, y, z in plain_inputs(rng, -2.0, 2.0, count=3):
        nodes = random_nodes(rng)
        graph = add_all(ComputationalGraph(), nodes, given)
        expected, _ = value_and_slopes(nodes, x=x, y=y, z=z)
        expect_close("what forward returns", graph.forward(x=x, y=y, z=z), expected, rtol=1e-12)
with checks("nodes added in any order", points=2) as rng:
    for x, y, z in rng.normal(size=(3, 3)).tolist():
        nodes = random_nodes(rng)
        expected, _ = value_and_slopes(nodes, x=x, y=y, z=z)
        for order in (nodes[::-1], shuffled(rng, nodes)):
            graph = add_all(ComputationalGraph(), order, given)
            expect_close("what forward returns", graph.forward(x=x, y=y, z=z), expected, rtol=1e-12)
### END HIDDEN TESTS
checks.score()

# %% graded="05_computational_graph-backward" points=7
checks = Checks("2.5")
given = {"tanh": TanhGate, "subtract": SubtractGate, "mean": MeanGate}
with checks("the gradients of tanh(x - y) at (1.5, 0.5): 0.4200 and -0.4200", points=1.5):
    graph = add_all(ComputationalGraph(), [("u", "subtract", ("x", "y")), ("f", "tanh", ("u",))], given)
    _, found = run_graph(graph, x=1.5, y=0.5)
    expect_close("what backward returns", found, {"x": 0.4200, "y": -0.4200}, atol=5e-5)
### BEGIN HIDDEN TESTS
tree = [
    ("a", "tanh", ("x",)),
    ("b", "subtract", ("y", "a")),
    ("c", "mean", ("b", "z", "t")),
    ("d", "tanh", ("c",)),
    ("out", "subtract", ("u", "d")),
]
with checks("a larger graph, in which every value is used once", points=2) as rng:
    for values in rng.normal(size=(2, 5)).tolist():
        inputs = dict(zip("xyztu", values, strict=True))
        graph = add_all(ComputationalGraph(), tree, given)
        _, found = run_graph(graph, **inputs)
        expected = value_and_slopes(tree, **inputs)[1]
        expect_close("what backward returns", found, expected, rtol=1e-12, atol=1e-15)
with checks("the same, added in any order", points=1.5) as rng:
    for order in (tree[::-1], shuffled(rng, tree), shuffled(rng, tree)):
        inputs = dict(zip("xyztu", rng.normal(size=5).tolist(), strict=True))
        graph = add_all(ComputationalGraph(), order, given)
        _, found = run_graph(graph, **inputs)
        expected = value_and_slopes(tree, **inputs)[1]
        expect_close("what backward returns", found, expected, rtol=1e-12, atol=1e-15)
with checks("arrays of one entry or more, integers, views; inputs are left unchanged", points=1) as rng:
    for values in [*plain_inputs(rng, -2.0, 2.0, count=5)[1:], *awkward_inputs(rng, -2.0, 2.0, count=5)]:
        inputs = dict(zip("xyztu", values, strict=True))
        graph = add_all(ComputationalGraph(), tree, given)
        with expect_unchanged(**inputs):
            _, grads = run_graph(graph, **inputs)
        expected = value_and_slopes(tree, **inputs)[1]
        expect_close("what backward returns", grads, expected, rtol=1e-12, atol=1e-15)
with checks("run again with other inputs, and backward twice", points=1) as rng:
    graph = add_all(ComputationalGraph(), tree, given)
    for values in rng.normal(size=(2, 5)).tolist():
        inputs = dict(zip("xyztu", values, strict=True))
        expect_afresh(graph, value_and_slopes(tree, **inputs)[1], **inputs)
### END HIDDEN TESTS
checks.score()

# %% graded="05_computational_graph-accumulation" points=7
checks = Checks("2.5")
given = {"tanh": TanhGate, "subtract": SubtractGate, "mean": MeanGate}
with checks("the graph of the picture, in which u is used twice: 0.7100 and -0.7100", points=2):
    nodes = [("u", "subtract", ("x", "y")), ("v", "tanh", ("u",)), ("f", "mean", ("u", "v"))]
    graph = add_all(ComputationalGraph(), nodes, given)
    _, found = run_graph(graph, x=1.5, y=0.5)
    expect_both_paths(found, x=1.5, y=0.5)
    expect_close("what backward returns", found, {"x": 0.7100, "y": -0.7100}, atol=5e-5)
### BEGIN HIDDEN TESTS
with checks("other graphs in which values are used several times", points=2) as rng:
    for x, y, z in rng.normal(size=(6, 3)).tolist():
        nodes = random_nodes(rng)
        graph = add_all(ComputationalGraph(), nodes, given)
        _, found = run_graph(graph, x=x, y=y, z=z)
        expected = value_and_slopes(nodes, x=x, y=y, z=z)[1]
        expect_close("what backward returns", found, expected, rtol=1e-12, atol=1e-15)
with checks("the same with arrays, where adding in place would show", points=2) as rng:
    nodes = [("p", "tanh", ("x",)), ("s", "mean", ("x", "y", "p")), ("out", "tanh", ("s",))]
    for x, y in plain_inputs(rng, -2.0, 2.0, count=2):
        expected = value_and_slopes(nodes, x=x, y=y)[1]
        graph = add_all(ComputationalGraph(), nodes, given)
        _, found = run_graph(graph, x=x, y=y)
        expect_close("what backward returns", found, expected, rtol=1e-12, atol=1e-15)
with checks("a gate that takes the same value twice", points=1) as rng:
    nodes = [("v", "tanh", ("x",)), ("w", "mean", ("v", "y", "v")), ("out", "subtract", ("x", "w"))]
    x, y = rng.normal(size=2).tolist()
    graph = add_all(ComputationalGraph(), nodes, given)
    _, found = run_graph(graph, x=x, y=y)
    expected = value_and_slopes(nodes, x=x, y=y)[1]
    expect_close("what backward returns", found, expected, rtol=1e-12, atol=1e-15)
### END HIDDEN TESTS
checks.score()

# %% graded="05_computational_graph-errors" points=5
checks = Checks("2.5")
given = {"tanh": TanhGate, "subtract": SubtractGate, "mean": MeanGate}
with checks("a name that nobody knows raises a ValueError that names it", points=1):
    nodes = [("u", "subtract", ("x", "velocity")), ("f", "tanh", ("u",))]
    expect_value_error(lambda: add_all(ComputationalGraph(), nodes, given).forward(x=1.5), "velocity")
with checks("a cycle raises a ValueError that names one of the nodes that wait", points=1):
    nodes = [
        ("breakfast", "tanh", ("chicken",)),
        ("egg", "subtract", ("chicken", "x")),
        ("chicken", "tanh", ("egg",)),
    ]
    expect_value_error(
        lambda: add_all(ComputationalGraph(), nodes, given).forward(x=1.5), "egg", "chicken", "breakfast"
    )
### BEGIN HIDDEN TESTS
with checks("unknown names in other places", points=1):
    nodes = [("u", "tanh", ("x",)), ("f", "mean", ("u", "altitude", "y"))]
    expect_value_error(lambda: add_all(ComputationalGraph(), nodes, given).forward(x=1.5, y=2.0), "altitude")
    nodes = [("f", "subtract", ("u", "longitude")), ("u", "tanh", ("latitude",))]
    expect_value_error(lambda: add_all(ComputationalGraph(), nodes, given).forward(longitude=2.0), "latitude")
with checks("other cycles: two nodes and nothing else, a node that takes itself, a long one", points=1):
    loops = [
        [("egg", "tanh", ("chicken",)), ("chicken", "tanh", ("egg",))],
        [("egg", "subtract", ("x", "egg")), ("breakfast", "tanh", ("egg",))],
        [
            ("breakfast", "mean", ("x", "chicken")),
            ("chicken", "tanh", ("chick",)),
            ("chick", "subtract", ("egg", "x")),
            ("egg", "subtract", ("x", "chicken")),
        ],
    ]
    for nodes in loops:
        expect_value_error(
            lambda nodes=nodes: add_all(ComputationalGraph(), nodes, given).forward(x=1.5),
            *("egg", "chick", "breakfast"),
        )
with checks("a node that leads nowhere, and an input on which the output does not depend", points=1) as rng:
    nodes = [("nowhere", "tanh", ("z",)), ("u", "tanh", ("x",)), ("f", "subtract", ("y", "u"))]
    for x, y, z in plain_inputs(rng, -2.0, 2.0, count=3):
        graph = add_all(ComputationalGraph(), nodes, given)
        value, slopes = value_and_slopes(nodes, x=x, y=y, z=z)
        returned, found = run_graph(graph, x=x, y=y, z=z)
        expect_close("what forward returns", returned, value, rtol=1e-12)
        expect_close("what backward returns", found, slopes, rtol=1e-12, atol=1e-15)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 2.6 Four graphs, wired (10 points, ★, 25 minutes)
#
# Here is what the work was for: to differentiate a formula you now only have to *say* it. Each of the next
# functions receives an empty graph and adds the nodes of one formula to it. Names of nodes are up to you,
# those of the inputs are given. For instance, $f = \tanh(x - y)$:
#
# ```python
# def tanh_of_difference_graph(graph):
#     graph.add("u", SubtractGate(), "x", "y")
#     graph.add("f", TanhGate(), "u")
# ```
#
# Give each node a new gate: a gate remembers one `forward`, the last. The self-checks run your own graph with
# your own gates, compare its gradients with numerical ones, and draw it with the values and gradients that
# your gates saw. What is graded is the wiring alone, with exact gates put in, so that a slip in 2.1 to 2.5 is
# not counted again.

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Read the formula from the inside out, as you would work it out with a pocket calculator: each key you press
# is a node. Assignment 1 differentiates the same four formulas by hand; you do not need it here.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# For $f = e^{ab + 1}$: `"p"` is a `MultiplyGate` of `"a"` and `"b"`; `"q"` is an `AddConstantGate(1.0)`
# of `"p"`; `"f"` is an `ExpGate` of `"q"`. Three nodes, the last of which nobody takes: that is the
# output.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# In turn: an add, then a multiply. Two multiplies, two adds, then either one sigmoid or the four small
# gates in its place, where "times $-1$" is a `ScaleGate`. A multiply and a sine, which takes the same
# input again, then an add. A multiply and a max, an add, and a `ScaleGate` for the 2. Each node gets a
# new gate of its own.
#
# </details>


# %% readonly="sketch" title="What the self-checks are written with: wirings"
class Sketch:
    """A graph that only takes notes of what is added to it; grading reads your wiring from it."""

    def __init__(self):
        self.nodes = []
        self.gates = {}

    def add(self, name, gate, *inputs):
        assert not isinstance(gate, type), (
            f"{name}: {gate.__name__} is a class; make a gate, {gate.__name__}()"
        )
        texts = all(isinstance(one, str) for one in (name, *inputs))
        assert texts, "names are texts, one after the other: graph.add('u', SubtractGate(), 'x', 'y')"
        constants = [getattr(gate, letter) for letter in ("c", "a") if hasattr(gate, letter)]
        self.nodes.append((name, type(gate).__name__, constants, inputs))
        self.gates[name] = gate

    def gate(self, name):
        return self.gates[name]

    def expect_own_gates(self):
        """Raise AssertionError where two nodes have one gate object."""
        pairs = [(a, b) for a in self.gates for b in self.gates if a < b and self.gates[a] is self.gates[b]]
        both = " and ".join(pairs[0]) if pairs else ""
        assert not both, f"{both} have one gate; it remembers one input, so each needs its own"


def your_graph(wire):
    """Return a new ComputationalGraph of yours with the nodes that `wire` adds."""
    graph = ComputationalGraph()
    wire(graph)
    return graph


def self_check_wiring(wire, formula, **inputs):
    """Look whether each node has a gate of its own, then compare your graph with numerical gradients."""
    checks, sketch = Checks(), Sketch()
    with checks("nodes with names, each with a gate of its own"):
        wire(sketch)
        assert sketch.nodes, NO_NODES
        sketch.expect_own_gates()
    print(checks)
    if checks.outcomes[0].status == "failed":
        return None
    return compare_graph(check_vjp, lambda: your_graph(wire), formula, **inputs)


@once_written
def draw_yours(wire, title, **inputs):
    """Draw the graph that `wire` makes, run at the inputs."""
    return viz.draw_run(ComputationalGraph(), wire, title=title, **inputs)


# %% setup="formulas" title="What the checks are written with: formulas and wirings"
NO_NODES = "no node was added: add them to the graph that your function is given"


def product_of_sum(x, y, z):
    """Return (x + y) z."""
    return (x + y) * z


def neuron(w0, x0, w1, x1, w2):
    """Return the sigmoid of w0 x0 + w1 x1 + w2."""
    return 1 / (1 + np.exp(-(w0 * x0 + w1 * x1 + w2)))


def sin_product(x1, x2):
    """Return x1 x2 + sin(x2)."""
    return x1 * x2 + np.sin(x2)


def patterns(x, y, z, w):
    """Return 2 (x y + max(z, w))."""
    return 2 * (x * y + np.maximum(z, w))


def run_sketch(graph, sketch, exact, **inputs):
    """Wire `graph` as sketched, with exact gates where there are any; return its value and gradients.

    `exact` maps the name of a gate's class, its number of inputs and its number of constants to a class.
    """
    for name, kind, constants, sources in sketch.nodes:
        key = kind, len(sources), len(constants)
        graph.add(name, exact[key](*constants) if key in exact else sketch.gate(name), *sources)
    return graph.forward(**inputs), graph.backward()


def wiring(wire):
    """Return the value of what `wire` adds, as a function of the inputs, computed with exact gates.

    Its gradients are measured: what is looked at here is which formula the wiring says.
    """
    sketch = Sketch()
    wire(sketch)
    nodes = sketch.nodes
    assert nodes, NO_NODES

    def value(**inputs):
        known, waiting = dict(inputs), list(nodes)
        while waiting:
            ready = [node for node in waiting if all(source in known for source in node[3])]
            if not ready:
                raise AssertionError(
                    f"these nodes wait for names that nobody has: {[node[0] for node in waiting]}"
                )
            for name, kind, constants, sources in ready:
                exact = FORWARD.get((kind, len(sources), len(constants)))
                values = [known[source] for source in sources]
                known[name] = exact(*values, *constants) if exact else sketch.gate(name).forward(*values)
            waiting = [node for node in waiting if node not in ready]
        taken = {source for node in nodes for source in node[3]}
        return known[[node[0] for node in nodes if node[0] not in taken][-1]]

    return value


FORWARD = {
    ("AddGate", 2, 0): lambda x, y: x + y,
    ("MultiplyGate", 2, 0): lambda x, y: x * y,
    ("MaxGate", 2, 0): np.maximum,
    ("ExpGate", 1, 0): np.exp,
    ("LogGate", 1, 0): np.log,
    ("ReciprocalGate", 1, 0): lambda x: 1 / x,
    ("SinGate", 1, 0): np.sin,
    ("SigmoidGate", 1, 0): lambda x: 1 / (1 + np.exp(-x)),
    ("AddConstantGate", 1, 1): lambda x, c: x + c,
    ("ScaleGate", 1, 1): lambda x, a: a * x,
}


def gradients_of(wire, **inputs):
    """Return the gradients of the formula that `wire` adds, measured by central differences."""
    sketch = Sketch()
    wire(sketch)
    sketch.expect_own_gates()
    value = wiring(wire)

    def moved(name, step):
        return value(**{**inputs, name: inputs[name] + step})

    return {name: (moved(name, 1e-5) - moved(name, -1e-5)) / 2e-5 for name in inputs}


def gates_by_use(module):
    """Return the gates of 2.1 to 2.3 out of a module, as `run_sketch` wants them."""
    two = ("AddGate", "MultiplyGate", "MaxGate")
    one = ("ExpGate", "LogGate", "ReciprocalGate", "SinGate", "SigmoidGate")
    constant = ("AddConstantGate", "ScaleGate")
    return {
        **{(name, 2, 0): getattr(module, name) for name in two},
        **{(name, 1, 0): getattr(module, name) for name in one},
        **{(name, 1, 1): getattr(module, name) for name in constant},
    }


# %% [markdown]
# **The product of a sum**, $f = (x + y)\,z$. At $(-2, 5, -4)$: $f = -12$, and the gradients are $-4$,
# $-4$ and $3$.


# %% answer="06_product_of_sum_graph" formula="withheld"
def product_of_sum_graph(graph):
    """Add the nodes of f = (x + y) z to the graph; its inputs are called x, y and z."""
    ### BEGIN SOLUTION
    graph.add("q", AddGate(), "x", "y")
    graph.add("f", MultiplyGate(), "q", "z")
    ### END SOLUTION


# %% readonly="06_product_of_sum_graph-self-check"
many = {"x": np.array([-2.0, 0.7, 1.6]), "y": np.array([5.0, 1.9, -0.4]), "z": np.array([-4.0, -1.3, 0.8])}
self_check_wiring(product_of_sum_graph, product_of_sum, **many)

# %% readonly="06_product_of_sum_graph-figure" title="Figure: your graph"
draw_yours(product_of_sum_graph, "f = (x + y) z", x=-2.0, y=5.0, z=-4.0)

# %% [markdown]
# **A sigmoid neuron**, $f = \sigma(w_0 x_0 + w_1 x_1 + w_2)$. At $(2, -1, -3, -2, -3)$ the sum is 1 and $f
# = 0.7311$; the gradients are $-0.1966$, $0.3932$, $-0.3932$, $-0.5898$ and $0.1966$.
#
# The graph of a function is not unique. You may take `SigmoidGate`, or build the sigmoid from smaller
# gates: times $-1$, exp, plus 1, reciprocal. Then you meet four more numbers on the way back: $-0.5344$ at
# plus 1 and at exp, $-0.1966$ at times $-1$, and $0.1966$ at the sum.


# %% answer="06_sigmoid_neuron_graph" formula="withheld"
def sigmoid_neuron_graph(graph):
    """Add the nodes of f = sigmoid(w0 x0 + w1 x1 + w2); the inputs are called w0, x0, w1, x1 and w2."""
    ### BEGIN SOLUTION
    graph.add("w0x0", MultiplyGate(), "w0", "x0")
    graph.add("w1x1", MultiplyGate(), "w1", "x1")
    graph.add("sum", AddGate(), "w0x0", "w1x1")
    graph.add("dot", AddGate(), "sum", "w2")
    graph.add("negated", ScaleGate(-1.0), "dot")
    graph.add("exp", ExpGate(), "negated")
    graph.add("plus_one", AddConstantGate(1.0), "exp")
    graph.add("f", ReciprocalGate(), "plus_one")
    ### END SOLUTION


# %% readonly="06_sigmoid_neuron_graph-self-check"
many = {"w0": np.array([2.0, 0.7, -1.6]), "x0": np.array([-1.0, 1.1, 0.3]), "w1": np.array([-3.0, -0.4, 0.8])}
many |= {"x1": np.array([-2.0, 0.9, 1.2]), "w2": np.array([-3.0, 0.3, -0.6])}
self_check_wiring(sigmoid_neuron_graph, neuron, **many)

# %% readonly="06_sigmoid_neuron_graph-figure" title="Figure: your graph"
draw_yours(sigmoid_neuron_graph, "A sigmoid neuron", w0=2.0, x0=-1.0, w1=-3.0, x1=-2.0, w2=-3.0)

# %% [markdown]
# **Two paths into one variable**, $f = x_1 x_2 + \sin x_2$. At $(3, 0)$: $f = 0$, and the gradients are 0
# and $4 = 3 + 1$. In 2.5 you made sure that they add.


# %% answer="06_sin_product_graph" formula="withheld"
def sin_product_graph(graph):
    """Add the nodes of f = x1 x2 + sin(x2) to the graph; its inputs are called x1 and x2."""
    ### BEGIN SOLUTION
    graph.add("product", MultiplyGate(), "x1", "x2")
    graph.add("sine", SinGate(), "x2")
    graph.add("f", AddGate(), "product", "sine")
    ### END SOLUTION


# %% readonly="06_sin_product_graph-self-check"
many = {"x1": np.array([3.0, -1.0, 0.5, 2.0, -2.5]), "x2": np.array([0.0, 1.0, -2.0, 0.3, 2.2])}
self_check_wiring(sin_product_graph, sin_product, **many)

# %% readonly="06_sin_product_graph-figure" title="Figure: your graph"
draw_yours(sin_product_graph, "f = x1 x2 + sin(x2)", x1=3.0, x2=0.0)

# %% [markdown]
# **Three patterns in one graph**, $f = 2\,(xy + \max(z, w))$. At $(3, -4, 2, -1)$: $f = -20$, and the
# gradients are $-8$, $6$, $2$ and $0$.


# %% answer="06_patterns_graph" formula="withheld"
def patterns_graph(graph):
    """Add the nodes of f = 2 (x y + max(z, w)) to the graph; its inputs are called x, y, z and w."""
    ### BEGIN SOLUTION
    graph.add("product", MultiplyGate(), "x", "y")
    graph.add("larger", MaxGate(), "z", "w")
    graph.add("total", AddGate(), "product", "larger")
    graph.add("f", ScaleGate(2.0), "total")
    ### END SOLUTION


# %% readonly="06_patterns_graph-self-check"
many = {"x": np.array([3.0, 0.7, -1.6]), "y": np.array([-4.0, 1.9, 0.3])}
many |= {"z": np.array([2.0, -0.6, 1.4]), "w": np.array([-1.0, 0.8, 1.1])}
self_check_wiring(patterns_graph, patterns, **many)

# %% readonly="06_patterns_graph-figure" title="Figure: your graph"
draw_yours(patterns_graph, "f = 2 (xy + max(z, w))", x=3.0, y=-4.0, z=2.0, w=-1.0)

# %% graded="06_graphs-values" points=5
checks = Checks("2.6")
with checks("(x + y) z is -12", points=0.25):
    expect_close("f", wiring(product_of_sum_graph)(x=-2.0, y=5.0, z=-4.0), -12.0)
with checks("the neuron is 0.7311", points=0.25):
    f = wiring(sigmoid_neuron_graph)(w0=2.0, x0=-1.0, w1=-3.0, x1=-2.0, w2=-3.0)
    expect_close("f", f, 0.7311, atol=5e-5)
with checks("x1 x2 + sin(x2) is 0", points=0.25):
    expect_close("f", wiring(sin_product_graph)(x1=3.0, x2=0.0), 0.0)
with checks("2 (x y + max(z, w)) is -20", points=0.25):
    expect_close("f", wiring(patterns_graph)(x=3.0, y=-4.0, z=2.0, w=-1.0), -20.0)
### BEGIN HIDDEN TESTS
from course_lib.reference import gates, graph


def expect_values_of(wire, formula, rng, *names):
    sketch = Sketch()
    wire(sketch)
    for values in rng.uniform(-1.5, 1.5, size=(3, len(names))).tolist():
        inputs = dict(zip(names, values, strict=True))
        f, _ = run_sketch(graph.ComputationalGraph(), sketch, gates_by_use(gates), **inputs)
        expect_close("f", f, formula(**inputs), rtol=1e-12)


with checks("the product of a sum at other points", points=1) as rng:
    expect_values_of(product_of_sum_graph, product_of_sum, rng, "x", "y", "z")
with checks("the neuron at other points", points=1) as rng:
    expect_values_of(sigmoid_neuron_graph, neuron, rng, "w0", "x0", "w1", "x1", "w2")
with checks("two paths at other points", points=1) as rng:
    expect_values_of(sin_product_graph, sin_product, rng, "x1", "x2")
with checks("three patterns at other points", points=1) as rng:
    expect_values_of(patterns_graph, patterns, rng, "x", "y", "z", "w")
### END HIDDEN TESTS
checks.score()

# %% graded="06_graphs-gradients" points=5
checks = Checks("2.6")
with checks("(x + y) z has the gradients -4, -4 and 3", points=0.25):
    found = gradients_of(product_of_sum_graph, x=-2.0, y=5.0, z=-4.0)
    expect_close("the gradients", found, {"x": -4.0, "y": -4.0, "z": 3.0}, rtol=1e-7)
with checks("the gradients of the neuron: -0.1966, 0.3932, -0.3932, -0.5898, 0.1966", points=0.25):
    found = gradients_of(sigmoid_neuron_graph, w0=2.0, x0=-1.0, w1=-3.0, x1=-2.0, w2=-3.0)
    expected = {"w0": -0.1966, "x0": 0.3932, "w1": -0.3932, "x1": -0.5898, "w2": 0.1966}
    expect_close("the gradients", found, expected, atol=5e-5)
with checks("x1 x2 + sin(x2) has the gradients 0 and 4", points=0.25):
    found = gradients_of(sin_product_graph, x1=3.0, x2=0.0)
    expect_close("the gradients", found, {"x1": 0.0, "x2": 4.0}, rtol=1e-7, atol=1e-7)
with checks("2 (x y + max(z, w)) has -8, 6, 2 and 0", points=0.25):
    found = gradients_of(patterns_graph, x=3.0, y=-4.0, z=2.0, w=-1.0)
    expect_close("the gradients", found, {"x": -8.0, "y": 6.0, "z": 2.0, "w": 0.0}, rtol=1e-7, atol=1e-7)
### BEGIN HIDDEN TESTS
from course_lib.reference import gates, graph


def expect_gradients_of(wire, gradients, rng, *names):
    sketch = Sketch()
    wire(sketch)
    for values in rng.uniform(-1.5, 1.5, size=(3, len(names))).tolist():
        inputs = dict(zip(names, values, strict=True))
        _, found = run_sketch(graph.ComputationalGraph(), sketch, gates_by_use(gates), **inputs)
        expect_close("the gradients", found, gradients(**inputs), rtol=1e-11)


def neuron_gradients(w0, x0, w1, x1, w2):
    dot = neuron(w0, x0, w1, x1, w2) * neuron(-w0, x0, -w1, x1, -w2)
    return {"w0": x0 * dot, "x0": w0 * dot, "w1": x1 * dot, "x1": w1 * dot, "w2": dot}


def patterns_gradients(x, y, z, w):
    return {"x": 2 * y, "y": 2 * x, "z": 2.0 * (z > w), "w": 2.0 * (w > z)}


with checks("the product of a sum at other points", points=1) as rng:
    expect_gradients_of(
        product_of_sum_graph, lambda x, y, z: {"x": z, "y": z, "z": x + y}, rng, "x", "y", "z"
    )
with checks("the neuron at other points", points=1) as rng:
    expect_gradients_of(sigmoid_neuron_graph, neuron_gradients, rng, "w0", "x0", "w1", "x1", "w2")
with checks("two paths at other points", points=1) as rng:
    expect_gradients_of(sin_product_graph, lambda x1, x2: {"x1": x2, "x2": x1 + np.cos(x2)}, rng, "x1", "x2")
with checks("three patterns at other points", points=1) as rng:
    expect_gradients_of(patterns_graph, patterns_gradients, rng, "x", "y", "z", "w")
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 2.7 Layers and nets (20 points, ★★★, 60 minutes)
#
# Nobody wires a network with one multiply gate per weight. Take larger gates: a **layer** maps a whole
# batch, $N$ examples in the rows of a matrix, and some layers own **parameters**. Otherwise the idea is the
# same: `forward` computes and remembers, `backward` turns the gradient of the output into that of the
# input. For most networks a simple list of layers, run forward and then in reverse, is all the graph there
# is. This is how Caffe, one of the first widely used libraries for deep learning, was organized.
#
# A layer has
#
# * `name`, a string, and `params`, a dict from the names of its parameters to arrays (the arrays themselves,
#   so that changing them in place trains the layer);
# * `forward(x)`, which returns the output, and `backward(dout)`, which returns `dx` (*not* in a tuple: there
#   is one input) and puts the gradients of the parameters in the dict `grads`, under the names they have in
#   `params`. Each call of `backward` starts `grads` afresh.
#
# The **loss layer**, at the end of a net, also takes the targets `y`, and returns one number.
#
# Here is a layer of each kind. `ScaleShiftLayer` scales and shifts every column: $\text{out}_{nj} = s_j
# x_{nj} + t_j$. All $N$ rows share $s_j$ and $t_j$, as if they had been copied $N$ times. So on the way
# back, like in a copy gate, the gradients of the rows add up:
#
# $$\mathrm{d}s_j = \sum_n x_{nj}\,\mathrm{d}\text{out}_{nj}, \qquad
# \mathrm{d}t_j = \sum_n \mathrm{d}\text{out}_{nj} .$$


# %% readonly="given-layers" open=True
class ScaleShiftLayer:
    """out = s x + t, column by column; x and out are (N, D), s and t are (D,)."""

    def __init__(self, name, s, t):
        self.name = name
        self.params = {"s": s, "t": t}
        self.grads = {}

    def forward(self, x):
        self.x = x
        return self.params["s"] * x + self.params["t"]

    def backward(self, dout):
        self.grads = {"s": np.sum(dout * self.x, axis=0), "t": np.sum(dout, axis=0)}
        return dout * self.params["s"]


class SquaredErrorLayer:
    """The sum of (x - y)² over a row, averaged over the N rows; x and y are (N, D)."""

    def __init__(self, name):
        self.name = name
        self.params = {}
        self.grads = {}

    def forward(self, x, y):
        self.error = x - y
        return np.sum(self.error**2) / len(x)

    def backward(self, dloss=1.0):
        return dloss * 2 * self.error / len(self.error)


# %%
# Play with them: this cell is yours.
layer = ScaleShiftLayer("first", s=np.array([2.0, -1.0]), t=np.array([0.0, 1.0]))
print("out   =", layer.forward(np.array([[1.0, 2.0], [3.0, 4.0]])).tolist())
print("dx    =", layer.backward(np.array([[1.0, 0.0], [10.0, 1.0]])).tolist())
print("grads =", {name: gradient.tolist() for name, gradient in layer.grads.items()})

# %% [markdown]
# ### The inner product
#
# The workhorse, better known as a linear or affine layer: $\text{out} = x W + b$, with $x$ of shape $(N,
# D)$, $W$ $(D, M)$ and $b$ $(M,)$. It is a multiply gate and an add gate in one.
#
# **Derive its three gradients yourself.** For the product, each side receives the upstream gradient times the
# *other* side, as ever; write the shapes of $x$, $W$ and $\mathrm{d}\text{out}$ next to each other, and see
# in which order, and with which one of them transposed, they can be multiplied at all. The bias is copied to
# all $N$ rows; you know what that means on the way back. Its gradient has the shape of $b$, $(M,)$.

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# Three gradients: $\mathrm{d}x$ is returned, those of $W$ and $b$ are left in `self.grads`. Of `forward`,
# only one thing has to be remembered. The example of `ScaleShiftLayer` above has the same form.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# One example with two numbers, $x = [1, 2]$, and one output, $W = [[3], [4]]$: out is
# $3 \cdot 1 + 4 \cdot 2$. With $\mathrm{d}\text{out} = [[10]]$, $W$ gets $[[10], [20]]$, the entries of
# $x$ times ten, standing up; $x$ gets $[[30, 40]]$, the entries of $W$ times ten, lying down. A second
# example adds to $\mathrm{d}W$, but gets a row of its own in $\mathrm{d}x$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# Shapes leave one way: $(N, D)$ from $(N, M)$ and $(D, M)$ is $\mathrm{d}\text{out}\, W^\top$; $(D, M)$ from
# $(N, D)$ and $(N, M)$ is $x^\top\, \mathrm{d}\text{out}$; and $(M,)$ from $(N, M)$ is the sum over the rows.
# Make a new dict of gradients in every call.
#
# </details>


# %% answer="07_inner_product_layer" formula="withheld"
class InnerProductLayer:
    """out = x W + b, for x of shape (N, D), W (D, M) and b (M,)."""

    def __init__(self, name, W, b):
        self.name = name
        self.params = {"W": W, "b": b}
        self.grads = {}

    def forward(self, x):
        """Return out, (N, M)."""
        ### BEGIN SOLUTION
        self.cache = x
        return x @ self.params["W"] + self.params["b"]
        ### END SOLUTION

    def backward(self, dout):
        """Take dout (N, M), return dx (N, D), and set self.grads["W"], (D, M), and self.grads["b"], (M,)."""
        ### BEGIN SOLUTION
        x = self.cache
        self.grads = {"W": x.T @ dout, "b": dout.sum(axis=0)}
        return dout @ self.params["W"].T
        ### END SOLUTION


# %% setup="layer-checks" title="What the checks are written with: layers"
def compare_inner_product(check, make_layer, x, W, b):
    """Compare the three gradients of an inner product layer with numerical ones."""

    def forward(x, W, b):
        return np.sum(x[:, :, np.newaxis] * W, axis=1) + b, (x, W, b)

    def backward(dout, cache):
        x, W, b = cache
        layer = make_layer("ip", W, b)
        layer.forward(x)
        dx = layer.backward(dout)
        return dx, layer.grads.get("W"), layer.grads.get("b")

    backward.__name__ = "InnerProductLayer"
    return check(forward, backward, x, W, b, names=("x", "W", "b"))


def awkward_arrays(rng, *shapes):
    """Return one view with gaps, or transposed, for each of the shapes (N, D) or (M,)."""
    return [
        rng.normal(size=(shape[1], shape[0])).T if len(shape) == 2 else rng.normal(size=2 * shape[0])[::2]
        for shape in shapes
    ]


# %% readonly="07_inner_product_layer-self-check"
checks = Checks()
W, b = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]]), np.array([0.5, 0.0, 0.0])
with checks("out, for one example [1, 2], is [5.5, 2, -1]"):
    layer = InnerProductLayer("ip", W.copy(), b.copy())
    expect_close("out", layer.forward(np.array([[1.0, 2.0]])), np.array([[5.5, 2.0, -1.0]]))
with checks("grads has the names W and b, and starts afresh in every call of backward"):
    layer = InnerProductLayer("ip", W.copy(), b.copy())
    layer.forward(np.array([[1.0, 2.0]]))
    layer.backward(np.array([[1.0, 0.0, 2.0]]))
    first = {name: np.array(gradient, dtype=float) for name, gradient in layer.grads.items()}
    assert sorted(first) == ["W", "b"], f"grads should have the names W and b, yours has {list(first)}"
    layer.backward(np.array([[1.0, 0.0, 2.0]]))
    expect_not_added("grads", layer.grads, {name: 2 * gradient for name, gradient in first.items()}, first)
    expect_close("grads", layer.grads, first)
print(checks)
compare_inner_product(
    check_vjp,
    InnerProductLayer,
    x=np.array([[1.0, 2.0], [0.5, -1.0], [0.0, 3.0], [-2.0, 1.0]]),
    W=np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]]),
    b=np.array([0.5, 0.0, 0.0]),
)

# %% graded="07_inner_product_layer-values" points=7
checks = Checks("2.7")
W, b = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]]), np.array([0.5, 0.0, 0.0])
with checks("one example [1, 2] gives [5.5, 2, -1]", points=1):
    layer = InnerProductLayer("ip", W.copy(), b.copy())
    expect_close("out", layer.forward(np.array([[1.0, 2.0]])), np.array([[5.5, 2.0, -1.0]]))
with checks("there, dout = [1, 0, 2] gives dx = [-1, 2] and the gradients of W and b", points=1):
    layer = InnerProductLayer("ip", W.copy(), b.copy())
    layer.forward(np.array([[1.0, 2.0]]))
    expect_close("dx", layer.backward(np.array([[1.0, 0.0, 2.0]])), np.array([[-1.0, 2.0]]))
    expected = {"W": np.array([[1.0, 0.0, 2.0], [2.0, 0.0, 4.0]]), "b": np.array([1.0, 0.0, 2.0])}
    expect_close("grads", layer.grads, expected)
### BEGIN HIDDEN TESTS
with checks("out for other shapes, and for N = 1", points=1) as rng:
    for N in (5, 1):
        x, W, b = rng.normal(size=(N, 4)), rng.normal(size=(4, 3)), rng.normal(size=3)
        expected = np.sum(x[:, :, np.newaxis] * W, axis=1) + b
        expect_close(f"out for N = {N}", InnerProductLayer("ip", W, b).forward(x), expected, rtol=1e-11)
with checks("dx", points=1) as rng:
    for N in (5, 1):
        x, W, b = rng.normal(size=(N, 4)), rng.normal(size=(4, 3)), rng.normal(size=3)
        dout = rng.normal(size=(N, 3))
        expected = np.einsum("nm,dm->nd", dout, W)
        layer = InnerProductLayer("ip", W, b)
        layer.forward(x)
        expect_close(f"dx for N = {N}", layer.backward(dout), expected, rtol=1e-11)
with checks("the gradient of W", points=1) as rng:
    for N in (5, 1):
        x, W, b = 1e3 * rng.normal(size=(N, 4)), rng.normal(size=(4, 3)), rng.normal(size=3)
        dout = rng.normal(size=(N, 3))
        expected = {"W": np.einsum("nd,nm->dm", x, dout)}
        layer = InnerProductLayer("ip", W, b)
        layer.forward(x)
        layer.backward(dout)
        expect_close(f"grads for N = {N}", layer.grads, expected, rtol=1e-11)
with checks("the gradient of b", points=1) as rng:
    for N in (5, 1):
        x, W, b = rng.normal(size=(N, 4)), rng.normal(size=(4, 3)), rng.normal(size=3)
        dout = rng.normal(size=(N, 3))
        expected = {"b": np.sum(dout, axis=0)}
        layer = InnerProductLayer("ip", W, b)
        layer.forward(x)
        layer.backward(dout)
        expect_close(f"grads for N = {N}", layer.grads, expected, rtol=1e-11)
with checks("integers, views with gaps, backward twice; arguments are left unchanged", points=1) as rng:
    _, W, b, dout = awkward_arrays(rng, (5, 4), (4, 3), (3,), (5, 3))
    for x in (rng.integers(-3, 4, size=(5, 4)), *awkward_arrays(rng, (5, 4))):
        with expect_unchanged(x=x, W=W, b=b, dout=dout):
            layer = InnerProductLayer("ip", W, b)
            layer.forward(x)
            layer.backward(-2.0 * dout)
            dx, grads = layer.backward(dout), layer.grads
        expect_close("dx", dx, np.einsum("nm,dm->nd", dout, W), rtol=1e-11)
        expected = {"W": np.einsum("nd,nm->dm", x, dout), "b": np.sum(dout, axis=0)}
        expect_close("grads", grads, expected, rtol=1e-11)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ### The sigmoid, as a layer
#
# The same function as in 2.3, without parameters: $\text{out} = \sigma(x)$, entry by entry. Nothing is
# wrong with letting your `SigmoidGate` do the work; mind that a gate's `backward` returns a tuple, and a
# layer's does not.


# %% answer="07_sigmoid_layer" formula="withheld"
class SigmoidLayer:
    """out = 1 / (1 + exp(-x)), for x of any shape and size."""

    def __init__(self, name):
        self.name = name
        self.params = {}
        self.grads = {}

    def forward(self, x):
        """Return out, of the shape of x."""
        ### BEGIN SOLUTION
        self.out = np.exp(-np.logaddexp(0.0, -x))
        return self.out
        ### END SOLUTION

    def backward(self, dout):
        """Take dout and return dx, both of the shape of x."""
        ### BEGIN SOLUTION
        return (1 - self.out) * self.out * dout
        ### END SOLUTION


# %% readonly="07_sigmoid_layer-self-check"
checks = Checks()
x, layer = np.array([[-1e4, 0.0, 1.0, 1e4]]), SigmoidLayer("sigmoid")
with checks("right at 0 and 1, finite at -1e4 and 1e4"):
    expect_close("out", layer.forward(x), np.array([[0.0, 0.5, 0.7311, 1.0]]), atol=5e-5)
with checks("dx is no tuple, and dout is left unchanged"):
    dout = np.array([[1.0, 1.0, 2.0, 1.0]])
    with expect_unchanged(dout=dout):
        dx = layer.backward(dout)
    expect_close("dx", dx, np.array([[0.0, 0.25, 0.3932, 0.0]]), atol=5e-5)
print(checks)
check_gate(SigmoidLayer("sigmoid"), np.array([[0.0, 1.0, -2.0], [0.5, -0.5, 3.0]]))

# %% graded="07_sigmoid_layer-values" points=2
checks = Checks("2.7")
with checks("at [0, 1] it is [0.5, 0.7311], and its slope [0.25, 0.1966]", points=0.5):
    layer = SigmoidLayer("sigmoid")
    expect_close("out", layer.forward(np.array([[0.0, 1.0]])), np.array([[0.5, 0.7311]]), atol=5e-5)
    expect_close("dx", layer.backward(np.array([[1.0, 1.0]])), np.array([[0.25, 0.1966]]), atol=5e-5)
### BEGIN HIDDEN TESTS
with checks("out for other shapes, and far from 0", points=0.5) as rng:
    for shape in ((4, 3), (1, 5), (2, 3, 2)):
        x = rng.uniform(-4.0, 4.0, size=shape)
        expect_close("out", SigmoidLayer("sigmoid").forward(x.copy()), 1 / (1 + np.exp(-x)), rtol=1e-12)
    x = np.array([[-1e4, 1e4], [-800.0, 800.0]])
    expect_close("out", SigmoidLayer("sigmoid").forward(x), np.array([[0.0, 1.0], [0.0, 1.0]]))
with checks("dx, whatever arrives from upstream; arguments are left unchanged", points=1) as rng:
    inputs = [rng.uniform(-4.0, 4.0, size=shape) for shape in ((4, 3), (1, 5), (2, 3, 2))]
    inputs += [np.array([[-1e4, 1e4]]), rng.integers(-3, 4, size=(2, 3)), *awkward_arrays(rng, (5, 4))]
    for x in inputs:
        dout = rng.normal(size=x.shape)
        layer = SigmoidLayer("sigmoid")
        with expect_unchanged(x=x, dout=dout):
            layer.forward(x)
            dx = layer.backward(dout)
        expected = dout * np.exp(-np.logaddexp(0.0, x) - np.logaddexp(0.0, -x))
        expect_close("dx", dx, expected, rtol=1e-12)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ### The softmax loss
#
# The end of a classifier. A row of $x$ holds one score per class; softmax makes probabilities of them, and
# the loss is the mean over the batch of minus the logarithm of the true class's probability:
#
# $$P_{nc} = \frac{e^{x_{nc}}}{\sum_k e^{x_{nk}}}, \qquad L = -\frac{1}{N} \sum_n \log P_{n, y_n} .$$
#
# As a graph, this would be an exp, a sum, a reciprocal, a product, a log and a mean. As *one* layer it has a
# gradient that fits on a line. **Derive it yourself**: take one row, write $\log P_{n, y_n}$ as a difference,
# and differentiate by the score of the true class, then by that of another class. What comes out can be
# written with the probabilities. Then think of the mean, and of the upstream gradient of the loss.
#
# One layer also has a chance to be stable: $e^{1000}$ overflows, but subtracting the largest score of
# each row from that row changes no probability. Take the logarithm from the shifted scores as well,
# $\log P_{nc} = x_{nc} - \log \sum_k e^{x_{nk}}$. The logarithm of a probability that was rounded to 0 is
# $-\infty$; and adding $10^{-7}$ before the logarithm, as one sees it done, hides that and makes every
# loss a little wrong.

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# `forward`: shift each row, then $\log P$, then pick one entry out of each row, `a[np.arange(N), y]`, and
# take the mean. If it leaves $\log P$ and $y$ behind, `backward` has all it needs.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# One row, two scores $(3, 3)$, the true class is 0: $P = (0.5, 0.5)$. Raise the first score by 0.01: the
# loss falls by about 0.005. Raise the second: it rises by as much. With scores $(2, 0)$,
# $P = (0.8808, 0.1192)$, and the two slopes are $-0.1192$ and $0.1192$. Two such rows: half of it for
# each.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# Probabilities minus truth: $\mathrm{d}x = \frac{\mathrm{d}L}{N}\,(P - Y)$, where $Y_{nc}$ is 1 if $c = y_n$,
# and 0 otherwise. Work on a fresh array, so that a second call of `backward` finds what the first one found.
#
# </details>


# %% answer="07_softmax_loss_layer" formula="withheld"
class SoftmaxLossLayer:
    """The mean softmax loss of scores x, (N, C), with labels y, (N,), integers from 0 to C - 1."""

    def __init__(self, name):
        self.name = name
        self.params = {}
        self.grads = {}

    def forward(self, x, y):
        """Return the loss, a number, finite for scores of any size."""
        ### BEGIN SOLUTION
        shifted = x - x.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.cache = log_p, y
        return -log_p[np.arange(len(y)), y].mean()
        ### END SOLUTION

    def backward(self, dloss=1.0):
        """Take the upstream gradient of the loss, a number; return dx, (N, C)."""
        ### BEGIN SOLUTION
        log_p, y = self.cache
        dx = np.exp(log_p)
        dx[np.arange(len(y)), y] -= 1
        return dloss * dx / len(y)
        ### END SOLUTION


# %% setup="softmax-checks" title="What the checks are written with: the softmax loss"
def compare_softmax_loss(check, make_layer, x, y):
    """Compare the gradient of a softmax loss layer with a numerical one."""

    def forward(x):
        largest = np.max(x, axis=1)
        return np.mean(largest + np.log(np.sum(np.exp(x.T - largest), axis=0)) - x[np.arange(y.size), y]), x

    layer = make_layer("loss")
    there = layer.backward

    def backward(dloss, x):
        layer.forward(x, y)
        return there(dloss)

    backward.__name__ = "SoftmaxLossLayer"
    backward.around = there
    return check(forward, backward, x, names=("x",))


def expect_loss(loss, x, y):
    """Compare a softmax loss with the right one; name a small number that was added inside the logarithm."""
    shifted = x - np.max(x, axis=1)[:, np.newaxis]
    log_p = (shifted - np.log(np.sum(np.exp(shifted), axis=1))[:, np.newaxis])[np.arange(y.size), y]
    for power in range(5, 16):
        with_it = -np.mean(np.log(np.exp(log_p) + 10.0**-power))
        if is_close(loss, with_it) and not is_close(loss, -np.mean(log_p)):
            told = f"1e-{power} is added inside the logarithm, or no probability below it gets there"
            raise AssertionError(f"loss: {told}; take the logarithm of the quotient on paper instead")
    expect_close("loss", loss, -np.mean(log_p))


# %% readonly="07_softmax_loss_layer-self-check"
checks = Checks()
x, y = np.array([[0.5, -1.0, 2.0, 0.3], [0.0, 1.0, 1.5, -0.7], [2.2, -0.4, 0.1, 0.6]]), np.array([2, 0, 3])
with checks("the loss of a small batch"):
    expect_loss(SoftmaxLossLayer("loss").forward(x.copy(), y.copy()), x, y)
with checks("scores of 1e4, one row far below the other: loss and dx are finite, and right"):
    large, layer = np.array([[1e4, 0.0, -1e4], [-1e4, -1e4, -2e4]]), SoftmaxLossLayer("loss")
    expect_loss(layer.forward(large.copy(), np.array([1, 0])), large, np.array([1, 0]))
    expect_close("dx", layer.backward(), np.array([[0.5, -0.5, 0.0], [-0.25, 0.25, 0.0]]))
with checks("backward twice gives the same, and nothing that was passed in is changed"):
    layer = SoftmaxLossLayer("loss")
    with expect_unchanged(x=x, y=y):
        layer.forward(x, y)
        first = np.array(layer.backward())
        again = np.array(layer.backward())
    expect_not_added("backward, called again", again, 2 * first, first)
    expect_close("backward, called again,", again, first)
print(checks)
compare_softmax_loss(check_vjp, SoftmaxLossLayer, x, y)

# %% graded="07_softmax_loss_layer-values" points=5
checks = Checks("2.7")
with checks("two equal scores: the loss is log 2 = 0.6931; for the class 0, dx = [-0.5, 0.5]", points=1):
    layer = SoftmaxLossLayer("loss")
    expect_close("loss", layer.forward(np.array([[3.0, 3.0]]), np.array([0])), 0.6931, atol=5e-5)
    expect_close("dx", layer.backward(), np.array([[-0.5, 0.5]]))
with checks("scores of 1e4: loss and dx are finite, and right", points=1):
    x = np.array([[1e4, 0.0, -1e4], [-1e4, -1e4, -2e4]])
    layer = SoftmaxLossLayer("loss")
    expect_loss(layer.forward(x.copy(), np.array([1, 0])), x, np.array([1, 0]))
    expect_close("dx", layer.backward(), np.array([[0.5, -0.5, 0.0], [-0.25, 0.25, 0.0]]))
### BEGIN HIDDEN TESTS
with checks("the loss of other scores, and for N = 1", points=1) as rng:
    for shape in ((6, 4), (1, 3)):
        x, y = 3.0 * rng.normal(size=shape), rng.integers(shape[1], size=shape[0])
        p = np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)
        expected = -np.mean(np.log(p[np.arange(shape[0]), y]))
        loss = SoftmaxLossLayer("loss").forward(x.copy(), y.copy())
        expect_loss(loss, x, y)
        expect_close("loss", loss, expected, rtol=1e-11)
with checks("dx, whatever arrives from upstream", points=1.5) as rng:
    compare_softmax_loss(assert_vjp, SoftmaxLossLayer, rng.normal(size=(3, 2)), rng.integers(2, size=3))
    for shape in ((6, 4), (1, 3)):
        x, y = 3.0 * rng.normal(size=shape), rng.integers(shape[1], size=shape[0])
        p = np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)
        expected = -2.5 * (p - (np.arange(shape[1]) == y[:, np.newaxis])) / shape[0]
        layer = SoftmaxLossLayer("loss")
        layer.forward(x, y)
        expect_close("dx", layer.backward(-2.5), expected, rtol=1e-11)
with checks("integers, views with gaps, backward twice; arguments are left unchanged", points=0.5) as rng:
    for x in (rng.integers(-3, 4, size=(5, 4)), *awkward_arrays(rng, (5, 4))):
        y = rng.integers(4, size=5)
        layer = SoftmaxLossLayer("loss")
        with expect_unchanged(x=x, y=y):
            layer.forward(x, y)
            layer.backward(3.0)
            dx = layer.backward()
        p = np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)
        expected = (p - (np.arange(4) == y[:, np.newaxis])) / 5
        expect_close("dx", dx, expected, rtol=1e-11)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ### The net
#
# A `Net` is made of a list of layers and a loss layer:
#
# ```python
# layers = [ScaleShiftLayer("first", s1, t1), ScaleShiftLayer("second", s2, t2)]
# net = Net(layers, SquaredErrorLayer("loss"))
# net.params            # {"first.s": s1, "first.t": t1, "second.s": s2, "second.t": t2}
# net.forward(x, y)     # the loss
# net.backward()        # its gradients, under the same four names
# ```
#
# Forward, the output of each layer is the input of the next. Backward, the same list in reverse: what one
# layer returns is the upstream gradient of the one before it. The gradients of the parameters stay behind
# in the layers, where they can be collected. A layer without parameters contributes no names.

# %% [markdown]
# <details><summary>Hint 1: where to look</summary>
#
# No mathematics here: two loops over the list of layers, one forward and one in reverse, and two dicts with
# names made of the layer's and the parameter's. The loss layer begins the way back.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# Two layers, "first" and "second". Forward: x into first, its output into second, its output into the
# loss. Back: the loss layer's `backward()` gives the gradient of second's output; second's `backward`
# takes that and gives the gradient of first's output; first's `backward` takes that. Then `first.grads`
# and `second.grads` are set.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# `reversed` turns a list round. A name is `f"{layer.name}.{key}"`, for every key of the layer's `params`,
# or of its `grads` once it has gone back. `params` holds the arrays themselves, no copies: training
# changes them in place.
#
# </details>


# %% answer="07_net" formula="withheld"
class Net:
    """A list of layers, run in order, and a loss layer at the end.

    layers: a list of layers, each with a name of its own; loss_layer: see above.
    params: a dict of the parameters of all layers; the name of a parameter is that of its layer, a dot, and
    its name there, such as "first.s".
    """

    def __init__(self, layers, loss_layer):
        ### BEGIN SOLUTION
        self.layers = layers
        self.loss_layer = loss_layer
        self.params = {f"{layer.name}.{key}": p for layer in layers for key, p in layer.params.items()}
        ### END SOLUTION

    def forward(self, x, y):
        """Return the loss of the batch x with targets y, a number."""
        ### BEGIN SOLUTION
        for layer in self.layers:
            x = layer.forward(x)
        return self.loss_layer.forward(x, y)
        ### END SOLUTION

    def backward(self):
        """Return the gradients of the last loss, a dict with the same names as params."""
        ### BEGIN SOLUTION
        dout = self.loss_layer.backward()
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        return {f"{layer.name}.{key}": g for layer in self.layers for key, g in layer.grads.items()}
        ### END SOLUTION


# %% setup="net-checks" title="What the checks are written with: nets"
def loss_and_gradients(parameters, x, y, in_order_of_forward=False):
    """Return the loss of a net of scale and shift layers, and its gradients by name.

    parameters: (s, t) by the name of the layer. `in_order_of_forward` makes a mistake: the layers run
    backward in the order in which they ran forward.
    """
    values = {}
    for name, (s, _) in parameters.items():
        values[name] = x
        x = x * s + parameters[name][1]
    loss, dout, gradients = np.sum((x - y) ** 2) / y.shape[0], 2 * (x - y) / y.shape[0], {}
    for name in parameters if in_order_of_forward else reversed(parameters):
        gradients[f"{name}.s"] = np.einsum("nd,nd->d", dout, values[name])
        gradients[f"{name}.t"] = np.einsum("nd->d", dout)
        dout = np.einsum("nd,d->nd", dout, parameters[name][0])
    return loss, gradients


def expect_net_gradients(found, parameters, x, y):
    """Compare the gradients of a net of scale and shift layers; name a wrong order of the layers."""
    expected = loss_and_gradients(parameters, x, y)[1]
    turned = loss_and_gradients(parameters, x, y, in_order_of_forward=True)[1]
    if is_close(found, turned) and not is_close(found, expected):
        raise AssertionError("the layers run backward in the order of forward: start at the last one")
    expect_close("what backward returns", found, expected, rtol=1e-11)


# %% readonly="07_net-self-check"
def your_net(params):
    """Return a net of two given layers, with these parameters."""
    first = ScaleShiftLayer("first", params["first.s"], params["first.t"])
    second = ScaleShiftLayer("second", params["second.s"], params["second.t"])
    return Net([first, second], SquaredErrorLayer("loss"))


def your_loss(params):
    """Return the loss of that net on a small batch."""
    x, y = np.array([[1.0, 2.0], [0.5, -1.0], [0.0, 3.0]]), np.array([[2.0, -2.0], [1.0, 0.0], [0.5, 1.0]])
    return your_net(params).forward(x, y)


def your_gradients(params):
    """Return the gradients of that loss."""
    x, y = np.array([[1.0, 2.0], [0.5, -1.0], [0.0, 3.0]]), np.array([[2.0, -2.0], [1.0, 0.0], [0.5, 1.0]])
    net = your_net(params)
    net.forward(x, y)
    return net.backward()


parameters = {
    "first.s": np.array([2.0, -1.0]),
    "first.t": np.array([0.0, 1.0]),
    "second.s": np.array([1.0, 3.0]),
    "second.t": np.array([0.5, 0.0]),
}
checks = Checks()
by_layer = {name: (parameters[f"{name}.s"], parameters[f"{name}.t"]) for name in ("first", "second")}
x, y = np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([[2.0, -2.0], [1.0, 0.0]])
with checks("the order of the layers, forward and backward"):
    net = your_net(parameters)
    expect_close("loss", net.forward(x, y), loss_and_gradients(by_layer, x, y)[0])
    expect_net_gradients(net.backward(), by_layer, x, y)
with checks("a second batch replaces the first"):
    net = your_net(parameters)
    net.forward(x, y)
    net.backward()
    expect_close("loss", net.forward(-x, y), loss_and_gradients(by_layer, -x, y)[0])
    expect_net_gradients(net.backward(), by_layer, -x, y)
with checks("params holds the arrays themselves, by name"):
    net = your_net(parameters)
    expect_close("params", net.params, parameters)
    assert all(net.params[name] is parameters[name] for name in parameters), "params should hold no copies"
print(checks)
check_parameters(your_loss, parameters, your_gradients)

# %% graded="07_net-values" points=6
checks = Checks("2.7")
s1, t1 = np.array([2.0, -1.0]), np.array([0.0, 1.0])
s2, t2 = np.array([1.0, 3.0]), np.array([0.5, 0.0])
x, y = np.array([[1.0, 2.0]]), np.array([[2.0, -2.0]])
with checks("[1, 2] goes to [2, -1], then to [2.5, -3]; for the target [2, -2] the loss is 1.25", points=0.5):
    layers = [ScaleShiftLayer("first", +s1, +t1), ScaleShiftLayer("second", +s2, +t2)]
    net = Net(layers, SquaredErrorLayer("loss"))
    expect_close("loss", net.forward(+x, +y), 1.25)
with checks("the four gradients there: [1, -12] and [1, -6]; [2, 2] and [1, -2]", points=1):
    layers = [ScaleShiftLayer("first", +s1, +t1), ScaleShiftLayer("second", +s2, +t2)]
    net = Net(layers, SquaredErrorLayer("loss"))
    net.forward(+x, +y)
    expect_net_gradients(net.backward(), {"first": (s1, t1), "second": (s2, t2)}, x, y)
with checks("the parameters, by name", points=0.5):
    layers = [ScaleShiftLayer("first", +s1, +t1), ScaleShiftLayer("second", +s2, +t2)]
    net = Net(layers, SquaredErrorLayer("loss"))
    params = net.params
    expect_close("params", params, {"first.s": s1, "first.t": t1, "second.s": s2, "second.t": t2})
    assert len(params) == 4, f"params should have 4 names, yours has {len(params)}"


### BEGIN HIDDEN TESTS
def random_parameters(rng, names, D):
    return {name: (rng.uniform(0.5, 1.5, size=D), rng.normal(size=D)) for name in names}


with checks("the loss of other nets, and for N = 1", points=1) as rng:
    for names, N in (("ab", 5), ("pqr", 1), ("z", 4)):
        parameters = random_parameters(rng, names, D=3)
        x, y = rng.normal(size=(2, N, 3))
        expected, _ = loss_and_gradients(parameters, x, y)
        net = Net([ScaleShiftLayer(k, s, t) for k, (s, t) in parameters.items()], SquaredErrorLayer("loss"))
        expect_close("loss", net.forward(x, y), expected, rtol=1e-11)
with checks("their gradients, by name; a second batch replaces the first", points=2) as rng:
    for names, N in (("ab", 5), ("pqr", 1), ("z", 4)):
        parameters = random_parameters(rng, names, D=3)
        net = Net([ScaleShiftLayer(k, s, t) for k, (s, t) in parameters.items()], SquaredErrorLayer("loss"))
        for x, y in rng.normal(size=(2, 2, N, 3)):
            net.forward(x.copy(), y.copy())
            grads = net.backward()
            expect_net_gradients(grads, parameters, x, y)
        assert len(grads) == 2 * len(names), f"backward should return {2 * len(names)} gradients"
with checks("your own layers, run by the net as by hand", points=1) as rng:
    W1, b1, W2, b2 = rng.normal(size=(4, 5)), rng.normal(size=5), rng.normal(size=(5, 3)), rng.normal(size=3)
    x, y = rng.normal(size=(6, 4)), rng.integers(3, size=6)

    def new_layers():
        first, second = InnerProductLayer("ip1", +W1, +b1), InnerProductLayer("ip2", +W2, +b2)
        return first, SigmoidLayer("sigmoid"), second, SoftmaxLossLayer("loss")

    first, sigmoid, second, loss_layer = new_layers()
    loss = loss_layer.forward(second.forward(sigmoid.forward(first.forward(+x))), +y)
    first.backward(sigmoid.backward(second.backward(loss_layer.backward())))
    *layers, loss_layer = new_layers()
    net = Net(layers, loss_layer)
    expect_close("loss", net.forward(x, y), loss, rtol=1e-12)
    grads = net.backward()
    for name, layer in (("ip1", first), ("ip2", second)):
        expected = {f"{name}.W": layer.grads["W"], f"{name}.b": layer.grads["b"]}
        expect_close("what backward returns", grads, expected, rtol=1e-12)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# Your layers are a neural network now. The next cell trains it to tell a disk from the ring around it:
# forward, backward, and a small step of every parameter against its gradient, a few hundred times.


# %% readonly="figure-training"
@once_written
def train_your_net(steps=400, learning_rate=2.0):
    """Train a net of your layers, with 6 hidden sigmoids, and draw its loss."""
    from course_lib.data import circles

    x, y = circles(n_per_class=100, seed=0)
    rng = np.random.default_rng(0)
    first = InnerProductLayer("ip1", rng.normal(size=(2, 6)), np.zeros(6))
    second = InnerProductLayer("ip2", rng.normal(size=(6, 2)), np.zeros(2))
    net = Net([first, SigmoidLayer("sigmoid"), second], SoftmaxLossLayer("loss"))
    losses = []
    for _ in range(steps):
        losses.append(net.forward(x, y))
        for name, gradient in net.backward().items():
            net.params[name] -= learning_rate * gradient
    return viz.draw_losses({"": losses}, title="A disk and a ring, told apart by your layers")


train_your_net()

# %% [markdown]
# ## 2.8 In your own words (10 points, ★★, 20 minutes)
#
# 1. (6 points) What must each of these remember on the way forward, and why just that: `MultiplyGate`,
#    `MaxGate`, `ExpGate`, `AddGate`, `InnerProductLayer`, `SoftmaxLossLayer`? Is there a choice for any of
#    them?
# 2. (4 points) `AddGate` and `CopyGate` are each other's mirror image. Say what this means for their
#    forward and backward passes. Where in your `ComputationalGraph` is a copy gate at work, although nobody
#    added one, and what goes wrong if it is forgotten?

# %% [markdown] written="08_written" points=10
# ### BEGIN SOLUTION
# 1. A gate remembers what its local derivative depends on, and nothing else.
#    * `MultiplyGate`: both inputs, as the gradient of each is the upstream gradient times the other one.
#    * `MaxGate`: which input was the larger at each entry. The inputs themselves would do as well; a mask is
#      smaller.
#    * `ExpGate`: its value, which is its derivative; or the input, from which the value would have to be
#      computed again.
#    * `AddGate`: nothing, since its local derivatives are 1 whatever the inputs are (only, to keep the
#      protocol, that `forward` was called).
#    * `InnerProductLayer`: the input $x$, needed for $\mathrm{d}W = x^\top \mathrm{d}\text{out}$. For
#      $\mathrm{d}x = \mathrm{d}\text{out}\,W^\top$ it needs $W$, which it holds anyway; $b$ is not needed.
#    * `SoftmaxLossLayer`: the probabilities (or their logarithms, or the scores, from which they can be
#      computed again) and the labels $y$, as $\mathrm{d}x = (P - Y)/N$.
# 2. What one does forward, the other does backward: the add gate sums its inputs and copies the gradient
#    to them; the copy gate copies its input and sums the gradients. (Both are linear; their Jacobians are
#    each other's transpose.) In the graph, a copy gate stands wherever a name is taken more than once. It is
#    at work in the line that adds a new gradient to the one already collected for that name. If the line
#    assigns instead of adding, only the last user counts: the contributions of all the other paths are
#    lost, and the gradient is wrong wherever a value is used more than once.
#
# **Rubric** (10 points)
# * Question 1, 6 points: 1 for each gate or layer if both *what* and *why* are right, half if the reason is
#   missing. Remembering more than necessary costs nothing if the answer says that it is a choice. Naming a
#   choice is asked for at least once (max, exp or softmax); without one, 1 point less.
# * Question 2, 4 points: 1 for each direction of the duality (at most 2); 1 for the place where names are
#   taken more than once, or the line that accumulates; 1 for the consequence of overwriting.
# ### END SOLUTION

# %% [markdown]
# ## What to take along
#
# * A gate computes, remembers, and multiplies by its local derivative. It knows nothing else.
# * A graph runs its gates in topological order, and backward in the reverse of it.
# * Where a value is used more than once, gradients add. Where it is shared by a batch, likewise.
# * Choose your gates as coarse as you like: from a single sum to a whole layer. Coarse gates are faster and
#   can be made stable; fine ones are easier to check.
#
# This is the design of the libraries that people train networks with. What remains is to write the
# backward passes of large gates without a tangle of indices, which is what the next assignment is about.
