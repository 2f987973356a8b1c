"""From a wrong value to the line at fault: the line that made it, or one that it is computed from."""

import ast
from dataclasses import replace

from course_lib.gradcheck.lines.blocks import built_on
from course_lib.gradcheck.lines.called import own_functions
from course_lib.gradcheck.lines.cleared import not_cleared
from course_lib.gradcheck.lines.guilty import MOST_DOUBTS, Blame, FirstWrong, ordered, others
from course_lib.gradcheck.lines.operands import (
    bent,
    caching,
    hands_on,
    helpers,
    masks_read,
    one_factor,
    operands_of,
    scaled,
    unverified,
)
from course_lib.gradcheck.lines.search import Search
from course_lib.gradcheck.lines.site import Site
from course_lib.gradcheck.lines.solved import SOLVED
from course_lib.gradcheck.lines.sums import left_as_it_began, of_sum
from course_lib.gradcheck.lines.syntax import makes_room
from course_lib.gradcheck.lines.unread import left_at_zero, unread
from course_lib.gradcheck.lines.unseen import NOT_FOLLOWED, put_away, unseen

#: A line that computes with no more nodes than `local * upstream` has is rather right than its operands.
SIMPLE = 3


def blame(search: Search, findings: list[FirstWrong]) -> Blame:
    """Return which lines made the first wrong value, then those that made the later ones.

    What nothing reads may be what is missing, and its line comes second.
    """
    found = _blame(search, findings)
    named = found.sites[: 1 + found.doubts]
    if findings[0].sentence in ("", SOLVED):  # what only takes out is rather right, unless it is told wrong
        named = tuple(sorted(named, key=lambda site: site.unpacks))
    first, *doubted = named
    made = _calling(search, first) if first.unpacks and not doubted else []  # what it takes out
    beside = others(first, [*unread(search), *left_at_zero(search), *doubted, *made])
    again = ordered(first, beside[:MOST_DOUBTS], found.sites, found.sentence)
    return replace(again, more=found.more or len(beside) > MOST_DOUBTS)


def _blame(search: Search, findings: list[FirstWrong]) -> Blame:
    first = findings[0]
    if first.sentence == NOT_FOLLOWED:
        return ordered(first.site, [finding.site for finding in findings])
    if not first.target:
        doubts = [*unseen(search, [first.site]), *(finding.site for finding in findings)]
        doubts += masks_read(search, first)
        if not first.whole or first.sentence == SOLVED:  # in a loop, it builds on other lines of that
            doubts = [*built_on(search, first)[:MOST_DOUBTS], *doubts]
        if first.sentence == SOLVED:
            doubts = [*put_away(search, first.site), *doubts]
            doubts += _readers(search, first, several=scaled(first) or _all_scaled(search))
        return ordered(first.site, doubts, caching(search))
    guilty = _of_sum(search, first) or _returned(search, first) or _of_product(search, first)
    later = [finding.site for finding in findings[1:]] + unverified(search, first)
    rest = [site for site in later if not hands_on(site)] + caching(search)
    rest += [site for site in later if hands_on(site)]
    named = guilty.sites[: 1 + guilty.doubts]
    may_be = [] if guilty.sentence else [replace(first, site=site) for site in named]
    looped = _finished_after(search, first, sure=not guilty.doubts) + [
        site for one in may_be for site in built_on(search, one)
    ]
    if not search.targets(first.event):
        looped += _readers(search, first) + put_away(search, first.site)
    # what no name tells explains as much, or the line hands on what another made
    read = [finding for finding in findings[1:] if finding.site.name in first.site.reads]
    looped += [one.site for one in read if first.site.plain or not search.targets(one.event)]
    if not first.whole:
        looped += [site for one in named for site in _not_verified(search, replace(first, site=one))]
    looped += [finding.site for finding in findings[1:] if search.same_variable(finding.site, first.site)]
    looped += left_as_it_began(search, first)
    looped += [] if guilty.sentence else _wrong_by_name(search, first)
    changed = unseen(search, named)
    looped = [*changed, *looped]
    if not first.whole and len(search.wrong) > 1:  # what each of several lacks may be missing there
        looped += _returning(search, first)
    named = tuple(sorted(named, key=lambda site: site.kind == "returned" and site.plain))
    if _only_begins(search, named[0]) or (named[0].kind == "returned" and named[0].plain):
        named = (*(site for site in changed if not _only_begins(search, site)), *named)
    beside = others(named[0], [*named, *looped])
    found = ordered(named[0], beside[:MOST_DOUBTS], [*guilty.sites, *looped, *rest], guilty.sentence)
    return replace(found, more=len(beside) > MOST_DOUBTS)


def _only_begins(search: Search, site: Site) -> bool:
    """Whether a line makes nothing but zeros, to which others add, or room for them."""
    made = [event.value for event in search.backward if search.site(event) is site]
    zeros = bool(made) and all(value is not None and not value.any() for value in made)
    return zeros or makes_room(search.subject.sources[site.function].tree, site.line)


def _calling(search: Search, site: Site) -> list[Site]:
    """The lines above one that call functions of their author's own, which may change what objects hold."""
    source = search.subject.sources[site.function]
    lines = sorted({one.lineno for one in ast.walk(source.tree) if isinstance(one, ast.stmt)})
    made = [line for line in lines if 1 < line < site.line and own_functions(source, line)]
    return [Site(-1, site.function, line, "", "calling") for line in made]


def _finished_after(search: Search, finding: FirstWrong, *, sure: bool) -> list[Site]:
    """The line that returns what others have added up: that may have to be divided there, after a loop, or
    something may be missing there, where it is not `sure` which of the others is wrong.
    """
    divided = search.turns(finding.site) > 1 and scaled(finding)
    if finding.site.kind != "added to" or (sure and not divided):
        return []
    return _returning(search, finding)


def _returning(search: Search, finding: FirstWrong) -> list[Site]:
    """The line that returns a value."""
    read = [search.site(event) for event in search.backward if finding.site.name in search.site(event).reads]
    return [site for site in read if site.kind == "returned"]


def _readers(search: Search, finding: FirstWrong, *, several: bool = False) -> list[Site]:
    """The line that reads a value which no name tells: that one may be the wrong one as well.

    Where several lines read it, one change mends more than one of them, unless all of them may lack a factor.
    """
    sites = [
        site
        for event in search.backward
        if finding.site.name in (site := search.site(event)).reads and not search.before(event, finding.event)
    ]
    lines = {(site.function, site.line) for site in sites}
    return sites if several or len(lines) == 1 else []


def _all_scaled(search: Search) -> bool:
    """Whether every wrong gradient that is returned is right but for a factor."""
    returned = {name: search.base.gradients[name] for name in search.wrong}
    return all(
        found is not None
        and found.shape == (right := search.gradient_of(search.inputs[name]).value).shape
        and one_factor(found, right)
        for name, found in returned.items()
    )


def _wrong_by_name(search: Search, finding: FirstWrong) -> list[Site]:
    """The lines before that make what a value is put together of a wrong gradient by its name: there may be
    two slips.
    """
    if finding.right_before is not None:
        return []
    same = [site for site in map(search.site, search.backward) if search.same_variable(site, finding.site)]
    reads = finding.site.reads.union(*(site.reads for site in same))
    return [
        site
        for event in search.judged
        if (site := search.site(event)).name in reads and search.before(event, finding.event)
        if not search.is_right(event)
    ]


def _not_verified(search: Search, finding: FirstWrong) -> list[Site]:
    """The lines that computed what enters a value, and is no gradient, where that explains not all."""
    sites = [search.site(event) for event in operands_of(search, finding)]
    return [site for site in sites if not hands_on(site)]


def _of_sum(search: Search, finding: FirstWrong) -> Blame | None:
    """The lines that put a wrong value together, and what is wrong in what they add, if it is not they."""
    guilty = of_sum(search, finding)
    if guilty is None or guilty.sentence:
        return guilty
    named = guilty.sites[: 1 + guilty.doubts]
    told, doubted = not_cleared(search, finding, named)
    beside = [site for site in (*told, *doubted) if not search.same_variable(site, finding.site)]
    return ordered(named[0], [*named, *beside], guilty.sites)


def _returned(search: Search, finding: FirstWrong) -> Blame | None:
    """The lines that made what is only returned, where that is wrong and explains not all."""
    if finding.whole or not hands_on(finding.site):
        return None
    made = [
        site
        for event in search.backward
        if (site := search.site(event)).name in finding.site.reads and search.before(event, finding.event)
        if not search.is_right(event) and not search.is_some_gradient(event)
    ][::-1]
    return ordered(made[0], [*made, finding.site]) if made else None


def _of_product(search: Search, finding: FirstWrong) -> Blame:
    """The line of a wrong value, or that of an operand that makes it wrong."""
    found = list(helpers(search, finding))
    made = [of_sum(search, helper) or Blame((helper.site,)) for helper in found]
    real = [
        one
        for one in made
        if len(one.sites) > 1 or not hands_on(one.sites[0]) or search.renames(one.sites[0])
    ]
    sites = [site for one in real for site in one.sites]
    innocent = not scaled(finding) and (finding.site.weight <= SIMPLE or bent(finding))
    if innocent and real:
        helper = found[made.index(real[0])]
        if real[0].sentence:
            return ordered(sites[0], [], [*sites, finding.site], real[0].sentence)
        named = [*real[0].sites[: 1 + real[0].doubts], *(one.sites[0] for one in real)]
        if finding.site.plain or not helper.event.mask:
            named.append(finding.site)  # a product of what may be right, and of something else
        told, doubted = not_cleared(search, finding, named)
        first = finding.site if search.on_the_way(helper.event) else named[0]
        return ordered(first, [*named, *told, *doubted], [*sites, finding.site])
    masks = [helper for helper in found if helper.event.mask and hands_on(helper.site)]
    kept = caching(search) if masks else []
    told, doubted = not_cleared(search, finding)
    if scaled(finding):  # a factor belongs where a value is finished
        told, doubted = [], [*told, *doubted]
    own = [site for site in told if site.function == finding.site.function]
    if all(finding.site.weight > 2 * site.weight for site in own):
        own = []
    named = [*own, finding.site, *told, *doubted, *kept]
    if finding.site.gathers:  # what puts several into one array is rather right than they
        named = [*own, *told, *doubted, *kept, finding.site]
    return ordered(named[0], named, sites)
