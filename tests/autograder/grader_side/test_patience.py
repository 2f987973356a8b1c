"""What hung has less and less time when it is called again, and what did not hang has all of it."""

import pytest

from autograder.grader_side.patience import Patience, described


def test_what_hung_has_half_the_time_each_time_and_a_second_at_least(handle_of):
    patience, slow, other = Patience(8.0), handle_of("c", own_name="slow"), handle_of("c", own_name="other")
    given = []
    for _ in range(20):
        given.append(patience.seconds_for("call", slow))
        patience.hung("call", slow)
    assert given == [8.0, 4.0, 2.0] + [1.0] * 17
    assert patience.seconds_for("call", other) == 8.0


def test_what_hung_more_than_nine_times_has_no_less_time_than_then():
    patience = Patience(2048.0)
    for _ in range(12):
        patience.hung("call")
    assert patience.seconds_for("call") == 4.0


def test_a_method_that_hung_is_not_another(handle_of):
    patience, net = Patience(8.0), handle_of(kind="Net")
    patience.hung("method", net, "fit", 3)
    assert patience.seconds_for("method", net, "predict") == 8.0
    assert patience.seconds_for("method", handle_of(kind="Net", number=8), "fit") == 4.0


def test_limits_below_a_second_are_not_raised():
    patience = Patience(0.5)
    patience.hung("call", "f")
    assert patience.seconds_for("call", "f") == 0.5


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (("call", {"own_name": "forward"}), "call forward"),
        (("getattr", {"kind": "Net"}, "x"), "getattr Net"),
        (("method", {"kind": "Net"}, "fit"), "method Net.fit"),
        (("call", 3), "call"),
        (("names",), "names"),
    ],
)
def test_an_operation_is_described_by_the_name_of_what_it_is_done_on(args, named, handle_of):
    assert described(*(handle_of(**arg) if isinstance(arg, dict) else arg for arg in args)) == named


def test_a_name_of_the_notebooks_is_said_before_the_functions_own(handle_of):
    handle = handle_of("c", own_name="inner")
    handle._wall.name = "forward"
    assert described("call", handle) == "call forward"


def test_calls_in_a_row_are_described_by_all_that_is_called(handle_of):
    forward, net = handle_of(own_name="forward"), handle_of(kind="Net")
    calls = ("method", (net, "fit"), ()), ("call", (forward, 1), ()), ("call", (forward, 2), ())
    assert described("in_turn", *calls) == "call forward, method Net.fit"
