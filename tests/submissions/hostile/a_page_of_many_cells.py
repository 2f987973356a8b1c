# %% [markdown] right="all" says="norm"
# Cells and outputs by the hundred, each as long as a page bears.

# %%
from IPython.display import HTML, Latex, Markdown

for _ in range(120):
    display(Markdown("# a\n" * 4000), Latex("$x$ " * 4000), HTML("<p><b>x</b></p>" * 300))

# %% [markdown] times=1000
# # a [b](c) *d*\\
#

# %% [markdown] times=1000
# # a [b](c) *d*\\
#

# %% [markdown] times=1000
# # a [b](c) *d*\\
#

# %% [markdown] times=1000
# # a [b](c) *d*\\
#

# %% [markdown] times=1000
# # a [b](c) *d*\\
#

# %% [markdown] times=1000
# # a [b](c) *d*\\
#

# %% [markdown] times=1000
# # a [b](c) *d*\\
#

# %% [markdown] times=1000
# # a [b](c) *d*\\
#

# %% [markdown] times=1000
# # a [b](c) *d*\\
#

# %% [markdown] times=1000
# # a [b](c) *d*\\
#

# %% [markdown] times=1000
# # a [b](c) *d*\\
#

# %% [markdown] times=1000
# # a [b](c) *d*\\
#
