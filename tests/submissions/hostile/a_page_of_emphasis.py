# %% [markdown] all="right" honest={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} keeps={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} says="norm"
# Emphasis and code that begin and never end.

# %% [markdown] answer="05_words" times=30000
# ***a**b _c `` d ~~
