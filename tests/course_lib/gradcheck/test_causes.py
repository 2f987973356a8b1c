import re
from pathlib import Path

import pytest

from course_lib import Cause
from course_lib.gradcheck.causes import ContractError

GUIDE = Path(__file__).parents[3] / "docs" / "gradcheck.md"

# Known answers and reports of classes keep these names.
NAMES = {
    "RAISED": "raised an exception",
    "WRONG_COUNT": "wrong number of gradients",
    "WRONG_TYPE": "wrong type",
    "NON_FINITE": "non-finite",
    "MUTATED": "mutated argument",
    "NOT_DETERMINISTIC": "not deterministic",
    "FOREIGN_CACHE": "not this forward's cache",
    "UPSTREAM_IGNORED": "upstream gradient ignored",
    "UPSTREAM_MISUSED": "not proportional to the upstream gradient",
    "MASK_FROM_WRONG_TENSOR": "mask from the wrong tensor",
    "SIGN": "sign",
    "FACTOR_2": "factor 2",
    "SCALE_N": "scale by N",
    "WRONG_SUM": "summed too much or not at all",
    "OFF_BY_ONE": "off by one index",
    "TIE_COUNTED_TWICE": "tie counted twice",
    "REGULARIZATION": "missing or mis-scaled regularization",
    "FLOAT32": "float32",
    "LOCAL_DERIVATIVE": "local derivative wrong",
    "NO_DEPENDENCE": "no dependence on the argument",
    "OTHER_VALUE": "wrong value",
}


@pytest.mark.parametrize(("member", "name"), NAMES.items())
def test_the_names_are_the_ones_that_are_kept_elsewhere(member, name):
    assert str(Cause[member]) == name


def test_the_guide_lists_every_cause_and_no_other():
    table = GUIDE.read_text().split("| cause | meaning |")[1].split("\n\n")[0]
    rows = [row.split("|")[1] for row in table.strip().splitlines()[1:]]
    assert sorted(name.strip() for row in rows for name in row.split(",")) == sorted(map(str, Cause))


def test_every_cause_has_a_short_name_of_its_own():
    names = [str(cause) for cause in Cause]
    assert len(set(names)) == len(names) > 30
    assert all(re.fullmatch(r"[a-zA-Z0-9' -]{4,45}", name) for name in names)


def test_two_causes_are_both_named():
    both = Cause.DROPPED_PATH | Cause.OVERWRITTEN
    assert str(both) == "overwritten or dropped path"
    assert Cause.DROPPED_PATH in both


def test_a_broken_contract_says_what_and_where():
    error = ContractError(Cause.RAISED, "backward raised", "backward")
    assert (str(error), error.sentence) == ("backward raised", "backward raised")
    assert (error.cause, error.where) == (Cause.RAISED, "backward")
    assert ContractError(None, "not written yet").where == ""
