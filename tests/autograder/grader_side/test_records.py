"""Named tuples of the student's with the same fields here, and the fields of data classes."""

import dataclasses

import pytest

from autograder.grader_side import records
from autograder.grader_side.records import Records, fields_of
from autograder.student_side.frames import WireError
from autograder.student_side.wire import MAX_DEPTH


@pytest.fixture
def read(decoder_of):
    """Reads a named tuple of a class, given its name, its fields and their values."""

    def read(known, name, fields, values, number=5, generation=0, depth=0):
        decoder = decoder_of([name, len(fields), *fields], values)
        return known.read(number, generation, decoder, depth)

    return read


def test_a_named_tuple_arrives_with_its_class_and_fields(read):
    known = Records()
    made = read(known, "Point", ["x", "y"], (1.0, 2.0))
    assert (type(made).__name__, made._fields, made) == ("Point", ("x", "y"), (1.0, 2.0))
    assert made.y == 2.0
    assert type(read(known, "Point", ["x", "y"], (3, 4))) is type(made)
    assert type(read(known, "Point", ["x", "z"], (3, 4))) is not type(made)
    assert type(read(known, "Pair", ["x", "y"], (3, 4))) is not type(made)
    assert read(known, "Nothing", [], ()) == ()


def test_a_class_stands_for_the_students_as_long_as_its_process_lives(read):
    known = Records()
    kind = type(read(known, "Point", ["x"], (1,), number=5, generation=2))
    assert known.number_of(kind, 2) == 5
    assert known.number_of(kind, 3) is None
    assert known.number_of(tuple, 2) is None
    assert known.number_of(tuple, 0) is None
    assert (known.knows(kind), known.knows(tuple)) == (True, False)
    read(known, "Point", ["x"], (1,), number=9, generation=3)
    assert (known.number_of(kind, 3), known.number_of(kind, 2)) == (9, None)


@pytest.mark.parametrize("values", [(1,), (1, 2, 3), [1, 2], 3])
def test_each_field_has_a_value(values, read):
    with pytest.raises(WireError, match="a named tuple should have a value for each of its fields"):
        read(Records(), "Point", ["x", "y"], values)


def test_a_count_of_fields_is_none_that_is_negative_or_too_great(read, decoder_of):
    names = [f"x{k}" for k in range(65)]
    assert len(read(Records(), "Row", names[:64], tuple(range(64)))._fields) == 64
    for count in (-1, 65):
        with pytest.raises(WireError, match="a named tuple should have at most 64 fields"):
            Records().read(5, 0, decoder_of(["Row", count, *names], tuple(range(65))), 0)


def test_values_are_as_deep_as_the_tuple_and_one(read):
    assert read(Records(), "Point", ["x"], (1,), depth=MAX_DEPTH - 1) == (1,)
    with pytest.raises(WireError):
        read(Records(), "Point", ["x"], (1,), depth=MAX_DEPTH)


@pytest.mark.parametrize("name", ["class", "_x", "x y", "", "é" * 81, "ﬁeld"])
def test_what_python_would_not_call_so_is_a_plain_tuple(name, read):
    known = Records()
    assert type(read(known, "Point", ["x", name], (1, 2))) is tuple
    assert type(read(known, name, ["x"], (1,))) is tuple
    assert type(read(known, "Point", ["x", "y"], (1, 2))) is not tuple


def test_two_fields_of_one_name_are_a_plain_tuple(read):
    assert type(read(Records(), "Point", ["x", "x"], (1, 2))) is tuple


def test_a_name_may_be_as_long_as_the_bound(read):
    assert type(read(Records(), "P" * 80, ["x"], (1,))) is not tuple
    assert type(read(Records(), "P" * 81, ["x"], (1,))) is tuple


def test_classes_beyond_the_bound_are_plain_tuples(read, monkeypatch):
    monkeypatch.setattr(records, "MOST", 2)
    known = Records()
    kinds = [type(read(known, name, ["x"], (1,))) for name in ("A", "B", "C", "A")]
    assert [kind.__name__ for kind in kinds] == ["A", "B", "tuple", "A"]
    assert not known.knows(tuple)


#        name, init, repr, compare, kw_only, type, default
PLAIN = ("x", True, True, True, False, "int", ())


def test_the_fields_of_a_data_class_are_what_they_are_there(handle_of, owner):
    owner.answers = [
        [PLAIN, ("y", False, False, False, True, "list[int]", ("there",)), ("z", 1, 0, 1, 0, "int", (0,))]
    ]
    handle = handle_of("D")
    found = fields_of(handle)
    assert owner.asked == [("fields", handle)]
    said = {
        name: (field.init, field.repr, field.compare, field.kw_only, field.type)
        for name, field in found.items()
    }
    assert said == {
        "x": (True, True, True, False, "int"),
        "y": (False, False, False, True, "list[int]"),
        "z": (True, False, True, False, "int"),
    }
    assert found["x"].default is dataclasses.MISSING
    assert (found["y"].default, found["z"].default) == ("there", 0)
    assert all(found[name].name == name for name in found)


def test_a_default_that_would_be_shared_is_none(handle_of, owner):
    owner.answers = [[("y", *PLAIN[1:-1], ([3],))]]
    with pytest.raises(AttributeError, match="the fields of a data class are none: mutable default"):
        fields_of(handle_of("D"))


def test_fields_that_are_too_many_are_none(handle_of, owner):
    owner.answers = [[(f"x{k}", *PLAIN[1:]) for k in range(64)]]
    assert len(fields_of(handle_of("D"))) == 64
    owner.answers = [[(f"x{k}", *PLAIN[1:]) for k in range(65)]]
    with pytest.raises(AttributeError):
        fields_of(handle_of("D"))


@pytest.mark.parametrize("said", [[("x",)], [("x y", *PLAIN[1:])], [("class", *PLAIN[1:])], [[3] * 7]])
def test_what_are_no_fields_is_an_attribute_that_is_not_there(said, handle_of, owner):
    owner.answers = [said]
    with pytest.raises(AttributeError, match="the fields of a data class are none: "):
        fields_of(handle_of("D"))
