"""Checks are closed by default: points come only from a block that ran to its end."""

import linecache
import sys
import warnings

import numpy as np
import pytest
from inprocess import at_home

from course_lib import assert_gradient, assert_vjp
from course_lib.grading import Checks, Status, expect_close, expect_unchanged, set_run_seed
from course_lib.grading.checks import latest_outcomes


def test_a_block_that_ends_earns_its_points_as_a_plain_float(capsys):
    checks = Checks()
    with checks("adds up", points=2):
        assert 1 + 1 == 2
    score = checks.score()
    assert type(score) is float
    assert score == 2.0
    assert capsys.readouterr().out == "✓ adds up  2 of 2\n"


@pytest.mark.parametrize(
    ("of", "last"),
    [
        (5, "seen: 2 of 3.5; 1.5 more are checked at grading"),
        (4.5, "seen: 2 of 3.5; 1 more is checked at grading"),
        (3.5, "    lost"),
        (None, "    lost"),
    ],
)
def test_a_cell_says_how_many_points_are_checked_only_at_grading(of, last, capsys):
    checks = Checks()
    with checks("kept", points=2):
        pass
    with checks("lost", points=1.5):
        raise AssertionError("lost")
    assert checks.score(of) == 2.0
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_a_cell_of_which_nothing_is_seen_says_so(capsys):
    assert Checks().score(5) == 0.0
    assert capsys.readouterr().out == "seen: nothing; 5 of 5 are checked at grading\n"


@pytest.mark.parametrize(
    "error",
    [
        AssertionError("no"),
        ValueError("no"),
        KeyError("x"),
        SystemExit(0),
        RecursionError(),
        np.exceptions.AxisError(3),
    ],
)
def test_whatever_is_raised_costs_that_check_alone(error):
    checks = Checks()
    with checks("fails", points=2):
        raise error
    with checks("goes on", points=1):
        pass
    assert [outcome.status for outcome in checks.outcomes] == [Status.FAILED, Status.PASSED]
    assert checks.score() == 1.0


def test_an_interrupt_is_not_a_wrong_answer():
    with pytest.raises(KeyboardInterrupt), Checks()("interrupted", points=1):
        raise KeyboardInterrupt


def test_an_error_without_a_word_is_named():
    checks = Checks()
    with checks("refuses"):
        raise AssertionError
    with checks("computes"):
        raise ValueError
    assert [outcome.message for outcome in checks.outcomes] == ["AssertionError", "ValueError"]


def test_a_stub_reads_not_written_yet():
    checks = Checks()
    with checks("stub", points=1):
        raise NotImplementedError("not written yet")
    assert str(checks) == "○ stub  0 of 1  not written yet"
    assert checks.outcomes[0].status is Status.NOT_WRITTEN


def test_a_stub_that_the_gradient_checker_called_reads_not_written_yet():
    def stub(x):
        raise NotImplementedError("not written yet")

    checks = Checks()
    with checks("itself", points=1):
        assert_vjp(lambda x: x, stub, np.ones(2))
    with checks("called", points=1):
        assert_vjp(lambda x: stub(x), lambda dout, cache: dout, np.ones(2))
    assert [outcome.status for outcome in checks.outcomes] == [Status.NOT_WRITTEN] * 2
    assert str(checks) == "○ itself  0 of 1  not written yet\n○ called  0 of 1  not written yet: stub"


def test_what_is_stopped_by_hand_shows_what_ran_and_in_which_line_it_stopped(monkeypatch, capsys):
    text = "def answer():\n    while True:\n        raise KeyboardInterrupt\n"
    monkeypatch.setitem(linecache.cache, "<answers>", (1, None, text.splitlines(True), "<answers>"))
    exec(compile(text, "<answers>", "exec"), cells := {})
    checks = Checks()
    with checks("one"):
        pass
    with pytest.raises(KeyboardInterrupt), checks("endless", points=1):
        cells["answer"]()
    shown = "✓ one    \n✗ endless  0 of 1\n    stopped by hand, in `raise KeyboardInterrupt`\n"
    assert capsys.readouterr().out == shown


def test_a_message_of_several_lines_is_printed_once():
    checks = Checks()
    for name, message in (("one", "a\nb"), ("two", "c"), ("three", "a\nb"), ("four", "c")):
        with checks(name):
            raise AssertionError(message)
    shown = ["✗ one  ", "a", "b", "✗ two  ", "c", "✗ three", "the same as above", "✗ four ", "c"]
    assert str(checks).split("\n") == [line if line[0] == "✗" else f"    {line}" for line in shown]
    assert checks.outcomes[2].message == "a\nb"


def test_a_stub_of_another_cell_is_named(monkeypatch):
    text = "def stub(x):\n    raise NotImplementedError\n\ndef answer(x):\n    return stub(x)\n"
    monkeypatch.setitem(linecache.cache, "<answers>", (1, None, text.splitlines(True), "<answers>"))
    exec(compile(text, "<answers>", "exec"), cells := {})
    checks = Checks()
    with checks("it"):
        cells["answer"](1.0)
    assert str(checks) == "○ it  not written yet: stub"


def test_what_student_code_prints_or_warns_decides_nothing(capsys):
    checks = Checks()
    with checks("noisy", points=1):
        print("24")
        print("fatal", file=sys.stderr)
        warnings.warn("overflow", RuntimeWarning, stacklevel=1)
    assert checks.score() == 1.0
    captured = capsys.readouterr()
    assert captured.out == "✓ noisy  1 of 1\n"
    assert captured.err == ""


def test_a_failing_check_shows_what_was_printed():
    checks = Checks()
    with checks("wrong", points=1):
        print("x is 3")
        warnings.warn("overflow", RuntimeWarning, stacklevel=1)
        raise ValueError("bad")
    assert (
        checks.outcomes[0].message
        == "ValueError: bad\nyour code printed:\n  x is 3\n  RuntimeWarning: overflow"
    )


def test_messages_are_bounded_and_cannot_drive_a_terminal():
    checks = Checks()
    with checks("long", points=1):
        raise ValueError("\x1b[2J" + "a" * 10_000 + "\n" * 50 + "end")
    message = checks.outcomes[0].message
    assert "\x1b" not in message
    assert len(message) < 3000


@pytest.mark.parametrize("points", [float("nan"), float("inf"), -1.0])
def test_points_that_are_no_points_are_refused(points):
    with pytest.raises(ValueError, match="finite number"), Checks()("odd", points=points):
        pass


def test_random_inputs_depend_on_the_run_seed_and_the_check_alone():
    def draw(name):
        with Checks()(name) as rng:
            return rng.normal()

    first = draw("a")
    assert draw("a") == first
    assert draw("b") != first
    try:
        set_run_seed(7)
        assert draw("a") != first
    finally:
        set_run_seed(0)


def test_a_new_run_forgets_what_the_last_one_came_to():
    with Checks("1.1")("a"):
        pass
    set_run_seed(0)
    assert latest_outcomes() == []


def test_causes_named_by_a_gradient_check_are_kept():
    checks = Checks()
    with checks("gradient", points=1):
        assert_gradient(lambda x: x**3, 2.0, -12.0)
    assert checks.outcomes[0].causes == ("sign",)


def changes_its_argument(x):
    x[0] = 7.0


def test_a_failed_expectation_says_what_it_is_a_case_of():
    checks = Checks()
    x = np.zeros(3)
    with checks("shape"):
        expect_close("x", x, np.zeros((1, 3)))
    with checks("type"):
        expect_close("x", None, 1.0)
    with checks("finite"):
        expect_close("x", np.array([np.nan]), np.ones(1))
    with checks("in place"), expect_unchanged(x=x):
        changes_its_argument(x)
    with checks("raised"):
        raise KeyError("x")
    with checks("value"):
        expect_close("x", 1.0, 2.0)
    named = [outcome.causes for outcome in checks.outcomes]
    assert named == [
        ("wrong shape",),
        ("wrong type",),
        ("non-finite",),
        ("mutated argument",),
        ("raised an exception",),
        (),
    ]


def test_points_that_floats_do_not_add_up_to_exactly_are_full_marks_all_the_same(capsys):
    checks = Checks()
    for name, points in (("a tenth", 0.1), ("two tenths", 0.2)):
        with checks(name, points=points):
            pass
    assert checks.score() == 0.3


NO_KEY = "your result has no such key"
TOO_FEW = "your result has fewer entries than the check asks for"
OTHER_FORM = "your result has another form than the check asks for"
NOTHING = "your result is None: did you forget the return statement?"


@pytest.mark.parametrize(
    ("take_apart", "says"),
    [
        ("{'x': 1.0}[0]", f"{NO_KEY} (KeyError: 0)"),
        ("[{'a': 1}[key] for key in 'ab']", f"{NO_KEY} (KeyError: 'b')"),
        ("a, b, c = 1.0, 2.0", f"{OTHER_FORM} (ValueError: not enough values to unpack (expected 3, got 2))"),
        ("[1.0][1]", f"{TOO_FEW} (IndexError: list index out of range)"),
        ("np.ones(2)[2]", f"{TOO_FEW} (IndexError: index 2 is out of bounds for axis 0 with size 2)"),
        ("np.float64(1)[0]", f"{OTHER_FORM} (IndexError: invalid index to scalar variable.)"),
        ("np.ones(2)['b2']", f"{OTHER_FORM} (IndexError: only integers, slices"),
        ("np.pi[0]", f"{OTHER_FORM} (TypeError: 'float' object is not subscriptable)"),
        ("len(1.0)", f"{OTHER_FORM} (TypeError: object of type 'float' has no len())"),
        ("None[0]", f"{NOTHING} (TypeError: 'NoneType' object is not subscriptable)"),
        ("a, b = None", f"{NOTHING} (TypeError: cannot unpack non-iterable NoneType object)"),
        ("None.T", f"{NOTHING} (AttributeError: 'NoneType' object has no attribute 'T')"),
        ("1.0.T", f"{OTHER_FORM} (AttributeError: 'float' object has no attribute 'T')"),
        ("checks.T", "AttributeError: 'Checks' object has no attribute 'T'"),
    ],
)
def test_where_the_check_itself_stumbles_over_a_result_it_says_so(take_apart, says):
    (outcome,) = at_home("", f"checks = Checks()\nwith checks('it'):\n    {take_apart}")
    assert outcome.message.startswith(says)


def test_what_a_function_stumbles_over_is_not_said_of_its_result():
    def looks_up():
        return {}["x"]

    checks = Checks()
    with checks("inside"):
        looks_up()
    with checks("called wrongly"):
        looks_up(1)
    assert [outcome.message for outcome in checks.outcomes] == [
        "KeyError: 'x'",
        "TypeError: test_what_a_function_stumbles_over_is_not_said_of_its_result.<locals>.looks_up() "
        "takes 0 positional arguments but 1 was given",
    ]


def test_an_error_of_an_answer_is_said_with_its_line_and_one_of_the_check_without():
    answer = "def f(x):\n    return x @ x\n"
    checks = (
        "checks = Checks()\n"
        "with checks('theirs'):\n    f(np.ones((2, 3)))\n"
        "with checks('ours'):\n    f(np.eye(2)) + np.ones(3)\n"
        "with checks('none'):\n    f()"
    )
    theirs, ours, none = (outcome.message for outcome in at_home_with_lines(answer, checks))
    assert theirs.splitlines()[1:] == [
        "  in `return x @ x`; does an operand of the product have to be transposed? "
        "For two vectors there is np.outer"
    ]
    assert len(ours.splitlines()) == len(none.splitlines()) == 1


def at_home_with_lines(answer, graded):
    """As `at_home`, in a kernel that keeps the lines of its cells, as IPython does."""
    name = "<student>"
    linecache.cache[name] = (len(answer), None, answer.splitlines(True), name)
    try:
        return at_home(answer, graded)
    finally:
        del linecache.cache[name]


def test_a_backward_that_cannot_be_called_as_it_is_is_told_without_the_name_of_an_error():
    checks = Checks("1.1")
    with checks("a"):
        assert_vjp(lambda x, w: (x * w, (x, w)), lambda dout, x, w: (dout * w, dout * x), 1.0, 2.0)
    assert checks.outcomes[0].message.startswith("backward takes (dout, x, w); it is called as")
