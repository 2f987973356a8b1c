# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="SyntaxError"
# Global and nonlocal names where they cannot be, and too many of them.

# %% made="'nonlocal x'"


# %% made="'def f(x):\\n    global x'"


# %% made="'def f():\\n    x = 1\\n    global x'"


# %% made="'def f():\\n    global ' + ', '.join(f'a{i}' for i in range(50_000))"


# %% made="'def f(' + ', '.join(f'a{i}' for i in range(50_000)) + '): pass'"


# %% made="'def f(x, x): pass'"


# %% made="'return 1'"


# %% made="'await x\\nyield y'"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
