import numpy as np

from course_lib.gradcheck.entries import RIGHT, UNRESOLVED, UNSEEN, WRONG, DirectionResult, Entries
from course_lib.gradcheck.estimate import Estimate


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


def test_a_direction_of_nothing_contributes_what_it_has():
    found = Estimate(0.0, 0.0, 0.0, 0.0)
    assert DirectionResult(np.zeros(3), 0.0, 2.0, found, 0.0).typical == 2.0
    plain = DirectionResult(np.ones(1), 0.0, 1.0, found, 0.0)
    assert (plain.step, plain.rounding, plain.tests_ties) == (0.0, 0.0, False)


def test_what_shows_is_measured_by_what_a_typical_entry_contributes():
    for size in (2e-6, 2e6):
        unit = size / 2
        assert result(0.0045 * unit, size=size).sharp
        assert not result(0.0055 * unit, size=size).sharp
        assert result(0.1 * unit, rounding=0.0045 * unit, size=size).suspicious
        assert not result(0.1 * unit, rounding=0.0055 * unit, size=size).suspicious


def test_of_unseen_entries_nothing_is_known_and_each_is_kept_apart():
    entries = Entries.unseen(np.array([[1.0, -2.0, 3.0]]))
    assert entries.analytic.tolist() == [1.0, -2.0, 3.0]
    assert np.isnan([entries.numerical, entries.allowed]).all()
    assert entries.state.tolist() == [UNSEEN] * 3
    flags = [entries.kink, entries.rough, entries.steep]
    assert [flag.tolist() for flag in flags] == [[False] * 3] * 3
    assert {flag.dtype for flag in flags} == {np.dtype(bool)}
    entries.numerical[0], entries.kink[1], entries.rough[2] = 5.0, True, True
    assert np.isnan(entries.allowed[0])
    assert (entries.kink.sum(), entries.rough.sum(), entries.steep.sum()) == (1, 1, 0)
    assert (entries.jacobian, entries.directions) == ({}, [])


def test_entries_are_told_by_their_states():
    entries = Entries.unseen(np.zeros(6))
    entries.state[:5] = [RIGHT, WRONG, UNRESOLVED, WRONG, UNSEEN]
    assert entries.checked.tolist() == [0, 1, 2, 3]
    assert entries.wrong.tolist() == [1, 3]
    assert len({RIGHT, WRONG, UNRESOLVED, UNSEEN}) == 4
