"""The global generators go on from the states that are told."""

import random

import numpy as np

from autograder.student_side.seeds import set_states


def test_both_generators_go_on_from_there():
    states = random.getstate(), np.random.get_state()  # noqa: NPY002
    drawn = random.random(), np.random.random()  # noqa: NPY002
    set_states(*states)
    assert (random.random(), np.random.random()) == drawn  # noqa: NPY002
