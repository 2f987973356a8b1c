"""Hypothesis: contributions are lost where an index repeats, since `g[rows] += d` adds to each row once."""

import numpy as np

from course_lib.gradcheck.causes import NOTHING_SIMPLE, Cause
from course_lib.gradcheck.diagnosis.evidence import Finding, View


def repeated_indices(view: View) -> Finding | None:
    """A few rows are wrong and all others right; asked as a question, since other slips look alike."""
    if view.x.ndim < 2 or not view.complete or view.evidence.judged[view.k].rough.any():
        return None
    if any(entries.wrong.size for k, entries in view.evidence.judged.items() if k != view.k):
        return None  # what goes to the wrong rows leaves all other arguments right
    rows = len(view.x)
    differs = np.zeros(view.x.shape, dtype=bool)
    differs[view.use] = ~view.equal(view.a, view.n)
    used = view.n.reshape(rows, -1).any(axis=1)
    wrong = differs.reshape(rows, -1).all(axis=1)
    right = ~differs.reshape(rows, -1).any(axis=1)
    if not (wrong | right).all() or not wrong.any() or not (right & used).any():
        return None
    if (wrong & ~used).any():
        return None  # where no index points, none repeats
    jacobian = view.numerical_jacobian
    if jacobian is not None and view.out.size > 1:
        goes = (~view.jacobian_zero(jacobian)).sum(axis=0).reshape(rows, -1)
        if (goes[wrong] <= 1).all():
            return None  # each entry goes into one output
    which = ", ".join(map(str, np.flatnonzero(wrong)[:5]))
    if np.count_nonzero(wrong) > 5:
        which += ", ..."
    sentence = (
        f"{NOTHING_SIMPLE}: only rows {which} of {view.name} are wrong; does an index repeat there? "
        f"g[rows] += d adds to each row once, np.add.at(g, rows, d) adds every contribution"
    )
    return Finding(Cause.LOCAL_DERIVATIVE, sentence)
