import numpy as np

from course_lib.data.split import Split, as_examples


def test_examples_are_floats_and_labels_whole_numbers_whatever_they_were() -> None:
    X, y = as_examples([[0, 1], [2, 3]], np.array([1, 0], dtype=np.uint8))
    assert (X.dtype, y.dtype) == (np.float64, np.int64)
    np.testing.assert_array_equal(X, [[0.0, 1.0], [2.0, 3.0]])
    np.testing.assert_array_equal(y, [1, 0])


def test_what_has_the_types_already_is_not_copied() -> None:
    X, y = np.ones((2, 3)), np.array([1, 0])
    same_X, same_y = as_examples(X, y)
    assert same_X is X
    assert same_y is y


def test_the_parts_come_in_pairs_in_the_order_of_their_use() -> None:
    parts = [np.full(1, k) for k in range(6)]
    data = Split(*parts)
    X_train, y_train, X_val, y_val, X_test, y_test = data
    assert (data.X_train, data.y_train, data.X_val) == (X_train, y_train, X_val)
    assert (data.y_val, data.X_test, data.y_test) == (y_val, X_test, y_test)
    assert [part is given for part, given in zip(data, parts, strict=True)] == [True] * 6
