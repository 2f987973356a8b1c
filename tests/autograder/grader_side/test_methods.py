"""Methods and signatures of handles, and the classes that handles have."""

import inspect
from collections.abc import Mapping, Sequence, Set
from numbers import Integral, Rational, Real

import pytest

from autograder.grader_side import handle_kinds, line_search, lines_inside
from autograder.grader_side.belief import as_operand
from autograder.grader_side.errors import NotANumber
from autograder.grader_side.handle_kinds import HandleClasses
from autograder.grader_side.handles import Handle
from autograder.grader_side.methods import Method, signature_of
from autograder.grader_side.references import Trust
from autograder.student_side.traits import ABSTRACT


def test_a_method_is_called_by_its_name_in_one_message(handle_of, owner):
    handle, made = handle_of(), handle_of()
    method = Method(handle, "forward")
    owner.answers = [made]
    assert method(1, k=2) is made
    assert owner.asked == [("method", handle, "forward", 1, {"k": 2})]
    assert (method.__name__, method.__qualname__) == ("forward", "Thing.forward")
    assert method.__self__ is handle


@pytest.mark.parametrize("name", ["equals", "difference", "sub"])
def test_a_method_that_compares_is_not_asked_about_plain_data(name, handle_of, owner):
    handle, other = handle_of(), handle_of()
    method = Method(handle, name)
    with pytest.raises(
        NotANumber, match=rf"an object \(Thing\) cannot be compared by {name}; plain data was"
    ):
        method(3)
    with pytest.raises(NotANumber):
        method(other, 3)
    with pytest.raises(NotANumber):
        Method(as_operand(handle_of(), Trust()), name)(3)
    owner.answers = [True] * 3
    assert method(other)
    as_operand(handle)
    assert method(3)
    assert Method(handle, "forward")(3)
    assert len(owner.asked) == 3


def test_what_an_object_holds_is_compared_by_its_own_method(handle_of, owner):
    handle = handle_of("6")
    handle._wall.content = ("ab",)
    assert Method(handle, "startswith")("a")
    with pytest.raises(NotANumber, match="cannot be compared by equals"):
        Method(handle, "equals")("ab")
    assert owner.asked == []


def test_what_is_called_as_a_comparison_is_but_no_function_is_itself(handle_of, owner):
    handle = handle_of()
    owner.answers = [3.0, bool]
    assert handle.difference == 3.0
    with pytest.raises(NotANumber):
        handle.equals(7)


def test_the_docstring_of_a_method_is_the_students(handle_of, owner):
    handle = handle_of()
    owner.answers = ["Return x."]
    assert Method(handle, "forward").__doc__ == "Return x."
    assert owner.asked == [("of_method", handle, "forward", "__doc__")]


def test_the_signature_of_a_method_is_asked_for(handle_of, owner):
    handle = handle_of()
    owner.answers = [[[], ("x", 1, [], [])]]
    assert str(inspect.signature(Method(handle, "forward"))) == "(x)"
    assert owner.asked == [("signature", handle, "forward")]


def test_what_is_searched_of_a_method_is_searched_by_its_object_and_name(handle_of, owner, monkeypatch):
    handle, calls = handle_of(), []
    monkeypatch.setattr(line_search, "asked", lambda *args, **more: calls.append((*args, more)) or "line")
    monkeypatch.setattr(lines_inside, "inside", lambda *args: calls.append(args) or "inside")
    monkeypatch.setattr(lines_inside, "mended", lambda *args: calls.append(args) or "mended")
    method = Method(handle, "backward")
    assert method.__find_line__(["rest"], "dout", 5) == "line"
    assert method.__inside__(2) == "inside"
    assert method.__mended__("asked", "found") == "mended"
    named = [handle, "backward"]
    assert calls == [
        (owner, named, ["rest"], {"dout": "dout", "seed": 5}),
        (owner, named, 2),
        (owner, named, "asked", "found"),
    ]


def test_a_signature_has_kinds_defaults_annotations_and_what_is_returned(handle_of, owner):
    handle = handle_of("c")
    owner.answers = [
        [["Out"], ("a", 0, [], []), ("x", 1, [], ["A"]), ("y", 1, [2], []), ("k", 3, [None], [])]
    ]
    assert str(signature_of(handle)) == "(a, /, x: 'A', y=2, *, k=None) -> 'Out'"
    assert owner.asked == [("signature", handle)]
    owner.answers = [[[]]]
    assert signature_of(handle) == inspect.Signature()


@pytest.mark.parametrize(
    "said", [3, [], [[], ("x", 1)], [[], ("x", 9, [], [])], [[], ("x y", 1, [], [])], [[], ("x", 1, 3, [])]]
)
def test_what_is_no_signature_is_an_attribute_that_is_not_there(said, handle_of, owner):
    owner.answers = [said]
    with pytest.raises(AttributeError, match="the signature is not one: "):
        signature_of(handle_of("c"))


def test_handles_of_one_kind_with_the_same_traits_have_one_class():
    classes = HandleClasses()
    made = classes.find("Dog", "ccl")
    assert made.__name__ == "Dog"
    assert classes.find("Dog", "lc") is made
    assert classes.find("Dog", "l") is not made
    assert classes.find("Cat", "lc") is not made
    assert HandleClasses().find("Dog", "lc") is not made


def test_a_class_whose_name_cannot_be_shown_is_an_object():
    assert HandleClasses().find("a\nb", "l").__name__ == "object"


def test_classes_that_are_too_many_are_plain_objects(monkeypatch):
    monkeypatch.setattr(handle_kinds, "MOST_CLASSES", 2)
    classes = HandleClasses()
    known = [classes.find("A", "c"), classes.find("B", "c")]
    beyond = classes.find("C", "cl")
    assert (beyond.__name__, beyond.__bases__) == ("object", (Handle,))
    assert classes.find("D", "l") is beyond
    assert [classes.find("A", "c"), classes.find("B", "c")] == known


def test_what_is_a_mapping_a_sequence_a_set_or_a_number_there_is_one_here():
    numbers = {"N": Integral, "R": Rational, "V": Real}
    assert {"M": Mapping, "Q": Sequence, "S": Set} | numbers == ABSTRACT
    for letter, kind in ABSTRACT.items():
        made = HandleClasses().find("Own", letter)
        assert [other for other in ABSTRACT.values() if issubclass(made, other)] == [
            other for other in ABSTRACT.values() if issubclass(kind, other)
        ]


def test_what_cannot_be_hashed_is_no_key(handle_of, owner):
    with pytest.raises(
        NotANumber, match=r"your code returned an object \(Thing\), where a key of a dict was"
    ):
        hash(handle_of())
    owner.answers = [5]
    assert hash(handle_of("h")) == 5


@pytest.mark.parametrize("name", ["__doc__", "__annotations__", "__module__"])
def test_what_classes_say_is_asked_of_the_object(name, handle_of, owner):
    handle = handle_of()
    owner.answers = ["the object's own"]
    assert getattr(handle, name) == "the object's own"
    assert owner.asked == [("getattr", handle, name)]


def test_a_handle_has_no_room_for_attributes_of_its_own(handle_of):
    assert not hasattr(handle_of("cl"), "__slots__") or handle_of("cl").__slots__ == ()
    with pytest.raises(AttributeError):
        object.__setattr__(handle_of("cl"), "other", 1)


@pytest.mark.parametrize(
    ("traits", "content", "name", "value"),
    [("1", [7, 8], "count", 1), ("1", [7, 8], "index", 0), ("4", (8, 7), "index", 1)],
)
def test_a_list_of_ones_own_is_asked_for_a_value_by_what_it_holds(
    traits, content, name, value, handle_of, owner
):
    handle = handle_of(traits)
    owner.methods_of("Thing").add(name)
    owner.answers = [content]
    assert getattr(handle, name)(7) == value
    assert owner.was_asked(("content", handle))


def test_an_object_of_no_plain_type_looks_for_a_value_by_a_method_of_its_own(handle_of, owner):
    handle = handle_of("c")
    owner.methods_of("Thing").add("find")
    owner.answers = [True]
    assert handle.find(7) is True
    assert owner.was_asked(("method", handle, "find", 7))
