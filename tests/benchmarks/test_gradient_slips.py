"""A slice of the slips: what is read after them is right, and every slip still fits its solution."""

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

from inprocess import composer_of  # noqa: E402
from slips import SLIPS  # noqa: E402
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
    for exercise, slips in SLIPS[assignment].items():
        source = bare(solution[exercise])
        for slip in slips:
            compile(slip.applied(source), slip.title, "exec")
            assert slip.wrong_lines(source), slip.title


def test_there_are_enough_of_them():
    assert sum(len(slips) for exercises in SLIPS.values() for slips in exercises.values()) >= 150
