"""Tensors of PyTorch and arrays of JAX, in and out, where these libraries are loaded already.

Nothing is imported here: whoever passes a tensor has imported its library.
"""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.gradcheck.arrays import FloatArray


def as_numpy(value: Any) -> Any:
    """Return a tensor's numbers as a NumPy array on this machine, and anything else as it is."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        detached = value.detach().cpu()
        return detached.double().numpy() if detached.is_floating_point() else detached.numpy()
    jax = sys.modules.get("jax")
    if jax is not None and isinstance(value, jax.Array):
        return np.asarray(value)
    return value


def wrapper_like(value: Any) -> Callable[[FloatArray], Any] | None:
    """Return what makes a tensor of the kind, dtype and place of `value`; None where it is no tensor."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):

        def tensor(array: FloatArray) -> Any:
            made = torch.as_tensor(array).to(dtype=value.dtype, device=value.device)
            return made.requires_grad_(value.requires_grad)

        return tensor
    jax = sys.modules.get("jax")
    if jax is not None and isinstance(value, jax.Array):
        return lambda array: jax.numpy.asarray(array, dtype=value.dtype)
    return None


def dtype_name(value: Any) -> str:
    """Return the dtype of an argument as its own library writes it."""
    dtype = value.dtype if hasattr(value, "dtype") else np.asarray(value).dtype
    return str(dtype).removeprefix("torch.")
