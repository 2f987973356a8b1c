import numpy as np

from autograder.pages import is_cause, report_lines
from course_lib import check_vjp
from course_lib.gradcheck import report


def wrong(x, w, b):
    check = check_vjp(
        lambda x, w, b: (x @ w + b, (x, w)),
        lambda dout, cache: (dout @ cache[1].T, cache[0].T @ dout, dout.mean(axis=0)),
        x,
        w,
        b,
        names=("x", "weights_of_the_first_and_only_layer", "b"),
    )
    assert not check.passed
    return check


def test_lines_are_whole_again_as_the_checker_made_them():
    rng = np.random.default_rng(0)
    check = wrong(rng.normal(size=(64, 3)), rng.normal(size=(3, 4)), rng.normal(size=4))
    text = str(check)
    made = list(report._lines(check))
    assert len(text.splitlines()) > len(made)  # some were wrapped
    assert report_lines(text) == made
    assert [is_cause(line) for line in made] == [
        "likely cause" in line or "wrong line" in line for line in made
    ]


def test_what_a_student_printed_keeps_its_lines():
    message = "f is wrong: yours 1, expected 2\nyour code printed:\n  one\n  two"
    assert report_lines(message) == message.splitlines()
