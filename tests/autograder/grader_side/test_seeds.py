"""When a graded cell sets a seed, and only then, the student's side is told; afterwards all is as before."""

import random

import numpy as np
import pytest

from autograder.grader_side.seeds import Seeds, calls_for_a_seed, sets_seeds


@pytest.mark.parametrize("text", ["np.random.seed(1)", "random.setstate(s)", "np.random.set_state(s)"])
def test_a_text_that_sets_a_seed_is_seen(text):
    assert sets_seeds(text)
    assert calls_for_a_seed(text)
    assert not sets_seeds("seeds = random.random()")
    assert sets_seeds("digits(seed=0)")
    assert not calls_for_a_seed("digits(seed=0)")


def test_a_state_is_told_once_for_each_seed_though_it_is_the_same_again():
    with Seeds() as seeds:
        assert seeds.states() is None
        random.seed(1)
        first = seeds.states()
        random.random()
        assert seeds.states() is None
        random.seed(1)
        assert seeds.states()[0] == first[0]
        np.random.seed(1)  # noqa: NPY002
        seeds.forget()
        assert seeds.states() is None


def test_the_library_is_left_as_it_was():
    before = random.seed, random.setstate, np.random.seed, np.random.set_state
    with pytest.raises(ValueError, match="in the block"), Seeds():
        raise ValueError("in the block")
    assert before == (random.seed, random.setstate, np.random.seed, np.random.set_state)
