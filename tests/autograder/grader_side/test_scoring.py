"""A graded cell earns what its own last expression says, when it says it rightly; nothing else earns."""

import pytest

from autograder.grader_side.cells import compiled_cell, compiled_setup

pytestmark = pytest.mark.sandbox


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("'1.0'", "a number, or nothing, not str"),
        ("[1.0]", "a number, or nothing, not list"),
        ("1j", "a number, or nothing, not complex"),
        ("np.array([1.0])", "a number, or nothing, not ndarray"),
        ("float('nan')", "no number of points"),
        ("float('inf')", "no number of points"),
        ("np.float64('nan')", "no number of points"),
        ("f", "a number, or nothing, not function"),
        ("f()", "a number, or nothing, not Liar"),
        ("1/0", "ZeroDivisionError"),
        ("unknown", "NameError: name 'unknown' is not defined"),
        ("__import__('sys').exit(1)", "SystemExit: 1"),
        ("(lambda f: f(f))(lambda f: f(f))", "RecursionError"),
        ("bytes(2**62)", "MemoryError"),
        ("1.0 1.0", "SyntaxError"),
        ("assert f() == 2.0", ""),
        ("%%bash\ntrue", "a graded cell cannot use %%bash where it is run"),
        ("!true\n1.0", "a graded cell cannot use ! where it is run"),
    ],
)
def test_what_raises_or_ends_with_what_is_no_score_earns_nothing(grade, graded_cell, last, said):
    liar = "class Liar(float):\n    pass\ndef f():\n    return Liar(1.0)"
    result = grade(liar, graded_cell(last, points=2))
    outcome = result.outcomes["graded"]
    assert outcome.points == 0
    assert said in outcome.note
    (output,) = result.notebook.cells[-1].outputs
    assert output.output_type == "error"


@pytest.mark.parametrize(
    ("last", "points"),
    [
        *(("", 2.0), ("None", 2.0), ("x = 1.0", 2.0), ("assert f() == 1", 2.0), ("print(f())", 2.0)),
        *(("1", 1.0), ("0", 0.0), ("-0.5", 0.0), ("2.5", 2.0), ("10**400", 2.0), ("0.5;", 2.0)),
        *(("np.float64(0.5)", 0.5), ("np.int8(1)", 1.0), ("np.float32(9)", 2.0)),
        *(("True", 2.0), ("False", 0.0), ("f() == 1", 2.0), ("f() == 3", 0.0), ("np.bool_(False)", 0.0)),
        ("from fractions import Fraction\nFraction(1, 2)", 0.5),
        ("%time score = f()\n%matplotlib inline\nscore", 1.0),
        ("%%time\nassert f() == 1", 2.0),
    ],
)
def test_a_cell_earns_what_its_last_value_says_and_all_when_it_says_nothing(grade, graded_cell, last, points):
    result = grade("def f():\n    return 1", graded_cell(last, points=2))
    assert result.outcomes["graded"].points == points
    assert result.notebook.cells[-1].outputs[-1].data == {"text/plain": repr(points)}


@pytest.mark.parametrize("value", [0.0, 0.25, 1.0])
def test_a_score_becomes_the_result_of_its_cell(grade, graded_cell, value):
    result = grade("x = 1", graded_cell(f"print('done')\n{value}"))
    text, number = result.notebook.cells[-1].outputs
    assert (text.name, text.text) == ("stdout", "done\n")
    assert (number.output_type, number.data) == ("execute_result", {"text/plain": repr(value)})
    assert number.execution_count == 3
    assert result.outcomes["graded"].points == value


def test_errors_show_nothing_of_the_hidden_tests(grade, graded_cell):
    result = grade("x = 1", graded_cell("### BEGIN HIDDEN TESTS\nsecret = 1/0\n### END HIDDEN TESTS\n1.0"))
    assert "secret" not in str(result.notebook.cells[-1].outputs)


def test_what_the_student_prints_is_not_in_the_table(grade, graded_cell):
    student = "def f():\n    print('✓ everything  100 of 100')\n    return 1"
    result = grade(student, graded_cell("f()\n0.5"))
    assert "everything" not in str(result.notebook.cells[-1].outputs)


@pytest.mark.parametrize("name", ["np", "Checks", "expect_close", "checks", "print", "float", "expected"])
def test_the_graders_names_are_not_the_students_to_redefine(grade, checks_cell, name):
    student = f"""
def f():
    return 1
class {name}:
    __init__ = lambda self, *a, **k: None
    __call__ = lambda self, *a, **k: self
"""
    cell = checks_cell("expected = 2.0\nexpect_close('f', float(f()), np.float64(expected))")
    assert grade(student, cell).outcomes["graded"].points == 0


VALUES = {
    **dict.fromkeys(("__sub__", "__rsub__", "__isub__"), 0.0),
    "__getattribute__": "lambda *given: True",
}


@pytest.mark.parametrize(
    ("lie", "check_source"),
    [
        ("__eq__", "assert f() == 2.0"),
        ("__eq__", "assert 2.0 == f()"),
        ("__ne__", "assert not f() != 2.0"),
        ("__lt__", "assert f() < 2.0"),
        ("__ge__", "assert f() >= 2.0"),
        ("__lt__", "assert f() - 1 < 2.0"),
        ("__sub__", "assert abs(f() - 2.0) < 1e-9"),
        ("__rsub__", "assert abs(2.0 - f()) < 1e-9"),
        ("__rsub__", "assert abs(np.float64(2.0) - f()) < 1e-9"),
        ("__isub__", "x = f()\nx -= 2.0\nassert abs(x) < 1e-9"),
        ("__getattribute__", "assert f().equals(2.0)"),
        ("__eq__", "x = Float()\nassert g(x) is x\nassert x == 2.0"),
        ("__eq__", "assert {'a': f()} == {'a': 2.0}"),
        ("__eq__", "assert f() in (1.0, 2.0)"),
        ("__array__", "assert np.allclose(f(), 2.0)"),
        ("__array__", "assert np.asarray(f()) == 2.0"),
        ("__float__", "expect_close('f', f(), 2.0)"),
        ("__class__", "assert isinstance(f(), float) and f() == 2.0"),
        ("__eq__", "assert [f()] == [2.0]"),
        ("__contains__", "assert 2.0 in f()"),
    ],
)
def test_an_object_that_lies_about_itself_passes_no_check(check, lie, check_source):
    student = f"""
class Liar:
    __sub__ = lambda self, other: self
    {lie} = lambda self, *other: {VALUES.get(lie, True)}
class Float(Liar):
    __class__ = property(lambda self: float)
def g(x):
    return x
def f():
    return {"Float" if lie == "__class__" else "Liar"}()
"""
    assert not check(student, check_source).passed


@pytest.mark.parametrize("kind", ["float", "bool", "ValueError"])
def test_a_data_class_that_lies_about_its_class_is_none_of_pythons(check, kind):
    student = f"""
from dataclasses import dataclass
@dataclass
class Lie:
    x: float = 2.0
    __class__ = property(lambda self: {kind})
def f():
    return Lie()
"""
    assert not check(student, f"assert isinstance(f(), {kind})").passed


@pytest.mark.parametrize("kind", ["numbers.Number", "collections.abc.Mapping", "(int, float)", "np.ndarray"])
def test_a_data_class_is_asked_whether_it_is_something_else(check, kind):
    student = """
from dataclasses import dataclass
@dataclass
class P:
    x: float = 2.0
def f():
    return P()
"""
    asked = f"import collections.abc, numbers\nassert not isinstance(f(), {kind}) and isinstance(f(), P)"
    assert check(student, asked).passed


def test_patching_numpy_or_builtins_inside_changes_nothing_here(check):
    student = """
import builtins
np.testing.assert_allclose = np.allclose = np.array_equal = lambda *a, **k: True
np.linalg.norm = lambda *a, **k: 0.0
builtins.abs = builtins.float = lambda x: 0
def f():
    return 5.0
"""
    assert not check(student, "expect_close('f', f(), 2.0)").passed
    assert not check(student, "assert abs(f() - 2.0) < 1e-9").passed
    assert not check(student, "assert np.linalg.norm(np.array([f() - 2.0])) < 1e-9").passed


def test_each_graded_cell_has_fresh_fixtures(grade, setup_cell, checks_cell):
    cells = [setup_cell("data = np.ones(3)\nseen = []"), "def spoil(x):\n    x[:] = 0\n    return 0"]
    first = checks_cell("seen.append(1)\nassert spoil(data) == 0 and data.sum() == 0", name="first")
    second = checks_cell("assert data.sum() == 3 and seen == []", name="second")
    outcomes = grade(*cells, first, second).outcomes
    assert (outcomes["first"].points, outcomes["second"].points) == (1, 1)


def test_a_helper_of_the_setup_may_call_the_students_functions(grade, setup_cell, checks_cell):
    cells = [setup_cell("def doubled(x):\n    return 2 * answer(x)"), "def answer(x):\n    return x"]
    assert grade(*cells, checks_cell("assert doubled(3) == 6")).outcomes["graded"].points == 1


def test_a_cell_that_only_looks_like_setup_is_not_run_here(grade, checks_cell):
    from nbformat.v4 import new_code_cell

    cell = new_code_cell("def expect_close(*a, **k): pass\nstolen = 1")
    cell.metadata = {"tags": ["setup"], "nbgrader": {"solution": True, "grade": False, "locked": False}}
    untagged = new_code_cell("def expect_close(*a, **k): pass")
    untagged.metadata.tags = ["setup"]
    result = grade(cell, untagged, "def f():\n    return 1", checks_cell("expect_close('f', f(), 2.0)"))
    assert result.outcomes["graded"].points == 0


def test_student_names_are_those_of_the_moment(grade, checks_cell):
    first = checks_cell("assert f() == 1", name="first")
    outcomes = grade(
        "def f():\n    return 1", first, "def f():\n    return 2", checks_cell("assert f() == 2")
    ).outcomes
    assert (outcomes["first"].points, outcomes["graded"].points) == (1, 1)


def test_a_seed_repeats_the_hidden_inputs(grade, checks_cell):
    cell = checks_cell("raise AssertionError(rng.normal())")
    messages = [grade("x = 1", cell, seed=seed).outcomes["graded"].checks[0].message for seed in (1, 1, 2)]
    assert messages[0] == messages[1] != messages[2]


def test_not_written_yet_is_said_as_such(check):
    ran = check("def f():\n    raise NotImplementedError('not written yet')", "f()")
    assert ran.outcome.checks[0].status == "not written yet"


@pytest.mark.parametrize(
    ("raised", "message"),
    [
        ("ValueError('bad x')", "ValueError: bad x"),
        ("KeyError('W1')", "KeyError: 'W1'"),
        ("Own('mine')", "Own: mine"),
        ("FileNotFoundError(2, 'No such file')", "FileNotFoundError: [Errno 2] No such file"),
        ("UnicodeDecodeError('utf-8', b'x', 0, 1, 'why')", "UnicodeDecodeError: 'utf-8' codec"),
        ("SystemExit(3)", "SystemExit: 3"),
        ("KeyboardInterrupt()", "KeyboardInterrupt"),
        ("ExceptionGroup('many', [ValueError(1)])", "ExceptionGroup: many"),
        ("StopIteration(3)", "StopIteration: 3"),
        ("np.linalg.LinAlgError('Singular matrix')", "LinAlgError: Singular matrix"),
        ("type('x' * 999, (Exception,), {})('long name')", "StudentError: long name"),
        ("ValueError('a' * 10**6)", "ValueError: aaaa"),
        ("Broken()", "Broken: (its text could not be made"),
    ],
)
def test_exceptions_cross_by_name_with_bounded_text(check, raised, message):
    student = f"""
class Own(ValueError): pass
class Broken(Exception):
    args = 3
    def __str__(self):
        raise ValueError
def f():
    raise {raised}
"""
    ran = check(student, "f()")
    assert ran.message.startswith(message)
    assert len(ran.message) < 3000


def test_a_subclass_of_a_builtin_exception_is_caught_as_that(check):
    student = "class Own(ValueError): pass\ndef f():\n    raise Own('names x')"
    assert check(student, "with expect_raises(ValueError, mentions='x'):\n    f()").passed


def test_names_a_cell_reads_are_found_in_functions_too():
    source = """
checks = 1
def helper(y):
    return lambda: outer + y
class A:
    b = c
print(np.d)
last
"""
    assert compiled_cell(source, "x").free_names == {"outer", "c", "np", "last"}
    assert compiled_setup("%matplotlib inline\nimport a\nb = a.c + d", "x").free_names == {"d"}
