# %% [markdown] all="right" honest={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} keeps={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} says="norm"
# Tables as wide as they are long.

# %% [markdown] answer="05_words" times=30000
# |a|a|

# %%
from IPython.display import Markdown

row = "|" + "a|" * 5000
display(Markdown("\n".join([row, "|" + "-|" * 5000] + [row] * 200)))
