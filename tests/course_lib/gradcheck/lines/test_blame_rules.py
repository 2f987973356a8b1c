"""The rules by which a wrong value leads to lines, one at a time."""

from dataclasses import replace

from course_lib.gradcheck.lines import blame as module
from course_lib.gradcheck.lines.guilty import Blame
from tests.course_lib.gradcheck.lines.asking import site
from tests.course_lib.gradcheck.lines.blaming import at, blamed, found, named, searched


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


def test_a_value_that_claims_nothing_is_followed_by_others_and_by_masks(rooms):
    first, second = found(3, "u", target=""), found(4, "v", target="")
    rooms(masks_read="m", caching="cache", built_on="loop")
    assert blamed(first, second) == (["u", "v", "m", "cache"], 2)
    assert blamed(replace(first, whole=False), second) == (["u", "loop", "v", "m", "cache"], 3)
