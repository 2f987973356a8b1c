"""A directory that student code wrote to, removed with whatever was done to it."""

from __future__ import annotations

import os
import shutil
import subprocess


def remove(path: str) -> None:
    """Remove a directory with all that is in it, as far as that can be done; raises nothing."""
    if os.name == "nt":
        shutil.rmtree(path, ignore_errors=True)
        return
    # By rm, which no depth of directories sends into recursion. Root needs no closed one opened first.
    opening = [["chmod", "-R", "u+rwX"]] if os.getuid() else []
    for line in (*opening, ["rm", "-rf"]):
        if os.path.lexists(path):
            subprocess.run([*line, "--", path], capture_output=True, check=False)


def empty(path: str) -> None:
    """Remove what is in a directory, as far as that can be done."""
    for name in os.listdir(path):
        remove(os.path.join(path, name))
