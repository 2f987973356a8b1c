# %% [markdown] right=["03_counter"] says="of adding one"
# Comprehensions in comprehensions.

# %% made="'x = ' + '[a for a in ' * 60 + '[]' + ']' * 60"


# %% made="'x = [1 ' + 'for a in [1] ' * 5000 + ']'"


# %% made="'x = [1 for a in [1] ' + 'if a ' * 5000 + ']'"


# %% made="'x = ' + '{a: a for a in ' * 5000"
