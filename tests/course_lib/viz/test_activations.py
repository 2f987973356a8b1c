from typing import Any

import numpy as np

from course_lib.viz import draw_activations

PAIRS: dict[str, Any] = {
    name: (lambda x, f=f: (f(x), x), lambda dout, x, slope=slope: dout * slope(x))
    for name, (f, slope) in {
        "square": (np.square, lambda x: 2 * x),
        "sine": (np.sin, np.cos),
        "line": (lambda x: 3 * x, lambda x: 3),
        "wave": (np.cos, lambda x: -np.sin(x)),
    }.items()
}


def test_each_panel_shows_the_function_and_its_derivative() -> None:
    figure = draw_activations(PAIRS, low=-1.0, high=2.0).figure
    titles = [ax.get_title() for ax in figure.axes if ax.axison]
    assert titles == list(PAIRS)
    function, derivative = figure.axes[0].lines
    x = function.get_xdata()
    np.testing.assert_allclose(function.get_ydata(), x**2)
    np.testing.assert_allclose(derivative.get_ydata(), 2 * x)
    assert function.get_linestyle() != derivative.get_linestyle()


def test_the_text_names_the_functions_and_between_which_values_they_lie() -> None:
    alt = draw_activations(PAIRS, low=-1.0, high=2.0).alt
    assert "line lies between -3 and 6, its slope between 3 and 3" in alt


def test_one_function_fills_the_figure() -> None:
    assert len(draw_activations({"square": PAIRS["square"]}).figure.axes) == 1
