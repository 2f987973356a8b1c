"""How a graded cell ends that runs where the student's objects are: a kind, a number and a text."""

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.student_side.inside import verdict_on


class Shell:
    """Stands for a shell: what each source gives when it is run."""

    def __init__(self, shown="", **results):
        self.results = results
        self.shown = shown
        self.user_ns = {}
        self.ran = []

    def execute(self, source):
        self.ran.append(source)
        empty = {"error_before_exec": None, "error_in_exec": None, "result": None}
        return SimpleNamespace(**empty | self.results.get(source, {}))


def verdict(value):
    return verdict_on(Shell(cell={"result": value}), "cell", [])


def test_the_cells_before_it_run_first_in_their_order():
    shell = Shell(cell={"result": 2}, first={"result": 3}, second={"error_in_exec": ValueError()})
    assert verdict_on(shell, "cell", ["first", "second"]) == ("number", 2.0, "")
    assert shell.ran == ["first", "second", "cell"]


@pytest.mark.parametrize("when", ["error_before_exec", "error_in_exec"])
def test_an_error_is_told_with_its_class_in_bounded_length(when):
    raised = verdict_on(Shell(cell={when: ValueError("no"), "result": 1}), "cell", [])
    assert raised == ("raised", 0.0, "ValueError: no")
    long = verdict_on(Shell(cell={when: KeyError("x" * 2000)}), "cell", [])[2]
    assert (len(long), long[:12]) == (1000, "KeyError: 'x")


def test_an_error_is_told_with_the_line_of_the_cell_and_not_of_what_it_calls():
    shell, cell = Shell(), "def f():\n    assert False\n\n\nf()"
    try:
        exec(compile(cell, "cell", "exec"), shell.user_ns)
    except AssertionError as error:
        shell.results["cell"] = {"error_in_exec": error}
    assert verdict_on(shell, "cell", []) == ("raised", 5.0, "AssertionError: ")


def test_a_line_of_another_module_is_none_of_the_cells():
    try:
        exec(compile("1 / 0", "elsewhere", "exec"), {})
    except ZeroDivisionError as error:
        shell = Shell(cell={"error_before_exec": error})
    assert verdict_on(shell, "cell", []) == ("raised", 0.0, "ZeroDivisionError: division by zero")


class UnsayableError(Exception):
    def __str__(self):
        raise UnsayableError


def test_an_error_that_says_nothing_is_told_by_its_class():
    raised = verdict_on(Shell(cell={"error_in_exec": UnsayableError()}), "cell", [])
    says = "UnsayableError: (its text could not be made: UnsayableError)"
    assert raised == ("raised", 0.0, says)


def test_an_error_that_is_shown_and_raised_no_further_counts_too():
    shown = verdict_on(Shell(shown="ValueError: no", cell={"result": 1}), "cell", [])
    assert shown == ("raised", 0.0, "ValueError: no")


@pytest.mark.parametrize(
    ("value", "ends"),
    [
        (None, ("nothing", 0.0, "")),
        (True, ("truth", 1.0, "")),
        (np.bool_(False), ("truth", 0.0, "")),
        (2, ("number", 2.0, "")),
        (Decimal("2.5"), ("number", 2.5, "")),
        (Fraction(1, 4), ("number", 0.25, "")),
        (np.int8(3), ("number", 3.0, "")),
        (np.float32(0.5), ("number", 0.5, "")),
        (-5, ("number", -1.0, "")),
        (-0.5, ("number", -0.5, "")),
        (10**400, ("number", 1e9, "")),
        (float("inf"), ("number", 1e9, "")),
        ("2", ("other", 0.0, "str")),
        (1j, ("other", 0.0, "complex")),
        (type("N" * 1500, (), {})(), ("other", 0.0, "N" * 1000)),
    ],
)
def test_a_value_is_a_truth_a_number_within_bounds_or_the_name_of_its_type(value, ends):
    kind, number, text = verdict(value)
    assert (kind, number, text) == ends
    assert type(number) is float


def test_no_number_stays_none():
    kind, number, _ = verdict(float("nan"))
    assert kind == "number"
    assert number != number
