"""The commands for what leaves a course: kits and packages, pages, grades and graders for other systems."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from autograder import options
from autograder.course import Course
from autograder.options import Assignments, CourseDirectory, file, folder


def solutions(
    assignment: Annotated[str, options.assignment("The assignment whose deadline is over.")],
    to: Annotated[Path, folder("The directory to write the page into.")],
    course: CourseDirectory = Path(),
) -> None:
    """Write the worked solutions with why, beside the class's commonest slips, to hand out."""
    from autograder.editions.worked import write_solutions

    typer.echo(f"wrote {write_solutions(Course(course), assignment, to)}")


def export(
    format_: Annotated[str, typer.Option("--format", help="canvas, moodle or csv (points per exercise).")],
    to: Annotated[Path, file("The file to write.")],
    course: CourseDirectory = Path(),
    assignment: Annotated[
        list[str] | None,
        typer.Option(help="Which ones; by default those that somebody handed in.", callback=options.named),
    ] = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be repeated.")] = None,
    roster: Annotated[Path | None, file("A gradebook exported from Canvas, for its ids.")] = None,
) -> None:
    """Write the grades for another system; who has no final score is marked and named."""
    from autograder.exports import Wanted, write_export
    from autograder.gradebook.opening import open_gradebook

    Course(course).refuse_to_replace(to)
    wanted = Wanted(format_, to, assignment or (), student or (), roster)
    with open_gradebook(Course(course)) as gradebook:
        for sentence in write_export(Course(course), gradebook, wanted):
            typer.echo(sentence, err=True)
    typer.echo(f"wrote {to}")


def kit(
    to: Annotated[Path, folder("The directory to make.")],
    assignments: Assignments = None,
    course: CourseDirectory = Path(),
) -> None:
    """Write the student edition: notebooks, a wheel of what they import, and a README."""
    from autograder.editions.kit import make_kit

    typer.echo(f"wrote {to}, with {make_kit(Course(course), to, assignments or ()).name}")


def packages(
    to: Annotated[Path, folder("Where to; beside `uv build`'s files.")],
    course: CourseDirectory = Path(),
) -> None:
    """Write the student edition as a package to publish, a wheel and an sdist."""
    from autograder.editions.kit import make_packages

    for path in make_packages(Course(course), to):
        typer.echo(f"wrote {path}")


def site(
    to: Annotated[Path, folder("The directory to make, for any web server.")],
    course: CourseDirectory = Path(),
    pyodide: Annotated[
        str, typer.Option(metavar="URL", help="Where browsers load Python from; Pyodide's own network else.")
    ] = "",
    repository: Annotated[
        str, typer.Option(metavar="OWNER/NAME", help="On GitHub: where links out of the documents lead.")
    ] = "",
    samples: Annotated[bool, typer.Option(help="Grade the demo's class for the sample pages.")] = True,
) -> None:
    """Build the course as a static site, whose notebooks open and run in the browser."""
    from autograder.site import SiteOptions, build_site
    from autograder.site.build import PYODIDE

    build_site(Course(course), to, SiteOptions(pyodide or PYODIDE, repository, samples), typer.echo)
    server = f"python -m http.server --directory {shlex.quote(str(to))}"
    typer.echo(f"wrote {to}: open it through a web server, such as {server}")


def gradescope(
    assignment: Annotated[str, options.assignment("The assignment to grade on Gradescope.")],
    to: Annotated[Path, file("The archive to write.", "ZIP")],
    course: CourseDirectory = Path(),
    visibility: Annotated[
        str, typer.Option(help="When students see results: visible, after_due_date, after_published, hidden.")
    ] = "visible",
    unsafe_no_sandbox: Annotated[
        bool, typer.Option("--unsafe-no-sandbox", help="Run student code unprotected there; marks results.")
    ] = False,
) -> None:
    """Write an autograder archive for Gradescope; it holds the hidden tests and is for instructors only."""
    from autograder.gradescope.archive import write_archive

    Course(course).refuse_to_replace(to)
    write_archive(Course(course), assignment, to, visibility, unsafe=unsafe_no_sandbox)
    typer.echo(f"wrote {to}: upload it under Configure Autograder, and give it to no student")


COMMANDS = (solutions, export, kit, packages, site, gradescope)
