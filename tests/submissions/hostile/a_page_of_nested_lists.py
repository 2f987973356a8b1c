# %% [markdown] right="all" says="norm"
# Lists and quotes within each other, a thousand deep.

# %% [markdown] answer="05_words" times=2000
# > - > 1. *

# %%
from IPython.display import Markdown

display(Markdown("\n".join("  " * level + "- a" for level in range(1000))))
display(Markdown("\n".join(">" * level + " a" for level in range(1, 1000))))
