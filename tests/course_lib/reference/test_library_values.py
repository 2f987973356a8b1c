"""Agreement with torch and scikit-learn by stored values: ``benchmarks/library_values.py`` wrote them."""

import hashlib
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course_lib.reference import layers, losses
from course_lib.reference.net import TwoLayerNet

STORED: dict[str, Any] = json.loads(
    Path(__file__).with_name("library_values.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", STORED["activations"])
def test_activations_agree_with_torch(name: str) -> None:
    stored = STORED["activations"][name]
    out, cache = getattr(layers, f"{name}_forward")(np.array(stored["inputs"][0]))
    np.testing.assert_allclose(out, stored["out"], rtol=1e-12, atol=1e-14)
    dx = getattr(layers, f"{name}_backward")(np.array(stored["dout"]), cache)
    np.testing.assert_allclose(dx, stored["grads"][0], rtol=1e-12, atol=1e-14)


def test_prelu_agrees_with_torch() -> None:
    x, (alpha,) = STORED["prelu"]["inputs"]
    out, cache = layers.prelu_forward(np.array(x), alpha)
    dx, dalpha = layers.prelu_backward(np.array(STORED["prelu"]["dout"]), cache)
    np.testing.assert_allclose(out, STORED["prelu"]["out"], rtol=1e-12)
    np.testing.assert_allclose(dx, STORED["prelu"]["grads"][0], rtol=1e-12)
    assert dalpha == pytest.approx(STORED["prelu"]["grads"][1][0], rel=1e-12)


@pytest.mark.parametrize("place", range(len(STORED["losses"])))
def test_losses_agree_with_torch(place: int) -> None:
    stored = STORED["losses"][place]
    loss, dx = getattr(losses, stored["name"])(np.array(stored["inputs"][0]), np.array(stored["y"]))
    assert loss == pytest.approx(stored["out"], rel=1e-12)
    np.testing.assert_allclose(dx, stored["grads"][0], rtol=1e-11, atol=1e-14)


def test_the_two_layer_net_agrees_with_torch_over_five_steps() -> None:
    stored = STORED["net"]
    net = TwoLayerNet(5, 8, 3, std=0.5)
    for name, value in stored["start"].items():
        net.params[name][...] = value
    for loss in stored["losses"]:
        ours = net.step(np.array(stored["X"]), np.array(stored["y"]), learning_rate=0.2, reg=0.1)
        assert ours == pytest.approx(loss, rel=1e-12)
    for name, value in stored["end"].items():
        np.testing.assert_allclose(net.params[name], value, rtol=1e-11, atol=1e-13)


def test_the_digits_are_those_of_scikit_learn() -> None:
    with np.load(files("course_lib.data") / "digits.npz") as archive:  # type: ignore[arg-type]
        found = {"images": archive["images"].astype("<f8"), "labels": archive["labels"].astype("<i8")}
    assert {name: hashlib.sha256(array.tobytes()).hexdigest() for name, array in found.items()} == STORED[
        "digits"
    ]
