"""Decision boundaries under a slider, or in a grid where sliders do not run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

from course_lib.viz.boundary import Predict, draw_boundaries, draw_boundary
from course_lib.viz.picture import Picture
from course_lib.viz.slides import Setting, display_under_sliders, sliders, widgets_run


class Exploration:
    """One trained classifier per setting; what :func:`explore` returns and a notebook shows.

    Where ipywidgets is installed and a kernel runs, sliders choose the setting to look at. Below them, and
    alone anywhere else, stands ``grid``, the picture of all settings at once: a page saved from a notebook
    keeps it, while sliders need a kernel.
    """

    def __init__(self, names: Sequence[str], predictors: dict[Setting, Predict], X: Any, y: Any) -> None:
        self.names = tuple(names)
        self.predictors = predictors
        self._points = X, y
        titled = {self._title(setting): predict for setting, predict in predictors.items()}
        self.grid = draw_boundaries(titled, X, y, columns=len({setting[-1] for setting in predictors}))

    def picture(self, *setting: Any) -> Picture:
        """Return the picture of one setting: a value for each name, in order."""
        return draw_boundary(self.predictors[setting], *self._points, title=self._title(setting))

    def _title(self, setting: Setting) -> str:
        return ", ".join(f"{name} {value}" for name, value in zip(self.names, setting, strict=True))

    def _sliders(self) -> Any:
        return sliders(
            self.names, {setting: self.picture(*setting)._repr_html_() for setting in self.predictors}
        )

    def _ipython_display_(self) -> None:
        from IPython.display import display

        if widgets_run():
            display_under_sliders(self._sliders())
        display(self.grid)

    def __repr__(self) -> str:
        return repr(self.grid)


def explore(fit: Callable[..., Predict], X: Any, y: Any, **choices: Sequence[Any]) -> Exploration:
    """Train a classifier for every combination of ``choices`` and show their decision boundaries.

    ``fit`` is called with one keyword per choice and returns a function from points (M, 2) to classes (M,);
    ``X`` (N, 2) and ``y`` (N,) are the points to show. Of two choices the first makes the grid's rows, the
    second its columns. Raises ValueError unless there are one or two.
    """
    if len(choices) not in (1, 2):
        raise ValueError(f"explore takes one or two choices, such as hidden=(3, 6, 20), got {len(choices)}")
    settings = list(product(*choices.values()))
    predictors = {setting: fit(**dict(zip(choices, setting, strict=True))) for setting in settings}
    return Exploration(tuple(choices), predictors, X, y)
