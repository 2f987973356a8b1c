"""The ``course`` command: options in, one function call, sentences out."""

from __future__ import annotations

import gc
import os
import pickle
import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder import handing_out, options
from autograder.course import CONFIG, Course, bundled
from autograder.errors import CourseError
from autograder.options import Assignments, CourseDirectory, file, folder
from autograder.under_way import say

app = typer.Typer(
    help="Build, try out and grade the course.", no_args_is_help=True, pretty_exceptions_enable=False
)
Check = Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 when a release is stale.")]
Unchecked = Annotated[
    bool, typer.Option("--unchecked", help="Build although the solution was not graded; quicker.")
]
Students = Annotated[int, typer.Option(help="How many students the class has.", min=1, max=500)]
Into = Annotated[Path, folder("The course directory to make.")]
Assignment = Annotated[
    str, typer.Option(help="What the class hands in; the first by default.", callback=options.named)
]


@app.command()
def init(
    directory: Annotated[
        Path, typer.Argument(file_okay=False, help="An nbgrader course, or a directory to make one in.")
    ] = Path(),
) -> None:
    """Have an nbgrader course graded behind the wall, or make a new one; say what to do next."""
    from autograder.authoring.begin import begin

    for line in begin(directory):
        typer.echo(line)


@app.command()
def build(
    assignments: Assignments = None,
    check: Check = False,
    unchecked: Unchecked = False,
    course: CourseDirectory = Path(),
) -> None:
    """Build the notebooks that students get from their sources in text, <assignment>/<notebook>.py.

    The solutions are graded first, and must earn full marks. --check grades nothing.
    """
    say(f"building {', '.join(assignments or ['all assignments'])}")
    from autograder.authoring import build as builder
    from autograder.sources.exercises import exercises, transcription

    if not check:
        built = builder.build(Course(course), assignments or (), checked=not unchecked, tell=typer.echo)
        for release in built:
            typer.echo(f"built {release.path}: {transcription(exercises(release.source))}")
        if len(built) > 1:
            every = [one for release in built for one in exercises(release.source)]
            typer.echo(f"in all: {transcription(every)}")
        return
    staged = builder.stage(Course(course), assignments or ())
    stale = [release for release in staged if not release.is_current()]
    for release in stale:
        typer.echo(f"stale: {release.path} (run `course build`)\n{release.difference()}", err=True)
    if stale:
        raise typer.Exit(1)
    typer.echo(f"{Course(course).assignments.name}/ is up to date")


@app.command("exercises")
def list_exercises(
    assignments: Assignments = None,
    course: CourseDirectory = Path(),
    into: Annotated[Path | None, file("Put it between this page's two comments instead.")] = None,
) -> None:
    """List the exercises as a Markdown table: points, stars, minutes, and whether the formula is given.

    A page that is to hold the table has the comments <!-- exercises --> and
    <!-- end of exercises -->.
    """
    from autograder.sources.exercises import exercises, put_into, table, transcription
    from autograder.sources.source import read_source

    names = assignments or Course(course).assignment_names()
    every = [one for name in names for one in exercises(read_source(Course(course).source_of(name)))]
    text = f"{table(every)}\n\n{transcription(every)}."
    if into is None:
        typer.echo(text)
    else:
        put_into(into, text)
        typer.echo(f"wrote {len(every)} exercises into {into}")


@app.command()
def check(
    assignment: Annotated[str, options.assignment("The assignment to check.")],
    course: CourseDirectory = Path(),
) -> None:
    """Grade the solution behind the wall, say how well each graded cell is protected, and write that down.

    A cell is graded apart, in the grader's process, where its solution has full
    marks so; else inside the student's, whose code can forge that one outcome.
    """
    from autograder.protection.check import check as checked
    from autograder.protection.check import is_all_well

    found, path = checked(Course(course), assignment)
    for item in found:
        typer.echo(str(item))
    apart = sum(item.works and item.tier == "apart" for item in found)
    typer.echo(f"{apart} of {len(found)} graded cells are graded apart; wrote {path.name}")
    raise typer.Exit(0 if is_all_well(found) else 1)


@app.command()
def grade(
    assignment: Annotated[str, options.assignment("The assignment to grade.")],
    course: CourseDirectory = Path(),
    jobs: Annotated[
        int, typer.Option(help="Workers; one per core by default.", min=0, max=512, show_default=False)
    ] = 0,
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be repeated.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again what has a current grade.")] = False,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Seed of the hidden inputs, to repeat a run.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; write nothing.")
    ] = False,
    scheduler: Annotated[str, typer.Option(help="Address of a Dask scheduler, tcp://...")] = "",
    scheduler_file: Annotated[str, typer.Option(help="A Dask scheduler file.", metavar="FILE")] = "",
    unsafe_no_sandbox: Annotated[
        bool, typer.Option("--unsafe-no-sandbox", help="Run student code unprotected; marks every score.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, for machines.")] = False,
) -> None:
    """Grade a class in parallel, with the scores of plain `nbgrader autograde`."""
    say(f"reading what was handed in for {assignment}")
    from autograder.grading_settings import settings_of
    from autograder.workers import connecting, local

    settings = settings_of(Course(course).config(), "none" if unsafe_no_sandbox else "")
    # Workers get ready while this process imports what it needs, which takes as long.
    if scheduler or scheduler_file:
        connecting.wake(scheduler, scheduler_file, pickle.dumps(settings))
    else:
        local.start(jobs, settings)
    try:
        from autograder.batch.run import GradeOptions
        from autograder.batch.show import show_run

        options = GradeOptions(
            jobs=jobs,
            students=student or (),
            force=force,
            seed=seed,
            dry_run=dry_run,
            scheduler=scheduler,
            scheduler_file=scheduler_file,
            sandbox="none" if unsafe_no_sandbox else "",
        )
        raise typer.Exit(show_run(Course(course), assignment, options, as_json=as_json))
    finally:
        local.close()


@app.command()
def report(
    assignment: Annotated[str, options.assignment("The assignment to report on.")],
    course: CourseDirectory = Path(),
    to: Annotated[Path | None, file("Where to; reports/<assignment>.html by default.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The same for programs, on standard output.")
    ] = False,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Without students' names.")] = False,
) -> None:
    """Show a class at a glance: scores, what went wrong and for whom, what needs a look."""
    say(f"reading what is recorded of {assignment}")
    os.environ["MPLBACKEND"] = "agg"  # charts go into a file, whatever is set for those on a screen
    from autograder.report import write_report

    gc.freeze()  # what was imported is not looked through again and again, which takes a tenth of the time
    if to is not None:
        Course(course).refuse_to_replace(to)
    typer.echo(write_report(Course(course), assignment, to, as_json=as_json, anonymous=anonymous))


@app.command()
def doctor(course: CourseDirectory = Path()) -> None:
    """Say what is installed, which sandbox will be used, what is missing, and the command that mends it."""
    from autograder.doctor import State, examine

    refused = False
    for finding in examine(course):
        typer.echo(str(finding))
        refused |= finding.state is State.REFUSED
    typer.echo("\nNot ready to grade: see what is missing." if refused else "\nReady to grade.")
    raise typer.Exit(1 if refused else 0)


@app.command()
def demo(
    students: Students = 12,
    into: Into = Path("demo-course"),
    assignment: Assignment = "",
    course: Annotated[
        Path | None,
        typer.Option("--course", metavar="DIR", help="This directory, if it is a course, else ours."),
    ] = None,
) -> None:
    """Make a small course, grade a class of known students through nbgrader, and compare every score."""
    from autograder.rehearsal.demo import run

    known = Course(course or Path()) if course or Path(CONFIG).is_file() else bundled()
    if not run(known, into, students, assignment):
        raise typer.Exit(1)


for _command in handing_out.COMMANDS:
    app.command()(_command)


def main() -> None:
    """Run the command; what a person can mend is said in one sentence, without a traceback."""
    import autograder.workers.put_off  # noqa: F401 (what it does to all imports of the commands)

    try:
        app()
    except CourseError as error:
        typer.echo(f"course: {error}", err=True)
        sys.exit(2)
    except OSError as error:  # a full disk, a directory that may not be written
        place = f"{error.filename}: " if error.filename else ""
        typer.echo(f"course: {place}{error.strerror or error}", err=True)
        sys.exit(2)
