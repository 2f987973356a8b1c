"""What is kept, in the autograded notebook's metadata, about how it was graded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict

from autograder.submission import harmless_markdown

RECORD = "autograder"
NOTES_CELL = "grading-notes"


def record_of(notebook: NotebookNode) -> dict[str, Any]:
    """The record in a notebook's metadata, made if there is none.

    ``intake``, how the reading ended (:class:`autograder.submission.Status`), and ``repairs``, sentences, are
    written when the submission is rebuilt. Grading adds ``status``, ``notes``, ``seed``, ``in_force`` (what
    protected the machine), ``seconds``, ``review`` (whether a person should look at the scores),
    ``starved`` (whether something was stopped for its time while the machine was busy), ``again`` (whether a
    rerun may help, for it was the machine that failed) and ``outcomes``: per graded cell its points and its
    checks.
    """
    record: dict[str, Any] = notebook.metadata.setdefault(RECORD, {})
    return record


def put_notes(notebook: NotebookNode, sentences: Iterable[str]) -> None:
    """Show sentences to whoever opens the notebook, in a cell of their own at its top."""
    lines = [f"- {harmless_markdown(sentence)}" for sentence in sentences]
    notebook.cells = [cell for cell in notebook.cells if cell.get("id") != NOTES_CELL]
    if lines:
        text = "\n".join(["**Notes on this submission**", "", *lines])
        cell = {"id": NOTES_CELL, "cell_type": "markdown", "metadata": {}, "source": text}
        notebook.cells.insert(0, from_dict(cell))
