"""A file in percent format, read into cells and the lines of their headers; nothing of it is lost unsaid."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import jupytext
from nbformat.notebooknode import NotebookNode

from autograder.errors import CourseError

FORMAT = "py:percent"
HEADER = re.compile(r"# %%(\s|$)")
#: What begins a cell for jupytext, which takes some other ways of writing it too.
BEGINS_CELL = re.compile(r"\s*#\s*(%%+\s|(%%|<codecell>|In\[[0-9 ]*\]:?)\s*$)")
ENDS_LINE = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]")  # for jupytext, and for no editor
#: A header for whoever wrote it, but not for jupytext: `# %%answer="01_sum"`, `# % [markdown]`.
RUN_TOGETHER = re.compile(r"\s*#\s*%%+(\[|\w+\s*=)|\s*(#\s*%|%%)\s+(\[markdown\]|\w+\s*=\s*[\"'])")
KEY = re.compile(r"([\w-]+)\s*=")
IN_QUOTES = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'""")
BEGINS = "a header begins with `# %%` and a space, not with"
QUOTED = "cell_marker"  # what jupytext remembers of a text that stands in quotes instead of behind `# `


def read_cells(path: Path) -> list[tuple[int, NotebookNode]]:
    """The cells of a file, each with the line of its header; CourseError, with file and line, for a slip."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors begin with a mark
    except UnicodeDecodeError as error:
        number = error.object.count(b"\n", 0, error.start) + 1
        raise CourseError(
            f"{path}:{number}: not UTF-8 text ({error.reason} at byte {error.start}); save it as that"
        ) from None
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if ends := ENDS_LINE.search(line):
            raise CourseError(
                f"{path}:{number}: {ends[0]!a} breaks this line in two; leave it out, or escape it"
            )
        if "\0" in line:  # which no database of PostgreSQL's takes in a text
            raise CourseError(f"{path}:{number}: this line has a NUL character in it; leave it out")
        if RUN_TOGETHER.match(line):
            raise CourseError(f"{path}:{number}: {BEGINS} {_begin(line)}")
    try:
        cells = jupytext.reads(text.lstrip(), fmt=FORMAT).cells
    except Exception as error:  # jupytext's, or YAML's, for what stands between `# ---` at the top
        raise CourseError(f"{path}:1: {' '.join(str(error).split())}") from None
    places = _places(path, lines, cells)
    for cell, place, after in zip(cells, places, [*places, len(lines) + 1][1:], strict=True):
        if not HEADER.match(header := lines[place - 1]):
            raise CourseError(f"{path}:{place}: {BEGINS} {_begin(header)}")
        _refuse_slips(path, place, header, cell)
        if cell.metadata.pop(QUOTED, None) is None and cell.cell_type != "code":
            _refuse_code(path, place + 1, lines[place : after - 1])
    return list(zip(places, cells, strict=True))


def _refuse_slips(path: Path, line: int, header: str, cell: NotebookNode) -> None:
    """Refuse a key that stands twice in a header, of which one counts, and a word that is no key."""
    keys = Counter(KEY.findall(IN_QUOTES.sub("", header)))
    if "title" in cell.metadata and "title" not in keys:  # where jupytext puts what it does not know
        word = cell.metadata.title or "title"
        raise CourseError(f"{path}:{line}: {word!r} in a header is neither [markdown] nor a key and value")
    if twice := next((key for key, times in keys.items() if times > 1 and key in cell.metadata), None):
        raise CourseError(f"{path}:{line}: {twice}= stands twice in this header")


def _places(path: Path, lines: list[str], cells: list[NotebookNode]) -> list[int]:
    """The line of each cell's header: what stands in a string or a fenced block begins no cell."""
    like = [number for number, line in enumerate(lines, 1) if BEGINS_CELL.match(line)]
    places, place = [], 0
    for cell in cells:
        places += like[place : place + 1]
        mark = "" if cell.cell_type == "code" or QUOTED in cell.metadata else "# "
        place += 1 + sum(bool(BEGINS_CELL.match(mark + line)) for line in cell.source.split("\n"))
    if place != len(like):
        first = next(number for number, line in enumerate(lines, 1) if line.strip())
        raise CourseError(f"{path}:{first}: text before the first `# %%` header belongs to no cell")
    return places


def _refuse_code(path: Path, first: int, lines: list[str]) -> None:
    """Refuse what is text for jupytext, but was hardly meant so."""
    for number, line in enumerate(lines, first):
        if line.strip() and not line.startswith("#"):
            raise CourseError(
                f"{path}:{number}: {line.strip()[:40]!r} in a text cell does not begin with `# `; "
                "code needs a header `# %%` without [markdown]"
            )


def _begin(line: str) -> str:
    """The beginning of a line that is nearly a header, as it is written."""
    return f"`{line.rstrip()[:20]}`"
