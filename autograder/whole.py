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

    Where something fails, as on a full disk, what stood there still does. OSErrors name the file. A device or
    a pipe, of which there is no other copy, is written to as it is.
    """
    place = path.resolve()  # of a link, what it leads to
    new = place.with_name(f".{place.name}.new") if place.is_file() or not place.exists() else place
    try:
        yield new
        if new != place:
            if place.exists():
                shutil.copymode(place, new)
            os.replace(new, place)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
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
            raise OSError(error.errno, error.strerror or str(error), str(folder)) from error
        raise


def clear(folder: Path) -> None:
    """Remove what is in a folder, and not the folder, in which somebody may stand."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def write_whole(path: Path, data: str | bytes) -> None:
    """Write a file, whole or not at all; raises an OSError that names it."""
    with whole(path) as new:
        new.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
