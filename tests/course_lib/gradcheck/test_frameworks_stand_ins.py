"""Tensors of stand-ins for PyTorch and JAX, which are rarely installed: what is asked of them, and made."""

import sys
from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest

from course_lib.gradcheck.frameworks import as_numpy, dtype_name, wrapper_like


@dataclass
class Tensor:
    """What the checker knows of a tensor of PyTorch."""

    values: np.ndarray
    dtype: str = "torch.float32"
    device: str = "cpu"
    requires_grad: bool = False

    def detach(self):
        return replace(self, requires_grad=False)

    def cpu(self):
        return replace(self, device="cpu")

    def double(self):
        return replace(self, values=self.values.astype(np.float64), dtype="torch.float64")

    def is_floating_point(self):
        return "float" in self.dtype

    def to(self, dtype, device):
        return replace(self, dtype=dtype, device=device)

    def requires_grad_(self, requires_grad):
        return replace(self, requires_grad=requires_grad)

    def numpy(self):
        if self.requires_grad or self.device != "cpu" or self.dtype == "torch.bfloat16":
            raise TypeError("a tensor like this has no NumPy array")
        return self.values


@dataclass
class Array:
    """What the checker knows of an array of JAX."""

    values: np.ndarray
    dtype: object

    def __array__(self, dtype=None, copy=None):
        return self.values


@pytest.fixture
def torch(monkeypatch):
    module = SimpleNamespace(Tensor=Tensor, as_tensor=lambda array: Tensor(array, "torch.float64"))
    monkeypatch.setitem(sys.modules, "torch", module)


@pytest.fixture
def jax(monkeypatch):
    module = SimpleNamespace(
        Array=Array, numpy=SimpleNamespace(asarray=lambda array, dtype: Array(array, dtype))
    )
    monkeypatch.setitem(sys.modules, "jax", module)


def test_a_tensor_from_anywhere_becomes_an_array_of_float64(torch):
    for dtype in ("torch.float32", "torch.bfloat16"):
        found = as_numpy(Tensor(np.array([-1.5, 2.0], np.float32), dtype, "cuda", requires_grad=True))
        assert (found.dtype, found.tolist()) == (np.float64, [-1.5, 2.0])
    labels = as_numpy(Tensor(np.array([3, 1]), "torch.int64", "cuda"))
    assert (labels.dtype, labels.tolist()) == (np.int64, [3, 1])


@pytest.mark.parametrize("requires_grad", [True, False])
def test_a_tensor_is_made_of_the_same_kind_in_the_same_place(torch, requires_grad):
    made = wrapper_like(Tensor(np.ones(2), "torch.float32", "cuda", requires_grad))(np.array([-4.0, 5.0]))
    assert made.values.tolist() == [-4.0, 5.0]
    assert (made.dtype, made.device, made.requires_grad) == ("torch.float32", "cuda", requires_grad)


def test_an_array_of_jax_becomes_one_of_numpy_and_back(jax):
    array = Array(np.array([-1.0, 2.0], np.float32), np.dtype(np.float32))
    found = as_numpy(array)
    assert isinstance(found, np.ndarray)
    assert found.tolist() == [-1.0, 2.0]
    made = wrapper_like(array)(np.array([-7.0]))
    assert (made.values.tolist(), made.dtype) == ([-7.0], np.float32)


def test_numbers_and_arrays_stay_what_they_are_beside_loaded_libraries(torch, jax):
    array = np.ones(2)
    assert as_numpy(array) is array
    assert wrapper_like(array) is None
    assert wrapper_like(2.0) is None


def test_dtypes_are_written_as_their_libraries_do():
    assert dtype_name(Tensor(np.ones(1), "torch.bfloat16")) == "bfloat16"
    assert dtype_name(2.0) == "float64"
