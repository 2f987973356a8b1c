"""What a command that was killed left of pages: nbgrader would pass by every folder that is there."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from nbgrader.utils import rmtree


def remove_half_made(converter: Any) -> None:
    """Remove the folder of whoever lacks a page, or a page's end.

    ``converter`` is nbgrader's GenerateFeedback, which is about to make the pages.
    """
    students = re.compile(converter._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True))
    for source, notebooks in converter.assignments.items():
        if (found := students.match(source)) is None:
            continue
        folder = Path(converter._format_dest(found["assignment"], found["student"]))
        if folder.is_dir() and not all(_is_whole(folder / f"{Path(name).stem}.html") for name in notebooks):
            with suppress(OSError):  # then nbgrader says that it is there
                rmtree(str(folder))


def _is_whole(page: Path) -> bool:
    try:
        return page.read_bytes().rstrip().endswith(b"</html>")
    except OSError:
        return False
