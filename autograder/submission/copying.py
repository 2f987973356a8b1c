"""Copies of notebooks that cost no more than what is done to them."""

from __future__ import annotations

from copy import deepcopy

from nbformat.notebooknode import NotebookNode


def copied(notebook: NotebookNode) -> NotebookNode:
    """A copy for whoever gives cells another source or other outputs; what is inside those is shared."""
    copy = NotebookNode(notebook)
    copy.metadata = deepcopy(notebook.metadata)
    copy.cells = [NotebookNode(cell) for cell in notebook.cells]
    return copy
