# %% [markdown] right=["03_counter"] says="of adding one"
# Lines that go on and on.

# %% made="'x = 1 + \\\\\\n' * 4000 + '1'"


# %% made="'\\\\\\n' * 50_000"


# %% made="'x = (\\n' * 150"


# %% made="'x = \"\"\"' + '\\n' * 300_000"
