"""Which lines are doubted beside a wrong value, and in which order."""

from dataclasses import replace

from course_lib.gradcheck.lines import blame as module
from course_lib.gradcheck.lines.guilty import Blame
from tests.course_lib.gradcheck.lines.asking import site
from tests.course_lib.gradcheck.lines.blaming import at, blamed, found, searched


def test_of_what_was_solved_for_the_line_that_reads_it_may_be_wrong(rooms):
    first = replace(found(3, "u", target=""), sentence=module.SOLVED)
    reader = at(5, "w", reads="u")
    assert blamed(first, search=searched(reader)) == (["u", "w"], 1)
    assert blamed(replace(first, sentence=""), search=searched(reader)) == (["u"], 0)


def test_a_gradient_is_followed_by_what_else_explains_it_and_by_what_is_unverified(rooms):
    first, second = found(3, "dx", weight=9), found(4, "dy", weight=9)
    handing = found(5, "h", weight=1, plain=True)
    known = [at(3, "dx", weight=9)]
    rooms(unverified="a", caching="cache")
    assert blamed(first, second, handing, search=searched(*known, targets=("dx",))) == (
        ["dx", "dy", "a", "cache", "h"],
        0,
    )
    rooms(built_on="loop", caching="cache")
    assert blamed(first, second, search=searched(*known, targets=("dx",))) == (
        ["dx", "loop", "dy", "cache"],
        1,
    )
    reader = at(6, "w", reads="dx")
    rooms(caching="cache")
    assert blamed(first, search=searched(*known, reader)) == (["dx", "w", "cache"], 1)
    assert blamed(first, search=searched(*known, reader, targets=("dx",))) == (["dx", "cache"], 0)


def test_a_line_that_hands_on_is_as_wrong_as_the_line_that_made_what_it_hands_on(rooms):
    handing = found(3, "dx", weight=1, plain=True, reads="made")
    made, other = found(2, "made"), found(4, "other")
    search = searched(at(3, "dx"), targets=("dx",))
    assert blamed(handing, other, made, search=search) == (["dx", "made", "other"], 1)
    computing = replace(handing, site=replace(handing.site, plain=False, weight=9))
    assert blamed(computing, other, made, search=search) == (["dx", "made", "other"], 1)  # no name tells it
    told = searched(at(3, "dx"), at(2, "made"), targets=("dx", "made"))
    assert blamed(computing, other, made, search=told) == (["dx", "other", "made"], 0)


def test_a_variable_that_is_wrong_again_later_is_doubted(rooms):
    again, other = found(5, "dx", weight=9), found(4, "other", weight=9)
    search = searched(at(3, "dx"), targets=("dx",))
    assert blamed(found(3, "dx", weight=9), other, again, search=search) == (["dx", "dx", "other"], 1)


def test_what_enters_a_value_that_explains_not_all_is_doubted_unless_it_is_handed_on(rooms):
    (a, a_site), (h, h_site) = at(1, "a"), at(2, "h", weight=1, plain=True)
    search = searched((a, a_site), (h, h_site), at(3, "dx"), targets=("dx",))
    rooms(operands_of=(a, h))
    assert blamed(found(3, "dx", weight=9, whole=False), search=search) == (["dx", "a"], 1)
    assert blamed(found(3, "dx", weight=9), search=search) == (["dx"], 0)


def test_what_a_loop_has_added_up_may_have_to_be_divided_where_it_is_returned():
    returned = at(5, "[0]", kind="returned", reads="dx")
    search = searched(at(3, "dx"), at(4, "other", reads="dx"), returned)
    added = found(3, "dx", kind="added to")
    halved = found(3, "dx", kind="added to", value=(1.0, 2.0), right=(2.0, 4.0))
    for one, turns, sure, names in (
        (halved, 2, True, ["[0]"]),
        (added, 2, True, []),  # which no factor mends
        (halved, 1, True, []),
        (added, 1, False, ["[0]"]),
    ):
        search.turns = lambda where, turns=turns: turns
        assert [site.name for site in module._finished_after(search, one, sure=sure)] == names
    assert module._finished_after(search, found(3, "dx", kind="assigned"), sure=False) == []


def test_what_several_gradients_lack_may_be_missing_where_they_are_returned(rooms):
    rooms()
    search = searched(at(3, "dx"), at(5, "[0]", kind="returned", reads="dx", plain=True), targets=("dx",))
    search.turns = lambda where: 1
    for wrong_ones, whole, names in (
        ("xw", False, ["dx", "[0]"]),
        ("x", False, ["dx"]),
        ("xw", True, ["dx"]),
    ):
        search.wrong = frozenset(wrong_ones)
        assert blamed(found(3, "dx", weight=9, whole=whole), search=search)[0] == names


def test_what_only_takes_something_out_is_named_after_what_computes(rooms):
    rooms(masks_read="m")
    takes, other = found(2, "x", target="", unpacks=True), found(4, "other", target="", weight=9)
    assert blamed(takes, other) == (["other", "m", "x"], 2)
    assert blamed(replace(takes, site=replace(takes.site, unpacks=False)), other) == (["x", "other", "m"], 2)


def test_what_fills_a_list_and_what_returns_it_stay_in_their_order():
    filled = replace(found(3, "gs", target="", whole=False), sentence=module.NOT_FOLLOWED)
    returned, loop = found(5, "[0]", target=""), found(2, "loop", target="")
    assert blamed(filled, returned, loop) == (["gs", "[0]", "loop"], 2)


def test_what_was_read_wrong_by_its_name_is_doubted_where_not_all_before_was_right(rooms):
    events = at(1, "a"), at(2, "b"), at(5, "t"), at(4, "d")
    search = searched(*events, at(3, "dx"), targets=("dx",), right="b")
    search.judged = [one for one, _ in events]
    first = found(3, "dx", weight=9, reads="a b t")
    assert first.right_before is None
    assert blamed(first, search=search) == (["dx", "a"], 1)
    assert blamed(replace(first, right_before=0), search=search) == (["dx"], 0)


def test_lines_that_no_probe_sees_come_before_other_doubts(rooms):
    rooms(unseen={"dx": "f", "u": "g"}, built_on="loop")
    assert blamed(found(3, "dx", weight=9), search=searched(at(3, "dx"), targets=("dx",))) == (
        ["dx", "f", "loop"],
        2,
    )
    assert blamed(found(3, "u", target="")) == (["u", "g"], 1)


def test_a_line_that_makes_nothing_but_zeros_is_named_after_those_that_add_to_them(rooms):
    rooms(unseen={"dx": "f"})
    for value, lines in (((0.0, 0.0), ["f", "dx"]), ((0.0, 1.0), ["dx", "f"]), (None, ["dx", "f"])):
        search = searched(at(3, "dx", value=value), targets=("dx",))
        first = found(3, "dx")
        search.site = lambda one, site=first.site: site
        assert blamed(first, search=search) == (lines, 1)


def test_at_most_five_lines_are_doubted_and_the_others_come_after_them(rooms):
    sites = tuple(site(f"s{k}", line=30 + k) for k in range(8))
    rooms(of_sum=lambda *_: Blame(sites, "", 6), built_on="loop")
    found_lines = blamed(found(3, "dx", weight=9), search=searched(at(3, "dx"), targets=("dx",)))
    assert found_lines == ([*(f"s{k}" for k in range(8)), "loop"], 5)


def test_a_contribution_that_is_lost_is_certain(rooms):
    lost = Blame((site("dx", line=7), site("dx", line=5)), "it overwrites", 0)
    rooms(of_sum=lambda *_: lost, built_on="loop")
    found_lines = module.blame(searched(at(3, "dx"), targets=("dx",)), [found(3, "dx")])
    assert ([one.line for one in found_lines.sites], found_lines.doubts) == ([7, 5], 0)
    assert found_lines.sentence == "it overwrites"


def test_what_any_line_of_a_sum_reads_may_be_the_other_slip():
    read = [at(moment, name) for moment, name in enumerate("abc")]
    began, other = at(4, "dx", reads="b"), at(5, "dy", reads="c")
    search = searched(*read, began, other, right=("b",))
    search.judged = [one for one, _ in read]
    added = found(6, "dx", kind="added to", reads="a")
    for right, names in ((("c",), ["a", "b"]), (("b", "c"), ["a"])):
        search.is_right = lambda one, right=right: search.site(one).name in right
        assert [one.name for one in module._wrong_by_name(search, added)] == names
    assert module._wrong_by_name(search, replace(added, right_before=1)) == []
