"""Tensors of libraries that this environment may have; the benchmarks' group installs them."""

import numpy as np
import pytest

from course_lib import check_gate, check_gradient, check_parameters, check_vjp
from course_lib.gradcheck.frameworks import as_numpy, dtype_name, wrapper_like


def test_what_is_no_tensor_stays_what_it_is():
    array = np.ones(2)
    assert as_numpy(array) is array
    assert as_numpy("text") == "text"
    assert wrapper_like(array) is None
    assert dtype_name(np.ones(2, np.float32)) == "float32"
    assert dtype_name([1, 2]) == "int64"


@pytest.fixture(params=["float32", "float64"])
def torch_tensor(request):
    torch = pytest.importorskip("torch")

    def make(*shape):
        values = np.random.default_rng(0).normal(size=shape)
        return torch.tensor(values, dtype=getattr(torch, request.param))

    return make


def test_tensors_go_in_and_come_out(torch_tensor):
    import torch

    kinds = set()

    def forward(x, w):
        kinds.update({type(x), x.dtype})
        return torch.tanh(x @ w), (x, w, torch.tanh(x @ w))

    def backward(dout, cache):
        x, w, h = cache
        kinds.add(type(dout))
        dh = dout * (1 - h**2)
        return dh @ w.T, x.T @ dh

    x, w = torch_tensor(4, 3), torch_tensor(3, 2)
    check = check_vjp(forward, backward, x, w)
    assert check.passed is True, str(check)
    assert kinds == {torch.Tensor, x.dtype}
    wrong = check_vjp(forward, lambda d, c: (backward(d, c)[0], 2 * backward(d, c)[1]), x, w)
    assert [argument.passed for argument in wrong.arguments] == [True, False]


def test_losses_of_tensors_are_checked(torch_tensor):
    x = torch_tensor(3)
    assert check_gradient(lambda t: (t**2).sum(), x, lambda t: 2 * t).passed is True
    assert check_gradient(lambda t: (t**2).sum(), x, 2 * x).passed is True
    assert check_gradient(lambda t: (t**2).sum(), x, 2.1 * x).passed is False
    assert (
        check_parameters(lambda p: (p["x"] ** 2).sum(), {"x": x}, lambda p: {"x": 2 * p["x"]}).passed is True
    )


def test_autograd_itself_is_right(torch_tensor):
    import torch

    def gradient(t):
        t = t.detach().requires_grad_(True)
        return torch.autograd.grad(torch.exp(t).sum(), t)[0]

    assert check_gradient(lambda t: torch.exp(t).sum(), torch_tensor(3), gradient).passed is True


class Gate:
    def forward(self, x):
        self.x = x
        return x**3

    def backward(self, dout):
        return 3 * self.x**2 * dout


def test_gates_take_tensors(torch_tensor):
    assert check_gate(Gate(), torch_tensor(2, 2)).passed is True


def test_arrays_of_jax_go_in_and_come_out():
    jax = pytest.importorskip("jax")
    x = jax.numpy.asarray(np.random.default_rng(0).normal(size=3))
    check = check_vjp(lambda x: (jax.numpy.sin(x), x), lambda d, x: d * jax.numpy.cos(x), x)
    assert check.passed is True, str(check)
    assert check_vjp(lambda x: (jax.numpy.sin(x), x), lambda d, x: -d * jax.numpy.cos(x), x).passed is False
    assert check_gradient(lambda x: (x**2).sum(), x, jax.grad(lambda x: (x**2).sum())).passed is True
