"""What is done to one notebook before and after it is run: rebuilt, closed, recorded, written."""

import ast
import json
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.utils import compute_checksum
from roles import answer, cell, graded, named, words

from autograder.grader_side.grader import GradedNotebook, RunStatus
from autograder.grader_side.scoring import CellOutcome
from autograder.grading import steps
from autograder.recorded.record import record_of
from autograder.submission import Reading, ReadingStatus
from course_lib.grading import Status
from course_lib.grading.checks import Outcome


def a_release():
    """An answer, its check, a plain cell and words that a person grades."""
    f = named(answer("def f(): ...", name="f", cell_type="code"))
    f.metadata.nbgrader.checksum = compute_checksum(f)
    return new_notebook(
        cells=[
            f,
            named(graded("f(); 1.0", "f-test", 2.0, cell_type="code")),
            new_code_cell("play()", id="plain"),
            words("Say.", "w", grade=True, solution=True, points=3.0, cell_type="markdown"),
        ]
    )


@pytest.fixture
def handed(monkeypatch):
    """What a notebook is taken up to, of which the answer and the plain cell say this."""

    def take(status=ReadingStatus.READ, sentences=(), **sources):
        submitted = a_release()
        submitted.cells = [each for each in submitted.cells if sources.get(each.id) != ""]
        for each in submitted.cells:
            each.source = sources.get(each.id, each.source)
        read = None if status in (ReadingStatus.MISSING, ReadingStatus.REFUSED) else submitted
        monkeypatch.setattr(steps, "parse", {"handed": Reading(status, read, sentences)}.get)
        return steps.taken_up(a_release(), "handed")

    return take


def facts(notebook):
    return {
        each.id: each.metadata.get("autograder") for each in notebook.cells if "autograder" in each.metadata
    }


def test_answers_are_taken_up_and_what_was_released_in_their_place_is_kept_with_them(handed):
    found = handed(f="def f(): return 1", plain="play(2)")
    assert [each.source for each in found.cells[:3]] == ["def f(): return 1", "f(); 1.0", "play(2)"]
    assert facts(found) == {"f": {"released": "def f(): ..."}, "plain": {"released": "play()"}}
    record = record_of(found)
    assert (record.intake, record.review, record.repairs) == ("read", False, ())
    assert set(record.answers) == {"f-test", "w"}
    assert facts(handed(w="My words.")) == {"plain": {"released": "play()"}}


def test_a_cell_of_the_release_is_none_of_the_students_whatever_it_is_called():
    release = new_notebook(cells=[new_code_cell("play()", id="student-1")])
    assert facts(steps.blank(release, "it died")) == {"student-1": {"released": "play()"}}


@pytest.mark.parametrize("status", [ReadingStatus.MISSING, ReadingStatus.REFUSED])
def test_where_nothing_could_be_read_the_stubs_are_graded_a_person_looks_and_the_reason_is_all_that_is_said(
    handed, status
):
    found = handed(status, ("no such file",))
    record = record_of(found)
    assert (record.intake, record.review, record.repairs) == (str(status), True, ("no such file",))
    assert found.cells[0].source == "def f(): ..."


def test_an_answer_that_is_missing_is_said_and_looked_at(handed):
    record = record_of(handed(sentences=("renamed",), status=ReadingStatus.RENAMED, f=""))
    assert record.review
    assert record.repairs[0] == "renamed"
    assert len(record.repairs) == 2


def test_of_who_could_not_be_taken_up_there_is_the_release_and_why(handed):
    release = a_release()
    found = steps.blank(release, "it died")
    record = record_of(found)
    assert (record.failed, record.intake, record.answers) == ("it died", "not readable", None)
    found.cells[1].metadata.nbgrader.points = 9.0
    assert release.cells[1].metadata.nbgrader.points == 2.0


OUTCOME = CellOutcome(
    1.5, 2.0, (Outcome("at 2", Status.FAILED, 0.5, 1.0, "no", ("sign",), "line 1", "add a minus"),), "why"
)


def run(notebook, score="1.5", **more):
    """A run of the notebook, in which the answer printed and the check showed this score."""
    executed = nbformat.from_dict(notebook)
    printed = new_output("display_data", {"text/html": "<script>"})
    executed.cells[0].outputs, executed.cells[0].execution_count = [printed], 4
    executed.cells[1].outputs = [new_output("execute_result", {"text/plain": score})]
    given = {"seconds": 1.23456, "notes": ("slow",), "status": RunStatus.GRADED, **more}
    return GradedNotebook(executed, {"f-test": OUTCOME}, **given)


def test_a_run_is_recorded_with_its_outcomes_and_harmless_outputs(handed):
    notebook = handed(f="def f(): return 1")
    found = steps.scored(notebook, run(notebook), 7, "wall", unprotected=False)
    record = record_of(found)
    assert (record.status, record.seed, record.in_force, record.seconds) == ("graded", 7, "wall", 1.235)
    assert (record.notes, record.review, record.starved) == (("slow",), False, False)
    check = {"name": "at 2", "status": "failed", "points": 0.5, "max_points": 1.0, "message": "no"}
    check |= {"causes": ["sign"], "line": "line 1", "repair": "add a minus"}
    outcome = {"points": 1.5, "max_points": 2.0, "note": "why", "tier": "apart", "checks": [check]}
    assert record.outcomes == {"f-test": outcome}
    notes, answer, graded = found.cells[:3]
    assert "slow" in notes.source
    assert (answer.outputs[0].data, answer.execution_count) == ({"text/plain": "(not shown: text/html)"}, 4)
    assert graded.outputs[0].data == {"text/plain": "1.5"}
    assert notebook.cells[0].outputs == []  # it is a copy


def test_a_score_that_is_none_earns_nothing_and_is_named(handed):
    notebook = handed()
    found = steps.scored(notebook, run(notebook, "99"), 7, "wall", unprotected=False)
    (_, note) = record_of(found).notes
    assert note == "Cell f-test earned nothing: the score is not a number from 0 to 2."


@pytest.mark.parametrize(
    ("unprotected", "starved", "status"),
    [
        (True, False, ReadingStatus.READ),
        (False, True, ReadingStatus.READ),
        (False, False, ReadingStatus.REFUSED),
    ],
)
def test_a_person_looks_at_what_ran_unprotected_or_was_starved_or_could_not_be_read(
    handed, unprotected, starved, status
):
    notebook = handed(status, ("x",))
    record = record_of(
        steps.scored(notebook, run(notebook, starved=starved), 7, "wall", unprotected=unprotected)
    )
    assert (record.review, record.starved, steps.BUSY in record.notes) == (True, starved, starved)


def test_a_cell_that_is_another_one_in_the_run_gets_no_outputs_of_it(handed):
    notebook = handed()
    result = run(notebook)
    result.notebook.cells[0].source = "another"
    result.notebook.cells[1].id = "x"
    found = steps.scored(notebook, result, 7, "wall", unprotected=False)
    assert [each.outputs for each in found.cells if each.id == "f"] == [[]]
    assert "Cell f-test earned nothing: the cell has no output." in record_of(found).notes


@pytest.mark.parametrize("again", [True, False])
def test_who_could_not_be_graded_has_no_scores_and_the_reason_once(handed, again):
    notebook = handed(f="def f(): return 1")
    found = steps.unscored(notebook, "it died", 7, again=again)
    record = record_of(found)
    assert (record.status, record.again, record.review, record.seed) == ("failed", again, True, 7)
    assert record.notes == ("The submission could not be graded: it died.",)
    assert steps.of_the_solution(record.notes) == "the solution could not be graded: it died"
    assert steps.written(found).scores == {"f-test": None, "w": None}
    assert notebook.cells[1].outputs == []


def test_what_is_written_is_read_again_and_says_what_nbgrader_would_read_off_it(handed):
    notebook = handed(w="My words.")
    graded = steps.scored(notebook, run(notebook), 7, "wall", unprotected=False)
    cells = [dict(each) for each in graded.cells]
    found = steps.written(graded, submission="digest", files="bytes")
    assert found.scores == {"f-test": 1.5, "w": None}
    assert found.untouched == {"f"}
    assert (found.record.submission, found.record.files) == ("digest", "bytes")
    assert (found.record.outcomes, found.record.answers) == ({}, None)
    assert steps.GradedText.unpacked(found.packed()) == found
    again = steps.from_text(found.content)
    assert [each.source for each in again.cells] == [each["source"] for each in cells]
    assert record_of(again).outcomes["f-test"]["points"] == 1.5
    nbformat.validate(again)


def test_a_task_is_a_persons_to_score_also_when_it_is_as_released():
    task = words("Do.", "t", task=True, points=1.0, cell_type="markdown")
    assert steps.written(new_notebook(cells=[task])).scores == {"t": None}


def test_text_has_a_line_for_each_value_and_letters_as_they_are():
    text = steps.as_text(new_notebook(cells=[new_code_cell("a\né", id="x")]))
    assert '"a\\n",\n"é"' in text
    assert text.endswith("}\n")
    assert list(json.loads(text)) == sorted(json.loads(text))


def test_a_release_is_known_before_a_fork_whatever_does_not_compile(monkeypatch):
    noted = []
    for name in ("names_in", "read_by", "statements_of"):
        monkeypatch.setattr(steps, name, lambda source, name=name: noted.append((name, source)))
    for name in ("compiled_cell", "compiled_setup"):
        compiled = lambda source, given, name=name: noted.append((name, given)) or ast.parse(source)  # noqa: E731
        monkeypatch.setattr(steps, name, compiled)
    setup = cell("import os", tags=["setup"], grade_id="s")
    broken = graded("(", "b")
    cells = [new_markdown_cell("words"), setup, broken, new_code_cell("plain")]
    steps.get_to_know(SimpleNamespace(cells=cells))
    sources = ["import os", "(", "plain"]
    assert [given for name, given in noted if name == "names_in"] == sources
    assert [given for name, given in noted if name == "read_by"] == sources
    assert [given for name, given in noted if name == "statements_of"] == sources
    assert [each for each in noted if each[0].startswith("compiled")] == [
        ("compiled_setup", "s"),
        ("compiled_cell", "b"),
    ]


def test_a_release_is_read_once(monkeypatch):
    noted = []
    monkeypatch.setattr(steps, "get_to_know", noted.append)
    text = nbformat.writes(new_notebook(cells=[new_code_cell("a_release_that_is_read_once", id="x")]))
    first = steps.released(text)
    assert steps.released(text) is first
    assert noted == [first]
    assert first.cells[0].source == "a_release_that_is_read_once"
