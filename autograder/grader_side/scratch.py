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
        self._user = user
        try:
            self._hand_over()
        except OSError:
            self.remove()
            raise

    def _hand_over(self) -> None:
        if self._user is not None:
            os.chown(self.path, *self._user)

    def renewed(self) -> bool:
        """Whether it could be removed, with all that is in it, and made anew under its name."""
        self.remove()
        try:
            os.mkdir(self.path, 0o700)
            self._hand_over()
        except OSError:
            return False
        return True

    def remove(self) -> None:
        """Remove what a server that had to be killed left; raises nothing."""
        scratch.remove(self.path)
