import hashlib
import pickle
from pathlib import Path

import numpy as np
import pytest

from course_lib.data import cifar, cifar10


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Batches of 300 noise images each, published under checksums of their own."""
    rng = np.random.default_rng(0)
    for name in cifar.CHECKSUMS:
        images = rng.integers(0, 256, size=(300, 3072), dtype=np.uint8)
        labels = rng.integers(0, 10, size=300).tolist()
        content = pickle.dumps({b"data": images, b"labels": labels})
        (tmp_path / name).write_bytes(content)
        monkeypatch.setitem(cifar.CHECKSUMS, name, hashlib.md5(content).hexdigest())
    return tmp_path


def test_the_parts_have_their_shapes_types_and_range(folder: Path) -> None:
    data = cifar10(folder)
    assert [part.shape for part in data] == [(500, 3072), (500,), (1000, 3072), (1000,), (300, 3072), (300,)]
    assert (data.X_train.dtype, data.y_train.dtype) == (np.float64, np.int64)
    assert 0 <= data.X_train.min() < data.X_train.max() <= 1


def test_a_missing_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"data_batch_1: download cifar-10-python\.tar\.gz"):
        cifar10(str(tmp_path))


def test_a_file_with_another_checksum_is_never_opened(folder: Path) -> None:
    (folder / "data_batch_3").write_bytes(b"not a pickle")
    with pytest.raises(ValueError, match="data_batch_3 is not the published CIFAR-10 file"):
        cifar10(folder)
