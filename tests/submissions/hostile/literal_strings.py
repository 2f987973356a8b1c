# %% [markdown] right=["03_counter"] says="of adding one"
# Strings and bytes of almost a megabyte, and many that are joined.

# %% made="'x = \\'' + 'a' * 900_000 + '\\''"


# %% made="'x = b\\'' + 'a' * 900_000 + '\\''"


# %% made="'x = (' + '\\'a\\' ' * 200_000 + ')'"


# %% made="'x = \\'' + '\\\\N{BULLET}' * 50_000 + '\\''"
