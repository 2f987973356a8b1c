# %% [markdown] right=["03_counter"] keeps={} says="of adding one|no text" raw="twice"
# Every key twice: JSON does not say which counts.
