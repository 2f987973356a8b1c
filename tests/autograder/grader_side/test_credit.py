"""What the grader or the check itself raises is never taken for the student's."""

import pytest

pytestmark = pytest.mark.sandbox

ACCEPTS_ALL = "def f(*args, **kwargs):\n    return 1.0"
WAYS = {
    "expect_raises": "with expect_raises({kind}):\n    {call}",
    "expect_raises(Exception)": "with expect_raises(Exception):\n    {call}",
    "except": "try:\n    {call}\nexcept {kind}:\n    pass\nelse:\n    assert 0, 'accepted'",
    "except Exception": "try:\n    {call}\nexcept Exception:\n    pass\nelse:\n    assert 0, 'accepted'",
}
in_every_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


@in_every_way
@pytest.mark.parametrize(
    "argument",
    [
        *(
            "{1, 2}",
            "1 + 2j",
            'b"ab"',
            'np.array(["a"])',
            "iter([1])",
            "(n for n in [1])",
            "object()",
            "float",
        ),
        *("[1, {'a': object()}]", "np.array([None])", "np.datetime64('2020-01-01')", "open", "2**200000"),
        *(
            "np.ma.array([1.0])",
            "'\\ud800'",
            "lambda x: x",
            "np.broadcast_to(1.0, (2**20, 2**20))",
            "range(3)",
        ),
    ],
)
def test_a_function_that_accepts_everything_is_not_said_to_refuse(check, way, argument):
    ran = check(ACCEPTS_ALL, way.format(kind="TypeError", call=f"f({argument})"))
    assert not ran.passed


@in_every_way
@pytest.mark.parametrize(
    "call",
    [
        *("make() < make()", "make() == 3", "bool(make())", "np.sin(make())", "{make(): 1}"),
        *(
            "make()[0] < 2",
            "hash(make())",
            "sorted([make(), make()])",
            "not make()",
            "np.isclose(make(), 1.0)",
        ),
    ],
)
def test_what_the_wall_refuses_to_ask_of_an_object_is_no_refusal_of_the_students(check, way, call):
    student = """
    class Thing:
        def __getitem__(self, key): return self
        def __lt__(self, other): return True
        __eq__ = __gt__ = __lt__
    def make(): return Thing()
    """
    ran = check(student, way.format(kind="TypeError", call=call))
    assert not ran.passed


@in_every_way
@pytest.mark.parametrize(
    "body", ["while True: pass", "import os; os._exit(3)", "import os; os.closerange(3, 99)"]
)
def test_an_answer_that_does_not_end_or_ends_its_process_is_no_refusal(check, way, body):
    for kind in ("TimeoutError", "RuntimeError"):
        ran = check(f"def f():\n    {body}", way.format(kind=kind, call="f()"))
        assert not ran.passed
        assert not ran.outcome.checks[0].message.startswith("expected")


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        ("f(lambda t: t + 'a', 1.0)", "TypeError"),
        ("f(lambda t: [][3], 1.0)", "IndexError"),
        ("f(lambda t: int('x'), 1.0)", "ValueError"),
        ("f(lambda t: {1, object()}, 1.0)", "TypeError"),
        ("g(1) + 1", "TypeError"),
        ("g(1)['a']", "TypeError"),
        ("a, b = g(1)", "TypeError"),
        ("int('x')", "ValueError"),
    ],
)
def test_an_error_of_the_checks_own_is_no_refusal_of_the_students(check, call, kind):
    student = "def f(function, x):\n    return function(x)\ndef g(x):\n    return None"
    for expected in (kind, "Exception"):
        ran = check(student, f"with expect_raises({expected}):\n    {call}")
        assert not ran.passed


def test_an_error_that_student_code_makes_of_one_of_the_checks_is_the_students(check):
    student = """
    def f(function, x):
        try:
            return function(x)
        except TypeError as error:
            raise ValueError("no function of a number") from error
    """
    assert check(
        student, "with expect_raises(ValueError, mentions='number'):\n    f(lambda t: t + 'a', 1)"
    ).passed


def test_what_the_check_raises_in_a_function_of_its_own_arrives_as_it_was_raised(check):
    student = "def f(function, x):\n    return function(x)"
    source = """
    class Mine(Exception):
        pass
    def refuse(t):
        raise Mine(t)
    try:
        f(refuse, 1)
    except Mine as error:
        assert error.args == (1,)
    else:
        raise AssertionError
    """
    assert check(student, source).passed


@pytest.mark.parametrize(
    "body", ["raise TypeError('no')", "return x + None", "return x[0]", "return len(x, x)"]
)
def test_what_student_code_raises_counts(check, body):
    ran = check(f"def f(x):\n    {body}", "with expect_raises(TypeError):\n    f(1.0)")
    assert ran.passed, ran.message


def test_a_wrong_number_of_arguments_is_refused_by_the_students_code(check):
    assert check("def f(x):\n    return x", "with expect_raises(TypeError):\n    f(1, 2, 3)").passed


def test_a_check_that_hands_over_what_cannot_be_is_told_to_the_instructor_and_costs_no_other(
    grade, checks_cell
):
    result = grade(
        "def f(*args):\n    return 1.0",
        checks_cell("f(memoryview(b''))", "assert f(1) == 1.0", "f(lambda t: t, np)"),
    )
    outcome = result.outcomes["graded"]
    assert [check.points for check in outcome.checks] == [0, 1, 0]
    assert "this check cannot be decided, which is no fault of yours" in outcome.checks[0].message
    assert "call f: a value of type memoryview" in outcome.checks[0].message
    assert len(result.notes) == 2
    assert "call f: a value of type memoryview" in result.notes[0]
    assert result.status == "graded"


def test_student_code_cannot_go_on_after_a_check_that_cannot_be_decided(check):
    student = """
    def f(function):
        for _ in range(50):
            try:
                function(1)
            except BaseException:
                pass
        return 1.0
    """
    ran = check(student, "seen = []\nassert f(lambda t: seen.append(t) or memoryview(b'')) == 1.0")
    assert not ran.passed
    assert "this check cannot be decided" in ran.message


def test_outside_of_a_check_it_ends_the_cell(grade, graded_cell):
    result = grade("def f(x):\n    return 1.0", graded_cell("f(memoryview(b''))\n1.0"))
    assert result.outcomes["graded"].points == 0
    assert "this check cannot be decided" in result.outcomes["graded"].note


@pytest.mark.parametrize(
    "value", ["object()", "iter([])", "np.array([None])", "range(3)", "list(range(10**6)) * 2"]
)
def test_a_student_who_returns_what_cannot_cross_reads_what_was_wanted(check, value):
    ran = check(f"def f():\n    return {value}", 'expect_close("f", f(), 1.0)')
    assert not ran.passed
    assert ran.message.startswith("f should be a number, not a")
    assert ran.result.notes == ()
