"""From a wrong value to the line at fault: contributions that add up, and helpers that enter a product."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from course_lib.gradcheck.arrays import BoolArray, FloatArray
from course_lib.gradcheck.lines.search import UNPACKED, FirstWrong, Search
from course_lib.gradcheck.lines.slopes import Measured
from course_lib.gradcheck.lines.tape import Event
from course_lib.gradcheck.lines.twin import Site

#: A line that computes with no more nodes than `local * upstream` has is rather right than its operands.
SIMPLE = 3

#: Where fewer entries are wrong, the line that changes some entries is at fault, not the one that makes all.
MINORITY = 0.5


@dataclass(frozen=True)
class Blame:
    """Sites that may be at fault, the likeliest first, and a sentence where a contribution is lost."""

    sites: tuple[Site, ...]
    sentence: str = ""


def blame(search: Search, findings: list[FirstWrong]) -> Blame:
    """Return which lines made the first wrong value, then those that made the later ones."""
    first = findings[0]
    sites, sentence = _of_sum(search, first)
    if not sites:
        made = [site for helper in _helpers(search, first) for site in _made_by(search, helper)]
        helpers = [
            site for site in made if site.weight > UNPACKED or site.kind != "assigned"
        ]  # others hand on
        innocent = not _scaled(first) and (first.site.weight <= SIMPLE or _bent(first))
        sites = [*helpers, first.site] if innocent and helpers else [first.site, *helpers]
    others = [finding.site for finding in findings[1:]] + _unverified_helpers(search, first)
    sites += [site for site in others if not _hands_on(site)] + _caching(search)
    sites += [site for site in others if _hands_on(site)]
    by_line: dict[tuple[str, int], Site] = {}
    for site in sites:
        by_line.setdefault((site.function, site.line), site)
    return Blame(tuple(by_line.values()), sentence)


@dataclass(frozen=True)
class _Part:
    """What one line did to a variable: what it added, None where it scaled, and which entries it changed."""

    site: Site
    added: FloatArray | None
    changed: BoolArray | None


def _of_sum(search: Search, finding: FirstWrong) -> tuple[list[Site], str]:
    """The lines that a wrong value is put together by, the likeliest first."""
    parts = _parts(search, finding)
    if len(parts) < 2:
        return [], ""
    lost = _overwritten(finding, parts)
    if lost is not None:
        site, other = lost
        text = search.subject.sources[site.function].line(other.line)
        return [site, other], f"it overwrites what line {other.line} put there, {text}: add to it with +="
    backwards = [part.site for part in reversed(parts)]
    guilty = _unmatched(search, finding, parts) or _by_entries(finding, parts)
    return [*guilty, *(site for site in backwards if site not in guilty)], ""


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
        added, changed = value, None
        if site.kind != "assigned" and before is not None and value is not None:
            alike = value.shape == before.shape
            added = value - before if alike and site.kind == "added to" else None
            changed = value != before if alike else None
        if added is None or added.any():  # zeros to begin with are no contribution
            parts.append(_Part(site, added, changed))
        before = value
    return parts


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


def _by_entries(finding: FirstWrong, parts: list[_Part]) -> list[Site]:
    """Tell by how a value is wrong: by one factor, in the entries that a line changed, elsewhere."""
    wrong, right = finding.event.value, finding.measured.value
    if wrong is None or wrong.shape != right.shape or wrong.size < 2:
        return []
    if parts[-1].added is None and not _one_factor(wrong, right):
        parts = parts[:-1]
    elif parts[-1].added is None:
        return [parts[-1].site]
    indexed = [part for part in parts if part.changed is not None and not part.changed.all()]
    if not indexed:
        return [parts[-1].site]
    errors = ~(np.abs(_rescaled(wrong, right) - right) <= finding.measured.allowed)
    for part in reversed(indexed):
        if not np.any(errors & ~_as(part.changed, errors)):
            return [part.site]
    return [indexed[-1].site] if errors.mean() < MINORITY else [parts[0].site]


def _as(changed: BoolArray | None, errors: BoolArray) -> BoolArray:
    return changed if changed is not None and changed.shape == errors.shape else np.ones_like(errors)


def _rescaled(wrong: FloatArray, right: FloatArray) -> FloatArray:
    """A gradient times the factor that most of its entries need."""
    with np.errstate(all="ignore"):
        factors = right / wrong
    factors = factors[np.isfinite(factors)]
    return wrong * float(np.median(factors)) if factors.size else wrong


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
        wanted = _wanted(event, finding)
        if wanted is not None and not search.wrong_with(event, wanted):
            yield replace(finding, event=event, site=search.site(event), measured=wanted)


def _made_by(search: Search, helper: FirstWrong) -> list[Site]:
    return _of_sum(search, helper)[0] or [helper.site]


def _wanted(event: Event, finding: FirstWrong) -> Measured | None:
    """The value of an operand with which the product, or quotient, that it enters would be right."""
    right, wrong, value = finding.measured.value, finding.event.value, event.value
    if value is None or wrong is None or value.shape != right.shape or wrong.shape != right.shape:
        return None
    if event.mask:
        return Measured((right != 0).astype(np.float64), np.zeros(right.shape))
    with np.errstate(all="ignore"):
        factors = wrong / value
        factor = float(np.median(factors[np.isfinite(factors)])) if np.isfinite(factors).any() else 0.0
        if factor and np.allclose(wrong, factor * value, rtol=1e-9, atol=0):  # divided by a number
            wanted = right / factor
        else:
            wanted = np.where(wrong != 0, value * right / wrong, value)
        allowed = finding.measured.allowed * np.abs(wanted / right).max(initial=0.0, where=right != 0)
    return Measured(wanted, allowed) if np.isfinite(wanted).all() else None


def _unverified_helpers(search: Search, finding: FirstWrong) -> list[Site]:
    return [search.site(event) for event in _operands(search, finding)]


def _hands_on(site: Site) -> bool:
    """Whether a line only gives a value another name, or returns it."""
    return site.plain or site.weight <= UNPACKED


def _caching(search: Search) -> list[Site]:
    """The lines of forward that keep what backward reads."""
    kept = [
        search.site(event)
        for event in search.base.events
        if search.subject.two_parts and search.in_forward(event) and search.site(event).container
    ]
    return kept[-1:]
