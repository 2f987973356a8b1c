"""Sources of functions: read, or refused with a reason."""

import functools
import inspect
import textwrap

import numpy as np
import pytest

from course_lib.gradcheck.lines.source import (
    LONGEST,
    NotFollowed,
    Written,
    parsed,
    plain,
    read_source,
    written,
)
from tests.course_lib.gradcheck.lines.functions import affine, of_text


class Owner:
    scale = 3.0

    def method(self, x):
        return self.scale * x


def test_the_lines_of_a_function_count_from_its_definition_and_lose_comment_and_indentation():
    source = read_source(affine)
    assert (source.name, source.bound, source.function) == ("affine", None, affine)
    assert source.line(1) == "def affine(x, w=2.0, *, b=1.0):"
    assert source.line(3) == "y = x * w"
    assert source.line(4) == 'mark = "a'  # what looks like a comment is cut, too
    assert source.line(5) == "return y + b, mark"
    assert [source.line(number) for number in (0, 6, -1)] == ["", "", ""]
    assert source.text == inspect.getsource(affine)
    assert source.prologue == ()


def test_a_line_with_an_open_bracket_is_told_with_what_follows_up_to_a_length():
    lines = ["def f(x):", "y = (", "x  # first", "+ 2", ").sum(", ")", "z = g(x,", "y)", "big = ["]
    lines += [*["'of many parts',"] * 9, "]", "return (", "a = b \\", "+ c"]
    source = Written(written("def f(x):\n    pass\n").tree, "", tuple(lines))
    assert source.line(2) == "y = (x + 2).sum()"
    assert source.line(7) == "z = g(x, y)"  # the slip may be in either
    assert source.line(9) == "big = [" + " ".join(["'of many parts',"] * 4) + " …"
    assert source.line(20) == "return (a = b + c …"
    assert source.line(21) == "a = b + c"


def test_a_method_keeps_its_object_and_its_lines():
    owner = Owner()
    source = read_source(owner.method)
    assert source.bound is owner
    assert source.function is Owner.method
    assert source.line(1) == "def method(self, x):"
    assert [statement.lineno for statement in source.tree.body] == [2]
    assert plain(source)(2.0) == 6.0


def test_a_text_is_read_like_the_source_of_a_function():
    text = "def f(x):\n    y = 2 * x\n    return y\n"
    for indented in (text, textwrap.indent(text, "    ")):
        source = written(indented)
        assert source.name == "f"
        assert source.line(2) == "y = 2 * x"
        assert [statement.lineno for statement in source.tree.body] == [2, 3]
        assert source.text == indented


@pytest.mark.parametrize(
    "text", ["", "x = 1", "def f(:", "    x = 1\n", "\0", "class A:\n    pass", "async def f(): pass"]
)
def test_a_text_that_is_no_definition_cannot_be_read(text):
    with pytest.raises(NotFollowed, match=r"^its source cannot be read$"):
        parsed(text)


def generator(x):
    yield x


async def coroutine(x):
    return x


async def both(x):
    yield x


def recursive(x):
    return recursive(x - 1) if x else 0


def called_like_a_variable(x):
    called_like_a_variable = x
    return called_like_a_variable + 1


def decorated(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)

    return wrapper


def undecorated(function):
    return function


@decorated
def wrapped(x):
    return x


def hands_on(*args):
    return affine(*args)


def around_one(function):
    def around(x):
        return function(x)

    return around


def around_and_under_a_name(function):
    def around(x):
        found = function(x)
        return found  # noqa: RET504 (as students write it)

    return around


def reads_another(model):
    def loss(x):
        r = model(x) - 1
        return r * r

    return loss


def asks_another(x):
    return undecorated(x)


def sums_up(*args):
    return sum(args) + max(*args[:2])


anonymous = lambda x: x  # noqa: E731


def test_what_cannot_be_followed_is_refused_with_its_reason():
    for function, reason in [
        (np.sin, "it is not a function written in Python"),
        (Owner, "it is not a function written in Python"),
        (functools.partial(affine, 1.0), "it is not a function written in Python"),
        (wrapped, "it is decorated, and what runs is not what is written"),
        (decorated(affine), "it is decorated, and what runs is not what is written"),
        (anonymous, "a lambda has no lines of its own"),
        (generator, "it is a generator or asynchronous"),
        (coroutine, "it is a generator or asynchronous"),
        (both, "it is a generator or asynchronous"),
        (recursive, "it calls itself"),
        (hands_on, "it hands its arguments on to another function, as what a decorator makes does"),
        (
            around_one(affine),
            "it hands its arguments on to another function, as what a decorator makes does",
        ),
        (
            around_and_under_a_name(affine),
            "it hands its arguments on to another function, as what a decorator makes does",
        ),
    ]:
        with pytest.raises(NotFollowed) as refused:
            read_source(function)
        assert str(refused.value) == reason


def test_what_only_looks_alike_is_followed():
    for function in (sums_up, asks_another, called_like_a_variable, reads_another(affine)):
        assert read_source(function).name == function.__name__


def test_a_source_that_is_gone_or_another_one_is_not_read():
    for shown, reason in [
        ("", "its source cannot be read"),
        ("def g(x):\n    return x\n", "its source cannot be read"),
        ("def f(x):\n    return 2 * x\n", "its source has changed since it was defined"),
        ("def f(x):\n    return 1.0 * x\n", "its source has changed since it was defined"),
        ("def f(y):\n    return 1 * y\n", "its source has changed since it was defined"),
        ("def f(x):\n    return 1 + x\n", "its source has changed since it was defined"),
        ("def f(x):\n    return 1 * x * 1\n", "its source has changed since it was defined"),
    ]:
        with pytest.raises(NotFollowed) as refused:
            read_source(of_text("def f(x):\n    return 1 * x\n", shown=shown))
        assert str(refused.value) == reason
    assert read_source(of_text("def f(x):\n    return 1 * x\n", shown="def f(x):\n\n    return  1 * x\n"))


@pytest.mark.parametrize(("extra", "read"), [(0, True), (1, False)])
def test_a_source_is_read_up_to_its_longest(extra, read):
    start = "def f(x):\n    return x\n    # "
    text = start + "a" * (LONGEST - len(start) - 1 + extra) + "\n"
    assert LONGEST == 20_000
    function = of_text(text)
    if read:
        assert len(read_source(function).text) == LONGEST
    else:
        with pytest.raises(NotFollowed, match=r"^its source is longer than 20000 characters$"):
            read_source(function)
