from pathlib import Path

import pytest
from nbformat.v4 import new_notebook
from submitted import answer, check, own, text, written

from autograder.rehearsal.answers import Answer
from autograder.rehearsal.compose import WRITTEN_ANSWER, Composer
from autograder.sources.source import Source, SourceCell

F = "def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION"
G = "def g(x):\n    return x * x"
RELEASE = [
    text("intro"),
    answer("f", "def f(x):\n    raise NotImplementedError"),
    check("f-test", "assert f(1) == 1"),
    answer("g", "def g(x):\n    pass"),
    check("g-test", "assert g(2) == 4"),
    written("w"),
    own("plain"),
    own("last"),
]


def cells(g=G):
    found = [answer("f", F), check("f-test", ""), answer("g", g), check("g-test", ""), written("w")]
    for cell, points in zip(found, (None, 2, None, 3, 4), strict=True):
        if points:
            cell.metadata.nbgrader["points"] = points
    roles = ("answer", "graded", "answer", "graded", "written")
    return tuple(SourceCell(1, role, cell) for role, cell in zip(roles, found, strict=True))


def wrong(exercise, title, source="def f(x):\n    return 0", **points):
    named = {f"{name}-test": value for name, value in points.items()} or {f"{exercise}-test": 0.0}
    return Answer(exercise, title, False, source, named, says="wrong")


FLAT, HALF, G_ONE = (
    wrong("f", "flat"),
    wrong("f", "half", f=1.0),
    wrong("g", "one", "def g(x):\n    return 1"),
)
BOTH = wrong("f", "both", f=0.0, g=1.5)
LONG = Answer("f", "long", True, "def f(x):\n    y = x\n    return y")


def composer(*answers, g=G):
    return Composer(Source(Path("a.py"), cells(g)), new_notebook(cells=RELEASE), answers)


def sources(submission):
    return {cell.id: cell.source for cell in submission.notebook.cells}


def test_a_submission_is_the_solution_without_markers_but_for_its_answers():
    perfect = composer().submission("ada", "perfect")
    assert (perfect.student, perfect.story, perfect.answers) == ("ada", "perfect", ())
    assert perfect.expected == {"f-test": 2.0, "g-test": 3.0}
    assert sources(perfect) == {
        **{cell.id: cell.source for cell in RELEASE},
        "f": "def f(x):\n    return x",
        "g": G,
        "w": WRITTEN_ANSWER,
    }
    slipped = composer().submission("bob", "a slip", [BOTH])
    assert slipped.expected == {"f-test": 0.0, "g-test": 1.5}
    assert sources(slipped) == {**sources(perfect), "f": BOTH.source}
    assert slipped.answers == (BOTH,)


def test_what_is_composed_leaves_the_release_as_it_is():
    made = composer()
    blank = made.blank("eve")
    assert (blank.story, blank.expected) == ("blank", {"f-test": 0.0, "g-test": 0.0})
    assert sources(blank) == {cell.id: cell.source for cell in RELEASE}
    for submission in (blank, *made.a_class(6)):
        submission.notebook.cells.clear()
    assert sources(made.blank("eve")) == {cell.id: cell.source for cell in RELEASE}


def test_a_class_begins_with_those_who_do_all_right_and_goes_on_with_slips_and_mixtures():
    made = composer(FLAT, LONG, G_ONE)
    found = made.a_class(10)
    assert [one.student for one in found] == [f"student-{number:02d}" for number in range(1, 11)]
    stories = [one.story for one in found]
    assert stories[:6] == [
        "perfect",
        "blank",
        "right by other routes",
        "cells added",
        "checks deleted",
        "cells duplicated",
    ]
    assert sorted(stories[6::2]) == ["one slip: flat", "one slip: one"]
    assert stories[7::2] == ["mixed", "mixed"]
    assert (found[2].answers, found[2].expected) == ((LONG,), made.full)
    assert all(one.expected == made.full for one in (found[0], *found[3:6]))
    assert [len(one.answers) for one in found[6:]] == [1, 1, 1, 1]  # half of three may be mixed
    assert [one.answers for one in made.a_class(10)] == [one.answers for one in found]
    orders = {tuple(one.story for one in made.a_class(20, seed)) for seed in range(9)}
    assert len(orders) == 2  # of two slips
    assert len(composer(FLAT, G_ONE).a_class(8)[7].answers) == 1
    assert len(composer(LONG).a_class(9)) == 6  # there is no slip to tell of


def test_cells_are_added_checks_deleted_and_what_nbgrader_knows_is_doubled():
    added, deleted, doubled = (list(sources(one)) for one in composer().a_class(6)[3:])
    names = [cell.id for cell in RELEASE]
    assert added == ["my-notes", *names[:3], "mine-1", *names[3:], "mine-2"]
    assert deleted == [name for name in names if name != "f-test"]  # every second one
    assert doubled == [
        *("intro", "f", "f-twin", "f-test", "f-test-twin", "g", "g-twin", "g-test", "g-test-twin"),
        *("w", "w-twin", "plain", "last"),
    ]


def test_the_fewest_mixtures_cover_each_answer_and_what_disturbs_stands_alone():
    assert composer(FLAT, BOTH, HALF, G_ONE).covering() == [(FLAT, G_ONE), (HALF,), (BOTH,)]
    assert composer().covering() == []
    made = composer(FLAT, G_ONE).mixture("ada", (FLAT, G_ONE))
    assert (made.student, made.story, made.answers) == ("ada", "flat; one", (FLAT, G_ONE))
    assert made.expected == {"f-test": 0.0, "g-test": 0.0}


@pytest.mark.parametrize(
    ("g", "answers"),
    [
        ("def g(x):\n    return f(x) * x", (FLAT, G_ONE)),
        (G, (FLAT, wrong("g", "by f", "def g(x):\n    return f(x)"))),
        ("not Python (", (FLAT, wrong("g", "by f", "def g(x):\n    return f(x)"))),
    ],
)
def test_answers_whose_names_another_exercise_uses_are_not_mixed(g, answers):
    made = composer(*answers, g=g)
    mixed = {answer.title for one in made.a_class(30) if one.story == "mixed" for answer in one.answers}
    assert "flat" not in mixed
    assert made._built_upon() == {"f"}
    assert composer(FLAT, G_ONE)._built_upon() == set()


def test_a_check_that_uses_another_exercise_keeps_it_from_being_mixed():
    release = [*RELEASE[:4], check("g-test", "assert g(f(2)) == 4"), *RELEASE[5:]]
    made = Composer(Source(Path("a.py"), cells()), new_notebook(cells=release), [FLAT, HALF, G_ONE])
    assert made._built_upon() == {"f"}
    answers = {one.answers for one in made.a_class(30) if one.story == "mixed"}
    assert answers == {()}  # of one that may be, half
