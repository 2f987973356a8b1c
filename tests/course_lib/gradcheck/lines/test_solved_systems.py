"""How values are solved for together: as a linear system, or in a few steps."""

from types import SimpleNamespace

import numpy as np
import pytest

from course_lib.gradcheck.lines import solved
from course_lib.gradcheck.lines.slopes import Measured
from tests.course_lib.gradcheck.lines.asking import event


class Asked:
    """A search whose gradients are a function of the values that are put in, and should be `right`."""

    def __init__(self, gradients, right, cheap=True, other=None, events=()):
        self.gradients, self.right = gradients, {name: np.array(value) for name, value in right.items()}
        self.subject = SimpleNamespace(cheap=cheap)
        self.inputs = {name: name for name in right}
        self.with_another_upstream = other
        self.base = SimpleNamespace(events=list(events))
        self.runs = 0

    def gradient_of(self, name):
        return Measured(self.right[name], np.zeros(self.right[name].shape))

    def run_with(self, put):
        self.runs += 1
        found = self.gradients(*put.values())
        return None if found is None else SimpleNamespace(gradients=found)

    def wrong_in(self, run):
        wrong = [
            name
            for name, right in self.right.items()
            if not np.allclose(
                run.gradients[name][np.isfinite(right)], right[np.isfinite(right)], rtol=1e-8, atol=0
            )
        ]
        return frozenset(wrong)


U, V = event([1.0, 1.0], (1, 0)), event(2.0, (2, 0))
MATRIX = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]])


def linear(u):
    return {"x": MATRIX @ u}


def test_a_linear_system_is_solved_at_once():
    asked = Asked(linear, {"x": MATRIX @ [5.0, -6.0]})
    found = solved.solved(asked, [U])
    assert found[1, 0] == pytest.approx(np.array([5.0, -6.0]))
    assert asked.runs == 1 + 2 + 1
    assert solved.solved(Asked(linear, {"x": [1.0, 2.0, 4.0]}), [U]) is None


def test_what_would_do_if_all_were_linear_may_be_there_and_not_be_found():
    def bends(u):
        return {"x": MATRIX[:2] @ u + u**3}

    assert solved.would_do_nearby(Asked(bends, {"x": [1e6, 5.0]}), [U])
    assert not solved.would_do_nearby(Asked(linear, {"x": [1.0, 2.0, 4.0]}), [U])
    assert not solved.would_do_nearby(Asked(lambda u: {"x": np.ones(2)}, {"x": [1.0, 2.0]}), [U])


def test_several_values_are_solved_for_together_and_those_without_numbers_left_out():
    asked = Asked(
        lambda u, v: {"x": MATRIX @ u, "y": np.array([3.0 * v])}, {"x": MATRIX @ [5.0, -6.0], "y": [12.0]}
    )
    found = solved.solved(asked, [U, event(None, (3, 0)), V])
    assert {moment: value.tolist() for moment, value in found.items()} == {
        (1, 0): pytest.approx([5.0, -6.0]),
        (2, 0): pytest.approx(4.0),
    }


def test_what_is_to_be_telling_has_more_equations_than_unknowns():
    for equations, found in ((3, True), (2, False), (1, False)):
        asked = Asked(lambda u, n=equations: {"x": MATRIX[:n] @ u}, {"x": MATRIX[:equations] @ [5.0, -6.0]})
        assert (solved.solved(asked, [U], telling=True) is not None) is found
        assert solved.solved(asked, [U]) is not None


def test_what_enters_nearly_linearly_is_solved_in_a_few_steps():
    def bent(by):
        asked = Asked(lambda v: {"x": np.array([v + by * v**2])}, {"x": [3.5]})
        return solved.solved(asked, [V]), asked.runs

    found, runs = bent(0.1)
    assert (found[2, 0] + 0.1 * found[2, 0] ** 2) == pytest.approx(3.5)
    assert runs > 4
    assert solved.MOST_STEPS == 4
    asked = Asked(lambda v: {"x": np.array([np.arctan(4 * v)])}, {"x": [0.0]})
    assert solved.solved(asked, [V]) is None  # the steps lead farther away
    slow = Asked(lambda v: {"x": np.array([np.exp(v)])}, {"x": [np.exp(8.0)]})
    assert solved.solved(slow, [event(4.0, (2, 0))]) is None  # more steps than a few


def test_where_a_run_fails_or_returns_no_gradient_nothing_is_solved():
    for gradients in (
        lambda u: None,
        lambda u: {"x": None},
        lambda u: {},
        lambda u: {"x": np.ones(2)},
        lambda u: {"x": np.array([np.nan, 1.0, 1.0])},
        lambda u: None if u[0] != 1.0 else linear(u),
        lambda u: None if abs(u[0] - 1.0) > 1e-3 else linear(u),
    ):
        assert solved.solved(Asked(gradients, {"x": MATRIX @ [5.0, -6.0]}), [U]) is None


def test_gradients_that_were_not_measured_ask_for_nothing():
    asked = Asked(linear, {"x": [17.0, np.nan, 41.0]})
    found = solved.solved(asked, [U])
    assert MATRIX[[0, 2]] @ found[1, 0] == pytest.approx(np.array([17.0, 41.0]))


def test_as_many_values_as_a_process_of_its_own_affords_are_solved_for():
    for size, found in ((8, True), (9, False)):
        many = event(np.ones(size), (1, 0))
        asked = Asked(lambda u: {"x": 2 * u}, {"x": np.arange(1.0, size + 1)}, cheap=False)
        assert (solved.solved(asked, [many]) is not None) is found


def test_values_to_begin_with_may_have_another_shape():
    asked = Asked(linear, {"x": MATRIX @ [5.0, -6.0]})
    assert solved.solved(asked, [V], start={(2, 0): np.zeros(2)})[2, 0] == pytest.approx(
        np.array([5.0, -6.0])
    )


def test_what_does_not_depend_on_the_upstream_gradient_has_to_do_for_another_one_too():
    right = MATRIX @ [5.0, -6.0]

    def with_other(other_right, events):
        other = Asked(lambda u: {"x": 2 * MATRIX @ u}, {"x": other_right}, events=events)
        asked = Asked(linear, {"x": right}, other=other)
        return solved.solved(asked, [U]), solved.is_local(asked, [U])

    same, another = event(U.value, (1, 0)), event([1.0, 3.0], (1, 0))
    found, local = with_other(2 * right, [same])
    assert (found[1, 0], local) == (pytest.approx(np.array([5.0, -6.0])), True)
    assert with_other(3 * right, [same]) == (None, True)
    assert with_other(3 * right, [another])[1] is False
    assert with_other(3 * right, [another])[0] is not None
    assert with_other(3 * right, [])[1] is False
    assert with_other(3 * right, [event(None, (1, 0))])[1] is False
    unseen = Asked(linear, {"x": right}, other=Asked(linear, {"x": right}))
    assert solved.is_local(unseen, [event(None, (1, 0))]) is True


def shaped(value, shape, right):
    """Whether a value of another shape would do, which is summed over in backward."""
    asked = Asked(lambda u: {"x": np.array(u)}, {"x": right})
    return solved.of_another_shape(asked, event(value, (1, 0)), shape)


def test_a_value_of_another_shape_is_constant_along_an_axis():
    along_rows, along_columns = [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]], [[1.0, 2.0]] * 3
    for right in (along_rows, along_columns):
        assert shaped([5.0, 6.0], (3, 2), right) is True
    assert shaped([5.0, 6.0], (3, 2), [[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]) is False
    nearly = [[1.0, 1.0], [2.0, 2.0 * (1 + 1e-5)], [3.0, 3.0]]
    assert shaped([5.0, 6.0], (3, 2), nearly) is True
    assert shaped([5.0, 6.0], (3, 2), [[1.0, 1.0], [2.0, 2.0 * (1 + 1e-4)], [3.0, 3.0]]) is False
    assert shaped(None, (3, 2), along_rows) is False
    assert shaped([[5.0, 6.0]] * 3, (3, 2), along_rows) is False
    assert shaped([5.0, 6.0, 7.0], (3, 2), along_rows) is False
    assert shaped(5.0, (3, 1), [[1.0]] * 3) is False
    assert shaped(5.0, (3,), [1.0] * 3) is False
    assert shaped([5.0, 6.0], (3, 2), [[1.0, 1.0]]) is False
