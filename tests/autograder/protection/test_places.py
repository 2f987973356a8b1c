"""Where each graded cell is graded, by what it earned each time its solution was."""

import pytest
from roles import graded

from autograder.protection.places import Places


def outcome(note="", points=0.0, message="no"):
    return {"note": note, "points": points, "checks": [{"message": message}]}


@pytest.fixture
def places():
    """Two cells, of which the second reads what the first binds."""
    cells = [graded("table = f()", "first"), graded("assert table == 3", "second")]
    return Places({"first": {}, "second": {}}, cells, {"second": ["helper"]})


def tiers(places):
    return [facts["tier"] for facts in places.facts.values()]


def test_at_first_every_cell_is_graded_apart(places):
    assert (tiers(places), places.because) == (["apart", "apart"], {})


def test_a_cell_may_first_take_what_it_asks_for_then_it_is_inside_and_then_those_above_it(places):
    short = {"second": outcome(message="wrong\nand more")}
    assert places.put_inside(short, short)
    assert (tiers(places), places.facts["second"]["takes"]) == (["apart", "apart"], ["helper"])
    assert places.put_inside(short, short)
    assert (tiers(places), places.because) == (["apart", "inside"], {"second": "wrong"})
    assert places.put_inside(short, short)
    assert tiers(places) == ["inside", "inside"]
    assert places.because["first"] == "second, which is graded inside, reads what it binds"
    assert not places.put_inside(short, short)


def test_the_reason_is_what_the_first_check_said_that_did_not_pass(places):
    passed_first = {"first": {"note": "", "points": 1.0, "checks": [{"message": ""}, {"message": "no file"}]}}
    places.put_inside(passed_first, passed_first)
    assert places.because == {"first": "no file"}


def test_what_takes_too_long_takes_as_long_inside(places):
    short = {"first": outcome("TimeLimit: stopped")}
    assert not places.put_inside(short, short)
    assert tiers(places) == ["apart", "apart"]


def test_a_value_that_is_no_score_is_shown_before_the_cell_is_put_back(places):
    short = {"first": outcome("NoScore: the cell's value should be a number")}
    assert places.put_inside(short, short)
    assert places.facts["first"] == {"tier": "apart", "shows": True}
    assert places.put_inside(short, short)
    assert tiers(places)[0] == "inside"


def test_a_cell_that_inside_helps_no_more_is_apart_again_with_those_that_were_put_there_for_it(places):
    short = {"second": outcome()}
    for _ in range(3):
        places.put_inside(short, short)
    assert tiers(places) == ["inside", "inside"]
    better = {"second": outcome(points=1.0)}
    assert places.put_back(better, better) == []
    assert places.put_back({"first": outcome()}, {"first": outcome()}) == []
    assert places.put_back(short, short) == ["second"]
    assert (tiers(places), places.because) == (["apart", "apart"], {})


def test_a_name_that_is_gone_inside_is_told(places):
    first = {"first": outcome(message="no")}
    places.put_inside(first, first)
    second = {"second": outcome("NameError: name 'table' is not defined")}
    places.put_inside(second, second)
    places.put_inside(second, second)
    assert places.because["second"] == "it reads table, which first binds, and that is graded inside"
