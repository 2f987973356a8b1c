# %% [markdown] right=["03_counter"] says="of adding one"
# Thousands of patterns, and patterns within patterns.

# %% made="'match 1:\\n' + ' case 2: pass\\n' * 20_000"


# %% made="'match 1:\\n case ' + '[' * 150 + 'a' + ']' * 150 + ': pass'"


# %% made="'match 1:\\n case ' + '|'.join(map(str, range(20_000))) + ': pass'"


# %% made="'match 1:\\n case ' + 'C(' * 90 + 'a : pass'"
