"""A slice of the catalogue, at pinned points: right backwards pass, grossly wrong ones do not."""

import pytest
from gradcheck import check, kind_of
from gradcheck_catalogue import BUILD, HELD_OUT, seeded

SEED = 0
MAKERS = [*BUILD, *HELD_OUT]


def test_the_slice_holds_at_least_sixty_cases():
    cases = [seeded(make, SEED) for make in MAKERS]
    assert sum(1 + sum(kind_of(wrong.label) == "gross" for wrong in case.wrong) for case in cases) >= 60


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_a_right_backward_is_not_rejected(make):
    case = seeded(make, SEED)
    assert check(case, case.backward, SEED).passed is not False


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_a_grossly_wrong_backward_is_not_accepted(make):
    case = seeded(make, SEED)
    gross = [wrong for wrong in case.wrong if kind_of(wrong.label) == "gross"]
    accepted = [wrong.label for wrong in gross if check(case, wrong.backward, SEED).passed]
    assert accepted == []
