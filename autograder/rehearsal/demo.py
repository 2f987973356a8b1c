"""A sample class of known students, graded for real and compared with what each must get and be told."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path

import nbformat
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from autograder.authoring.build import build
from autograder.course import CONFIG, Course, reason
from autograder.errors import CourseError
from autograder.gradebook.scores import Scores, automatic_scores, exercise_of
from autograder.grader_side.errors import SandboxError
from autograder.grading.tiers import FILE as TIERS
from autograder.grading.tiers import INSIDE
from autograder.grading.warm import warm_grader
from autograder.grading_settings import settings_of
from autograder.recorded.reading import read_record
from autograder.rehearsal.answers import load_answers
from autograder.rehearsal.compose import ComposedSubmission, Composer
from autograder.whole import clear

MARK = ".course-demo"
# Another may stand in Jupyter's directories. A copy of the demo has a copy of its gradebook.
GRADEBOOK_BESIDE = """
from pathlib import Path

c.CourseDirectory.db_url = f"sqlite:///{Path(__file__).resolve().with_name('gradebook.db')}"
"""


def run(course: Course, into: Path, students: int, assignment: str) -> bool:
    """Make the demo course, grade its class, print the scores; True when all is as the answers' headers say.

    Without ``assignment`` it is the course's first.
    """
    console = Console()
    if not console.is_terminal:
        console = Console(width=120)  # a log file has no width; the table needs this much
    assignment = assignment or next(iter(course.assignment_names()), "")
    demo = _make_course(course, into, assignment)
    console.print(f"Building {assignment} in {into}")
    release = build(demo, [assignment], checked=False)[0]  # its solution is among the answers of the class
    composer = Composer(
        release.source, nbformat.reads(release.content, as_version=4), load_answers(release.source)
    )
    submissions = composer.a_class(students)
    for submission in submissions:
        hand_in(demo, assignment, release.path.name, submission)
    failures = _grade(demo, assignment, submissions, console)
    scores = automatic_scores(demo, assignment)
    console.print(_table(submissions, scores, composer))
    troubles = failures + _surprises(submissions, scores)
    troubles += _unsaid(demo.autograded, Path(assignment) / release.path.name, submissions)
    for line in troubles:
        console.print(line, style="red", markup=False, soft_wrap=True)
    _say_what_next(console, into, assignment, submissions[0].student)
    return not troubles


def hand_in(course: Course, assignment: str, filename: str, submission: ComposedSubmission) -> Path:
    """Write a composed notebook where nbgrader collects submissions."""
    folder = course.submitted / submission.student / assignment
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(submission.notebook, folder / filename)
    return folder / filename


def _make_course(course: Course, into: Path, assignment: str) -> Course:
    course.source_of(assignment)
    if into.exists() and any(into.iterdir()):
        if not (into / MARK).is_file():
            raise CourseError(f"{into} is not empty and no demo course: choose another --into")
        clear(into)
    into.mkdir(parents=True, exist_ok=True)
    (into / MARK).write_text("Made by `course demo`, which may delete this directory.\n", encoding="utf-8")
    shutil.copy(course.root / CONFIG, into)
    with (into / CONFIG).open("a", encoding="utf-8") as config:
        config.write(GRADEBOOK_BESIDE)
    if (course.root / TIERS).is_file():
        shutil.copy(course.root / TIERS, into)
    shutil.copytree(
        course.solutions / assignment,
        into / course.solutions.name / assignment,
        ignore=shutil.ignore_patterns("*.ipynb", "__pycache__"),
    )
    return Course(into)


def _grade(
    course: Course, assignment: str, submissions: Sequence[ComposedSubmission], console: Console
) -> list[str]:
    """Autograde and write feedback through nbgrader, one student at a time; returns what failed."""
    api = course.api(GradeApart={"sandbox": _sandbox(course, console)})
    failures = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Grading", total=len(submissions))
        for submission in submissions:
            progress.update(task, description=f"Grading {submission.student}")
            for step in (api.autograde, api.generate_feedback):
                result = step(assignment, submission.student)
                if not result["success"]:
                    failures.append(f"{submission.student}: {step.__name__} failed: {reason(result)}")
                    break
            progress.advance(task)
        progress.update(task, description="Graded")
    return failures


def _sandbox(course: Course, console: Console) -> str:
    """The sandbox as configured, warm; "none", and a line that says so, where none holds.

    Nobody else's work is graded so. The class that hands in here is made of this package's own answers.
    """
    settings = settings_of(course.config())
    try:
        warm_grader(settings)
    except SandboxError as error:
        says = f"Without a sandbox, for these answers are our own; a class would be refused: {error}"
        console.print(says, style="yellow", markup=False, soft_wrap=True)
        return "none"
    return settings.sandbox


def _table(submissions: Sequence[ComposedSubmission], scores: dict[str, Scores], composer: Composer) -> Table:
    exercises = list(dict.fromkeys(exercise_of(grade_id) for grade_id in composer.full))
    table = Table(
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        title="Automatic points per exercise (the rest waits for a person)",
    )
    table.add_column("student")
    for exercise in exercises:
        table.add_column(exercise.partition("_")[0].lstrip("0"), justify="right")
    table.add_column("total", justify="right")
    table.add_column("expected", justify="right")
    table.add_column("what was done", overflow="ellipsis", no_wrap=True, max_width=36)
    for submission in submissions:
        got = scores.get(submission.student, {})
        expected = sum(submission.expected.values())
        total = sum(got.get(grade_id) or 0.0 for grade_id in composer.full)
        cells = [f"{_points_of(exercise, got, composer):g}" for exercise in exercises]
        style = None if abs(total - expected) < 1e-6 else "red"
        table.add_row(
            submission.student, *cells, f"{total:g}", f"{expected:g}", submission.story, style=style
        )
    return table


def _points_of(exercise: str, got: Scores, composer: Composer) -> float:
    mine = [grade_id for grade_id in composer.full if exercise_of(grade_id) == exercise]
    return sum(got.get(grade_id) or 0.0 for grade_id in mine)


def _surprises(submissions: Sequence[ComposedSubmission], scores: dict[str, Scores]) -> list[str]:
    """A sentence for every graded cell whose points are not those the known answers must get."""
    return [
        f"{submission.student}: {grade_id} got {_shown(got)}, expected {points:g} ({submission.story})"
        for submission in submissions
        for grade_id, points in submission.expected.items()
        for got in [scores.get(submission.student, {}).get(grade_id)]
        if got is None or abs(got - points) > 1e-6
    ]


def _unsaid(autograded: Path, notebook: Path, submissions: Sequence[ComposedSubmission]) -> list[str]:
    """A sentence for every cause and message that a header promises and its cells did not say.

    What a cell says that is graded inside, its student's code may have said: nothing of its checks is kept.
    """
    troubles = []
    for submission in submissions:
        outcomes = read_record(autograded / submission.student / notebook).outcomes
        for answer in submission.answers:
            mine = [outcomes[name] for name in answer.points if name in outcomes]
            if any(outcome.get("tier") == INSIDE for outcome in mine):
                continue
            checks = [check for outcome in mine for check in outcome["checks"]]
            causes = {cause for check in checks for cause in check["causes"]}
            said = [*(check["message"] for check in checks), *(outcome["note"] for outcome in mine)]
            missing = answer.unsaid(said, causes)
            troubles += [f"{submission.student}: {answer.title!r} is not told {what}" for what in missing]
    return troubles


def _shown(points: float | None) -> str:
    return "no score" if points is None else f"{points:g}"


def _say_what_next(console: Console, into: Path, assignment: str, student: str) -> None:
    place, here = shlex.quote(str(into)), Path.cwd()
    uv = there = "uv run " if "UV_RUN_RECURSION_DEPTH" in os.environ else ""  # as this was run
    if uv and not into.resolve().is_relative_to(here):  # from where uv finds no project of ours
        there = f"uv run --project {shlex.quote(str(here))} "
    lines = [
        f"Feedback for a student:  {into}/feedback/{student}/{assignment}/",
        f"The gradebook:           {into}/gradebook.db",
        f"The class at a glance:   {uv}course report {shlex.quote(assignment)} --course {place}",
        f"Its grades:              {uv}course export --course {place} --format csv --to grades.csv",
        f"Look around:             cd {place} && {there}jupyter lab   (Formgrader is in its Nbgrader menu)",
    ]
    console.print("\n" + "\n".join(lines), markup=False, highlight=False, soft_wrap=True)
