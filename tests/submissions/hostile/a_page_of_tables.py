# %% [markdown] right="all" says="norm"
# Tables as wide as they are long.

# %% [markdown] answer="05_words" times=30000
# |a|a|

# %%
from IPython.display import Markdown

row = "|" + "a|" * 5000
display(Markdown("\n".join([row, "|" + "-|" * 5000] + [row] * 200)))
