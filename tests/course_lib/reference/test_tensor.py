from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.reference.tensor import Tensor

LAW = settings(max_examples=25, deadline=None, derandomize=True)
SHAPES = [(), (3,), (2, 3), (1, 3), (2, 1), (1, 1)]
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
}
ROWS, COLUMNS = np.array([0, 1, 1, 0]), np.array([2, 0, 0, 1])
UNARY: dict[str, tuple[Callable[[Tensor], Tensor], Callable[[np.ndarray], Any]]] = {
    "negate": (lambda x: -x, lambda x: -x),
    "square": (lambda x: x**2, lambda x: x**2),
    "power": (lambda x: (x**2 + 1) ** -1.5, lambda x: (x**2 + 1) ** -1.5),
    "relu": (Tensor.relu, lambda x: np.maximum(x, 0)),
    "sin": (Tensor.sin, np.sin),
    "exp": (Tensor.exp, np.exp),
    "log": (lambda x: (x**2).log(), lambda x: np.log(x**2)),
    "sum": (Tensor.sum, np.sum),
    "sum over an axis": (lambda x: x.sum(axis=1), lambda x: x.sum(axis=1)),
    "sum, keepdims": (lambda x: x.sum(axis=0, keepdims=True), lambda x: x.sum(axis=0, keepdims=True)),
    "sum over axes": (lambda x: x.sum(axis=(0, -1)), lambda x: x.sum(axis=(0, -1))),
    "max": (Tensor.max, np.max),
    "max over an axis": (lambda x: x.max(axis=-1), lambda x: x.max(axis=-1)),
    "max, keepdims": (lambda x: x.max(axis=0, keepdims=True), lambda x: x.max(axis=0, keepdims=True)),
    "reshape": (lambda x: x.reshape(3, -1), lambda x: x.reshape(3, -1)),
    "transpose": (lambda x: x.T, lambda x: x.T),
    "pick entries": (lambda x: x[ROWS, COLUMNS], lambda x: x[ROWS, COLUMNS]),
    "slice": (lambda x: x[:, 1:], lambda x: x[:, 1:]),
    "row": (lambda x: x[1], lambda x: x[1]),
}


def gradients_of(out: Tensor, dout: np.ndarray, *inputs: Tensor) -> list[Any]:
    (out * dout).sum().backward()
    return [x.grad for x in inputs]


@pytest.mark.parametrize("operation", BINARY.values(), ids=BINARY)
@LAW
@given(seed=st.integers(0, 2**32 - 1), first=st.sampled_from(SHAPES), second=st.sampled_from(SHAPES))
def test_binary_operations_broadcast_and_agree_with_differences(
    operation: Any, assert_vjp: Any, seed: int, first: tuple[int, ...], second: tuple[int, ...]
) -> None:
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=first), rng.uniform(0.5, 2, size=second)]
    expected = operation(*arrays)
    dout = rng.normal(size=np.shape(expected))
    a, b = (Tensor(array) for array in arrays)
    out = operation(a, b)
    np.testing.assert_allclose(out.data, expected, rtol=1e-15)
    assert_vjp(operation, arrays, dout, gradients_of(out, dout, a, b))


@pytest.mark.parametrize("operation", BINARY.values(), ids=BINARY)
@pytest.mark.parametrize("constant", [2, 0.5, np.array([1.0, 2.0, 4.0])], ids=["int", "float", "array"])
def test_numbers_and_arrays_are_constants_on_either_side(
    operation: Any, constant: Any, assert_vjp: Any
) -> None:
    x, dout = np.array([[1.5, 2.5, 0.5], [1.0, 3.0, 2.0]]), np.random.default_rng(0).normal(size=(2, 3))
    for f in (lambda x: operation(x, constant), lambda x: operation(constant, x)):
        tensor = Tensor(x)
        out = f(tensor)
        assert isinstance(out, Tensor)
        assert_vjp(f, [x], dout, gradients_of(out, dout, tensor))


@pytest.mark.parametrize(("ours", "numpys"), UNARY.values(), ids=UNARY)
def test_functions_of_one_tensor_agree_with_differences(
    ours: Any, numpys: Any, assert_vjp: Any, away_from_zero: Any
) -> None:
    rng = np.random.default_rng(0)
    x = away_from_zero(rng, 2, 3)
    tensor = Tensor(x)
    out = ours(tensor)
    np.testing.assert_allclose(out.data, numpys(x), rtol=1e-14)
    dout = rng.normal(size=out.shape)
    assert_vjp(numpys, [x], dout, gradients_of(out, dout, tensor))


@LAW
@given(seed=st.integers(0, 2**32 - 1))
def test_matrix_products_agree_with_differences(assert_vjp: Any, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, w, dout = rng.normal(size=(2, 3)), rng.normal(size=(3, 4)), rng.normal(size=(2, 4))
    a, b = Tensor(x), Tensor(w)
    assert_vjp(np.matmul, [x, w], dout, gradients_of(a @ b, dout, a, b))
    b = Tensor(w)
    assert_vjp(lambda w: x @ w, [w], dout, gradients_of(x @ b, dout, b))


def test_only_matrices_multiply() -> None:
    with pytest.raises(ValueError, match=r"two matrices, got shapes \(2, 2\) and \(2,\)"):
        Tensor(np.ones((2, 2))) @ Tensor(np.ones(2))


def test_half_a_squared_norm_has_its_argument_as_gradient() -> None:
    a = Tensor([[1, 2], [3, 4]])
    (0.5 * (a**2).sum()).backward()
    np.testing.assert_array_equal(a.grad, a.data)


def test_reuse_accumulates() -> None:
    a = Tensor(3.0)
    b = a * a + a
    (b * b + a).backward()
    assert a.grad == 2 * 12 * 7 + 1


def test_entries_that_tie_share_the_gradient_of_the_maximum() -> None:
    a = Tensor([[1.0, 2.0, 2.0], [5.0, 3.0, 4.0]])
    a.max(axis=1).sum().backward()
    np.testing.assert_array_equal(a.grad, [[0, 0.5, 0.5], [1, 0, 0]])


def test_the_zeroth_power_is_flat_even_at_zero() -> None:
    a = Tensor([0.0, 2.0])
    (a**0).sum().backward()
    np.testing.assert_array_equal(a.grad, [0.0, 0.0])


@pytest.mark.parametrize("shape", [(1,), (1, 1), (3,)])
def test_backward_starts_from_scalars_only(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"from a scalar of shape \(\), got shape"):
        Tensor(np.ones(shape)).backward()


def test_a_second_backward_adds_the_same_gradient_again() -> None:
    a = Tensor([1.0, 2.0])
    middle = a * a
    loss = (middle * 3).sum()
    loss.backward()
    first, first_of_middle = a.grad, middle.grad
    loss.backward()
    np.testing.assert_array_equal(a.grad, 2 * first)
    np.testing.assert_array_equal(middle.grad, 2 * first_of_middle)


def test_gradients_of_two_losses_add_until_reset() -> None:
    a = Tensor([1.0, 2.0])
    (a * 2).sum().backward()
    (a * 5).sum().backward()
    np.testing.assert_array_equal(a.grad, [7.0, 7.0])
    a.grad = None
    (a * 5).sum().backward()
    np.testing.assert_array_equal(a.grad, [5.0, 5.0])


def test_gradients_own_their_memory() -> None:
    a, b = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    (a + b).sum().backward()
    a.grad *= 0
    np.testing.assert_array_equal(b.grad, [1.0, 1.0])


def test_a_loop_of_twenty_thousand_steps_is_differentiated_and_freed() -> None:
    a = Tensor(1.0)
    x = a
    for _ in range(20_000):
        x = x * 1.0001
    x.backward()
    assert a.grad == pytest.approx(1.0001**20_000, rel=1e-10)
    del x


def test_control_flow_follows_the_data() -> None:
    def halve_until_below_one(x: Tensor) -> Tensor:
        while x > 1:
            x = x * 0.5
        return x

    a = Tensor(20.0)
    halve_until_below_one(a).backward()
    assert a.grad == 2**-5


def test_comparisons_look_at_the_data() -> None:
    a, b = Tensor([1.0, 2.0]), Tensor([2.0, 2.0])
    assert (a < b).tolist() == [True, False]
    assert (a <= b).tolist() == [True, True]
    assert (a > 1).tolist() == [False, True]
    assert (b >= a).tolist() == [True, True]


def test_the_small_conveniences() -> None:
    a = Tensor([1.0, 2.0])
    assert (len(a), a.shape) == (2, (2,))
    assert a.sum().item() == 3.0
    assert repr(Tensor(1)) == "Tensor(array(1.))"
