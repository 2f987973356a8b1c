# %% [markdown] all="right" honest={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} keeps={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} says="norm"
# Blanks, line feeds and entities without end.

# %% [markdown] answer="05_words" times=200000
#   	.

# %% [markdown] times=50000
# &amp;&#1

# %% [markdown] times=100000
# <!--
