"""The pages of a class, each within bounds of time and memory; whatever is in a notebook, it has a page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode, from_dict

from autograder import disposable
from autograder.disposable import Bounds, Fork, Lost, done_here
from autograder.feedback.page import feedback_page, plain_page, points_page
from autograder.fork_side import Done, Work
from autograder.remembered import forget_the_rest, keep_what_is_known

BOUNDS = Bounds(seconds=20, memory_bytes=512 * 2**20, result_bytes=100 * 2**20, patience=100, jobs=250)
_NOBODY = {
    "student": "",
    "assignment": "",
    "notebook": "",
    "score": 0.0,
    "max_score": 0.0,
    "late_penalty": 0.0,
}


class PageMaker:
    """Makes pages in a process of its own, one after the other, until one of them is out of the ordinary.

    ``released`` are the notebooks of the assignment as students got them. What they say is rendered once and
    remembered; of what a student wrote nothing is, once the page is made.
    """

    def __init__(self, released: Sequence[Path] = ()) -> None:
        self._released = released
        self._fork = Fork(self._begun, BOUNDS)

    def __enter__(self) -> PageMaker:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process; the next page would get a new one."""
        self._fork.close()

    def page(self, notebook: NotebookNode, grades: Mapping[str, Any]) -> tuple[str, str]:
        """The page, and why it is not the one of :func:`feedback_page`, or "".

        When rendering fails, the page shows the student's words as plain text; if even that fails, only
        points.
        """
        try:
            return self._made(notebook, grades), ""
        except Lost as lost:
            why = str(lost)
        note = f"Your words are shown here as plain text, because they could not be rendered ({why})."
        try:
            return self._made(notebook, grades, note), why
        except Lost as lost:
            why = str(lost)
        note = f"Your notebook cannot be shown here, because it could not be read ({why}). The points stand."
        return points_page(grades, note), why

    def _made(self, notebook: NotebookNode, grades: Mapping[str, Any], note: str = "") -> str:
        job = json.dumps([notebook, grades, note]).encode()
        made = self._fork.do(job) if disposable.FORKS else done_here(lambda: _made(job))
        return made.decode()

    def _begun(self) -> Work:
        for path in self._released:
            with suppress(Exception):  # then each page renders for itself what stands there
                feedback_page(nbformat.read(path, as_version=4), _NOBODY)
        keep_what_is_known()
        return lambda asking, job: Done(_made(job), as_before=True)


def _made(job: bytes) -> bytes:
    notebook, grades, note = json.loads(job)
    notebook = from_dict(notebook)
    try:
        page = plain_page(notebook, grades, note) if note else feedback_page(notebook, grades)
    finally:
        forget_the_rest()
    return page.encode("utf-8", "replace")
