# %% [markdown] beside={"numpy.py": "raise SystemExit\n", "course_lib.py": "x = 1\n", "sitecustomize.py": "open('@CANARY@', 'w')\n"} honest={"01_norm-values": 20, "02_cube-gradient": 20, "03_counter-sums": 20, "04_twice-calls": 20} all="right" says="of \\(3, 4\\)"
# Files beside the notebook shadow NumPy and course_lib. The answers are right, and keep their points.
