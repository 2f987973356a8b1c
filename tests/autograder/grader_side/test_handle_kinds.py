"""What only some handles can do, as their objects do it: each asks for it, and believes no wrong kind."""

import os
from collections.abc import Mapping, Sequence, Set
from numbers import Integral, Rational, Real

import pytest

from autograder.grader_side import handle_kinds
from autograder.grader_side.belief import as_operand
from autograder.grader_side.errors import CannotCross, KeptBack, NotANumber
from autograder.grader_side.handle_kinds import KINDS_OF_HANDLES, HandleClasses
from autograder.grader_side.handles import Handle
from autograder.grader_side.references import Trust
from autograder.student_side.traits import ABSTRACT, METHODS
from course_lib.grading import CheckEnded


def asks(owner, answer, work):
    """What some work gives when the student's side answers it so; and what it was asked."""
    owner.answers, owner.asked = [answer], []
    return work(), owner.asked


def test_each_letter_brings_its_special_method_and_no_other():
    assert set(KINDS_OF_HANDLES) == set(METHODS) - {"h"}
    everywhere = {name for name in METHODS.values() if hasattr(Handle, name)} | {"__call__"}
    for letter, name in METHODS.items():
        made = HandleClasses().find("Thing", letter)
        assert hasattr(made, name)
        others = set(METHODS.values()) - everywhere - {name}
        if letter != "n":  # an iterator is iterable
            assert [other for other in others if hasattr(made, other) and other != "__hash__"] == []


@pytest.mark.parametrize(
    ("traits", "answer", "work", "asked"),
    [
        ("c", 3, lambda h: h(1, k=2), ("call", 1, {"k": 2})),
        ("l", 3, len, ("len",)),
        ("g", 3, lambda h: h["key"], ("getitem", "key")),
        ("r", [3], lambda h: next(reversed(h)), ("reversed",)),
        ("f", 3.0, float, ("float",)),
        ("I", 3, int, ("int",)),
        ("x", 3, lambda h: range(9)[h], ("index",)),
        ("C", 3 + 0j, complex, ("complex",)),
        ("n", 3, next, ("next",)),
        ("w", 3, lambda h: h.__enter__(), ("enter",)),
    ],
)
def test_what_is_asked_of_an_object_travels_and_its_answer_comes_back(
    traits, answer, work, asked, handle_of, owner
):
    handle = handle_of(traits)
    value, was_asked = asks(owner, answer, lambda: work(handle))
    assert value == 3
    assert type(value) is type(answer) or traits == "r"
    assert was_asked == [(asked[0], handle, *asked[1:])]


@pytest.mark.parametrize(
    ("traits", "wrong", "work", "says"),
    [
        ("l", "3", len, "len.. of an object .Thing. is no int"),
        ("o", b"a", os.fspath, "fspath.. of an object .Thing. is no str"),
        ("f", 3, float, "float.. of an object .Thing. is no float"),
        ("I", 3.0, int, "int.. of an object .Thing. is no int"),
        ("x", True, lambda h: range(9)[h], "index.. of an object .Thing. is no int"),
        ("C", 3.0, complex, "complex.. of an object .Thing. is no complex"),
        ("w", 1, lambda h: h.__exit__(None, None, None), "exit.. of an object .Thing. is no bool"),
    ],
)
def test_an_answer_of_another_kind_is_no_number(traits, wrong, work, says, handle_of, owner):
    handle = handle_of(traits)
    owner.answers = [wrong]
    with pytest.raises(NotANumber, match=says):
        work(handle)


def test_a_path_says_once_where_it_leads(handle_of, owner):
    handle = handle_of("o")
    owner.answers = ["a/b.txt", "/etc/passwd"]
    assert [os.fspath(handle), os.fspath(handle)] == ["a/b.txt"] * 2
    assert owner.asked == [("fspath", handle)]


def test_an_item_is_set_and_deleted_there(handle_of, owner):
    handle = handle_of("sd")
    owner.answers = [None, None]
    handle["key"] = 3
    del handle["other"]
    assert owner.asked == [("setitem", handle, "key", 3), ("delitem", handle, "other")]


def test_what_a_class_makes_is_the_checks_own_and_what_a_function_returns_is_not(handle_of, owner):
    function, made, made_too = handle_of("c"), handle_of(), handle_of()
    object.__setattr__(function, "_wall_makes", False)
    owner.answers = [made, made_too]
    assert function() is made
    assert not made._wall.operand
    object.__setattr__(function, "_wall_makes", True)
    assert function() is made_too
    assert made_too._wall.operand


def test_items_come_one_by_one_until_there_are_no_more(handle_of, owner):
    handle, iterator = handle_of("i"), handle_of("n")
    owner.answers = [iterator, 1, 2, StopIteration]
    assert list(handle) == [1, 2]
    assert owner.asked == [("iter", handle), *[("next", iterator)] * 3]


def test_more_items_than_the_bound_are_no_answer(handle_of, owner, monkeypatch):
    monkeypatch.setattr(handle_kinds, "MAX_ITERATIONS", 3)
    handle, iterator = handle_of("i"), handle_of("n", "Endless")
    owner.answers = [iterator, 1, 2, 3, StopIteration]
    assert list(handle) == [1, 2, 3]
    owner.answers = [iterator, 1, 2, 3, 4]
    with pytest.raises(NotANumber, match=r"an object \(Thing\) has more than 3 items"):
        list(handle)
    owner.answers = [1, 2, 3, 4]
    assert [next(iterator) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(NotANumber, match=r"an object \(Endless\) has more than 3 items"):
        next(iterator)


def test_a_generator_is_its_own_iterator_and_another_one_is_asked(handle_of, owner):
    for kind in ("generator", "map", "filter", "zip", "enumerate"):
        generator = handle_of("ni", kind)
        assert iter(generator) is generator
    own, begun = handle_of("ni", "Countdown"), iter([])
    owner.answers = [begun]
    assert iter(own) is begun
    assert owner.asked == [("iter", own)]


def test_whether_something_plain_is_in_it_is_seen_from_its_elements(handle_of, owner):
    handle, iterator = handle_of("ik"), handle_of("n")
    for sought, expected in ((2, True), (5, False), (float("nan"), False)):
        owner.answers = [iterator, 1, 2, StopIteration]
        assert (sought in handle) is expected
    here = float("nan")
    owner.answers = [iterator, here]
    assert here in handle  # the very object, as in a list


def test_what_holds_no_elements_to_look_at_cannot_be_asked(handle_of):
    with pytest.raises(NotANumber, match=r"an object \(Thing\) cannot be asked what is in it; its elements"):
        assert 1 in handle_of("k")
    with pytest.raises(NotANumber):
        assert 1 in as_operand(handle_of("k"), Trust())


def test_an_object_that_the_check_made_may_say_what_is_in_it_and_so_may_one_asked_for_an_object(
    handle_of, owner
):
    handle, item = handle_of("k"), handle_of()
    owner.answers = [True]
    assert item in handle
    as_operand(handle)
    owner.answers = [False]
    assert 3 not in handle
    assert owner.asked == [("contains", handle, item), ("contains", handle, 3)]


def test_a_context_that_gives_itself_keeps_what_it_is_to_the_check(handle_of, owner):
    own, other = handle_of("w"), handle_of()
    as_operand(own)
    owner.answers = [own]
    as_operand(own)
    with_itself = own.__enter__()
    assert with_itself is own
    assert own._wall.operand
    owner.answers = [other]
    assert own.__enter__() is other
    assert not other._wall.operand
    theirs = handle_of("w")
    owner.answers = [theirs]
    assert theirs.__enter__() is theirs
    assert not theirs._wall.operand


def test_a_context_hears_of_an_exception_but_not_of_the_end_of_a_check(handle_of, owner):
    handle, error = handle_of("w"), ValueError("bad")
    owner.answers = [False, True]
    assert handle.__exit__(ValueError, error, None) is False
    assert handle.__exit__(None, None, None) is False
    assert owner.asked == [("exit", handle, error), ("exit", handle, None)]
    assert handle.__exit__(CheckEnded, CheckEnded("over"), None) is False
    assert len(owner.asked) == 2


@pytest.mark.parametrize(
    ("error", "said"), [(AssertionError("no"), "AssertionError: no$"), (ValueError(), "block, ValueError$")]
)
def test_no_context_keeps_back_what_ends_a_check(error, said, handle_of, owner):
    owner.answers = [handle := handle_of("w"), True]
    with pytest.raises(KeptBack, match=said), handle:
        raise error


def test_an_exception_that_cannot_cross_is_told_by_its_name(handle_of, owner):
    class OurError(Exception):
        pass

    handle = handle_of("w")
    owner.answers = [CannotCross, False]
    assert handle.__exit__(OurError, OurError(), None) is False
    operation, of, told = owner.asked[-1]
    assert (operation, of is handle, type(told), str(told)) == (
        "exit",
        True,
        RuntimeError,
        "OurError in a check",
    )


def test_a_data_class_has_its_fields(handle_of, owner):
    handle = handle_of("D")
    owner.answers = [[("x", True, True, True, False, "int", ())]]
    assert list(handle.__dataclass_fields__) == ["x"]
    assert owner.asked == [("fields", handle)]


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


def test_classes_that_are_too_many_are_forgotten_and_the_next_can_do_all_that_they_should(monkeypatch):
    monkeypatch.setattr(handle_kinds, "MOST_CLASSES", 2)
    classes = HandleClasses()
    known = [classes.find("A", "c"), classes.find("B", "c")]
    assert [classes.find("A", "c"), classes.find("B", "c")] == known
    beyond = classes.find("C", "cl")
    assert (beyond.__name__, len(beyond.__bases__)) == ("C", 2)
    assert classes.find("C", "lc") is beyond
    assert classes.find("A", "c") is not known[0]


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
