"""The ``course`` command: options in, one function call, sentences out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.errors import CourseError

app = typer.Typer(
    help="Build, try out and grade the course.", no_args_is_help=True, pretty_exceptions_enable=False
)
CourseDirectory = Annotated[Path, typer.Option("--course", help="The course's root.", metavar="DIR")]


@app.command()
def build(
    assignments: Annotated[
        list[str] | None, typer.Argument(help="Which to build; all of them by default.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 if a release is stale.")
    ] = False,
    course: CourseDirectory = Path(),
) -> None:
    """Build the notebooks that students get from solutions/<assignment>/<notebook>.py."""
    from autograder import build as builder
    from autograder.course import Course

    if not check:
        for release in builder.build(Course(course), assignments or ()):
            typer.echo(f"built {release.path}")
        return
    stale = [
        release for release in builder.stage(Course(course), assignments or ()) if not release.is_current()
    ]
    for release in stale:
        typer.echo(f"stale: {release.path} (run `course build`)\n{release.difference()}", err=True)
    if stale:
        raise typer.Exit(1)
    typer.echo("assignments/ is up to date")


@app.command()
def demo(
    students: Annotated[int, typer.Option(help="How many students the class has.", min=1, max=500)] = 12,
    into: Annotated[Path, typer.Option(help="The course directory to make.", metavar="DIR")] = Path(
        "demo-course"
    ),
    course: CourseDirectory = Path(),
) -> None:
    """Make a small course, grade a class of known students through nbgrader, and compare every score."""
    from autograder.course import Course
    from autograder.demo import run

    if not run(Course(course), into, students):
        raise typer.Exit(1)


def main() -> None:
    """Run the command; what a person can mend is said in one sentence, without a traceback."""
    try:
        app()
    except CourseError as error:
        typer.echo(f"course: {error}", err=True)
        sys.exit(2)
