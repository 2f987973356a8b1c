"""What a page is made of, read off a graded notebook: sections, pieces, points; of graded cells no source."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.feedback.model import Check, Piece, Section, read_feedback, without_mark_scheme
from autograder.feedback.rendering import Rendering
from autograder.recorded.record import RECORD

GRADES = dict.fromkeys(("score", "max_score", "late_penalty"), 1.0)
GRADES |= {"student": "ada", "assignment": "ps1", "notebook": "n"}
TOLD = Rendering(lambda text, attached=None: text, lambda text: f"code: {text}", iter)
CHECK = {"name": "at 2", "status": "failed", "points": 1, "max_points": 3, "causes": ()}


def code(name, source="x", outputs=(), **role):
    metadata = {"nbgrader": {"grade_id": name, **role}} if role else {}
    return new_code_cell(source, id=name, outputs=list(outputs), metadata=metadata)


def words(source, name="words", **role):
    return new_markdown_cell(
        source, id=name, metadata={"nbgrader": {"grade_id": name, **role}} if role else {}
    )


def read(*cells, outcomes=(), grades=(), **record):
    notebook = new_notebook()
    notebook.cells = list(cells)
    notebook.metadata[RECORD] = {"outcomes": dict(outcomes), **record}
    return read_feedback(notebook, {**GRADES, **dict(grades)}, TOLD)


def pieces(*cells, **more):
    return [piece for exercise in read(*cells, **more).exercises for piece in exercise.pieces]


def test_the_notebook_is_cut_at_its_headings_and_sections_without_work_are_left_out():
    answer = code("a", solution=True)
    found = read(
        words("# Slopes"),
        answer,
        words("\n## One\n\nIt teaches.", "h1"),
        words("More."),
        answer,
        words("## Two"),
        words("## mine", "student-1"),
        words("notes", "grading-notes"),
    )
    assert found.title == "Slopes"
    told = [(each.anchor, each.title, each.teaching, len(each.pieces)) for each in found.exercises]
    assert told == [
        ("top", "Slopes", ["# Slopes"], 1),
        ("section-h1", "One", ["\nIt teaches.", "More."], 1),
        ("section-words", "Two", [], 1),
    ]
    untitled = read(answer)
    assert (untitled.title, untitled.exercises[0].title) == ("n", "The beginning of the notebook")


def test_totals_are_the_gradebooks_and_no_score_is_below_0():
    found = read(grades={"score": -1.5, "max_score": 0.1 + 0.2, "late_penalty": 2.0004})
    assert (found.score, found.max_score, found.late_penalty) == (0.0, 0.3, 2.0)
    assert (found.student, found.assignment, found.failed) == ("ada", "ps1", False)
    found = read(status="failed", repairs=["in /srv/a/b.py"], notes=["slow"])
    assert (found.failed, found.notes) == (True, ("in …/b.py", "slow"))


def test_answers_tasks_and_own_cells_are_shown_with_what_they_showed():
    text, error = new_output("stream", text="hi"), new_output("error", ename="KeyError", evalue="")
    task = "Do it.\n=== BEGIN MARK SCHEME ===\nsecret\n=== END MARK SCHEME ===\n\n"
    found = pieces(
        code("a", outputs=[text], solution=True, points=2.0, score=1.0, comment="Nice."),
        words("mine", "w", solution=True, grade=True, points=3.0, waiting=True),
        words(task, "t", task=True, points=1.0),
        code("student-1"),
        code("plain", outputs=[error]),
        code("quiet", outputs=[text]),
        code("locked", "read only", [error], locked=True),
    )
    assert found == [
        Piece("answer", "Your answer", "code: x", (text,), "Nice.", 2.0, 1.0),
        Piece("written", "Your answer", "mine", (), "", 3.0, None),
        Piece("written", "The task", "Do it.", (), "", 1.0, 0.0),
        Piece("own", "Your own cell", "code: x"),
        Piece("own", "This cell of the notebook raised an error", "code: x", (error,)),
    ]


def test_of_a_graded_cell_its_record_is_shown_and_without_one_what_it_printed():
    printed = [
        new_output("stream", text="1 of /srv/a/b.py"),
        new_output("display_data", {}),
        new_output("stream"),
    ]
    message = "wrong in /srv/a/b.py\ninputs: x, seed 77"
    causes = ["sign", "scale", "sign", "raised an exception", "local derivative wrong"]
    outcome = {"points": 1, "note": "by /srv/a/b.py", "tier": "inside"}
    outcome["checks"] = [{**CHECK, "message": message, "causes": causes}]
    cell = code("04_loss-at-once", "secret", printed, grade=True, points=3.0, score=1.0)
    (known,) = pieces(cell, outcomes={"04_loss-at-once": outcome})
    report = ("wrong in …/b.py", "inputs: x")
    check = Check("at 2", "failed", 1.0, 3.0, "sign or scale", report)
    assert known == Piece(
        "graded", "loss: at once", "", (), "", 3.0, 1.0, (check,), "", "by …/b.py", inside=True
    )
    (unknown,) = pieces(cell)
    assert unknown == Piece("graded", "loss: at once", max_points=3.0, points=1.0, text="1 of …/b.py")


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("cell-0123456789abcdef", "Checks"),
        ("loss-a-b", "loss: a b"),
        ("04_", "04_"),
        ("x_y", "x_y"),
        ("4", "4"),
    ],
)
def test_a_graded_cell_is_called_by_what_its_id_says(name, label):
    assert pieces(code(name, grade=True))[0].label == label


def test_points_of_an_exercise_are_those_of_its_graded_cells_and_what_waits_is_apart():
    checks = [Check("a", "passed", 1, 1), Check("b", "failed", 0, 1), Check("c", "not written yet", 0, 1)]
    worth = [Piece("graded", "", max_points=0.1, points=0.1, checks=tuple(checks[:1])) for _ in range(3)]
    waits = Piece("written", "", max_points=4.0, points=None)
    free = Piece("graded", "", points=9.0, checks=tuple(checks[1:]))
    found = Section("a", "A", pieces=[*worth, waits, free])
    assert (found.points, found.max_points, found.waiting) == (0.3, 4.3, 4.0)
    assert found.graded == [*worth, waits]
    assert found.checks == [*checks[:1] * 3, *checks[1:]]
    assert [each.passed for each in checks] == [True, False, False]
    assert [each.attempted for each in checks] == [True, True, False]
    waiting = [words("w", name, task=True, points=2.0, waiting=True) for name in "ab"]
    assert read(waiting[0], words("## B"), waiting[1]).waiting == 4.0


@pytest.mark.parametrize("end", ["END MARK SCHEME ===\nlast", "never"])
def test_a_mark_scheme_is_cut_to_its_end_or_to_that_of_the_task(end):
    cell = words(f"first\n=== BEGIN MARK SCHEME ===\nsecret\n=== {end}")
    shown = without_mark_scheme(cell)
    assert shown.source.split() == ["first", *(["last"] if "last" in end else [])]
    assert "secret" in cell.source
