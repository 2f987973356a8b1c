# %% [markdown] right="all" beside={"numpy.py": "raise SystemExit\n", "course_lib.py": "x = 1\n", "sitecustomize.py": "open('@CANARY@', 'w')\n"} says="of \\(3, 4\\)"
# Files beside the notebook shadow NumPy and course_lib. The answers are right, and keep their points.
