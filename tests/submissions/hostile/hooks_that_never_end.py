# %% [markdown] right=["03_counter"] honest={"01_norm-values": 20} keeps={"01_norm-values": 20, "03_counter-sums": 20} says="took longer"
# A right answer whose cell ends, and what IPython calls after a cell, as it does to draw figures, does not.


# %% answer="01_norm"
def norm(x):
    if x.size == 0:
        raise ValueError("empty")
    return np.sqrt(np.sum(x**2))


def hook(*result):
    events.unregister("post_run_cell", hook)
    while True:
        pass


events = get_ipython().events
events.register("post_run_cell", hook)
