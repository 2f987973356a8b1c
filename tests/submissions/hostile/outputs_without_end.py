# %% [markdown] right=["03_counter"] says="of adding one"
# Cells that together show far more than a notebook may.

# %% copies=10
from IPython.display import Markdown

for _ in range(8):
    display(Markdown("a" * 900_000))

# %% copies=10
from IPython.display import Markdown

for _ in range(600):
    display(Markdown("a"))
