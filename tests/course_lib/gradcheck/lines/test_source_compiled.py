"""Sources compiled again: the same code, with defaults, closure and more names."""

import ast

import pytest

from course_lib.gradcheck.lines.source import (
    NotFollowed,
    built,
    code_of,
    is_text,
    parsed,
    plain,
    read_source,
    same_code,
)
from tests.course_lib.gradcheck.lines.functions import affine, of_text


def alike(one, other):
    functions = of_text(one), of_text(other)
    return same_code(functions[0].__code__, functions[1].__code__)


BODY = """def f(x):
    g = lambda a: [a * 2 for _ in range(3)]
    if x > 1:
        return np.sin(g(x)[0])
    return x
"""


def test_code_is_the_same_wherever_it_was_written_and_only_then():
    assert alike(BODY, "\n\n" + BODY)
    assert alike(BODY, BODY.replace("np.sin(g(x)[0])", "np.sin(\n            g(x)[0])"))
    for before, after in [
        ("a * 2", "a * 3"),
        ("a * 2", "a * 2.0"),
        ("a * 2", "a + 2"),
        ("x > 1", "x < 1"),
        ("np.sin", "np.cos"),
        ("[0]", "[1]"),
        ("f(x):", "f(x, y):"),
        ("return x\n", "return g\n"),
    ]:
        assert not alike(BODY, BODY.replace(before, after))


def test_code_that_is_compiled_again_is_the_same_with_its_closure():
    offset = 3.0

    def inside(x):
        return x + offset

    source = read_source(inside)
    assert same_code(code_of(source.tree, inside), inside.__code__)
    assert plain(source)(1.0) == 4.0
    with pytest.raises(NotFollowed, match=r"^its source has changed"):
        read_source(of_text("def f(x):\n    return x + offset\n", shown="def f(x):\n    return x - offset\n"))


def test_a_changed_definition_has_the_defaults_globals_and_names_of_the_original_and_more():
    source = read_source(affine)
    tree = parsed("def affine(x, w=0.0, *, b=0.0):\n    return np.sum(x * w + b + extra)\n")
    function = built(tree, source, {"extra": 10.0})
    assert function(1.0) == 13.0
    assert function(1.0, 1.0, b=0.0) == 11.0
    assert function.__name__ == "affine"
    assert function.__globals__ is affine.__globals__
    assert built(parsed("def affine(x): return 5"), source, {})(0) == 5
    assert "factory" not in affine.__globals__


def test_defaults_and_annotations_may_name_what_is_known_only_where_the_function_was_defined():
    class Local:
        factor = 2.0

    def scaled(x: Local, w=Local.factor, *rest: Local, b: Local = Local.factor, **more: Local) -> Local:
        return x * w + b

    source = read_source(scaled)
    assert plain(source)(3.0) == 8.0
    assert same_code(code_of(source.tree, scaled), scaled.__code__)
    assert len(source.tree.args.defaults) == 1


def test_statements_of_ours_run_before_the_function_and_leave_its_tree_alone():
    source = read_source(affine)
    before = ast.dump(source.tree)
    prologue = tuple(ast.parse("x = 2 * x").body)
    longer = type(source)(source.tree, source.text, source.lines, source.function, None, prologue)
    assert plain(longer)(3.0)[0] == 13.0
    assert plain(source)(3.0)[0] == 7.0
    assert ast.dump(source.tree) == before


def test_a_closure_without_a_value_yet_is_a_reason():
    def inside(x):
        return x + later

    source = read_source(inside)
    with pytest.raises(NotFollowed, match=r"^a name that it takes from around it has no value yet$"):
        plain(source)
    later = 1.0
    assert plain(source)(1.0) == 2.0


def test_a_text_that_stands_alone_does_nothing():
    texts = [is_text(statement) for statement in ast.parse('"text"\n3\nx\nx = "text"\nf("text")').body]
    assert texts == [True, True, False, False, False]


def test_a_function_in_the_place_of_a_constant_is_other_code():
    code = compile("f = lambda: 1", "", "exec")
    other = code.replace(co_consts=(1, *code.co_consts[1:]))
    assert same_code(code, code)
    assert not same_code(code, other)
    assert not same_code(other, code)
