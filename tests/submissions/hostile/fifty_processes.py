# %% [markdown] right=["03_counter"] says="norm"
# A cell starts fifty processes, each of which starts more and spins.

# %%
import os

for _ in range(50):
    try:
        if os.fork() == 0:
            try:
                for _ in range(3):
                    os.fork()
            finally:
                while True:
                    pass
    except OSError:
        break
