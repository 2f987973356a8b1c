"""What a graded cell finds around it: as in a kernel, but for stderr, and for what ends its threads."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from types import ModuleType

BACKEND = "MPLBACKEND"


@contextlib.contextmanager
def kept_out_of_the_output(printed: io.StringIO) -> Iterator[None]:
    """Have what is printed collected, and what is written to stderr nowhere.

    A line there would cost all points at nbgrader's, wherever it came from.
    """
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(record=True),
    ):
        warnings.simplefilter("default")
        yield


@contextlib.contextmanager
def standing_for_main(module: ModuleType) -> Iterator[None]:
    """Have a module be the program's, as in a notebook.

    ``unittest.main`` and ``doctest.testmod`` find no test in any other, and pass.
    """
    before = sys.modules.get("__main__")
    sys.modules["__main__"] = module
    try:
        yield
    finally:
        if before is not None:
            sys.modules["__main__"] = before


@contextlib.contextmanager
def drawing_on_no_screen() -> Iterator[None]:
    """Have matplotlib draw for nobody, whatever whoever grades has it draw on.

    A window would wait to be closed, and a name that matplotlib does not know fails all that import it.
    """
    before = os.environ.get(BACKEND)
    os.environ[BACKEND] = "agg"
    try:
        yield
    finally:
        os.environ.pop(BACKEND, None)  # which the cell may have done itself
        if before is not None:
            os.environ[BACKEND] = before


@contextlib.contextmanager
def failing_with_its_threads() -> Iterator[None]:
    """Raise what ended a thread that was started in the block, when that is over.

    Python writes it to stderr, for which nbgrader gives no points, and goes on.
    """
    lost: list[BaseException | type[BaseException]] = []
    before, earlier = threading.excepthook, frozenset(threading.enumerate())

    def note(ended: threading.ExceptHookArgs) -> None:
        # Of SystemExit nobody writes anything; and what an earlier cell left running is not this one's.
        if ended.exc_type is not SystemExit and ended.thread not in earlier:
            lost.append(ended.exc_value or ended.exc_type)

    threading.excepthook = note
    try:
        yield
    finally:
        left = frozenset(threading.enumerate()) - earlier
        # What ends those later is no cell's loss, and nothing to show to whoever grades.
        threading.excepthook = (lambda ended: ended.thread in left or before(ended)) if left else before
    if lost:
        raise lost[0]
