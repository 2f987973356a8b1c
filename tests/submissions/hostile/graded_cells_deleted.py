# %% [markdown] delete=["01_norm-values", "02_cube-gradient", "imports"] says="missing; the released ones? stands? there"
# The checks and the imports are deleted.
