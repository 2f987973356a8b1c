"""Where cells are graded, by what they earned: inside where that helps, and back where it does not."""

from roles import cell

from autograder.authoring.places import Places

SOURCES = {"first": "y = f()", "second": "assert y", "third": "assert f"}
NOTHING, ALL = {"points": 0.0, "note": "AssertionError: ", "checks": ()}, {"points": 1.0, "note": ""}


def placed():
    graded = [cell(source, grade_id=name, grade=True) for name, source in SOURCES.items()]
    return Places({name: {} for name in SOURCES}, graded, {})


def tiers(places):
    return [str(facts["tier"]) for facts in places.facts.values()]


def test_what_fails_apart_is_put_inside_and_back_where_it_earns_no_more():
    places, outcomes = placed(), {"first": NOTHING, "second": ALL, "third": ALL}
    assert places.put_inside(["first"], outcomes)
    assert tiers(places) == ["inside", "apart", "apart"]
    assert places.put_back(["first"], outcomes) == ["first"]
    assert (tiers(places), places.because) == (["apart"] * 3, {})


def test_what_was_put_inside_for_another_goes_back_with_it():
    places, outcomes = placed(), {"first": ALL, "second": NOTHING, "third": ALL}
    assert places.put_inside(["second"], outcomes)
    assert places.put_back(["second"], outcomes) == []  # the first may help
    assert places.put_inside(["second"], outcomes)
    assert tiers(places) == ["inside", "inside", "apart"]
    assert places.put_back(["second"], outcomes) == ["second"]
    assert tiers(places) == ["apart"] * 3
