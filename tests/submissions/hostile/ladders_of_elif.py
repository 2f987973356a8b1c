# %% [markdown] right=["03_counter"] says="of adding one"
# Ten thousand alternatives.

# %% made="'if 0: pass\\n' + 'elif 0: pass\\n' * 10_000"


# %% made="'if 0: pass\\n' + 'elif 0: pass\\n' * 1400"
