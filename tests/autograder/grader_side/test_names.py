"""Names of cells, and that no text a student may type stops the one who looks for them."""

import pytest

from autograder.grader_side.names import LONGEST, names_in, words_in


def nested(levels, indent=1):
    pad = " " * indent
    if levels == 0:
        return pad + "pass\n"
    head = f"{pad}while x:\n{pad} try:\n{pad}  if x: return 1\n{pad}  if x: break\n{pad} finally:\n"
    return head + nested(levels - 1, indent + 2)


def ladder(line, levels):
    return "".join(" " * level + line for level in range(levels)) + " " * levels + "pass\n"


@pytest.mark.parametrize(
    ("source", "used", "bound"),
    [
        ("x = y + 1", {"y"}, {"x"}),
        ("import a.b as c, d.e\nfrom f import g as h", set(), {"c", "d", "h"}),
        ("def f(x, y=z):\n    w = x\n    return w + k", {"z", "k"}, {"f"}),
        ("def f():\n    global g\n    g = 1", set(), {"f", "g"}),
        ("class A(B):\n    c = d\n    d = 1\n    def e(self): return self.f + h", {"B", "d", "h"}, {"A"}),
        ("[i for i in j if k]", {"j", "k"}, set()),
        ("x = [[a for a, *c in b] for b in {d: e for d, e in f}]", {"f"}, {"x"}),
        ("i = 3\n[i for i in j]\nk = i", {"i", "j"}, {"i", "k"}),
        ("for i in j: pass\n[i for i in k]", {"j", "k"}, {"i"}),
        ("[(y := i) for i in j]", {"j"}, {"y"}),
        ("[i for i in j]\nprint(i)", {"i", "j", "print"}, set()),
        ("class C:\n    z = [i for i in j]", {"j"}, {"C"}),
        ("def f():\n    n = 1\n    def g():\n        return n + m\n    return g", {"m"}, {"f"}),
        ("x += 1\nfor y in z: w = 2", {"x", "z"}, {"x", "y", "w"}),
        ("def f():\n    global g\n    g //= 2", {"g"}, {"f", "g"}),
        ("del w", {"w"}, {"w"}),
        ("(n := 1) + m", {"m"}, {"n"}),
        ("\ufb01 = 1", set(), {"fi"}),
    ],
)
def test_global_names_are_found_wherever_they_are_read_or_bound(source, used, bound):
    names = names_in(source)
    assert names is not None
    assert (names.used, names.bound) == (used, bound)


def test_a_free_name_is_one_that_neither_the_cell_nor_python_defines():
    assert names_in("a = len(b)\nc(a)").free == {"b", "c"}


DEEP = {
    "a hexadecimal number of 4,000 digits": "x = 0x" + "f" * 4000,
    "a decimal number of 4,000 digits": "x = " + "9" * 4000,
    "finally in finally": "def f(x):\n" + nested(20),
    "decorators": "@a\n" * 4000 + "def f(): pass",
    "an elif ladder": "if a: pass\n" + "elif b: pass\n" * 1500,
    "a match ladder": "match a:\n" + " case 1: pass\n" * 1400,
    "attributes": "a" + ".b" * 9000,
    "expressions in an f-string": "f'" + "{a}" * 6000 + "'",
    "a sum": "a + " * 4900 + "a",
    "a chain of comparisons": "a < " * 4900 + "a",
    "global names": "def f():\n    global " + ", ".join(f"a{i}" for i in range(2500)),
    "a dotted import": "import a" + ".b" * 9000,
    "lambdas": "lambda: " * 2400 + "a",
    "signs": "-" * 19_999 + "a",
}
NO_PYTHON = {
    "a decimal number of too many digits": "x = " + "9" * 5000,
    "brackets": "(" * 9999 + ")" * 9999,
    "open brackets": "[" * 19_999,
    "dictionaries": "{1: " * 4000,
    "calls": "f(**{'a': " * 1900,
    "negations": "not " * 4900 + "=",
    "conditions": "a if b else " * 1600,
    "indentation": ladder("while a:\n", 150),
    "indentation without an end": ladder("try:\n", 80),
    "comprehensions": "[a for a in " * 1600,
    "f-strings in f-strings": "f'{" * 5000,
    "a null byte": "a = 1\0",
    "a lone surrogate": "a = '\ud800'",
    "magics": "!ls\n" * 501,
    "a declared encoding": "# coding: rot13\n=",
    "a walrus in a walrus": "(a := " * 3000,
    "nonlocal at the top": "nonlocal a",
    "print statements": "print a " * 2000,
    "continued lines": "a \\\n" * 5000,
}


@pytest.mark.parametrize("source", [*DEEP.values(), *NO_PYTHON.values()], ids=[*DEEP, *NO_PYTHON])
def test_whatever_is_typed_has_names_or_none_and_words(source):
    assert len(source) <= LONGEST
    found = names_in(source)
    words = words_in(source)
    assert words is not None
    assert found is None or found.used | found.bound <= words


@pytest.mark.parametrize("source", NO_PYTHON.values(), ids=NO_PYTHON)
def test_what_is_no_python_has_no_names(source):
    assert names_in(source) is None


def test_a_long_text_is_not_looked_into():
    source = "a = 1\n" * LONGEST
    assert names_in(source) is None
    assert words_in(source) is None
    assert names_in("a" * LONGEST).used == words_in("a" * LONGEST) == {"a" * LONGEST}
    assert names_in("a" * (LONGEST + 1)) is words_in("a" * (LONGEST + 1)) is None
