"""How feedback goes back through nbgrader's exchange, also in a class that did not all hand in through it."""

from __future__ import annotations

import glob
from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback

from autograder.submission.files import log_name
from autograder.submission.receipt import SECRET
from autograder.submission.timestamp import TIMESTAMP


class ReleaseFeedback(ExchangeReleaseFeedback):  # type: ignore[misc]
    """nbgrader's own, which besides passes over what did not come through the exchange, and names it.

    A submission that was put in its place by hand has no secret by which its author could fetch anything;
    nbgrader's own command ends at the first of them.
    """

    src_path: str

    def copy_files(self) -> None:
        """Release every page whose author can fetch it.

        One student's after the other's: whom to leave out nbgrader takes as names between commas, and a name
        may have commas.
        """
        by_hand = []
        for folder in map(Path, sorted(glob.glob(self.src_path))):
            if all((folder / name).is_file() for name in (TIMESTAMP, SECRET)):
                self.src_path = glob.escape(str(folder))
                super().copy_files()
            else:
                by_hand.append(log_name(folder.parent.name))
        if by_hand:
            self.log.warning(
                "Not handed in through the exchange, so that its authors cannot fetch feedback from there: "
                + ", ".join(by_hand)
            )
