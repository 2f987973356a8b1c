"""What ``run_autograder`` runs in the container: one submission in, ``results.json`` out."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import nbformat

from autograder.grader_side.errors import SandboxError
from autograder.gradescope.archive import CONFIG, Config, read_config
from autograder.gradescope.results import results_of
from autograder.grading.grade import grade
from autograder.grading.task import Graded, Release, Task
from autograder.grading.warm import close_graders
from autograder.recorded.record import FAILED, record_of
from autograder.submission import collect
from autograder.submission.extra import allowed_files
from autograder.whole import write_whole

WHO = "your submission"


def main(root: Path) -> int:
    """Grade what lies in ``root/submission``; the exit status.

    Where a submission could not be run, there is no results.json, standard output says why, and the status is
    1: Gradescope then reports that the autograder failed, which is not the same as 0 points.
    """
    source, submission = root / "source", root / "submission"
    config = read_config(source / CONFIG)
    target = root / "results" / "results.json"
    target.unlink(missing_ok=True)
    handed = collect(submission, WHO, list(config.notebooks))
    task = Task(WHO, handed, extra=allowed_files(submission, config.student_files))
    try:
        graded = _graded(task, config, config.release(source))
    except SandboxError as error:
        print(f"Nothing was graded: {error}")
        return 1
    finally:
        close_graders()  # nothing of the student's runs any more when results are written
    print("\n".join(_for_instructors(graded)))
    if graded.status == FAILED:
        return 1
    target.parent.mkdir(exist_ok=True)
    write_whole(target, json.dumps(results_of(graded, config), indent=1))
    return 0


def _graded(task: Task, config: Config, release: Release) -> Graded:
    try:
        return grade(task, release, config.settings)
    except SandboxError:
        if not config.unsafe:
            raise
        return grade(task, release, replace(config.settings, sandbox="none"))


def _for_instructors(graded: Graded) -> list[str]:
    records = [record_of(nbformat.reads(text, as_version=4)) for text in graded.contents.values()]
    protected = [f"protected by: {record.in_force}; seed {record.seed}" for record in records]
    return [*dict.fromkeys(protected), f"status: {graded.status}", *graded.notes]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
