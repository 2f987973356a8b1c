# %% [markdown] right=["03_counter"] keeps={} says="is not JSON that can be read|of adding one" raw="numbers"
# Numbers of a million digits, and such that are none, where nobody needs them.
