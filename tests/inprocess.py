"""A notebook graded as in the student's own kernel: every cell in one process, no sandbox, no proxies."""

import contextlib
import io
import linecache
import os
import warnings
from functools import cache, partial
from pathlib import Path

from autograder.authoring.build import stage
from autograder.course import Course
from autograder.grader_side.names import names_of
from autograder.rehearsal.answers import load_answers
from autograder.rehearsal.compose import Composer
from autograder.submission.copying import copied
from autograder.submission.skippable import without_shows
from course_lib.grading import Checks, set_run_seed

REPOSITORY = Path(__file__).parents[1]
ASSIGNMENTS = Course(REPOSITORY).assignment_names()
SETUP = (
    "import numpy as np\nfrom course_lib.grading import Checks, expect_close, expect_raises, expect_unchanged"
)


@cache
def composer_of(assignment):
    """The composer of one of the course's own assignments."""
    import nbformat

    (release,) = stage(Course(REPOSITORY), [assignment])
    notebook = nbformat.reads(release.content, as_version=4)
    return Composer(release.source, notebook, load_answers(release.source)), release.source


def cells_of(source, notebook):
    """Each cell of the source that a grade depends on, with what stands in its place, hidden tests too."""
    full = {item.grade_id: item for item in source.cells if item.role is not None}
    whole = without_shows(_with_hidden_tests(notebook, full))
    cells = [(full.get(cell.metadata.get("nbgrader", {}).get("grade_id")), cell) for cell in whole.cells]
    return [(item, cell.source) for item, cell in cells if cell.cell_type == "code" and item is not None]


def grade_in_process(source, notebook, *, exercise="", changed=None, after=None):
    """Run what a grade depends on, in order; the ``Checks`` of each graded cell, by grade id.

    Graded cells run in full, hidden tests included, as nbgrader restores them from its gradebook; only those
    of one ``exercise`` if it is given, or those that ``changed`` answers can reach. ``after(namespace)`` is
    called when the exercise's answer has been defined, or else after each answer.
    """
    return grade_cells(cells_of(source, notebook), exercise=exercise, changed=changed, after=after)


def grade_cells(cells, *, exercise="", changed=None, after=None):
    """The same, of cells that several graders may share."""
    os.environ.setdefault("MPLBACKEND", "Agg")
    reached = _reached(cells, changed) if changed is not None else {item.grade_id for item, _ in cells}
    namespace = {"__name__": "__main__"}
    graded = {}
    for item, text in cells:
        own = item.grade_id.startswith(f"{exercise}-" if exercise else "") and item.grade_id in reached
        if item.role == "graded" and not own:
            continue
        exec(_compiled(text, f"<{item.grade_id}>"), namespace)
        if after is not None and (item.grade_id == exercise if exercise else item.role == "answer"):
            after(namespace)
        if item.role == "graded":
            assert isinstance(namespace["checks"], Checks)
            graded[item.grade_id] = namespace["checks"]
    return graded


def _reached(cells, changed):
    """The graded cells that read a name which these answers bind, or which is made of such a name."""
    names = {item.grade_id: _names_of(text) for item, text in cells}
    made, known = set().union(*(names[answer].bound for answer in changed)), None
    while made != known:
        known = set(made)
        others = (names[item.grade_id] for item, _ in cells if item.role != "graded")
        made.update(*(one.bound for one in others if one.used & known))
    return {name for name, one in names.items() if one.used & made}


# Graded cells are the same in hundreds of notebooks.
_compiled = cache(partial(compile, mode="exec"))
_names_of = cache(names_of)


def _with_hidden_tests(notebook, full):
    whole = copied(notebook)
    for cell in whole.cells:
        item = full.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if item is not None and item.role == "graded":
            cell.source = item.cell.source
    return whole


def points_of(checks):
    """The points that a graded cell's checks earned."""
    return sum(outcome.points for outcome in checks.outcomes)


def at_home(student, graded):
    """The outcomes of a graded cell after a student's, in one process, as in the student's own kernel."""
    set_run_seed(0)
    namespace = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, source in (("setup", SETUP), ("student", student), ("graded", graded)):
            # A kernel keeps the lines of its cells, too.
            linecache.cache[f"<{name}>"] = len(source), None, source.splitlines(True), f"<{name}>"
            exec(compile(source, f"<{name}>", "exec"), namespace)
    return namespace["checks"].outcomes
