# %% [markdown] right=["03_counter"] says="of adding one"
# F-strings in f-strings.

# %% made="'x = ' + 'f\\'{' * 3000"


# %% made="'x = ' + 'f\"{' * 140 + '1' + '}\"' * 140"


# %% made="'x = f\\'\\'\\'{f\"\"\"{f\"{f\\'{1}\\'}\"}\"\"\"}\\'\\'\\''"
