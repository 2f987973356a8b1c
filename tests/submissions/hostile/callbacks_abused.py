# %% [markdown] right=["03_counter"] says="of adding one"
# The function that is handed over is kept, called with nonsense, called without end, and called after the check.

# %% answer="04_twice"
kept = []


def twice(f, x):
    kept.append(f)
    for nonsense in (None, "x", [], {}, f, twice, object(), float("nan"), [[[[]]]], np.zeros(10**6), 10**400):
        for function in kept:
            try:
                function(nonsense)
            except Exception:
                pass
    f.__globals__["checks"] = None if hasattr(f, "__globals__") else None
    return f(twice(f, x))
