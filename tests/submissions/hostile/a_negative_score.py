# %% [markdown] says="norm.*not written yet"
# The score is negative, which nbgrader takes for full points.

# %%
Checks.score = lambda self: -1.0
