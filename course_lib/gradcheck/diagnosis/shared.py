"""Hypothesis: a path through a value that entries share, like a mean or a norm, is wrong."""

import numpy as np

from course_lib.gradcheck.arrays import BoolArray, FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.evidence import Finding, View, dimensions
from course_lib.gradcheck.diagnosis.factors import COMMON

#: How often a 2 x 2 minor is looked at to see whether a matrix has rank one off its diagonal.
MINORS = 400

#: Values that entries share, the commonest first.
VALUES = "a mean, a variance, a norm, a softmax's sum, a matrix product"

#: Minors below this, relative to the largest entries, are zero.
ZERO_MINOR = 1e-4

#: A product u v^T is zero at few of the entries that share a value.
FILLED = 0.5


def shared_statistic(view: View) -> Finding | None:
    """A path through a shared value is missing, reversed or not averaged.

    Off its diagonal, the Jacobian of such a function is a sum of products u v^T, one for each shared value.
    If yours has k times one of them, the error is (1 - k) times it; taking error / (1 - k) away from the
    right Jacobian for the right k leaves nothing, or the one other product. Whether it does is seen in 2 x 2
    minors.
    """
    if view.jacobians is None or view.out.shape != view.x.shape or view.x.size < 4:
        return None
    yours, right = (jacobian.reshape(view.x.size, -1) for jacobian in view.jacobians)
    error = right - yours
    off = ~np.eye(view.x.size, dtype=bool)
    size = float(np.abs(right[off]).max())
    if not size or np.linalg.matrix_rank(error, 1e-5 * size) > view.x.size / 2:
        return None
    filled = np.abs(right) > 1e-6 * size
    if (np.abs(error) > 1e-5 * size)[off & ~filled].any():
        return None  # entries mix that share nothing
    where = f"the path through a value that entries share ({VALUES})"
    shares = {0.0: Finding(Cause.DROPPED_PATH, f"{where} is missing")}
    shares[-1.0] = Finding(Cause.SIGN_OF_ONE_TERM, f"{where} has the opposite sign")
    for length, name in dimensions(view).items():
        for share in (float(length), 1 / length):
            sentence, cause = f"{where} is off by a factor of {share:.3g}, and {name}", Cause.SCALE_N
            if length in (2, *COMMON):
                cause |= Cause.FACTOR_2 if length == 2 else Cause.CONSTANT_FACTOR
                sentence += ", or it is a constant factor"
            shares.setdefault(share, Finding(cause, sentence))
    for share, finding in shares.items():
        if np.abs((right - error / (1 - share))[off]).max() <= 1e-5 * size:
            return finding
    minors = _minor_indices(filled)
    if minors is None or _rank_one(right, minors, size):  # of one shared value, what is left says nothing
        return None
    # what lacks a factor of its own may leave one path as well
    shares[0.0] = Finding(Cause.DROPPED_PATH, f"{where} is missing or lacks a factor")
    for share, finding in shares.items():
        if _rank_one(right - error / (1 - share), minors, size):
            return finding
    return None


def _minor_indices(support: BoolArray) -> FloatArray | None:
    """Return indices i, j, k, l of 2 x 2 minors inside the support and off the diagonal."""
    rng = np.random.default_rng(0)
    rows = []
    for _ in range(20 * MINORS):
        i = int(rng.integers(len(support)))
        reach = np.flatnonzero(support[i])
        reach = reach[reach != i]
        if reach.size < 3:
            continue
        j, k, other = rng.choice(reach, 3, replace=False)
        if support[k, other] and support[k, j]:
            rows.append((i, j, k, other))
        if len(rows) == MINORS:
            break
    return np.array(rows).T if rows else None


def _rank_one(matrix: FloatArray, indices: FloatArray, size: float) -> bool:
    """Whether minors are zero, and not because most of the entries are: such a matrix shows nothing."""
    i, j, k, other = indices
    if np.mean(np.abs(matrix[i, j]) > 1e-6 * size) < FILLED:
        return False
    minors = matrix[i, j] * matrix[k, other] - matrix[i, other] * matrix[k, j]
    return bool(
        np.abs(minors).max() <= ZERO_MINOR * size * max(size * 1e-2, float(np.abs(matrix[i, j]).max()))
    )
