"""One submission, graded: bytes and a release in, an executed notebook and scores out, and no more.

This process hands out the work and takes what comes of it; what a student wrote is looked into elsewhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.grader_side import Lost, RunStatus
from autograder.grader_side.grader import grade_notebook, is_setup
from autograder.grader_side.workplace import Workplace, workplace
from autograder.grading.beside import files_beside
from autograder.grading.skippable import without_shows
from autograder.grading.steps import (
    Written,
    as_text,
    blank,
    from_text,
    released,
    scored,
    taken_up,
    unscored,
    written,
)
from autograder.grading.task import Graded, Release, Settings, Task
from autograder.grading.warm import Behind, apart, reading_apart
from autograder.recorded.record import FAILED, record_of
from autograder.submission import Handed


def grade(task: Task, release: Release, settings: Settings) -> Graded:
    """Grade a submission; whatever is in it ends in a value. SandboxError when nothing can be graded here."""
    facts = {"submission": task.digest, "release": release.digest}
    results = {}
    for name, text in release.notebooks.items():
        handed = task.handed[name]
        seed = secrets.randbits(32) if task.seed is None else task.seed
        notebook = released(text)

        def work(
            behind: Behind,
            place: Workplace | None,
            notebook: NotebookNode = notebook,
            handed: Handed = handed,
            seed: int = seed,
        ) -> bytes:
            graded = _graded(taken_up(notebook, handed), seed, settings, behind, place)
            return written(graded, **facts).packed()

        try:
            with workplace(notebook, release.files, release.modules, task.extra) as place:
                results[name] = Written.unpacked(apart(partial(work, place=place), settings))
        except Lost as lost:
            failed = unscored(blank(notebook, str(lost)), str(lost), seed, again=lost.again)
            results[name] = written(failed, **facts)
    return _put_together(task, results)


def without_result(task: Task, release: Release, why: str) -> Graded:
    """A submission that could not be graded, through no fault of its own; nothing of it is looked into."""
    facts = {"submission": task.digest, "release": release.digest}
    results = {
        name: written(unscored(blank(released(text), why), why, task.seed or 0, again=True), **facts)
        for name, text in release.notebooks.items()
    }
    return _put_together(task, results)


def rebuilt(release: NotebookNode, handed: Handed) -> NotebookNode:
    """The released notebook with the student's answers; without any, and marked, if that cannot be done."""
    try:
        return from_text(reading_apart(lambda: as_text(taken_up(release, handed)).encode()).decode())
    except Lost as lost:
        return blank(release, str(lost))


def grade_rebuilt(
    notebook: NotebookNode,
    seed: int | None,
    settings: Settings,
    folder: Path | None = None,
    extra: Mapping[str, bytes] | None = None,
) -> NotebookNode:
    """Run and score a rebuilt notebook; one that could not be graded has no score, and is marked.

    ``folder`` is where the files are that it was released with, ``extra`` are those that the student handed
    in and may; CourseError for a file of the release that is too large.
    """
    files = files_beside(folder) if folder is not None else {}
    seed = secrets.randbits(32) if seed is None else seed
    why = record_of(notebook).failed
    again = False
    if not why:
        try:
            with workplace(notebook, files, str(folder) if files else "", extra or {}) as place:
                data = apart(
                    lambda behind: as_text(_graded(notebook, seed, settings, behind, place)).encode(),
                    settings,
                )
            return from_text(data.decode())
        except Lost as lost:
            why, again = str(lost), lost.again
    return unscored(notebook, why, seed, again=again)


def _graded(
    notebook: NotebookNode, seed: int, settings: Settings, behind: Behind, place: Workplace | None
) -> NotebookNode:
    # Where no cell is tagged, a cell that binds nothing may still change what another one made.
    runs = without_shows(notebook) if any(map(is_setup, notebook.cells)) else notebook
    result = grade_notebook(runs, behind.sandbox, behind.limits, seed=seed, workplace=place)
    return scored(notebook, result, seed, behind.in_force, unprotected=settings.sandbox == "none")


def _put_together(task: Task, results: Mapping[str, Written]) -> Graded:
    records = [result.record for result in results.values()]
    statuses = [record.status for record in records]
    return Graded(
        student=task.student,
        timestamp=task.timestamp,
        scores={name: result.scores for name, result in results.items()},
        untouched={name: result.untouched for name, result in results.items()},
        contents={name: result.content for name, result in results.items()},
        status=FAILED if FAILED in statuses else "; ".join(dict.fromkeys(statuses)),
        notes=tuple(note for record in records for note in (*record.repairs, *record.notes)),
        review=any(record.review for record in records),
        starved=any(record.starved for record in records),
        timed_out=RunStatus.OUT_OF_TIME in statuses,
        seconds=sum(record.seconds for record in records),
    )
