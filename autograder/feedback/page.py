"""A student's page, rendered; whatever is in the notebook, there is one, within bounds of time and memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.disposable import Bounds, Lost, in_a_fork
from autograder.feedback.advice import advice, shared_causes, state
from autograder.feedback.model import Feedback, read_feedback
from autograder.feedback.rendering import PLAIN
from autograder.pages import is_cause, render

BOUNDS = Bounds(seconds=20, memory_bytes=512 * 2**20, result_bytes=100 * 2**20, patience=100)


def bounded_feedback_page(notebook: NotebookNode, grades: Mapping[str, Any]) -> tuple[str, str]:
    """The page, made in a process of its own, and why it is not the one of :func:`feedback_page`, or "".

    When rendering fails, the page shows the student's words as plain text; if even that fails, only points.
    """
    try:
        return _in_a_fork(feedback_page, notebook, grades), ""
    except Lost as lost:
        why = str(lost)
    note = f"Your words are shown here as plain text, because they could not be rendered ({why})."
    try:
        return _in_a_fork(_plain_page, notebook, grades, note), why
    except Lost as lost:
        note = f"Your notebook cannot be shown here, because it could not be read ({lost}). The points stand."
        return _page(_totals(grades, note)), str(lost)


def _in_a_fork(make: Callable[..., str], *arguments: Any) -> str:
    return in_a_fork(lambda owner: make(*arguments).encode("utf-8", "replace"), BOUNDS).decode()


def feedback_page(notebook: NotebookNode, grades: Mapping[str, Any]) -> str:
    """The page as HTML that stands alone and runs no script.

    ``notebook`` is autograded, with the gradebook's points and comments in its cells' metadata; ``grades``
    is the dict of ids and totals that nbgrader keeps beside it.
    """
    return _page(read_feedback(notebook, grades))


def _plain_page(notebook: NotebookNode, grades: Mapping[str, Any], note: str) -> str:
    feedback = read_feedback(notebook, grades, PLAIN)
    return _page(replace(feedback, notes=(note, *feedback.notes)))


def _totals(grades: Mapping[str, Any], note: str) -> Feedback:
    return Feedback(
        title=str(grades["notebook"]),
        student=str(grades["student"]),
        assignment=str(grades["assignment"]),
        score=float(grades["score"]),
        max_score=float(grades["max_score"]),
        late_penalty=float(grades["late_penalty"]),
        failed=False,
        notes=(note,),
        exercises=(),
    )


def _page(feedback: Feedback) -> str:
    return render(
        "feedback.html",
        feedback=feedback,
        advice=advice(feedback.exercises),
        shared=shared_causes(feedback.exercises),
        state=state,
        is_cause=is_cause,
    )
