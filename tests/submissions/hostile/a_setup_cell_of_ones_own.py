# %% [markdown] says="not of this notebook"
# A cell of one's own claims to be one of those that run on the grader's side.

# %% copy="imports" nbgrader={"grade_id": "more-imports"}
open("@CANARY@", "w").write("ran outside")
import course_lib.grading.checks

course_lib.grading.checks.Checks.score = lambda self: 20.0
