# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# Syntax of newer Pythons: type parameters, type aliases, groups of exceptions.

# %% made="'def f[T: (int, str), *Ts, **P](x: T) -> T: return x'"


# %% made="'type A = ' + 'list[' * 150 + 'int' + ']' * 150"


# %% made="'class A[' + ', '.join(f'T{i}' for i in range(20_000)) + ']: pass'"


# %% made="'try: pass\\nexcept* ValueError: pass'"


# %% made="'x: ' + 'int | ' * 20_000 + 'str'"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
