"""What only some handles can do, as their objects do it: each asks for it, and believes no wrong kind."""

import inspect
from collections.abc import Mapping, Sequence, Set

import pytest

from autograder.grader_side import handle_kinds, line_search, lines_inside
from autograder.grader_side.errors import CannotCross, NotANumber
from autograder.grader_side.handle_kinds import KINDS_OF_HANDLES, HandleClasses, Method, signature_of
from autograder.grader_side.handles import Handle
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


def test_an_item_is_set_and_deleted_there(handle_of, owner):
    handle = handle_of("sd")
    owner.answers = [None, None]
    handle["key"] = 3
    del handle["other"]
    assert owner.asked == [("setitem", handle, "key", 3), ("delitem", handle, "other")]


def test_what_a_call_returns_is_marked_so_and_what_a_class_makes_is_the_checks_own(handle_of, owner):
    function, made, made_too = handle_of("c"), handle_of(), handle_of()
    object.__setattr__(function, "_name", "make")
    owner.answers = [made, made_too]
    assert function() is made
    assert (made._wall.returned, made._wall.operand) == (True, False)
    object.__setattr__(function, "_name", "Make")
    assert function() is made_too
    assert (made_too._wall.returned, made_too._wall.operand) == (False, True)


def test_items_come_one_by_one_until_there_are_no_more(handle_of, owner):
    handle, iterator = handle_of("i"), handle_of("n")
    owner.answers = [iterator, 1, 2, StopIteration]
    assert list(handle) == [1, 2]
    assert owner.asked == [("iter", handle), *[("next", iterator)] * 3]


def test_more_items_than_the_bound_are_no_answer(handle_of, owner, monkeypatch):
    monkeypatch.setattr(handle_kinds, "MAX_ITERATIONS", 3)
    handle, iterator = handle_of("i"), handle_of("n", "Endless")
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


def test_an_object_that_the_check_made_may_say_what_is_in_it_and_so_may_one_asked_for_an_object(
    handle_of, owner
):
    handle, item = handle_of("k"), handle_of()
    owner.answers = [True]
    assert item in handle
    handle._wall.operand = True
    owner.answers = [False]
    assert 3 not in handle
    assert owner.asked == [("contains", handle, item), ("contains", handle, 3)]


def test_a_context_that_gives_itself_keeps_what_it_is_to_the_check(handle_of, owner):
    own, other = handle_of("w"), handle_of()
    own._wall.operand = True
    owner.answers = [own]
    own._wall.operand = True
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
    owner.answers = [True, False]
    assert handle.__exit__(ValueError, error, None) is True
    assert handle.__exit__(None, None, None) is False
    assert owner.asked == [("exit", handle, error), ("exit", handle, None)]
    assert handle.__exit__(CheckEnded, CheckEnded("over"), None) is False
    assert len(owner.asked) == 2


def test_an_exception_that_cannot_cross_is_told_by_its_name(handle_of, owner):
    class OurError(Exception):
        pass

    handle = handle_of("w")
    owner.answers = [CannotCross, True]
    assert handle.__exit__(OurError, OurError(), None) is True
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


def test_a_method_is_called_by_its_name_in_one_message(handle_of, owner):
    handle, made = handle_of(), handle_of()
    method = Method(handle, "forward")
    owner.answers = [made]
    assert method(1, k=2) is made
    assert made._wall.returned
    assert owner.asked == [("method", handle, "forward", 1, {"k": 2})]
    assert (method.__name__, method.__qualname__) == ("forward", "Thing.forward")
    assert method.__self__ is handle


def test_a_method_that_compares_is_not_asked_about_plain_data(handle_of, owner):
    handle, other = handle_of(), handle_of()
    method = Method(handle, "equals")
    with pytest.raises(NotANumber, match=r"an object \(Thing\) cannot be compared by equals; plain data was"):
        method(3)
    with pytest.raises(NotANumber):
        method(other, 3)
    owner.answers = [True] * 3
    assert method(other)
    handle._wall.operand = True
    assert method(3)
    assert Method(handle, "forward")(3)
    assert len(owner.asked) == 3


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


def test_what_is_a_mapping_a_sequence_or_a_set_there_is_one_here():
    abstract = {"M": Mapping, "Q": Sequence, "S": Set}
    assert abstract == ABSTRACT
    for letter, kind in abstract.items():
        made = HandleClasses().find("Own", letter)
        assert issubclass(made, kind)
        assert [other for other in abstract.values() if issubclass(made, other)] == [kind]


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
