"""Options that several commands have, and how a path is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer


def folder(help: str) -> Any:
    """An option whose value is a directory; of a file, typer says in a sentence that it is none."""
    return typer.Option(metavar="DIR", file_okay=False, help=help)


def file(help: str, metavar: str = "FILE") -> Any:
    """An option whose value is a file; of a directory, typer says in a sentence that it is none."""
    return typer.Option(metavar=metavar, dir_okay=False, help=help)


def named(value: Any) -> Any:
    """Return names of assignments without the slash that a shell's completion puts behind a folder's."""
    if isinstance(value, list):
        return [named(each) for each in value]
    return value.rstrip("/") or value if isinstance(value, str) else value


def assignment(help: str) -> Any:
    """An argument that names an assignment."""
    return typer.Argument(help=help, callback=named)


CourseDirectory = Annotated[Path, typer.Option("--course", metavar="DIR", help="The course's root.")]
Assignments = Annotated[list[str] | None, assignment("Which ones; all by default.")]
