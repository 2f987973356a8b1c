"""The same calls again: they must give the same answers, whatever was called in between."""

from collections.abc import Sequence

import numpy as np

from course_lib.gradcheck.arrays import DOUBLE, HALF, SINGLE, BoolArray, FloatArray, norm, typical_size
from course_lib.gradcheck.causes import Cause, ContractError
from course_lib.gradcheck.contract import ROUNDING_UNITS, Contract, same
from course_lib.gradcheck.narrow import computed_in_single, representable_in
from course_lib.gradcheck.pairs import GatePair
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.unwritten import unwritten

#: A relative step to both sides of another point, how well the two slopes have to agree, and a gradient with
#: what they say.
AWAY, CLEARLY, FITS = 1e-4, 1e-2, 1e-3

#: A gradient fits if the slope along so many directions is what it says, up to so many rounding units.
DIRECTIONS, UNITS = 4, 16.0

TWO_ANSWERS = "calling backward twice with one cache gives two answers"


def repeated_calls(point: Point, contract: Contract) -> None:
    """Call forward and backward again: the same arguments must give the same answer. Raises ContractError.

    The second backward uses the first forward's token, after a forward at another point. An honest cache
    gives the same gradients again; one that was consumed, or a backward that reads what the last forward left
    behind, does not.
    """
    comparable = not point.pair.given and len(contract.sound()) == len(point.inputs)
    if any(cause == Cause.NON_FINITE for cause, _ in contract.broken.values()):
        _refuse_unwritten(point, contract)
    if comparable and not _same_gradients(point, contract):
        sentence = _of_second_call(point, contract)
        _refuse_unwritten(point, contract)
        if sentence.startswith(TWO_ANSWERS):
            _refuse_other_answers_afresh(point, contract)
        raise ContractError(Cause.MUTATED, sentence, "cache")
    repeated_forward(point)
    if comparable:
        elsewhere = [x * 1.25 for x in point.inputs]
        if point.pair.has_cache:
            _with_cache(point, contract, elsewhere)
        else:
            _without_cache(point, contract, elsewhere)


def repeated_forward(point: Point) -> None:
    """Raise ContractError where forward gives another output, or none, for the same inputs."""
    again = point.value(point.inputs)
    if np.isnan(again).any():
        sentence = (
            "forward, called again with the same inputs, fails or has no value: let every call start afresh, "
            "from nothing that an earlier call left behind"
        )
        raise ContractError(Cause.NOT_DETERMINISTIC, sentence, "forward")
    if not same(again, point.out):
        where = unwritten(lambda: [point.value(point.inputs)], [point.out.size])
        if where is not None:
            sentence = f"forward{_never(where[0].reshape(point.out_shape), 'its output')}"
            raise ContractError(Cause.NOT_DETERMINISTIC, sentence, "forward")
        sentence = (
            "forward gives another output for the same inputs: fix its seed and keep the noise in its cache, "
            "and let nothing that an earlier call left behind (a counter, running statistics) enter it"
        )
        raise ContractError(Cause.NOT_DETERMINISTIC, sentence, "forward")


def _without_cache(point: Point, contract: Contract, elsewhere: Sequence[FloatArray]) -> None:
    """Raise ContractError where what forward keeps is of another call than the last."""
    stale = isinstance(point.pair, GatePair) and _of_an_earlier_call(point, contract, elsewhere)
    if stale:  # a function may know the point from outside
        sentence = (
            "after a second call of forward, with other inputs, backward still gives the gradients "
            "of the first call: let every forward replace what the object keeps"
        )
        raise ContractError(Cause.FOREIGN_CACHE, sentence, "cache")
    point.value(elsewhere)
    if point.pair.takes_upstream and not _same_gradients(point, contract):
        _refuse_unwritten(point, contract)
        sentence = (
            "after forward was called with other inputs and then with the first ones again, backward "
            "gives other gradients for these: only the last call of forward may enter it (no counter)"
        )
        raise ContractError(Cause.NOT_DETERMINISTIC, sentence, "backward")


def _with_cache(point: Point, contract: Contract, elsewhere: Sequence[FloatArray]) -> None:
    """Raise ContractError where a call of forward in between changes what backward gives for its cache."""
    point.value(elsewhere)
    if not _same_gradients(point, contract):
        _refuse_unwritten(point, contract)
        _refuse_other_answers_afresh(point, contract)
        sentence = "backward uses what the last forward call left behind instead of the cache it is given"
        raise ContractError(Cause.FOREIGN_CACHE, sentence, "cache")


def _refuse_unwritten(point: Point, contract: Contract) -> None:
    """Raise ContractError where a gradient has entries that backward never writes."""
    sizes = [point.dout.size, *(x.size for x in point.inputs)]
    where = unwritten(lambda: point.gradients(point.dout, contract.token), sizes)
    for k, entries in enumerate(where or []):
        if entries.any():
            sentence = f"backward{_never(entries, f'the gradient of {point.names[k]}')}"
            raise ContractError(Cause.NOT_DETERMINISTIC, sentence, point.names[k])


def _never(where: BoolArray, what: str) -> str:
    one = f"that at {list(map(int, np.argwhere(where)[0]))}" if where.ndim else "it"
    return (
        f" does not write every entry of {what}: {one} holds what happened to be in memory, as np.empty "
        f"leaves it, or where= without out="
    )


def _refuse_other_answers_afresh(point: Point, contract: Contract) -> None:
    """Raise ContractError where new calls of forward and backward do not repeat: no cache explains it."""
    known = [contract.gradient(k) for k in contract.sound()]
    for _ in range(2):
        _, token = point.value_and_token(point.inputs)
        try:
            again = point.gradients(point.dout, token)
        except Exception:  # what fails shows nothing of this
            return
        if not all(same(new, old) for new, old in zip(again, known, strict=True)):
            sentence = (
                f"{TWO_ANSWERS}, and so do new calls of forward and backward: it must draw no random "
                f"numbers, nor change anything that outlives the call, nor weights that it computes with"
            )
            raise ContractError(Cause.MUTATED | Cause.NOT_DETERMINISTIC, sentence, "backward")


def _of_an_earlier_call(point: Point, contract: Contract, inputs: Sequence[FloatArray]) -> bool:
    """Whether an object's gradients after forward with other inputs are those of before, and wrong there."""
    _, token = point.value_and_token(inputs)
    try:
        there = point.gradients(point.dout, token)
    except Exception:  # outside its domain it may raise whatever it likes
        return False
    if not all(np.array_equal(new, contract.gradient(k)) for k, new in enumerate(there)):
        return False
    fits = list(zip(_fits(point, point.inputs, there), _fits(point, inputs, there), strict=True))
    return (True, False) in fits and not any(before is False for before, _ in fits)


def _fits(point: Point, inputs: Sequence[FloatArray], gradients: Sequence[FloatArray]) -> list[bool | None]:
    """Whether gradients are the slope along random directions; None where there are two, as at a kink."""
    rngs = map(np.random.default_rng, range(DIRECTIONS))
    sizes = [typical_size(x) for x in inputs]
    directions = [
        [rng.normal(size=x.shape) * size for x, size in zip(inputs, sizes, strict=True)] for rng in rngs
    ]
    steps = [(direction, step) for direction in directions for step in (AWAY, -AWAY)]
    many = [[x + step * d for x, d in zip(inputs, direction, strict=True)] for direction, step in steps]
    here, *beside = point.values([inputs, *many])
    sides = zip(beside[::2], beside[1::2], strict=True)
    return [
        _fit(point, gradients, direction, (here, *both))
        for direction, both in zip(directions, sides, strict=True)
    ]


def _fit(
    point: Point,
    gradients: Sequence[FloatArray],
    direction: Sequence[FloatArray],
    outputs: tuple[FloatArray, FloatArray, FloatArray],
) -> bool | None:
    """The same of one direction; forward's outputs are those there, and to both sides."""
    here, above, below = outputs
    parts = np.concatenate([np.ravel(g * d) for g, d in zip(gradients, direction, strict=True)])
    claimed = float(parts.sum())
    slopes = [float(point.dout @ (above - here)) / AWAY, float(point.dout @ (here - below)) / AWAY]
    size = max(map(abs, slopes))
    apart = abs(slopes[0] - slopes[1])
    if not apart <= CLEARLY * size:
        return None
    narrow = HALF if all(representable_in(np.float16, out) for out in outputs) else SINGLE
    unit = narrow if all(map(computed_in_single, outputs)) else DOUBLE
    rounding = UNITS * unit * norm(point.dout * here) / AWAY
    # Where the entries' parts cancel, what each is off by is as large as these.
    return abs(claimed - (slopes[0] + slopes[1]) / 2) <= 4 * apart + FITS * max(size, norm(parts)) + rounding


def _of_second_call(point: Point, contract: Contract) -> str:
    """Say how the answer of a second call of backward differs: it may add to the first."""
    try:
        again = point.gradients(point.dout, contract.token)
    except Exception:
        return "calling backward twice with one cache fails; it must not change its cache"
    known = [contract.gradient(k) for k in range(len(again))]
    parts = [k for k, (new, old) in enumerate(zip(again, known, strict=True)) if not same(new, old)]
    # this is the third call, after the first and the one that showed the difference
    if parts and all(same(again[k], 3 * known[k]) for k in parts):
        name = point.names[parts[0]]
        return (
            f"calling backward again adds to the gradient of {name} that the first call left behind: "
            f"start from zero in every call"
        )
    return f"{TWO_ANSWERS}; it must not change its cache, nor weights that it computes with"


def _same_gradients(point: Point, contract: Contract) -> bool:
    try:
        again = point.gradients(point.dout, contract.token)
    except Exception:  # it worked a moment ago with the same arguments
        return False
    return all(
        same(new, contract.gradient(k), absolute=ROUNDING_UNITS * point.rounding(k))
        for k, new in enumerate(again)
    )
