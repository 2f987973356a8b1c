# %% [markdown] right=["03_counter"] keeps={} says="nested too deeply|of adding one" raw="deep"
# JSON that is nested a hundred thousand times.
