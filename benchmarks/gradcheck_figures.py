"""Draws the two figures of docs/gradcheck.md: error against step, and a kink seen from both sides.

python benchmarks/gradcheck_figures.py docs/figures
"""

import argparse
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from course_lib.gradcheck.pairs import CachedPair
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.problem import Problem
from course_lib.gradcheck.rungs import RATIO, richardson
from course_lib.gradcheck.stepping import Prober, Slopes

INK, GREY, BLUE, RED = "#222222", "#8a8a8a", "#2f6db3", "#c8452f"


def prober_of(function, x: float) -> Prober:
    """Return the checker's own prober for a function of one number."""
    problem = Problem(CachedPair(function, lambda dout, cache: dout), [x], ["x"], "f")
    return Prober(Point.of(problem, np.array([function(x)]), np.array([1.0])))


def slopes_at(prober: Prober, step: float) -> Slopes:
    slopes = prober.along_entry(0, 0, step)
    if slopes is None:
        raise ValueError(f"no slope with step {step}")
    return slopes


def error_against_step(path: Path) -> None:
    """One-sided, central and combined differences of exp at 1, from large steps to small ones."""
    steps = np.logspace(0, -15, 91)
    prober = prober_of(lambda x: float(np.exp(x)), 1.0)
    pairs = [(slopes_at(prober, step * RATIO), slopes_at(prober, step)) for step in steps]
    curves = {
        "one-sided: error falls with the step": (GREY, [small.right[0] for _, small in pairs]),
        "central: with its square": (BLUE, [small.central for _, small in pairs]),
        "two steps combined (Richardson): with its fourth power": (
            RED,
            [richardson(large, small) for large, small in pairs],
        ),
    }
    figure, axes = plt.subplots(figsize=(7, 4.2))
    for label, (colour, values) in curves.items():
        axes.loglog(
            steps, np.abs(np.array(values) / np.e - 1) + 1e-17, color=colour, label=label, linewidth=1.6
        )
    axes.loglog(
        steps, np.finfo(float).eps / steps, ":", color=INK, linewidth=1, label="rounding: unit / step"
    )
    first = np.finfo(float).eps ** (1 / 3)
    axes.axvline(first, color=GREY, linewidth=0.8)
    axes.text(first * 1.15, 2.0, "first step", color=GREY, fontsize=9, va="top")
    axes.set(xlabel="step", ylabel="relative error of the derivative of exp at 1", ylim=(1e-15, 3))
    axes.legend(frameon=False, fontsize=9, loc="lower left")
    finish(figure, path)


def kink_from_both_sides(path: Path) -> None:
    """One-sided slopes against the step: they meet beside a kink and stay apart on it."""
    steps = np.logspace(-1, -11, 200)
    figure, all_axes = plt.subplots(1, 2, figsize=(8.4, 3.6), sharey=True)
    for axes, x, title in ((all_axes[0], 1e-6, "ReLU at 0.000001"), (all_axes[1], 0.0, "ReLU at 0")):
        prober = prober_of(lambda t: max(t, 0.0), x)
        slopes = [slopes_at(prober, step) for step in steps]
        right, left = ([getattr(s, side)[0] for s in slopes] for side in ("right", "left"))
        axes.fill_between(steps, left, right, color=BLUE, alpha=0.15, linewidth=0)
        axes.semilogx(steps, right, color=BLUE, label="from the right")
        axes.semilogx(steps, left, color=RED, label="from the left")
        axes.set(title=title, xlabel="step", ylim=(-0.1, 1.1))
        axes.invert_xaxis()
    all_axes[0].set_ylabel("slope")
    all_axes[0].legend(frameon=False, loc="lower right", bbox_to_anchor=(1.0, 0.08), fontsize=9)
    all_axes[0].annotate(
        "the step no longer\nreaches the kink",
        (3e-7, 0.9),
        (1e-9, 0.55),
        fontsize=9,
        ha="center",
        arrowprops={"arrowstyle": "-", "color": GREY},
    )
    all_axes[1].text(1e-6, 0.5, "any slope in between is right", ha="center", fontsize=9)
    finish(figure, path)


def finish(figure: plt.Figure, path: Path) -> None:
    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directory", type=Path)
    directory = parser.parse_args().directory
    plt.rcParams.update({"svg.hashsalt": "gradcheck", "svg.fonttype": "path", "axes.facecolor": "white"})
    error_against_step(directory / "gradcheck_step.svg")
    kink_from_both_sides(directory / "gradcheck_kink.svg")


if __name__ == "__main__":
    main()
