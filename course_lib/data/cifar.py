"""CIFAR-10 (A. Krizhevsky, 2009), read from local files; the course neither contains nor fetches it."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path
from typing import Any

import numpy as np

from course_lib.data.split import Labels, Points, Split, as_examples

#: MD5 sums of the files of cifar-10-python.tar.gz, as its publisher and torchvision give them.
CHECKSUMS = {
    "data_batch_1": "c99cafc152244af753f735de768cd75f",
    "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
    "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
    "data_batch_4": "634d18415352ddfa80567beed471001a",
    "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    "test_batch": "40351d587109b95175f43aff81a1287e",
}
N_VAL = 1000


def cifar10(path: str | Path) -> Split:
    """Return CIFAR-10 from the folder ``path``, the unpacked cifar-10-batches-py.

    A row of ``X`` is an image of 3 x 32 x 32 values from 0 to 1 (red, green and blue plane); ``y`` is a class
    from 0 to 9. The last 1000 training images are for validation, leaving 49 000 to train on and 10 000 to
    test. Raises FileNotFoundError if a file is absent, ValueError if its checksum is not the published one.
    """
    batches = [_read(Path(path), name) for name in CHECKSUMS]
    X = np.concatenate([images for images, _ in batches[:-1]])
    y = np.concatenate([labels for _, labels in batches[:-1]])
    X_test, y_test = batches[-1]
    return Split(X[:-N_VAL], y[:-N_VAL], X[-N_VAL:], y[-N_VAL:], X_test, y_test)


def _read(folder: Path, name: str) -> tuple[Points, Labels]:
    file = folder / name
    if not file.is_file():
        raise FileNotFoundError(
            f"CIFAR-10 needs the file {file}: download cifar-10-python.tar.gz from "
            "https://www.cs.toronto.edu/~kriz/cifar.html, unpack it, and pass the folder cifar-10-batches-py"
        )
    content = file.read_bytes()
    checksum = hashlib.md5(content, usedforsecurity=False).hexdigest()
    # Before unpickling: a pickle can run any code, so only the published bytes are opened.
    if checksum != CHECKSUMS[name]:
        raise ValueError(
            f"{file} is not the published CIFAR-10 file: its MD5 sum is {checksum}, not {CHECKSUMS[name]}"
        )
    batch: dict[bytes, Any] = pickle.loads(content, encoding="bytes")
    return as_examples(batch[b"data"] / 255, batch[b"labels"])
