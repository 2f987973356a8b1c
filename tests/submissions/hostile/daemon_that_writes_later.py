# %% [markdown] says="norm"
# A process that leaves its session waits until the grading is over, and then writes into the gradebook.

# %%
import os
import sqlite3
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for _ in range(40):
            time.sleep(0.5)
            try:
                open("@CANARY@", "a").write("alive")
                with sqlite3.connect("@ROOT@/gradebook.db", timeout=1) as database:
                    database.execute("update grade set manual_score = 20")
            except (OSError, sqlite3.Error):
                pass
    os._exit(0)
