"""An answer that cannot be read leaves the old one in the notebook, and its checks say so."""

import linecache
import sys
import warnings
from functools import wraps
from types import SimpleNamespace

import pytest

from course_lib.grading import Checks
from course_lib.grading.unread import unread

GOOD, BAD, CHECK = (
    "def f(x):\n    '''\\sigma'''\n    return x",
    "x = 1\ndef f(x)\n    return 2",
    "assert f(1) == 1",
)
SAYS = "Python could not read `f` (line 2: expected ':'): this checks what was there before"
TWO = "class A:\n  def f(self): 1\ndef g(): 1"


def ran(cells):
    """Run cells as a notebook does, and return what their names stand for."""
    known = {"wraps": wraps}
    for number, cell in enumerate(cells):
        name = f"<cell {number}>"
        linecache.cache[name] = (len(cell), None, cell.splitlines(keepends=True), name)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(compile(cell, name, "exec"), known)
        except (SyntaxError, ValueError, NameError, ZeroDivisionError):
            pass
    return known


@pytest.mark.parametrize(
    ("cells", "sentences"),
    [
        ([GOOD, BAD, CHECK], [SAYS]),
        ([GOOD, BAD, CHECK, CHECK], [SAYS]),
        (["def d(g): return wraps(g)(lambda x: g(x))", f"@d\n{GOOD}", BAD, CHECK], [SAYS]),
        ([TWO, "x = 1\nclass A\ndef g(): 1", "A, g"], [SAYS.replace("`f`", "`A` and `g`")]),
        ([BAD, GOOD, CHECK], []),
        ([GOOD, BAD, GOOD, CHECK], []),
        ([BAD, CHECK], []),  # nothing was there before
        ([GOOD, BAD, "'f'  # f"], []),
        ([GOOD, BAD, "f("], []),
        ([GOOD, "f(x", CHECK], []),
        ([GOOD, "1 / 0\ndef f(x): 2", CHECK], []),
        ([GOOD, "def f(x): '\0'", CHECK], []),
        ([GOOD, BAD, "f == abs", CHECK], [SAYS]),
        *(([GOOD, BAD, f"f{kind} = abs", CHECK], []) for kind in ("", ": object")),
        ([GOOD, BAD, "if 1:\n  def f(x): return 1", CHECK], []),
        (["def g(x): return 1", GOOD, BAD, "f = g", CHECK], []),
        ([GOOD, "class B:\n  def f(x)", CHECK], []),  # a method of that name
        ([GOOD, BAD, f"exec({GOOD!r})", CHECK], []),
        ([GOOD, BAD, f"magic = {GOOD!r}", CHECK], []),  # a magic may have run that
        ([CHECK], []),
    ],
)
def test_what_is_older_than_its_cell_is_named(cells, sentences):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        known = ran(cells)
        assert unread(cells, known) == sentences


@pytest.mark.parametrize(("given", "says"), [([GOOD, BAD, CHECK], SAYS), ([GOOD, CHECK], ""), ([], "")])
def test_checks_say_so_in_a_notebook(monkeypatch, given, says):
    manager = SimpleNamespace(input_hist_parsed=given)
    shell = SimpleNamespace(user_ns=ran(given) | {"In": 1}, history_manager=manager)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    checks = Checks()
    with checks("one is one"):
        pass
    assert str(checks).split("\n") == [*([f"! {says}"] if says else []), "✓ one is one"]
    shell.history_manager = None
    assert str(checks) == "✓ one is one"
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    assert str(checks) == "✓ one is one"
