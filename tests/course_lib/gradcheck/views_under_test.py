"""What a hypothesis of the diagnosis looks at, for tests of one of them alone."""

import numpy as np
from points_under_test import point_of

from course_lib.gradcheck.contract import Contract
from course_lib.gradcheck.diagnosis.evidence import Evidence, View
from course_lib.gradcheck.entries import RIGHT, UNSEEN, WRONG, Entries

ALLOWED = 1e-9


def entries_of(yours, numerical, allowed=ALLOWED, jacobian=None, **changes):
    """Return what is known of entries: right or wrong by the two gradients; nan was not looked at.

    `jacobian` has a row for each output and a column for each entry.
    """
    yours, numerical = np.array(yours, dtype=float).ravel(), np.array(numerical, dtype=float).ravel()
    entries = Entries.unseen(yours)
    entries.numerical = numerical
    entries.allowed = np.where(np.isnan(numerical), np.nan, allowed)
    with np.errstate(invalid="ignore"):
        entries.state = np.where(np.abs(yours - numerical) > entries.allowed, WRONG, RIGHT).astype(np.int8)
    entries.state[np.isnan(numerical)] = UNSEEN
    if jacobian is not None:
        entries.jacobian = dict(enumerate(np.array(jacobian, dtype=float).T))
    for name, value in changes.items():
        setattr(entries, name, np.array(value).ravel())
    return entries


def view_of(
    yours, numerical, *inputs, k=0, forward=None, backward=None, dout=None, others=None, faults=None, **known
):
    """Return the view of argument `k`, of a function of some inputs (the argument itself, unless given).

    `others` holds the numerical gradients of other arguments by number; `backward` returns all gradients.
    """
    yours = np.array(yours, dtype=float)
    inputs = inputs or (np.random.default_rng(0).normal(size=yours.shape),)
    gradients = [yours if j == k else np.zeros(np.shape(x)) for j, x in enumerate(inputs)]
    point = point_of(
        forward or (lambda *xs: xs[k]),
        *inputs,
        dout=dout,
        backward=backward or (lambda dout, cache: tuple(gradients)),
    )
    judged = {j: entries_of(g, g) for j, g in (others or {}).items()} | {
        k: entries_of(yours, numerical, **known)
    }
    return View(Evidence(point, Contract(gradients, token=point.inputs), judged, faults or {}), k)


def look(hypothesis, forward, backward, *inputs, wrong=None, k=0, **known):
    """Look at argument k of a pair; backward gets dout and the inputs, and returns that of k."""

    def gradients(dout, cache):
        found = [np.zeros(np.shape(x)) for x in inputs]
        found[k] = backward(dout, *cache)
        return tuple(found)

    yours = np.array(backward(np.ones(np.shape(forward(*inputs))), *inputs))
    right = yours + 1.0 if wrong is None else wrong
    found = hypothesis(view_of(yours, right, *inputs, k=k, forward=forward, backward=gradients, **known))
    return found and (found.cause, found.sentence)


def view_of_jacobians(yours, right, out_shape, x, *others, dout=None):
    """Return the view of the first argument, `x`, of a linear function of it; shapes are (*out, *x)."""
    x = np.array(x, dtype=float)
    outputs = int(np.prod(out_shape))
    mine, true = (np.array(jacobian, dtype=float).reshape(outputs, x.size) for jacobian in (yours, right))
    dout = np.random.default_rng(4).normal(size=outputs) if dout is None else np.ravel(dout)
    rest = [np.zeros(np.shape(other)) for other in others]
    return view_of(
        (dout @ mine).reshape(x.shape),
        (dout @ true).reshape(x.shape),
        x,
        *others,
        forward=lambda x, *others: (true @ x.ravel()).reshape(out_shape),
        backward=lambda dout, cache: ((np.ravel(dout) @ mine).reshape(x.shape), *rest),
        jacobian=true,
        dout=dout,
    )


def said(hypothesis, yours, right, *inputs, **known):
    """What is said of two gradients, the cause and the sentence; None where it is nothing."""
    with np.errstate(all="ignore"):  # as `ranking` has it
        found = hypothesis(view_of(yours, right, *inputs, **known))
    return found and (found.cause, found.sentence)


def linear(hypothesis, yours, right, out_shape, x_shape):
    """What is said of a linear function with these Jacobians, of shape (*out, *x)."""
    with np.errstate(all="ignore"):
        found = hypothesis(view_of_jacobians(yours, right, out_shape, np.ones(x_shape)))
    return found and (found.cause, found.sentence)


def explanation(check, k=0):
    """What is said of an argument whose gradient is found to be wrong."""
    assert check.passed is False
    return check.arguments[k].explanation
