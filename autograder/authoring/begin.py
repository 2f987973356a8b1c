"""A course behind the wall: two lines in the configuration of an existing one, or a small new one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course import CONFIG, refuse_place
from autograder.errors import CourseError
from autograder.whole import write_whole

LINES = """\
# Submissions are rebuilt on the release, and graded behind a wall.
from autograder import plugins

plugins.configure(c)
"""
NEW = """\
\"\"\"The course's configuration.\"\"\"

c = get_config()  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "{course_id}"

"""
_CONFIGURED = re.compile(r"^[^#\n]*\bplugins\.configure\(c\)", re.MULTILINE)
_CONFIG = re.compile(r"^c\s*=\s*get_config\(\)", re.MULTILINE)
FIRST = "first_steps"


def begin(root: Path) -> list[str]:
    """Have the course at ``root`` graded behind the wall, or make one there; what was done, and is next.

    An existing configuration keeps every line, and gets two at its end; run again, nothing is changed.
    CourseError when there is something else in the place of a course.
    """
    refuse_place(root.resolve())
    config = root / CONFIG
    if config.is_file():
        return [*_configured(config), *_next_steps(root)]
    if root.is_dir() and any(root.iterdir()):
        raise CourseError(
            f"{root} is no course (it has no {CONFIG}) and is not empty: name an nbgrader course, or a new "
            "directory"
        )
    (root / "source" / FIRST).mkdir(parents=True)
    course_id = re.sub(r"\W+", "_", root.resolve().name) or "course"
    config.write_text(NEW.format(course_id=course_id) + LINES, encoding="utf-8")
    nbformat.write(_first_notebook(), root / "source" / FIRST / f"{FIRST}.ipynb")
    return [f"made a new course in {root}, with one small assignment", *_next_steps(root)]


def _configured(config: Path) -> list[str]:
    text = config.read_bytes().decode("utf-8")  # with the ends of its lines
    if _CONFIGURED.search(text):
        return [f"{config} has the two lines already"]
    if not _CONFIG.search(text):
        raise CourseError(f"{config} has no line `c = get_config()`, after which the two lines could stand")
    end = "\r\n" if "\r\n" in text else "\n"
    write_whole(config, text.rstrip("\r\n") + (2 * "\n" + LINES).replace("\n", end))
    return [f"wrote two lines at the end of {config}; of your own settings, those below them win"]


def _next_steps(root: Path) -> Iterator[str]:
    names = sorted(path.name for path in (root / "source").glob("*/") if any(path.glob("*.ipynb")))
    name = names[0] if names else "ASSIGNMENT"
    yield f"next, in {root}:"
    yield "  course doctor                              what is missing on this machine"
    yield f"  course check {name:30s}how well each graded cell can be protected"
    yield f"  nbgrader generate_assignment {name:14s}what students get, in release/"
    yield f"  course grade {name:30s}once submitted/ holds what they handed in"


def _first_notebook() -> nbformat.NotebookNode:
    solution = (
        "def vowels(word):\n"
        '    """Return the vowels of a word, in order, as a list."""\n'
        "    ### BEGIN SOLUTION\n"
        "    return [letter for letter in word if letter in 'aeiou']\n"
        "    ### END SOLUTION"
    )
    check = (
        "assert vowels('rose') == ['o', 'e']\n"
        "### BEGIN HIDDEN TESTS\n"
        "assert vowels('') == []\n"
        "assert vowels('iris') == ['i', 'i']\n"
        "### END HIDDEN TESTS"
    )
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# First steps", id="title"),
            new_markdown_cell(
                "## Vowels\n\nWrite `vowels`; the cell below it checks an example.", id="vowels-text"
            ),
            _with_role(new_code_cell(solution, id="vowels"), "vowels", solution=True),
            _with_role(
                new_code_cell(check, id="vowels-checks"), "vowels-checks", grade=True, locked=True, points=2
            ),
        ]
    )
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return notebook


def _with_role(cell: nbformat.NotebookNode, name: str, **role: object) -> nbformat.NotebookNode:
    usual = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    cell.metadata["nbgrader"] = {**usual, "grade_id": name, **role}
    return cell
