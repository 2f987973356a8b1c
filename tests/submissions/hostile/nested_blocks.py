# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="too many statically nested blocks|IndentationError"
# Loops, conditions, with and try, as deep as Python indents and deeper.

# %% made="ladder('while 0:\\n', 19)"


# %% made="ladder('if 0:\\n', 99)"


# %% made="ladder('for x in y:\\n', 150)"


# %% made="ladder('with (a as b, c as d):\\n', 90)"


# %% made="ladder('try:\\n', 80)"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
