"""How plain nbgrader is made to see every submission, and to copy nothing of it but one notebook.

nbgrader looks for ``*.ipynb`` before any of its hooks run, copies all else that lies beside them, following
links, and reads a time stamp that the student may have written. It builds its exporter after the looking and
before the copying: that is the place to step in.
"""

from __future__ import annotations

import fnmatch
import glob
import re
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory

from autograder.course import patient
from autograder.grading.plan import release_in
from autograder.grading.values import Release, Task
from autograder.plugins.grading import GradeApart
from autograder.submission import collect
from autograder.submission.files import printable
from autograder.submission.timestamp import TIMESTAMP, read_timestamp


class SubmissionExporter(NotebookExporter):  # type: ignore[misc]
    """Fetches what was submitted, whatever it is; the rest is nbconvert's exporter to a notebook."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if isinstance(self.parent, Autograde):
            try:
                self.log.info(f"What protects this machine: {GradeApart(parent=self).grader().in_force}")
            except NbGraderException as error:
                self.log.error(str(error))
                raise
            take_in(self.parent)

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        """Export the file; one under the submitted directory is taken in, and never refused.

        Its bytes go to the preprocessors as ``resources["task"]``, a :class:`autograder.grading.values.Task`,
        and what they are to be rebuilt on as ``resources["release"]``; the notebook itself is an empty one.
        """
        folder, name = Path(filename).parent, Path(filename).stem
        if not self._is_submitted(folder, resources):
            return super().from_filename(filename, resources=resources, **kw)
        release = self._release
        stamp = self.parent.coursedir.get_existing_timestamp(str(folder))
        student = resources["nbgrader"]["student"]
        resources["release"] = release
        resources["task"] = Task(student, collect(folder, student, list(release.notebooks)), stamp)
        resources["metadata"] = {"name": name, "path": str(folder)}
        if stamp is not None:
            resources["outputs"] = {TIMESTAMP: f"{stamp} UTC\n".encode()}
        return super().from_notebook_node(new_notebook(), resources=resources, **kw)

    @cached_property
    def _release(self) -> Release:
        """What the assignment's submissions are rebuilt on; CourseError when there is nothing of the kind."""
        course = self.parent.coursedir
        with Gradebook(course.db_url) as gradebook:
            folder = Path(course.format_path(course.release_directory, ".", course.assignment_id))
            return release_in(folder, gradebook, course.assignment_id)

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
            self.log.warning(f"{printable(dest_path, 200)}: {error}; the submission counts as not late.")
            return None


def take_in(converter: Any) -> None:
    """Have ``converter`` (nbgrader's Autograde, about to convert) process every folder that was handed in.

    Each folder is given the notebooks that its assignment has, whether or not files of these names are
    there. Folders that nbgrader could not process are left out, with a sentence in the log.
    """
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
        if re.fullmatch(pattern, folder) is None or not _is_plain(folder):
            converter.log.error(
                f"{printable(folder, 200)}: this is no name for a student's folder; left out."
            )
        else:
            assignments[folder] = [str(Path(folder, f"{name}.ipynb")) for name in wanted]
    converter.assignments = assignments
    settings = {name: getattr(course, name) for name in course.trait_names(config=True)}
    changes = {"ignore": ["*"], "db_url": patient(course.db_url)}
    converter.coursedir = ConfinedCourse(parent=course.parent, **{**settings, **changes})


def _is_plain(folder: str) -> bool:
    # nbgrader's pages show a student's name as it stands, tags and all.
    return folder.isprintable() and not set("<>") & set(folder)


def expected_notebooks(db_url: str, assignment: str) -> list[str]:
    """The names of an assignment's notebooks, from the gradebook; MissingEntry if there is no assignment."""
    with Gradebook(db_url) as gradebook:
        return [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks]
