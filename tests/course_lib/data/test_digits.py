from importlib.resources import files

import numpy as np
import pytest

from course_lib.data import digits


def test_the_three_parts_have_their_shapes_and_types() -> None:
    data = digits()
    assert [part.shape for part in data] == [(1200, 64), (1200,), (297, 64), (297,), (300, 64), (300,)]
    assert {part.dtype for part in data[::2]} == {np.dtype(np.float64)}
    assert {part.dtype for part in data[1::2]} == {np.dtype(np.int64)}


def test_pixels_lie_between_paper_and_ink_and_every_digit_occurs_in_every_part() -> None:
    data = digits()
    assert (min(X.min() for X in data[::2]), max(X.max() for X in data[::2])) == (0.0, 1.0)
    for y in data[1::2]:
        assert set(y) == set(range(10))


def test_the_parts_are_the_whole_collection_whatever_the_seed() -> None:
    def rows(seed: int) -> np.ndarray:
        data = digits(seed)
        whole = np.column_stack([np.concatenate(data[::2]), np.concatenate(data[1::2])])
        return whole[np.lexsort(whole.T)]

    assert len(rows(0)) == 1797
    np.testing.assert_array_equal(rows(0), rows(1))


def test_a_seed_fixes_the_order() -> None:
    np.testing.assert_array_equal(digits(3).y_test, digits(3).y_test)
    assert not np.array_equal(digits(3).y_test, digits(4).y_test)


def test_the_archive_is_small_and_names_its_authors() -> None:
    folder = files("course_lib.data")
    assert len((folder / "digits.npz").read_bytes()) < 300_000
    attribution = (folder / "DIGITS.md").read_text(encoding="utf-8")
    assert "Alpaydin" in attribution
    assert "CC BY 4.0" in attribution


def test_the_digits_are_those_that_scikit_learn_carries() -> None:
    datasets = pytest.importorskip("sklearn.datasets")
    original = datasets.load_digits()
    with np.load(files("course_lib.data") / "digits.npz") as archive:  # type: ignore[arg-type]
        np.testing.assert_array_equal(archive["images"], original.data)
        np.testing.assert_array_equal(archive["labels"], original.target)
