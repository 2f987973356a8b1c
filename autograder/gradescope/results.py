"""A graded submission as Gradescope's results.json."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.grader_side.sandbox import UNSAFE
from autograder.gradescope.archive import Config
from autograder.grading.task import Graded
from autograder.recorded.record import record_of


def results_of(graded: Graded, config: Config) -> dict[str, Any]:
    """One test for each graded cell, with the table of its checks; what students see is in it, and no more.

    Standard output stays with the instructors: it names seeds and what protected the machine. The points of
    written questions are Gradescope's to add.
    """
    notebooks = [nbformat.reads(text, as_version=4) for text in graded.contents.values()]
    tests = [test for notebook in notebooks for test in _tests(notebook)]
    if any(record_of(notebook).in_force == UNSAFE for notebook in notebooks):
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


def _tests(notebook: NotebookNode) -> Iterator[dict[str, Any]]:
    outcomes = record_of(notebook).outcomes
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if cell.cell_type != "code" or name not in outcomes:
            continue
        outcome = outcomes[name]
        exercise, _, aspect = name.partition("-")
        seen[exercise] = seen.get(exercise, 0) + 1
        number, _, words = exercise.partition("_")
        yield {
            "name": f"{words or exercise}: {aspect}" if aspect else words or exercise,
            "number": f"{number.lstrip('0') or number}.{seen[exercise]}",
            "score": outcome["points"],
            "max_score": outcome["max_points"],
            "status": "passed" if outcome["points"] == outcome["max_points"] else "failed",
            "output": _output(cell, outcome["note"]),
            "output_format": "text",
        }


def _output(cell: NotebookNode, note: str) -> str:
    """The table that the checks printed, and why there is no score if there is none; never a traceback."""
    printed = [output.text for output in cell.outputs if output.output_type == "stream"]
    return "\n".join([*(text.rstrip("\n") for text in printed), *([note] if note else [])])


def _by_hand(config: Config) -> list[str]:
    return [f"{name} is graded by a person ({points:g} points)." for name, points in config.written.items()]
