# %% [markdown] right=["03_counter"] says="of adding one"
# Syntax of newer Pythons: type parameters, type aliases, groups of exceptions.

# %% made="'def f[T: (int, str), *Ts, **P](x: T) -> T: return x'"


# %% made="'type A = ' + 'list[' * 150 + 'int' + ']' * 150"


# %% made="'class A[' + ', '.join(f'T{i}' for i in range(20_000)) + ']: pass'"


# %% made="'try: pass\\nexcept* ValueError: pass'"


# %% made="'x: ' + 'int | ' * 20_000 + 'str'"
