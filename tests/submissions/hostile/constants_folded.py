# %% [markdown] right=["03_counter"] says="of adding one"
# Constant expressions that a compiler might work out.

# %% made="'x = 1 << 10 ** 9'"


# %% made="'if False:\\n    x = (\\'a\\' * 4000) * 4000 * 4000'"


# %% made="'if False:\\n    x = ' + '*'.join(['((1 << 120) ** 120)'] * 50)"


# %% made="'if False:\\n    x = (' + ','.join(['(0,) * 250'] * 2000) + ')'"
