"""A slice of the checker's benchmarks, with seeds pinned: what they count must not get worse."""

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

from gradcheck import ours, verdicts  # noqa: E402
from gradcheck_catalogue import BUILD, HELD_OUT, seeded  # noqa: E402
from gradcheck_stress import run  # noqa: E402
from gradcheck_stress_kinds import KINDS  # noqa: E402


@pytest.mark.parametrize("kind", KINDS)
def test_no_point_of_a_difficult_kind_is_judged_wrongly(kind):
    counts = run(kind, 12, 0, show=False)
    assert counts.right == 12
    assert (counts.rejected, counts.false_kinks, counts.warned) == (0, 0, 0)
    assert (counts.gross, counts.accepted_1e3) == (0, 0)
    assert counts.undecided <= 1


@pytest.mark.parametrize("part", range(4))
def test_no_function_of_the_catalogue_is_judged_wrongly(part):
    makers = [*BUILD, *HELD_OUT]
    tally = verdicts(ours, (seeded(make, 0) for make in makers[part::4]))
    assert tally.right >= 20
    assert tally.rejected == 0
    assert not any(tally.accepted.values())
    assert tally.evaluations <= 4 * tally.entries
