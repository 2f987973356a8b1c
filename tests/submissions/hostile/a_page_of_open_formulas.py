# %% [markdown] all="right" honest={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} keeps={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} says="norm"
# Formulas that begin without end, each looked for to the end of the text.

# %% [markdown] answer="05_words" times=20000
# \\( \\[ $$ \begin{a}

# %%
from IPython.display import Latex, Markdown

display(Markdown("\\\\( " * 50_000))
display(Latex("$" + "{" * 50_000 + "x" + "}" * 50_000 + "$"))
