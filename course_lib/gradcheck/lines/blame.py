"""From a wrong value to the line at fault: contributions that add up, and helpers that enter a product."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from course_lib.gradcheck.arrays import BoolArray, FloatArray
from course_lib.gradcheck.lines.blocks import built_on
from course_lib.gradcheck.lines.search import UNPACKED, FirstWrong, Search
from course_lib.gradcheck.lines.slopes import Measured
from course_lib.gradcheck.lines.solved import (
    MOST_UNKNOWNS,
    SOLVED,
    Values,
    by_line,
    is_local,
    of_another_shape,
    solved,
)
from course_lib.gradcheck.lines.tape import Event
from course_lib.gradcheck.lines.twin import Site

#: A line that computes with no more nodes than `local * upstream` has is rather right than its operands.
SIMPLE = 3

#: Where fewer entries are wrong, the line that changes some entries is at fault, not the one that makes all.
MINORITY = 0.5

#: Lines that may be named beside the first.
MOST_DOUBTS = 5


@dataclass(frozen=True)
class Blame:
    """Sites that may be at fault, the likeliest first, and a sentence where a contribution is lost.

    The first `doubts` sites after the first one could not be cleared: any of them may be wrong in its place.
    """

    sites: tuple[Site, ...] = ()
    sentence: str = ""
    doubts: int = 0


def blame(search: Search, findings: list[FirstWrong]) -> Blame:
    """Return which lines made the first wrong value, then those that made the later ones."""
    first = findings[0]
    if not first.target:
        doubts = [finding.site for finding in findings[1:]] + _masks_read(search, first)
        return _ordered(first.site, doubts, _caching(search))
    guilty = _of_sum(search, first) or _of_product(search, first)
    others = [finding.site for finding in findings[1:]] + _unverified_helpers(search, first)
    rest = [site for site in others if not _hands_on(site)] + _caching(search)
    rest += [site for site in others if _hands_on(site)]
    named, doubted = guilty.sites[: 1 + guilty.doubts], guilty.sites[1 + guilty.doubts :]
    may_be = [] if guilty.sentence else [replace(first, site=site) for site in named]
    looped = [site for finding in may_be for site in built_on(search, finding)]
    return _ordered(
        named[0], [*named[1:], *looped][:MOST_DOUBTS], [*doubted, *looped, *rest], guilty.sentence
    )


def _ordered(first: Site, doubts: Iterable[Site], rest: Iterable[Site] = (), sentence: str = "") -> Blame:
    """Every line once, in this order."""
    by_line: dict[tuple[str, int], Site] = {}
    for site in (first, *doubts):
        by_line.setdefault((site.function, site.line), site)
    doubted = len(by_line) - 1
    for site in rest:
        by_line.setdefault((site.function, site.line), site)
    return Blame(tuple(by_line.values()), sentence, doubted)


def _of_product(search: Search, finding: FirstWrong) -> Blame:
    """The line of a wrong value, or that of an operand that makes it wrong."""
    found = list(_helpers(search, finding))
    made = [_of_sum(search, helper) or Blame((helper.site,)) for helper in found]
    helpers = [one for one in made if len(one.sites) > 1 or not _hands_on(one.sites[0])]
    sites = [site for one in helpers for site in one.sites]
    innocent = not _scaled(finding) and (finding.site.weight <= SIMPLE or _bent(finding))
    if innocent and helpers:
        doubts = list(helpers[0].sites[1 : 1 + helpers[0].doubts])
        doubts += [one.sites[0] for one in helpers[1:]] + [finding.site] * finding.site.plain
        told, doubted = _not_cleared(search, found[made.index(helpers[0])])
        return _ordered(sites[0], [*doubts, *told, *doubted], [*sites, finding.site])
    masks = [helper for helper in found if helper.event.mask and _hands_on(helper.site)]
    kept = _caching(search) if masks else []
    told, doubted = _not_cleared(search, finding)
    named = [*told, finding.site, *doubted, *kept]
    return _ordered(named[0], named[1:], sites)


def _not_cleared(search: Search, finding: FirstWrong) -> tuple[list[Site], list[Site]]:
    """The lines that a wrong value is computed from, other values of which would make everything right.

    First those that are told by that, then the others: a local derivative that is mended for one upstream
    gradient and another is told, unless one factor does, which the line that uses it may lack as well.
    """
    told: dict[int, Site] = {}
    found: dict[int, Site] = {}
    to_ask = [finding.site]
    while to_ask and len(told | found) < MOST_DOUBTS:
        names = _not_known(search, replace(finding, site=to_ask.pop(0)))
        for events in by_line(search, search.backward).values():
            site = search.site(events[0])
            ours = any(search.site(e).name in names and search.before(e, finding.event) for e in events)
            handed = _hands_on(site) and (not site.plain or is_local(search, events))  # out of the cache
            if not ours or site.number in told | found or handed or site.line == finding.site.line:
                continue
            if sum(e.value.size for e in events if e.value is not None) > MOST_UNKNOWNS:
                found[site.number] = site  # nothing clears it
                continue
            put = solved(search, events)
            if put is None and _of_another_shape(search, events, finding):
                told[site.number] = site
            if put is not None:
                (told if _tells(search, events, put) else found)[site.number] = site
                to_ask.append(site)
                found.update(_remade(search, site, events[0]))
    return list(told.values()), list(found.values())


def _not_known(search: Search, finding: FirstWrong) -> set[str]:
    """The names of operands that are no gradients, or that only another name of the upstream gradient is."""
    copied = [
        site
        for event in search.backward
        if (site := search.site(event)).plain and site.kind == "assigned" and not search.targets(event)
    ]
    return {
        *(search.site(event).name for event in _operands(search, finding)),
        *(site.name for site in copied if site.name in finding.site.reads),
    }


def _of_another_shape(search: Search, events: list[Event], finding: FirstWrong) -> bool:
    value = finding.event.value
    return len(events) == 1 and value is not None and of_another_shape(search, events[0], value.shape)


def _remade(search: Search, site: Site, event: Event) -> dict[int, Site]:
    """The line before that gave a variable the value which a line makes its new one of."""
    if site.name not in site.reads:
        return {}
    same = [
        search.site(e)
        for e in search.backward
        if search.before(e, event) and search.same_variable(search.site(e), site)
    ]
    return {one.number: one for one in same[-1:] if one.line != site.line}


def _tells(search: Search, events: list[Event], put: Values) -> bool:
    values = [event.value for event in events if event.value is not None]
    factors = [_one_factor(value, put[e.moment]) for e, value in zip(events, values, strict=True)]
    return is_local(search, events) and sum(value.size for value in values) > 1 and not all(factors)


@dataclass(frozen=True)
class _Part:
    """What one line did to a variable: what was there before and what it added, None where it scaled."""

    site: Site
    before: FloatArray | None
    added: FloatArray | None
    after: FloatArray | None

    @property
    def changed(self) -> BoolArray | None:
        """Which entries it changed."""
        if self.before is None or self.after is None or self.before.shape != self.after.shape:
            return None
        return np.asarray(self.before != self.after)


def _of_sum(search: Search, finding: FirstWrong) -> Blame | None:
    """The lines that a wrong value is put together by; None where a single one makes it."""
    parts = _parts(search, finding)
    if len(parts) < 2:
        return None
    lost = _overwritten(finding, parts)
    if lost is not None:
        site, other = lost
        text = search.subject.sources[site.function].line(other.line)
        sentence = f"it overwrites what line {other.line} put there, {text}: add to it with +="
        return _ordered(site, [], [other], sentence)
    backwards = [part.site for part in reversed(parts)]
    odd = _unmatched(search, finding, parts)
    guilty, sure = (odd, True) if odd else _by_entries(finding, parts)
    if sure:
        return _ordered(guilty[0], [], backwards)
    return _ordered([*guilty, *backwards][0], backwards[:MOST_DOUBTS], backwards)


def _parts(search: Search, finding: FirstWrong) -> list[_Part]:
    """What each line did to a variable, up to the wrong value."""
    same = [
        event
        for event in search.backward
        if search.same_variable(search.site(event), finding.site) and not search.before(finding.event, event)
    ]
    parts: list[_Part] = []
    before: FloatArray | None = None
    for event in same:
        site, value = search.site(event), event.value
        there = before if site.kind != "assigned" else None
        added = value
        if there is not None and value is not None:
            added = value - there if value.shape == there.shape and site.kind == "added to" else None
        parts.append(_Part(site, there, added, value))
        before = value
    # zeros to begin with are no contribution
    return [part for part in parts if part.added is None or part.added.any()] or parts


def _overwritten(finding: FirstWrong, parts: list[_Part]) -> tuple[Site, Site] | None:
    """The line that overwrites another's contribution, and that other, where all together are right."""
    for i in range(1, len(parts)):
        site = parts[i].site
        if site.kind != "assigned" or finding.site.name in site.reads:
            continue
        for other in parts[i - 1 :: -1]:
            together = [other, *parts[i:]]
            if finding.measured.agrees(_sum(together)):
                return site, other.site
    return None


def _sum(parts: Sequence[_Part]) -> FloatArray | None:
    """What lines add up to; None where one of them does not add, or adds another shape."""
    added = [part.added for part in parts if part.added is not None]
    if len(added) < len(parts) or len({array.shape for array in added}) > 1:
        return None
    return np.asarray(np.sum(added, axis=0))


def _unmatched(search: Search, finding: FirstWrong, parts: list[_Part]) -> list[Site]:
    """The one line whose contribution belongs to no use of the value in the forward pass."""
    if any(part.added is None for part in parts):
        return []
    uses = list(_uses(search, finding.target))
    odd = [part.site for part in parts if not any(use.agrees(part.added) for use in uses)]
    return odd if len(odd) == 1 else []


def _by_entries(finding: FirstWrong, parts: list[_Part]) -> tuple[list[Site], bool]:
    """Tell by how a value is wrong: by one factor, in the entries that a line changed, elsewhere.

    Whether that is sure comes with it.
    """
    wrong, right = finding.event.value, finding.measured.value
    if wrong is None or wrong.shape != right.shape or wrong.size < 2:
        return [], False
    if _one_factor(wrong, right):
        return [parts[-1].site], False
    factor = 1.0
    if parts[-1].added is None:
        factor, parts = _factor(parts[-1]), parts[:-1]
    indexed = [part for part in parts if part.site.part and part.changed is not None]
    if not indexed:
        return [parts[-1].site], False
    errors = ~(np.abs(wrong - right) <= finding.measured.allowed)
    for part in reversed(indexed):
        touched = errors & _as(part.changed, errors)
        moved = touched.any() and touched.sum() * 2 >= errors.sum()  # each is missing elsewhere, at most
        if moved and _was_right(part, factor, touched, finding.measured):
            return [part.site], True
    for part in reversed(indexed):
        if not np.any(errors & ~_as(part.changed, errors)):
            return [part.site], True
    last = indexed[-1]
    if np.any(errors & _as(last.changed, errors)):
        return [parts[0].site], True  # errors that no line after it made
    return ([last.site], False) if errors.mean() < MINORITY else ([parts[0].site], False)


def _was_right(part: _Part, factor: float, where: BoolArray, measured: Measured) -> bool:
    if part.before is None or part.before.shape != where.shape:
        return False
    return bool(np.all((np.abs(factor * part.before - measured.value) <= measured.allowed)[where]))


def _as(changed: BoolArray | None, errors: BoolArray) -> BoolArray:
    return changed if changed is not None and changed.shape == errors.shape else np.ones_like(errors)


def _factor(part: _Part) -> float:
    """The factor that a line scales most entries by."""
    if part.before is None or part.after is None or part.before.shape != part.after.shape:
        return 1.0
    with np.errstate(all="ignore"):
        factors = part.after / part.before
    factors = factors[np.isfinite(factors) & (factors != 0)]
    return float(np.median(factors)) if factors.size else 1.0


def _one_factor(wrong: FloatArray, right: FloatArray) -> bool:
    """Whether a gradient is right but for one factor; not where a kink left it unmeasured."""
    if not np.isfinite(right).all():
        return False
    scale = float(np.sum(wrong * right) / max(float(np.sum(wrong * wrong)), 1e-300))
    return bool(np.allclose(wrong * scale, right, rtol=1e-4, atol=1e-6 * float(np.abs(right).max())))


def _scaled(finding: FirstWrong) -> bool:
    """Whether several entries are right but for one factor: that belongs where a value is finished."""
    wrong, right = finding.event.value, finding.measured.value
    return wrong is not None and wrong.shape == right.shape and wrong.size > 1 and _one_factor(wrong, right)


def _bent(finding: FirstWrong) -> bool:
    """Whether a value is wrong by more than one factor, although its line only divides by a number."""
    wrong, right = finding.event.value, finding.measured.value
    if wrong is None or wrong.shape != right.shape or wrong.size < 2 or not finding.site.divides:
        return False
    return not _one_factor(wrong, right)


def _uses(search: Search, target: str) -> Iterator[Measured]:
    """The gradient with respect to a value in each place of the forward pass where it is read."""
    for event in search.base.events:
        site = search.site(event)
        if site.kind == "used" and site.name == target and search.in_forward(event) and search.matters(event):
            yield search.gradient_of(event)


def _operands(search: Search, finding: FirstWrong) -> Iterator[Event]:
    """What enters a wrong value and is no gradient itself, the last value of each name."""
    found: dict[str, Event] = {}
    for event in search.backward:
        if not search.before(event, finding.event):
            continue
        name = search.site(event).name
        if name in finding.site.reads and not search.is_some_gradient(event):
            found[name] = event
    return iter(found.values())


def _helpers(search: Search, finding: FirstWrong) -> Iterator[FirstWrong]:
    """The operands that explain everything if they had another value: a local derivative, a mask."""
    for event in _operands(search, finding):
        wanted = _wanted(event, finding) or _solved(search, event)
        if wanted is not None and not search.wrong_with(event, wanted):
            yield replace(finding, event=event, site=search.site(event), measured=wanted)


def operands(search: Search, several: list[FirstWrong]) -> list[FirstWrong]:
    """Return the operands of a value with which that and all others are right, each where it is made."""
    return [
        replace(helper, site=_origin(search, helper.site), target="", whole=True, sentence=SOLVED)
        for helper in _helpers(search, several[0])
    ]


def _origin(search: Search, site: Site) -> Site:
    kept = _caching(search)
    return kept[0] if kept and _hands_on(site) else site


def _wanted(event: Event, finding: FirstWrong) -> Measured | None:
    """The value of an operand with which the product, or quotient, that it enters would be right."""
    right, wrong, value = finding.measured.value, finding.event.value, event.value
    if value is None or wrong is None or value.shape != right.shape or wrong.shape != right.shape:
        return None
    if event.mask:
        return Measured((right != 0).astype(np.float64), np.zeros(right.shape))
    if not value.any():
        return None  # no factor of it is anything else
    with np.errstate(all="ignore"):
        factors = wrong / value
        factor = float(np.median(factors[np.isfinite(factors)])) if np.isfinite(factors).any() else 0.0
        if factor and np.allclose(wrong, factor * value, rtol=1e-9, atol=0):  # divided by a number
            wanted = right / factor
        else:
            wanted = np.where(wrong != 0, value * right / wrong, value)
        allowed = finding.measured.allowed * np.abs(wanted / right).max(initial=0.0, where=right != 0)
    return Measured(wanted, allowed) if np.isfinite(wanted).all() else None


def _solved(search: Search, event: Event) -> Measured | None:
    put = None if event.value is None or event.value.any() else solved(search, [event])
    return None if put is None else Measured(put[event.moment], np.zeros(put[event.moment].shape))


def _unverified_helpers(search: Search, finding: FirstWrong) -> list[Site]:
    return [search.site(event) for event in _operands(search, finding)]


def _hands_on(site: Site) -> bool:
    """Whether a line only gives a value another name, or returns it."""
    takes = site.unpacks or site.weight <= UNPACKED
    return site.plain or (takes and site.kind in ("assigned", "returned"))


def _masks_read(search: Search, finding: FirstWrong) -> list[Site]:
    """Where masks that a line reads are made, or kept: other values cannot be tried for all of them."""
    made = [
        search.site(event) for event in search.backward if event.mask and search.before(event, finding.event)
    ]
    read = [site for site in made if site.name in finding.site.reads and site.kind != "returned"]
    own = [site for site in read if not _hands_on(site)]
    return own + (_caching(search) if len(own) < len(read) else [])


def _caching(search: Search) -> list[Site]:
    """The line of forward that keeps what backward reads."""
    return [search.site(event) for event in search.kept[-1:]]
