"""Late penalties: those of the scores as they are now, whoever gave them last.

nbgrader computes a penalty when it autogrades. What people grade by hand afterwards changes the score and not
the penalty, so that it would depend on which came last. Here it is computed again, and recorded, whenever
scores are recorded or read.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from traitlets import TraitError

from autograder.course import CONFIG
from autograder.errors import CourseError
from autograder.gradebook.opening import cause_of, one_transaction
from autograder.gradebook.scores import submissions


class LatePenalties:
    """A course's late penalties, as its ``AssignLatePenalties`` and the plugin named there would set them."""

    def __init__(self, config: Any, root: Path) -> None:
        self._config, self._root = config, root

    @property
    def are_configured(self) -> bool:
        """Whether the configuration says anything of them."""
        return bool({"AssignLatePenalties", "LateSubmissionPlugin"} & set(self._config))

    @cached_property
    def _plugin(self) -> Any:
        """The plugin, and with it much else: loaded when something comes late."""
        from nbgrader.preprocessors import AssignLatePenalties

        with _importable(self._root):
            penalties = AssignLatePenalties(config=self._config)
            penalties.init_plugin()
        return penalties.plugin_inst

    def check(self) -> None:
        """CourseError when what is configured cannot be used."""
        try:
            self._plugin  # noqa: B018
        except (TraitError, ImportError, AttributeError, SyntaxError) as error:
            raise CourseError(f"the late penalties in {CONFIG} cannot be used: {error}") from error

    def assign(self, gradebook: Any, submission: Any, notebook: Any) -> None:
        """Set the penalty of a submitted notebook, whose scores were flushed: 0 to its score, None for none.

        Without a due date, or a word of the configuration's on penalties, there is nothing to compute it
        from, and what is recorded stays.
        """
        if submission.assignment.duedate is None or not self.are_configured:
            return
        late = submission.total_seconds_late
        penalty = None
        if late > 0:
            self.check()
            gradebook.db.refresh(notebook, ["score"])
            try:
                penalty = self._plugin.late_submission_penalty(submission.student_id, notebook.score, late)
                penalty = None if penalty is None else float(min(max(penalty, 0), notebook.score))
            except Exception as error:  # a course's own code may raise anything
                raise CourseError(f"the late penalty of {submission.student_id} is none: {error}") from error
        if notebook.late_submission_penalty != penalty:
            notebook.late_submission_penalty = penalty

    def bring_up_to_date(self, gradebook: Any, assignment: str, student: str = "") -> None:
        """Set the penalties of all submissions to an assignment, or of one student's, by today's scores.

        CourseError when the penalties cannot be used, or the gradebook refuses to record them.
        """
        found = gradebook.find_assignment(assignment)
        if found.duedate is None or not self.are_configured:
            return
        try:
            with one_transaction(gradebook):
                for submission in submissions(gradebook, assignment, student):
                    for notebook in submission.notebooks:
                        self.assign(gradebook, submission, notebook)
        except SQLAlchemyError as error:
            said = f"the late penalties of {assignment} cannot be recorded: {cause_of(error)}"
            raise CourseError(said) from error


@contextlib.contextmanager
def _importable(root: Path) -> Iterator[None]:
    """A plugin may lie in the course's root, where nbgrader's own commands find it."""
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            sys.path.remove(str(root))
