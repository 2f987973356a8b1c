"""The same functions at another point: what is true there as well does not fit by chance."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from course_lib.gradcheck.arrays import FloatArray, typical_size
from course_lib.gradcheck.diagnosis.evidence import Evidence, Finding, View
from course_lib.gradcheck.entries import RIGHT, UNSEEN, WRONG, Entries
from course_lib.gradcheck.point import Point

#: With more entries than this in all, no second point is looked at.
LARGEST = 600

#: Relative step of the differences there, and how well two of them have to agree: they do not near a kink.
STEP, SMOOTH = 2e-4, 1e-5

#: An entry is wrong there from this error on, relative to the largest gradient.
NOTICED = 1e-5

#: How far the point is, in units of each argument's size; the last one keeps all signs. The others keep that
#: of an argument whose entries all have one: a loop may go on for ever below zero.
FAR = (0.5, 0.2)


def view_elsewhere(view: View) -> View | None:
    """Return the same argument at another point, or None where there is none: it cannot be asked for, or the
    gradient is right there.
    """
    evidence = view.evidence
    if evidence.elsewhere is None:
        evidence.elsewhere = [_evidence_at_another_point(evidence)]
    (found,) = evidence.elsewhere
    if found is None or view.k not in found.judged or not found.judged[view.k].wrong.size:
        return None
    return View(found, view.k)


def _evidence_at_another_point(evidence: Evidence) -> Evidence | None:
    first = None
    for inputs in _places(evidence.point.inputs):
        found = _evidence_at(evidence, inputs, evidence.judged)
        if found is not None:
            if not any(_nothing_flows(evidence.judged[k], found.judged[k]) for k in found.judged):
                return found
            first = first or found
    return first


def view_with_other_signs(view: View) -> View | None:
    """Return the same argument where every other entry has the other sign, if its gradient is wrong there."""
    signs = 1.0 - 2.0 * (np.arange(view.x.size) % 2)
    inputs = view.evidence.point.moved(view.k, view.x * signs.reshape(view.x.shape))
    found = _evidence_at(view.evidence, tuple(inputs), (view.k,))
    return View(found, view.k) if found is not None and found.judged[view.k].wrong.size else None


def _evidence_at(
    evidence: Evidence, inputs: tuple[FloatArray, ...], arguments: Iterable[int]
) -> Evidence | None:
    point = evidence.point
    if point.pair.given or point.single or point.size > LARGEST:
        return None
    out, token = point.value_and_token(inputs)
    if not np.isfinite(out).all():
        return None
    there = replace(point, inputs=inputs, out=out)
    try:
        gradients = there.gradients(there.dout, token)
    except Exception:  # the point is of no use
        return None
    judged = {k: _judged(there, k, gradients[k]) for k in arguments}
    if not all(np.isfinite(entries.numerical).all() for entries in judged.values()):
        return None
    return Evidence(there, replace(evidence.contract, token=token), judged, evidence.faults)


def _nothing_flows(here: Entries, there: Entries) -> bool:
    """Whether an argument that matters here does not there, as where two limits passed each other."""
    return bool(np.nan_to_num(here.numerical).any()) and not there.numerical.any()


def _places(inputs: Sequence[FloatArray]) -> Iterator[tuple[FloatArray, ...]]:
    rng = np.random.default_rng(3)
    sizes = [typical_size(x) for x in inputs]
    for far in FAR:
        moves = [far * size * rng.normal(size=x.shape) for x, size in zip(inputs, sizes, strict=True)]
        yield tuple(_moved(x, move) for x, move in zip(inputs, moves, strict=True))
    yield tuple(np.asarray(x * rng.uniform(0.8, 1.25, x.shape)) for x in inputs)


def _moved(x: FloatArray, move: FloatArray) -> FloatArray:
    signs = np.sign(x)
    one_sign = signs.all() and np.ptp(signs) == 0
    return np.asarray(signs * np.abs(x + move) if one_sign else x + move)


def _judged(point: Point, k: int, analytic: FloatArray) -> Entries:
    """Compare a gradient with central differences, two for each entry: one where they agree is not near a
    kink.
    """
    entries = Entries.unseen(analytic)
    x = point.inputs[k]
    step = STEP * typical_size(x)
    for index in range(x.size):
        coarse, fine = (_column(point, k, index, h) for h in (step, step / 2))
        column = (4 * fine - coarse) / 3
        entries.jacobian[index] = column
        entries.numerical[index] = float(point.dout @ column)
        entries.rough[index] = abs(float(point.dout @ (fine - coarse))) > SMOOTH * float(
            np.abs(point.dout) @ np.abs(column)
        )
    size = float(np.abs(entries.numerical).max(initial=0.0))
    entries.allowed[:] = 1e-9 * size
    wrong = np.abs(entries.analytic - entries.numerical) > NOTICED * size
    entries.state[:] = np.where(entries.rough, UNSEEN, np.where(wrong, WRONG, RIGHT))
    return entries


def _column(point: Point, k: int, index: int, step: float) -> FloatArray:
    here = point.inputs[k].flat[index]
    ends = list(point.values_with(k, index, [here + step, here - step]))
    with np.errstate(all="ignore"):
        return np.asarray((ends[0] - ends[1]) / (2 * step))


def holds_elsewhere(finding: Finding, again: Finding | None) -> bool:
    """Whether what is found at another point is the same: a cause in common, and the same numbers."""
    if again is None or not finding.cause & again.cause:
        return False
    return not finding.numbers or np.allclose(finding.numbers, again.numbers, rtol=1e-4)
