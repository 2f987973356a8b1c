"""A check as a small page for a notebook, readable in light and dark themes.

Text takes the theme's own colour; red, green and amber are only used as translucent backgrounds and borders.
"""

import html
from collections.abc import Iterable, Sequence

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.report import (
    entries_lines,
    groups,
    headline,
    kink_sentences,
    line_sentences,
    passed_line,
    reason_line,
)
from course_lib.gradcheck.results import ArgumentCheck, GradientCheck
from course_lib.gradcheck.text import entry

#: Border colours by verdict: right, wrong, and nothing concluded.
BORDERS = {True: "#2e9e44", False: "#d64545", None: "#d19a1f"}

#: A heat map has at most this many rows and columns; of a larger gradient it shows the corner.
LARGEST_MAP = 32

#: Errors are coloured on a logarithmic scale; this many times the allowed error is the full colour.
FULL_COLOUR = 1e6

CELL = "width:11px;height:11px;padding:0;border:1px solid rgba(128,128,128,.35);background:{}"


def html_report(check: GradientCheck) -> str:
    """Return the report of a check as an HTML fragment; everything a student controls is escaped."""
    style = f"border-left:4px solid {BORDERS[check.passed]};padding:2px 0 2px 10px;line-height:1.45"
    return f'<div style="{style}">{"".join(_blocks(check))}</div>'


def _blocks(check: GradientCheck) -> Iterable[str]:
    if not check.arguments:
        yield _line(f"{check.function}: {check.message}", bold=True)
    for k, group in enumerate(groups(check)):
        yield from _group_blocks(check, group)
        if k == 0:
            yield from (_line(text, bold=i == 0) for i, text in enumerate(line_sentences(check)))
    if check.passed:
        yield _line(passed_line(check), bold=True)
    for sentence in (*kink_sentences(check), *check.notes):
        yield _line(sentence, faint=True)
    if not check.passed:
        yield _line(f"inputs: {check.inputs}", faint=True)


def _group_blocks(check: GradientCheck, group: Sequence[ArgumentCheck]) -> Iterable[str]:
    yield _line(headline(check.function, group), bold=True)
    yield from (_line(text) for text in entries_lines(group))
    if reason := reason_line(check, group[0]):
        yield _line(reason)
    for argument in group:
        if argument.error_map is not None and argument.error_map.ndim in (1, 2) and argument.wrong:
            yield _heat_map(argument.name, argument.error_map)


def _line(text: str, bold: bool = False, faint: bool = False) -> str:
    style = "font-weight:600" if bold else "opacity:.75" if faint else ""
    return f'<div style="{style}">{html.escape(text)}</div>'


def _heat_map(name: str, errors: FloatArray) -> str:
    """Draw the error of each entry: green where it is allowed, red the stronger the more it is not."""
    shown = np.atleast_2d(errors)[:LARGEST_MAP, :LARGEST_MAP]
    rows = []
    for i, row in enumerate(shown):
        cells = []
        for j, ratio in enumerate(row):
            index = (i, j) if errors.ndim == 2 else (j,)
            title = html.escape(f"{entry(name, index)}: {_in_words(float(ratio))}")
            cells.append(f'<td title="{title}" style="{CELL.format(_colour(float(ratio)))}"></td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    caption = "error of each entry, green where it is allowed"
    if shown.size < errors.size:
        caption += f" (the first {shown.shape[0]} x {shown.shape[1]} of {' x '.join(map(str, errors.shape))})"
    table = f'<table style="border-collapse:collapse;margin:4px 0;width:auto">{"".join(rows)}</table>'
    return f"{table}{_line(caption, faint=True)}"


def _in_words(ratio: float) -> str:
    return f"{ratio:.1g} x the allowed error" if np.isfinite(ratio) else "not looked at"


def _colour(ratio: float) -> str:
    if not np.isfinite(ratio):
        return "transparent"
    if ratio <= 1:
        return "rgba(46,158,68,.35)"
    strength = 0.25 + 0.75 * min(1.0, float(np.log(ratio) / np.log(FULL_COLOUR)))
    return f"rgba(214,69,69,{strength:.2f})"
