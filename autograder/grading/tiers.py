"""How each graded cell of a course is graded, as ``course check`` found it out by the solution.

That stands in one file beside the configuration, and nothing of a submission has a say in it. A cell that it
does not name is graded apart, by what can be seen in the release alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict

from autograder.errors import CourseError
from autograder.roles import FACTS, grade_id
from autograder.whole import write_whole

FILE = "tiers.json"
APART, INSIDE = "apart", "inside"
USUAL = {"tier": APART}  # which goes without saying, so that a check makes no grade stale
KEYS = {"tier": str, "takes": list, "imports": list, "lends": list, "shows": bool}

Facts = Mapping[str, Any]
Found = Mapping[str, Mapping[str, Facts]]  # by notebook and grade id


def read_tiers(root: Path, assignment: str) -> Found:
    """What is written down of an assignment's cells; nothing where it was not checked; CourseError."""
    return _all(root / FILE).get(assignment, {})


def write_tiers(root: Path, assignment: str, found: Found) -> Path:
    """Write down what was found of an assignment; the file, which is the same whenever the findings are."""
    path = root / FILE
    known = {**_all(path), assignment: found}
    write_whole(path, json.dumps(known, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    return path


def put_tiers(notebook: NotebookNode, cells: Mapping[str, Facts]) -> None:
    """Keep with each graded cell of a release what was found of it; whatever else stood there goes."""
    for cell in notebook.cells:
        cell.metadata.pop(FACTS, None)
        if (facts := cells.get(grade_id(cell), USUAL)) != USUAL:
            cell.metadata[FACTS] = from_dict(dict(facts))


def refuse_inside(root: Path, assignment: str) -> None:
    """CourseError when a cell would be graded inside the student's process; for courses that refuse that."""
    cells = [
        f"{notebook}: {name}"
        for notebook, found in read_tiers(root, assignment).items()
        for name, facts in found.items()
        if facts.get("tier") == INSIDE
    ]
    if cells:
        raise CourseError(
            f"{assignment}: the course refuses to grade inside the student's process "
            f"(c.GradeApart.refuse_inside), as these cells need it: {', '.join(cells)}; "
            f"`course check {assignment}` says what to change"
        )


def _all(path: Path) -> dict[str, Found]:
    if not path.is_file():
        return {}
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        for notebooks in known.values():
            for cells in notebooks.values():
                for facts in cells.values():
                    if not all(type(value) is KEYS[key] for key, value in facts.items()):
                        raise ValueError("a value is of the wrong kind")
                    if facts.get("tier", APART) not in (APART, INSIDE):
                        raise ValueError(f"there is no tier {facts['tier']!r}")
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise CourseError(f"{path} cannot be used ({error}); remove it and run `course check`") from None
    found: dict[str, Found] = known
    return found
