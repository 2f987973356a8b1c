# %% [markdown] right="all" says="norm"
# Lines of code without end, whose colours take the square of their length.

# %% [markdown] code=true times=200000
# a.

# %% [markdown] code=true times=200000
# ...

# %% [markdown] code=true times=50000
# match

# %% [markdown] code=true times=50000
# "\N{
