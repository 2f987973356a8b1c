"""Which examples doctest runs while a graded cell does."""

import doctest
import sys

import pytest

from autograder.grader_side import examples
from autograder.grader_side.examples import no_others_examples

OWN = """
    >>> for n in (1, 2):
    ...     print(double(n))
    2
    4
"""
CELL = f"import doctest\ndef example():\n    '''{OWN}    '''\n"


def failures(docstring):
    """How many of the examples of a docstring fail, and what they left in a list."""
    left = []
    names = {"left": left, "double": lambda x: 2 * x}
    test = doctest.DocTestParser().get_doctest(docstring, names, "f", None, 0)
    return doctest.DocTestRunner(verbose=False).run(test, out=lambda text: None).failed, left


def test_an_example_of_the_cells_own_is_run():
    with no_others_examples(CELL):
        assert failures(OWN) == (0, [])


@pytest.mark.parametrize(
    "line", ["left.append(1)", "double(1) or left.append(1)", "print(double(n)); left.append(1)"]
)
def test_an_example_of_somebody_elses_is_not_run(line):
    with no_others_examples(CELL):
        assert failures(f">>> {line}") == (1, [])


def test_elsewhere_and_in_a_cell_without_any_every_example_is_run():
    assert failures(">>> left.append(1)") == (0, [1])
    with no_others_examples("assert f(1) == 2"):
        assert failures(">>> left.append(1)") == (0, [1])


def test_what_is_no_example_is_compiled():
    with no_others_examples(CELL):
        assert eval("1 + 1") == 2


def test_examples_are_watched_once(monkeypatch):
    hooks = []
    examples._watch.cache_clear()
    monkeypatch.setattr(sys, "addaudithook", hooks.append)
    for _ in range(2):
        with no_others_examples(CELL):
            pass
    assert hooks == [examples._refuse]
    examples._watch.cache_clear()
