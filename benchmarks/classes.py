"""Course directories with a composed class in them, for the benchmarks that grade one."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat

from autograder.authoring.build import build
from autograder.course import CONFIG, Course
from autograder.grading.warm import close_graders
from autograder.rehearsal.answers import load_answers
from autograder.rehearsal.compose import ComposedSubmission, Composer
from autograder.rehearsal.demo import hand_in

REPOSITORY = Path(__file__).resolve().parents[1]
STOCK = "\ndel c.Autograde  # none of our plug-ins: nbgrader as it comes\n"


@dataclass(frozen=True)
class ComposedClass:
    """A built course that is copied for every run, and the submissions that are handed in there."""

    template: Course
    assignment: str
    filename: str
    composer: Composer
    submissions: Sequence[ComposedSubmission]

    def fresh_course(self, root: Path, submissions: Sequence[ComposedSubmission], config: str = "") -> Course:
        """A course of its own at ``root``, with ``submissions`` handed in and nothing graded."""
        shutil.copytree(self.template.root, root)
        with (root / CONFIG).open("a", encoding="utf-8") as file:
            file.write(config)
        course = Course(root)
        for submission in submissions:
            hand_in(course, self.assignment, self.filename, submission)
        return course


def compose(
    scratch: Path, assignment: str, size: int, config: str = "", few_slips: bool = False
) -> ComposedClass:
    """Build an assignment in a course of its own under ``scratch``, and compose ``size`` submissions.

    With ``few_slips``, none of them has more than one wrong answer, as most people's have.
    """
    root = scratch / "template"
    repository = Course(REPOSITORY)
    repository.source_of(assignment)
    root.mkdir(parents=True)
    (root / CONFIG).write_text((REPOSITORY / CONFIG).read_text(encoding="utf-8") + config, encoding="utf-8")
    source = repository.solutions / assignment
    shutil.copytree(source, root / "solutions" / assignment, ignore=shutil.ignore_patterns("*.ipynb"))
    course = Course(root)
    release = build(course, [assignment])[0]
    close_graders()  # whoever measures a command's processes waits for all that are below this one
    blank = nbformat.reads(release.content, as_version=4)
    composer = Composer(release.source, blank, load_answers(release.source))
    composed = composer.a_class(2 * size if few_slips else size)
    if few_slips:  # more than half of a class are like that
        composed = [one for one in composed if sum(not answer.right for answer in one.answers) <= 1][:size]
    return ComposedClass(course, assignment, release.path.name, composer, composed)


def repeated(submissions: Sequence[ComposedSubmission], size: int) -> list[ComposedSubmission]:
    """``size`` submissions that are the given ones over and over, each by a student of its own."""
    return [
        replace(submissions[number % len(submissions)], student=f"student-{number + 1:06d}")
        for number in range(size)
    ]


def environment(scratch: Path) -> dict[str, str]:
    """The environment of a command on such a course: this project, and nothing of the user's own settings.

    Python keeps what it compiled, as it does for whoever has not forbidden it.
    """
    scripts = str(Path(sys.executable).parent)
    path = os.pathsep.join([scripts, os.environ.get("PATH", "")])
    kept = {name: said for name, said in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "HOME": str(scratch), "PYTHONPATH": str(REPOSITORY), "PATH": path}


def command(*arguments: str) -> list[str]:
    """The command line of ``course``."""
    return [sys.executable, "-m", "autograder", *arguments]


def nbgrader(*arguments: str) -> list[str]:
    """The command line of ``nbgrader``."""
    return [sys.executable, "-m", "nbgrader", *arguments]
