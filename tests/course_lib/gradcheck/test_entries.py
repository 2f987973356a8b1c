import numpy as np

from course_lib.gradcheck.entries import DirectionResult
from course_lib.gradcheck.ladder import Estimate


def result(allowed, kink=0.0, rounding=0.0, size=2.0, analytic=0.0):
    found = Estimate(0.0, allowed, 0.0, 0.0, kink)
    return DirectionResult(np.ones(4), analytic, size, found, allowed, rounding=rounding)


def test_a_direction_agrees_within_what_it_allows():
    assert result(1e-3, analytic=1e-3).agrees
    assert not result(1e-3, analytic=1.1e-3).agrees


def test_a_typical_entry_contributes_its_share_of_the_squares():
    assert result(0.0).typical == 1.0


def test_a_direction_is_sharp_if_one_entry_alone_would_show():
    assert result(0.0045).sharp
    assert not result(0.0055).sharp
    assert not result(0.0, kink=1e-6).sharp


def test_a_direction_is_suspicious_if_rounding_does_not_excuse_it():
    assert result(0.1, rounding=0.0045).suspicious
    assert not result(0.1, rounding=0.0055).suspicious
    assert not result(0.0, rounding=0.0).suspicious


def test_a_direction_is_resolved_by_a_twentieth_of_what_its_entries_contribute():
    assert result(0.09).resolved
    assert not result(0.11).resolved
    assert result(0.11, kink=1e-6).resolved
    assert not result(np.inf, kink=1e-6).resolved
    assert result(0.11, size=0.0).resolved
