# %% [markdown]
# # Behind the wall
#
# An assignment with every kind of answer that a graded cell may call: functions of numbers and arrays, a
# backward pass, a class, a function that is given a function, and words.

# %% setup="imports"
import numpy as np

from course_lib.gradcheck import assert_vjp
from course_lib.grading import Checks, expect_close, expect_raises, expect_unchanged


# %% answer="01_norm"
def norm(x):
    """Return the Euclidean norm of a vector; ValueError for an empty one."""
    ### BEGIN SOLUTION
    if x.size == 0:
        raise ValueError("empty")
    return np.sqrt(np.sum(x**2))
    ### END SOLUTION


# %% graded="01_norm-values" points=20
checks = Checks()
with checks("of (3, 4)", points=5):
    expect_close("norm", norm(np.array([3.0, 4.0])), 5.0)
### BEGIN HIDDEN TESTS
SECRET = "SECRET-7391: hidden test"
with checks("of a random vector", points=10) as rng:
    vector = rng.normal(size=5)
    with expect_unchanged(x=vector):
        length = norm(vector)
    expect_close("norm", length, np.linalg.norm(vector), rtol=1e-12)
with checks("of nothing", points=5), expect_raises(ValueError):
    norm(np.zeros(0))
### END HIDDEN TESTS
checks.score()


# %% answer="02_cube"
def cube(x):
    """Return x cubed, and the cache."""
    ### BEGIN SOLUTION
    return x**3, x
    ### END SOLUTION


def cube_backward(dout, cache):
    """Return the gradient with respect to x."""
    ### BEGIN SOLUTION
    return 3 * dout * cache**2
    ### END SOLUTION


# %% graded="02_cube-gradient" points=20
checks = Checks()
with checks("against numerical differences", points=5):
    assert_vjp(cube, cube_backward, np.array([0.5, -2.0, 3.0]))
### BEGIN HIDDEN TESTS
with checks("at any scale", points=15) as rng:
    scaled = rng.normal(size=6) * 10.0 ** np.arange(-9, 9, 3)
    for each in scaled:
        out, cache = cube(each.reshape(1))
        expect_close("dx", cube_backward(np.ones(1), cache), np.array([3 * each**2]), rtol=2e-14, atol=0)
### END HIDDEN TESTS
checks.score()


# %% answer="03_counter"
class Counter:
    """Counts: ``add(n)`` returns the sum so far, which ``total`` holds."""

    ### BEGIN SOLUTION
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total

    ### END SOLUTION


# %% graded="03_counter-sums" points=20
checks = Checks()
with checks("one after the other", points=5):
    counter = Counter()
    counter.add(1.0)
    expect_close("add", counter.add(2.0), 3.0)
### BEGIN HIDDEN TESTS
with checks("random steps of two counters", points=15) as rng:
    steps = rng.normal(size=4)
    first, second = Counter(), Counter()
    for step in steps:
        first.add(float(step))
        second.add(float(-step))
    expect_close("total", first.total, steps.sum(), rtol=1e-9)
    expect_close("total", second.total, -steps.sum(), rtol=1e-9)
### END HIDDEN TESTS
checks.score()


# %% answer="04_twice"
def twice(f, x):
    """Return f(f(x))."""
    ### BEGIN SOLUTION
    return f(f(x))
    ### END SOLUTION


# %% graded="04_twice-calls" points=20
checks = Checks()
with checks("of adding one", points=5):
    expect_close("twice", twice(lambda t: t + 1.0, 3.0), 5.0)
### BEGIN HIDDEN TESTS
with checks("of a random line", points=15) as rng:
    a, b, start = (float(number) for number in rng.normal(size=3))
    expect_close("twice", twice(lambda t: a * t + b, start), a * (a * start + b) + b, rtol=1e-9)
### END HIDDEN TESTS
checks.score()

# %% [markdown] written="05_words" points=20
# ### BEGIN SOLUTION
# Words.
# ### END SOLUTION
