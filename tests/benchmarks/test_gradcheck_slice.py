"""A slice of the checker's benchmarks, with seeds pinned: what they count must not get worse."""

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

from gradcheck import check, ours, verdicts  # noqa: E402
from gradcheck_catalogue import BUILD, HELD_OUT, seeded  # noqa: E402
from gradcheck_stress import run  # noqa: E402
from gradcheck_stress_kinds import KINDS  # noqa: E402

pytestmark = pytest.mark.usefixtures("verdicts_alone")

#: Every other function that the checker was written with, and all that it was not.
SLICE = [*BUILD[::2], *HELD_OUT]


@pytest.mark.parametrize("kind", KINDS)
def test_no_point_of_a_difficult_kind_is_judged_wrongly(kind):
    counts = run(kind, 12, 0, show=False)
    assert counts.right == 12
    assert (counts.rejected, counts.false_kinks, counts.warned) == (0, 0, 0)
    assert (counts.gross, counts.accepted_1e3) == (0, 0)
    assert counts.undecided <= 1


def test_the_slice_of_the_catalogue_holds_at_least_sixty_functions():
    assert len(set(SLICE)) >= 60


@pytest.mark.parametrize("make", SLICE, ids=lambda make: make.__name__)
def test_no_function_of_the_catalogue_is_judged_wrongly(make):
    tally = verdicts(ours, [seeded(make, 0)])
    assert (tally.rejected, tally.undecided) == (0, 0)
    assert not any(tally.accepted.values())


def test_a_right_gradient_costs_at_most_four_evaluations_for_an_entry():
    cases = [seeded(make, 0) for make in SLICE]
    evaluations = sum(check(case, case.backward).evaluations for case in cases)
    assert evaluations <= 4 * sum(x.size for case in cases for x in case.inputs.values())
