# %% [markdown] says="had other tags or nbgrader metadata"
# A graded cell is made worth a thousand points, an answer is made graded.

# %% meta="01_norm-values" nbgrader={"points": 1000}

# %% meta="01_norm" nbgrader={"grade": true, "points": 1000}
