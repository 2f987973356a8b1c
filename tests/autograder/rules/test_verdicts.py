"""A gradient check in a graded cell whose verdict decides nothing is found."""

import ast

import pytest

from autograder.errors import CourseError
from autograder.rules.verdicts import unread_verdict
from autograder.sources.source import read_source


@pytest.mark.parametrize(
    "source",
    [
        "check_vjp(f, b, x)",
        "course_lib.check_gradient(f, x, g)",
        "with checks('gradient', points=3):\n    y = f(x)\n    check_vjp(f, b, x)",
        "for x in points:\n    check_gate(Gate(), x)\nassert True",
        "assert check_vjp(f, b, x)",
        "assert check_vjp(f, b, x), 'wrong'",
        "assert not check_vjp(f, b, x)",
        "assert 1 == 1 and check_vjp(f, b, x)",
        "assert bool(check_vjp(f, b, x))",
        "if check_parameters(loss, params, grads):\n    pass",
        "while check_vjp(f, b, x):\n    pass",
        "value = 1 if check_vjp(f, b, x) else 2\nprint(value)",
        "result = check_vjp(f, b, x)",
        "result: object = check_vjp(f, b, x)",
        "(result := check_vjp(f, b, x))",
        "check_vjp(f, b, x), check_vjp(g, c, x)",
        "check_vjp(f, b, x) if hard else None",
    ],
)
def test_a_verdict_that_nothing_looks_at_is_found(source):
    assert "check_" in ast.unparse(unread_verdict(ast.parse(source)).func)


@pytest.mark.parametrize(
    "source",
    [
        "assert_vjp(f, b, x)",
        "assert check_vjp(f, b, x).passed",
        "assert not check_vjp(f, b, x).passed is False",
        "result = check_vjp(f, b, x)\nassert result.passed, result",
        "results = [check_vjp(f, b, x) for x in points]\nassert all(result.passed for result in results)",
        "print(check_vjp(f, b, x))",
        "def verdict(x):\n    return check_vjp(f, b, x)\nassert verdict(x).passed",
        "check_shapes(f)",
        "if check_vjp(f, b, x).passed:\n    pass",
    ],
)
def test_a_verdict_that_is_looked_at_is_none_of_our_business(source):
    assert unread_verdict(ast.parse(source)) is None


def test_the_build_refuses_it_with_file_and_line(source_path):
    text = source_path.read_text(encoding="utf-8")
    old = 'with checks("'
    assert old in text
    begin = text.index(old)
    source_path.write_text(
        text[:begin] + "check_vjp(square, backward, 2.0)\n" + text[begin:], encoding="utf-8"
    )
    line = text[:begin].count("\n") + 1
    with pytest.raises(CourseError, match=rf"py:{line}: nothing looks at what check_vjp\(\.\.\.\) found"):
        read_source(source_path)
