"""Which texts become code while a graded cell runs: a student's that compute, and what stands in the cell."""

import ast
import collections
import dataclasses
import doctest
import sys
import timeit
import typing

import pytest
from roles import exercise

from autograder.grader_side import compiled
from autograder.grader_side.audited import audited
from autograder.grader_side.compiled import Compiled, Said, is_plain
from autograder.grading.grade import grade_rebuilt
from autograder.grading_settings import Settings
from autograder.recorded.record import record_of
from autograder.student_side.frames import Message

EVIL = "left.append(1)"
PARSER = """
def parse_expr(s, left=None):
    def eval_expr(code):
        code = code.replace("x", "Symbol ( 'x' )")
        return eval(code, {"left": left, "Symbol": lambda name: 3, "sqrt": abs})
    return eval_expr(s)
"""
OWN = """
    >>> for n in (1, 2):
    ...     print(double(n))
    2
    4
"""
CELL = f"import doctest\ndef example():\n    '''{OWN}    '''\n"


def looking(source="f()", *texts):
    """In the block, this cell runs, for which a student's process said these texts, each in a message."""
    said = Said()
    for text in texts:
        said.hear(Message(["done", 3, text], b"", len(text)))
    return audited(Compiled([compile(source, "<graded>", "exec")], said).look)


@pytest.fixture(name="parse")
def parse_fixture():
    """Stands for SymPy's parser, which may not be installed."""
    module = {"__name__": "sympy.parsing.sympy_parser"}
    exec(PARSER, module)
    return module["parse_expr"]


@pytest.mark.parametrize(
    "text",
    [
        EVIL,
        "(left #!\n(1))",
        "left\\\n(1)",
        "[left][0]#!\n",
        "(left) #",
        "np.allclose = bool",
        "x.y >>= 3",
        "x.y <<= 3",
        "(expected := 3)",
        "[0 for np.allclose in [max]]",
        "with left: pass",
        "del np.allclose",
        "global left",
        "nonlocal left",
        "@(left)\nclass A: pass",
        "left . append\n( 1 )",
        "x = 3\nclass A: pass\nA.__class_getitem__ = left\nA[1]",
        "import os",
        "@left\nclass A: pass",
        "[left][0](1)",
        "(left)(1)",
    ],
)
@pytest.mark.parametrize("around", ["{}", "def g(x):\n    {}", "f'{{{}}}'"])
def test_what_a_student_said_is_not_compiled_whatever_stands_around_it(text, around):
    with looking("f()", text), pytest.raises(PermissionError, match="a text that could be a student's is no"):
        compile(around.format(text), "x", "exec")


@pytest.mark.parametrize("change", [str.strip, str.upper, lambda text: text.split(";")[1], str.encode])
def test_a_part_of_what_a_student_said_is_not_compiled_nor_with_other_blanks_or_capitals(change):
    text = f" 1 ; {EVIL}"
    with looking("f()", text), pytest.raises(PermissionError, match="could be a student's"):
        compile(change(text), "x", "exec")


def test_what_computes_is_compiled_whoever_said_it():
    with looking("f()", "2*sqrt(4)", "list[int]", EVIL):
        assert eval("2*sqrt(4)", {"sqrt": abs}) == 8
        assert typing.get_type_hints(typed("list[int]")) == {"x": list[int]}


def typed(annotation):
    def function(x):
        """Its annotation is a text."""

    function.__annotations__["x"] = annotation
    return function


@pytest.mark.parametrize("annotation", ["__import__('os')", "exec('1')", "(lambda: 1)()", "open('x')"])
def test_an_annotation_of_a_students_is_not_evaluated(annotation):
    with looking("f()", annotation), pytest.raises(PermissionError):
        typing.get_type_hints(typed(annotation))
    with looking("f()", "the name of an exception(but no annotation)"):
        assert typing.get_type_hints(typed("max(1, 2).__class__"))["x"] is int


def test_a_statement_of_a_students_is_not_timed():
    left = []
    with looking("f()", EVIL):
        with pytest.raises(PermissionError):
            timeit.timeit(EVIL, globals={"left": left})
        assert timeit.timeit("left.pop", globals={"left": left}, number=1) >= 0
    assert left == []


def test_a_text_is_parsed_a_module_imported_and_a_tuple_named_whatever_was_said():
    with looking("f()", EVIL, "[1, (2, 3)]", "namedtuple(x)", "())("):
        assert ast.literal_eval("[1, (2, 3)]") == [1, (2, 3)]
        assert isinstance(ast.parse(EVIL), ast.Module)
        assert collections.namedtuple("Point", "x y")(1, 2).y == 2
        import this  # noqa: F401


def test_brackets_alone_are_no_code():
    with looking("f()", "(", "()", "(())", "f"):
        assert eval("divmod(7, 2)", {"f": 1}) == (3, 1)


def test_what_was_not_said_is_compiled_and_afterwards_everything():
    left = []
    with looking("f()", "left.pop(1)"):
        eval(EVIL)
    eval("left.pop(0)")
    assert left == []


def test_where_very_much_was_said_nothing_that_acts_is_compiled_but_what_stands_in_the_cell(monkeypatch):
    text = "f(xxxxxxxx"
    for most, refused in ((sys.getsizeof(text), False), (sys.getsizeof(text) - 1, True)):
        monkeypatch.setattr(compiled, "MOST", most)
        with looking("x = 'f(3)'", text, text.upper()):
            assert eval("f(3)", {"f": abs}) == 3
            assert eval("4") == 4
            if refused:
                with pytest.raises(PermissionError):
                    eval("f(2)", {"f": abs})
            else:
                eval("f(2)", {"f": abs})


def test_names_and_what_computes_are_code_of_nobody():
    with looking("f()", "__init__", "__eq__", "sin(x) + 1", "x[0]", "d()", "c = 0"):
        assert dataclasses.make_dataclass("Point", ["x"])(1).x == 1
        exec("def g(x): return sin(x) + 1\nend()\nabc = 0", {"end": dict})
        for text in ("d()", "if d():\n    1", "x = d ( )", "abs(d(), 3)", "[c = 0 for x in y]"):
            with pytest.raises(PermissionError):
                compile(text, "x", "exec")


def failures(docstring):
    """How many of the examples of a docstring fail, and what they left in a list."""
    left = []
    names = {"left": left, "double": lambda x: 2 * x}
    test = doctest.DocTestParser().get_doctest(docstring, names, "f", None, 0)
    return doctest.DocTestRunner(verbose=False).run(test, out=lambda text: None).failed, left


def test_an_example_of_the_cells_own_is_run():
    with looking(CELL):
        assert failures(OWN) == (0, [])


@pytest.mark.parametrize("line", [EVIL, "double(1) or left.append(1)", "print(double(n)); left.append(1)"])
def test_an_example_of_somebody_elses_is_not_run(line):
    with looking(CELL):
        assert failures(f">>> {line}") == (1, [])


def test_a_students_formula_that_computes_is_read(parse):
    with looking("assert sp.simplify(f()) == 7"):
        assert parse("2*x + sqrt(1.0)") == 7


@pytest.mark.parametrize("text", [EVIL, "__import__('os')", "exec(x)", "(exec)(x)", "left . append(x)"])
def test_a_students_formula_that_could_do_more_is_not_read(parse, text):
    left = []
    with looking("assert f() == 7"), pytest.raises(PermissionError, match="could be a student's"):
        parse(text, left)
    assert left == []


def test_what_stands_in_the_cell_is_read_and_elsewhere_everything(parse):
    left = []
    with looking(f"sp.simplify({EVIL!r})"):
        parse(EVIL, left)
    parse("left.append(2)", left)
    assert left == [1, 2]


PLAIN = ["x**2 + 1", "sin(x)*exp(-t/2)", "1e-3*a_1", "0.5", "sqrt(2)*pi", "x*(y - 1)", "x != 2", "log(x, 2)"]
PLAIN += [
    "x.y",
    "1 .real",
    "x[0]",
    "int | None",
    "list[int]",
    "np.ndarray",
    "(x, True)",
    "open",
    "a if b"[:1],
]
OTHERS = [
    "f(x)",
    "eval(x)",
    "lambda x: x",
    "'a'",
    "a__b",
    "sin(x)(y)",
    "chr(9)",
    "min(x, key=exec)",
    "x.y(1)",
]
OTHERS += [
    "min(x, key=exec)",
    "x[0](1)",
    "x._y",
    "x for x in y",
    "await x",
    "(open)",
    "sin(x).y(1)",
    "@f",
    "x; y",
]
OTHERS += ["x.y (1)"]


@pytest.mark.parametrize("text", PLAIN)
def test_texts_of_numbers_names_and_functions_that_compute_are_plain(text):
    assert is_plain(text)


@pytest.mark.parametrize("text", OTHERS)
def test_other_texts_are_not(text):
    assert not is_plain(text)


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("answer", "check"),
    [
        ("def f(x: \"open({hit!r}, 'w') and int\"): pass", "import typing\nassert typing.get_type_hints(f)"),
        ("def f(): return \"open({hit!r}, 'w')\"", "import timeit\nassert timeit.timeit(f(), number=1) > 0"),
        (
            "def f(): print(\"open({hit!r}, 'w')\")",
            "import contextlib, io, timeit\nsaid = io.StringIO()\n"
            "with contextlib.redirect_stdout(said):\n    f()\n"
            "timeit.timeit(said.getvalue().strip(), number=1)\nassert True\n0",
        ),
        (
            "def f(): return '{{{{ cycler.__init__.__globals__.os.mkdir({hit!r}) }}}}'",
            "import jinja2\nloader = jinja2.DictLoader({{'t': f()}})\n"
            "jinja2.Environment(loader=loader).get_template('t').render()\n0",
        ),
        (
            "def f(): return 'cycler.__init__.__globals__.os.mkdir({hit!r})'",
            "import jinja2\njinja2.Environment().compile_expression(f())()\n0",
        ),
        (
            'def f():\n    """>>> a = open({hit!r}, "w")"""',
            "import doctest\ndoctest.run_docstring_examples(f, {{}})\nassert True\n0",
        ),
    ],
)
def test_a_text_of_a_students_does_nothing_in_the_graders_process(tmp_path, answer, check):
    hit = tmp_path / "hit"
    outcome = record_of(
        grade_rebuilt(exercise(answer.format(hit=str(hit)), check.format()), 0, Settings())
    ).outcomes["graded"]
    assert outcome["points"] == 0
    assert not hit.exists()
