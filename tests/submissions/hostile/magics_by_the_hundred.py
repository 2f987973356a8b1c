# %% [markdown] right=["03_counter"] says="of adding one"
# Magics on 2001 lines, which IPython takes apart one after the other.

# %% made="'!ls\\n' * 2001"


# %% made="'%time 1\\n' * 2001"


# %% made="'?np\\n' * 2001"


# %% made="'x = !ls\\n' * 2001"
