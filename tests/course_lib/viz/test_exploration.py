from typing import Any

import IPython
import numpy as np
import pytest

from course_lib.viz import explore

X = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
y = np.array([0, 1, 0, 1])


def threshold(at: float, axis: int = 0) -> Any:
    return lambda points: (points[:, axis] > at).astype(int)


def test_without_a_kernel_the_grid_of_all_settings_is_shown(shown: list[Any]) -> None:
    exploration = explore(threshold, X, y, at=(0.5, 2.0), axis=(0, 1))
    exploration._ipython_display_()
    assert shown == [exploration.grid]
    titles = [ax.get_title() for ax in exploration.grid.figure.axes]
    assert titles[:2] == ["at 0.5, axis 0\n100.0% right", "at 0.5, axis 1\n50.0% right"]
    assert len(titles) == 4
    assert "at 0.5, axis 0: 100.0% right" in repr(exploration)


def test_with_a_kernel_sliders_stand_above_the_grid(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ipywidgets")
    shell = type("Shell", (), {"kernel": object()})()
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    exploration = explore(threshold, X, y, at=(0.5, 2.0))
    exploration._ipython_display_()
    sliders, grid = shown
    assert "application/vnd.jupyter.widget-view+json" in sliders
    assert sliders["text/html"] == ""
    assert grid is exploration.grid


def test_turning_a_slider_changes_the_picture() -> None:
    pytest.importorskip("ipywidgets")
    exploration = explore(threshold, X, y, at=(0.5, 2.0), axis=(0, 1))
    at, axis, page = exploration._sliders().children
    assert page.value == exploration.picture(0.5, 0)._repr_html_()
    at.value = 2.0
    assert page.value == exploration.picture(2.0, 0)._repr_html_()
    axis.value = 1
    assert page.value == exploration.picture(2.0, 1)._repr_html_()


@pytest.mark.parametrize("choices", [{}, {"a": (1,), "b": (1,), "c": (1,)}])
def test_one_or_two_choices_are_explored(choices: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="takes one or two choices"):
        explore(threshold, X, y, **choices)
