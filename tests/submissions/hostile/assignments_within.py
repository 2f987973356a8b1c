# %% [markdown] right=["03_counter"] says="of adding one"
# Assignments as expressions, in one another, and targets without end.

# %% made="'x = ' + '(a := ' * 150 + '1' + ')' * 150"


# %% made="'x = ' + '(a := ' * 30_000"


# %% made="'a = ' * 100_000 + '1'"


# %% made="', '.join(f'a{i}' for i in range(50_000)) + ' = range(50_000)'"


# %% made="'*' * 10_000 + 'a = 1'"


# %% made="'[a := 1 for b in [1]]\\nprint(a)'"
