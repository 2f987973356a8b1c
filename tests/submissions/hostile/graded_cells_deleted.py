# %% [markdown] delete=["01_norm-values", "02_cube-gradient", "imports"] says="was deleted; it was put back"
# The checks and the imports are deleted.
