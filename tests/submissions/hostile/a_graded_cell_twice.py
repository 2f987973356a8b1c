# %% [markdown] says="stands 2 times; it was used once"
# A copy of a graded cell with a score of one's own; nbgrader keeps the last of several.

# %% copy="01_norm-values"
20.0
