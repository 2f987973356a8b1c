"""A wrong value that several lines put together: which of them is at fault, or lost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from course_lib.gradcheck.arrays import BoolArray, FloatArray
from course_lib.gradcheck.lines.guilty import MOST_DOUBTS, Blame, FirstWrong, ordered
from course_lib.gradcheck.lines.operands import one_factor
from course_lib.gradcheck.lines.search import Search
from course_lib.gradcheck.lines.site import Site
from course_lib.gradcheck.lines.slopes import Measured
from course_lib.gradcheck.lines.syntax import makes_room

#: Where fewer entries are wrong, the line that changes some entries is at fault, not the one that makes all.
MINORITY = 0.5

#: Fewer entries may be a multiple of others by chance.
FEWEST = 3

#: Of a loop with more turns than this, some turns were not looked at, and what they changed.
SEEN = 2


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

    @property
    def idle(self) -> bool:
        """Whether it added nothing."""
        return self.added is not None and not bool(self.added.any())


def of_sum(search: Search, finding: FirstWrong) -> Blame | None:
    """The lines that a wrong value is put together by; None where a single one makes it."""
    parts = _parts(search, finding)
    seen = any(event.moment == finding.event.moment for event in search.backward)
    if seen and len(parts) == 1 and parts[0].site != finding.site:  # the others added nothing
        return ordered(parts[0].site, [finding.site], [])
    if len(parts) < 2:
        return None
    lost = _overwritten(finding, parts)
    if lost is not None:
        site, other = lost
        text = search.subject.sources[site.function].line(other.line)
        sentence = f"it overwrites what line {other.line} put there, {text}: add to it with +="
        return ordered(site, [], [other], sentence)
    adding, idle = [[part.site for part in parts if part.idle is one] for one in (False, True)]
    backwards = [*reversed(adding), *reversed(idle)]
    off = [part.site for part in parts if _is_off_by_a_factor(search, part, finding)]
    if len(off) == 1:
        return ordered(off[0], [], backwards)
    odd = _unmatched(search, finding, parts)
    guilty, sure = (odd, True) if odd else _by_entries(finding, parts)
    sure = sure and not any(search.turns(part.site) > SEEN for part in parts)
    if sure:
        return ordered(guilty[0], [], backwards)
    return ordered([*guilty, *backwards][0], backwards[:MOST_DOUBTS], backwards)


def left_as_it_began(search: Search, finding: FirstWrong) -> list[Site]:
    """The line that began a variable to which others add: entries are wrong that the only other line left, or
    all that is missing is what comes back through one use, and may be put there as well.
    """
    parts, wrong, right = _parts(search, finding), finding.event.value, finding.measured.value
    if finding.site.kind != "added to" or wrong is None or wrong.shape != right.shape:
        return []
    errors = ~(np.abs(wrong - right) <= finding.measured.allowed)
    left = len(parts) == 1 and finding.site.part and _leaves(parts[0], errors)
    if not left and not any(use.agrees(right - wrong) for use in _uses(search, finding.target)):
        return []
    same = [e for e in search.backward if search.same_variable(search.site(e), finding.site)]
    began = [search.site(e) for e in same if search.before(e, finding.event)]
    return [site for site in began if site.kind == "assigned"][-1:]


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
    # zeros to begin with are no contribution, nor is what is there before anything is put there
    return [part for part in parts if not _begins(search, part)] or parts


def _begins(search: Search, part: _Part) -> bool:
    if part.site.kind != "assigned" or part.site.part:
        return False
    tree = search.subject.sources[part.site.function].tree
    never = part.idle and search.turns(part.site) == 1  # in another turn it may add something
    return never or makes_room(tree, part.site.line)


def _overwritten(finding: FirstWrong, parts: list[_Part]) -> tuple[Site, Site] | None:
    """The line that overwrites another's contribution, and that other, where all together are right."""
    for i in range(1, len(parts)):
        site, last = parts[i].site, parts[i - 1]
        again = any(part.site.kind == "assigned" for part in parts[i + 1 :])
        if site.kind != "assigned" or again or _hands_on(parts[i], last):
            continue
        if finding.measured.agrees(_sum([replace(last, added=last.after), *parts[i:]])):
            return site, last.site
        for other in parts[i - 1 :: -1]:
            together = [other, *parts[i:]]
            if finding.measured.agrees(_sum(together)):
                return site, other.site
    return None


def _hands_on(part: _Part, last: _Part) -> bool:
    """Whether a line only gives on what was there, as a copy or in another shape."""
    if part.after is None or last.after is None or part.site.name not in part.site.reads:
        return False
    return np.array_equal(part.after.ravel(), last.after.ravel())


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
    errors = ~(np.abs(wrong - right) <= finding.measured.allowed)
    if one_factor(wrong, right):  # the line that finishes it, or the last one that all that is wrong passes
        able = [part for part in parts if not part.site.part or not _leaves(part, errors)]
        return [(able or parts)[-1].site], False
    factor = 1.0
    if parts[-1].added is None:
        factor, parts = _factor(parts[-1]), parts[:-1]
    indexed = [part for part in parts if part.site.part and part.changed is not None]
    if not indexed:
        return [_unscaled(parts).site], False
    for part in reversed(indexed):
        touched = errors & _as(part.changed, errors)
        moved = touched.any() and touched.sum() * 2 >= errors.sum()  # each is missing elsewhere, at most
        if moved and _right_without(part, factor, touched, finding):
            return [part.site], True
    for part in reversed(indexed):
        if not _leaves(part, errors):
            return [part.site], True
    last = indexed[-1]
    if np.any(errors & _as(last.changed, errors)):
        return [parts[0].site], False  # errors that no line after it made
    return ([last.site], False) if errors.mean() < MINORITY else ([parts[0].site], False)


def _unscaled(parts: Sequence[_Part]) -> _Part:
    """The last line that does more than to multiply all that it finds by one number."""
    for part, before in zip(parts[:0:-1], parts[-2::-1], strict=True):
        there, made = before.after, part.after
        if there is None or made is None or there.shape != made.shape or not one_factor(made, there):
            return part
        if part.site.name not in part.site.reads:
            return part
    return parts[0]


def _is_off_by_a_factor(search: Search, part: _Part, finding: FirstWrong) -> bool:
    """Whether what is missing, and not all that is there, is a multiple of what a line added, no loop's."""
    wrong, right, added = finding.event.value, finding.measured.value, part.added
    if added is None or wrong is None or not added.shape == wrong.shape == right.shape:
        return False
    few = np.count_nonzero(added) < FEWEST or search.turns(part.site) > 1
    return not few and one_factor(added, right - wrong) and not one_factor(wrong, right)


def _right_without(part: _Part, factor: float, where: BoolArray, finding: FirstWrong) -> bool:
    """Whether some entries are right without what a line added to them."""
    wrong, measured = finding.event.value, finding.measured
    if wrong is None or part.added is None or part.added.shape != where.shape:
        return False
    left = wrong - factor * part.added - measured.value
    return bool(np.all((np.abs(left) <= measured.allowed)[where]))


def _leaves(part: _Part, errors: BoolArray) -> bool:
    """Whether a line leaves some wrong entry as it finds it."""
    return bool(np.any(errors & ~_as(part.changed, errors)))


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


def _uses(search: Search, target: str) -> Iterator[Measured]:
    """The gradient with respect to a value in each place of the forward pass where it is read, and of the
    places of one line together.
    """
    lines: dict[int, list[Measured]] = {}
    for event in search.base.events:
        site = search.site(event)
        if site.kind == "used" and site.name == target and search.in_forward(event) and search.matters(event):
            use = search.gradient_of(event)
            if all(use.value.shape == other.value.shape for other in lines.setdefault(site.line, [])):
                lines[site.line].append(use)
            yield use
    for uses in lines.values():
        if len(uses) > 1:
            yield Measured(np.sum([u.value for u in uses], axis=0), np.sum([u.allowed for u in uses], axis=0))
