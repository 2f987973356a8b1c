"""Sparse matrices arrive as they were; indices that would be read beyond the memory are refused."""

import numpy as np
import pytest
from scipy import sparse

from autograder.student_side.frames import WireError
from autograder.student_side.sparse import made_of, overwrite, parts_of
from autograder.student_side.tables import Numbers
from tests.autograder.student_side.crossing import across

DENSE = np.array([[1.5, 0.0, 0.0], [0.0, 0.0, 2.5]])
COMPRESSED = ("csr_matrix", "csr_array", "csc_matrix", "csc_array")
KINDS = (*COMPRESSED, "coo_matrix", "coo_array")


def numbers(*values, dtype=None):
    return Numbers(np.array(values, dtype))


@pytest.mark.parametrize("name", KINDS)
def test_a_matrix_arrives_as_it_was(name):
    matrix = getattr(sparse, name)(DENSE)
    got = across(matrix)
    assert type(got) is type(matrix)
    assert got.shape == (2, 3)
    assert got.dtype == matrix.dtype
    assert np.array_equal(got.toarray(), DENSE)
    names = "data indices indptr" if name in COMPRESSED else "data row col"
    for part in names.split():
        assert np.array_equal(getattr(got, part), getattr(matrix, part))
        assert getattr(got, part).dtype == getattr(matrix, part).dtype


@pytest.mark.parametrize("name", KINDS)
def test_a_matrix_is_its_kind_its_shape_and_three_rows_of_numbers(name):
    matrix = getattr(sparse, name)(DENSE)
    kind, shape, *arrays = parts_of(matrix)
    assert (kind, shape) == (f"scipy.{name}", (2, 3))
    assert {type(size) for size in shape} == {int}
    names = ("data", "indices", "indptr") if name in COMPRESSED else ("data", "row", "col")
    for part, each in zip(arrays, names, strict=True):
        assert part.array.tolist() == getattr(matrix, each).tolist()
    made = made_of((kind, shape, *arrays))
    assert np.shares_memory(made.data, arrays[0].array)


def test_what_is_another_kind_or_holds_other_things_stays():
    own = type("Own", (sparse.csr_matrix,), {})
    named = type("csr_matrix", (sparse.csr_matrix,), {})
    for value in (
        *(
            own(DENSE),
            named(DENSE),
            sparse.dok_matrix(DENSE),
            sparse.lil_array(DENSE),
            sparse.dia_array(DENSE),
        ),
        *(sparse.coo_array(np.array([1.0, 2.0])), sparse.coo_array(np.zeros((1, 1, 1)))),
    ):
        assert parts_of(value) is None
    odd = sparse.csr_array((1, 1))
    odd.data = np.array([], "M8[s]")
    assert parts_of(odd) is None


DATA, FIRST, SECOND = numbers(1.5, 2.5), numbers(0, 1), numbers(0, 2)
REFUSED = {
    "two sizes and three rows of numbers": [
        *(((2, 3), DATA, FIRST), ((2, 3), DATA, FIRST, SECOND, SECOND), ([2, 3], DATA, FIRST, SECOND)),
        *(((2,), DATA, FIRST, SECOND), ((2, 3, 1), DATA, FIRST, SECOND), ((2, 3.0), DATA, FIRST, SECOND)),
        *(((True, 3), DATA, FIRST, SECOND), ((2, 3), np.ones(2), FIRST, SECOND)),
        *(((2, 3), numbers([1.5, 2.5]), FIRST, SECOND), ((2, 3), DATA, FIRST, numbers([0, 2]))),
    ],
    "should be integers": [
        *(((2, 3), DATA, numbers(0.0, 1.0), SECOND), ((2, 3), DATA, FIRST, numbers(0.0, 2.0))),
        *(((2, 3), DATA, numbers(0, 1, dtype="u4"), SECOND), ((2, 3), DATA, numbers(True, False), SECOND)),
    ],
}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("said", REFUSED)
def test_parts_that_are_no_sizes_and_rows_of_numbers_are_refused(name, said):
    for parts in REFUSED[said]:
        with pytest.raises(WireError, match=said):
            made_of((f"scipy.{name}", *parts))


def test_coordinates_are_one_for_each_number_and_not_negative():
    for first, second in (
        *((numbers(0), SECOND), (FIRST, numbers(0)), (numbers(0, 1, 1), SECOND), (FIRST, numbers(0, 1, 1))),
        *((numbers(0, -1), SECOND), (FIRST, numbers(-1, 0))),
    ):
        with pytest.raises(WireError, match="an index for each number"):
            made_of(("scipy.coo_array", (2, 3), DATA, first, second))
    none = numbers(dtype=np.int32)
    assert made_of(("scipy.coo_array", (2, 3), numbers(), none, none)).nnz == 0
    for second in (numbers(0, 3), numbers(3, 0)):
        with pytest.raises(ValueError, match="exceeds"):
            made_of(("scipy.coo_array", (2, 3), DATA, FIRST, second))


@pytest.mark.parametrize("name", COMPRESSED)
def test_compressed_indices_are_held_against_the_shape(name):
    good = {"r": (numbers(0, 2), numbers(0, 1, 2)), "c": (numbers(0, 1), numbers(0, 1, 1, 2))}[name[2]]
    assert np.array_equal(made_of((f"scipy.{name}", (2, 3), DATA, *good)).toarray(), DENSE)
    for indices in (numbers(0, 3), numbers(0, -1), numbers(0)):
        with pytest.raises(ValueError, match=r"ind|less|size"):
            made_of((f"scipy.{name}", (2, 3), DATA, indices, good[1]))
    with pytest.raises(ValueError, match="ind"):
        made_of((f"scipy.{name}", (2, 3), DATA, good[0], numbers(*good[1].array[:-1], 9)))


def test_another_kind_is_refused():
    for kind in ("scipy.dok_matrix", "scipy.linalg", "scipy.", "scipy.block_array"):
        with pytest.raises(WireError, match="of a kind that crosses"):
            made_of((kind, (2, 3), DATA, FIRST, SECOND))


@pytest.mark.parametrize("name", KINDS)
def test_an_overwritten_matrix_holds_what_the_other_holds(name):
    matrix = getattr(sparse, name)(DENSE)
    changed = getattr(sparse, name)(np.array([[0.0, 7.0, 8.0], [9.0, 0.0, 0.0]]))
    overwrite(matrix, changed)
    assert np.array_equal(matrix.toarray(), changed.toarray())
    with pytest.raises(WireError, match="should keep its shape"):
        overwrite(matrix, getattr(sparse, name)(DENSE.T))
