# %% [markdown] says="of \\(3, 4\\)"
# Exceptions that end programs or that contexts swallow are thrown at the checks.

# %% answer="01_norm"
kinds = [SystemExit, KeyboardInterrupt, GeneratorExit, StopIteration, BaseException]


def norm(x):
    raise kinds.pop(0) if len(kinds) > 1 else BaseException


# %% answer="03_counter"
class Counter:
    def __init__(self):
        raise GeneratorExit


# %% answer="04_twice"
def twice(f, x):
    raise KeyboardInterrupt
