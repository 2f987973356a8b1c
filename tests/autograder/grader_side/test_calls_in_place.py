"""What either side changes in place is changed on the other side too."""

import pytest

pytestmark = pytest.mark.sandbox


def test_arrays_changed_in_place_are_changed_here_too(passes):
    student = "def spoil(x, pair):\n    x *= 2\n    pair['y'][0] = 9\n    raise ValueError('late')"
    passes(
        student,
        """
        x, y = np.ones((2, 3)).T, np.arange(3)
        with expect_raises(ValueError, mentions="late"):
            spoil(x, {"y": y})
        assert x.tolist() == [[2.0, 2.0]] * 3 and y.tolist() == [9, 1, 2]
        """,
    )


def test_what_is_put_back_after_a_callback_saw_it_changed_is_as_it_was_here_too(passes):
    student = """
    def slopes(f, x, items):
        found = []
        for i in range(len(x)):
            kept = x[i]
            x[i] = kept + 1.0
            items.append(i)
            found.append(f(x, items))
            items.pop()
            x[i] = kept
        return found
    """
    passes(
        student,
        """
        x, items = np.array([1.0, 2.0, 3.0]), ["a"]
        assert slopes(lambda x, items: float(x.sum()) + len(items), x, items) == [9.0] * 3
        assert x.tolist() == [1.0, 2.0, 3.0] and items == ["a"]
        """,
    )


def test_an_array_kept_by_student_code_and_changed_in_a_later_call_is_changed_here_too(passes):
    student = """
    class Gate:
        def forward(self, x):
            self.x = x.reshape(-1)
            return x.sum()
        def backward(self):
            self.x *= 0
    """
    passes(
        student,
        """
        gate, x = Gate(), np.ones((2, 2))
        gate.forward(x)
        assert x.sum() == 4
        gate.backward()
        assert x.sum() == 0
        """,
    )


def test_an_argument_changed_in_place_is_told_to_the_student(check):
    ran = check(
        "def f(x):\n    x += 1\n    return x", "x = np.zeros(2)\nwith expect_unchanged(x=x):\n    f(x)"
    )
    assert not ran.passed
    assert "your code changed its argument `x` in place: x[0] was 0.0, is now 1.0" in ran.message
