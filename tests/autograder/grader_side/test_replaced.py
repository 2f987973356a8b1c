"""What a graded cell puts in the place of what student code may call is named, by its text alone."""

import pytest

from autograder.grader_side.replaced import replaced_by

REPLACED = {
    "from unittest.mock import patch\nwith patch('time.sleep') as sleep:\n    f()": "time.sleep",
    "from unittest import mock\n@mock.patch.object(random, 'random', g)\ndef t():\n    f()": "random.random",
    "import sys\nsys.stdout = out\nsys.argv = ['x']": "sys.argv",
    "monkeypatch.setattr('builtins.max', None)": "builtins.max",
    "from unittest.mock import patch\nwith patch(**what):\n    f()": "patch",
    "import builtins\nbuiltins.sorted = None": "builtins.sorted",
    "import numpy as np\nnp.linalg.norm = lambda x: 1": "np.linalg.norm",
    "import random\nsetattr(random, 'random', lambda: 0.5)": "random.random",
    "def sorted(l):\n    raise AssertionError": "sorted",
    "sum = lambda l: 1 / 0": "sum",
    "max = min = None": "max",
}
NOT_REPLACED = [
    "import sys, io\nsys.stdout = io.StringIO()",
    "from unittest.mock import patch\nwith patch('sys.stdout', new=io.StringIO()) as out:\n    f()",
    "from unittest.mock import patch\nwith patch.object(sys, 'stdout', out):\n    f()",
    "import pandas as pd\npd.options.display.max_rows = 5",
    "dog.name = 'Rex'",
    "setattr(dog, 'name', 'Rex')",
    "sum = f([1, 2])",
    "list = [1, 2]",
    "sum = 0",
    "def f():\n    def sorted(l):\n        return l",
    "x = None",
    "patch.apply(f)",
    "assert patch(image, 3).shape == (3, 3)",
    "assert (",
]


@pytest.mark.parametrize(("source", "what"), REPLACED.items())
def test_what_is_replaced_is_named(source, what):
    assert replaced_by(source) == what


@pytest.mark.parametrize("source", NOT_REPLACED)
def test_what_the_cell_changes_of_its_own_or_of_the_answers_is_not(source):
    assert replaced_by(source) == ""


def test_a_module_may_be_imported_above():
    assert replaced_by("time.sleep = print") == ""
    assert replaced_by("time.sleep = print", frozenset({"time"})) == "time.sleep"
