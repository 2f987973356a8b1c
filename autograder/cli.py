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
CourseDirectory = Annotated[Path, typer.Option("--course", metavar="DIR", help="The course's root.")]
Assignments = Annotated[list[str] | None, typer.Argument(help="Which ones; all by default.")]
Check = Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 when a release is stale.")]
Students = Annotated[int, typer.Option(help="How many students the class has.", min=1, max=500)]
Into = Annotated[Path, typer.Option(metavar="DIR", help="The course directory to make.")]
Assignment = Annotated[str, typer.Option(help="The assignment that the class hands in.")]


@app.command()
def build(assignments: Assignments = None, check: Check = False, course: CourseDirectory = Path()) -> None:
    """Build the notebooks that students get from solutions/<assignment>/<notebook>.py."""
    from autograder import build as builder
    from autograder.course import Course

    if not check:
        for release in builder.build(Course(course), assignments or ()):
            typer.echo(f"built {release.path}")
        return
    staged = builder.stage(Course(course), assignments or ())
    stale = [release for release in staged if not release.is_current()]
    for release in stale:
        typer.echo(f"stale: {release.path} (run `course build`)\n{release.difference()}", err=True)
    if stale:
        raise typer.Exit(1)
    typer.echo(f"{Course(course).assignments.name}/ is up to date")


@app.command()
def demo(
    students: Students = 12,
    into: Into = Path("demo-course"),
    assignment: Assignment = "01_flat_backprop",
    course: CourseDirectory = Path(),
) -> None:
    """Make a small course, grade a class of known students through nbgrader, and compare every score."""
    from autograder.course import Course
    from autograder.demo import run

    if not run(Course(course), into, students, assignment):
        raise typer.Exit(1)


def main() -> None:
    """Run the command; what a person can mend is said in one sentence, without a traceback."""
    try:
        app()
    except CourseError as error:
        typer.echo(f"course: {error}", err=True)
        sys.exit(2)
