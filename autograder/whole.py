"""A file that is written whole, or stays as it was; a folder that is filled, or stays empty."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write a file in the block; at the block's end that takes the file's place, and its mode.

    Where something fails, as on a full disk, what stood there still does. OSErrors of writing name the file.
    A device or a pipe, of which there is no other copy, is written to as it is. Of two processes that write
    at once each writes a file of its own, and the last to end wins.
    """
    place = path.resolve()  # of a link, what it leads to
    own = place.with_name(f".{place.name}.{os.getpid()}.new")
    new = own if place.is_file() or not place.exists() else place
    try:
        yield new
        if new != place:
            if place.exists():
                shutil.copymode(place, new)
            os.replace(new, place)
    except OSError as error:
        _raise_of(path, new, error)
        raise
    finally:
        if new != place:
            with contextlib.suppress(OSError):
                new.unlink(missing_ok=True)


@contextlib.contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Fill a new or empty folder in the block; where that fails, or is interrupted, it is empty again."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException as error:
        clear(folder)
        if isinstance(error, OSError):
            _raise_of(folder, folder, error)
        raise


def _raise_of(place: Path, written: Path, error: OSError) -> None:
    """Raise the error as one of ``place``, unless it is of what was read for what is written there."""
    names = [Path(str(name)) for name in (error.filename, error.filename2) if name is not None]
    if not names or any(name.is_relative_to(written) for name in names):
        raise OSError(error.errno, error.strerror or str(error), str(place)) from error


def clear(folder: Path) -> None:
    """Remove what is in a folder, and not the folder, in which somebody may stand."""
    for path in folder.iterdir():
        remove(path)


def remove(path: Path) -> None:
    """Remove what is at a path, a folder, a file or a link; nothing may be there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def write_whole(path: Path, data: str | bytes) -> None:
    """Write a file, whole or not at all; raises an OSError that names it."""
    with whole(path) as new:
        new.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
