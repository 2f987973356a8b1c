# %% [markdown] all="right" honest={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} keeps={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} says="norm"
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
