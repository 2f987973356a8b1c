import matplotlib as mpl
import pytest
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from course_lib.viz.style import (
    FONT_SIZE,
    GRADIENT,
    INK,
    MARGIN,
    MARKERS,
    MUTED,
    PALETTE,
    PAPER,
    RULE,
    VALUE,
    bare,
    dress,
    new_figure,
)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", [INK, MUTED, VALUE, GRADIENT])
def test_text_stands_out_from_the_paper_as_wcag_asks(colour: str) -> None:
    assert (luminance(PAPER) + 0.05) / (luminance(colour) + 0.05) >= 4.5


def test_classes_differ_in_colour_and_in_marker_and_values_from_gradients() -> None:
    assert len(set(PALETTE)) == len(set(MARKERS)) == len(PALETTE) == len(MARKERS) == 6
    assert PALETTE[0] == VALUE != GRADIENT


def test_a_figure_has_its_size_opaque_paper_and_dressed_axes_in_rows_and_columns() -> None:
    before = dict(mpl.rcParams)
    figure, axes = new_figure(2, 3, width=6, height=2)
    assert dict(mpl.rcParams) == before
    assert axes.shape == (2, 3)
    assert (list(figure.get_size_inches()), to_hex(figure.get_facecolor())) == ([6, 2], PAPER)
    assert figure.get_facecolor()[3] == 1.0
    margins = figure.get_layout_engine().get()  # type: ignore[union-attr]
    assert (margins["w_pad"], margins["h_pad"]) == (MARGIN, MARGIN)
    assert [ax.spines["top"].get_visible() for ax in axes.flat] == [False] * 6
    figure, axes = new_figure()
    assert (axes.shape, list(figure.get_size_inches())) == ((1, 1), [8.0, 3.2])


def test_dressed_axes_have_two_spines_a_grid_below_the_data_and_dark_text() -> None:
    ax = Figure().add_subplot()
    dress(ax)
    assert to_hex(ax.get_facecolor()) == PAPER
    assert ax.get_axisbelow() is True
    line = ax.get_xgridlines()[0]
    assert (line.get_visible(), line.get_color(), line.get_linewidth()) == (True, RULE, 0.7)
    shown = {name: to_hex(spine.get_edgecolor()) for name, spine in ax.spines.items() if spine.get_visible()}
    assert shown == {"left": MUTED, "bottom": MUTED}
    for axis in (ax.xaxis, ax.yaxis):
        tick = axis.get_major_ticks()[0]
        assert tick.tick1line.get_color() == tick.label1.get_color() == axis.label.get_color() == INK
        assert tick.label1.get_fontsize() == FONT_SIZE - 1
    assert ax.title.get_color() == INK


def test_bare_axes_are_paper_alone() -> None:
    ax = Figure().add_subplot()
    ax.set_facecolor("red")
    bare(ax)
    assert (to_hex(ax.get_facecolor()), ax.axison) == (PAPER, False)
