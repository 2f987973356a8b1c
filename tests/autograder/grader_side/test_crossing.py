"""What is not plain data on its way: handles, functions and iterators."""

import csv
import gc
import io
import itertools

import pytest

from autograder.grader_side.belief import as_operand
from autograder.grader_side.errors import CannotCross, ObjectGone
from autograder.grader_side.handles import Handle
from autograder.student_side.frames import WireError


def thing(came, number=5, kind="Thing", own_name="", traits=""):
    return came(b"h", number, kind, own_name, traits)


def test_an_object_has_a_handle_that_goes_back_as_its_number(came, sent):
    handle = thing(came, 5, "Dog", "Rex", "c")
    assert isinstance(handle, Handle)
    assert (type(handle).__name__, handle.__name__, handle._wall.traits) == ("Dog", "Rex", "c")
    assert sent(handle) == [b"h", 5]


def test_the_same_object_has_the_same_handle_as_long_as_it_is_held(came):
    handle = thing(came)
    assert thing(came) is handle
    assert thing(came, 6) is not handle
    assert thing(came, 5, traits="c") is not handle, "it is another object by now"


def test_what_was_said_of_a_handle_is_for_who_asked(came):
    handle = as_operand(thing(came))
    assert handle._wall.operand
    thing(came)
    assert not handle._wall.operand


def test_a_name_that_cannot_be_shown_is_none(came):
    with pytest.raises(AttributeError):
        thing(came, own_name="a\nb").__name__  # noqa: B018


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ((5, "x" * 81, "", ""), "an object's name is too long"),
        ((5, "", "x" * 81, ""), "an object's name is too long"),
        ((5, "", "", "c" * 100), "an object's name is too long"),
        ((5, "", "", "?"), "an object has a trait that there is not"),
        (("5", "", "", ""), "no int"),
    ],
)
def test_what_is_no_object_is_refused(said, says, came):
    assert isinstance(came(b"h", 4, "x" * 80, "x" * 80, "c"), Handle)
    with pytest.raises(WireError, match=says):
        came(b"h", *said)


def test_the_child_is_told_once_which_handles_nobody_holds(came, crossing):
    handle, other = thing(came), thing(came, 6)
    del handle
    gc.collect()
    assert crossing.released() == (5,)
    assert crossing.released() == ()
    assert other is not None


def test_a_handle_that_is_held_again_in_time_is_not_given_up(came, crossing):
    thing(came, 6)
    thing(came)
    kept = thing(came)
    gc.collect()
    assert crossing.released() == (6,)
    assert kept is not None


def test_what_another_child_held_is_not_told_to_this_one(came, crossing):
    handle = thing(came)
    thing(came, 6)
    gc.collect()
    crossing.begin_child()
    assert crossing.released() == ()
    del handle
    gc.collect()
    assert crossing.released() == ()


def test_a_function_is_sent_by_number_with_its_name_and_docstring_and_comes_back_itself(came, sent):
    def loss(x):
        """Return x."""
        return x

    assert sent(loss) == [b"c", 0, "loss", "Return x."]
    assert sent(len, loss) == [b"c", 1, "len", "", b"c", 0, "loss", "Return x."]
    assert came(b"c", 0) is loss
    assert came(b"c", 1) is len


def test_what_can_be_called_has_a_name_or_is_a_function(sent):
    class Called:
        """Some words of the class's."""

        def __call__(self):
            return 1

    assert sent(Called()) == [b"c", 0, "function", ""]
    assert sent(lambda: 0)[2:] == ["<lambda>", ""]


def test_a_mark_comes_back_as_itself(came, sent):
    mark = object()
    assert sent(mark) == [b"c", 0, "function", ""]
    assert came(b"c", 0) is mark


@pytest.mark.parametrize("number", [-1, 1])
def test_a_function_that_was_not_sent_is_none(number, came, sent, crossing):
    sent(len)
    with pytest.raises(WireError, match="there is no function with this number"):
        came(b"c", number)
    with pytest.raises(WireError, match="there is no function with this number"):
        crossing.function(number)


def test_what_student_code_hands_to_a_function_may_be_compared_until_that_ends(came, sent, crossing):
    one, other, given = thing(came), thing(came, 6), []
    sent(lambda *args, **kwargs: given.append((args, kwargs, args[1]._wall.operand, -args[1])) or 9)
    one._wall.owner.answers = [made := thing(came, 8)]
    assert crossing.function(0)(1, one, k=other) == 9
    ((args, kwargs, meanwhile, _),) = given
    assert args[0] == 1
    assert (args[1] is one, kwargs["k"] is other) == (True, True)
    assert meanwhile
    assert not any(handle._wall.operand for handle in (one, other, made))


def test_what_the_check_made_may_be_compared_after_student_code_handed_it_to_a_function(came, sent, crossing):
    made = as_operand(thing(came))
    sent(lambda handed: handed)
    assert crossing.function(0)(thing(came)) is made
    assert made._wall.operand


def test_what_can_be_read_in_other_ways_too_is_not_taken_for_its_elements(sent):
    for value in (io.StringIO("a"), csv.reader([])):
        with pytest.raises(CannotCross, match="no plain data"):
            sent(value)
    for value in ((n for n in [1]), enumerate("a"), map(int, "1"), itertools.chain("a")):
        assert sent(value)[0] == b"u"


def test_an_iterator_is_followed_one_by_one_and_comes_back_itself(came, sent, crossing):
    numbers = iter([1, 2])
    assert sent(numbers) == sent(numbers) == [b"u", 0]
    assert crossing.function(0)() == 1
    assert came(b"c", 0) is numbers
    assert next(numbers) == 2
    with pytest.raises(StopIteration):
        crossing.function(0)()


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (object, "a value of type type (<class 'object'>) is no plain data, array or function"),
        (type("Long", (), {"__repr__": lambda self: "x" * 80})(), f"a value of type Long ({'x' * 80}) is no"),
        (type("Long", (), {"__repr__": lambda self: "x" * 81})(), "a value of type Long is no plain data"),
        (type("Silent", (), {"__repr__": lambda self: ""})(), "a value of type Silent is no plain data"),
        (type("Broken", (), {"__repr__": lambda self: 1 / 0})(), "a value of type Broken is no plain data"),
    ],
)
def test_what_cannot_cross_is_shown_if_it_is_short(value, says, sent):
    if value is object:
        value = type("object", (), {})
        says = "is no plain data, array or function"
    with pytest.raises(CannotCross) as error:
        sent(value)
    assert says in str(error.value)


def test_a_named_object_is_found_again_in_the_next_child(came, sent, notebook, crossing):
    handle = crossing.named("model", thing(came))
    assert handle._wall.name == "model"
    crossing.begin_child()
    notebook.known["model"] = lambda: thing(came, 8)
    assert sent(handle) == [b"h", 8]
    assert sent(handle) == [b"h", 8]
    assert notebook.looked_up == [["model"]]
    gc.collect()
    assert crossing.released() == (), "the number is still its"


def test_an_object_without_a_name_died_with_its_process(came, sent, crossing):
    handle = thing(came)
    crossing.begin_child()
    with pytest.raises(ObjectGone, match="this object died with its process: it exited"):
        sent(handle)


@pytest.mark.parametrize("now", [{}, {"model": lambda: 3}])
def test_a_name_that_is_no_object_any_more_is_not_defined(now, came, sent, notebook, crossing):
    handle = crossing.named("model", thing(came))
    crossing.begin_child()
    notebook.known = now
    with pytest.raises(NameError, match="name 'model' is not defined"):
        sent(handle)


def test_what_can_be_called_has_another_handle_by_the_name_of_a_class(came, crossing):
    value, plain = thing(came, 5, traits="c"), thing(came, 6)
    one, other = crossing.named("make", value), crossing.named("Make", value)
    assert [handle._wall_makes for handle in (one, other, value)] == [False, True, False]
    assert one._wall is other._wall
    assert thing(came, 5, traits="c") is other, "what returns it returns what the check has by name"
    assert crossing.named("Maker", value) is other, "two names of one class are one thing"
    assert crossing.named("make", value) is crossing.named("f", value)
    assert crossing.named("X", plain) is plain
    assert plain._wall_makes is False
    assert crossing.named("x", 3) == 3
