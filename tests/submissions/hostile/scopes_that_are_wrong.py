# %% [markdown] right=["03_counter"] says="SyntaxError"
# Global and nonlocal names where they cannot be, and too many of them.

# %% made="'nonlocal x'"


# %% made="'def f(x):\\n    global x'"


# %% made="'def f():\\n    x = 1\\n    global x'"


# %% made="'def f():\\n    global ' + ', '.join(f'a{i}' for i in range(50_000))"


# %% made="'def f(' + ', '.join(f'a{i}' for i in range(50_000)) + '): pass'"


# %% made="'def f(x, x): pass'"


# %% made="'return 1'"


# %% made="'await x\\nyield y'"
