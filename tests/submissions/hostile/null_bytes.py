# %% [markdown] right=["03_counter"] says="null byte"
# Null bytes and other control characters.

# %% made="'x = 1\\0'"


# %% made="'\\0' * 100_000"


# %% made="'x = \\'\\0\\''"


# %% made="'\\x1a\\x0c\\x0b\\x1b[2J = 1'"


# %% answer="01_norm" made="'def norm(x):\\n    return \\'\\0\\''"
