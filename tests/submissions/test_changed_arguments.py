"""An answer that changes its arguments in place is not compared with what comes of the changed ones.

A check that computes what it expects from an argument *after* the call can be fooled: by an answer that makes
the argument simple, and is right about simple ones. So every answer is replaced here by one that changes all
arrays it can reach and then answers rightly, once in place and once on copies. Both are wrong; a check that
passes the first but not the second has looked at what the student made of its inputs. So has a check that
fails an answer which answers rightly and then changes them, with another reason than that they changed.

The gradient checker sees such changes, and so hides from this test what the rest of a check does not see. A
student can tell the two apart, by the shapes that are asked at; so some answers are right where it asks.
"""

import functools
import inspect
import sys

import numpy as np
import pytest
from inprocess import ASSIGNMENTS, cells_of, composer_of, grade_cells

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("verdicts_alone")]


def zeroed(array):
    return np.zeros_like(array)


def in_order(array):
    return np.sort(array, axis=None).reshape(array.shape)  # and again in order when it is changed again


def asked_by_the_checker():
    frame = sys._getframe(1)
    while frame is not None and "/gradcheck/" not in frame.f_code.co_filename:
        frame = frame.f_back
    return frame is not None


def changed(value, change, in_place):
    """``value`` with every array in it changed, either itself or as a copy."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiu":
        if not in_place:
            return change(value)
        if value.flags.writeable:
            value[...] = change(value).copy()
        return value
    if isinstance(value, dict):
        new = {key: changed(item, change, in_place) for key, item in value.items()}
        return value if in_place else new
    if type(value) in (list, tuple):
        new = type(value)(changed(item, change, in_place) for item in value)
        return value if in_place else new
    return value


class Changing:
    """Wraps functions so that the outermost call of one of them changes what it is called with.

    One that is ``wary`` does not, where the gradient checker calls, and leaves alone what its object holds.
    """

    def __init__(self, change, in_place, wary=False):
        self.change, self.in_place, self.wary, self.inside = change, in_place, wary, False

    def wrap(self, function, is_method=False):
        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            if self.inside or (self.wary and asked_by_the_checker()):
                return function(*args, **kwargs)
            owner, given = (args[:1], args[1:]) if is_method else ((), args)
            for item in () if self.wary else owner:
                state = getattr(item, "__dict__", {})
                state.update({name: self.new(value) for name, value in state.items()})
            given, named = self.new(given), self.new(kwargs)
            self.inside = True
            try:
                return function(*owner, *given, **named)
            finally:
                self.inside = False

        return wrapped

    def new(self, value):
        return changed(value, self.change, self.in_place)

    def wrap_all(self, names, namespace):
        for name in names:
            if inspect.isfunction(namespace[name]):
                namespace[name] = self.wrap(namespace[name])
            elif inspect.isclass(namespace[name]):
                for method, function in list(vars(namespace[name]).items()):
                    if inspect.isfunction(function):
                        setattr(namespace[name], method, self.wrap(function, is_method=True))


class ChangingAfterwards(Changing):
    """Wraps all answers, and functions that they return, so that they change what they were called with."""

    def __init__(self, answers):
        super().__init__(zeroed, in_place=True)
        self.cells = {f"<{answer}>" for answer in answers}

    def wrap(self, function, is_method=False):
        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            if self.inside:
                return function(*args, **kwargs)
            copies = changed((args, kwargs), np.copy, in_place=False)
            self.inside = True
            try:
                found = function(*copies[0], **copies[1])
            finally:
                self.inside = False
            self.new((args, kwargs))
            return self.wrapped_too(changed(found, np.copy, in_place=False))

        return wrapped

    def wrapped_too(self, found):
        if type(found) is tuple:
            return tuple(map(self.wrapped_too, found))
        return self.wrap(found) if inspect.isfunction(found) else found

    def wrap_answers(self, namespace):
        for name, value in list(namespace.items()):
            if self.is_answer(value):
                namespace[name] = self.wrap(value)
            for method, function in list(vars(value).items()) if inspect.isclass(value) else ():
                if self.is_answer(function):
                    setattr(value, method, self.wrap(function))

    def is_answer(self, function):
        return inspect.isfunction(function) and function.__code__.co_filename in self.cells


@functools.cache
def solved(assignment):
    composer, source = composer_of(assignment)
    return cells_of(source, composer.submission("mallory", "changes its arguments").notebook)


def passed(assignment, exercise, *how):
    composer, _ = composer_of(assignment)
    answer = compile(composer.solution[exercise], exercise, "exec")
    changing = Changing(*how)
    np.random.seed(0)  # noqa: NPY002 (students may use it)
    graded = grade_cells(
        solved(assignment),
        exercise=exercise,
        after=lambda namespace: changing.wrap_all(set(answer.co_names) & namespace.keys(), namespace),
    )
    return {
        (cell, outcome.name)
        for cell, checks in graded.items()
        for outcome in checks.outcomes
        if outcome.points
    }


EXERCISES = [
    pytest.param(assignment, exercise, id=exercise)
    for assignment in ASSIGNMENTS
    for exercise in composer_of(assignment)[0].solution
]


@pytest.mark.parametrize(("change", "wary"), [(zeroed, False), (in_order, True)])
@pytest.mark.parametrize(("assignment", "exercise"), EXERCISES)
def test_changing_arguments_in_place_passes_no_check(assignment, exercise, change, wary):
    fooled = passed(assignment, exercise, change, True, wary)
    if fooled:
        fooled -= passed(assignment, exercise, change, False, wary)
    assert fooled == set()


LOOKS_FOR_CHANGES = ("changed its argument", "changed dout in place", "after the call", "running[")


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_changing_arguments_after_a_right_answer_costs_what_looks_for_changes_alone(assignment):
    changing = ChangingAfterwards(composer_of(assignment)[0].solution)
    np.random.seed(0)  # noqa: NPY002 (students may use it)
    graded = grade_cells(solved(assignment), after=changing.wrap_answers)
    lost = {
        (cell, outcome.name): outcome.message
        for cell, checks in graded.items()
        for outcome in checks.outcomes
        if not outcome.points and not any(said in outcome.message for said in LOOKS_FOR_CHANGES)
    }
    assert lost == {}
