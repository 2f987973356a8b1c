"""A submission, rebuilt on the released notebook: only what the student wrote is taken over."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from nbformat.notebooknode import NotebookNode, from_dict

from autograder.roles import grade_id
from autograder.submission.copies import REFERS
from autograder.submission.copying import copied
from autograder.submission.harmless import harmless_attachments
from autograder.submission.match import START, match_cells
from autograder.submission.words import harmless_markdown


@dataclass(frozen=True)
class Rebuilt:
    """The notebook to grade, sentences on what was repaired, and the answers that were not handed in."""

    notebook: NotebookNode
    repairs: tuple[str, ...]
    missing: tuple[str, ...]


def rebuild(released: NotebookNode, submitted: NotebookNode) -> Rebuilt:
    """Fill the ``released`` notebook (hidden tests included) with what a student wrote in ``submitted``.

    Taken over are the sources of answers, written answers and plain cells, and the student's own further
    cells, each after the released cell that it followed. Every other cell, every tag, every point and the
    order are the released ones. Of an answer that stands several times, the last one that differs from the
    released text counts; its other edited copies become plain cells, so that code split over two of them
    still runs. An answer that does not stand in its cell is looked for (:mod:`autograder.submission.adopt`);
    one that is not there is the released stub. ``submitted`` is a parsed notebook
    (:mod:`autograder.submission.parse`); neither argument is changed.
    """
    matching = match_cells(released.cells, submitted.cells)
    notebook = copied(released)
    ids = _new_ids({cell.get("id") for cell in released.cells})
    before = _own_cells(matching.before, submitted.cells, ids)
    further = _own_cells(matching.further, submitted.cells, ids)
    cells = list(further.get(START, []))
    for index, cell in enumerate(notebook.cells):
        if index in matching.source_of:
            _fill(cell, submitted.cells[matching.source_of[index]])
        if index in matching.refers:
            cell.source = f"{REFERS} {grade_id(released.cells[matching.refers[index]])}."
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None
        cells += [*before.get(index, []), cell, *further.get(index, [])]
    notebook.cells = cells
    return Rebuilt(notebook, matching.repairs, matching.missing)


def _fill(cell: NotebookNode, written: NotebookNode) -> None:
    """Put what the student wrote into an answer or a plain cell; what was left as released stays as it is."""
    if written.source.strip() in ("", cell.source.strip()):
        return
    if cell.cell_type == "code":
        cell.source = written.source
        return
    _put_words(cell, written)


def _new_ids(taken: Collection[str | None]) -> Iterator[str]:
    return (name for number in count(1) if (name := f"student-{number}") not in taken)


def _own_cells(
    places: Mapping[int, Sequence[int]], submitted: Sequence[NotebookNode], ids: Iterator[str]
) -> dict[int, list[NotebookNode]]:
    """The student's own cells, by the index of the released cell beside which they stand."""
    return {
        place: [
            _own_cell(submitted[index], next(ids)) for index in indices if submitted[index].source.strip()
        ]
        for place, indices in sorted(places.items())
    }


def _own_cell(written: NotebookNode, cell_id: str) -> NotebookNode:
    """A student's own cell without its metadata; a raw cell, inserted by pages as it is, becomes Markdown."""
    cell = {"id": cell_id, "cell_type": "code", "metadata": {}, "source": written.source}
    if written.cell_type == "code":
        return from_dict({**cell, "execution_count": None, "outputs": []})
    return _put_words(from_dict({**cell, "cell_type": "markdown"}), written)


def _put_words(cell: NotebookNode, written: NotebookNode) -> NotebookNode:
    """Put a student's Markdown into a cell, with the pictures that the cell has or the student attached."""
    attachments = harmless_attachments({**cell.get("attachments", {}), **written.get("attachments", {})})
    cell.source = harmless_markdown(written.source, attachments)
    if attachments:
        cell.attachments = from_dict(attachments)
    return cell
