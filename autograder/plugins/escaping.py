"""What Formgrader's page of one submission shows of a student's entry in the gradebook, as text."""

from __future__ import annotations

import html
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

_NAMES = ("first_name", "last_name", "student", "notebook_path", "notebook_id", "assignment_id")


class EscapedNames(NbGraderPreprocessor):  # type: ignore[misc]
    """Escapes the names that the page's template inserts as they stand; a roster may have any in it."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Escape the names in ``resources``; the notebook stays as it is."""
        for key in _NAMES:
            if isinstance(resources.get(key), str):
                resources[key] = html.escape(resources[key])
        return nb, resources
