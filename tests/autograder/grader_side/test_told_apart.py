"""What a graded cell asserts to be two things, of which it has copies, is named by its text alone."""

import pytest

from autograder.grader_side.told_apart import told_apart_by

TOLD = {
    "assert f(1) is not f(1)": "f(1) is not f(1)",
    "a = f(1)\nb = f(2)\nassert a is not b": "a is not b",
    "a, b = f(1), f(2)\nassert not a is b": "not a is b",
    "assert f(2)[0] is not f(2)[0]": "f(2)[0] is not f(2)[0]",
    "a = f()[0]\nassert a is not f()[1], 'shared'": "a is not f()[1]",
    "assert Dog('a').tricks is not Dog('b').tricks": "Dog('a').tricks is not Dog('b').tricks",
    "a, b = Dog(), Dog()\nassert a.tricks is not b.tricks": "a.tricks is not b.tricks",
    "assert m.rows[0] is not m.rows[1]": "m.rows[0] is not m.rows[1]",
    "a, b = f(), f()\nassert id(a) != id(b)": "id(a) != id(b)",
    "assert not np.shares_memory(f(a), a)": "np.shares_memory(f(a), a)",
    "assert may_share_memory(f(a), a) is False": "may_share_memory(f(a), a)",
    "self.assertIsNot(f(), f(), 'shared')": "self.assertIsNot(f(), f(), 'shared')",
    "assert type(f(1)) is not Dog": "type(f(1)) is not Dog",
    "assert not f(1).__class__ is Dog": "not f(1).__class__ is Dog",
    "kind = type(f(1))\nself.assertIsNot(kind, Dog)": "self.assertIsNot(kind, Dog)",
    "assert not isinstance(f(a), np.matrix)": "isinstance(f(a), np.matrix)",
    "assert isinstance(f(a), (int, abc.Hashable))": "isinstance(f(a), (int, abc.Hashable))",
    "assert f(a).base is None": "f(a).base is None",
    "assert f(a).base is not a": "f(a).base is not a",
    "assert f(a).flags.owndata": "f(a).flags.owndata",
    "assert f(a).flags['OWNDATA']": "f(a).flags['OWNDATA']",
}
NOT_TOLD = [
    *("assert f(1) is f(1)", "assert f(1) is not None", "assert not f(1)", "assert f(1) != f(1)"),
    *("a = [1]\nb = f(a)\nassert b is not a", "m = grid(3)\nassert m[0] is not m[1]"),
    *("assert Dog() is not Dog()", "a, b = dogs.Dog(), dogs.Dog()\nassert a is not b"),
    *("c = d.copy()\nassert c is not d", "a, b = f()\nassert a is not b", "assert a is not b"),
    *("assert d.left is not d.right", "assert f() is not g()", "check.assertIsNot(f())", "assert ("),
    *("a = [1]\nassert id(f(a)) != id(a)", "assert id(f()) == id(f())", "assert len(f()) != len(f())"),
    *("assert 1 < f() is not f()", "self.assertIs(f(), f())"),
    *("assert type(f(1)) is not list", "from m import Dog\nassert type(f(1)) is not Dog"),
    "class Cat: pass\nassert type(f(1)) is not Cat",
    *(
        "assert type(f(1)) is not type(g(1))",
        "assert n.base == 2",
        "isinstance(f(a), np.ndarray)",
        "assert f(a).flags['C_CONTIGUOUS']",
    ),
]


@pytest.mark.parametrize(("source", "what"), TOLD.items())
def test_what_one_function_or_attribute_gave_twice_is_named(source, what):
    assert told_apart_by(source) == what


@pytest.mark.parametrize("source", NOT_TOLD)
def test_what_is_known_to_be_two_things_is_not(source):
    assert told_apart_by(source) == ""


def test_a_class_that_the_release_imports_is_the_same_on_both_sides():
    assert told_apart_by("assert type(f(1)) is not Fraction", frozenset({"Fraction"})) == ""
