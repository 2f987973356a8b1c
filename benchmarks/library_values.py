"""What other libraries compute, stored for tests that run where those libraries are not installed.

    python benchmarks/library_values.py

writes ``tests/course_lib/reference/library_values.json``: inputs, and outputs and gradients by torch, in
double precision and written so that they are read back to the last bit; and a digest of scikit-learn's
digits. The tests beside that file compare this project's implementations with it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
import torch
from sklearn.datasets import load_digits

F = torch.nn.functional
VALUES = Path(__file__).parents[1] / "tests" / "course_lib" / "reference" / "library_values.json"
ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "relu": torch.relu,
    "leaky_relu": lambda x: F.leaky_relu(x, 0.1),
    "elu": F.elu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}
LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "softmax_loss": F.cross_entropy,
    "svm_loss": lambda scores, labels: (
        scores.shape[1] * F.multi_margin_loss(scores, labels)
    ),  # theirs divides
}


def leaf(array: np.ndarray) -> Any:
    return torch.tensor(array, dtype=torch.float64, requires_grad=True)


def vjp(function: Callable[..., Any], *arrays: np.ndarray, dout: np.ndarray | None = None) -> dict[str, Any]:
    """The inputs, the output, and the gradient of each input; ``dout`` is 1 where the output is a number."""
    leaves = [leaf(array) for array in arrays]
    out = function(*leaves)
    out.backward(None if dout is None else torch.tensor(dout))
    case = {"inputs": arrays, "out": out.detach().numpy(), "grads": [each.grad.numpy() for each in leaves]}
    return case if dout is None else {**case, "dout": dout}


def five_steps(rng: np.random.Generator) -> dict[str, Any]:
    """A two-layer net by plain gradient descent: losses before each step, and where the parameters end."""
    X, y = rng.normal(size=(9, 5)), rng.integers(0, 3, size=9)
    shapes = {"W1": (5, 8), "b1": (8,), "W2": (8, 3), "b2": (3,)}
    start = {name: 0.5 * rng.normal(size=shape) for name, shape in shapes.items()}
    W1, b1, W2, b2 = params = [leaf(value) for value in start.values()]
    optimizer, losses = torch.optim.SGD(params, lr=0.2), []
    for _ in range(5):
        optimizer.zero_grad()
        scores = torch.relu(torch.tensor(X) @ W1 + b1) @ W2 + b2
        loss = F.cross_entropy(scores, torch.tensor(y)) + 0.1 * ((W1**2).sum() + (W2**2).sum())
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    end = {name: value.detach().numpy() for name, value in zip(start, params, strict=True)}
    return {"X": X, "y": y, "start": start, "losses": losses, "end": end}


def main() -> None:
    rng = np.random.default_rng(0)
    values: dict[str, Any] = {"torch": torch.__version__, "scikit-learn": sklearn.__version__}
    values["activations"] = {
        name: vjp(function, 5 * rng.normal(size=(4, 5)), dout=rng.normal(size=(4, 5)))
        for name, function in ACTIVATIONS.items()
    }
    x, dout = rng.normal(size=(4, 5)), rng.normal(size=(4, 5))
    values["prelu"] = vjp(F.prelu, x, np.array([0.3]), dout=dout)
    values["losses"] = []
    for scale in (1.0, 1e4):
        scores, y = scale * rng.normal(size=(4, 5)), rng.integers(0, 5, size=4)
        values["losses"] += [
            {"name": name, "y": y, **vjp(lambda s, loss=loss, y=y: loss(s, torch.tensor(y)), scores)}
            for name, loss in LOSSES.items()
        ]
    values["net"] = five_steps(rng)
    digits = load_digits()
    values["digits"] = {
        "images": hashlib.sha256(digits.data.astype("<f8").tobytes()).hexdigest(),
        "labels": hashlib.sha256(digits.target.astype("<i8").tobytes()).hexdigest(),
    }
    text = json.dumps(values, default=lambda array: array.tolist(), indent=None)
    VALUES.write_text(text + "\n", encoding="utf-8")
    print(f"{VALUES.name}: torch {torch.__version__}, scikit-learn {sklearn.__version__}")


if __name__ == "__main__":
    main()
