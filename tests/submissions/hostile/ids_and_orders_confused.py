# %% [markdown] says="not of this notebook"
# Cells take each other's names, in the wrong order, with ids that exist.

# %% copy="04_twice-calls" nbgrader={"grade_id": "01_norm-values-2", "grade": true, "points": 500}
500.0

# %% copy="01_norm" nbgrader={"grade_id": "01_norm-values", "grade": true}
20.0

# %% copy="01_norm" nbgrader={"grade_id": "imports", "locked": true} tags=["setup"]
Checks = None
