"""A student's page, rendered; whatever is in the notebook, there is one, within bounds of time and memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.bounded import Bounds, Stopped, bounded
from autograder.feedback.advice import advice, shared_causes, state
from autograder.feedback.model import Feedback, read_feedback
from autograder.feedback.rendering import PLAIN
from autograder.pages import is_cause, render

BOUNDS = Bounds(cpu_seconds=20, wall_seconds=120.0, memory_mb=512, value_mb=100)


def bounded_feedback_page(notebook: NotebookNode, grades: Mapping[str, Any]) -> tuple[str, str]:
    """The page, made in a process of its own, and why it is not the one of :func:`feedback_page`, or "".

    When rendering fails, the page shows the student's words as plain text; if even that fails, only points.
    The reason completes the sentence "rendering it ...".
    """
    try:
        return bounded(BOUNDS, feedback_page, notebook, grades), ""
    except Stopped as stopped:
        why = str(stopped)
    note = "Your words are shown here as plain text, because rendering them {}."
    try:
        return bounded(BOUNDS, _plain_page, notebook, grades, note.format(why)), why
    except Stopped as stopped:
        note = "Your notebook cannot be shown here, because reading it {}. The points stand."
        return _page(_totals(grades, note.format(stopped))), str(stopped)


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
