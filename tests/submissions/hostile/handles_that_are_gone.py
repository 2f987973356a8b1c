# %% [markdown] right=["03_counter"] says="of .3, 4."
# Objects are handed out and forgotten, functions take themselves away.

# %% answer="01_norm"
import gc


def norm(x):
    del globals()["norm"]
    for thing in gc.get_objects():
        if type(thing).__name__ in ("Handles", "Child"):
            for name in list(vars(thing)):
                try:
                    vars(thing)[name].clear()
                except Exception:
                    pass
    return lambda: norm


# %% answer="04_twice"
def twice(f, x):
    return twice
