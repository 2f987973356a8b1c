from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.errors import CourseError
from autograder.rules.leaks import check_files, check_leaks
from autograder.sources.source import Source, SourceCell

SOLUTION = """def f(x):
    ### BEGIN SOLUTION
    return x.sum(axis=0)
    ### END SOLUTION"""
CHECK = """value = f(np.ones((2, 3)))
### BEGIN HIDDEN TESTS
hidden = f(np.eye(3))
### END HIDDEN TESTS"""
MARKED = """### BEGIN MARK SCHEME
# All three words count.
Sense counts, not words.
### END MARK SCHEME"""
FACTS = SimpleNamespace(hidden_packages=["secrets_of.ours", "tools"])


@pytest.fixture
def said(tmp_path):
    """What is said against a release of these cells, with this solution, check and mark scheme."""

    def check(*released, solution=SOLUTION, graded=CHECK, scheme=MARKED, given="x = 1"):
        path = tmp_path / "a.py"
        written = scheme.replace("Sense", "# Sense")  # as text stands in a source
        path.write_text(f"# head\n{solution}\n{graded}\n{written}", encoding="utf-8")
        texts = [("readonly", given), ("answer", solution), ("graded", graded), ("task", scheme)]
        cells = tuple(SourceCell(1, role, new_code_cell(text)) for role, text in texts)
        made = [
            cell if isinstance(cell, dict) else new_code_cell(cell, id=f"c{number}")
            for number, cell in enumerate(released)
        ]
        try:
            check_leaks(Source(path, cells), nbformat.writes(new_notebook(cells=made)), FACTS)
        except CourseError as error:
            return str(error).replace(str(path), "a.py")
        return ""

    return check


def test_a_release_without_what_is_hidden_passes(said):
    assert said("def f(x):\n    raise NotImplementedError", "value = f(np.ones((2, 3)))", "") == ""


def test_a_marker_of_any_writing_is_refused(said):
    assert said("x = 1", "y = 2\n  # End solution ") == (
        "a.py: cell c1 is released with the marker '# End solution'"
    )
    assert said(new_markdown_cell("BEGIN HIDDEN TESTS", id="words")).startswith(
        "a.py: cell words is released"
    )


@pytest.mark.parametrize(
    ("line", "where", "kind"),
    [
        ("  return  x.sum(axis=0)", 4, "SOLUTION"),
        ("hidden = f(np.eye(3)) ", 8, "HIDDEN TESTS"),
        ("# All three words count.", 11, "MARK SCHEME"),
        ("Sense counts, not words.", 12, "MARK SCHEME"),
    ],
)
def test_a_line_of_what_is_hidden_is_refused_with_where_it_stands(said, line, where, kind):
    says = f"a.py:{where}: this {kind} line is released too, in c1: {' '.join(line.split())}"
    assert said("x = 1", f"y = 2\n{line}\n") == says
    assert said("x = 1", new_markdown_cell(line, id="c1")) == says


def test_what_occurs_in_innocent_places_is_no_leak(said):
    within = "def f(x):\n    ### BEGIN SOLUTION\n    {}\n    ### END SOLUTION"
    assert said("return x.sum(1)", solution=within.format("return x.sum(1)")) == ""  # 15 characters
    assert said("return x.sum(12)", solution=within.format("return x.sum(12)")) != ""
    for line in ("import matplotlib.pyplot as plt", "from numpy.random import default_rng"):
        assert said(line, solution=within.format(line)) == ""


def test_a_hidden_test_may_say_what_students_see_of_a_check(said):
    both = CHECK.replace("hidden = f(np.eye(3))", "value = f(np.ones((2, 3)))")
    assert said("value = f(np.ones((2, 3)))", graded=both) == ""
    assert said("hidden = f(np.eye(3))", given="hidden = f(np.eye(3))") == ""
    # but a solution may not
    assert "SOLUTION line" in said("return x.sum(axis=0)", given="return x.sum(axis=0)")
    # and it is not innocent because it stands in two hidden tests
    twice = CHECK.replace("hidden = f(np.eye(3))", "hidden = f(np.eye(3))\nhidden = f(np.eye(3))")
    assert "HIDDEN TESTS line" in said("hidden = f(np.eye(3))", graded=twice)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("import tools", "tools"),
        ("import numpy, tools.parts as t", "tools"),
        ("from tools import hammer", "tools"),
        ("from secrets_of import ours", "secrets_of.ours"),
        ("if True:\n    from secrets_of.ours.deep import x", "secrets_of.ours"),
        ("%matplotlib inline\nimport tools", "tools"),
    ],
)
def test_an_import_of_what_no_student_has_is_refused(said, line, found):
    assert said("x = 1", line) == f"a.py: cell c1 is released and imports {found}, which no student has"
    assert said(new_markdown_cell(line)) == ""


def test_the_cell_that_imports_it_is_found_by_its_line(tmp_path):
    cells = (SourceCell(7, "setup", new_code_cell("", metadata={"nbgrader": {"grade_id": "c1"}})),)
    made = new_notebook(cells=[new_code_cell("import tools", id="c1")])
    with pytest.raises(CourseError, match=r"^a\.py:7: cell c1 is released and imports tools"):
        check_leaks(Source(Path("a.py"), cells), nbformat.writes(made), FACTS)


@pytest.mark.parametrize(
    "line",
    ["import toolset", "from secrets_of import others", "from . import tools", "from .tools import x", "a ="],
)
def test_an_import_of_something_else_passes(said, line):
    assert said(line) == ""


@pytest.mark.parametrize(
    ("file", "text", "ignored"),
    [
        ("a.py", "x = 1", "a.py"),
        ("answers/01_f.py", "x = 1", "answers"),
        ("a.py~", "1\n### BEGIN SOLUTION\n2", "a.py~"),
        ("old/b.txt", "    ### BEGIN HIDDEN TESTS", "b.txt"),
        ("data.csv", "a,b", ""),
        ("helper.py", "x = 1", ""),
        ("answers/poll.csv", "a,b", ""),
        ("data/a.py", "x = 1", ""),
    ],
)
def test_a_file_that_tells_the_solution_is_not_handed_out(tmp_path, file, text, ignored):
    for name in ("a.ipynb", "rain.csv", file):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text if name == file else "1", encoding="utf-8")
    source = Source(Path("solutions/a/a.py"), ())
    if not ignored:
        assert check_files(source, tmp_path) is None
        return
    with pytest.raises(CourseError) as error:
        check_files(source, tmp_path)
    assert str(error.value) == (
        f"solutions/a/{file} would be handed out too, with what students are to find: "
        f'write `c.CourseDirectory.ignore.extend(["{ignored}"])` at the end of nbgrader_config.py'
    )
