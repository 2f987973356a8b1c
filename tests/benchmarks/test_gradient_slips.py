"""A slice of the slips: what is read after them is right, and every slip still fits its solution."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

from inprocess import composer_of  # noqa: E402
from slips import OTHERS, SLIPS  # noqa: E402
from slips.read import Reader, worst_or_best  # noqa: E402

from autograder.rehearsal.edits import bare  # noqa: E402

SLICE = [
    ("01_flat_backprop", "06_sin_product"),
    ("02_modular_gates", "03_exp_gate"),
    ("04_two_layer_net", "03_leaky_relu"),
]


@pytest.mark.parametrize(("assignment", "exercise"), SLICE)
def test_what_is_read_after_a_slip_is_right(assignment, exercise):
    reader = Reader(assignment)
    for slip in SLIPS[assignment][exercise]:
        readings = reader.readings(exercise, slip)
        assert worst_or_best([reading.verdict for reading in readings]) == "right", (slip.title, readings)


@pytest.mark.parametrize("assignment", SLIPS)
def test_every_slip_fits_the_solution(assignment):
    solution = composer_of(assignment)[0].solution
    for exercise, slips in [*SLIPS[assignment].items(), *OTHERS.get(assignment, {}).items()]:
        source = bare(solution[exercise])
        for slip in slips:
            compile(slip.applied(source), slip.title, "exec")
            assert slip.wrong_lines(source), slip.title


def test_another_right_answer_passes_and_a_slip_in_it_is_read_rightly():
    reader = Reader("03_vectorized_jacobians")
    slips = OTHERS["03_vectorized_jacobians"]["03_relu_vjp"]
    assert reader.readings("03_relu_vjp", replace(slips[0], edits=())) == []
    for slip in slips:
        readings = reader.readings("03_relu_vjp", slip)
        assert worst_or_best([reading.verdict for reading in readings]) == "right", (slip.title, readings)


def test_there_are_enough_of_them():
    assert sum(len(slips) for exercises in SLIPS.values() for slips in exercises.values()) >= 150
    assert sum(len(slips) for exercises in OTHERS.values() for slips in exercises.values()) >= 150
