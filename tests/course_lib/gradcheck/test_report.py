import numpy as np
import pytest
from pairs_under_test import affine_forward, affine_inputs, affine_with

from course_lib import ArgumentCheck, GradientCheck, check_vjp
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.lines.result import WrongLine
from course_lib.gradcheck.report import groups, line_sentences, reason_line, text_report, worst_line


def test_a_failure_names_everything_a_reader_needs():
    x, w, b = affine_inputs(64)
    text = str(check_vjp(affine_forward, affine_with(w=lambda g: 64 * g), x, w, b))
    assert text.splitlines()[0] == "affine_backward_changed: gradient of `w` is wrong in 12 of 12 entries"
    assert "worst at w[2, 3]: yours -1292.15, numerical -20.1899, allowed error" in text
    assert (
        "likely cause: yours is 64 x the numerical gradient, and N = 64 is the length of axis 0 of the"
        in text
    )
    assert "inputs: x (64, 3) float64, w (3, 4) float64, b (4,) float64, seed 0" in text


def argument(name, cause=Cause.SIGN, explanation="the opposite sign", size=1):
    index = (size - 1,) if size > 1 else ()
    return ArgumentCheck(name, False, size, size, size, 0, index, 2.0, -2.0, 1e-9, 2.0, cause, explanation)


def test_one_cause_of_several_arguments_is_said_once():
    check = GradientCheck(
        "f", False, (argument("a"), argument("b", size=3), argument("c", Cause.ZERO, "zero"))
    )
    assert str(check).splitlines() == [
        "f: gradients of `a`, `b` are wrong",
        "  worst at a: yours 2, numerical -2, allowed error 1e-09",
        "  b: in 3 of 3 entries, worst at b[2]: yours 2, numerical -2, allowed error 1e-09",
        "  likely cause: the opposite sign",
        "f: gradient of `c` is wrong in 1 of 1 entry",
        "  worst at c: yours 2, numerical -2, allowed error 1e-09",
        "  likely cause: zero",
        "  inputs:",
    ]


def test_the_line_comes_before_other_arguments_and_in_place_of_a_cause_that_says_nothing():
    unexplained = [
        argument(name, Cause.LOCAL_DERIVATIVE, f"no simple slip explains it: {name}") for name in "ab"
    ]
    line = WrongLine("f", 7, "da = db", "da", sentences=("two numbers",))
    lines = str(GradientCheck("f", False, (*unexplained, argument("c")), line=line)).splitlines()
    assert lines[0] == "f: gradients of `a`, `b` are wrong"
    assert lines[3:6] == [
        "  the first wrong line is 7:  da = db",
        "    two numbers",
        "f: gradient of `c` is wrong in 1 of 1 entry",
    ]
    assert "no simple slip" not in "\n".join(lines)
    assert "no simple slip explains it: a" in str(GradientCheck("f", False, (unexplained[0],)))


def test_a_pass_is_one_line():
    check = check_vjp(affine_forward, affine_with(), *affine_inputs())
    assert str(check) == "affine_backward_changed: gradients of x, w, b are right (34 entries)"


def test_kinks_are_told():
    text = str(check_vjp(lambda x: np.abs(x), lambda dout, c: dout * np.sign(c[0]), np.array([0.0, 2.0])))
    assert "kinks: 1 entry of x sits on a kink, where any slope between the one-sided ones is right" in text


def test_no_line_is_wider_than_100_columns():
    argument = ArgumentCheck("x" * 40, False, 5, 5, 5, explanation="word " * 100)
    text = text_report(GradientCheck("f" * 40, False, (argument,), inputs="shape " * 60))
    assert max(map(len, text.splitlines())) <= 100


def test_an_inconclusive_argument_gives_its_reason():
    argument = ArgumentCheck(
        "x", None, 2, 2, explanation="2 entries could not be resolved above rounding noise"
    )
    text = text_report(GradientCheck("f", None, (argument,), inputs="x (2,)"))
    assert text.splitlines()[:2] == [
        "f: gradient of `x` is inconclusive",
        "  reason: 2 entries could not be resolved above rounding noise",
    ]


def entry_of(name="w", passed=False, size=6, checked=6, wrong=2, **known):
    return ArgumentCheck(
        name,
        passed,
        size,
        checked,
        wrong,
        **{"worst_index": (1,), "analytic": 2.0, "numerical": -2.0, "allowed_error": 1.4e-9, **known},
    )


def report_of(*arguments, passed=False, **known):
    return str(GradientCheck("f", passed, arguments, **known)).splitlines()


def test_a_sample_says_how_many_entries_were_looked_at():
    lines = report_of(entry_of(size=1000, checked=60), entry_of("b", size=1000, checked=60))
    assert lines == [
        "f: gradient of `w` is wrong in 2 of 60 entries looked at (it has 1000)",
        "  worst at w[1]: yours 2, numerical -2, allowed error 1e-09",
        "f: gradient of `b` is wrong in 2 of 60 entries looked at (it has 1000)",
        "  worst at b[1]: yours 2, numerical -2, allowed error 1e-09",
        "  inputs:",
    ]


def test_arguments_with_one_explanation_say_each_how_many_entries_are_wrong():
    known = {"diagnosis": Cause.SIGN, "explanation": "the opposite sign"}
    lines = report_of(
        entry_of(**known),
        entry_of("b", size=1, checked=1, wrong=1, worst_index=(), **known),
        entry_of("c", size=9, **known),
    )
    assert lines == [
        "f: gradients of `w`, `b`, `c` are wrong",
        "  w: in 2 of 6 entries, worst at w[1]: yours 2, numerical -2, allowed error 1e-09",
        "  worst at b: yours 2, numerical -2, allowed error 1e-09",
        "  c: in 2 of 6 entries looked at (it has 9), worst at c[1]: yours 2, numerical -2, allowed error",
        "    1e-09",
        "  likely cause: the opposite sign",
        "  inputs:",
    ]


def test_a_gradient_that_was_not_compared_says_why_and_nothing_of_values():
    lines = report_of(ArgumentCheck("w", False, 6, explanation="the gradient of w has shape (2,)"))
    assert lines == ["f: the gradient of w has shape (2,)", "  inputs:"]
    two = [ArgumentCheck(name, False, 6, explanation="no") for name in "ab"]
    assert report_of(*two) == ["f: no", "f: no", "  inputs:"]


def test_a_gradient_that_is_wrong_as_a_whole_counts_no_entries():
    known = {"wrong": 0, "diagnosis": Cause.SIGN, "explanation": "the opposite sign"}
    assert report_of(entry_of(**known)) == [
        "f: gradient of `w` is wrong",
        "  likely cause: the opposite sign",
        "  inputs:",
    ]


def test_nothing_but_a_verdict_is_reported_of_what_is_not_explained():
    unexplained = [ArgumentCheck(name, None, 2, 2) for name in "ab"]
    assert report_of(*unexplained, passed=None) == [
        "f: gradient of `a` is inconclusive",
        "f: gradient of `b` is inconclusive",
        "  inputs:",
    ]
    explained = [ArgumentCheck(name, None, 2, 2, explanation="noise") for name in "ab"]
    assert report_of(*explained, passed=None) == [
        "f: gradients of `a`, `b` are inconclusive",
        "  reason: noise",
        "  inputs:",
    ]


def test_wrong_and_inconclusive_gradients_stand_apart_and_right_ones_are_left_out():
    arguments = [
        ArgumentCheck("a", None, 2, 2, explanation="noise"),
        entry_of("b", explanation="noise"),
        ArgumentCheck("c", True, 2, 2),
        ArgumentCheck("d", None, 2, 2, explanation="noise"),
    ]
    assert [[a.name for a in group] for group in groups(GradientCheck("f", False, tuple(arguments)))] == [
        ["a", "d"],
        ["b"],
    ]


@pytest.mark.parametrize("missing", ["worst_index", "analytic", "numerical"])
def test_a_worst_entry_is_named_with_both_numbers_or_not_at_all(missing):
    assert worst_line(entry_of(**{missing: None})) == ""
    assert worst_line(entry_of()) == "worst at w[1]: yours 2, numerical -2, allowed error 1e-09"
    assert worst_line(entry_of(allowed_error=None)).endswith("allowed error unknown")


def test_numbers_that_differ_late_are_shown_with_the_digits_in_which_they_do():
    line = worst_line(entry_of(analytic=0.12345678, numerical=0.12345679))
    assert line == "worst at w[1]: yours 0.12345678, numerical 0.12345679, allowed error 1e-09"


def line_of(**known):
    return WrongLine("f", 7, "da = db", "da", **known)


def test_a_cause_that_says_nothing_gives_way_to_a_line_only():
    unexplained = entry_of(diagnosis=Cause.LOCAL_DERIVATIVE, explanation="no simple slip explains it")
    likely = "likely cause: no simple slip explains it"
    assert reason_line(GradientCheck("f", False), unexplained) == likely
    assert (
        reason_line(GradientCheck("f", False, line=WrongLine("f", reason="unknown")), unexplained) == likely
    )
    assert reason_line(GradientCheck("f", False, line=line_of()), unexplained) == ""
    told = entry_of(diagnosis=Cause.SIGN, explanation="the opposite sign")
    assert reason_line(GradientCheck("f", False, line=line_of()), told) == "likely cause: the opposite sign"
    assert reason_line(GradientCheck("f", False), entry_of(checked=0, explanation="shape")) == ""


def test_a_line_of_another_function_says_whose_it_is_and_is_shortened():
    check = GradientCheck("g", False, (entry_of(),), line=line_of(sentences=("two numbers",)))
    assert list(line_sentences(check)) == ["the first wrong line of f is 7:  da = db", "  two numbers"]
    own = GradientCheck("f", False, (entry_of(),), line=WrongLine("f", 3, "x" * 81, "x"))
    assert list(line_sentences(own)) == ["the first wrong line is 3:  " + "x" * 79 + "…"]
    assert list(line_sentences(GradientCheck("f", False, line=WrongLine("f", reason="unknown")))) == []
    assert list(line_sentences(GradientCheck("f", False))) == []


def test_a_pass_counts_entries_and_says_where_only_directions_were_looked_at():
    one = ArgumentCheck("x", True, 1, 1)
    assert report_of(one, passed=True, inputs="x ()") == ["f: gradient of x is right (1 entry)"]
    some = ArgumentCheck("w", True, 999, 0)
    assert report_of(one, some, passed=True) == [
        "f: gradients of x, w are right (1000 entries, along random directions)"
    ]


def test_kinks_and_notes_end_a_report():
    arguments = [
        ArgumentCheck("a", True, 4, 4, kinks=2),
        ArgumentCheck("b", True, 4, 4),
        ArgumentCheck("c", True, 4, 4, kinks=1),
    ]
    assert report_of(*arguments, passed=True, notes=("x was promoted", "seeds vary")) == [
        "f: gradients of a, b, c are right (12 entries)",
        "  kinks: 2 entries of a sit on kinks, where any slope between the one-sided ones is right",
        "  kinks: 1 entry of c sits on a kink, where any slope between the one-sided ones is right",
        "  note: x was promoted",
        "  note: seeds vary",
    ]


def test_a_call_that_failed_says_its_message_and_what_it_was_called_with():
    check = GradientCheck("f", False, message="not written yet", inputs="x (2,)", notes=("a note",))
    assert str(check).splitlines() == ["f: not written yet", "  note: a note", "  inputs: x (2,)"]


def test_the_line_is_told_below_the_first_group_alone():
    lines = report_of(entry_of(), entry_of("b", explanation="other"), line=line_of())
    assert [line for line in lines if "first wrong line" in line] == ["  the first wrong line is 7:  da = db"]
    assert lines.index("  the first wrong line is 7:  da = db") == 2


def test_a_long_line_goes_on_with_two_more_spaces_and_no_word_is_broken_at_a_hyphen():
    argument = ArgumentCheck("x", None, 2, 2, explanation="one-sided " * 20)
    lines = text_report(GradientCheck("f", None, (argument,))).splitlines()
    assert lines[1].startswith("  reason: one-sided one-sided")
    assert len(lines[1]) == 99
    assert all(line.startswith("    one-sided") for line in lines[2:-1])
    assert "".join(lines).count("one-sided") == 20
