"""The archive for Gradescope, unpacked where its specification says, and its run_autograder run there."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from commands import course_here

from autograder.grader_side import sandbox
from autograder.gradescope import __main__ as container
from autograder.rehearsal.answers import load_answers
from autograder.rehearsal.compose import Composer
from autograder.sources.source import read_source

ASSIGNMENT = "01_square"
REPOSITORY = Path(__file__).parents[3]
pytestmark = pytest.mark.sandbox

FIELDS = {"execution_time", "output", "output_format", "visibility", "stdout_visibility", "tests"}
TEST_FIELDS = {"name", "number", "score", "max_score", "status", "output", "output_format"}


class Autograder:
    """A scratch /autograder: source/ as unpacked, run_autograder beside it, submission/ and results/."""

    def __init__(self, course, folder):
        self.course, self.root = course, folder
        self.environment = sys.prefix

    def unpack(self, *options):
        """Write an archive with these options and unpack it; its exit status."""
        archive = self.root / "autograder.zip"
        status = course_here(
            "gradescope", ASSIGNMENT, "--to", archive, "--course", self.course.root, *options
        )
        if status == 0:
            for folder in ("source", "submission", "results"):
                (self.root / folder).mkdir()
            with zipfile.ZipFile(archive) as opened:
                for entry in opened.infolist():
                    Path(opened.extract(entry, self.root / "source")).chmod(entry.external_attr >> 16)
            shutil.copy(self.root / "source" / "run_autograder", self.root)
        return status

    def submit(self, answer, name="square.ipynb"):
        notebook = nbformat.read(self.course.assignments / ASSIGNMENT / "square.ipynb", as_version=4)
        for cell in notebook.cells:
            if answer and cell.metadata.get("nbgrader", {}).get("grade_id") == ASSIGNMENT:
                cell.source = answer
        nbformat.write(notebook, self.root / "submission" / name)

    def run(self):
        """Run run_autograder as Gradescope's harness does: its exit status, what it printed, its results."""
        environment = {
            "PATH": os.environ["PATH"],
            "AUTOGRADER_ROOT": str(self.root),
            "COURSE_ENVIRONMENT": str(self.environment),
        }
        done = subprocess.run(
            [self.root / "run_autograder"], cwd=self.root, env=environment, capture_output=True, text=True
        )
        return done.returncode, done.stdout + done.stderr, self.results()

    def run_here(self):
        """The same in this process, and in one warm sandbox, which is quicker."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(container, "close_graders", lambda: None)
            return container.main(self.root), self.results()

    def results(self):
        path = self.root / "results" / "results.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


@pytest.fixture
def autograder(built_course, tmp_path):
    (tmp_path / "autograder").mkdir()
    return Autograder(built_course, tmp_path / "autograder")


RIGHT = "def square(x):\n    return x**2"
DOUBLED = "def square(x):\n    return x + x"
# Right, unless it finds something of the course: that is raised, so that it stands in the results.
PEEK = """
import glob, os, subprocess

def square(x):
    places = [{root!r}, "/autograder", "/opt"]
    found = [path for place in places for path in [place, *glob.glob(place + "/**", recursive=True)]]
    found = [path for path in found if os.path.exists(path)]
    found += [name for name in os.environ if "AUTOGRADER" in name or "COURSE" in name]
    for name in ("source/assignment.json", "run_autograder", "results/stdout"):
        try:
            found.append(open(os.path.join({root!r}, name)).read()[:200])
        except OSError:
            pass
    try:
        open({root!r} + "/results/results.json", "w").write("{{}}")
        found.append("wrote results")
    except OSError:
        pass
    for name in ("course_lib.reference", "autograder.grading", "autograder.gradescope.archive"):
        try:
            __import__(name)
            found.append(name)
        except ImportError:
            pass
    if found:
        raise ValueError("found: " + ", ".join(found))
    return x**2
"""


def test_the_archive_has_its_scripts_at_the_root_and_is_the_same_every_time(autograder, tmp_path):
    assert autograder.unpack() == 0
    archive = autograder.root / "autograder.zip"
    with zipfile.ZipFile(archive) as opened:
        modes = {entry.filename: stat.filemode(entry.external_attr >> 16) for entry in opened.infolist()}
    (wheel,) = [name for name in modes if name.endswith(".whl")]
    assert modes == {
        "setup.sh": "-rwx------",
        "run_autograder": "-rwx------",
        "assignment.json": "-rw-------",
        "constraints.txt": "-rw-------",
        "requirements.txt": "-rw-------",
        wheel: "-rw-------",
    }
    again = tmp_path / "again.zip"
    assert course_here("gradescope", ASSIGNMENT, "--to", again, "--course", autograder.course.root) == 0
    assert again.read_bytes() == archive.read_bytes()
    for script in ("setup.sh", "run_autograder"):
        path = autograder.root / "source" / script
        assert path.read_text(encoding="utf-8").startswith("#!/usr/bin/env bash\n")
        subprocess.run(["bash", "-n", path], check=True)
        assert "@" not in path.read_text(encoding="utf-8").replace("$@", "")


def test_a_submission_becomes_results_with_a_test_for_each_graded_cell(autograder):
    autograder.unpack("--visibility", "after_published")
    autograder.submit(DOUBLED)
    status, printed, results = autograder.run()
    assert status == 0, printed
    assert set(results) == FIELDS
    assert results["visibility"] == "after_published"
    assert results["stdout_visibility"] == "hidden"
    assert results["output"] == "02_written is graded by a person (10 points)."
    (test,) = results["tests"]
    assert set(test) == TEST_FIELDS
    assert (test["name"], test["number"], test["status"]) == ("square: values", "1.1", "failed")
    assert (test["score"], test["max_score"]) == (30.0, 90.0)
    assert "✓ at two" in test["output"]
    assert "✗ at a random point" in test["output"]
    assert "protected by: bubblewrap" in printed
    assert "seed" in printed


def test_scores_are_those_of_the_known_answers_and_no_hidden_line_is_shown(autograder):
    autograder.unpack()
    source = read_source(autograder.course.source_of(ASSIGNMENT))
    answers = load_answers(source)
    full = Composer(source, nbformat.v4.new_notebook(), ()).full
    hidden = {line.strip() for region in source.regions("HIDDEN TESTS") for line in region}
    for answer in answers:
        autograder.submit(answer.source)
        status, results = autograder.run_here()
        assert status == 0
        assert results["tests"][0]["score"] == answer.points.get("01_square-values", full["01_square-values"])
        told = "\n".join(json.dumps(results, ensure_ascii=False).split("\\n"))
        assert not [line for line in hidden if len(line) > 5 and line in told]
        assert "Traceback" not in told


def test_what_was_handed_in_is_found_or_the_student_is_told(autograder):
    autograder.unpack()
    autograder.submit(RIGHT, "square (1).ipynb")
    assert autograder.run_here()[1]["tests"][0]["score"] == 90.0
    (autograder.root / "submission" / "square (1).ipynb").unlink()
    (autograder.root / "submission" / "essay.docx").write_bytes(b"words")
    status, results = autograder.run_here()
    assert status == 0
    assert results["tests"][0]["score"] == 0.0
    assert "holds no square.ipynb, but essay.docx" in results["output"]


def test_without_a_sandbox_nothing_is_scored(autograder, monkeypatch, capsys):
    autograder.unpack()
    autograder.submit(RIGHT)
    (autograder.root / "results" / "results.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(sandbox.Sandbox, "_holds", lambda self, rung: rung == "none")
    container.close_graders()  # a warm one needs no further sandbox
    assert autograder.run_here() == (1, None)
    assert "Nothing was graded: no sandbox holds here, so nothing is graded" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("99_none",), "assignment '99_none' is not in the gradebook"),
        ((ASSIGNMENT, "--visibility", "never"), "no visibility 'never'; there is: visible, after_due_date"),
    ],
)
def test_a_wrong_wish_is_one_sentence_and_no_archive(built_course, tmp_path, capsys, arguments, says):
    status = course_here("gradescope", *arguments, "--to", tmp_path / "a.zip", "--course", built_course.root)
    assert status == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "a.zip").exists()


@pytest.mark.slow
def test_installed_as_in_the_container_it_grades_and_shows_nothing_to_student_code(autograder, tmp_path):
    if shutil.which("uv") is None and not os.environ.get("CI"):
        pytest.skip("needs uv, to make an environment quickly: pip install uv")
    autograder.unpack()
    autograder.environment = tmp_path / "environment"
    python = autograder.environment / "bin" / "python"
    (wheel,) = (autograder.root / "source").glob("*.whl")
    setup = (autograder.root / "source" / "setup.sh").read_text(encoding="utf-8")
    asked = re.search(r'uv venv --python "(.+?)"', setup)[1]  # the versions go with this Python alone
    make = ["uv", "venv", "--quiet", "--python", asked, autograder.environment]
    # As in the container, the Python that is asked for is the first one on the path.
    path = {"PATH": f"{Path(sys._base_executable).parent}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(make, cwd=REPOSITORY, env={**os.environ, **path}, check=True)
    install = ["uv", "pip", "install", "--quiet", "--python", python]
    constraints = ["--constraints", autograder.root / "source" / "constraints.txt"]
    subprocess.run([*install, *constraints, wheel], cwd=REPOSITORY, check=True)

    autograder.submit(PEEK.format(root=str(autograder.root)))
    status, printed, results = autograder.run()
    assert status == 0, printed
    assert results["tests"][0]["score"] == 90.0, results["tests"][0]["output"]
