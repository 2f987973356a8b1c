"""What the build adds to a cell for whoever opens the notebook; it changes nothing that a grade depends on.

Cells that students need not read, set-up, figures and checks, come collapsed: in JupyterLab, Notebook 7 and
VS Code by ``source_hidden``, in Colab by ``cellView``, with a first line that says what is behind it. By a
tag, *Run All* goes on after an error in an answer, or in a cell that shows what answers do.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING

from nbformat.notebooknode import NotebookNode

from autograder.pages.words import exact
from autograder.roles import MAY_FAIL

if TYPE_CHECKING:
    from autograder.sources.source import SourceCell

COLLAPSED = ("setup", "readonly", "graded")
MAY_END_IN_ERRORS = ("answer", "readonly")
TITLE = "# @title "  # Colab shows it above the collapsed cell, JupyterLab as the one line that is left
# A first line that only says again what the title does.
SPOKEN = re.compile(r"# (Self-check|Graded|Figure|Setup)\.?")
SCORE = re.compile(r"\.score\(\)\s*\Z")


def presented(item: SourceCell) -> NotebookNode:
    """A copy of the cell as it is released: collapsed, titled, and its score told what it is out of."""
    cell = copy.deepcopy(item.cell)
    if item.role in MAY_END_IN_ERRORS and cell.cell_type == "code":
        cell.metadata["tags"] = [*cell.metadata.get("tags", []), MAY_FAIL]
    if item.role not in COLLAPSED:
        return cell
    if item.role == "graded":
        cell.source = SCORE.sub(f".score({exact(item.points)})", cell.source)
    if item.keys.get("open"):
        return cell
    cell.metadata["jupyter"] = NotebookNode(source_hidden=True)
    cell.metadata["cellView"] = "form"
    first, _, rest = cell.source.partition("\n")
    if SPOKEN.fullmatch(first):
        cell.source = rest
    if not first.startswith((TITLE, "%")):  # a magic has to stay first
        cell.source = f"{TITLE}{_title(item)}\n{cell.source}"
    return cell


def _title(item: SourceCell) -> str:
    """What the cell is for: the header's ``title``, or its grade id in words."""
    if "title" in item.keys:
        return str(item.keys["title"])
    number, _, words = item.grade_id.partition("_")
    if not number.isdigit():
        words = item.grade_id
    if item.role == "graded":
        subject, _, looks_at = words.partition("-")
        about = f"{subject}, {looks_at.replace('-', ' ')}" if looks_at else subject
        return f"Graded: {about} ({plural_points(item.points)})"
    if item.role == "readonly" and "self-check" in words:
        about = words.replace("self-check", "").strip("-").replace("-", " ")
        return f"Self-check: {about}" if about else "Self-check"
    said = words.replace("-", " ")
    if item.role == "readonly" and said.startswith(("figure ", "predict ")):
        kind, _, about = said.partition(" ")
        return f"{'Figure' if kind == 'figure' else 'Compare your prediction'}: {about}"
    return f"{'Set-up' if item.role == 'setup' else 'To look at'}: {said}"


def plural_points(points: float) -> str:
    """``1 point``, ``2.5 points``."""
    return f"{exact(points)} point{'' if points == 1 else 's'}"
