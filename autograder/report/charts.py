"""The report's figures: SVG that takes its colours from the page, to be read on light and dark paper."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from autograder.report.statistics import ExerciseRow

# Stand-ins that matplotlib writes into the SVG; the page's own colours take their place.
_COLOURS = {
    "#010203": "currentColor",
    "#010204": "var(--line)",
    "#010205": "var(--hue)",
    "#010206": "var(--mid)",
    "#010207": "var(--wrong)",
}
INK, LINE, HUE, MID, WRONG = _COLOURS
BINS = 10


def score_chart(scores: Sequence[float], max_score: float) -> Markup:
    """How many submissions lie in each tenth of the points."""
    figure, axes = _figure(3.0)
    most = max_score or 1.0
    shown = np.clip(scores, 0, most)  # extra credit may lie beyond
    counts, edges, _ = axes.hist(shown, bins=np.linspace(0, most, BINS + 1).tolist(), color=HUE, rwidth=0.9)
    axes.set(xlabel="points", ylabel="submissions")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    told = [
        f"{low:g} to {high:g}: {count:g}" for low, high, count in zip(edges, edges[1:], counts, strict=False)
    ]
    return _svg(figure, "scores", f"Submissions by points. {'; '.join(told)}.")


def exercise_chart(rows: Sequence[ExerciseRow], submissions: int) -> Markup:
    """Per exercise, the shares of ``submissions`` with all of its points, some, none; the others wait."""
    figure, axes = _figure(0.9 + 0.32 * len(rows))
    left = np.zeros(len(rows))
    for label, colour, counts in (
        ("all points", HUE, [row.whole for row in rows]),
        ("some", MID, [row.part for row in rows]),
        ("none", WRONG, [row.nothing for row in rows]),
    ):
        share = 100 * np.array(counts) / submissions
        axes.barh(np.arange(len(rows)), share, left=left, height=0.7, color=colour, label=label)
        left += share
    axes.set_yticks(np.arange(len(rows)), [row.label for row in rows])
    axes.margins(y=0.01)
    axes.invert_yaxis()
    axes.set(xlim=(0, 100), xlabel="% of submissions")
    axes.grid(visible=False, axis="y")
    legend = axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False, fontsize=9)
    for text in legend.get_texts():
        text.set_color(INK)
    told = [
        f"{row.title}: {row.whole} all, {row.part} some, {row.nothing} none of {row.graded}" for row in rows
    ]
    return _svg(figure, "exercises", f"Points per exercise. {'; '.join(told)}.")


def time_chart(seconds: Sequence[float]) -> Markup:
    """How long grading a submission took."""
    figure, axes = _figure(3.0)
    axes.hist(seconds, bins=min(20, max(5, len(seconds) // 3)), color=HUE, rwidth=0.9)
    axes.set(xlabel="seconds to run and check", ylabel="submissions", xlim=(0, None))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    told = f"median {np.median(seconds):.2f} s, longest {max(seconds):.2f} s"
    return _svg(figure, "seconds", f"Submissions by the time that grading took: {told}.")


def _figure(height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(5.6, height), layout="constrained")
    figure.patch.set_visible(False)
    axes = figure.add_subplot()
    axes.patch.set_visible(False)
    axes.set_axisbelow(True)
    axes.grid(color=LINE, linewidth=0.8)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(INK)
    axes.tick_params(colors=INK, labelsize=9)
    for label in (axes.xaxis.label, axes.yaxis.label):
        label.set_color(INK)
        label.set_fontsize(9.5)
    return figure, axes


def _svg(figure: Figure, name: str, alternative: str) -> Markup:
    """The figure as an SVG element with its text alternative; its ids differ from other figures'."""
    stream = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name, "font.family": "sans-serif"}):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    drawn = stream.getvalue()
    drawn = drawn[drawn.index("<svg") :]
    drawn = re.sub(r"<metadata>.*?</metadata>", "", drawn, flags=re.DOTALL)
    # Those that are referred to, of markers and clip paths, have the salt in their digest already.
    drawn = re.sub(r'\bid="(?![mp][0-9a-f]{10}")([^"]*)"', rf'id="{name}-\1"', drawn)
    for stand_in, colour in _COLOURS.items():
        drawn = drawn.replace(stand_in, colour)
    attributes = f'role="img" aria-label="{escape(alternative)}"'
    return Markup(drawn.replace("<svg", f"<svg {attributes}", 1))
