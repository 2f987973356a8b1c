"""Hypothesis: the way back starts from the value of the loss, where its gradient by itself, 1, belongs."""

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.evidence import View

#: How well a factor has to be the value.
AGREES = 1e-5


def explain(view: View) -> tuple[Cause, str] | None:
    """Say so where yours is <dout, out> times too large: then dout enters twice, once with the output."""
    value = float(view.evidence.point.dout @ view.evidence.point.out)
    if not value or abs(value - 1) <= AGREES or not view.n.any() or not view.matches(value * view.n):
        return None
    sentence = (
        f"yours is {value:.6g} x the numerical gradient, and that is the value of the loss: "
        f"backward starts from the value, where the gradient of the loss by itself, 1, belongs"
    )
    return Cause.LOCAL_DERIVATIVE | Cause.CONSTANT_FACTOR, sentence
