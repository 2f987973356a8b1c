# %% [markdown] right=["03_counter"] says="of adding one"
# Attributes, calls, items and comparisons in chains.

# %% made="'x = np' + '.a' * 200_000"


# %% made="'x = np' + '()' * 5000"


# %% made="'x = np' + '[0]' * 5000"


# %% made="'x = 1' + ' < 1' * 100_000"


# %% made="'import a' + '.b' * 9000"
