"""What enters a wrong value and is no gradient itself: a local derivative, a mask, an array of forward."""

import ast
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.lines.called import own_functions
from course_lib.gradcheck.lines.guilty import FirstWrong
from course_lib.gradcheck.lines.search import UNPACKED, Search
from course_lib.gradcheck.lines.site import Site, names_read
from course_lib.gradcheck.lines.slopes import Measured
from course_lib.gradcheck.lines.solved import SOLVED, solved
from course_lib.gradcheck.lines.syntax import names_bound
from course_lib.gradcheck.lines.tape import Event
from course_lib.gradcheck.text import printable


def operands(search: Search, several: list[FirstWrong]) -> list[FirstWrong]:
    """Return the operands of a value with which that and all others are right, each where it is made."""
    return [
        replace(helper, site=_origin(search, helper.site), target="", whole=True, sentence=SOLVED)
        for helper in helpers(search, several[0])
    ]


def read_by_all(search: Search, several: list[FirstWrong]) -> list[FirstWrong]:
    """Return the one operand that every wrong value is computed from, where no gradient is wrong alone."""
    wrong = [event for event in search.judged if not search.is_right(event)]
    lines = {
        site.line: site for site in map(search.site, wrong) if not site.plain and site.kind != "returned"
    }
    if len(lines) < 2:
        return []
    common = frozenset.intersection(*(site.reads for site in lines.values()))
    if any(event.value is None and _made_there(search, event, common) for event in search.base.events):
        return []  # it may as well be what cannot be followed, as a slice
    tree = search.subject.sources[search.subject.name].tree
    loops = [loop for loop in ast.walk(tree) if isinstance(loop, ast.For)]
    if any(common & names_bound(loop.target) for loop in loops if "range" not in names_read(loop.iter)):
        return []  # or what the loop runs over
    made = {
        site.name: event
        for event in search.backward
        if (site := search.site(event)).name in common and not search.targets(event)
        if site.plain or not hands_on(site)
    }
    if len(made) != 1:
        return []
    ((name, event),) = made.items()
    right = [search.site(event) for event in search.judged if search.is_right(event)]
    if hands_on(search.site(event)) or any(name in site.reads for site in right):
        return []
    source = search.subject.sources[search.subject.name]
    called = set.intersection(*(set(own_functions(source, line)) for line in lines))
    also = "".join(f" and calls `{printable(one)}`" for one in sorted(called))
    said = f"every line with a wrong gradient reads {name}{also}"
    return [replace(several[0], event=event, site=search.site(event), target="", sentence=said)]


def _made_there(search: Search, event: Event, names: frozenset[str]) -> bool:
    site = search.site(event)
    return site.kind == "assigned" and site.function == search.subject.name and site.name in names


def operands_of(search: Search, finding: FirstWrong) -> Iterator[Event]:
    """What enters a wrong value and is no gradient itself, the last value of each name."""
    found: dict[str, Event] = {}
    for event in search.backward:
        if not search.before(event, finding.event):
            continue
        name = search.site(event).name
        if name in finding.site.reads and not search.is_some_gradient(event):
            found[name] = event
    return iter(found.values())


def helpers(search: Search, finding: FirstWrong) -> Iterator[FirstWrong]:
    """The operands that explain everything if they had another value: a local derivative, a mask."""
    for event in operands_of(search, finding):
        wanted = _wanted(event, finding) or _solved(search, event)
        if wanted is not None and not search.wrong_with(event, wanted):
            yield replace(finding, event=event, site=search.site(event), measured=wanted)


def _origin(search: Search, site: Site) -> Site:
    kept = caching(search)
    return kept[0] if kept and hands_on(site) else site


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


def unverified(search: Search, finding: FirstWrong) -> list[Site]:
    """Return where the operands are made that nothing has been found out of."""
    return [search.site(event) for event in operands_of(search, finding)]


def hands_on(site: Site) -> bool:
    """Whether a line only gives a value another name, or returns it."""
    takes = site.unpacks or site.weight <= UNPACKED
    return site.plain or (takes and site.kind in ("assigned", "returned"))


def masks_read(search: Search, finding: FirstWrong) -> list[Site]:
    """Where masks that a line reads are made, or kept: other values cannot be tried for all of them."""
    made = [
        search.site(event) for event in search.backward if event.mask and search.before(event, finding.event)
    ]
    read = [site for site in made if site.name in finding.site.reads and site.kind != "returned"]
    own = [site for site in read if not hands_on(site)]
    return own + (caching(search) if len(own) < len(read) else [])


def caching(search: Search) -> list[Site]:
    """The line of forward that keeps what backward reads."""
    return [search.site(event) for event in search.kept[-1:]]


def one_factor(wrong: FloatArray, right: FloatArray) -> bool:
    """Whether a gradient is right but for one factor; not where a kink left it unmeasured."""
    if not np.isfinite(right).all():
        return False
    scale = float(np.sum(wrong * right) / max(float(np.sum(wrong * wrong)), 1e-300))
    return bool(np.allclose(wrong * scale, right, rtol=1e-4, atol=1e-6 * float(np.abs(right).max())))


def scaled(finding: FirstWrong) -> bool:
    """Whether several entries are right but for one factor: that belongs where a value is finished."""
    wrong, right = finding.event.value, finding.measured.value
    return wrong is not None and wrong.shape == right.shape and wrong.size > 1 and one_factor(wrong, right)


def bent(finding: FirstWrong) -> bool:
    """Whether a value is wrong by more than one factor, although its line only divides by a number."""
    wrong, right = finding.event.value, finding.measured.value
    if wrong is None or wrong.shape != right.shape or wrong.size < 2 or not finding.site.divides:
        return False
    return not one_factor(wrong, right)
