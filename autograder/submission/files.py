"""Reading files that a student named and wrote: regular files of bounded size, and no link is followed."""

from __future__ import annotations

import itertools
import os
import stat
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 220_000_000  # outputs come with a notebook, and cost next to nothing while it is read
MAX_ENTRIES = 2_000
MAX_DEPTH = 4
SKIPPED_FOLDERS = (".ipynb_checkpoints", "__MACOSX", "__pycache__")

_KINDS = {
    stat.S_IFREG: "a file",
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFDIR: "a folder",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


class BadFileError(Exception):
    """A file that will not be read; its text completes the sentence "<file> ..."."""


@dataclass(frozen=True)
class Entry:
    """Something in a submission: its path relative to the submission, and whether it is a regular file."""

    path: Path
    regular: bool


def read_regular_file(path: Path, limit: int = MAX_BYTES, *, within: Path | None = None) -> bytes:
    """The bytes of a regular file of at most ``limit`` bytes; BadFileError for anything else.

    Never follows a link in the last step, and never waits for the other end of a pipe. ``within`` is a folder
    above it from which on no link is followed: who owns it may put one in the place of a folder at any time.
    """
    try:
        descriptor = _opened(path, within)
    except (OSError, ValueError) as error:
        raise BadFileError(_why_not_opened(path, error)) from error
    try:
        data = _read(descriptor, limit)
    finally:
        os.close(descriptor)
    if len(data) > limit:
        raise BadFileError(f"grew beyond the {limit / 1e6:.0f} MB allowed while it was read")
    return data


def list_files(folder: Path) -> list[Entry]:
    """What a submission holds, folders within folders included, in order of depth, then name.

    Links are listed, not followed. Raises BadFileError when ``folder`` is not a folder, or holds too much.
    """
    try:
        mode = os.lstat(folder).st_mode
    except (OSError, ValueError) as error:
        raise BadFileError(_why_not_opened(folder, error)) from error
    if not stat.S_ISDIR(mode):
        raise BadFileError(f"is {_kind(mode)}, not a folder")
    entries: list[Entry] = []
    folders, seen = [Path()], 0
    for below in folders:  # which grows meanwhile
        try:
            found = _within(folder / below)
        except OSError as error:
            if not below.parts:
                raise BadFileError(_why_not_opened(folder, error)) from error
            entries.append(Entry(below, regular=False))  # to be named where the files are
            continue
        seen += len(found)
        if seen > MAX_ENTRIES:
            raise BadFileError(f"holds more than {MAX_ENTRIES} files and folders")
        for name, is_folder, regular in found:
            if not is_folder:
                entries.append(Entry(below / name, regular))
            elif len(below.parts) < MAX_DEPTH and name not in SKIPPED_FOLDERS:
                folders.append(below / name)
    return sorted(entries, key=lambda entry: (len(entry.path.parts), entry.path))


def log_name(name: object, most: int = 100) -> str:
    """A name fit for a log line: bounded, on one line, without characters that could drive a terminal."""
    text = "".join(c if c.isprintable() else "�" for c in str(name)[: most + 1])
    return text if len(text) <= most else text[:most] + "…"


def _opened(path: Path, within: Path | None) -> int:
    way = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    if within is None:
        return os.open(path, way)
    *folders, name = path.relative_to(within).parts
    descriptor = os.open(within, way | os.O_DIRECTORY)
    try:
        for folder in folders:
            inner = os.open(folder, way | os.O_DIRECTORY, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        return os.open(name, way, dir_fd=descriptor)
    finally:
        os.close(descriptor)


def _read(descriptor: int, limit: int) -> bytes:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise BadFileError(f"is {_kind(status.st_mode)}, not a regular file")
    if status.st_size > limit:
        raise BadFileError(f"has {status.st_size / 1e6:.0f} MB, more than the {limit / 1e6:.0f} MB allowed")
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        return file.read(min(limit, status.st_size) + 1)  # room is made for all of it at once


def _within(folder: Path) -> list[tuple[str, bool, bool]]:
    """What a folder holds: by name, whether it is a folder, and whether it is a regular file."""
    with os.scandir(folder) as found:
        return [
            (entry.name, entry.is_dir(follow_symlinks=False), entry.is_file(follow_symlinks=False))
            for entry in itertools.islice(found, MAX_ENTRIES + 1)
        ]


def _kind(mode: int) -> str:
    return _KINDS.get(stat.S_IFMT(mode), "something else")


def _why_not_opened(path: Path, error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "does not exist"
    try:
        mode = os.lstat(path).st_mode
    except (OSError, ValueError):
        mode = stat.S_IFREG
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        return f"is {_kind(mode)}, not a regular file"
    return f"cannot be opened: {getattr(error, 'strerror', None) or error}"
