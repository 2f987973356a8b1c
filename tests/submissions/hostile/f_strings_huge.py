# %% [markdown] right=["03_counter"] says="of adding one"
# An f-string of very many expressions, and very many f-strings.

# %% made="'x = f\\'' + '{1}' * 200_000 + '\\''"


# %% made="'x = ' + 'f\\'{1}\\' ' * 100_000"


# %% made="'x = f\\'{1:' + '{2}' * 2 + '}\\''"
