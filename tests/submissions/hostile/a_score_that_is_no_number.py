# %% [markdown] says="norm.*not written yet"
# The score is not a number, which nbgrader takes for full points.

# %%
Checks.score = lambda self: float("nan")
