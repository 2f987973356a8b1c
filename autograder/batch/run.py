"""A whole class: plan, grade in parallel, record as results arrive. Interrupted, it goes on where it was."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.batch.lock import only_one
from autograder.batch.plan import Current, left_out, load_release, students_of, tasks, untimed
from autograder.batch.progress import ALREADY, PointsChange, Reporter, Summary, kind_of
from autograder.course import Course
from autograder.gradebook.scores import Points
from autograder.gradebook.writer import Writer
from autograder.grading.task import Graded, Release, Task
from autograder.grading.tiers import refuse_inside
from autograder.grading_settings import configured, settings_of
from autograder.workers import local
from autograder.workers.pool import ATTEMPTS, LostTask

Waiting = Generator[list[Graded], None, None]


@dataclass(frozen=True)
class GradeOptions:
    """What `course grade` was asked for."""

    jobs: int = 0  # 0: one per core
    students: Sequence[str] = ()
    force: bool = False
    seed: int | None = None
    dry_run: bool = False
    scheduler: str = ""
    scheduler_file: str = ""
    sandbox: str = ""  # "": as the course's configuration says


def grade_class(
    course: Course, assignment: str, options: GradeOptions, reporter: Callable[[int], Reporter]
) -> Summary:
    """Grade every submission that has no current grade; the summary says what came of it.

    CourseError before anything is changed: unknown assignment or student, no release, a gradebook that
    cannot be used, no sandbox, no scheduler, or somebody else grading the course.
    """
    release = load_release(course, assignment)
    if configured(course.config()).refuse_inside:
        refuse_inside(course.root, assignment)
    with only_one(course, assignment):
        students = students_of(course, assignment, options.students)
        force = options.force or options.dry_run
        summary = Summary(len(students))
        summary.look |= {} if options.students else left_out(course, assignment)
        summary.look |= untimed(course, assignment, students)
        with contextlib.ExitStack() as open_things:
            writer = open_things.enter_context(contextlib.closing(Writer(course, assignment)))
            shown = open_things.enter_context(reporter(len(students)))
            planned = tasks(
                course, release, students, force=force, seed=options.seed, is_new=writer.first_time.is_for
            )
            first = _results(_fresh(planned, summary, shown), release, course, options)
            results = _with_second_looks(first, release, course, options)
            for waiting in open_things.enter_context(contextlib.closing(results)):
                changes = [list(_changes(writer.scores(graded.student), graded)) for graded in waiting]
                if not options.dry_run:
                    writer.record(*waiting)
                for graded, its in zip(waiting, changes, strict=True):
                    summary.add(graded, its)
                    shown.show(summary, graded.student, kind_of(graded), graded)
    return summary


def _fresh(planned: Iterable[Task | Current], summary: Summary, shown: Reporter) -> Iterator[Task]:
    """The tasks that need grading; the others are counted as they are passed over."""
    for item in planned:
        if isinstance(item, Task):
            yield item
        else:
            summary.counts[ALREADY] += 1
            shown.show(summary, item.student, ALREADY, None)


def _with_second_looks(
    results: Waiting, release: Release, course: Course, options: GradeOptions
) -> Generator[list[Graded], None, None]:
    """The results; of who was stopped while the machine was busy, that of another run at the end, alone."""
    starved = []
    with contextlib.closing(results):
        for waiting in results:
            starved += [graded.student for graded in waiting if graded.starved]
            yield [graded for graded in waiting if not graded.starved]
    again = tasks(course, release, starved, force=True, seed=options.seed)
    fresh = (task for task in again if isinstance(task, Task))
    yield from _results(fresh, release, course, replace(options, jobs=1))


def _results(fresh: Iterator[Task], release: Release, course: Course, options: GradeOptions) -> Waiting:
    """The outcome of every task, from this machine's workers or a cluster's: each time those that wait."""
    settings = settings_of(course.config(), options.sandbox)
    if options.scheduler or options.scheduler_file:
        from autograder.workers.cluster import cluster_results

        found = cluster_results(fresh, release, settings, options.scheduler, options.scheduler_file)
        with contextlib.closing(found):
            yield from ([graded] for graded in found)
        return
    first = next(fresh, None)
    if first is None:
        return  # nothing to grade: no worker is started
    calls = ((task, release, settings) for task in itertools.chain([first], fresh))
    with contextlib.closing(local.started(options.jobs, settings)) as pool:
        for waiting in pool.results(calls):
            yield [_without_loss(result, release) for result in waiting]


def _without_loss(result: Graded | LostTask[Any], release: Release) -> Graded:
    if isinstance(result, LostTask):
        from autograder.grading.grade import without_result

        return without_result(result.task[0], release, f"it ended {ATTEMPTS} workers, one after the other")
    return result


def _changes(before: Points, graded: Graded) -> Iterator[PointsChange]:
    """The cells whose points differ from what is recorded; none on a first grading."""
    for notebook, scores in graded.scores.items():
        for cell, points in scores.items():
            if before.get((notebook, cell), points) != points:
                name = cell if len(graded.scores) == 1 else f"{notebook}: {cell}"
                yield PointsChange(graded.student, name, before[notebook, cell], points)
