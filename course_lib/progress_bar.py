"""A progress bar for long loops, where somebody is watching."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from typing import Any, TypeVar

T = TypeVar("T")

#: Seconds before a bar appears: a loop that is done by then needs none.
DELAY = 1.0


def watched(steps: Iterable[T], label: str = "", *, total: int | None = None) -> Iterator[T]:
    """Yield from ``steps``, under a progress bar if they take long and somebody is watching.

    Somebody is watching in a notebook whose cells are run by hand. In one that is executed or graded from
    beginning to end, in a script and in a test there is no bar, and no output of any kind. A bar appears
    after ``DELAY`` seconds and goes away at the end. ``total`` is the number of steps, where ``len(steps)``
    does not tell it.
    """
    if not somebody_watches():
        yield from steps
        return
    # here, not above: most who import the library never see a bar
    if find_spec("ipywidgets"):
        from tqdm.notebook import tqdm
    else:
        from tqdm.std import tqdm
    yield from tqdm(steps, desc=label or None, total=total, delay=DELAY, leave=False)


def somebody_watches() -> bool:
    """Whether this cell runs in a kernel whose front end lets a person type.

    That is what nbclient, nbconvert and papermill do not offer, and JupyterLab, Notebook and VS Code do.
    """
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        return False
    request: dict[str, Any] = kernel.get_parent() or {}  # no channel: a browser's kernel takes none
    return bool(request.get("content", {}).get("allow_stdin", False))
