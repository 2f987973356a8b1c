# %% [markdown] right=["03_counter"] says="RecursionError|MemoryError|SyntaxError|process"
# Signs, negations and conditions without end.

# %% made="'x = ' + '-' * 900_000 + '1'"


# %% made="'x = ' + 'not ' * 100_000 + '1'"


# %% made="'x = ' + '1 if 1 else ' * 50_000 + '1'"


# %% made="'x = ' + '1 + ' * 200_000 + '1'"


# %% made="'x = ' + '2 ** ' * 5000 + '1'"


# %% made="'x = ' + '~' * 10_000"
