"""What there is to grade: the release as built, and the submissions that have no current grade."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry

from autograder.course import Course
from autograder.errors import CourseError
from autograder.gradebook.opening import open_gradebook
from autograder.grading.task import Release, Task, files_digest
from autograder.grading.tiers import put_tiers, read_tiers
from autograder.grading_settings import configured
from autograder.recorded.reading import read_head
from autograder.recorded.record import Record
from autograder.submission import collect, file_digests, released_with_tests
from autograder.submission.beside import digest_of, files_beside
from autograder.submission.extra import allowed_files
from autograder.submission.files import log_name
from autograder.submission.student_names import objection
from autograder.submission.timestamp import UNTIMED, read_timestamp

EXCLUDED = "CourseDirectory.student_id_exclude of the configuration names it"
UNCHOSEN = "CourseDirectory.student_id of the configuration is another"


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
    if not notebooks:  # nbgrader takes note of an assignment before it makes its release
        again = Course(root).released_by(assignment)
        raise CourseError(f"{assignment}: the gradebook knows no notebook of it; run `{again}`")
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
    """Whom to grade of those who handed something in; CourseError when one of ``only`` did not."""
    folders = _folders(course, assignment, only)
    found = [name for name, why in folders.items() if not why]
    for student in only:
        if not student:
            raise CourseError("a student's name is empty; without --student, all are graded")
        if folders.get(student):
            raise CourseError(f"{log_name(student)}: {folders[student]}")
        if student not in found:
            hint = objection(student) or _nearest(student, found)
            raise CourseError(f"{log_name(student)} handed in nothing for {assignment}; {hint}")
    return [student for student in found if not only or student in only]


def all_students_of(course: Course, assignment: str) -> list[str]:
    """Who handed something in, whether or not the configuration chooses whom to grade now."""
    return [name for name, why in _folders(course, assignment).items() if why in ("", UNCHOSEN)]


def left_out(course: Course, assignment: str) -> dict[str, list[str]]:
    """The folders that nothing is graded of, for their name or since they are closed: by name, a sentence."""
    return {log_name(name): [why] for name, why in _folders(course, assignment).items() if why}


def untimed(course: Course, assignment: str, students: Iterable[str]) -> dict[str, list[str]]:
    """Whose time stamp says no time, so that nothing is subtracted for being late: by name, a sentence."""
    found = {}
    for student in students:
        try:
            read_timestamp(course.submitted / student / assignment)
        except ValueError as error:
            found[student] = [f"{error}; {UNTIMED}."]
    return found


def _folders(course: Course, assignment: str, only: Sequence[str] = ()) -> dict[str, str]:
    """The students' folders with something for the assignment, each with why it is left out, or nothing.

    As with nbgrader, ``only`` goes before the students that the configuration chooses.
    """
    try:
        names = sorted(os.listdir(course.submitted))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise CourseError(f"{course.submitted} cannot be read: {error.strerror}") from None
    found = {}
    directories = course.directories()
    excluded = directories.student_id_exclude.split(",")
    for name in names:
        try:
            (course.submitted / name / assignment).stat()
        except (FileNotFoundError, NotADirectoryError):
            continue  # not handed in
        except OSError as error:
            closed = isinstance(error, PermissionError)
            why = "the folder is closed to you" if closed else error.strerror or str(error)
            found[name] = f"whether {assignment} was handed in cannot be seen: {why}"
        else:
            chosen = name in only or fnmatchcase(name, directories.student_id)
            found[name] = EXCLUDED if name in excluded else objection(name) or ("" if chosen else UNCHOSEN)
    return found


def tasks(
    course: Course,
    release: Release,
    students: Sequence[str],
    *,
    force: bool,
    seed: int | None,
    is_new: Callable[[str], bool] = lambda student: False,
) -> Iterator[Task | Current]:
    """Each student's submission, read when it is drawn; one that needs no grading is Current.

    What was graded with another seed than one that is asked for is graded again, and so is what the gradebook
    does not know, as ``is_new`` tells: it may have been made anew, or be a backup.
    """
    used = configured(course.config()).seed if seed is None else seed
    for handed_in in _handed_in(course, release.assignment, students, list(release.notebooks)):
        again = force or is_new(handed_in.student)
        current = not again and _is_current(course, release, handed_in, seed)
        yield Current(handed_in.student) if current else handed_in.task(used)


def stale(
    course: Course, gradebook: Gradebook, assignment: str, records: Mapping[str, Iterable[Record]]
) -> set[str]:
    """Whose recorded grade is of another submission, or another release, than there is now.

    ``records`` are what the autograded notebooks say, by student. Of a grade that does not say what it is of,
    made by plain nbgrader, and where no submission is kept any more, nothing of the kind is claimed.
    """
    notebooks = [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks]
    try:
        digest = read_release(course.root, course.assignments / assignment, gradebook, assignment).digest
    except CourseError:
        digest = ""  # there is no release to compare with
    told = {student: [record for record in its if record.submission] for student, its in records.items()}
    students = [student for student in all_students_of(course, assignment) if told.get(student)]
    return {
        handed_in.student
        for handed_in in _handed_in(course, assignment, students, notebooks)
        if any(digest not in ("", record.release) for record in told[handed_in.student])
        or not handed_in.is_that_of(told[handed_in.student])
    }


@dataclass(frozen=True)
class _HandedIn:
    """What a student handed in, as it lies there; its notebooks are read when they are asked for."""

    student: str
    folder: Path
    notebooks: Sequence[str]
    timestamp: datetime | None
    extra: Mapping[str, bytes]

    def task(self, seed: int | None = None) -> Task:
        handed = collect(self.folder, self.student, self.notebooks)
        return Task(self.student, handed, self.timestamp, seed, self.extra)

    def is_that_of(self, records: Iterable[Record]) -> bool:
        """Whether all these are of this; the notebooks are parsed only if a byte of them has changed."""
        files = files_digest(self.timestamp, file_digests(self.folder, self.notebooks), self.extra)
        others = [record for record in records if not files or record.files != files]
        digest = self.task().digest if others else ""
        return all(record.submission == digest for record in others)


def _handed_in(
    course: Course, assignment: str, students: Iterable[str], notebooks: Sequence[str]
) -> Iterator[_HandedIn]:
    patterns = configured(course.config()).student_files
    for student in students:
        folder = course.submitted / student / assignment
        try:
            stamp = read_timestamp(folder)
        except ValueError:
            stamp = None  # as it is for nbgrader's own command; ``untimed`` says so
        yield _HandedIn(student, folder, notebooks, stamp, allowed_files(folder, patterns))


def _is_current(course: Course, release: Release, handed_in: _HandedIn, seed: int | None) -> bool:
    """Whether the autograded notebooks, which are put in place last, are of this submission and release.

    They are of this ``seed``, too, unless it is None.
    """
    folder = course.autograded / handed_in.student / release.assignment
    records = [read_head(folder / f"{name}.ipynb") for name in release.notebooks]
    # No status: it was interrupted between reading and running; again: it was the machine that failed.
    whole = all(record.status and not record.again for record in records)
    return (
        whole
        and all(record.release == release.digest for record in records)
        and (seed is None or all(record.seed == seed for record in records))
        and handed_in.is_that_of(records)
    )


def _nearest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.3) or list(known)[:10]
    more = ", ..." if len(close) < len(known) else ""
    return f"there is: {', '.join(close)}{more}" if close else "there is none yet"
