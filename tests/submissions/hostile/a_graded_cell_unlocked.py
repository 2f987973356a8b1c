# %% [markdown] says="was not as released; the released one was used"
# A graded cell is made an answer with a score of one's own.

# %% edit="01_norm-values" nbgrader={"solution": true, "locked": false}
20.0
