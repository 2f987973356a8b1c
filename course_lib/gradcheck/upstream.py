"""Is the gradient proportional to the upstream gradient, as a vector-Jacobian product is?"""

from functools import cached_property

import numpy as np

from course_lib.gradcheck.arrays import SINGLE, FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.contract import ROUNDING_UNITS, Contract, same
from course_lib.gradcheck.narrow import computed_in_single
from course_lib.gradcheck.noise import CONTRASTS, Residual
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.text import error_sentence

#: A factor with more digits than float32 holds, whatever whole number it multiplies (4/3 of 1056 is whole),
#: and which nobody computes with: the plastic number.
SCALE = 1.324717957244746

#: How well a gradient must be proportional to the upstream gradient, relative to its largest entry.
PROPORTIONAL = 1e-6

#: A small constant in the gradient may hide in `PROPORTIONAL` where dout is scaled, and just show where it is
#: reversed. A mask, which moves entries by their own size, is named only where so many times more shows.
CLEARLY = 10.0

#: Where a gradient is nothing but rounding, it need be proportional only up to this many times its noise, and
#: up to a few rounding units.
NOISE_MARGIN = 32.0

#: The upstream gradient is scaled by so much to see rounding: it rounds differently, and matters little.
PROBE = 2.0**-40


def upstream_faults(point: Point, contract: Contract) -> dict[int, tuple[Cause, str]]:
    """Return the arguments whose gradient is not proportional to the upstream gradient, each with its cause.

    A vector-Jacobian product is linear in dout: scaling dout scales it and reversing dout reverses it. Scaled
    by what no float32 holds, a gradient that still fits into float32 was computed in float32.
    """
    if not point.pair.takes_upstream:
        return {}
    try:
        reversed_ = point.gradients(-point.dout, contract.token)
        scaled = point.gradients(point.dout * SCALE, contract.token)
    except Exception as error:
        sentence = f"backward raised {error_sentence(error)} for another upstream gradient"
        return dict.fromkeys(contract.sound(), (Cause.UPSTREAM_MISUSED, sentence))
    faults = {}
    rounding = UpstreamRounding(point, contract)
    for k in contract.sound():
        gradient = contract.gradient(k)
        fault = _upstream_fault(point.names[k], gradient, reversed_[k], scaled[k], rounding, k)
        if fault:
            faults[k] = fault
        elif computed_in_single(scaled[k]) and not point.single and rounding.shows_single(k, scaled[k]):
            sentence = (
                f"every entry of the gradient of {point.names[k]} fits into float32: "
                f"somewhere backward computes in float32, which loses half of the digits"
            )
            faults[k] = (Cause.FLOAT32, sentence)
    return faults


class UpstreamRounding:
    """How far rounding inside backward may move its gradients, whatever their own size.

    Where contributions cancel, a right gradient is zero up to the rounding of each of them. Scaling dout by
    next to nothing shows it. Measured when it is first asked for.
    """

    def __init__(self, point: Point, contract: Contract) -> None:
        self._point = point
        self._contract = contract

    def of(self, k: int) -> float:
        """Return the absolute error that rounding may leave in any entry of an argument's gradient."""
        floor = ROUNDING_UNITS * self._point.rounding(k)
        return NOISE_MARGIN * self._measured[k] + floor

    def shows_single(self, k: int, gradient: FloatArray) -> bool:
        """Whether the entries that float32 would have rounded by more than this fit into it."""
        clear = np.abs(gradient) * SINGLE > self.of(k)
        return computed_in_single(gradient[clear])

    @cached_property
    def doubled(self) -> list[FloatArray]:
        """The gradients for twice the upstream gradient, which nothing rounds differently."""
        return self._point.gradients(2 * self._point.dout, self._contract.token)

    @cached_property
    def _measured(self) -> dict[int, float]:
        point, sound = self._point, self._contract.sound()
        residuals = {k: Residual(self._contract.gradient(k)) for k in sound}
        for count in range(1, CONTRASTS.shape[1]):
            probed = point.gradients(point.dout * (1 + count * PROBE), self._contract.token)
            for k in sound:
                residuals[k].add(probed[k])
        return {k: float(residuals[k].rms().max()) for k in sound}


def _upstream_fault(
    name: str,
    gradient: FloatArray,
    reversed_: FloatArray,
    scaled: FloatArray,
    rounding: UpstreamRounding,
    k: int,
) -> tuple[Cause, str] | None:
    odd, scales = same(-reversed_, gradient, PROPORTIONAL), same(scaled, SCALE * gradient, PROPORTIONAL)
    if odd and scales:
        return None
    # Doubling and reversing round nothing: what they scale exactly is off by rounding elsewhere.
    if np.array_equal(-reversed_, gradient) and np.array_equal(rounding.doubled[k], 2 * gradient):
        return None
    absolute = rounding.of(k)
    odd = same(-reversed_, gradient, PROPORTIONAL, absolute)
    scales = same(scaled, SCALE * gradient, PROPORTIONAL, absolute)
    if odd and scales:
        return None
    if same(scaled, gradient, PROPORTIONAL) and same(reversed_, gradient, PROPORTIONAL):
        return Cause.UPSTREAM_IGNORED, (
            f"the gradient of {name} stays the same when dout is scaled or reversed: "
            f"multiply the local derivative by dout"
        )
    if scales and same(reversed_, gradient, PROPORTIONAL):
        return Cause.UPSTREAM_MISUSED, (
            f"the gradient of {name} stays the same when dout is reversed: "
            f"an absolute value or a norm is taken of it"
        )
    through = _where_both(gradient, scaled / SCALE) and _where_both(gradient, -reversed_)
    turned = not same(-reversed_, gradient, CLEARLY * PROPORTIONAL, CLEARLY * absolute)
    # Where dout is larger by so much, a mask by its size may let nothing through.
    stopped = odd and not ((gradient != 0) & (scaled != 0)).any()
    if (scales and turned) or (not scales and (through or stopped)):
        return Cause.MASK_FROM_WRONG_TENSOR, (
            f"another sign or size of dout lets other entries of the gradient of {name} through: "
            f"a mask or comparison is taken from dout instead of from what forward saw"
        )
    return Cause.UPSTREAM_MISUSED, (
        f"the gradient of {name} is not proportional to dout: "
        f"some term is not multiplied by it, or it enters twice"
    )


def _where_both(one: FloatArray, other: FloatArray) -> bool:
    """Whether two arrays are the same in each entry that is zero in neither, as far as there are any."""
    both = (one != 0) & (other != 0)
    return bool(both.any()) and same(other[both], one[both], PROPORTIONAL)
