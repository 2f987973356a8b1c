"""What the graded cells of an assignment are called, for people: by their grade ids, if these say something.

nbgrader's toolbar names a cell ``cell-`` and sixteen digits; such a cell belongs to the heading above it. Ids
are unique in a notebook, not in an assignment: one that recurs is named with its notebook.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.gradebook.scores import exercise_of
from autograder.roles import grade_id, is_answer
from autograder.submission.released import read_released

DEFAULT_ID = re.compile(r"cell-[0-9a-f]{8,}")
_HEADING = re.compile(r"^#{1,3}[ \t]+(\S[^\n]*?)[ \t#]*$", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_BETWEEN = "-"  # the exercise, and what of it a cell looks at

Names = Mapping[tuple[str, str], str]  # by notebook and grade id


def cell_names(assignment: Any, folder: Path) -> Names:
    """The name of each cell worth points; ``folder`` has the release, ``assignment`` is the gradebook's.

    What :func:`exercise_of` makes of a name is the exercise that the cell belongs to.
    """
    ids = {
        str(notebook.name): [cell.name for cell in (*notebook.grade_cells, *notebook.task_cells)]
        for notebook in assignment.notebooks
    }
    found: dict[tuple[str, str], str] = {}
    for notebook, names in ids.items():
        path = folder / f"{notebook}.ipynb"
        cells = read_released(path, folder.name).cells if path.is_file() else []
        found |= _names_in(notebook, names, cells)
    return dict(_told_apart(found))


def names_in(notebooks: Mapping[str, NotebookNode]) -> Names:
    """The same of notebooks by name, for every cell of theirs that nbgrader knows."""
    found: dict[tuple[str, str], str] = {}
    for notebook, content in notebooks.items():
        names = [name for cell in content.cells if (name := grade_id(cell))]
        found |= _names_in(notebook, names, content.cells)
    return dict(_told_apart(found))


def _names_in(notebook: str, names: list[str], cells: list[NotebookNode]) -> dict[tuple[str, str], str]:
    above, found = dict(_headings(cells)), {}
    for name in names:
        if DEFAULT_ID.fullmatch(name):
            exercise = (above.get(name) or notebook).replace(_BETWEEN, "–")
            found[notebook, name] = f"{exercise}{_BETWEEN}{name}"
        else:
            found[notebook, name] = name
    return found


def _headings(cells: list[NotebookNode]) -> Iterator[tuple[str, str]]:
    """Each cell's grade id, and the nearest heading above it."""
    section = ""
    for cell in cells:
        if cell.cell_type == "markdown" and not is_answer(cell):
            found = _HEADING.findall(_FENCED.sub("", cell.source))
            section = found[-1] if found else section
        if name := grade_id(cell):
            yield name, section


def _told_apart(found: Names) -> Iterator[tuple[tuple[str, str], str]]:
    """The names, with the notebook in those of exercises that several notebooks have."""
    notebooks = {(exercise_of(name), notebook) for (notebook, _), name in found.items()}
    recurs = Counter(exercise for exercise, _ in notebooks)
    for (notebook, cell), name in found.items():
        exercise = exercise_of(name)
        if recurs[exercise] > 1:
            yield (
                (notebook, cell),
                f"{exercise} ({notebook.replace(_BETWEEN, '–')}){name[len(exercise) :]}",
            )
        else:
            yield (notebook, cell), name
