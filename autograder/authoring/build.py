"""Solutions -> instructor's notebooks -> nbgrader's ``generate_assignment`` -> assignments."""

from __future__ import annotations

import contextlib
import difflib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from autograder.course import CONFIG, Course, reason
from autograder.errors import CourseError
from autograder.gradebook.cells import in_one_transaction, refuse_what_submissions_forbid
from autograder.rehearsal.answers import load_answers
from autograder.rules.hints import check_hints, lacking_hints, unclosed
from autograder.rules.leaks import check_files, check_leaks
from autograder.rules.links import missing_links
from autograder.rules.names import changeable_names, check_names, misplaced_cells, misspelt_answers
from autograder.rules.python import check_released
from autograder.sources.exercises import exercises
from autograder.sources.source import Source, read_source
from autograder.under_way import say
from autograder.whole import whole

SUMMARY_LINES = 12


@dataclass(frozen=True)
class BuiltNotebook:
    """One released notebook: where it belongs and its bytes."""

    source: Source
    path: Path
    content: str
    folder: Path  # where nbgrader made it, with the files beside it, for as long as that place is there

    def is_current(self) -> bool:
        """Whether ``assignments/`` holds exactly this."""
        return self.path.is_file() and self.path.read_text(encoding="utf-8") == self.content

    def difference(self) -> str:
        """The first lines in which ``assignments/`` differs from what the source builds."""
        old = self.path.read_text(encoding="utf-8") if self.path.is_file() else ""
        lines = difflib.unified_diff(
            old.splitlines(), self.content.splitlines(), "committed", "built", lineterm="", n=0
        )
        shown = list(lines)
        more = [f"... and {len(shown) - SUMMARY_LINES} more lines"] if len(shown) > SUMMARY_LINES else []
        return "\n".join(line[:110] for line in [*shown[:SUMMARY_LINES], *more])


def build(
    course: Course, names: Sequence[str] = (), *, checked: bool = True, tell: Callable[[str], object] = print
) -> list[BuiltNotebook]:
    """Build into ``assignments/`` and the gradebook; nothing is touched unless every assignment builds.

    Unless ``checked`` is False, each solution is graded first and must earn full marks; what there is to say
    about that goes to ``tell``.

    Each is recorded in the gradebook in one transaction, then its released files replace the old ones, each
    at once. Whatever interrupts that, a second build completes it.
    """
    with tempfile.TemporaryDirectory() as staged:
        releases = list(stage(course, names, Path(staged)))
        for release in releases:
            _look(course, release, checked, tell)
    for release in releases:
        say(f"{release.source.path}: building the release")
        with tempfile.TemporaryDirectory() as scratch:
            _record(course, release, Path(scratch))
        _write_instructor_notebook(course, release.source)
    return releases


def _look(course: Course, release: BuiltNotebook, checked: bool, tell: Callable[[str], object]) -> None:
    """Refuse what submissions forbid, and a solution without full marks; tell what there is to look at."""
    source = release.source
    cells = [item.cell for item in source.cells if item.grade_id]
    refuse_what_submissions_forbid(course, source.path, cells)
    if checked:
        from autograder.rehearsal.solved import (
            earned_unanswered,  # with much that a build does not need otherwise
            grade_solution,
        )

        say(f"{source.path}: grading the solution")
        said = grade_solution(course, source, release.folder)
        if said:
            tell(f"{source.path}: {said}")
        for remark in earned_unanswered(course, source, release.folder):
            tell(remark)
    for remark in remarks(source, release.folder):
        tell(remark)


def remarks(source: Source, folder: Path) -> Iterator[str]:
    """What an author should look at, though it is no fault: one sentence each, with file and line."""
    for one in lacking_hints(source):
        yield f"{source.path}:{one.line}: {one.number} has {one.automatic:g} points, and not hints 1, 2 and 3"
    for line in unclosed(source):
        yield f"{source.path}:{line}: a <details> or a </details> of this cell has no other half"
    for line, link in missing_links(source, folder):
        yield f"{source.path}:{line}: students get no {link}, which this cell shows or links to"
    for one in exercises(source):
        if one.promised and abs(one.promised - one.points) > 1e-9:
            where = f"{source.path}:{one.line}: the heading of {one.number} promises {one.promised:g} points"
            yield f"{where}, its cells are worth {one.points:g}; does each heading begin its cell?"
    for line, what, number in misplaced_cells(source):
        yield f"{source.path}:{line}: {what} stands in exercise {number}; is that a slip?"
    for line, begins, meant in misspelt_answers(source):
        yield f"{source.path}:{line}: there is no answer {begins!r}; is {meant!r} meant?"
    for item, names in changeable_names(source):
        read = f"{source.path}:{item.line}: {item.grade_id} reads {' and '.join(names)}"
        yield f"{read}, which only a cell that students may change defines; give that cell setup="
    try:
        load_answers(source)
    except CourseError as error:
        yield f"{error} (of the known answers, which are not released)"


def stage(course: Course, names: Sequence[str] = (), into: Path | None = None) -> Iterator[BuiltNotebook]:
    """What ``assignments/`` should hold, made in a scratch course; the gradebook is not touched.

    Without ``into``, nothing of what is made stays there.
    """
    wanted = list(dict.fromkeys(names)) or course.assignment_names()
    if not wanted:
        raise CourseError(f"there is no source in text below {course.solutions}")
    sources = [read_source(course.source_of(name), course.facts) for name in wanted]
    without_gradebook = {"GenerateAssignment": {"no_database": True}, "SaveCells": {"enabled": False}}
    with tempfile.TemporaryDirectory() if into is None else contextlib.nullcontext(into) as scratch:
        for source in sources:
            say(f"{source.path}: trying the release")
            name, notebook = source.path.parent.name, f"{source.path.stem}.ipynb"
            place = Path(scratch, name)
            place.mkdir()
            built = _generate(course, source, place, without_gradebook)
            content = (built / notebook).read_text(encoding="utf-8")
            check_leaks(source, content, course.facts)
            check_files(source, built)
            check_released(source, content)
            check_names(source)
            check_hints(source)
            yield BuiltNotebook(source, course.assignments / name / notebook, content, built)


def _record(course: Course, release: BuiltNotebook, scratch: Path) -> None:
    """Have nbgrader record the cells in the course's gradebook, then put the released files into place."""
    built = _generate(course, release.source, scratch, in_one_transaction(course))
    _replace(release.path.parent, built)


def _generate(course: Course, source: Source, scratch: Path, settings: dict[str, dict[str, Any]]) -> Path:
    """nbgrader's release of a source, made in ``scratch``: the folder with all that students get."""
    shutil.copy(course.root / CONFIG, scratch)
    staging = Course(scratch)
    folder = source.path.parent
    # What lies beside a source goes to students too, but for what the configuration says.
    shutil.copytree(
        folder,
        staging.solutions / folder.name,
        ignore=shutil.ignore_patterns("*.ipynb", ".ipynb_checkpoints", "__pycache__"),
        ignore_dangling_symlinks=True,
    )
    _write_instructor_notebook(staging, source)
    with _schema_taken_for_one():
        result = staging.api(**settings).generate_assignment(folder.name, force=True)
    if not result["success"]:
        raise CourseError(f"{source.path}: nbgrader refused it: {reason(result)}")
    return staging.assignments / folder.name


@contextlib.contextmanager
def _schema_taken_for_one() -> Iterator[None]:
    """Have nbgrader's own schema not looked at anew for each cell: that was a fifth of a build."""
    from nbgrader.nbgraderformat.common import jsonschema

    validator = jsonschema.Draft4Validator
    look = vars(validator)["check_schema"]
    validator.check_schema = lambda schema: None
    try:
        yield
    finally:
        validator.check_schema = look


def _replace(place: Path, built: Path) -> None:
    """Put the files of ``built`` into ``place``, each in one step; then remove what is no longer released."""
    files = [path.relative_to(built) for path in sorted(built.rglob("*")) if path.is_file()]
    for file in files:
        target = place / file
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole(target) as fresh:
            shutil.copyfile(built / file, fresh)
        shutil.copymode(built / file, target)
    for path in sorted(place.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(place) not in files:
            path.unlink()


def _write_instructor_notebook(course: Course, source: Source) -> Path:
    path = course.solutions / source.path.parent.name / f"{source.path.stem}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(source.notebook(), path)
    return path
