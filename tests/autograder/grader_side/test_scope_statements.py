"""What a released cell is seen to do: names it binds in any case, reads first, or changes the objects of."""

import pytest

from autograder.grader_side.scope import Scope, bound_in_any_case, changed_by, imported_by, read_first


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a.b = 1", {"a"}),
        ("a[0].b += 1", {"a"}),
        ("del a[0]", {"a"}),
        ("a(1).b = 2", {"a"}),
        ("a.b(c, d=e)", {"a"}),
        ("a[0].b.c(1)", {"a"}),
        ("if x:\n    a.b()", {"a"}),
        ("def f():\n    a.b()", {"a"}),
        ("a.b().c()", {"a"}),
        ("a(1).b()", set()),
        ("(a + b).c()", set()),
        ("a(b)", set()),
        ("x = a.b", set()),
        ("def f(a):\n    a.b()", set()),
        ("a.b()\nc.d = 1", {"a", "c"}),
        ("%time a.b()", {"a"}),
        ("", set()),
    ],
)
def test_an_object_may_change_where_a_part_is_set_or_a_method_called(source, names):
    assert changed_by(source) == names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import numpy as np, os.path\nx = 1", {"np", "os"}),
        ("from a import b as c, d", {"c", "d"}),
        ("from a import *", {"*"}),
        ("if x:\n    import a", set()),
        ("x = 1", set()),
    ],
)
def test_imports_at_the_top_bind_modules(source, names):
    assert imported_by(source) == names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a = b, *c = d", {"a", "b", "c"}),
        ("a[i] = b.c = d = 1", {"d"}),
        ("a = [b for b in c]", {"a"}),
        ("a = x and (b := 1)", {"a"}),
        ("import a.b, c as d\nfrom e import f", {"a", "d", "f"}),
        ("def a(b): pass\nclass c: pass", {"a", "c"}),
        ("a += 1", set()),
        ("if x:\n    a = 1", set()),
        ("for a in b: pass", set()),
    ],
)
def test_what_is_bound_in_any_case(source, names):
    assert bound_in_any_case(source) == names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a = a + b", {"a", "b"}),
        ("a = 1\nb = a", set()),
        ("b = a\na = 1", {"a"}),
        ("for a in b:\n    a = c", {"b", "c"}),
        ("print(a)", {"a"}),
        ("def f():\n    return a", {"a"}),
        ("def f():\n    return f", set()),
        ("if x:\n    a = 1\nb = a", {"x"}),
    ],
)
def test_what_is_read_first(source, names):
    assert read_first(source) == names


def test_what_a_graded_cell_did_not_come_to_bind_anew_stays_as_in_a_notebook():
    scope = Scope()
    assert scope.keep({"x", "y"}, {"x": 1, "y": 2}, {"x", "y"})
    assert not scope.keep({"x"}, {}, {"x"})
    assert scope.keep({"y"}, {"y": 3}, {"y"})
    namespace, asked = {}, []
    scope.supply({"x", "y"}, (), (), namespace, lambda names: asked.append(names) or {})
    assert (namespace, asked) == ({"x": 1, "y": 3}, [])


def test_what_sets_no_seed_and_makes_nothing_that_is_wanted_does_not_run():
    scope = Scope()
    scope.add_released("def other():\n    raise ValueError\nother()\nx = 1")
    namespace = {}
    scope.supply({"x"}, (), (), namespace, lambda names: {})
    assert namespace["x"] == 1
    assert "other" not in namespace
