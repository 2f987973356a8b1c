"""A student's page as HTML: all that is to say of a notebook, the same in plain text, or points alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.feedback.advice import advice, shared_causes, state
from autograder.feedback.model import Feedback, read_feedback
from autograder.feedback.rendering import PLAIN
from autograder.pages import is_cause, render


def feedback_page(notebook: NotebookNode, grades: Mapping[str, Any]) -> str:
    """The page as HTML that stands alone and runs no script.

    ``notebook`` is autograded, with the gradebook's points and comments in its cells' metadata; ``grades``
    is the dict of ids and totals that nbgrader keeps beside it.
    """
    return _page(read_feedback(notebook, grades))


def plain_page(notebook: NotebookNode, grades: Mapping[str, Any], note: str) -> str:
    """The page with the student's words as plain text, and a note that says why."""
    feedback = read_feedback(notebook, grades, PLAIN)
    return _page(replace(feedback, notes=(note, *feedback.notes)))


def points_page(grades: Mapping[str, Any], note: str) -> str:
    """The page of a notebook that cannot be read: its points, and a note that says why."""
    feedback = Feedback(
        title=grades["notebook"],
        student=grades["student"],
        assignment=grades["assignment"],
        score=grades["score"],
        max_score=grades["max_score"],
        late_penalty=grades["late_penalty"],
        failed=False,
        notes=(note,),
        exercises=(),
    )
    return _page(feedback)


def _page(feedback: Feedback) -> str:
    return render(
        "feedback.html",
        feedback=feedback,
        advice=advice(feedback.exercises),
        shared=shared_causes(feedback.exercises),
        state=state,
        is_cause=is_cause,
    )
