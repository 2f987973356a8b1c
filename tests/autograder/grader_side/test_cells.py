"""The instructor's cells: their code, whether they show something, and which names they take and give."""

import __future__

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.grader_side.cells import (
    bound_by,
    compiled_cell,
    compiled_setup,
    looks_at_all_names,
    may_draw,
    named_in_text,
    read_by,
    runs_text,
)
from autograder.student_side.packages import NONE, Packages


def run(code):
    """The value of a cell's last expression, after its other statements."""
    namespace = {}
    exec(code.body, namespace)
    return eval(code.last, namespace)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("x = 1\nx + 1", 2),
        ("x = 1\nx + 1;", None),
        ("x = 1\nx + 1  ;  # quiet", None),
        ("x = 1\nx + 1  # loud; it says", 2),
        ("x = 1", None),
        ("", None),
        ("# a comment", None),
        ("x = 1; x", 1),
        ("x = 'é'; x", "é"),
        ("x = (1 +\n     2)\n(x +\n x)", 6),
        ("%matplotlib inline\n3", 3),
        ("%%time\n3", 3),
    ],
)
def test_the_last_expression_is_shown_but_for_a_semicolon(source, value):
    assert run(compiled_cell(source, "graded")) == value


def test_the_last_expression_runs_once():
    assert run(compiled_cell("calls = []\ncalls.append(1)\nlen(calls)", "graded")) == 1
    code = compiled_cell("calls = []\ncalls.append(1) or calls", "graded")
    assert run(code) == [1]


def test_a_traceback_names_the_cell():
    code = compiled_cell("x = 1\nx", "part-2")
    assert (code.body.co_filename, code.last.co_filename) == ("<part-2>", "<part-2>")
    assert compiled_setup("x = 1", "imports").body.co_filename == "<imports>"
    with pytest.raises(SyntaxError) as error:
        compiled_cell("x = ", "part-2")
    assert error.value.filename == "<part-2>"


def test_what_a_cell_annotates_is_no_text():
    for code in (compiled_cell("def f(x: int): pass", "c"), compiled_setup("def f(x: int): pass", "s")):
        assert not code.body.co_flags & __future__.annotations.compiler_flag
        namespace = {}
        exec(code.body, namespace)
        assert namespace["f"].__annotations__ == {"x": int}
    assert not compiled_cell("lambda: 0", "c").last.co_flags & __future__.annotations.compiler_flag


def test_a_graded_cell_with_a_magic_that_does_something_is_refused_and_a_setup_cell_leaves_it_out():
    with pytest.raises(ValueError, match=r"a graded cell cannot use %run and ! where it is run"):
        compiled_cell("%run other.py\n!ls\n1", "c")
    assert run(compiled_setup("%run other.py\nx = 1\nx", "s")) is None


def test_which_names_a_cell_reads_and_binds():
    code = compiled_cell("import numpy as np\ny = np.exp(f(x))\nprint(len(y), sum)\nz = 3\nz", "c")
    assert code.free_names == {"f", "x"}
    assert code.of_python == {"print", "len", "sum"}
    assert code.bound == {"np", "y", "z"}
    setup = compiled_setup("n = m", "s")
    assert (setup.free_names, setup.of_python, setup.bound) == ({"m"}, set(), {"n"})


def test_a_name_that_is_read_before_it_is_bound_is_anothers():
    assert compiled_cell("x = x + 1\ny = 2\ny += 1", "c").free_names == {"x"}
    assert compiled_cell("sum = sum([1])", "c").of_python == set()


def test_a_name_that_is_looked_for_by_its_text_is_read():
    for call in ("globals()", "globals(\n)"):  # as formatters break a long line
        assert compiled_cell(f"assert 'answer' in {call}\nmine = 'mine'", "c").free_names == {"answer"}


@pytest.mark.parametrize("how", ["globals", "locals", "vars", "dir"])
def test_names_in_texts_are_taken_where_a_cell_asks_for_all_names(how):
    assert named_in_text(f"assert 'x' in {how}(), 'no name, this'\n3") == {"x"}


def test_names_in_texts_are_no_names_elsewhere():
    assert named_in_text("assert 'x' in names()") == frozenset()
    assert named_in_text("assert 'x' in myglobals()") == frozenset()
    assert named_in_text("b'x', 3, 'x y', vars(x)") == frozenset()
    assert named_in_text("%matplotlib inline\n'x' in dir()") == {"x"}


def test_what_a_released_cell_binds_and_reads():
    assert bound_by("%matplotlib inline\nx = y\ndef f(): return z") == {"x", "f"}
    assert read_by("%matplotlib inline\nx = x + y\ndef f(): return z") == {"x", "y", "z"}
    assert bound_by("x = ") == read_by("x = ") == frozenset()
    assert read_by("x = 1\nx") == frozenset()


def drawn(*sources, packages=NONE, locked=False, markdown=""):
    cells = [code(source, locked) for source in sources]
    return may_draw(new_notebook(cells=[*cells, new_markdown_cell(markdown)]), packages)


def code(source, locked):
    cell = new_code_cell(source)
    if locked is not None:
        cell.metadata["nbgrader"] = {"locked": locked}
    return cell


@pytest.mark.parametrize("source", ["import matplotlib.pyplot", "plt.plot(x)", "%matplotlib inline"])
@pytest.mark.parametrize("locked", [True, False, None])
def test_a_notebook_may_draw_that_names_matplotlib_in_its_code(source, locked):
    assert drawn("x = 1", source, locked=locked)
    assert not drawn("x = 1", markdown=source, locked=locked)


def test_a_notebook_that_names_nothing_that_draws_does_not():
    assert not drawn()
    assert not drawn("x = 1", "splt.plot(x)", "matplotlibs", packages=Packages(("course",), ("course.viz",)))


def test_what_is_not_locked_may_draw_by_a_package_of_the_courses_too():
    packages = Packages(("course",), ("course.viz", "a.c+d"))
    for locked in (False, None):
        assert drawn("viz.show(x)", packages=packages, locked=locked)
        assert drawn("y = c+d.show(x)", packages=packages, locked=locked)
        assert not drawn("ccd.show(x)", "viz = 3", "eviz.show()", packages=packages, locked=locked)
    assert not drawn("viz.show(x)", packages=packages, locked=True)
    assert not drawn("viz.show(x)", locked=False)


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("exec(text)", "exec"),
        ("x = [eval(t) for t in texts]", "eval"),
        ("compile(text, '', 'exec')", "compile"),
        ("__import__(name)", "__import__"),
        ("eval()", "eval"),
        ("exec('x = 1')", ""),
        ("eval('x', names)", ""),
        ("import subprocess", "subprocess"),
        ("import os, importlib.util", "importlib"),
        ("from runpy import run_path", "runpy"),
        ("from multiprocessing import pool", "multiprocessing"),
        ("from importlib.util import spec", "importlib"),
        ("import subprocess, multiprocessing", "multiprocessing"),
        ("from . import x", ""),
        ("import os", ""),
        ("os.system('ls')", "system"),
        ("os.popen", "popen"),
        ("lib.import_module(x)", "import_module"),
        ("model.eval()", ""),
        ("f(text)", ""),
        ("import pandas as pd\ndf.query(text)", "query"),
        ("import pandas as pd\ndf.query('a > 2').sum()", ""),
        ("import pandas as pd\ndf.query(expr=text)", "query"),
        ("pd.eval(text)", "eval"),
        ("pd.Series(x)\nmodel.eval()\nquery(x)", ""),
        ("tree.query(low, high)", ""),
        ("p.eval(x)", ""),
        ("import timeit\ntimeit.timeit(lambda: f(2), number=3)", ""),
        ("import timeit\nnp.repeat(x, 3)", ""),
        ("sp.sympify('x**2')", ""),
        ("import yaml\nyaml.load(text, Loader=yaml.Loader)", "load"),
        ("from yaml import load, CLoader as L\nload(text, Loader=L)", "load"),
        ("yaml.load(stream=text, Loader=yaml.UnsafeLoader)", "load"),
        ("import yaml\nyaml.unsafe_load(text)", "unsafe_load"),
        ("import yaml\nyaml.load(text, Loader=yaml.SafeLoader)", ""),
        ("import yaml\nyaml.load(text, Loader = yaml.FullLoader)", ""),
        ("import yaml, json\nyaml.safe_load(text) == json.load(file)", ""),
        ("loader = DataLoader(data)\nnp.load(path)", ""),
        ("import logging.config\nlogging.config.dictConfig(settings)", "dictConfig"),
        ("from logging.config import fileConfig\nfileConfig(path)", "fileConfig"),
        ("import jinja2\njinja2.Template(text).render()", "Template"),
        ("from jinja2 import Template\nTemplate('{{ x }}').render(x=text)", ""),
        ("from string import Template\nTemplate(text).substitute(x=1)", ""),
        ("import ctypes\nctypes.CDLL(path)", "CDLL"),
        ("import pydoc\npydoc.locate(name)", "locate"),
        ("x = ", ""),
        ("x = '\0'", ""),
        ("%matplotlib inline\nexec(x)", "exec"),
    ],
)
def test_what_runs_text_or_starts_programs_is_named(source, what):
    assert runs_text(source) == what


@pytest.mark.parametrize(("imported", "what"), [(frozenset({"pd"}), "query"), (frozenset({"np"}), "")])
def test_whether_pandas_is_in_use_is_told_by_the_cells_above_too(imported, what):
    assert runs_text("assert len(df.query(text)) == 2", imported) == what


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("for name in globals(): pass", "globals()"),
        ("[n for n in dir()]", "dir()"),
        ("x = vars()", "vars()"),
        ("x in locals()", "locals()"),
        ("sorted(globals())", "globals()"),
        ("list(globals().values())", "globals()"),
        ("globals()[name]", "globals()"),
        ("globals().get(name)", "globals()"),
        ("'x' in globals()", ""),
        ("globals()['x']", ""),
        ("globals().get('x')", ""),
        ("globals().get('x', name)", ""),
        ("globals().keys() - known", "globals()"),
        ("'x' in globals().keys()", ""),
        ("x in globals().keys()", "globals()"),
        ("f(globals())", ""),
        ("eval('x', globals())", ""),
        ("m.list(globals())", ""),
        ("globals()", ""),
        ("vars(x).items()", ""),
        ("for name in dir(module): pass", ""),
        ("doctest.testmod()", "doctest.testmod"),
        ("testmod()", "testmod"),
        ("unittest.TestLoader().loadTestsFromModule(m)", "unittest.TestLoader().loadTestsFromModule"),
        ("unittest.main()", "unittest.main"),
        ("class T(unittest.TestCase): pass\nunittest.main()", ""),
        ("class T: pass\ndoctest.testmod()", "doctest.testmod"),
        ("def f():\n    class T: pass\nunittest.main()", "unittest.main"),
        ("main()", ""),
        ("x = 1", ""),
        ("x = ", ""),
        ("x = '\0'", ""),
        ("%matplotlib inline\nsorted(dir())", "dir()"),
    ],
)
def test_what_goes_through_all_names_is_named(source, what):
    assert looks_at_all_names(source) == what


@pytest.mark.parametrize("function", ["list", "sorted", "set", "len", "dict", "iter", "enumerate"])
def test_what_makes_a_list_of_all_names_goes_through_them(function):
    assert looks_at_all_names(f"{function}(vars())") == "vars()"


def test_what_filters_all_names_goes_through_them():
    assert looks_at_all_names("filter(f, vars())") == looks_at_all_names("map(f, vars())") == "vars()"
