import numpy as np
import pytest

from course_lib import Cause, check_vjp
from course_lib.gradcheck.diagnosis import ranking


def test_every_hypothesis_has_a_sentence_for_a_docstring_and_stands_once():
    assert len(set(ranking.HYPOTHESES)) == len(ranking.HYPOTHESES)
    assert all(hypothesis.__doc__ for hypothesis in ranking.HYPOTHESES)


def test_a_hypothesis_that_cannot_be_computed_explains_nothing(monkeypatch):
    def singular(view):
        raise np.linalg.LinAlgError

    monkeypatch.setattr(ranking, "HYPOTHESES", (singular,))
    check = check_vjp(np.sin, lambda dout, cache: -dout * np.cos(cache[0]), np.array([1.0, 2.0]))
    assert check.arguments[0].diagnosis == Cause.LOCAL_DERIVATIVE


@pytest.mark.parametrize("seed", range(20))
def test_random_gradients_of_random_shapes_never_break_the_diagnosis(seed):
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(1, 5, size=rng.integers(0, 4)))
    x, y = rng.normal(size=shape), rng.normal(size=shape)
    check = check_vjp(
        lambda x, y: np.maximum(x * y, x).sum(axis=0) if shape else np.maximum(x * y, x),
        lambda dout, cache: (np.asarray(rng.normal(size=shape)), np.asarray(rng.normal(size=shape)) * dout),
        x,
        y,
    )
    assert check.passed is False
    assert all(argument.explanation for argument in check.arguments if argument.passed is False)
