# %% [markdown] right="all" links={"passwd": "/etc/passwd", "endless": "/dev/zero", "data.csv": "@ROOT@/gradebook.db"} says="of \\(3, 4\\)"
# Links beside the notebook lead to secrets and to endless devices. The answers are right, and keep their points.
