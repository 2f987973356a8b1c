"""The working directory of graded cells: the release's files, and copies of what student code wrote.

What student code wrote is data here: it cannot be imported, and no pickle in it makes an object of another
kind than plain data and arrays. SQL of theirs stays in the database that the cell opened.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from nbformat import NotebookNode

from autograder.roles import facts_of, role_of

MOST_FILES = 64
MAX_NAME = 200
_ASKS_A_DATABASE = re.compile(r"sqlite|create_engine|read_sql")
_ASKS_FOR_FILES = re.compile(
    r"\b(open|Path|pathlib|exists|is_?file|is_?dir|listdir|iterdir|scandir|r?glob|l?stat|getsize|samefile"
    r"|unlink|os\.walk|read_\w+|load\w*|genfromtxt|fromfile|imread|sqlite3|create_engine|pickle|shelve|joblib"
    r"|to_(?:csv|json|excel|html|pickle|parquet|xml)|save\w*|ZipFile|shutil|mkdir|makedirs|memmap|FileHandler)\b"
)


@dataclass(frozen=True)
class Workplace:
    """A directory that is removed after one notebook; ``files`` are the release's, by name."""

    path: Path
    files: Mapping[str, Path]
    modules: str  # the directory that helper modules are imported from, or ""
    extra: Mapping[str, bytes]  # the student's own, by name, where the course allows them
    sql: bool = False  # whether a graded cell looks as if it asked a database
    of_students: bool = True  # whether student code works at this path, too, where it can

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Work there in the block, where SQL opens no file."""
        before = os.getcwd(), list(sys.path), sys.dont_write_bytecode
        os.chdir(self.path)
        sys.dont_write_bytecode = True
        # Relative places would now be below what student code wrote.
        sys.path[:] = [place for place in sys.path if os.path.isabs(place)]
        if self.modules:
            sys.path.insert(0, self.modules)
        try:
            with _sql_in_one_database() if self.sql else contextlib.nullcontext():
                yield
        finally:
            os.chdir(before[0])
            sys.path[:], sys.dont_write_bytecode = before[1:]

    def mirror(self, written: Mapping[str, bytes]) -> None:
        """Have copies of what student code wrote, beside the release's own files, which stay as they are."""
        for name, data in list(written.items())[:MOST_FILES]:
            path = self.path / name
            if _is_plain(name) and os.path.normpath(name) not in self.files and not path.is_symlink():
                with contextlib.suppress(OSError):  # a name too long for this disk, or a full one
                    (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
                    if not name.endswith("/"):
                        path.write_bytes(data)


def _is_plain(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return 0 < len(name) <= MAX_NAME and name.isprintable() and not {"..", "/"} & set(parts)


@contextlib.contextmanager
def _sql_in_one_database() -> Iterator[None]:
    """In the block, SQL, which may be a student's, opens no other file than its cell did."""
    import sqlite3

    before: Any = sqlite3.connect

    def connect(*args: Any, **named: Any) -> Any:
        made = before(*args, **named)
        made.set_authorizer(lambda action, *said: int(action == sqlite3.SQLITE_ATTACH) * sqlite3.SQLITE_DENY)
        return made

    sqlite3.connect = sqlite3.dbapi2.connect = connect
    try:
        yield
    finally:
        sqlite3.connect = sqlite3.dbapi2.connect = before


def asks_for_files(source: str) -> bool:
    """Whether a graded cell looks as if it read files."""
    return bool(_ASKS_FOR_FILES.search(source))


@contextlib.contextmanager
def workplace(
    notebook: NotebookNode, files: Mapping[str, Path], modules: str, extra: Mapping[str, bytes]
) -> Iterator[Workplace | None]:
    """A directory for the graded cells of a notebook; None where nobody would find anything in it."""
    graded = [cell for cell in notebook.cells if role_of(cell).get("grade")]
    if not files and not extra and not any(asks_for_files(cell.source) for cell in graded):
        yield None
        return
    sql = any(_ASKS_A_DATABASE.search(cell.source) for cell in notebook.cells)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        for name, path in files.items():
            place = Path(made, name)
            place.parent.mkdir(parents=True, exist_ok=True)
            if sql:  # which a student may have written
                shutil.copyfile(path, place)
            else:
                place.symlink_to(path)
        yield Workplace(
            Path(made),
            files,
            modules,
            {name: extra[name] for name in extra if name not in files},
            sql,
            # What the check finds out by the solution holds behind Landlock, too.
            not any(facts_of(cell).get("watched") for cell in graded),
        )
