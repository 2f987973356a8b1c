"""What nbgrader writes of `### AUTOTEST` lines is what `course check` grades the solution by."""

import io
import json
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course import Course
from autograder.errors import CourseError
from autograder.notebooks import autotests
from autograder.notebooks.autotests import instantiate

TEMPLATES = """\
python3:
  dispatch: "type({{snippet}})"
  normalize: "str({{snippet}})"
  check: 'assert {{snippet}} == "{{value}}", "{{message}}"'
  success: "print('Success!')"
  templates:
    default:
      - test: "type({{snippet}})"
        fail: "another type"
      - test: "{{snippet}}"
        fail: "another value"
"""
KERNEL = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}


@pytest.fixture(name="written")
def written_fixture(tmp_path):
    """The graded cell after an answer, as nbgrader would release it."""
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    (tmp_path / "autotests.yml").write_text(TEMPLATES, encoding="utf-8")
    (tmp_path / "source" / "one").mkdir(parents=True)

    def written(solution, lines):
        checked = new_code_cell(lines)
        checked.metadata.nbgrader = {"grade_id": "graded", "grade": True, "solution": False, "points": 1}
        notebook = new_notebook(cells=[new_code_cell(solution), checked], metadata=KERNEL)
        path = tmp_path / "source" / "one" / "one.ipynb"
        nbformat.write(notebook, path)
        instantiate(Course(tmp_path), path, notebook)
        return notebook.cells[1].source

    return written


def test_a_line_becomes_checks_of_the_solutions_value(written):
    source = written("def f(x):\n    return x + 1", "### AUTOTEST f(41)")
    assert "f(41)" in source
    assert '"42"' in source


def test_nothing_is_run_where_nothing_is_asked_for(written):
    assert written("raise SystemExit", "assert True") == "assert True"


def test_a_solution_that_fails_is_said_in_one_sentence(written):
    with pytest.raises(CourseError, match=r"cannot write the AUTOTEST lines of .*one.ipynb: .*'nowhere'"):
        written("import nowhere", "### AUTOTEST 1 + 1")


OF_A_CELL = ValueError("of a cell")
OF_A_CELL.traceback = ["\x1b[31mFirst\x1b[0m", "NameError: f\n\x1b[0mlast line\n\n"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (None, {"sources": ["written in there", "x"]}),
        (ValueError("no\nsuch template\n"), {"error": "such template"}),
        (KeyError(), {"error": "KeyError"}),
        (OF_A_CELL, {"error": "last line"}),
    ],
)
def test_its_program_says_the_cells_or_the_last_line_of_what_was_wrong(
    tmp_path, monkeypatch, capsys, error, said
):
    class Instantiating:
        def __init__(self, config):
            assert config.ours == "here"

        def preprocess(self, notebook, resources):
            if error:
                raise error
            notebook.cells[0].source = f"written in {resources['metadata']['path']}"

    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.ours = 'here'\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(autotests, "InstantiateTests", Instantiating)
    cells = [new_code_cell("### AUTOTEST f"), new_code_cell("x")]
    monkeypatch.setattr(sys, "stdin", io.StringIO(nbformat.writes(new_notebook(cells=cells))))
    autotests._main("there")
    assert json.loads(capsys.readouterr().out) == said
