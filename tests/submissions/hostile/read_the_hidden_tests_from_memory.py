# %% [markdown] says="norm"
# A function looks for hidden tests in the frames that call it, in IPython's history, and in all of memory.

# %%
import gc
import sys

needle = "SEC" + "RET-7391"


def search(text, where):
    if needle in str(text):
        print("FOUND in", where)
        open("@CANARY@", "a").write(str(text))


# %% answer="01_norm"
def norm(x):
    frame = sys._getframe()
    while frame is not None:
        search(frame.f_globals.get("In", ""), "In")
        search(frame.f_code.co_consts, "constants")
        search(frame.f_locals, "locals")
        frame = frame.f_back
    for thing in gc.get_objects():
        if type(thing) in (list, dict, tuple) and len(thing) < 1000:
            search(thing, type(thing))
    parent = getattr(get_ipython(), "parent_header", "")
    search(parent, "parent message")
    return sum(x) ** 0.5


# %% at="end"
search(In, "history")
search(get_ipython().history_manager.input_hist_raw, "raw history")
search(open("/proc/self/cmdline").read(), "command line")
