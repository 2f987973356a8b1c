"""The directory that student code may write to where it has no file systems of its own."""

from __future__ import annotations

import os
import tempfile

from autograder.student_side import scratch


class Scratch:
    """A new directory in the system's place for temporary files, which belongs to ``user`` or to us.

    The server that it is for removes it when it ends, also when it ends because this process was killed.
    """

    def __init__(self, user: tuple[int, int] | None = None) -> None:
        self.path = tempfile.mkdtemp(prefix="notebook-")
        try:
            if user is not None:
                os.chown(self.path, *user)
        except OSError:
            self.remove()
            raise

    def remove(self) -> None:
        """Remove what a server that had to be killed left; raises nothing."""
        scratch.remove(self.path)
