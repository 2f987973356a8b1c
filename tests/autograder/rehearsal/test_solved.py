"""What an author is told of a graded solution; that it is graded: authoring/test_build.py."""

from pathlib import Path

import pytest
from nbformat.v4 import new_output

from autograder.authoring.build import build
from autograder.errors import CourseError
from autograder.grader_side.errors import SandboxError
from autograder.grading.tiers import read_tiers, write_tiers
from autograder.recorded.record import keep_record
from autograder.rehearsal import solved
from autograder.rehearsal.solved import SEED, UNPROTECTED, earned_unanswered, grade_solution
from autograder.roles import FACTS, grade_id
from autograder.sources.source import read_source

RELEASE = Path("release")
CHECK = {"name": "at two", "status": "passed", "message": ""}
WRONG = {"name": "at three", "status": "failed", "message": "9  is wrong\n  really"}
SECOND = """
# %% graded="01_square-more" points=5
square(3)
"""


def outcome(points, *checks, note=""):
    return {"points": points, "max_points": 90, "note": note, "checks": list(checks)}


@pytest.fixture
def said(monkeypatch, course, source_path):
    """What is said of a solution with these outcomes, and outputs of its cells by grade id."""

    def grade(outcomes, outputs=None, behave=lambda settings: None, more="", status="graded", **record):
        source_path.write_text(source_path.read_text(encoding="utf-8") + more, encoding="utf-8")

        def grade_rebuilt(notebook, seed, settings, folder):
            assert (seed, folder) == (SEED, RELEASE)
            facts = {grade_id(cell): cell.metadata.get(FACTS) for cell in notebook.cells}
            tiers = {name: found for name, found in facts.items() if found}
            assert tiers == read_tiers(course.root, "01_square").get("square", {})
            behave(settings)
            for cell in notebook.cells:
                cell.outputs = (outputs or {}).get(grade_id(cell), [])
            keep_record(notebook, status=status, outcomes=outcomes, **record)
            return notebook

        monkeypatch.setattr(solved, "grade_rebuilt", grade_rebuilt)
        return grade_solution(course, read_source(source_path), RELEASE)

    return grade


def refused(said, source_path, *arguments, **named):
    with pytest.raises(CourseError) as error:
        said(*arguments, **named)
    return str(error.value).replace(str(source_path), "square.py")


def test_nothing_is_said_of_a_solution_with_full_marks(said):
    assert said({"01_square-values": outcome(90 - 1e-12, CHECK)}) == ""


def test_a_cell_is_graded_where_check_found_that_it_has_to_be(said, course):
    write_tiers(course.root, "01_square", {"square": {"01_square-values": {"tier": "inside"}}})
    assert said({"01_square-values": outcome(90, CHECK)}) == ""


def test_a_source_without_graded_cells_is_not_graded(source_path, course, monkeypatch):
    monkeypatch.setattr(solved, "grade_rebuilt", None)
    text = source_path.read_text(encoding="utf-8")
    head, rest = text.split("# %% graded=")
    source_path.write_text(head + rest[rest.index("# %%\n") :], encoding="utf-8")
    assert grade_solution(course, read_source(source_path), RELEASE) == ""


def test_without_a_sandbox_the_authors_own_code_runs_without_one_and_that_is_said(said):
    asked = []

    def refuse(settings):
        asked.append(settings.sandbox)
        if settings.sandbox != "none":
            raise SandboxError("none here")

    assert said({"01_square-values": outcome(90, CHECK)}, behave=refuse) == UNPROTECTED
    assert len(asked) == 2
    assert asked[1] == "none"


def test_what_could_not_be_graded_has_its_reason(said, source_path):
    notes = ("The submission could not be graded: it took too long.",)
    found = refused(said, source_path, {}, status="failed", notes=notes)
    assert found == "square.py: the solution could not be graded: it took too long"


def test_a_cell_short_of_its_points_is_told_with_what_failed(said, source_path):
    failed = outcome(30.5, CHECK, WRONG, {**WRONG, "name": "silent", "message": ""}, note="a note")
    assert refused(said, source_path, {"01_square-values": failed}) == (
        "the solution does not earn full marks: square.py:17: 01_square-values gives 30.5 of 90 points: "
        "'at three' (9 is wrong); 'silent'; a note"
    )


def test_three_cells_are_told_and_how_many_more(said, source_path):
    names = [f"01_square-{letter}" for letter in "abcd"]
    more = "".join(SECOND.replace("01_square-more", name) for name in names)
    short = {name: outcome(2, WRONG) for name in names}
    told = refused(said, source_path, {"01_square-values": outcome(90), **short}, more=more)
    assert told.count("gives 2 of 5 points: 'at three' (9 is wrong)") == 3
    assert told.endswith("; and 1 more")
    del short["01_square-d"]
    told = refused(said, source_path, {"01_square-values": outcome(90), **short, names[3]: outcome(5)})
    assert told.endswith("01_square-c gives 2 of 5 points: 'at three' (9 is wrong)")


def test_a_cell_that_raises_is_told_before_what_came_of_it(said, source_path):
    why = "invalid syntax (<ipython-input-7-ab12>, line 3)\nx ="
    raised = new_output("error", ename="SyntaxError", evalue=why, traceback=[])
    other = new_output("error", ename="KeyError", evalue="x", traceback=[])
    outputs = {
        "01_square": [new_output("stream", text="x"), raised],
        "imports": [],
        "01_square-values": [other],
    }
    told = refused(said, source_path, {"01_square-values": outcome(0, WRONG)}, outputs=outputs)
    assert told.startswith(
        "the solution does not earn full marks: square.py:9: this cell raises SyntaxError: invalid syntax "
        "(line 3 of the cell); square.py:17: 01_square-values gives 0 of 90 points"
    )
    assert "KeyError" not in told
    of_the_check = {"01_square-values": [other]}
    assert "this cell raises" not in refused(
        said, source_path, {"01_square-values": outcome(0, WRONG)}, outputs=of_the_check
    )


def test_checks_of_one_name_are_refused(said, source_path):
    twice = outcome(90, {**CHECK, "name": "other"}, CHECK, CHECK)
    assert refused(said, source_path, {"01_square-values": twice}) == (
        "square.py:17: 01_square-values has two checks 'at two'"
    )


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("", "gives 5 of 5 points where nothing is answered: ask there for what only an answer gives"),
        (
            """
from course_lib.grading import Checks
checks = Checks()
with checks("nothing is asked", points=2):
    pass
with checks("something is", points=3):
    assert square(3) == 9
checks.score()
""",
            "gives 2 of 5 points where nothing is answered, by 'nothing is asked': ask there for",
        ),
        ("assert square(3) == 9\n", ""),
    ],
)
def test_a_cell_that_gives_points_where_nothing_is_answered_is_told(course, source_path, cell, says):
    text = source_path.read_text(encoding="utf-8")
    source_path.write_text(f'{text}\n# %% graded="01_square-more" points=5\n{cell}', encoding="utf-8")
    with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("\nc.CourseFacts.total_points = None\nc.CourseFacts.checks_in_every_cell = False\n")
    told = []
    build(course, tell=told.append)
    found = [line for line in told if "nothing is answered" in line]
    assert len(found) == bool(says)
    assert all("square.py:" in line and f"01_square-more {says}" in line for line in found)


def test_nothing_is_graded_unanswered_where_no_cell_is_graded(source_path, course, monkeypatch):
    monkeypatch.setattr(solved, "_automatic", lambda source: [])
    assert not list(earned_unanswered(course, read_source(source_path), RELEASE))
