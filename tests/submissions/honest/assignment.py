# %% [markdown]
# # Honest slips
#
# An assignment with an answer of every kind: functions, two in one cell, a class, a number, words.

# %% setup="imports"
import numpy as np

from course_lib.grading import Checks, expect_close

# %% [markdown]
# ## 1. The norm of a vector


# %% answer="01_norm"
def norm(x):
    """Return the Euclidean norm of a vector."""
    ### BEGIN SOLUTION
    return np.sqrt(np.sum(x**2))
    ### END SOLUTION


# %% graded="01_norm-values" points=20
checks = Checks()
with checks("of (3, 4)", points=10):
    expect_close("norm", norm(np.array([3.0, 4.0])), 5.0)
### BEGIN HIDDEN TESTS
with checks("of (6, 8)", points=10):
    expect_close("norm", norm(np.array([6.0, 8.0])), 10.0)
### END HIDDEN TESTS
checks.score()

# %% [markdown]
# ## 2. A cube and its derivative


# %% answer="02_cube"
def cube(x):
    """Return x cubed."""
    ### BEGIN SOLUTION
    return x**3
    ### END SOLUTION


def cube_backward(dout, x):
    """Return the gradient with respect to x."""
    ### BEGIN SOLUTION
    return 3 * dout * x**2
    ### END SOLUTION


# %% graded="02_cube-values" points=20
checks = Checks()
with checks("forward", points=10):
    expect_close("cube", cube(2.0), 8.0)
with checks("backward", points=10):
    expect_close("cube_backward", cube_backward(1.0, 2.0), 12.0)
checks.score()

# %% [markdown]
# ## 3. A counter


# %% answer="03_counter"
class Counter:
    """Counts: ``add(n)`` returns the sum so far."""

    ### BEGIN SOLUTION
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total

    ### END SOLUTION


# %% graded="03_counter-sums" points=20
checks = Checks()
with checks("one after the other", points=20):
    counter = Counter()
    counter.add(1.0)
    expect_close("add", counter.add(2.0), 3.0)
checks.score()

# %% [markdown]
# ## 4. A number

# %% answer="04_rate"
rate = None
### BEGIN SOLUTION
rate = 0.5
### END SOLUTION

# %% graded="04_rate-value" points=20
checks = Checks()
with checks("the rate", points=20):
    expect_close("rate", rate, 0.5)
checks.score()

# %% [markdown]
# ## 5. In words
#
# Why is the sum taken over both paths?

# %% [markdown] written="05_words" points=20
# ### BEGIN SOLUTION
# Because of the chain rule.
# ### END SOLUTION

# %% [markdown]
# The end.
