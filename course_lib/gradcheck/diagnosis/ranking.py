"""The hypotheses in the order in which they are believed."""

import numpy as np

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.evidence import Evidence


def diagnose(evidence: Evidence, k: int) -> tuple[Cause, str]:
    """Return the cause of argument k's wrong gradient, and a sentence for the student."""
    if k in evidence.faults:
        return evidence.faults[k]
    entries = evidence.judged[k]
    known = np.isfinite(entries.numerical)
    a, n = entries.analytic[known], entries.numerical[known]
    scale = np.max(np.abs(n), initial=0.0)
    if np.allclose(a, -n, rtol=1e-4, atol=1e-6 * scale):
        return Cause.SIGN, "yours is the numerical gradient with the opposite sign"
    if not a.any():
        return Cause.ZERO, "yours is zero everywhere"
    if n @ n:
        factor = float(a @ n / (n @ n))
        if np.allclose(a, factor * n, rtol=1e-4, atol=1e-6 * scale) and factor:
            cause = Cause.FACTOR_2 if np.isclose(factor, (0.5, 2.0)).any() else Cause.CONSTANT_FACTOR
            return cause, f"yours is {factor:.6g} x the numerical gradient"
    return Cause.LOCAL_DERIVATIVE, "yours does not follow from the numerical gradient by any simple slip"
