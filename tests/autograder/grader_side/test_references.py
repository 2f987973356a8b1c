"""A reference gives its object back when nobody has it any longer, and knows until when it is an operand."""

import pytest

from autograder.grader_side.references import ALWAYS, Reference, Trust


class Owner:
    """Notes which objects of which generation are given back."""

    def __init__(self):
        self.released = []

    def release(self, number, generation):
        self.released.append((number, generation))


@pytest.fixture(name="owner")
def owner_fixture():
    return Owner()


def test_the_object_is_given_back_when_the_reference_goes_and_not_before(owner):
    reference = Reference(owner, 7, 2, "Stack", "c")
    assert owner.released == []
    del reference
    assert owner.released == [(7, 2)]


def test_a_new_reference_is_of_no_name_no_verdict_and_nobodys_operand(owner):
    reference = Reference(owner, 7, 2, "Stack", "c")
    assert (reference.name, reference.taken) == ("", 0)
    assert (reference.told, reference.operand, reference.made_by_check) == (False, False, False)
    assert reference.renewed is reference.handle is reference.content is None
    assert (reference.own_name, reference.traits) == ("Stack", "c")


def test_what_is_trusted_is_an_operand_until_that_trust_has_ended(owner):
    while_it_runs = Trust()
    mine, its = Reference(owner, 1, 0, "", ""), Reference(owner, 2, 0, "", "")
    mine.trust, its.trust = ALWAYS, while_it_runs
    assert (mine.operand, its.operand) == (True, True)
    assert (mine.made_by_check, its.made_by_check) == (True, False)
    while_it_runs.ended = True
    assert (mine.operand, its.operand) == (True, False)
