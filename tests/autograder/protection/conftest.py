"""A course of the cells that a test gives, checked."""

import json

import nbformat
import pytest
from nbformat.v4 import new_notebook

from autograder.course import Course
from autograder.protection import check as checking

CONFIG = "c = get_config()\nfrom autograder import plugins\nplugins.configure(c)\n"


@pytest.fixture(name="check")
def check_fixture(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "source" / "one").mkdir(parents=True)

    def check(*cells, files=(), **metadata):
        notebook = new_notebook(cells=list(cells), metadata=metadata)
        nbformat.write(notebook, tmp_path / "source" / "one" / "one.ipynb")
        for name, text in dict(files).items():
            (tmp_path / "source" / "one" / name).write_text(text, encoding="utf-8")
        found, path = checking.check(Course(tmp_path), "one")
        written = json.loads(path.read_text(encoding="utf-8"))
        assert written == {"one": {"one": {item.cell: item.facts for item in found}}}
        return found

    return check
