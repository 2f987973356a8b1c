"""What extends a plain type is compared by what it holds; data classes have fields, and enums members."""

import pytest

pytestmark = pytest.mark.sandbox
MEMBERS = "from enum import Enum, IntEnum, StrEnum\n"
POINT = "from dataclasses import dataclass\n@dataclass\nclass Point:\n    x: int\n    y: int = 2\n"
HELD = {
    "class I(int):\n    pass\ndef f():\n    return I(3)": (
        "assert f() == 3 and f() < 4 and f() + 1 == 4 and 2 * f() == 6"
    ),
    "class S(str):\n    pass\ndef f():\n    return S('a')": (
        "assert f() == 'a' and f() + 'b' == 'ab' and f() in ['a']"
    ),
    "class F(float):\n    pass\ndef f():\n    return F(0.5)": (
        "assert np.isclose(f(), 0.5) and isinstance(f(), float) and np.sqrt(f()) > 0.7\n"
        "np.testing.assert_almost_equal(f(), 0.5)"
    ),
    "class L(list):\n    pass\ndef f():\n    return L([1, 2])": (
        "assert f() == [1, 2] and f()\nassert np.allclose(f(), [1, 2]) and np.max(f()) == 2\n"
        "import json\nassert json.dumps({'a': f()}) == '{\"a\": [1, 2]}'"
    ),
    "class D(dict):\n    pass\ndef f():\n    return D(a=1)": (
        "import json\nassert f() == {'a': 1} and json.dumps(f()) == '{\"a\": 1}'"
    ),
    "class T(set):\n    pass\ndef f():\n    return T([1])": "assert f() == {1} and f().issubset({1, 2})",
    "from collections import ChainMap, UserDict, UserList\nfrom types import MappingProxyType\ndef f():\n"
    "    return ChainMap({1: 2}), UserDict({1: 2}), MappingProxyType({1: 2}), UserList('a')": (
        "assert f() == ({1: 2}, {1: 2}, {1: 2}, ['a']) and not isinstance(f()[1], dict)"
    ),
    "from collections import UserString\ndef f():\n    return UserString('a')": (
        "assert f() == 'a' and f() + 'b' == 'ab' and not isinstance(f(), str)"
    ),
    "from collections.abc import Set\nclass Z(Set):\n    __contains__ = lambda self, x: x == 1\n"
    "    __iter__ = lambda self: iter([1])\n    __len__ = lambda self: 1\ndef f():\n    return Z()": (
        "assert f() == {1} and {1} == f()"
    ),
    "from datetime import date, datetime, timedelta\nfrom decimal import Decimal\n"
    "class A(Decimal):\n    pass\n"
    "class B(date):\n    pass\nclass C(datetime):\n    pass\nclass D(timedelta):\n    pass\n"
    "def f():\n    return A('0.5'), B(1, 2, 3), C(1, 2, 3, 4), D(5)": (
        "from datetime import date, datetime, timedelta\nfrom decimal import Decimal\n"
        "assert f() == (Decimal('0.5'), date(1, 2, 3), datetime(1, 2, 3, 4), timedelta(5))\n"
        "total = f()[0]\ntotal += 1\nassert total == 1.5\n"
        "assert f()[2] + f()[3] == datetime(1, 2, 8, 4) and f()[1] in {date(1, 2, 3)}"
    ),
    "class B:\n    def __getitem__(self, i):\n        return [1, 2][i]\n    __len__ = lambda self: 2\n"
    "def f():\n    return B()": (
        "assert np.sum(f()) == 3 and (np.ones(2) + f()).tolist() == [2, 3] and np.allclose(f(), [1, 2])"
    ),
    "class S(str):\n    pass\nclass D(dict):\n    pass\ndef f():\n    return D({S('a'): 1})": (
        "assert f().keys() == {'a'} and f().items() == {('a', 1)}\n"
        "match f():\n    case {'a': n}:\n        assert n == 1\n    case _:\n        raise AssertionError"
    ),
    "import re\ndef f():\n    return re.match('a', 'a') or re.match('b', 'a')": "assert f()",
    "class B(bytes):\n    pass\ndef f():\n    return B(b'a')": "assert f() == b'a'",
    f"{MEMBERS}class C(IntEnum):\n    RED = 1\ndef f():\n    return C.RED": (
        "assert f() == 1 and f() is C.RED and f().name == 'RED' and isinstance(f(), int)"
    ),
    f"{MEMBERS}class C(StrEnum):\n    RED = 'r'\ndef f():\n    return C.RED": (
        "assert f() == 'r' and f().upper() == 'R'"
    ),
    f"{MEMBERS}class C(Enum):\n    RED = 1\ndef f():\n    return {{C.RED: 3}}": "assert f() == {C.RED: 3}",
    f"{MEMBERS}class C(Enum):\n    RED = 1": (
        "from enum import Enum\nassert issubclass(C, Enum) and isinstance(C.RED, Enum) and len(C) == 1"
    ),
    "import numbers\nclass N:\n    def __int__(self):\n        return 3\n"
    "numbers.Integral.register(N)\ndef f():\n    return N()": (
        "assert f() == 3 and abs(f() - 3) < 1e-6 and f() in (1, 3) and np.isclose(f(), 3)\n"
        "import numbers\nassert isinstance(f(), numbers.Integral) and not isinstance(f(), int)"
    ),
    f"{POINT}def f():\n    return Point(1)": (
        "import dataclasses\nassert dataclasses.asdict(f()) == {'x': 1, 'y': 2}\n"
        "assert dataclasses.astuple(f()) == (1, 2) and dataclasses.is_dataclass(Point)\n"
        "assert [(field.name, field.default) for field in dataclasses.fields(Point)][1] == ('y', 2)"
    ),
    "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass P:\n    x: int": (
        "import dataclasses\np = P(1)\ntry:\n    p.x = 2\nexcept dataclasses.FrozenInstanceError:\n    pass\n"
        "else:\n    raise AssertionError"
    ),
    "def f():\n    return np.linalg.inv(np.zeros((2, 2)))": (
        "try:\n    f()\nexcept np.linalg.LinAlgError:\n    pass\nelse:\n    raise AssertionError"
    ),
}
LIES = {
    "eq": "__eq__ = lambda self, other: True",
    "order": "__lt__ = __le__ = __gt__ = __ge__ = lambda self, other: True",
    "arithmetic": "__add__ = __radd__ = __mul__ = __sub__ = lambda self, other: 4",
    "numbers": "__int__ = __index__ = __float__ = lambda self: 4",
    "array": "__array__ = lambda self, *a, **k: np.array(4)\n    __array_ufunc__ = lambda *a, **k: True",
    "class": "__class__ = int",
}


@pytest.mark.parametrize(("student", "check"), HELD.items())
def test_it_is_looked_at_as_what_it_holds(grade, graded_cell, student, check):
    outcome = grade(f"import numpy as np\n{student}", graded_cell(check)).outcomes["graded"]
    assert (outcome.points, outcome.note) == (1, "")


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
@pytest.mark.parametrize(
    "check", ["assert f() == 4", "assert f() + 1 == 5", "assert f() > 3", "assert np.isclose(f(), 4)"]
)
def test_whatever_its_class_makes_of_it_it_is_what_it_holds(grade, graded_cell, lie, check):
    student = f"import numpy as np\nclass Liar(int):\n    {lie}\ndef f():\n    return Liar(3)"
    assert grade(student, graded_cell(check)).outcomes["graded"].points == 0


@pytest.mark.parametrize("check", ["first < second < third", "sorted([third, second, first])[0] == 3"])
def test_two_that_a_call_returned_compare_by_what_they_hold(grade, graded_cell, check):
    liar = "class Liar(int):\n    __lt__ = __eq__ = lambda self, other: True"
    student = f"{liar}\ndef f():\n    return [Liar(3), Liar(2), Liar(1)]"
    cell = graded_cell(f"first, second, third = f()\nassert {check}")
    assert grade(student, cell).outcomes["graded"].points == 0


def test_two_that_the_check_made_compare_as_their_class_says(grade, graded_cell):
    student = "class V(str):\n    def __lt__(self, other):\n        return int(self) < int(other)"
    assert grade(student, graded_cell("assert V('9') < V('10')")).outcomes["graded"].points == 1


def test_what_cannot_change_is_the_same_at_every_look(grade, graded_cell):
    student = (
        "import autograder.student_side.objects as objects\n"
        "answers = iter([1.0, 0.5403023058681398])\n"
        "objects.OPERATIONS['content'] = lambda value: next(answers)\n"
        "class F(float):\n    pass\ndef f():\n    return F(1)"
    )
    check = "import math\nx = f()\nassert abs(x - 1) < 1e-6\nassert abs(math.cos(1) - (x + 0)) < 1e-6"
    assert grade(student, graded_cell(check)).outcomes["graded"].points == 0


@pytest.mark.parametrize("content", ["'3'", "True", "[3]", "None", "object()"])
def test_what_is_not_of_its_type_is_no_content(grade, graded_cell, content):
    student = (
        "import autograder.student_side.objects as objects\n"
        f"objects.OPERATIONS['content'] = lambda value: {content}\n"
        "class I(int):\n    pass\ndef f():\n    return I(3)"
    )
    outcome = grade(student, graded_cell("assert f() == 3")).outcomes["graded"]
    assert (outcome.points, "holds no int" in outcome.note) == (0, True)
