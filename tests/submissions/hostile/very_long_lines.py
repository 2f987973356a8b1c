# %% [markdown] right=["03_counter"] says="of adding one"
# Lines of hundreds of thousands of characters.

# %% made="'a = 1; ' * 100_000"


# %% made="'x = [' + '1, ' * 250_000 + ']'"


# %% made="'# ' + 'a' * 900_000"


# %% made="' ' * 900_000"


# %% made="'x = 1 ' + ' ' * 900_000"


# %% made="'\\t' * 100_000 + 'x = 1'"
