"""How plain nbgrader is made to see every submission, and to copy nothing of it but one notebook.

nbgrader looks for ``*.ipynb`` before any of its hooks run, copies all else that lies beside them, following
links, and reads a time stamp that the student may have written. It builds its exporter after the looking and
before the copying: that is the place to step in.
"""

from __future__ import annotations

import fnmatch
import glob
import re
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_notebook
from nbgrader.api import Assignment, Grade, Gradebook, MissingEntry, SubmittedAssignment, SubmittedNotebook
from nbgrader.converters import Autograde, base
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files

from autograder.batch.plan import read_release
from autograder.course import expect_warnings, patient
from autograder.grading.task import Release, Task
from autograder.grading.tiers import refuse_inside
from autograder.plugins.grading import GradeApart
from autograder.recorded.settled import Answers, answers_at
from autograder.submission import collect
from autograder.submission.extra import allowed_files
from autograder.submission.files import log_name
from autograder.submission.receipt import beside, read_secret
from autograder.submission.student_names import objection
from autograder.submission.timestamp import UNTIMED, read_timestamp


class SubmissionExporter(NotebookExporter):  # type: ignore[misc]
    """Fetches what was submitted, whatever it is; the rest is nbconvert's exporter to a notebook."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if isinstance(self.parent, Autograde):
            step, folder = GradeApart(parent=self), self.parent.coursedir
            if step.refuse_inside:
                refuse_inside(Path(folder.root), folder.assignment_id)
            try:
                self.log.info(f"What protects this machine: {step.grader().in_force}")
            except NbGraderException as error:
                self.log.error(str(error))
                raise
            take_in(self.parent)
            self.answers_before = answers_of_people(self.parent)  # nbgrader removes what it replaces

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        """Export the file; one under the submitted directory is taken in, and never refused.

        Its bytes go to the preprocessors as ``resources["task"]``, a :class:`autograder.grading.task.Task`,
        and what they are to be rebuilt on as ``resources["release"]``; the notebook itself is an empty one.
        """
        folder, name = Path(filename).parent, Path(filename).stem
        if not self._is_submitted(folder, resources):
            return super().from_filename(filename, resources=resources, **kw)
        release = self._release
        stamp = self.parent.coursedir.get_existing_timestamp(str(folder))
        student = resources["nbgrader"]["student"]
        resources["release"] = release
        patterns = GradeApart(parent=self).student_files
        resources["task"] = Task(
            student,
            collect(folder, student, list(release.notebooks)),
            stamp,
            extra=allowed_files(folder, patterns),
        )
        resources["metadata"] = {"name": name, "path": str(folder)}
        resources["outputs"] = beside(stamp, read_secret(folder))
        return super().from_notebook_node(new_notebook(), resources=resources, **kw)

    @cached_property
    def _release(self) -> Release:
        """What the assignment's submissions are rebuilt on; CourseError when there is nothing of the kind."""
        course = self.parent.coursedir
        with Gradebook(course.db_url) as gradebook:
            folder = Path(course.format_path(course.release_directory, ".", course.assignment_id))
            return read_release(Path(course.root), folder, gradebook, course.assignment_id)

    def _is_submitted(self, folder: Path, resources: Any) -> bool:
        if not isinstance(self.parent, Autograde):
            return False
        course, ids = self.parent.coursedir, resources["nbgrader"]
        return folder == Path(
            course.format_path(course.submitted_directory, ids["student"], ids["assignment"])
        )


class ConfinedCourse(CourseDirectory):  # type: ignore[misc]
    """A course directory from which nbgrader copies no file beside a notebook, and trusts no time stamp."""

    def get_existing_timestamp(self, dest_path: str) -> datetime | None:
        """The time stamp in a submission; None, with a warning, when there is something else in its place."""
        try:
            return read_timestamp(Path(dest_path))
        except ValueError as error:
            self.log.warning(f"{log_name(dest_path, 200)}: {error}; {UNTIMED}.")
            return None


def _files_beside(path: str, exclude: Sequence[str] = ()) -> list[str]:
    """nbgrader's own, which walks through all folders, however deep, also where nothing is to be found."""
    found: list[str] = [] if "*" in exclude else find_all_files(path, exclude)
    return found


base.find_all_files = _files_beside


def take_in(converter: Any) -> None:
    """Have ``converter`` (nbgrader's Autograde, about to convert) process every folder that was handed in.

    Each folder is given the notebooks that its assignment has, whether or not files of these names are
    there. Folders that nbgrader could not process are left out, with a sentence in the log.
    """
    expect_warnings()
    course = converter.coursedir
    try:
        names = expected_notebooks(course.db_url, course.assignment_id)
    except MissingEntry:
        return  # nbgrader says itself that there is no such assignment
    pattern = course.format_path(
        course.submitted_directory, "(?P<student>.*)", "(?P<assignment>.*)", escape=True
    )
    found = course.format_path(course.submitted_directory, course.student_id, course.assignment_id)
    wanted = [name for name in names if fnmatch.fnmatchcase(name, course.notebook_id)]
    assignments = {}
    for folder in sorted(glob.glob(found)):
        matched = re.fullmatch(pattern, folder, re.DOTALL)
        if matched is None:
            converter.log.error(f"{log_name(folder, 200)}: this is no student's folder; left out.")
        elif why := objection(matched["student"]):
            converter.log.error(f"{log_name(folder, 200)} is left out: {why}")
        else:
            assignments[folder] = [str(Path(folder, f"{name}.ipynb")) for name in wanted]
    converter.assignments = assignments
    settings = {name: getattr(course, name) for name in course.trait_names(config=True)}
    changes = {"ignore": ["*"], "db_url": patient(course.db_url)}
    converter.coursedir = ConfinedCourse(parent=course.parent, **{**settings, **changes})


def expected_notebooks(db_url: str, assignment: str) -> list[str]:
    """The names of an assignment's notebooks, from the gradebook; MissingEntry if there is no assignment."""
    with Gradebook(db_url) as gradebook:
        return [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks]


def answers_of_people(converter: Any) -> dict[tuple[str, str], Answers]:
    """By student and notebook, what the scores that people gave are about, before anything is regraded."""
    course = converter.coursedir
    with Gradebook(course.db_url) as gradebook:
        graded = (
            gradebook.db.query(SubmittedAssignment.student_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .filter(Assignment.name == course.assignment_id, Grade.manual_score.is_not(None))
        )
        students = [student for (student,) in graded.distinct()]
    return {
        (student, path.stem): answers_at(path)
        for student in students
        for path in Path(course.format_path(course.autograded_directory, student, course.assignment_id)).glob(
            "*.ipynb"
        )
    }
