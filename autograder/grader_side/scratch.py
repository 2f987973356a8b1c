"""The directory that student code may write to where it has no file systems of its own."""

from __future__ import annotations

import os
import subprocess
import tempfile


class Scratch:
    """A new directory in the system's place for temporary files, which belongs to ``user`` or to us."""

    def __init__(self, user: int | None = None) -> None:
        self.path = tempfile.mkdtemp(prefix="notebook-")
        if user is not None:
            os.chown(self.path, user, user)

    def remove(self) -> None:
        """Remove it with all that is in it, as far as that can be done; raises nothing."""
        # By rm, which no depth of directories sends into recursion. Root needs no closed one opened first.
        opening = [["chmod", "-R", "u+rwX"]] if os.getuid() else []
        for line in (*opening, ["rm", "-rf"]):
            subprocess.run([*line, "--", self.path], capture_output=True, check=False)
