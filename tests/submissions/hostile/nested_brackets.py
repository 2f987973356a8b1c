# %% [markdown] right=["03_counter"] says="too many nested parentheses|was never closed"
# Brackets of all kinds, in one another, closed and not.

# %% made="'(' * 150 + ')' * 150"


# %% made="'x = ' + '[' * 199 + ']' * 199"


# %% made="'(' * 100_000"


# %% made="'{1: ' * 100_000"


# %% made="'f(a=[{' * 30_000"
