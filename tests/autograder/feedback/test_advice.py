"""What a page advises to look at first, and in which words an exercise stands."""

import pytest

from autograder.feedback.advice import Advice, advice, shared_causes, state
from autograder.feedback.model import Check, Piece, Section
from autograder.feedback.outputs import Shown


def check(status="failed", causes="", report=("it differs",)):
    return Check("one", status, 0.0, 1.0, causes, () if status == "passed" else report)


def exercise(title, *checks, points=0.0, most=10.0):
    """One with a single graded cell; without points, it waits for a person."""
    return Section(title, title, pieces=[Piece("graded", "", max_points=most, points=points, checks=checks)])


def test_the_three_that_were_tried_and_lost_most_come_first_and_of_equals_the_earlier():
    tried = [
        exercise(name, check(), points=points) for name, points in zip("abcd", (9.5, 2, 5, 2), strict=True)
    ]
    passed = exercise("p", check("passed"), points=0.0)  # a person took its points
    others = [exercise("w", check(), points=None), exercise("n", check("not written yet")), passed]
    full = exercise("f", check(), points=10.0)
    found = advice([*others, *tried, full])
    assert [(each.exercise.title, each.to_gain) for each in found] == [("b", 8), ("d", 8), ("c", 5)]
    assert advice(tried[:1])[0].to_gain == 0.5
    assert advice([full, *others]) == []


def test_it_says_the_first_line_of_the_first_report_with_a_cause_and_the_cause_named_most():
    checks = [
        check("passed"),
        check(report=("no cause", "more")),
        check(causes="sign", report=("the sign", "is wrong")),
        check(causes="scale", report=("the scale",)),
        check(causes="scale"),
    ]
    one = exercise("a", *checks)
    assert advice([one]) == [Advice(one, 10.0, "the sign", "scale (named by 2 checks)")]
    (found,) = advice([exercise("a", checks[1])])
    assert (found.says, found.cause) == ("no cause", "")
    (found,) = advice([exercise("a", check(causes="sign", report=()))])
    assert (found.says, found.cause) == ("", "sign (named by 1 check)")


def test_of_an_error_it_says_the_line_too():
    one = exercise("a", check(report=("TypeError: no", "  in `f = z(x)`; is a `*` missing?", "more")))
    assert advice([one])[0].says == "TypeError: no, in `f = z(x)`; is a `*` missing?"


def test_of_a_name_that_is_missing_it_says_the_error_of_the_answers_cell():
    missing = check(report=("NameError: name 'f' is not defined",))
    error = Shown("error", "  Cell In[7], line 2\n    return (\nSyntaxError: incomplete input")
    one = exercise("a", missing)
    assert advice([one])[0].says == "NameError: name 'f' is not defined"
    one.pieces.insert(0, Piece("answer", "Your answer", outputs=(Shown("text", "1"), error)))
    assert advice([one])[0].says == "your answer ended with SyntaxError: incomplete input"
    marked = Shown(
        "error", "  Cell In[7], line 2\n    return f {}\n             ^\nSyntaxError: invalid syntax"
    )
    one.pieces[0] = Piece("answer", "Your answer", outputs=(marked,))
    assert advice([one])[0].says == "your answer ended with SyntaxError: invalid syntax, in `return f {}`"
    other = exercise("a", check())
    other.pieces.insert(0, one.pieces[0])
    assert advice([other])[0].says == "it differs"


def test_a_cause_is_shared_when_several_exercises_have_it_and_not_when_one_has_it_twice():
    one, two = exercise("a", check(causes="sign"), check(causes="sign")), exercise("b", check(causes="sign"))
    other = exercise("c", check(causes="scale"), check(causes=""))
    assert shared_causes([one, other, two, exercise("d", check())]) == [("sign", [one, two])]
    assert shared_causes([one, other]) == []


@pytest.mark.parametrize(
    ("checks", "points", "says"),
    [
        ([check()], None, "waits for a person"),
        ([check()], 10.0, "all right"),
        ([], 0.0, "no points"),
        ([], 3.0, ""),
        ([check("not written yet"), check("not written yet")], 0.0, "not written yet"),
        ([check("passed")], 9.0, "points were changed by a person"),
        ([check("passed"), check(), check("not written yet")], 1.0, "2 of 3 checks not passed"),
        ([check()], 0.0, "1 of 1 check not passed"),
    ],
)
def test_how_an_exercise_stands_in_a_few_words(checks, points, says):
    assert state(exercise("a", *checks, points=points)) == says
