"""One submission in, results.json out; or none, with the reason for instructors. Nothing is run here."""

import json
from dataclasses import asdict

import nbformat
import pytest
from nbformat.v4 import new_notebook

from autograder.grader_side.errors import SandboxError
from autograder.gradescope import __main__ as container
from autograder.gradescope.archive import Config
from autograder.grading.task import Graded
from autograder.recorded.record import RECORD


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs it on a submission: its status, what it printed, its results; `tasks` were graded."""
    (tmp_path / "source").mkdir()
    (tmp_path / "submission").mkdir()
    (tmp_path / "results").mkdir()
    (tmp_path / "submission" / "mine.txt").write_text("violet")
    results = tmp_path / "results" / "results.json"

    def grade(task, release, settings):
        main.tasks.append((task, release, settings))
        if settings.sandbox not in main.holds:
            raise SandboxError(f"no {settings.sandbox}")
        notebook = new_notebook(metadata={RECORD: {"in_force": settings.sandbox, "seed": 7}})
        contents = dict.fromkeys(("n", "m"), nbformat.writes(notebook))
        return Graded(task.student, contents=contents, status=main.status, notes=("a note",), seconds=3.0)

    def main(holds=("auto",), status="graded", **config):
        main.holds, main.status, main.tasks, main.closed = holds, status, [], []
        config = Config("one", {"n": "{}"}, {}, student_files=["*.txt"], **config)
        (tmp_path / "source" / "assignment.json").write_text(json.dumps(asdict(config)))
        results.write_text("{}")
        monkeypatch.setattr(container, "close_graders", lambda: main.closed.append(results.exists()))
        status = container.main(tmp_path)
        found = json.loads(results.read_text()) if results.exists() else None
        assert [path.name for path in results.parent.iterdir()] == ["results.json"] * results.exists()
        return status, capsys.readouterr().out.splitlines(), found

    monkeypatch.setattr(container, "grade", grade)
    return main


def test_what_was_handed_in_is_graded_and_the_results_are_written_when_nothing_of_it_runs(run):
    status, printed, results = run(limits={"cell_seconds": 7.0})
    assert status == 0
    assert printed == ["protected by: auto; seed 7", "status: graded", "a note"]
    assert (results["output"], results["execution_time"]) == ("a note", 3)
    assert run.closed == [False]
    ((task, release, settings),) = run.tasks
    assert (task.student, task.extra) == ("your submission", {"mine.txt": b"violet"})
    assert task.handed["n"].file == "your submission: the folder submission"
    assert task.handed["n"].note == "holds no n.ipynb, but mine.txt"
    assert (release.assignment, settings.limits) == ("one", {"cell_seconds": 7.0})


def test_what_could_not_be_run_has_no_results(run):
    status, printed, results = run(status="failed")
    assert (status, results) == (1, None)
    assert "status: failed" in printed


def test_without_a_sandbox_nothing_is_graded(run):
    assert run(holds=["none"]) == (1, ["Nothing was graded: no auto"], None)
    assert run.closed == [False]
    assert run(holds=[], unsafe=True)[1] == ["Nothing was graded: no none"]


def test_without_a_sandbox_an_unsafe_archive_is_graded_all_the_same(run):
    status, printed, results = run(holds=["none"], unsafe=True, limits={"cell_seconds": 7.0})
    assert (status, printed[0]) == (0, "protected by: none; seed 7")
    assert results is not None
    assert [(settings.sandbox, settings.limits["cell_seconds"]) for _, _, settings in run.tasks] == [
        ("auto", 7.0),
        ("none", 7.0),
    ]
