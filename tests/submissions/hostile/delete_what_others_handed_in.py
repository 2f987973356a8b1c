# %% [markdown] says="norm"
# A cell deletes the submissions, the release and the solutions.

# %%
import shutil

for folder in ("submitted", "assignments", "solutions"):
    shutil.rmtree(f"@ROOT@/{folder}", ignore_errors=True)
