"""The one writer: a single gradebook session, one transaction for all that waits, files that appear whole."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from nbgrader.api import InvalidEntry, MissingEntry
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from autograder.course import Course
from autograder.errors import CourseError
from autograder.gradebook.first_time import BLANK, FirstTime
from autograder.gradebook.late_penalties import LatePenalties
from autograder.gradebook.opening import cause_of, one_transaction, open_gradebook
from autograder.gradebook.scores import Points
from autograder.grading.task import Graded
from autograder.recorded.record import FAILED
from autograder.recorded.settled import Answers, answers_at, answers_in, needs_a_person, with_answers
from autograder.submission.receipt import beside, read_secret
from autograder.whole import remove

TRIES = 3


class Writer:
    """Records graded submissions of one assignment as nbgrader's own commands would leave them.

    ``record`` writes the autograded files beside their place, commits the scores, then moves the files into
    place: whatever interrupts it, a submission whose autograded notebook is there has its scores recorded,
    and one whose notebook is not is graded again.
    """

    def __init__(self, course: Course, assignment: str) -> None:
        self.course, self.assignment = course, assignment
        self.gradebook = open_gradebook(course)
        self._late_penalties = LatePenalties(course.config(), course.root)
        if self._late_penalties.are_configured:
            try:
                self._late_penalties.check()  # what is wrong with them is said before anything is graded
            except CourseError:
                self.close()
                raise
        self.first_time = FirstTime(self.gradebook, assignment)
        self._names: dict[str, str] = {
            cell.id: cell.name
            for book in self.gradebook.find_assignment(assignment).notebooks
            for cell in (*book.grade_cells, *book.solution_cells, *book.task_cells)
        }

    def record(self, *graded: Graded) -> None:
        """Record submissions, all of them or none; CourseError when the disk or the gradebook refuses."""
        try:
            known = [self._with_what_is_known(each) for each in graded]
            with contextlib.ExitStack() as files:
                put_in_place = [files.enter_context(self._files_for(each)) for each in known]
                self._commit_scores(known)
                for put in put_in_place:
                    put()
        except (OSError, SQLAlchemyError, InvalidEntry) as error:
            raise _refused(", ".join(each.student for each in graded), error) from error

    def scores(self, student: str) -> Points:
        """The automatic points now recorded for a student; empty without a submission."""
        if self.first_time.is_for(student):
            return {}
        try:
            submission = self.gradebook.find_submission(self.assignment, student)
            grades = [
                (notebook.name, grade) for notebook in submission.notebooks for grade in notebook.grades
            ]
            return {(name, self._names[grade.cell_id]): grade.auto_score for name, grade in grades}
        except MissingEntry:
            return {}
        except SQLAlchemyError as error:
            raise _refused(student, error) from error

    def close(self) -> None:
        """End the session."""
        self.gradebook.close()

    def _commit_scores(self, graded: Sequence[Graded]) -> None:
        for remaining in reversed(range(TRIES)):
            new = [each for each in graded if self.first_time.is_for(each.student)]
            try:
                with one_transaction(self.gradebook):
                    self.first_time.add(new)
                    for each in graded:
                        if each not in new or self._late_penalties.are_configured:
                            self._record_scores(each)
            except (IntegrityError, InvalidEntry):
                # Whoever grades another assignment in the same gradebook may just have added the student.
                if not remaining:
                    raise
                self.first_time.look()
            else:
                self.first_time.added(new)
                return

    def _record_scores(self, graded: Graded) -> None:
        stamp = {} if graded.timestamp is None else {"timestamp": graded.timestamp}
        submission = self.gradebook.update_or_create_submission(self.assignment, graded.student, **stamp)
        for notebook in submission.notebooks:
            scores, untouched = graded.scores[notebook.name], graded.untouched[notebook.name]
            before: Answers = {}
            after: Answers = {}
            if any(grade.manual_score is not None for grade in notebook.grades):
                before = self._answers(graded.student, notebook.name)
                after = answers_in(graded.contents[notebook.name])
            for grade in notebook.grades:
                name, was_open = self._names[grade.cell_id], grade.needs_manual_grade
                grade.auto_score = scores[name]
                grade.needs_manual_grade = needs_a_person(
                    grade, name, before, after, was_open=was_open, review=graded.review
                )
            for comment in notebook.comments:
                blank = self._names[comment.cell_id] in untouched
                comment.auto_comment = BLANK if blank else None
            self.gradebook.db.flush()
            self._late_penalties.assign(self.gradebook, submission, notebook)

    def _with_what_is_known(self, graded: Graded) -> Graded:
        """What could not be looked into is recorded with what its scores were about before."""
        if graded.status != FAILED:
            return graded
        contents = {
            name: content
            if answers_in(content)
            else with_answers(content, self._answers(graded.student, name))
            for name, content in graded.contents.items()
        }
        return replace(graded, contents=contents)

    def _answers(self, student: str, notebook: str) -> Answers:
        """What the scores that are recorded now are about."""
        return answers_at(self.course.autograded / student / self.assignment / f"{notebook}.ipynb")

    @contextlib.contextmanager
    def _files_for(self, graded: Graded) -> Iterator[Callable[[], None]]:
        """Write the autograded files next to where they belong; the yielded function moves them there."""
        place = self.course.autograded / graded.student / self.assignment
        place.parent.mkdir(parents=True, exist_ok=True)
        scratch = place.with_name(f".{place.name}.new")
        remove(scratch)
        scratch.mkdir()

        def put_in_place() -> None:
            old = place.with_name(f".{place.name}.old")
            remove(old)
            if os.path.lexists(place):
                place.rename(old)
            scratch.rename(place)
            with contextlib.suppress(OSError):
                remove(old)

        try:
            secret = read_secret(self.course.submitted / graded.student / self.assignment)
            files = {f"{name}.ipynb": content.encode() for name, content in graded.contents.items()}
            for name, data in (files | beside(graded.timestamp, secret)).items():
                path = scratch / name
                path.write_bytes(data)
                path.chmod(0o444)
            yield put_in_place
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _refused(student: str, error: Exception) -> CourseError:
    return CourseError(
        f"{student} could not be recorded ({cause_of(error)}); what was recorded before is kept: "
        "run the same command again when that is mended"
    )
