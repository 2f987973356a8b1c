import numpy as np
import pytest

from course_lib.gradcheck.lines.tape import MOST_EVENTS, Event, Tape, TooLong, as_numbers


def doubled(value):
    return 2 * value


def test_values_are_recorded_in_their_order_with_the_turn_of_their_place_and_as_copies():
    tape, x = Tape(), np.array([1.0, 2.0])
    assert tape.probe(3, x) is x
    assert tape.probe(5, 7) == 7
    x += 1
    tape.probe(3, x)
    assert [event.moment for event in tape.events] == [(3, 0), (5, 0), (3, 1)]
    assert [np.ravel(event.value).tolist() for event in tape.events] == [[1, 2], [7], [2, 3]]


def test_the_value_of_one_moment_is_put_in_another_place_and_what_was_there_is_recorded():
    tape = Tape({(3, 1): doubled})
    seen = [float(tape.probe(place, 4.0)) for place in (3, 4, 3, 3)]
    assert seen == [4.0, 4.0, 8.0, 4.0]
    assert [float(event.value) for event in tape.events] == [4.0] * 4


def test_without_recording_only_places_that_change_count_their_turns():
    tape = Tape({(3, 1): doubled}, recording=False)
    assert [float(tape.probe(place, 4.0)) for place in (4, 3, 4, 3, 3)] == [4.0, 4.0, 4.0, 8.0, 4.0]
    assert tape.events == []


def test_a_value_that_is_no_number_is_recorded_as_nothing_and_never_changed():
    tape = Tape({(1, 0): doubled})
    assert tape.probe(1, "text") == "text"
    assert tape.events == [Event((1, 0), None)]


@pytest.mark.parametrize(
    ("value", "mask"),
    [
        (True, True),
        (np.True_, True),
        (np.array([True, False]), True),
        (1, False),
        (1.0, False),
        (np.array([1, 0]), False),
        (None, False),
        ("text", False),
        (int, False),
    ],
)
def test_truth_values_are_told_from_numbers(value, mask):
    tape = Tape()
    tape.probe(0, value)
    assert tape.events[0].mask is mask


def put(value, numbers):
    """Return what comes in the place of a value if numbers are put there."""
    return Tape({(0, 0): lambda _: np.array(numbers)}).probe(0, value)


def test_what_is_put_there_is_as_plain_as_what_was_there():
    assert type(put(1.0, 2.0)) is float
    assert type(put(3, 2.5)) is float
    assert type(put(np.array(1.0), 2.0)) is np.ndarray
    assert put(1.0, [1.0, 2.0]).tolist() == [1.0, 2.0]
    assert put(np.ones(2), [3.0, 4.0]).tolist() == [3.0, 4.0]


def test_truth_values_stay_truth_values_as_long_as_they_can():
    assert put(True, 0.0) is False
    assert put(False, 1.0) is True
    assert type(put(True, 0.5)) is float
    changed = put(np.array([True, True]), [0.0, 1.0])
    assert (changed.dtype, changed.tolist()) == (np.dtype(bool), [False, True])
    assert put(np.array([True, True]), [0.5, 1.0]).tolist() == [0.5, 1.0]
    assert put(np.array([True, True]), [-1.0, 1.0]).tolist() == [-1.0, 1.0]


@pytest.mark.parametrize(
    "value", [3, 2.5, True, np.float32(1.5), np.True_, np.array([[1, 2]]), np.array([True])]
)
def test_real_numbers_and_truth_values_are_read_as_float64_copies(value):
    numbers = as_numbers(value)
    assert numbers.dtype == np.float64
    assert numbers.tolist() == np.asarray(value, dtype=float).tolist()
    assert numbers is not value


class Own(np.ndarray):
    pass


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        1j,
        [1.0],
        np.array([1j]),
        np.array(["a"]),
        np.zeros(0),
        10**400,
        np.ma.array([1.0]),
        np.ones(2).view(Own),
    ],
)
def test_all_else_is_no_number(value):
    assert as_numbers(value) is None


def test_a_run_of_too_many_values_is_left():
    tape = Tape()
    for _ in range(MOST_EVENTS // 2):
        tape.probe(0, None)
        tape.probe(1, None)
    with pytest.raises(TooLong):
        tape.probe(2, None)
    assert not issubclass(TooLong, Exception)  # a student's `except Exception` does not hold it up


def test_a_loop_of_too_many_turns_is_left_where_nothing_is_recorded():
    tape = Tape({(0, 0): doubled}, recording=False)
    for _ in range(20_000):
        tape.probe(0, 1.0)
    with pytest.raises(TooLong):
        tape.probe(0, 1.0)
