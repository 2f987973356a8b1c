"""How feedback goes back through nbgrader's exchange, also in a class that did not all hand in through it."""

from __future__ import annotations

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

    def copy_files(self) -> None:
        """Release every page whose author can fetch it."""
        course = self.coursedir
        handed_out = str(Path(self.src_path).relative_to(course.root))
        by_hand = [
            folder.parent.name
            for folder in sorted(Path(course.root).glob(handed_out))
            if not all((folder / name).is_file() for name in (TIMESTAMP, SECRET))
        ]
        if by_hand:
            self.log.warning(
                "Not handed in through the exchange, so that its authors cannot fetch feedback from there: "
                + ", ".join(log_name(name) for name in by_hand)
            )
        before = course.student_id_exclude
        course.student_id_exclude = ",".join(filter(None, [before, *by_hand]))
        try:
            super().copy_files()
        finally:
            course.student_id_exclude = before
