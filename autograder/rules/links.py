"""What a text shows or links to lies beside the notebook that students get."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from autograder.sources.source import Source

LINK = re.compile(r"""\]\(<?([^\s()<>]+)>?(?:\s+"[^"]*")?\)|<img\s[^>]*?src=["']([^"']+)""")
# Code, formulas, comments.
ASIDE = re.compile(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|<!--.*?-->", re.DOTALL)
# An address, a place in the same text, a notebook of another assignment, which students may have.
ELSEWHERE = re.compile(r"[a-zA-Z][\w+.-]*:|[#/]|\.\./.*\.ipynb")


def missing_links(source: Source, folder: Path) -> Iterator[tuple[int, str]]:
    """The line of a text cell and a file that it names; not in ``folder``, where the release lies."""
    for item in source.cells:
        text = ASIDE.sub("", item.cell.source) if item.cell.cell_type == "markdown" else ""
        for shown, drawn in LINK.findall(text):
            name = unquote((shown or drawn).partition("#")[0])
            if not ELSEWHERE.match(shown or drawn) and not (folder / name).exists():
                yield item.line, name
