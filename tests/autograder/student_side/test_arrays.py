"""Arrays keep their dtype, layout and bits; what has other dtypes, or letters that are none, is refused."""

import math
import re

import numpy as np
import pytest

from autograder.student_side.arrays import (
    crosses,
    described,
    dtype_of,
    name_of,
    numbers,
    raw_of,
    read_array,
    read_scalar,
)
from autograder.student_side.frames import WireError
from tests.autograder.student_side.crossing import across, received, sent

LETTERS = {
    "e": "float16",
    "f": "float32",
    "d": "float64",
    "g": "longdouble",
    "F": "complex64",
    "D": "complex128",
    "G": "clongdouble",
    "?": "bool",
    "b": "int8",
    "h": "int16",
    "i": "int32",
    "l": "int64",
    "q": "longlong",
    "B": "uint8",
    "H": "uint16",
    "I": "uint32",
    "L": "uint64",
    "Q": "ulonglong",
}
SIZED = ("U1", "U9999999", "S4", "M8[D]", "M8[ns]", "m8[s]", "m8[25us]", "M8", "m8", "M8[Y]", "m8[as]")
NONE = ("U0", "S0", "V4", "O", "U10000000", "float96", "M8[x]", "object", "i4,i4", "", "f8", "M8[D] ")


@pytest.mark.parametrize(("letter", "name"), LETTERS.items())
def test_dtypes_of_numbers_cross_by_name_in_either_byte_order(letter, name):
    for dtype in (np.dtype(letter), np.dtype(letter).newbyteorder()):
        assert name_of(dtype) == name
        assert dtype_of(name) == np.dtype(letter)
        assert dtype_of(name).isnative
        assert crosses(np.zeros(2, dtype))
        value = np.ones(2, dtype)
        got = across(value)
        assert got.dtype == np.dtype(letter)
        assert np.array_equal(got, value)
        assert across(value[0].astype(dtype.newbyteorder("="))).dtype.char == letter


@pytest.mark.parametrize("name", SIZED)
def test_texts_bytes_and_times_cross_by_name(name):
    for dtype in (np.dtype(name), np.dtype(name).newbyteorder()):
        assert name_of(dtype) == name
    assert dtype_of(name) == np.dtype(name)


@pytest.mark.parametrize("name", NONE)
def test_other_dtypes_do_not_cross(name):
    assert dtype_of(name) is None


@pytest.mark.parametrize("dtype", ["O", "V4", "U0", "S0", [("a", float)], "U10000000"])
def test_an_array_of_another_dtype_does_not_cross(dtype):
    assert name_of(np.dtype(dtype)) is None
    assert not crosses(np.ndarray((0,), dtype))


def test_only_texts_whose_letters_are_letters_cross():
    for letters in (["a", "\U0010ffff"], ["\ud7ff\ue000"], []):
        assert crosses(np.array(letters, "U2"))
        assert crosses(np.array(letters, ">U2"))
    for letters in (["a", "\ud800"], ["a\udfff"], [["b", "\udabc"]]):
        assert not crosses(np.array(letters))
        assert not crosses(np.array(letters, ">U2"))
    assert crosses(np.array(b"\xd8\x00\xdf"))
    assert not crosses(np.array([["a"], ["\ud800"]])[:, ::-1])
    assert crosses(np.array(["\ud800", "a"])[1::2])


def test_an_array_is_described_by_dtype_and_layout():
    array = np.zeros((2, 3))
    frozen = array.copy()
    frozen.flags.writeable = False
    assert [described(each) for each in (array, array.T, array[:, ::2], np.zeros(2, ">i4"))] == [
        *("float64 C", "float64 F", "float64 S", "int32 C"),
    ]
    assert [described(each) for each in (frozen, frozen.T, frozen[:, ::2])] == [
        *("float64 CR", "float64 FR", "float64 SR"),
    ]
    assert described(np.zeros(2, "U3")) == "U3 C"
    assert described(np.zeros(2, ">U3")) == "U3 C"


def test_numbers_are_raw_in_this_machines_order():
    for dtype in ("<u2", ">u2"):
        assert raw_of(np.array([[1, 2], [3, 4]], dtype).T) == np.array([1, 3, 2, 4], "=u2").tobytes()


def test_a_strided_array_keeps_its_layout():
    array = np.arange(12.0).reshape(3, 4)
    kinds = (
        *(
            array,
            array.T,
            array[::2],
            array[:, ::-1],
            array[1:, 1:],
            array[:, :1],
            array.T[::2, ::2],
            array[0, ::2],
        ),
        *(np.broadcast_to(array[0], (2, 4)), np.broadcast_to(2.0, (3, 3)), np.array(1.0), array[:0]),
    )
    for array in kinds:
        got = across(array)
        assert np.array_equal(got, array)
        assert got.shape == array.shape
        for flag in ("C_CONTIGUOUS", "F_CONTIGUOUS", "WRITEABLE"):
            assert got.flags[flag] == array.flags[flag]


def test_the_bits_of_a_nan_and_of_a_negative_zero_arrive():
    payload = np.array([0x7FF8000000000123], np.uint64).view(np.float64)
    assert across(payload).tobytes() == payload.tobytes()
    assert math.copysign(1, across(-0.0)) == -1
    assert np.signbit(across(np.array([-0.0])))[0]


def test_one_array_after_another_is_read():
    first, second = np.array([1.5, 2.5]), np.array([[3], [4]], np.int16)
    decoder = received("float64 C", 1, 2, "int16 S", 2, 2, 1, raw=first.tobytes() + second.tobytes())
    assert np.array_equal(read_array(decoder), first)
    assert np.array_equal(read_array(decoder), second)


@pytest.mark.parametrize("layout", "CFS")
def test_an_array_without_dimensions_is_one(layout):
    got = read_array(received(f"float64 {layout}", 0, raw=np.float64(2).tobytes()))
    assert type(got) is np.ndarray
    assert got.shape == ()
    assert got == 2.0


def test_an_array_is_copied():
    array = np.zeros(3)
    got = across(array)
    got[0] = 1.0
    assert array[0] == 0.0


@pytest.mark.parametrize("name", [*LETTERS.values(), "U2", "M8[s]"])
@pytest.mark.parametrize("layout", ["C", "F", "S", "CR", "FR", "SR"])
def test_each_layout_of_each_dtype_can_be_read(name, layout):
    size = np.dtype(name).itemsize
    array = read_array(received(f"{name} {layout}", 2, 2, 3, raw=bytes(6 * size)))
    assert array.shape == (2, 3)
    assert array.dtype == np.dtype(name)
    assert described(array) == f"{name} {layout}"


def test_sixteen_dimensions_are_the_most():
    assert across(np.ones((1,) * 16)).shape == (1,) * 16
    for dimensions in (-1, 17):
        with pytest.raises(WireError, match="number of dimensions is none that crosses"):
            read_array(received("float64 C", dimensions, *[1] * 17, raw=bytes(8)))


@pytest.mark.parametrize(
    "described", ["float64", "float64 K", "U2", "U2 K", "U2 RC", "U2 C ", "O C", " C", "U0 C", "U2  C"]
)
def test_what_is_no_dtype_and_layout_is_refused(described):
    with pytest.raises(WireError, match="dtype, layout or number of dimensions is none that crosses"):
        read_array(received(described, 1, 1, raw=bytes(99)))


@pytest.mark.parametrize("sizes", [(-1,), (2**31,), (True,), (1.0,), (1, None), ("1",)])
def test_sizes_are_integers_that_are_not_too_large(sizes):
    with pytest.raises(WireError, match=re.escape("sizes should be integers from 0 to 2**31")):
        read_array(received("uint8 C", len(sizes), *sizes, raw=bytes(99)))


def test_each_dimension_has_a_size():
    with pytest.raises(WireError, match="sizes should be integers"):
        read_array(received("uint8 C", 2, 1, raw=bytes(9)))
    assert read_array(received("uint8 C", 2, 2**31 - 1, 0)).shape == (2**31 - 1, 0)


def test_numbers_that_did_not_come_are_not_made_up():
    with pytest.raises(WireError, match="24 bytes of an array were announced that did not come"):
        read_array(received("float64 C", 1, 3, raw=bytes(23)))
    with pytest.raises(WireError, match="does not fit in memory"):
        read_array(received("uint8 C", 4, *[2**31 - 1] * 3, 0))


@pytest.mark.parametrize(
    "value",
    [np.float32(1.5), np.longlong(-3), np.bool_(True), np.str_("ab"), np.bytes_(b"a"), np.datetime64("2026")],
)
def test_a_scalar_is_its_dtype_and_its_bytes(value):
    (tag, name, data), _ = sent(value)
    assert tag == b"s"
    got = read_scalar(name, data)
    assert type(got) is type(value)
    assert got == value
    assert got.dtype == value.dtype
    for wrong in (data[:-1], data + b"\x00", data * 2, b""):
        with pytest.raises(WireError, match="should be a dtype and its bytes"):
            read_scalar(name, wrong)


def test_a_scalar_of_no_dtype_that_crosses_is_refused():
    for name in NONE:
        with pytest.raises(WireError, match="should be a dtype and its bytes"):
            read_scalar(name, bytes(4))


def test_booleans_are_zero_or_one():
    booleans = np.dtype(bool)
    assert numbers(booleans, b"\x00\x01", 2).tolist() == [False, True]
    with pytest.raises(WireError, match="neither 0 nor 1"):
        numbers(booleans, b"\x00\x02", 2)
    assert numbers(np.dtype("uint8"), b"\x00\x02", 2).tolist() == [0, 2]


def test_texts_that_come_have_letters_that_are_letters():
    letters = np.dtype("U1")
    for point in (0, 0xD7FF, 0xE000, 0x10FFFF):
        assert numbers(letters, np.uint32([point]).tobytes(), 1).shape == (1,)
    for point in (0xD800, 0xDFFF, 0x110000, 2**32 - 1):
        with pytest.raises(WireError, match="letters that are none"):
            numbers(letters, np.uint32([65, point]).tobytes(), 2)


def test_numbers_begin_where_it_is_said():
    assert numbers(np.dtype("uint8"), b"abc", 2, 1).tolist() == [98, 99]
    assert numbers(np.dtype("uint8"), b"abc", 2).tolist() == [97, 98]
    assert numbers(np.dtype("float32"), b"", 0, 5).tolist() == []
    assert numbers(np.dtype("float32"), b"", 0, 5).dtype == np.float32
