"""A graded submission as Gradescope's results.json."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.gradebook.naming import names_in
from autograder.grader_side.sandbox import UNSAFE
from autograder.gradescope.archive import Config
from autograder.grading.task import Graded
from autograder.recorded.record import record_of
from autograder.roles import grade_id


def results_of(graded: Graded, config: Config) -> dict[str, Any]:
    """One test for each graded cell, with the table of its checks; what students see is in it, and no more.

    Standard output stays with the instructors: it names seeds and what protected the machine. The points of
    written questions are Gradescope's to add.
    """
    notebooks = {name: nbformat.reads(text, as_version=4) for name, text in graded.contents.items()}
    tests = list(_tests(notebooks))
    if any(record_of(notebook).in_force == UNSAFE for notebook in notebooks.values()):
        # Hidden means: for instructors only. To tell students would be an invitation.
        mark = {"score": 0.0, "max_score": 0.0, "name": "no sandbox", "status": "failed", "output": UNSAFE}
        tests.append({**mark, "output_format": "text", "visibility": "hidden"})
    return {
        "execution_time": round(graded.seconds),
        "output": "\n".join([*graded.notes, *_by_hand(config)]),
        "output_format": "text",
        "visibility": config.visibility,
        "stdout_visibility": "hidden",
        "tests": tests,
    }


def _tests(notebooks: Mapping[str, NotebookNode]) -> Iterator[dict[str, Any]]:
    names = names_in(notebooks)
    exercises: dict[str, int] = {}  # with the number of each, where its name has none
    seen: Counter[str] = Counter()
    for (notebook, name), full in names.items():
        outcome = record_of(notebooks[notebook]).outcomes.get(name)
        cell = _cell(notebooks[notebook], name)
        if cell.cell_type != "code" or outcome is None:
            continue
        exercise, _, aspect = full.partition("-")
        place = exercises.setdefault(exercise, len(exercises) + 1)
        seen[exercise] += 1
        number, words = _numbered(exercise)
        yield {
            "name": words if not aspect or aspect == name else f"{words}: {aspect}",
            "number": f"{number or place}.{seen[exercise]}",
            "score": outcome["points"],
            "max_score": outcome["max_points"],
            "status": "passed" if outcome["points"] == outcome["max_points"] else "failed",
            "output": _output(cell, outcome["note"]),
            "output_format": "text",
        }


def _cell(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if grade_id(cell) == name)


def _numbered(exercise: str) -> tuple[str, str]:
    """The number that an exercise's name begins with, without zeros ("" for none), and its words."""
    number, _, words = exercise.partition("_")
    return (number.lstrip("0") or number, words or number) if number.isdigit() else ("", exercise)


def _output(cell: NotebookNode, note: str) -> str:
    """The table that the checks printed, and why there is no score if there is none; never a traceback."""
    printed = [output.text for output in cell.outputs if output.output_type == "stream"]
    return "\n".join([*(text.rstrip("\n") for text in printed), *([note] if note else [])])


def _by_hand(config: Config) -> list[str]:
    return [f"{name} is graded by a person ({points:g} points)." for name, points in config.written.items()]
