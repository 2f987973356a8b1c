"""Methods and signatures of handles."""

import inspect

import pytest

from autograder.grader_side import line_search, lines_inside
from autograder.grader_side.belief import as_operand
from autograder.grader_side.errors import NotANumber
from autograder.grader_side.methods import Method, signature_of
from autograder.grader_side.references import Trust


def test_a_method_is_called_by_its_name_in_one_message(handle_of, owner):
    handle, made = handle_of(), handle_of()
    method = Method(handle, "forward")
    owner.answers = [made]
    assert method(1, k=2) is made
    assert owner.asked == [("method", handle, "forward", 1, {"k": 2})]
    assert (method.__name__, method.__qualname__) == ("forward", "Thing.forward")
    assert method.__self__ is handle
    assert method._wall_question((1, 2)) == ("method", handle, "forward", 1, 2)
    assert (
        Method(handle, "equals")._wall_question((1,)) is Method(handle, "index")._wall_question((1,)) is None
    )


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
    owner.answers = ["theirs"]
    assert Method(handle, "upper")() == "theirs"
    owner.asked.clear()
    with pytest.raises(NotANumber, match="cannot be compared by equals"):
        Method(handle, "equals")("ab")
    assert owner.asked == []


def test_what_comes_of_an_object_that_was_told_something_was_told_it_too(handle_of, owner):
    handle, made = handle_of(), handle_of()
    owner.answers = [made, made]
    assert not Method(handle, "copy")()._wall.told
    handle._wall.told = True
    assert Method(handle, "copy")()._wall.told


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
