# %% [markdown] right="all" says="norm"
# Formulas that begin without end, each looked for to the end of the text.

# %% [markdown] answer="05_words" times=20000
# \\( \\[ $$ \begin{a}

# %%
from IPython.display import Latex, Markdown

display(Markdown("\\\\( " * 50_000))
display(Latex("$" + "{" * 50_000 + "x" + "}" * 50_000 + "$"))
