"""A graded notebook, made small enough for the pages that show it.

Formgrader renders it in its own server process, with every other page waiting: it colours code in a time that
grows with the square of a line, and renders Markdown in one that grows with the square of a text. What is cut
here is cut for the page alone: it was graded whole, and stands whole in the file that was handed in.
"""

from __future__ import annotations

import re

from nbformat.notebooknode import NotebookNode, from_dict

from autograder.roles import role_of
from autograder.submission.tex import delimiters
from autograder.submission.words import fenced

MAX_CODE = 20_000
MAX_LINE = 1_000
MAX_MAGIC = 2_000  # of another language, whose colours may take longer
MAX_ALL_CODE = 300_000
MAX_ALL_WORDS = 300_000
LINE, FORMULA = 20, 30  # what a line, which may be a heading or a row, and a formula's sign count besides
MAX_TEXT = 200_000
MAX_ALL_TEXT = 2_000_000
MAX_ALL_RICH = 20_000_000
_LONG_LINE = re.compile(rf"([^\n]{{{MAX_LINE}}})[^\n]+")
_WHOLE = "in the file as it was handed in"


class _Room:
    """How much of one kind a notebook's page may still show."""

    def __init__(self, most: int) -> None:
        self.left = most

    def take(self, wanted: int) -> int:
        """Take what is wanted, or what is left of it."""
        taken = min(wanted, self.left)
        self.left -= taken
        return taken

    def holds(self, wanted: int) -> bool:
        """Take what is wanted, and say whether there was as much."""
        return self.take(wanted) == wanted


def fit_for_a_page(notebook: NotebookNode) -> None:
    """Cut, in place, what students wrote and showed to what pages can bear, and say where it is whole.

    Locked cells are the release's, and what graded cells show is their score: both stay as they are.
    """
    code, words = _Room(MAX_ALL_CODE), _Room(MAX_ALL_WORDS)
    text, rich = _Room(MAX_ALL_TEXT), _Room(MAX_ALL_RICH)
    for cell in notebook.cells:
        role = role_of(cell)
        if cell.cell_type == "code":
            if not role.get("locked"):
                cell.source = _code(cell.source, code)
            if not role.get("grade"):
                cell.outputs = [_output(output, text, rich, words) for output in cell.outputs]
        elif not _has_room(cell.source, words):
            cell.source = fenced(_cut(cell.source, text))


def _has_room(markdown: str, room: _Room) -> bool:
    weight = len(markdown) + LINE * markdown.count("\n") + FORMULA * delimiters(markdown)
    return room.holds(weight)


def _code(source: str, room: _Room) -> str:
    most = MAX_MAGIC if source.lstrip().startswith("%%") else MAX_CODE
    taken = room.take(min(len(source), most))
    shown = _LONG_LINE.sub(r"\1 ...", source[:taken])
    if shown == source:
        return source
    return f"{shown}\n# ... not all of its {len(source):,} characters are shown here; they are {_WHOLE}"


def _cut(text: str, room: _Room) -> str:
    taken = room.take(min(len(text), MAX_TEXT))
    if taken == len(text):
        return text
    return f"{text[:taken]}\n... ({len(text) - taken:,} more characters are not shown here)"


def _output(output: NotebookNode, text: _Room, rich: _Room, words: _Room) -> NotebookNode:
    if output.output_type == "stream":
        output.text = _cut(output.text, text)
    elif output.output_type == "error":
        output.evalue = _cut(output.evalue, text)
        output.traceback = [_cut(line, text) for line in output.traceback]
    else:
        output.data = from_dict(_data(output.data, text, rich, words))
    return output


def _data(data: NotebookNode, text: _Room, rich: _Room, words: _Room) -> dict[str, str]:
    made = {}
    for mime, value in data.items():
        if mime == "text/plain":
            made[mime] = _cut(value, text)
        elif mime in ("text/markdown", "text/latex"):
            if _has_room(value, words):
                made[mime] = value
        elif mime == "text/html" and not words.holds(FORMULA * delimiters(value)):
            continue
        elif rich.holds(len(value)):
            made[mime] = value
    return made or {"text/plain": "(not shown: this notebook shows more than a page can)"}
