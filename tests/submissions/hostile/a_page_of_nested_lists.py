# %% [markdown] all="right" honest={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} keeps={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} says="norm"
# Lists and quotes within each other, a thousand deep.

# %% [markdown] answer="05_words" times=2000
# > - > 1. *

# %%
from IPython.display import Markdown

display(Markdown("\n".join("  " * level + "- a" for level in range(1000))))
display(Markdown("\n".join(">" * level + " a" for level in range(1, 1000))))
