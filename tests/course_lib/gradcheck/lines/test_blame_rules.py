"""The rules by which a wrong value leads to lines, one at a time."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from course_lib.gradcheck.lines import blame as module
from course_lib.gradcheck.lines.guilty import Blame, FirstWrong
from course_lib.gradcheck.lines.site import Site
from course_lib.gradcheck.lines.source import written
from tests.course_lib.gradcheck.lines.asking import event, site, wrong

SOURCES = dict.fromkeys(("backward", "forward", "f"), written("def f(x):\n    return x\n"))


def at(moment, name, value=1.0, mask=False, **known):
    return event(value, (moment, 0), mask=mask), site(
        name, **{"line": moment, "number": moment, "weight": 5, **known}
    )


def found(moment, name, target="x", whole=True, value=(1.0, 2.0), right=(1.0, 3.0), mask=False, **known):
    one, where = at(moment, name, mask=mask, **known)
    made = wrong(value, right, of=where, target=target, moment=one.moment)
    return replace(made, whole=whole, event=event(value, one.moment, mask=mask))


def searched(*events, targets=(), right=(), some_gradient=(), on_the_way=(), renames=()):
    sites = {one.moment: where for one, where in events}

    def name(one):
        return sites[one.moment].name if one.moment in sites else ""

    return SimpleNamespace(
        subject=SimpleNamespace(two_parts=True, name="backward", sources=SOURCES),
        backward=[one for one, _ in events],
        base=SimpleNamespace(gradients={}),
        judged=[],
        wrong=frozenset(),
        kept=[],
        site=lambda one: sites[one.moment],
        before=lambda a, b: a.moment < b.moment,
        targets=lambda one: [name(one)] if name(one) in targets else [],
        is_right=lambda one: name(one) in right,
        is_some_gradient=lambda one: name(one) in some_gradient,
        on_the_way=lambda one: name(one) in on_the_way,
        same_variable=lambda a, b: a.name == b.name,
        renames=lambda where: where.name in renames,
        turns=lambda where: 1,
    )


def named(blamed):
    return [one.name for one in blamed.sites], blamed.doubts


NAMES = ["a", "b", "t", "d", "m", "dx", "cache", "loop", "f", "g"]  # each on a line of its own


@pytest.fixture
def rooms(monkeypatch):
    """Say what the other rooms find: for each a list of names, or what it returns."""

    def given(**rooms):
        def sites(names):
            if not isinstance(names, str):
                return names
            return [
                site(name, line=20 + NAMES.index(name), function="forward", weight=5)
                for name in names.split()
            ]

        def room(found):
            def asked(search, finding, named=()):
                assert isinstance(search, SimpleNamespace)
                assert isinstance(finding, FirstWrong)
                assert all(isinstance(one, Site) for one in named)
                return found(search, finding) if callable(found) else found

            return asked

        def unseen(search, asked):
            assert isinstance(search, SimpleNamespace)
            assert all(isinstance(one, Site) for one in asked)
            return sites(" ".join(rooms.get("unseen", {}).get(one.name, "") for one in asked))

        for name in ("built_on", "filled_by_loops", "masks_read", "unverified"):
            monkeypatch.setattr(module, name, room(sites(rooms.get(name, ""))))
        monkeypatch.setattr(module, "headers", lambda search, asked: sites(rooms.get("headers", "")))
        monkeypatch.setattr(module, "put_away", lambda search, asked: sites(rooms.get("put_away", "")))
        monkeypatch.setattr(module, "unread", lambda search: sites(rooms.get("unread", "")))
        monkeypatch.setattr(module, "caching", lambda search: sites(rooms.get("caching", "")))
        told, doubted = rooms.get("not_cleared", ("", ""))
        monkeypatch.setattr(module, "not_cleared", room((sites(told), sites(doubted))))
        monkeypatch.setattr(module, "helpers", room(lambda *_: iter(rooms.get("helpers", ()))))
        monkeypatch.setattr(module, "of_sum", room(rooms.get("of_sum")))
        monkeypatch.setattr(module, "unseen", unseen)
        monkeypatch.setattr(module, "operands_of", room(rooms.get("operands_of", ())))

    given()
    return given


def test_what_nothing_reads_comes_before_all_other_doubts(rooms):
    rooms(unseen={"dx": "t d m a b f"}, unread="g")
    blamed = module.blame(searched(at(2, "dx"), targets=("dx",)), [found(2, "dx")])
    assert named(blamed)[0][:3] == ["dx", "g", "t"]
    assert (blamed.doubts, blamed.more) == (5, True)


def test_the_only_line_that_reads_a_value_may_be_the_wrong_one():
    dx = found(2, "dx")

    def readers(*events, several=False):
        return [one.name for one in module._readers(searched(*events), dx, several=several)]

    a, b = at(3, "a", reads="dx"), at(4, "b", reads="dx y")
    assert readers(a, at(5, "c", reads="y")) == ["a"]
    assert readers(a, b) == []
    assert readers(a, b, several=True) == ["a", "b"]
    assert readers(a, at(4, "b", reads="dx", line=3)) == ["a", "b"]
    assert readers(a, at(4, "b", reads="dx", line=3, function="other")) == []
    assert readers(at(1, "early", reads="dx")) == []
    assert readers() == []


def test_a_sum_is_not_cleared_by_lines_of_other_variables(rooms):
    begun, added, other = (site(name, line=k) for k, name in enumerate(("dx", "dx", "late"), 1))
    summed = Blame((begun, added, other), "", 1)
    rooms(of_sum=lambda *_: summed, not_cleared=("a dx", "b"))
    blamed = module._of_sum(searched(), found(9, "dx"))
    assert named(blamed) == (["dx", "dx", "a", "b", "late"], 3)
    lost = Blame((begun, added), "it overwrites", 0)
    rooms(of_sum=lambda *_: lost, not_cleared=("a", "b"))
    assert module._of_sum(searched(), found(9, "dx")) is lost
    rooms()
    assert module._of_sum(searched(), found(9, "dx")) is None


def test_what_is_only_returned_was_made_by_lines_before():
    returned = found(9, "[0]", whole=False, plain=True, kind="returned", reads="a b c")
    a, b, late, other = at(1, "a"), at(2, "b"), at(10, "c"), at(3, "z")

    def made(finding=returned, **known):
        blamed = module._returned(searched(a, b, late, other, **known), finding)
        return blamed and named(blamed)

    assert made() == (["b", "a", "[0]"], 2)
    assert made(right="a") == (["b", "[0]"], 1)
    assert made(some_gradient="b") == (["a", "[0]"], 1)
    assert made(right="ab") is None
    assert made(replace(returned, whole=True)) is None
    assert made(replace(returned, site=replace(returned.site, plain=False))) is None


def product(rooms, finding, *helpers, sums=None, search=None, **known):
    rooms(helpers=helpers, of_sum=lambda search, one: (sums or {}).get(one.site.name), **known)
    return named(module._of_product(search or searched(), finding))


SIMPLE = {"weight": 3}


def test_a_simple_product_is_wrong_by_its_operands(rooms):
    dx, a, b = found(9, "dx", **SIMPLE), found(1, "a"), found(2, "b")
    assert product(rooms, dx, a, b) == (["a", "b", "dx"], 2)
    assert product(rooms, dx, a, not_cleared=("t", "d")) == (["a", "dx", "t", "d"], 3)
    assert product(rooms, dx, found(1, "a", mask=True)) == (["a", "dx"], 0)
    assert product(rooms, dx) == (["dx"], 0)
    heavy = found(9, "dx", weight=4)
    assert product(rooms, heavy, a, b) == (["dx", "a", "b"], 0)
    assert product(rooms, heavy, a, not_cleared=("t", "d")) == (["dx", "t", "d", "a"], 2)
    divided = found(9, "dx", weight=4, divides=True)
    assert product(rooms, divided, a, b) == (["a", "b", "dx"], 2)
    plain = found(9, "dx", weight=1, plain=True)
    assert product(rooms, plain, a) == (["a", "dx"], 1)


def test_a_factor_belongs_where_a_value_is_finished(rooms):
    scaled = found(9, "dx", value=(2.0, 4.0), right=(1.0, 2.0), **SIMPLE)
    assert product(rooms, scaled, found(1, "a"), not_cleared=("t", "d")) == (["dx", "t", "d", "a"], 2)


def test_an_operand_that_lines_put_together_is_told_by_these(rooms):
    dx, a, b = found(9, "dx", **SIMPLE), found(1, "a"), found(2, "b")
    put_together = Blame((site("a1", line=11), site("a2", line=12), site("a3", line=13)), "", 1)
    assert product(rooms, dx, a, b, sums={"a": put_together}) == (["a1", "a2", "b", "dx", "a3"], 3)
    handed = found(1, "h", weight=1, plain=True)
    two = Blame((handed.site, site("a2", line=12)))
    assert product(rooms, dx, handed, sums={"h": two}) == (["h", "dx", "a2"], 1)
    assert product(rooms, dx, handed, b) == (["b", "dx"], 1)
    assert product(rooms, dx, handed, found(2, "b", mask=True)) == (["b", "dx"], 0)
    renamed = searched(renames="h")
    assert product(rooms, dx, handed, b, search=renamed) == (["h", "b", "dx"], 2)
    assert product(rooms, dx, handed, sums={"h": put_together}) == (["a1", "a2", "dx", "a3"], 2)
    assert product(rooms, dx, handed) == (["dx"], 0)


def test_what_a_flat_function_has_on_its_way_is_rather_right(rooms):
    dx, a = found(9, "dx", **SIMPLE), found(1, "a")
    search = searched(at(1, "a"), on_the_way="a")
    assert product(rooms, dx, a, search=search, not_cleared=("t", "d")) == (["dx", "a", "t", "d"], 3)
    both = product(rooms, dx, a, found(2, "b"), search=search, not_cleared=("t", "d"))
    assert both == (["dx", "a", "b", "t", "d"], 4)


def test_a_mask_that_is_taken_out_may_be_kept_wrongly(rooms):
    dx = found(9, "dx", **SIMPLE)
    mask = found(1, "on", mask=True, weight=1, plain=True)
    number = found(1, "on", weight=1, plain=True)
    made = found(1, "on", mask=True)
    assert product(rooms, dx, mask, caching="cache") == (["dx", "cache"], 1)
    assert product(rooms, dx, number, caching="cache") == (["dx"], 0)
    assert product(rooms, replace(dx, site=replace(dx.site, weight=9)), made, caching="cache") == (
        ["dx", "on"],
        0,
    )


def test_what_puts_several_values_together_is_named_after_the_lines_that_may_have_made_them(rooms):
    gathers, mask = found(9, "dx", weight=9, gathers=True), found(1, "on", mask=True, weight=1, plain=True)
    other, own = site("t", line=20, function="forward"), site("o", line=30, weight=5)
    doubts = product(rooms, gathers, mask, not_cleared=([other, own], "d"), caching="cache")
    assert doubts == (["o", "t", "d", "cache", "dx"], 4)
    for weight, lines in (
        (9, ["o", "dx", "t", "d"]),
        (10, ["o", "dx", "t", "d"]),
        (11, ["dx", "t", "o", "d"]),
    ):
        assert product(rooms, found(9, "dx", weight=weight), not_cleared=([other, own], "d")) == (lines, 3)


def blamed(*findings, search=None):
    return named(module.blame(search or searched(targets=("dx",)), list(findings)))


def test_a_value_that_claims_nothing_is_followed_by_others_and_by_masks(rooms):
    first, second = found(3, "u", target=""), found(4, "v", target="")
    rooms(masks_read="m", caching="cache", built_on="loop")
    assert blamed(first, second) == (["u", "v", "m", "cache"], 2)
    assert blamed(replace(first, whole=False), second) == (["u", "loop", "v", "m", "cache"], 3)


def test_what_is_kept_may_be_read_wrongly():
    kept = at(1, "W", function="forward", line=1), at(2, "x", function="forward", line=1)
    late, other = at(5, "h", reads="W"), at(6, "g", reads="z")
    below = at(3, "z", function="forward", line=2)
    first = replace(found(2, "x", function="forward", line=1, target=""), sentence=module.SOLVED)
    search = searched(*kept, below, late, other, at(7, "back", reads="x", plain=True))
    assert [one.name for one in module._readers_of_kept(search, first)] == ["h"]
    assert module._readers_of_kept(search, found(5, "h")) == []
    search.subject.two_parts = False
    assert module._readers_of_kept(search, first) == []


def test_of_what_was_solved_for_the_line_that_reads_it_may_be_wrong(rooms):
    first = replace(found(3, "u", target=""), sentence=module.SOLVED)
    reader = at(5, "w", reads="u")
    assert blamed(first, search=searched(reader)) == (["u", "w"], 1)
    assert blamed(replace(first, sentence=""), search=searched(reader)) == (["u"], 0)
    rooms(filled_by_loops="f g", caching="cache")
    assert blamed(first, search=searched(reader)) == (["f", "u", "g", "w"], 2)
    rooms(filled_by_loops="a b t d m f g")
    assert "u" in blamed(first, search=searched(reader))[0]  # of more than may be named, it is one


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


def test_a_loop_around_is_doubted_where_a_value_explains_not_all(rooms):
    rooms(headers="loop")
    assert blamed(found(3, "dx", weight=9, whole=False)) == (["dx", "loop"], 1)
    assert blamed(found(3, "dx", weight=9)) == (["dx"], 0)


def test_what_a_loop_has_added_up_may_have_to_be_divided_where_it_is_returned():
    returned = at(5, "[0]", kind="returned", reads="dx")
    search = searched(at(3, "dx"), at(4, "other", reads="dx"), returned)
    added = found(3, "dx", kind="added to")
    for turns, sure, names in ((2, True, ["[0]"]), (1, True, []), (1, False, ["[0]"])):
        search.turns = lambda where, turns=turns: turns
        assert [one.name for one in module._finished_after(search, added, sure=sure)] == names
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


def test_the_lines_that_say_which_entries_change_are_doubted(rooms):
    mask, number = at(1, "m", mask=True), at(2, "t")
    handed = at(4, "d", mask=True, weight=1, plain=True)
    search = searched(mask, number, handed, at(3, "dx"), targets=("dx",))
    in_part = found(3, "dx", weight=9, part=True, reads="m t d")
    assert blamed(in_part, search=search) == (["dx", "m"], 1)
    assert blamed(replace(in_part, site=replace(in_part.site, part=False)), search=search) == (["dx"], 0)
    assert blamed(found(3, "dx", weight=9, part=True, reads="t"), search=search) == (["dx"], 0)


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
    for value, lines in (((0.0, 0.0), ["f", "dx"]), ((0.0, 1.0), ["dx", "f"])):
        search = searched(at(3, "dx", value=value), targets=("dx",))
        first = found(3, "dx", value=value)
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
