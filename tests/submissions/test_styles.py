"""Whole notebooks of assignment 4 in styles far apart: right ones earn all, a slip costs its own points.

A style answers some exercises, the solution the others. The slips below are those that students of a
well-known course were seen to make; each is made in every style, all slips of a style in one notebook.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from inprocess import composer_of, grade_in_process, points_of

from autograder.rehearsal.answers import Answer

STYLES = {path.stem: path for path in sorted((Path(__file__).parent / "styles").glob("*.py"))}
HEADER = re.compile(r'^# %% answer="(.+)"\n', re.MULTILINE)


@dataclass(frozen=True)
class Slip:
    """What is written in place of what, the points that are left, and what the student must be told."""

    exercise: str
    old: str
    new: str
    points: dict[str, float]
    says: str


SLIPS = {
    "tuples_and_fancy_indexing": [
        Slip("02_affine", ".reshape(*x.shape)", "", {"02_affine-backward": 6}, "wrong shape"),
        Slip(
            "03_relu",
            "np.array(dout, copy=True)",
            "dout",
            {"03_relu-values": 2},
            "changed its argument `dout`",
        ),
        Slip(
            "04_svm_loss",
            "dx[range(N), y] -= np.sum(margins > 0, axis=1)",
            "pass",
            {"04_svm_loss-gradient": 2},
            "the true class's own entry is missing",
        ),
        Slip("05_l2", "lam * 2 * W", "lam * W", {"05_l2-values": 0.75}, "factor 2"),
        Slip(
            "06_TwoLayerNet",
            'grads["W2"] += reg * 2 * W2',
            'grads["W2"] += reg * W2',
            {"06_TwoLayerNet-regularization-gradients": 1.25},
            "1/2 of the numerical gradient",
        ),
    ],
    "loops_and_dicts": [
        Slip("02_affine", "dw[i] += row[i] * d", "dw[i] = row[i] * d", {"02_affine-backward": 5.5}, "`w`"),
        Slip("03_relu", "if on:", "if dout[index] > 0:", {"03_relu-values": 1}, "mask"),
        Slip(
            "04_svm_loss",
            "loss += (x[n, j] - x[n, y[n]] + 1) / len(x)",
            "loss += x[n, j] - x[n, y[n]] + 1",
            {"04_svm_loss-loss": 0.5},
            "mean over the N examples",
        ),
        Slip(
            "04_softmax_loss",
            "np.log(sum(exps))",
            "np.log(sum(exps) + 1e-8)",
            {"04_softmax_loss-loss": 2.5},
            "about 1e-08 is added to the sum of the exponentials",
        ),
        Slip("05_l2", "2 * lam * w for", "lam * w for", {"05_l2-values": 0.75}, "factor 2"),
        Slip(
            "06_TwoLayerNet",
            "+= 2 * reg * w\n",
            "+= 2 * reg * w / len(X)\n",
            {"06_TwoLayerNet-regularization-gradients": 0.5},
            "divided by N",
        ),
    ],
    "closures_and_einsum": [
        Slip(
            "02_affine",
            "sum(dout)",
            "dout.sum(axis=0, keepdims=True)",
            {"02_affine-backward": 5.5},
            "wrong shape",
        ),
        Slip("03_relu", "np.inf)", "np.inf, out=x)", {"03_relu-values": 1.5}, "changed its argument `x`"),
        Slip(
            "03_maxout",
            "[winner == 0, winner == 1]",
            "[both[0] >= both[1], both[1] >= both[0]]",
            {"03_maxout-values": 2},
            "with two equal maps",
        ),
        Slip(
            "04_softmax_loss",
            "np.logaddexp.reduce(x, axis=-1)",
            "np.log(np.exp(x).sum(-1))",
            {"04_softmax_loss-loss": 2.5, "04_softmax_loss-gradient": 3.5},
            "every value should be finite",
        ),
        Slip("04_svm_loss", "grad / len(x)", "grad", {"04_svm_loss-gradient": 1.5}, "N"),
        Slip(
            "06_TwoLayerNet",
            'loss += reg * np.einsum("ij,ij", self.params[name], self.params[name])',
            "pass",
            {"06_TwoLayerNet-loss": 3, "06_TwoLayerNet-regularization-gradients": 2.5},
            "the penalty is missing from the loss",
        ),
    ],
}


def answers_in(style):
    """The style's own answers, by the grade id of the cell that each fills."""
    _, *parts = HEADER.split(STYLES[style].read_text(encoding="utf-8"))
    return {name: text.strip() for name, text in zip(parts[::2], parts[1::2], strict=True)}


def graded(answers, points):
    """Grade the solution with these answers in place of its own; the checks by cell, and what differs."""
    composer, source = composer_of("04_two_layer_net")
    known = [Answer(name, name, right=True, source=text) for name, text in answers.items()]
    submission = composer.submission("ada", "a style", known)
    checks = grade_in_process(source, submission.notebook)
    wrong = {
        name: f"{points_of(checks[name])}, not {expected}\n{checks[name]}"
        for name, expected in {**submission.expected, **points}.items()
        if points_of(checks[name]) != expected
    }
    return checks, wrong


@pytest.mark.parametrize("style", STYLES)
def test_a_right_notebook_earns_every_point_whatever_its_style(style):
    _, wrong = graded(answers_in(style), {})
    assert wrong == {}


@pytest.mark.parametrize("style", STYLES)
def test_each_slip_costs_its_own_points_and_is_named(style):
    answers, points = answers_in(style), {}
    for slip in SLIPS[style]:
        assert answers[slip.exercise].count(slip.old) == 1, slip.exercise
        answers[slip.exercise] = answers[slip.exercise].replace(slip.old, slip.new)
        points |= slip.points
    checks, wrong = graded(answers, points)
    assert wrong == {}
    for slip in SLIPS[style]:
        told = "\n".join(outcome.message for name in slip.points for outcome in checks[name].outcomes)
        told += "\n".join(cause for name in slip.points for o in checks[name].outcomes for cause in o.causes)
        assert slip.says in told, f"{slip.exercise}: {slip.new}\n{told}"
