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


CourseDirectory = Annotated[Path, typer.Option("--course", metavar="DIR", help="The course's root.")]
Assignments = Annotated[list[str] | None, typer.Argument(help="Which ones; all by default.")]
