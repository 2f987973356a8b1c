"""Somebody else who holds the gradebook."""

import os
import sqlite3
import threading
import time

SECONDS = float(os.environ.get("LOCKED_SECONDS", "8"))  # longer than SQLite waits by itself


class locked:  # noqa: N801 (used as a context)
    """Holds a writer's lock on an SQLite file for some seconds."""

    def __init__(self, path, seconds=SECONDS):
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._hold, args=(path, seconds))

    def _hold(self, path, seconds):
        database = sqlite3.connect(path, isolation_level=None)
        database.execute("begin immediate")
        self._ready.set()
        time.sleep(seconds)
        database.execute("rollback")
        database.close()

    def __enter__(self):
        self._thread.start()
        self._ready.wait()

    def __exit__(self, *error):
        self._thread.join()
