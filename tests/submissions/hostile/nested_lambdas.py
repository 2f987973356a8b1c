# %% [markdown] right=["03_counter"] says="of adding one"
# Functions in functions, and classes in classes.

# %% made="'x = ' + 'lambda: ' * 2400 + '1'"


# %% made="ladder('def f():\\n', 95)"


# %% made="ladder('class A:\\n', 95)"


# %% made="'x = ' + 'lambda a=' * 2400 + '1'"
