import numpy as np

from course_lib.gradcheck.unwritten import MARKS, unwritten


def test_what_follows_the_memory_was_never_written():
    def answers():
        left = np.empty(6)
        left[:4] = 1.0
        return [np.ones(3), left]

    first, second = unwritten(answers, [3, 6])
    assert first.tolist() == [False] * 3
    assert second.tolist() == [False] * 4 + [True] * 2


def test_what_is_written_is_not_found_even_if_it_is_a_mark():
    assert unwritten(lambda: [np.full(3, MARKS[0]), np.zeros(2)], [3, 2]) is None
    assert unwritten(lambda: [np.full(3, MARKS[1])], [3]) is None


def test_a_call_that_fails_shows_nothing():
    def failing():
        raise ValueError

    assert unwritten(failing, [3]) is None
