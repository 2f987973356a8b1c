"""A student's page, rendered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.feedback.advice import advice, shared_causes, state
from autograder.feedback.model import read_feedback
from autograder.pages import is_cause, render


def feedback_page(notebook: NotebookNode, grades: Mapping[str, Any]) -> str:
    """The page as HTML that stands alone and runs no script.

    ``notebook`` is autograded, with the gradebook's points and comments in its cells' metadata; ``grades``
    is the dict of ids and totals that nbgrader keeps beside it.
    """
    feedback = read_feedback(notebook, grades)
    return render(
        "feedback.html",
        feedback=feedback,
        advice=advice(feedback.exercises),
        shared=shared_causes(feedback.exercises),
        state=state,
        is_cause=is_cause,
    )
