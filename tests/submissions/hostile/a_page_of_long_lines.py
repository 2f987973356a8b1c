# %% [markdown] all="right" honest={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} keeps={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} says="norm"
# Lines of code without end, whose colours take the square of their length.

# %% [markdown] code=true times=200000
# a.

# %% [markdown] code=true times=200000
# ...

# %% [markdown] code=true times=50000
# match

# %% [markdown] code=true times=50000
# "\N{
