# %% [markdown] delete=["01_norm-values", "02_cube-gradient", "imports"] says="deleted; (it was|they were) put back"
# The checks and the imports are deleted.
