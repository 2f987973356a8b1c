"""From a wrong value to the line at fault: contributions that add up, and helpers that enter a product."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from course_lib.gradcheck.lines.search import Finding, Search
from course_lib.gradcheck.lines.slopes import Measured
from course_lib.gradcheck.lines.tape import Event
from course_lib.gradcheck.lines.twin import Site
from course_lib.gradcheck.results import FloatArray

#: A line that computes with no more nodes than `local * upstream` has is rather right than its operands.
SIMPLE = 3


@dataclass(frozen=True)
class Blame:
    """Sites that may be at fault, the likeliest first, and a sentence where a contribution is lost."""

    sites: tuple[Site, ...]
    sentence: str = ""


def blame(search: Search, findings: list[Finding]) -> Blame:
    """Return which lines made the first wrong value, then those that made the later ones."""
    first = findings[0]
    sites, sentence = _of_sum(search, first)
    if not sites:
        helpers = list(_helpers(search, first))
        simple = first.site.weight <= SIMPLE
        sites = [*helpers, first.site] if simple and helpers else [first.site, *helpers]
    sites += [finding.site for finding in findings[1:]]
    sites += _unverified_helpers(search, first)
    return Blame(tuple({(site.function, site.line): site for site in reversed(sites)}.values())[::-1], sentence)


def _of_sum(search: Search, finding: Finding) -> tuple[list[Site], str]:
    """The lines that add up to a wrong value: the one whose contribution belongs to no use of the value."""
    parts = _contributions(search, finding)
    if len(parts) < 2:
        return [], ""
    lost = _overwritten(search, finding, parts)
    if lost is not None:
        site, other = lost
        text = search.subject.sources[site.function].line(other.line)
        return [site, other], f"it overwrites what line {other.line} put there, {text}: add to it with +="
    uses = list(_uses(search, finding.target))
    unmatched = [site for site, part in parts if part is not None and not any(u.agrees(part) for u in uses)]
    if len(unmatched) == 1:
        return [*unmatched, *(site for site, _ in reversed(parts) if site not in unmatched)], ""
    return [site for site, _ in reversed(parts)], ""


def _contributions(search: Search, finding: Finding) -> list[tuple[Site, FloatArray | None]]:
    """What each line added to a variable, up to the wrong value."""
    same = [
        event
        for event in search.backward
        if search._same_variable(search.site(event), finding.site)
        and not search._before(finding.event, event)
    ]
    parts: list[tuple[Site, FloatArray | None]] = []
    before: FloatArray | None = None
    for event in same:
        site, value = search.site(event), event.value
        added = value
        if site.kind == "added to" and before is not None and value is not None:
            added = value - before if value.shape == before.shape else None
        if added is None or added.any():  # zeros to begin with are no contribution
            parts.append((site, added))
        before = value
    return parts


def _overwritten(
    search: Search, finding: Finding, parts: list[tuple[Site, FloatArray | None]]
) -> tuple[Site, Site] | None:
    """The line that overwrites another's contribution, and that other, where both together are right."""
    site, last = parts[-1]
    if site.kind != "assigned" or finding.site.name in site.reads or last is None:
        return None
    for other, part in reversed(parts[:-1]):
        if part is not None and part.shape == last.shape and finding.measured.agrees(part + last):
            return site, other
    return None


def _uses(search: Search, target: str) -> Iterator[Measured]:
    """The gradient with respect to a value in each place of the forward pass where it is read."""
    for event in search.base.events:
        site = search.site(event)
        if site.kind == "used" and site.name == target and event.value is not None and not event.mask:
            if search._in_forward(event) and search._matters(event):
                yield search.gradient_of(event)


def _operands(search: Search, finding: Finding) -> Iterator[Event]:
    """What enters a wrong value and is no gradient itself, the last value of each name."""
    found: dict[str, Event] = {}
    for event in search.backward:
        if not search._before(event, finding.event):
            continue
        name = search.site(event).name
        if name in finding.site.reads and not search.targets(event):
            found[name] = event
    return iter(found.values())


def _helpers(search: Search, finding: Finding) -> Iterator[Site]:
    """The operands that explain everything if they had another value: a local derivative, a mask."""
    for event in _operands(search, finding):
        wanted = _wanted(event, finding)
        if wanted is not None and not search._wrong_with(event, wanted):
            yield search.site(event)


def _wanted(event: Event, finding: Finding) -> Measured | None:
    """The value of an operand with which the product that it enters would be right."""
    right, wrong, value = finding.measured.value, finding.event.value, event.value
    if value is None or wrong is None or value.shape != right.shape or wrong.shape != right.shape:
        return None
    if event.mask:
        return Measured((right != 0).astype(np.float64), np.zeros(right.shape))
    with np.errstate(all="ignore"):
        quotient = np.where(wrong != 0, value * right / wrong, value)
    return Measured(quotient, np.zeros(right.shape)) if np.isfinite(quotient).all() else None


def _unverified_helpers(search: Search, finding: Finding) -> list[Site]:
    return [search.site(event) for event in _operands(search, finding)]
