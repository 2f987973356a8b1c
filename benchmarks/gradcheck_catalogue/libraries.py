"""The gradient checkers of other libraries, each at its own default tolerance, behind one signature.

`check(case, backward) -> True if it accepts`. Libraries are imported when first used: they are large.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from gradcheck_catalogue.case import Backward, Case

Checker = Callable[[Case, Backward, Callable[..., Any]], bool]


def gradients(case: Case, backward: Backward, inputs: list[np.ndarray]) -> list[np.ndarray]:
    """Return a backward's gradients as float64, in the shapes of the inputs where they can be."""
    found = backward(np.array(case.dout)[()], *(x.copy() for x in inputs))
    return [np.asarray(g, dtype=float).reshape(x.shape) for g, x in zip(found, inputs, strict=True)]


def flat_problem(case: Case, backward: Backward, forward: Callable[..., Any]) -> tuple[Any, Any, np.ndarray]:
    """Return <dout, forward> and its gradient as functions of one flat vector, and the point."""
    shapes = [x.shape for x in case.inputs.values()]
    ends = np.cumsum([x.size for x in case.inputs.values()])[:-1]

    def split(z: np.ndarray) -> list[np.ndarray]:
        return [part.reshape(shape) for part, shape in zip(np.split(z, ends), shapes, strict=True)]

    def value(z: np.ndarray) -> float:
        return float(np.sum(case.dout * forward(*split(z))))

    def gradient(z: np.ndarray) -> np.ndarray:
        return np.concatenate([g.ravel() for g in gradients(case, backward, split(z))])

    return value, gradient, np.concatenate([np.float64(x).ravel() for x in case.inputs.values()])


def torch_gradcheck(case: Case, backward: Backward, forward: Callable[..., Any], fast: bool = False) -> bool:
    import torch

    class Operation(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *inputs: Any) -> Any:
            ctx.save_for_backward(*inputs)
            return torch.as_tensor(np.asarray(forward(*(x.detach().numpy() for x in inputs))))

        @staticmethod
        @torch.autograd.function.once_differentiable
        def backward(ctx: Any, dout: Any) -> Any:
            inputs = [x.detach().numpy() for x in ctx.saved_tensors]
            found = backward(dout.numpy()[()], *inputs)
            return tuple(
                torch.as_tensor(np.array(g, dtype=x.dtype)) for g, x in zip(found, inputs, strict=True)
            )

    inputs = tuple(torch.tensor(x, requires_grad=True) for x in case.inputs.values())
    try:
        return bool(torch.autograd.gradcheck(Operation.apply, inputs, fast_mode=fast))
    except RuntimeError:  # torch's GradcheckError among them
        return False


def torch_fast(case: Case, backward: Backward, forward: Callable[..., Any]) -> bool:
    return torch_gradcheck(case, backward, forward, fast=True)


def jax_check_vjp(case: Case, backward: Backward, forward: Callable[..., Any]) -> bool:
    import jax
    from jax._src import public_test_util

    jax.config.update("jax_enable_x64", True)

    def function(*inputs: Any) -> Any:
        return np.asarray(forward(*inputs))

    def with_vjp(*inputs: Any) -> Any:
        def pull(dout: Any) -> Any:
            found = backward(np.asarray(dout)[()], *inputs)
            return tuple(np.asarray(g, dtype=x.dtype) for g, x in zip(found, inputs, strict=True))

        return function(*inputs), pull

    try:
        public_test_util.check_vjp(function, with_vjp, tuple(case.inputs.values()))
    except AssertionError:
        return False
    return True


def hips_autograd(case: Case, backward: Backward, forward: Callable[..., Any]) -> bool:
    from autograd.extend import defvjp, primitive
    from autograd.test_util import check_grads

    operation = primitive(lambda *inputs: np.asarray(forward(*inputs))[()])

    def vjp_of(position: int) -> Any:
        return lambda answer, *inputs: lambda dout: np.asarray(backward(dout, *inputs)[position])

    count = len(case.inputs)
    defvjp(operation, *[vjp_of(position) for position in range(count)])
    np.random.seed(0)  # noqa: NPY002 - autograd draws from the global generator
    try:
        check_grads(operation, tuple(range(count)), modes=["rev"], order=1)(*case.inputs.values())
    except AssertionError:
        return False
    return True


def scipy_check_grad(case: Case, backward: Backward, forward: Callable[..., Any]) -> bool:
    from scipy.optimize import check_grad

    value, gradient, point = flat_problem(case, backward, forward)
    return bool(check_grad(value, gradient, point) < 1e-6)


def numdifftools_gradient(case: Case, backward: Backward, forward: Callable[..., Any]) -> bool:
    import numdifftools

    value, gradient, point = flat_problem(case, backward, forward)
    found = numdifftools.Gradient(value, full_output=True)(point)
    numerical = np.ravel(found.estimate)
    allowed = 10 * np.ravel(found.error_estimate) + 1e-12 * np.abs(numerical).max()
    return bool((np.abs(gradient(point) - numerical) <= allowed).all())


CHECKERS: dict[str, Checker] = {
    "torch.autograd.gradcheck": torch_gradcheck,
    "torch, fast mode": torch_fast,
    "jax check_vjp": jax_check_vjp,
    "HIPS autograd check_grads": hips_autograd,
    "scipy check_grad < 1e-6": scipy_check_grad,
    "numdifftools, its error x 10": numdifftools_gradient,
}
