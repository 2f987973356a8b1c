"""`course check`: each cell as well protected as its solution allows."""

import pytest
import roles
from roles import cell

pytestmark = pytest.mark.sandbox


def answer(source, name="answer"):
    return roles.answer(f"### BEGIN SOLUTION\n{source}\n### END SOLUTION", name=name)


def graded(source, name="graded"):
    return roles.graded(source, name, 2)


REAL_OBJECTS = {
    "class Dog:\n    pass": "class Puppy(Dog):\n    pass\nassert issubclass(Puppy, Dog)",
    "def f():\n    return [x for x in 'ab']": "import inspect\nassert 'for' in inspect.getsource(f)",
    "def ask():\n    return input('?')": (
        "from unittest.mock import patch\n"
        "with patch('builtins.input', return_value='5'):\n    assert ask() == '5'"
    ),
    "def f():\n    return '1 + 1'": "assert eval(f()) == 2",
    "async def f():\n    return 3": "assert await f() == 3",
    "def g():\n    return 1\ndef f():\n    return g()": (
        "del g\ntry:\n    f()\nexcept NameError:\n    pass\nelse:\n    assert 0"
    ),
    "with open('written.py', 'w') as file:\n    file.write('x = 5')": "import written\nassert written.x == 5",
}


@pytest.mark.parametrize(("solution", "source"), REAL_OBJECTS.items())
def test_a_cell_that_needs_real_objects_is_graded_inside_and_hears_what_to_change(check, solution, source):
    (found,) = check(answer(solution), graded(source))
    assert (found.tier, found.works) == ("inside", True)
    assert "to have it apart, " in str(found)


def test_an_assertion_that_says_nothing_is_named_by_its_line_with_what_it_asks_for(check):
    (found,) = check(answer("class A:\n    pass"), graded("a = A()\nassert type(a) is A"))
    assert "inside: AssertionError: line 2, assert type(a) is A; " in str(found)
    assert "`type(x).__name__`" in str(found)
    (found,) = check(answer("def f():\n    return 1"), graded("g = f\nassert g() == 2  # no input"))
    assert "earns 0: AssertionError: line 2, assert g() == 2  # no input; nbgrader itself" in str(found)


def test_what_a_graded_cell_changed_last_is_no_matter_of_the_answers_below(check):
    changes = "found = f()\nfound.append(2)\nassert found[1] == 2"
    inside = "assert isinstance(g(), A)"
    cells = [answer("def f():\n    return [1]"), graded(changes)]
    below = [cell("class A: pass\ndef g():\n    return A()"), graded(inside, "second")]
    assert [item.works for item in check(*cells, *below)] == [True, True]


GIVEN_AWAY = {  # what any answer would earn where few names are to be seen, and changes of a copy are lost
    "doctests of the answer": (
        "def f():\n    '''\n    >>> f()\n    1\n    '''\n    return {}",
        ("1", "2"),
        "import doctest\nassert doctest.testmod().failed == 0",
    ),
    "a test case of the answer": (
        "import unittest\nclass T(unittest.TestCase):\n    def test_f(self):\n        assert 1 == {}",
        ("1", "2"),
        "import unittest\nassert unittest.main(argv=[''], exit=False).result.wasSuccessful()",
    ),
    "all names": ("f = 1\n{} = 2", ("g", "bad"), "assert not [n for n in dir() if n.startswith('ba')]"),
    "what is forbidden by a mock": (
        "def f(l):\n    return {}",
        ("l[::-1]", "list(reversed(l))"),
        "from unittest.mock import patch\n"
        "with patch('builtins.reversed', side_effect=AssertionError):\n    assert f([1, 2]) == [2, 1]",
    ),
    "what is forbidden by its name": (
        "def f(l):\n    return {}",
        ("l[::-1]", "list(reversed(l))"),
        "def reversed(l):\n    raise AssertionError('by yourself')\nassert f([1, 2]) == [2, 1]",
    ),
    "what is forbidden in its module": (
        "import math\ndef f(x):\n    return {}",
        ("x ** 0.5", "math.sqrt(x)"),
        "import math\nkept, math.sqrt = math.sqrt, None\n"
        "try:\n    assert f(4) == 2\nfinally:\n    math.sqrt = kept",
    ),
    "a list that should be copied": (
        "class Stack:\n    def __init__(self, items):\n        self.items = {}",
        ("list(items)", "items"),
        "items = [1]\ns = Stack(items)\nitems.append(2)\nassert len(s.items) == 1",
    ),
    "an array that should be copied": (
        "class Box:\n    def __init__(self, a):\n        self.a = {}",
        ("a.copy()", "a"),
        "import numpy as np\na = np.ones(2)\nb = Box(a)\na[0] = 5\nassert b.a[0] == 1",
    ),
    "data that should stay as it was": (
        "data = [3, 1]\ndef f():\n    return {}",
        ("sorted(data)", "data.sort() or data"),
        "assert f() == [1, 3]\nassert data == [3, 1]",
    ),
    "a list that should not be handed out": (
        "class Names:\n    found = []\n    def get(self):\n        return {}",
        ("list(self.found)", "self.found"),
        "n = Names()\nn.get().append(1)\nassert n.get() == []",
    ),
}


@pytest.mark.parametrize(("solution", "both", "source"), GIVEN_AWAY.values(), ids=GIVEN_AWAY)
def test_what_would_earn_its_points_apart_whatever_is_answered_is_graded_inside(
    check, solution, both, source
):
    right, wrong = (solution.format(part) for part in both)
    (found,) = check(answer(right), graded(source))
    assert (found.tier, found.works) == ("inside", True)
    assert not check(answer(wrong), graded(source))[0].works


def test_what_is_changed_and_handed_over_again_keeps_nobody_from_the_better_tier(check):
    source = "l = []\nfor n in range(3):\n    l.append(n)\n    assert f(l) == n + 1\nl.append(0)"
    (found,) = check(answer("def f(l):\n    return len(l)"), graded(source))
    assert (found.tier, found.works) == ("apart", True)


PLAIN = {
    "def f(x):\n    return x * x": "assert f(3) == 9",
    "y = 3": "assert y == 3\n'well done'",
    "data = data + [3]": "assert data == [1, 2, 3]",
    "def sum(values):\n    return 3": "assert sum([1, 2]) == 3",
    "import math\ndef f():\n    return math.pi": "assert math.isclose(f(), 3.14159, rel_tol=1e-3)",
    "import random\nrandom.seed(1)\nz = random.random()": (
        "import random\nrandom.seed(1)\nassert z == random.random()"
    ),
    "def hi():\n    print('hi')": "%%capture shown\nhi()",
    "x = 1": "assert 'x' in globals() and 'z' not in dir() and globals().get('x') == 1",
    "def f(x):\n    return x": "f = [f(1)]\nf += [2]\nassert f == [1, 2]",
    "z = 1": "assert z == 1\ndel z",
    "data[0] = 5": "assert data == [5, 2]",
    "del data[0]": "assert data == [2]",
    "data.append(3)": "assert 3 in data",
}


@pytest.mark.parametrize(("solution", "source"), PLAIN.items())
def test_a_cell_that_looks_at_values_is_graded_apart(check, solution, source):
    (found,) = check(cell("data = [1, 2]"), answer(solution), graded(source))
    assert (found.tier, found.works, found.because) == ("apart", True, "")


def test_what_only_the_solution_imports_is_imported_on_the_graders_side(check):
    (found,) = check(answer("import math as m\ndef f():\n    return 2"), graded("assert m.sqrt(4) == f()"))
    assert found.facts["imports"] == ["import math as m"]


def test_a_cell_whose_names_a_cell_inside_reads_goes_inside_too(check):
    first = graded("class Puppy:\n    pass\nassert f() == 1", "first")
    second = graded("import gc\nassert Puppy in f.__globals__.values()", "second")
    found = check(answer("def f():\n    return 1"), first, second)
    assert [(item.tier, item.works) for item in found] == [("inside", True), ("inside", True)]
    assert "second, which is graded inside, reads what it binds" in found[0].because


def test_a_wrong_check_takes_no_other_cell_inside_whatever_names_it_binds(check):
    cells = [graded("y = f()\nassert y == 2", "first"), graded("assert y == 1", "second")]
    found = check(answer("def f():\n    return 1"), *cells)
    assert [(item.tier, item.works) for item in found] == [("apart", False), ("apart", True)]


def test_a_wrong_check_whose_names_a_cell_inside_reads_goes_inside_with_it(check):
    first = graded("class Puppy:\n    pass\nassert f() == 2", "first")
    second = graded("import gc\nassert Puppy in f.__globals__.values()", "second")
    found = check(answer("def f():\n    return 1"), first, second)
    assert [(item.tier, item.works) for item in found] == [("inside", False), ("inside", True)]


def test_a_cell_that_captures_goes_inside_with_one_that_reads_what_it_captured(check):
    cells = [graded("%%capture shown\nf()", "first"), graded("assert shown.stdout == '1\\n'", "second")]
    found = check(answer("def f():\n    print(1)"), *cells)
    assert [(item.tier, item.works) for item in found] == [("inside", True), ("inside", True)]


def test_a_cell_that_reads_what_another_graded_cell_changed_is_told_so(check):
    cells = [graded("log.append(1)\nassert log == [1]", "first"), graded("assert log == [1]", "second")]
    found = check(answer("log = []"), *cells)
    assert [item.works for item in found] == [True, False]
    assert "first changes log, and is graded, so that no other graded cell sees it" in found[1].because


def test_cells_are_counted_as_in_the_source_whatever_is_noted_of_the_run(check):
    cells = [graded("f()", "first"), cell("x = 1 / 0"), graded("assert x", "second")]
    _, found = check(answer("def f():\n    import os\n    os._exit(1)"), *cells)
    assert "(above, cell 3 raised ZeroDivisionError" in found.because


def test_a_cell_inside_may_show_what_is_no_score(check):
    source = "import inspect\ninspect.getsource(f)"
    (found,) = check(answer("def f():\n    return 1"), graded(source))
    assert (found.tier, found.works, found.facts["shows"]) == ("inside", True, True)


def test_a_cell_that_reads_what_a_cell_inside_binds_is_told_so(check):
    first = graded("import inspect\nsource = inspect.getsource(f)\nassert source", "first")
    _, found = check(answer("def f():\n    return 1"), first, graded("assert 'return' in source", "second"))
    assert found.because == (
        "it reads source, which first binds, and that is graded inside; "
        "to have it apart, bind the shared names in a read-only cell above"
    )


@pytest.mark.parametrize("tier", ["apart", "inside"])
def test_what_a_graded_cell_imports_and_answers_read_is_there_for_them(check, tier):
    first = graded("from math import floor, ceil\nassert f() == 2", "first")
    if tier == "inside":
        first.source += "\nimport inspect\nassert 'floor' in inspect.getsource(f)"
    later = answer("y = floor(3.5)", "later")
    found = check(answer("def f():\n    return floor(2.5)"), first, later, graded("assert y == 3", "second"))
    assert [(item.tier, item.works) for item in found] == [(tier, True), ("apart", True)]
    assert found[0].facts["lends"] == ["from math import floor, ceil"]


def test_only_a_cell_that_needs_what_a_method_changed_takes_it_from_the_student(check):
    released, solution = cell("data = [2, 1]\nlimit = [3]"), answer("data.sort()\nlimit.count(3)")
    first, second = graded("assert data == [1, 2]", "first"), graded("assert limit == [3]", "second")
    assert [item.facts.get("takes") for item in check(released, solution, first, second)] == [["data"], None]


def test_a_library_stays_the_graders_whatever_answers_set_in_it(check):
    released = cell("import math")
    (found,) = check(
        released, answer("math.tau = 6\nx = math.floor(2.5)"), graded("assert math.floor(x) == 2")
    )
    assert "takes" not in found.facts


def test_what_a_cell_binds_for_answers_that_read_it_is_named_as_what_keeps_it_inside(check):
    (found,) = check(answer("def f():\n    return size + 1"), graded("size = 2\nassert f() == 3"))
    assert found.tier == "inside"
    assert "hand over as an argument what answers read and this cell binds (size), or bind it above" in str(
        found
    )


@pytest.mark.parametrize(
    ("solution", "source", "says"),
    [
        ("class Mine(Exception):\n    pass", "assert Mine.__bases__ == (Exception,)", "type(x).__name__"),
        ("print('hi')", "assert _i.count('print') == 1", "look at what a function does"),
    ],
)
def test_what_an_assertion_without_words_asks_for_says_what_to_change(check, solution, source, says):
    (found,) = check(answer(solution), graded(source))
    assert found.tier == "inside"
    assert says in str(found)
