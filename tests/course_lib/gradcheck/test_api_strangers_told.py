"""What people pass who have not read the documentation, and the sentence that says what to change."""

import numpy as np
import pytest
from pairs_under_test import Product

import course_lib
from course_lib import (
    Cause,
    GradientMismatch,
    assert_gate,
    assert_gradient,
    assert_parameters,
    assert_vjp,
    check_gate,
    check_gradient,
    check_parameters,
    check_vjp,
)


def drawn(*shape):
    return np.random.default_rng(0).normal(size=shape)


def square(x):
    return np.sum(np.asarray(x) ** 2)


def test_a_class_is_not_an_instance():
    with pytest.raises(
        TypeError, match=r"Product is a class: pass an instance of it, as check_gate\(Product\(\), x\)"
    ):
        check_gate(Product, 1.0, 2.0)


def test_exchanged_parameters_of_backward_are_named():
    def backward(cache, dout):
        return np.cos(cache) * dout

    with pytest.raises(TypeError, match=r"called as \(dout, cache\), but .* backward are \(cache, dout\)"):
        check_vjp(lambda x: (np.sin(x), x), backward, drawn(3))


def sin_forward(x):
    return np.sin(x), x


def sin_backward(dout, cache):
    return np.cos(cache) * dout


def test_exchanged_functions_are_named():
    with pytest.raises(TypeError, match="sin_backward and sin_forward are exchanged"):
        check_vjp(sin_backward, sin_forward, drawn(3))
    with pytest.raises(TypeError, match=r"f is not callable: .* call check_gradient\(f, x, grad\)"):
        check_gradient(np.ones(3), square, 2 * np.ones(3))


def test_a_dict_belongs_to_check_parameters():
    with pytest.raises(TypeError, match="check_parameters"):
        check_gradient(lambda p: np.sum(p["x"] ** 2), {"x": np.ones(2)}, lambda p: p)
    with pytest.raises(TypeError, match="check_parameters"):
        check_vjp(lambda p: np.sum(p["x"] ** 2), lambda d, c: c, {"x": np.ones(2)})


class Counting:
    calls = 0

    def forward(self, x):
        self.calls += 1
        return x * self.calls

    def backward(self, dout):
        return dout * self.calls


class Adding:
    def __init__(self):
        self.grad = 0.0

    def forward(self, x):
        self.x = x
        return x**2

    def backward(self, dout):
        self.grad = self.grad + 2 * self.x * dout
        return self.grad


def test_what_a_call_leaves_behind_is_named():
    assert "an earlier call left behind (a counter, running statistics)" in str(
        check_gate(Counting(), drawn(3))
    )
    assert "adds to the gradient of x that the first call left behind" in str(check_gate(Adding(), drawn(3)))


def test_running_statistics_that_stay_out_of_the_output_are_no_fault():
    running = {"mean": 0.0}

    def forward(x):
        running["mean"] = 0.9 * running["mean"] + 0.1 * x.mean()
        return x - x.mean(), None

    assert check_vjp(forward, lambda d, c: d - d.mean(), drawn(4)).passed is True


def test_terminals_show_the_report(capsys):
    from IPython.lib.pretty import pretty

    check = check_gradient(square, drawn(3), 2 * drawn(3))
    assert pretty(check) == str(check)


def wrong_backward(dout, x):
    return dout * x


@pytest.mark.parametrize(
    "call",
    [
        lambda: assert_gradient(square, drawn(3), drawn(3)),
        lambda: assert_vjp(np.sin, wrong_backward, drawn(3)),
        lambda: assert_gate(Counting(), drawn(3)),
        lambda: assert_parameters(lambda p: square(p["x"]), {"x": drawn(3)}, {"x": drawn(3)}),
    ],
)
def test_pytest_shows_no_frame_of_ours(call):
    with pytest.raises(GradientMismatch) as error:
        call()
    shown = [entry.name for entry in error.traceback if not entry.ishidden(error)]
    assert shown[-1] == "<lambda>"


def test_nothing_is_imported_for_tensors():
    import subprocess
    import sys

    code = (
        "import sys, course_lib; course_lib.check_gradient(lambda x: x**2, 3.0, 6.0);"
        "print([m for m in ('torch', 'jax') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
    assert course_lib.check_gradient(lambda x: x**2, 3.0, 6.0).passed


@pytest.mark.parametrize("mode", ["warn", "raise"])
def test_numpy_warns_of_and_raises_nothing_from_inside(mode):
    def loss(p):
        return np.sum(np.log(np.cosh(p["x"])))

    with np.errstate(all=mode):
        check = check_parameters(loss, {"x": np.zeros(3)}, lambda p: {"x": np.tanh(p["x"]) + 1e-3})
        assert check.passed is False
        assert (
            check_gradient(lambda x: np.sum(np.exp(-(x**2))), np.zeros(2), lambda x: 0 * x + 1).passed
            is False
        )


def masked(values):
    return np.ma.array(values, mask=np.arange(np.size(values)) == 0)


def test_masked_arrays_are_refused_wherever_they_come_from():
    x = np.array([1.0, 2.0])
    for check in (
        check_gradient(np.sum, x, masked(np.ones(2))),
        check_gradient(np.sum, x, lambda x: masked(np.ones(2))),
        check_vjp(masked, lambda dout, cache: dout, x),
    ):
        assert check.passed is False
        assert "masked array; return its plain numbers, as .filled(0)" in str(check)
    with pytest.raises(TypeError, match="is a masked array; pass its plain numbers"):
        check_gradient(np.sum, masked(x), np.ones(2))


class Doubling:
    def forward(self, x):
        return 2 * x

    def backward(self, dout):
        return 2 * dout


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: check_vjp(Doubling, Doubling, 1.0), r"check_gate\(Doubling\(\), x\)"),
        (lambda: check_vjp(Doubling(), Doubling().backward, 1.0), "with a forward and a backward of its own"),
        (lambda: check_gate(1.0, Doubling()), "float has no method forward"),
    ],
)
def test_an_object_in_the_place_of_its_functions_is_named(call, sentence):
    with pytest.raises(TypeError, match=sentence):
        call()


def test_a_dict_of_gradients_is_told_from_a_wrong_number_of_them():
    check = check_vjp(lambda x, y: x + y, lambda dout, cache: {"x": dout, "y": dout}, np.ones(2), np.ones(2))
    assert "a dict; expected a tuple of 2 gradients, in the order of the arguments" in str(check)
    check = check_vjp(
        lambda x, y: x + y, lambda dout, cache: map(np.copy, [dout, dout]), np.ones(2), np.ones(2)
    )
    assert "a map; expected a tuple of 2 gradients" in str(check)
    check = check_vjp(lambda x, y: x + y, lambda dout, cache: dout, np.ones(2), np.ones(2))
    assert "1 gradient; expected 2 gradients" in str(check)


def test_a_function_that_ignores_its_argument_is_told_so_in_every_check_of_scalars():
    y = np.array([1.0, 2.0])
    assert (
        check_gradient(lambda x: np.sum(y**2), y, lambda x: 2 * x).arguments[0].diagnosis
        == Cause.NO_DEPENDENCE
    )


def test_a_function_and_its_gradient_exchanged_are_asked_about():
    check = check_gradient(lambda x: 2 * x, np.ones(2), lambda x: np.sum(x**2))
    assert "did the function and its gradient change places?" in " ".join(str(check).split())


def test_kinks_at_all_scales_in_a_large_array_are_inconclusive_for_a_reason():
    rng = np.random.default_rng(3)
    x = rng.normal(size=4000) * 10 ** rng.uniform(-9, 0, 4000)
    check = check_gradient(lambda x: np.abs(x).sum(), x, np.sign)
    assert check.passed is not False
    assert check.passed or "reason: " in str(check)
