# %% [markdown] right=["03_counter"] says="of adding one"
# Almost as many cells as a notebook may have.

# %% copies=1900
x = 1
