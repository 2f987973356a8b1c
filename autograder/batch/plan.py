"""What there is to grade: the release as built, and the submissions that have no current grade."""

from __future__ import annotations

import difflib
import glob
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from msgspec import Raw, Struct
from nbgrader.api import Gradebook, MissingEntry

from autograder.course import Course
from autograder.errors import CourseError
from autograder.gradebook.opening import open_gradebook
from autograder.grading.task import Release, Task
from autograder.grading.tiers import put_tiers, read_tiers
from autograder.recorded.record import RECORD, Record
from autograder.submission import collect, released_with_tests
from autograder.submission.beside import digest_of, files_beside
from autograder.submission.extra import allowed_files
from autograder.submission.files import MAX_BYTES, BadFileError, log_name
from autograder.submission.skim import NULL, document, fields, value
from autograder.submission.student_names import objection
from autograder.submission.timestamp import read_timestamp


class _Metadata(Struct, rename={"record": RECORD}):
    record: Raw = NULL


class _Notebook(Struct):
    metadata: Raw = NULL


@dataclass(frozen=True)
class Current:
    """A student whose submission was graded already, just as it is now."""

    student: str


def load_release(course: Course, assignment: str) -> Release:
    """The assignment as released, hidden tests included; CourseError when it was not built."""
    with open_gradebook(course) as gradebook:
        known_assignment(course, gradebook, assignment)
        return read_release(course.root, course.assignments / assignment, gradebook, assignment)


def read_release(root: Path, folder: Path, gradebook: Gradebook, assignment: str) -> Release:
    """The release in a folder with what the gradebook and ``course check`` add; CourseError.

    ``root`` is the course's. An error when release and gradebook are not of one build.
    """
    notebooks = [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks]
    paths = {name: folder / f"{name}.ipynb" for name in notebooks}
    try:
        loaded = {name: released_with_tests(path, gradebook, assignment) for name, path in paths.items()}
    except MissingEntry as error:
        again = Course(root).released_by(assignment)
        raise CourseError(f"{assignment}: {error}; run `{again}`") from error
    tiers = read_tiers(root, assignment)
    for name, notebook in loaded.items():
        put_tiers(notebook, tiers.get(name, {}))
    files = files_beside(folder)
    texts = {name: nbformat.writes(notebook) for name, notebook in loaded.items()}
    return Release(assignment, texts, files, digest_of(files))


def known_assignment(course: Course, gradebook: Gradebook, assignment: str) -> None:
    """CourseError unless the gradebook knows the assignment; it says what would help."""
    if assignment not in [known.name for known in gradebook.assignments]:
        in_text, known = course.assignment_names(), [*course.assignment_names(), *course.notebook_names()]
        build = "course build" if assignment in in_text else course.released_by(assignment)
        hint = f"run `{build}`" if assignment in known else _nearest(assignment, known)
        raise CourseError(f"assignment {assignment!r} is not in the gradebook; {hint}")


def students_of(course: Course, assignment: str, only: Sequence[str] = ()) -> list[str]:
    """Who handed something in; CourseError when one of ``only`` did not."""
    found = [name for name in _folders(course, assignment) if not objection(name)]
    for student in only:
        if student not in found:
            hint = objection(student) or _nearest(student, found)
            raise CourseError(f"{log_name(student)} handed in nothing for {assignment}; {hint}")
    return [student for student in found if not only or student in only]


def left_out(course: Course, assignment: str) -> dict[str, list[str]]:
    """The folders that are no students', for what they are called: by name, fit to be printed, a sentence."""
    return {log_name(name): [why] for name in _folders(course, assignment) if (why := objection(name))}


def _folders(course: Course, assignment: str) -> list[str]:
    return sorted(folder.parent.name for folder in course.submitted.glob(f"*/{glob.escape(assignment)}"))


def tasks(
    course: Course, release: Release, students: Sequence[str], *, force: bool, seed: int | None
) -> Iterator[Task | Current]:
    """Each student's submission, read when it is drawn; one that needs no grading is Current."""
    patterns = list(course.config().GradeApart.get("student_files", []))
    for student in students:
        folder = course.submitted / student / release.assignment
        try:
            stamp = read_timestamp(folder)
        except ValueError:
            stamp = None  # what is no time counts as not late, as it does for nbgrader's own command
        extra = allowed_files(folder, patterns)
        task = Task(student, collect(folder, student, list(release.notebooks)), stamp, seed, extra)
        yield Current(student) if not force and _is_current(course, release, task) else task


def _is_current(course: Course, release: Release, task: Task) -> bool:
    """Whether the autograded notebooks, which are put in place last, are of this submission and release."""
    folder = course.autograded / task.student / release.assignment
    for name in release.notebooks:
        record = read_record(folder / f"{name}.ipynb")
        if (record.submission, record.release) != (task.digest, release.digest):
            return False
        if not record.status or record.again:
            return False  # it was interrupted between reading and running, or it was the machine that failed
    return True


def stale(course: Course, gradebook: Gradebook, assignment: str) -> set[str]:
    """Whose recorded grade is of another submission, or another release, than there is now.

    Of a grade that does not say what it is of, made by plain nbgrader, and where no submission is kept any
    more, nothing of the kind is claimed.
    """
    notebooks = [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks]
    try:
        digest = read_release(course.root, course.assignments / assignment, gradebook, assignment).digest
    except CourseError:
        digest = ""  # there is no release to compare with
    release = Release(assignment, dict.fromkeys(notebooks, ""))
    found = set()
    for task in tasks(course, release, students_of(course, assignment), force=True, seed=None):
        folder = course.autograded / task.student / assignment
        records = [read_record(folder / f"{name}.ipynb") for name in notebooks]
        told = [record for record in records if record.submission]
        if isinstance(task, Task) and any(
            record.submission != task.digest or digest not in ("", record.release) for record in told
        ):
            found.add(task.student)
    return found


def read_record(path: Path) -> Record:
    """The record in an autograded notebook; one of nothing when there is no notebook, or none of ours."""
    try:
        notebook, _ = document(path.read_bytes(), _Notebook)
    except (OSError, BadFileError):
        return Record()
    record = value(fields(notebook.metadata, _Metadata).record, MAX_BYTES)
    return Record.of_metadata(record)


def _nearest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.3) or list(known)[:10]
    return f"there is: {', '.join(close)}" if close else "there is none yet"
