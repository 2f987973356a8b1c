"""A graded cell sees the student's functions and objects as if they were here."""

import pytest

pytestmark = pytest.mark.sandbox

NET = """
class Net:
    kind = "a net"
    def __init__(self, size):
        self.params = {"W": np.ones((size, 2))}
        self._secret = 3
    def forward(self, x):
        self.x = x
        return x @ self.params["W"]
    def __call__(self, x):
        return self.forward(x)
    def __getitem__(self, key):
        return self.params[key]
    def __len__(self):
        return 7
    def __iter__(self):
        yield from (1, 2.5)
"""
DUAL = """
class Dual:
    def __init__(self, value, slope=0.0):
        self.value, self.slope = value, slope
    def __mul__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.value * other.value, self.value * other.slope + self.slope * other.value)
    __rmul__ = __mul__
    def __neg__(self):
        return Dual(-self.value, -self.slope)
    def __lt__(self, other):
        return self.value < other
    def __pow__(self, n):
        return Dual(self.value ** n, n * self.value ** (n - 1) * self.slope)
    def __matmul__(self, other):
        return "matmul"
    def __float__(self):
        return float(self.value)

def derivative(f, x):
    return f(Dual(x, 1.0)).slope
"""


@pytest.mark.parametrize(
    "value",
    [
        *(
            "None",
            "True",
            "3",
            "-2**63",
            "2**64 - 1",
            "2.5",
            "'text é'",
            "[1, [2.0]]",
            "(1, 'a')",
            "(1,)",
            "{}",
        ),
        *("{'a': 1, 2: [None]}", "np.float32(1.5)", "np.bool_(True)", "np.int8(-3)", "float('inf')"),
        *("np.arange(6.0).reshape(2, 3)", "np.array(3.0)", "np.zeros((0, 3))", "np.array([True, False])"),
        *("np.arange(3, dtype=np.uint8)", "np.ones((2, 2), np.float16)"),
    ],
)
def test_plain_data_crosses_both_ways_with_its_exact_type(passes, value):
    passes(
        "def same(x):\n    return x",
        f"""
        sent = {value}
        got = same(sent)
        assert type(got) is type(sent), type(got)
        if isinstance(sent, np.ndarray):
            assert got.dtype == sent.dtype and got.shape == sent.shape
        assert np.array_equal(got, sent) if isinstance(sent, np.ndarray) else got == sent
        """,
    )


@pytest.mark.parametrize(
    ("made", "held"),
    [
        ("np.arange(12.0).reshape(3, 4)", "x.flags.c_contiguous and x.flags.writeable"),
        ("np.arange(12.0).reshape(3, 4).T", "x.flags.f_contiguous and not x.flags.c_contiguous"),
        ("np.arange(12.0).reshape(3, 4)[:, ::2]", "not x.flags.c_contiguous and not x.flags.f_contiguous"),
        ("np.broadcast_to(np.ones(3), (4, 3))", "not x.flags.writeable"),
    ],
)
def test_an_array_is_laid_out_there_as_it_is_here(passes, made, held):
    passes(f"def laid_out(x):\n    return bool({held}), x.sum()", f"assert laid_out({made})[0]")


def test_keyword_arguments_and_defaults_work(passes):
    student = "def f(x, *, h=2):\n    return x * h"
    passes(student, "assert f(3) == 6 and f(3, h=5) == 15 and f(x=1) == 2")


def test_objects_answer_as_they_would_here(passes):
    passes(
        NET,
        """
        net = Net(3)
        assert net.kind == "a net"
        assert net._secret == 3
        expect_close("forward", net.forward(np.ones((1, 3))), np.full((1, 2), 3.0))
        expect_close("call", net(np.ones((1, 3))), np.full((1, 2), 3.0))
        expect_close("x", net.x, np.ones((1, 3)))
        expect_close("item", net["W"], np.ones((3, 2)))
        net.params = {**net.params, "W": np.zeros((3, 2))}
        expect_close("forward", net.forward(np.ones((1, 3))), np.zeros((1, 2)))
        assert len(net) == 7 and list(net) == [1, 2.5] and 2.5 in net
        assert hasattr(net, "params") and not hasattr(net, "nothing")
        assert callable(net.forward) and callable(Net)
        assert type(net).__name__ == "Net" and Net.__name__ == "Net"
        """,
    )


def test_arithmetic_comparison_and_conversion_travel(passes):
    passes(
        DUAL,
        """
        x = Dual(3.0, 1.0)
        assert (x * x).slope == 6.0 and (2 * x).slope == 2.0 and (x * 2).slope == 2.0
        assert (np.float64(2.0) * x).slope == 2.0
        assert (-x).value == -3.0 and (x**3).slope == 27.0
        assert (x < 4) is True and (x < 2) is False
        assert x @ x == "matmul"
        assert float(x) == 3.0
        """,
    )


def test_functions_of_the_check_are_called_back_with_plain_data_and_objects(passes):
    passes(
        DUAL + "def twice(f, x):\n    return f(x) + f(2 * x)\n",
        """
        factor = 3.0
        assert twice(lambda t: factor * t, 1.0) == 9.0
        assert twice(np.negative, np.ones(2)).tolist() == [-3.0, -3.0]
        assert derivative(lambda t: t * t, 3.0) == 6.0
        assert derivative(lambda t: t * t if t < 5 else -t, 7.0) == -1.0
        """,
    )


def test_a_function_handed_over_can_be_called_very_often(passes):
    student = "def total(f, n):\n    return sum(f(i) for i in range(n))"
    passes(student, "assert total(lambda i: i, 500) == 124750")


def test_student_functions_and_objects_can_be_arguments_of_each_other(passes):
    student = NET + "def apply(f, x):\n    return f(x)\ndef width(net):\n    return net.params['W'].shape[1]"
    passes(
        student,
        """
        net = Net(2)
        assert width(net) == 2 and apply(width, net) == 2
        expect_close("y", apply(net.forward, np.ones((1, 2))), np.full((1, 2), 2.0))
        pair = apply(lambda thing: (thing, [thing]), net)
        assert width(pair[0]) == 2 and width(pair[1][0]) == 2
        """,
    )


def test_known_containers_arrive_as_what_they_are(passes):
    student = """
    from collections import OrderedDict, defaultdict, namedtuple
    Pair = namedtuple("Pair", "a b")
    def made():
        return OrderedDict(a=1), defaultdict(float, b=2.0), Pair(1, np.ones(2))
    """
    passes(
        student,
        """
        a, b, c = made()
        assert a == {"a": 1} and b == {"b": 2.0} and b["none"] == 0.0 and c[0] == c.a == 1
        assert isinstance(c, tuple) and [type(part).__name__ for part in (a, b, c)] == [
            "OrderedDict", "defaultdict", "Pair"
        ]
        """,
    )


def test_a_named_tuple_with_methods_of_its_own_is_held_against_its_values(passes):
    student = """
    from typing import NamedTuple
    class Vec(NamedTuple):
        x: float
        y: float
        def __add__(self, other):
            return Vec(self.x + other.x, self.y + other.y)
    """
    passes(student, "expect_close('the sum', [Vec(1, 2) + Vec(3, 4)], [(4, 6)])")


def test_a_signature_can_be_read(passes):
    passes(
        "def f(x, w, /, b=0, *rest, key):\n    pass",
        """
        import inspect
        found = inspect.signature(f)
        assert list(found.parameters) == ["x", "w", "b", "rest", "key"]
        assert found.parameters["b"].default is not inspect.Parameter.empty
        """,
    )


def test_a_methods_signature_can_be_read_too(passes):
    student = "class Gate:\n    def forward(self, x, y=1):\n        return x"
    passes(
        student,
        "import inspect\nassert list(inspect.signature(Gate().forward).parameters) == ['x', 'y']",
    )


def test_what_student_code_prints_in_a_check_is_shown_with_its_failure(check):
    ran = check("def f():\n    print('here I am')\n    return 1", "assert f() == 2, 'f is wrong'")
    assert ran.message == "f is wrong\nyour code printed:\n  here I am"


def test_warnings_of_student_code_are_given_once_for_each_line_and_not_where_the_check_is_quiet(check):
    student = """
    def f(x):
        for _ in range(9):
            y = np.log(x)
        return y
    """
    ran = check(student, "f(0.0)\nf(np.zeros(1))\nassert False, 'wrong'")
    assert ran.message == "wrong\nyour code printed:\n  RuntimeWarning: divide by zero encountered in log"
    quiet = check(student, "with np.errstate(all='ignore'):\n    f(0.0)\nassert False, 'wrong'")
    assert quiet.message == "wrong"


def test_a_warning_made_an_error_inside_is_a_warning_to_the_check(passes):
    student = (
        "import warnings\nwarnings.simplefilter('error')\ndef f():\n    warnings.warn('old')\n    return 1"
    )
    passes(student, "assert f() == 1")


def test_a_decorator_keeps_the_name_and_the_docstring_of_what_the_cell_decorates(passes):
    student = """
    import functools
    def twice(function):
        @functools.wraps(function)
        def both(*args):
            return [function(*args), function(*args)]
        return both
    """
    passes(
        student,
        """
        @twice
        def one(x):
            "One more."
            return x + 1
        assert (one(1), one.__name__, one.__doc__) == ([2, 2], "one", "One more.")
        assert twice(lambda: 3).__doc__ is None
        """,
    )


@pytest.mark.parametrize("asked", ["f", "given()", "A", "A()", "A().f"])
def test_a_docstring_is_the_objects_own(passes, asked):
    student = """
    def f():
        "Doc."
    def given():
        return f
    class A:
        "Doc."
        def f(self):
            "Doc."
    """
    passes(student, f"assert {asked}.__doc__ == 'Doc.' and given.__doc__ is None")


@pytest.mark.parametrize(
    "asks",
    ["pooled(lambda x: one_more(x), few)", "[*ThreadPoolExecutor(4).map(one_more, few)]"],
    ids=["student code", "the cell"],
)
def test_threads_on_either_side_may_call_the_other(passes, asks):
    student = """
    from concurrent.futures import ThreadPoolExecutor
    def one_more(x):
        return x + 1
    def pooled(f, xs):
        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(f, xs))
    """
    passes(
        student,
        f"""
        from concurrent.futures import ThreadPoolExecutor
        few = range(9)
        assert {asks} == [*range(1, 10)]
        """,
    )
