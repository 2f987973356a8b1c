"""Graded cells as other courses write them: apart, the right answer earns its point, the wrong one none."""

import pytest
from nbformat.v4 import new_notebook
from roles import answer, exercise, graded

pytestmark = pytest.mark.sandbox

F = "def add(a, b):\n    return a {} b"
MAIN = {
    "unittest.main": (
        F.format("+"),
        F.format("-"),
        "import unittest\nclass T(unittest.TestCase):\n    def test_it(self):\n"
        "        self.assertEqual(add(1, 2), 3)\n"
        "assert unittest.main(argv=[''], exit=False).result.wasSuccessful()",
    ),
    "what runs where the cell is the program": (
        F.format("+"),
        F.format("-"),
        "if __name__ == '__main__':\n    assert add(1, 2) == 3",
    ),
    "examples in a docstring": (
        F.format("+"),
        F.format("-"),
        "import doctest\ndef example():\n    '''\n    >>> add(1, 2)\n    3\n    '''\n"
        "runner = doctest.DocTestRunner()\n"
        "tests = doctest.DocTestFinder().find(example, globs={'add': add})\n"
        "assert [runner.run(test).failed for test in tests] == [0]",
    ),
}
SHOWN = {
    "display, which nobody imports": (
        "def f():\n    return 1",
        "def f():\n    return 2",
        "display(f(), 'a text')\nassert f() == 1",
    ),
    "an answer of that name": (
        "def display(x):\n    return x + 1",
        "def display(x):\n    return x",
        "assert display(1) == 2",
    ),
}
STREAMS = {
    "pytest's own failure, which is no Exception": (
        "def f():\n    raise ValueError",
        "def f():\n    pass",
        "import pytest\nwith pytest.raises(ValueError):\n    f()",
    ),
    "standard error": (
        "import sys\ndef warn():\n    print('bad', file=sys.stderr)",
        "def warn():\n    print('bad')",
        "import contextlib, io\nheard = io.StringIO()\nwith contextlib.redirect_stderr(heard):\n    warn()\n"
        "assert heard.getvalue() == 'bad\\n'",
    ),
}
UP = """class Up:
    n = 0
    def __iter__(self):
        {}
        return self
    def __next__(self):
        self.n += 1
        if self.n > 2:
            raise StopIteration
        return self.n"""
PRIVATE = """class Failed(Exception):
    def __init__(self, name):
        self._name, self._number = name, 3
class Person:
    def __init__(self, name):
        self._name, self._text, self._plain, self._question = {}, 'a', 'b', 'c'
    def fail(self):
        raise Failed(self._name)"""
SAID = {
    "annotations": (
        "def f(x: int, *, y: float = 1.0) -> str:\n    return ''",
        "def f(x: int, *, y: int = 1) -> str:\n    return ''",
        "assert f.__annotations__ == {'x': int, 'y': float, 'return': str}",
    ),
    "what it returns": (
        "def f(x) -> float:\n    return 1.0",
        "def f(x) -> int:\n    return 1.0",
        "import inspect\nassert inspect.signature(f).return_annotation is float",
    ),
    "annotations of the cell's own": (
        "def kind(f):\n    return f.__name__",
        "def kind(f):\n    return 'h'",
        "def g(x: int): pass\nassert g.__annotations__ == {'x': int} and kind(g) == 'g'",
    ),
    "attributes that begin with an underscore": (
        PRIVATE.format("name"),
        PRIVATE.format("name.upper()"),
        "p = Person('Ann')\nassert (p._name, p._text, p._plain, p._question) == ('Ann', 'a', 'b', 'c')\n"
        "try:\n    p.fail()\nexcept Failed as error:\n    assert (error._name, error._number) == ('Ann', 3)",
    ),
    "a property": (
        "class T:\n    @property\n    def f(self):\n        return 1",
        "class T:\n    def f(self):\n        return 1",
        "assert isinstance(T.f, property)",
    ),
    "what it closes over": (
        "def outer():\n    n = 3\n    return lambda: n",
        "def outer():\n    return lambda: 3",
        "assert outer().__closure__ is not None",
    ),
    "a data class's object, replaced": (
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\n    y: int = 0",
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\n    def __post_init__(self):\n"
        "        self.x = 1",
        "from dataclasses import replace\nassert replace(P(1), x=9).x == 9",
    ),
    "an iterator that begins anew": (
        UP.format("self.n = 0"),
        UP.format("pass"),
        "up = Up()\nassert [list(up), list(up)] == [[1, 2], [1, 2]]\nit = iter(up)\nassert next(it) == 1",
    ),
}
DRAWN = "import random, numpy as np\ndef f():\n    return random.random(), np.random.random()"
SEEDS = {
    "seeds of the cell": (
        DRAWN,
        "import random, numpy as np\ndef f():\n    return random.random(), 1 - np.random.random()",
        "import random, numpy as np\nrandom.seed(1)\nnp.random.seed(2)\nfirst = f()\nsecond = f()\n"
        "random.seed(1)\nnp.random.seed(2)\nassert first == f() != second\n"
        "random.seed(1)\nnp.random.seed(2)\nassert first == (random.random(), np.random.random())",
    ),
}
STOPS = "def f(n):\n    raise StopIteration"
SQUARE = "def f(n):\n    return n * n"
ENDED = {
    "a loop that asks a function": (SQUARE, STOPS, "assert all(map(lambda n: f(n) == n * n, range(9)))"),
    "what says that there is no more": (
        STOPS,
        SQUARE,
        "try:\n    f(1)\nexcept StopIteration:\n    pass\nelse:\n    raise AssertionError",
    ),
    "a thread's assertion": (
        SQUARE,
        STOPS,
        "from threading import Thread\ndef work():\n    assert f(2) == 4\n"
        "thread = Thread(target=work)\nthread.start()\nthread.join()",
    ),
}
FEATURES = ENDED | MAIN | SHOWN | STREAMS | SAID | SEEDS


@pytest.mark.parametrize("name", FEATURES)
def test_the_right_answer_earns_the_point_and_the_wrong_one_none(name, grader):
    right, wrong, check = FEATURES[name]
    for text, points in ((right, 1), (wrong, 0)):
        outcome = grader.grade(exercise(text, check), seed=0).outcomes["graded"]
        assert outcome.points == points, outcome.note


def test_functions_and_iterators_of_several_graded_cells_are_not_taken_for_each_other(grader):
    keeps = "kept = []\ndef use(f):\n    kept.append(f)\n    return [g.__name__ for g in kept if callable(g)]"
    cells = [
        answer(keeps),
        graded("assert use(iter([1])) == []", "one"),
        graded("def f(): pass\nassert use(f) == ['f']", "two"),
        graded("def g(): pass\nassert use(g) == ['f', 'g']", "three"),
    ]
    outcomes = grader.grade(new_notebook(cells=cells), seed=0).outcomes
    assert [outcome.points for outcome in outcomes.values()] == [1, 1, 1], outcomes
