"""What a notebook may use where nobody says otherwise, as the documents promise it."""

import pytest

from autograder.grader_side import limits
from autograder.grader_side.limits import Limits, limits_of


def test_the_usual_limits():
    usual = Limits()
    assert (usual.cell_seconds, usual.call_seconds, usual.notebook_seconds) == (30.0, 30.0, 180.0)
    assert (usual.memory_mb, usual.grader_mb, usual.processes) == (2048, 1024, 64)
    assert (usual.file_mb, usual.open_files) == (64, 256)
    assert (usual.output_kb, usual.rich_kb, usual.shown_mb) == (200, 8192, 24)
    assert (limits.GRACE_SECONDS, limits.CLOSING_SECONDS) == (0.8, 1.0)


@pytest.mark.parametrize("value", [0, -1, float("nan")])
@pytest.mark.parametrize("name", list(vars(Limits())))
def test_every_limit_is_more_than_nothing(name, value):
    with pytest.raises(ValueError, match=f"limits: {name} (should be more than 0 and less|is of type)"):
        Limits(**{name: value})
    assert getattr(Limits(**{name: 1}), name) == 1


@pytest.mark.parametrize("value", ["3", None, [1]])
def test_a_limit_is_a_number(value):
    with pytest.raises(ValueError, match=r"limits: call_seconds is of type .*; usually it is 30"):
        Limits(call_seconds=value)


def test_limits_that_are_given_stand_in_the_place_of_the_usual_ones_and_others_are_named():
    assert limits_of({"call_seconds": 5, "memory_mb": 512}) == Limits(call_seconds=5, memory_mb=512)
    assert limits_of({}) == Limits()
    with pytest.raises(ValueError, match="limits: there is no 'call_secs'; there are cell_seconds, call_"):
        limits_of({"call_secs": 3})
    with pytest.raises(ValueError, match="limits: they should be a dict of numbers by name, not 3"):
        limits_of(3)
