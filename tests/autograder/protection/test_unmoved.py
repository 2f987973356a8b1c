"""Graded cells that assert that answers left something alone."""

import pytest
import roles
from roles import cell

from autograder.protection.unmoved import asserted_unmoved

DATA = cell("import numpy as np\nstock = {'a': 1}\ndef same(a, b):\n    return a == b", grade_id="data")
READS = "def total():\n    return sum(stock.values())"
OWN = f"mine = [1]\n{READS.replace('stock.values()', 'mine')}"


def named(answer, source, *, released=""):
    cells = [DATA, roles.answer(answer, released), roles.graded(source)]
    return asserted_unmoved(cells).get("graded", "")


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        (READS, "assert total() == 1\nassert stock == {'a': 1}, 'as it was'"),
        (READS, "total()\nnp.testing.assert_equal(stock, {'a': 1})"),
        (READS, "x = total()\nassert same(stock, {'a': 1})"),
        (READS, "before = dict(stock)\ntotal()\nassert stock == before"),
        (OWN, "assert total() == 1\nassert mine == [1]"),
    ],
)
def test_what_answers_read_and_a_cell_asserts_something_of_alone_is_named(answer, source):
    assert named(answer, source) in ("stock", "mine")


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        (READS, "assert total() == sum(stock.values())"),
        (READS, "assert stock == {'a': 1}\nassert total() == 1"),
        ("x = 1", "assert stock == {'a': 1}"),
        ("stock = {'a': 2}", "assert stock == {'a': 2}"),
        (OWN, "assert mine == [1]\nassert total() == 1"),
        ("mine = [1]\ndef f(x):\n    return x", "f(mine)\nassert mine == [1]"),
        (READS, "assert total(stock) == 1\nassert stock == {'a': 1}"),
        (READS, "f = total\nfor _ in 'ab':\n    f(x=stock)\nassert stock == {'a': 1}"),
        (READS, "stock = {}\nassert stock == {}"),
        (READS, "assert np.pi > 3"),
        (READS, "no python"),
        (READS, "found = total()\nassert found == 1"),
    ],
)
def test_what_an_assertion_says_of_answers_is_none_of_it(answer, source):
    assert named(answer, source) == ""


def test_where_cells_are_tagged_there_is_none():
    assert asserted_unmoved([cell("stock = [1]", tags=["setup"], grade_id="setup")]) == {}
