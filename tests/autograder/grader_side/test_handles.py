"""What is said of an object: its text, truth, names, attributes, methods and kind."""

import copy
from enum import IntEnum, StrEnum
from types import FunctionType, GeneratorType

import pytest

from autograder.grader_side import line_search, lines_inside
from autograder.grader_side.errors import NotANumber
from autograder.grader_side.handles import MAX_TEXT, Handle
from autograder.grader_side.methods import Method
from autograder.grader_side.references import Reference


def test_the_truth_is_asked_of_what_was_told_nothing(handle_of, owner):
    handle = handle_of()
    owner.answers = [False]
    assert not handle
    handle._wall.told = True
    with pytest.raises(NotANumber, match=r"your code returned an object \(Thing\), where a number"):
        bool(handle)
    assert owner.was_asked(("truth", handle))


@pytest.mark.parametrize(
    ("work", "asked"),
    [
        (repr, ("repr",)),
        (str, ("str",)),
        (lambda h: f"{h:>5}", ("format", ">5")),
        (lambda h: f"{h}", ("format", "")),
    ],
)
def test_a_text_is_asked_for_and_bounded(work, asked, handle_of, owner):
    handle = handle_of()
    owner.answers = ["text"]
    assert work(handle) == "text"
    assert owner.was_asked(("text", handle, MAX_TEXT, *asked))
    assert MAX_TEXT == 100_000
    owner.answers = [5]
    with pytest.raises(NotANumber, match=r"text\(\) of an object \(Thing\) is no str"):
        work(handle)


def test_the_names_and_the_hash_of_an_object_are_asked_for(handle_of, owner):
    handle = handle_of("h")
    owner.answers = [["b", "a"], 12, 1.5]
    assert dir(handle) == ["a", "b"]
    assert hash(handle) == 12
    assert owner.was_asked(("dir", handle), ("hash", handle))
    with pytest.raises(NotANumber, match=r"hash.. of an object .Thing. is no int"):
        hash(handle)


def test_what_is_hashed_as_what_it_holds_has_the_hash_of_this_side(handle_of, owner):
    handle = handle_of("h6H")
    owner.answers = ["a"]
    assert handle in {"a", "b"}
    assert owner.was_asked(("content", handle))


def test_an_attribute_is_asked_for_set_and_deleted_there(handle_of, owner):
    handle = handle_of()
    owner.answers = [3, None, None]
    assert handle.x == 3
    handle.x = 4
    del handle.x
    assert owner.was_asked(("getattr", handle, "x"), ("setattr", handle, "x", 4), ("delattr", handle, "x"))


@pytest.mark.parametrize("name", ["__array_interface__", "__no_such__", "_repr_html_", "_ipython_display_"])
def test_what_is_asked_for_in_passing_does_not_travel(name, handle_of, owner):
    with pytest.raises(AttributeError, match=f"'Thing' object has no attribute '{name}'"):
        getattr(handle_of(), name)
    assert owner.asked == []


@pytest.mark.parametrize("name", ["__dict__", "__annotations__", "_private", "__len__"])
def test_what_says_something_travels(name, handle_of, owner):
    owner.answers = ["said"]
    assert getattr(handle_of(), name) == "said"


def test_a_name_is_known_here_or_there_is_none(handle_of, owner):
    named = handle_of("c", "function", own_name="forward")
    assert (named.__name__, named.__qualname__) == ("forward", "forward")
    for name in ("__name__", "__qualname__"):
        with pytest.raises(AttributeError, match=name):
            getattr(handle_of(), name)
    assert owner.asked == []


def test_only_what_can_be_called_has_a_signature(handle_of, owner):
    owner.answers = [[[], ("x", 1, [], [])]]
    assert str(handle_of("c").__signature__) == "(x)"
    with pytest.raises(AttributeError):
        handle_of().__signature__  # noqa: B018


def test_the_fields_of_a_data_class_are_asked_for_by_their_name(handle_of, owner):
    owner.answers = [[("x", True, True, True, False, "int", ())]]
    assert list(handle_of().__dataclass_fields__) == ["x"]


@pytest.mark.parametrize("kind", ["method", "builtin_function_or_method"])
def test_a_method_is_asked_for_once_and_then_known(kind, handle_of, owner):
    handle, other = handle_of(), handle_of()
    owner.answers = [handle_of("c", kind)]
    assert type(handle.forward) is Method
    assert (type(other.forward), other.forward.__self__) == (Method, other)
    assert len(owner.asked) == 1


def test_a_function_that_is_an_attribute_is_no_method(handle_of, owner):
    function = handle_of("c", "function")
    owner.answers = [function, function]
    handle = handle_of()
    assert handle.activation is function
    assert handle.activation is function
    assert len(owner.asked) == 2


def test_what_compares_is_always_a_method_which_refuses_plain_data(handle_of, owner):
    owner.answers = [handle_of("c", "function")]
    with pytest.raises(NotANumber):
        handle_of().equals(3)


@pytest.mark.parametrize("change", [lambda h: setattr(h, "f", 1), lambda h: delattr(h, "f")])
def test_a_method_that_is_set_or_deleted_is_asked_for_again(change, handle_of, owner):
    handle = handle_of()
    owner.answers = [handle_of("c", "method"), None, 5]
    assert type(handle.f) is Method
    change(handle)
    assert handle.f == 5


@pytest.mark.parametrize(
    ("traits", "kind"),
    [
        ("F", FunctionType),
        ("G", GeneratorType),
        ("T", type),
        ("1", list),
        ("5E", IntEnum),
        ("6E", StrEnum),
        ("cF", FunctionType),
    ],
)
def test_an_object_is_taken_for_what_it_says_it_is(traits, kind, handle_of):
    assert isinstance(handle_of(traits), kind)
    assert isinstance(handle_of(traits), Handle)


def test_what_can_be_called_may_have_attributes_that_are_no_signature(handle_of, owner):
    handle = handle_of("c")
    owner.answers = [5]
    assert handle.weight == 5
    assert [entry[0] for entry in owner.asked] == ["getattr"]


def test_an_object_of_the_students_own_class_is_of_that_class_alone(handle_of):
    handle = handle_of("l", "Stack")
    assert handle.__class__ is type(handle)
    assert not isinstance(handle, list | FunctionType)


def test_another_object_of_a_data_class_is_made_by_its_class(handle_of, owner):
    handle, kind, made = handle_of("D", "Point"), handle_of("cT", "type"), handle_of()
    owner.answers = [kind, made]
    assert handle.__class__.__name__ == "Point"
    assert handle.__class__(x=1) is made
    assert owner.was_asked(("getattr", handle, "__class__"), ("call", kind, {"x": 1}))
    owner.answers = [dict]
    with pytest.raises(NotANumber, match=r"an object \(Point\) says that its class is none of your code's"):
        handle.__class__(x=1)


def test_what_is_an_instance_or_a_subclass_is_asked_only_of_what_is_the_students(handle_of, owner):
    kind, thing = handle_of("T", "type"), handle_of()
    owner.answers = [True, False, "yes", True, False]
    assert [isinstance(thing, kind) for _ in range(3)] == [True, False, False]
    assert [issubclass(thing, kind) for _ in range(2)] == [True, False]
    assert not isinstance(3, kind)
    assert not issubclass(int, kind)
    assert owner.was_asked(*[("isinstance", thing, kind)] * 3, *[("issubclass", thing, kind)] * 2)


def test_what_is_searched_of_a_function_is_searched_by_its_handle(handle_of, owner, monkeypatch):
    handle, calls = handle_of(), []
    monkeypatch.setattr(line_search, "asked", lambda *args, **more: calls.append((*args, more)) or "line")
    monkeypatch.setattr(lines_inside, "inside", lambda *args: calls.append(args) or "inside")
    monkeypatch.setattr(lines_inside, "mended", lambda *args: calls.append(args) or "mended")
    assert handle.__find_line__(["rest"], "dout", 5) == "line"
    assert handle.__inside__(2) == "inside"
    assert handle.__mended__("asked", "found") == "mended"
    expected = (
        (owner, handle, ["rest"], {"dout": "dout", "seed": 5}),
        (owner, handle, 2),
        (owner, handle, "asked", "found"),
    )
    assert [tuple(map(id, call[:2])) for call in calls] == [tuple(map(id, call[:2])) for call in expected]
    assert [call[2:] for call in calls] == [call[2:] for call in expected]


def test_an_object_is_released_when_nobody_holds_its_handle(owner):
    handle = Handle(Reference(owner, 12, 3, "f", "c"))
    assert (handle._wall.own_name, handle._wall.traits, handle._wall_makes) == ("f", "c", False)
    assert (handle._wall.operand, handle._wall.name) == (False, "")
    assert owner.released == []
    del handle
    assert owner.released == [(12, 3)]


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy])
def test_a_copy_of_an_object_is_made_there(way, handle_of, owner):
    handle = handle_of()
    owner.answers = ["value"]
    assert way(handle) == "value"
    assert owner.was_asked((way.__name__, handle))
