# %% [markdown] right=["03_counter"] says="norm"
# Threads spin on, print and answer at any time.

# %%
import threading


def spin():
    while True:
        print("spinning")


for _ in range(20):
    try:
        threading.Thread(target=spin, daemon=False).start()
    except RuntimeError:
        break
