"""`course grade` and its workers get ready without what they do not need, and nothing of it is lost."""

import os
import subprocess
import sys

import pytest

WORKER = """
import autograder.workers.put_off, autograder.grading.grade, autograder.workers.worker
unwanted = ("IPython", "matplotlib", "nbconvert", "nbgrader.api", "sqlalchemy")
"""
COMMAND = """
import autograder.workers.put_off, autograder.workers.local, autograder.batch.show
unwanted = ("IPython", "matplotlib", "nbconvert", "nbgrader.apps", "nbgrader.server_extensions", "numpy")
"""
FIRST = """
import autograder.__main__, autograder.workers.local
unwanted = ("jsonschema", "nbformat", "nbgrader", "numpy", "sqlalchemy", "typer")
"""
CHECKED = """
import sys
loaded = [name for name, module in sys.modules.items() if module is not None]
print(*[name for name in loaded if name.startswith((*unwanted, "rfc3987_syntax", "isoduration"))])
"""
WHOLE = """
import autograder.workers.put_off
import nbgrader.utils
from nbgrader import utils, api
import nbgrader
print(nbgrader.__version__, utils is nbgrader.utils, len(nbgrader._jupyter_server_extension_points()))
print(hasattr(nbgrader, "no_such_thing"))
"""
EXTENSION = """
import autograder.workers.put_off
import nbgrader.server_extensions.formgrader
import nbgrader
print(nbgrader.__version__, len(nbgrader._jupyter_server_extension_points()))
"""


@pytest.fixture(autouse=True)
def _slow_grammars(tmp_path, monkeypatch):
    """Both grammars are installed, whether or not they are here, as modules that build nothing."""
    for name in ("rfc3987_syntax", "isoduration"):
        (tmp_path / f"{name}.py").write_text("is_valid_syntax = parse_duration = None", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))


def run(source):
    return subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True
    ).stdout.split()


def test_every_command_goes_without_them():
    command = "import sys; from autograder.cli import main\nsys.argv = ['course', 'exercises', '--help']\n"
    said = run(f"{command}try: main()\nexcept SystemExit: pass\nimport nbformat\nunwanted = ()\n{CHECKED}")
    assert "exercises" in said
    assert said[-1] not in ("rfc3987_syntax", "isoduration")


def test_a_worker_imports_no_database():
    assert run(WORKER + CHECKED) == []


def test_the_command_imports_nothing_that_only_grading_needs():
    assert run(COMMAND + CHECKED) == []


def test_nothing_is_imported_before_workers_get_ready():
    assert run(FIRST + CHECKED) == []


def test_who_asks_for_something_of_nbgrader_gets_it():
    version, *facts = run(WHOLE)
    assert version.startswith("0.")
    assert facts == ["True", "1", "False"]


def test_what_asks_for_the_version_in_the_middle_of_its_import_gets_it():
    version, *facts = run(EXTENSION)
    assert version.startswith("0.")
    assert facts == ["1"]
