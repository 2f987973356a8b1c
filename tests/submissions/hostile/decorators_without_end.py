# %% [markdown] right=["03_counter"] says="of adding one"
# A function with thousands of decorators.

# %% made="'def a(f): return f\\n' + '@a\\n' * 100_000 + 'def g(): pass'"


# %% answer="01_norm" made="'@property\\n' * 3000 + 'def norm(x):\\n    return x'"
