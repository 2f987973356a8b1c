"""One submission, graded: bytes and a release in, an executed notebook and scores out, and no more.

This process hands out the work and takes what comes of it; what a student wrote is looked into elsewhere.
"""

from __future__ import annotations

import contextvars
import pickle
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.disposable import FORKS, Lost
from autograder.fork_side import Done
from autograder.grader_side.grader import RunStatus, grade_notebook
from autograder.grader_side.traces import Traces, import_ahead, import_checker, leaves_no_trace
from autograder.grader_side.workplace import Workplace, workplace
from autograder.grading.steps import (
    GradedText,
    as_text,
    blank,
    from_text,
    released,
    scored,
    taken_up,
    unscored,
    written,
)
from autograder.grading.task import Graded, Release, Task
from autograder.grading.warm import Behind, apart, reading_apart, warm_grader
from autograder.grading_settings import Settings
from autograder.recorded.record import FAILED, record_of
from autograder.roles import is_setup
from autograder.submission import Handed, ReadingStatus
from autograder.submission.beside import files_beside
from autograder.submission.skippable import without_shows


@dataclass(frozen=True)
class Job:
    """One notebook of a submission: which, what was handed in, and where its graded cells work."""

    name: str
    handed: Handed
    seed: int
    facts: Mapping[str, str]  # autograder.grading.task.Task.facts
    place: Workplace | None


class Grading:
    """Grades submissions to a release, one after the other, in a fork; ``kept`` if it is to do several."""

    def __init__(
        self, release: Mapping[str, NotebookNode], digest: str, settings: Settings, kept: bool
    ) -> None:
        self._release, self._digest, self._settings = release, digest, settings
        self._traces = Traces() if kept else None
        self._ordinary = True

    def __call__(self, behind: Behind, job: bytes) -> Done:
        """Grade what is in a Job, pickled; the result is a GradedText, packed."""
        if self._traces is None:
            return Done(self._graded(behind, job))
        result, as_before = self._traces.following(self._graded, behind, job)
        return Done(result, as_before and self._ordinary)

    def _graded(self, behind: Behind, data: bytes) -> bytes:
        job: Job = pickle.loads(data)  # which the process wrote that forked this one
        notebook = taken_up(self._release[job.name], job.handed)
        graded = _graded(notebook, job.seed, self._settings, behind, job.place)
        record = record_of(graded)
        self._ordinary = record.status == RunStatus.GRADED and not record.notes
        return written(graded, **job.facts, release=self._digest).packed()


# What students have besides their answers, in a rehearsal.
OWN_CELLS = (
    new_markdown_cell("A *word*, <b>, `code`, $x_1$, [a link](https://example.org)\n\n* and a list."),
    new_code_cell("print('a word')\n1 / 0"),
)
_rehearsed: dict[str, bool | None] = {}  # by digest; None after one submission


@lru_cache(maxsize=8)
def may_be_kept(texts: tuple[str, ...]) -> bool:
    """Whether a fork that grades submissions to a release with these texts may grade several."""
    return FORKS and leaves_no_trace(map(released, texts))


def _is_rehearsed(digest: str, release: Mapping[str, NotebookNode], settings: Settings) -> bool:
    """Whether this process is ready to keep a fork for a release, from the second submission on."""
    if digest not in _rehearsed:
        _rehearsed[digest] = None
    elif _rehearsed[digest] is None:
        _rehearsed[digest] = _rehearse(digest, release, settings)
    return bool(_rehearsed[digest])


def _rehearse(digest: str, release: Mapping[str, NotebookNode], settings: Settings) -> bool:
    """Grade a release as if somebody had handed it in, in this process: what is imported or made at its first
    use is then there in every fork. First it is tried in a fork; False if it does not go well there.
    """
    work = Grading(release, digest, settings, kept=False)
    grader = warm_grader(settings)
    behind = Behind(grader.sandbox, grader.limits, grader.in_force)
    import_checker()
    for name, notebook in release.items():
        import_ahead(notebook)
        handed_in = NotebookNode({**notebook, "cells": [*notebook.cells, *OWN_CELLS]})
        handed = Handed(name, ReadingStatus.READ, nbformat.writes(handed_in).encode())
        job = pickle.dumps(Job(name, handed, 0, {}, None))
        try:
            tried = GradedText.unpacked(apart(lambda: work, settings, job))
            if tried.record.status != RunStatus.GRADED or tried.record.notes:
                return False
            contextvars.copy_context().run(work, behind, job)
        except Exception:  # said of each submission that it happens to
            return False
    return True


def grade(task: Task, release: Release, settings: Settings) -> Graded:
    """Grade a submission; whatever is in it ends in a value. SandboxError when nothing can be graded here."""
    digest, facts = release.digest, task.facts
    notebooks = {name: released(text) for name, text in release.notebooks.items()}
    kept = may_be_kept(tuple(release.notebooks.values())) and _is_rehearsed(digest, notebooks, settings)
    begin = partial(Grading, notebooks, digest, settings, kept)
    results = {}
    for name, notebook in notebooks.items():
        seed = secrets.randbits(32) if task.seed is None else task.seed
        try:
            with workplace(notebook, release.files, release.modules, task.extra) as place:
                job = pickle.dumps(Job(name, task.handed[name], seed, facts, place))
                results[name] = GradedText.unpacked(apart(begin, settings, job, digest if kept else None))
        except Lost as lost:
            failed = unscored(blank(notebook, str(lost)), str(lost), seed, again=lost.again)
            results[name] = written(failed, **facts, release=digest)
    return _put_together(task, results)


def without_result(task: Task, release: Release, why: str) -> Graded:
    """A submission that could not be graded, through no fault of its own; nothing of it is looked into."""
    facts = {**task.facts, "release": release.digest}
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

                def work(behind: Behind, job: bytes) -> Done:
                    return Done(as_text(_graded(notebook, seed, settings, behind, place)).encode())

                data = apart(lambda: work, settings)
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


def _put_together(task: Task, results: Mapping[str, GradedText]) -> Graded:
    records = [result.record for result in results.values()]
    statuses = [record.status for record in records]
    return Graded(
        student=task.student,
        timestamp=task.timestamp,
        scores={name: result.scores for name, result in results.items()},
        untouched={name: result.untouched for name, result in results.items()},
        contents={name: result.content for name, result in results.items()},
        status=FAILED if FAILED in statuses else "; ".join(dict.fromkeys(statuses)),
        # What befell the machine befell all its notebooks, and is said once.
        notes=tuple(dict.fromkeys(note for record in records for note in (*record.repairs, *record.notes))),
        review=any(record.review for record in records),
        starved=any(record.starved for record in records),
        timed_out=RunStatus.OUT_OF_TIME in statuses,
        seconds=sum(record.seconds for record in records),
    )
