"""An answer that cannot be read leaves the old one in the notebook, and its checks say so."""

import sys
from types import SimpleNamespace

import pytest

from course_lib.grading import Checks
from course_lib.grading.unread import unread

GOOD, BAD, CHECK = "def f(x):\n    return x", "x = 1\ndef f(x)\n    return 2", "assert f(1) == 1"
SAYS = "Python could not read `f` (line 2: expected ':'): this checks what was there before"


@pytest.mark.parametrize(
    ("cells", "known", "sentences"),
    [
        ([GOOD, BAD, CHECK], {"f": 1}, [SAYS]),
        ([GOOD, BAD, CHECK, CHECK], {"f": 1}, [SAYS]),
        ([BAD, GOOD, CHECK], {"f": 1}, []),
        ([BAD, CHECK], {}, []),  # nothing was there before
        ([GOOD, BAD, "assert g(1) == 1"], {"f": 1, "g": 1}, []),
        ([GOOD, "f(x", CHECK], {"f": 1}, []),
        ([CHECK], {"f": 1}, []),
        *(([GOOD, BAD, f"f{kind} = abs", CHECK], {"f": 1}, []) for kind in ("", ": object")),
        ([GOOD, BAD, "f == abs", CHECK], {"f": 1}, [SAYS]),
        ([GOOD.replace("return", "'\\sum'; return"), CHECK], {"f": 1}, []),  # of which Python has warned
        (["class A: 1", "class A:\n  def f()\nclass B: 1", "A, B"], {"A": 1, "B": 1}, None),
    ],
)
def test_what_is_older_than_its_cell_is_named(cells, known, sentences):
    if sentences is None:
        sentences = [SAYS.replace("`f`", "`A` and `B`")]
    assert unread(cells, known) == sentences


@pytest.mark.parametrize(
    ("given", "says"), [([GOOD, BAD, CHECK], SAYS), ([GOOD, CHECK], ""), ([], ""), (None, ""), ("no", "")]
)
def test_checks_say_so_in_a_notebook(monkeypatch, given, says):
    shell = SimpleNamespace(user_ns={"In": given, "f": 1})
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    checks = Checks()
    with checks("one is one"):
        pass
    assert str(checks).split("\n") == [*([f"! {says}"] if says else []), "✓ one is one"]
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    assert str(checks) == "✓ one is one"
