"""What grading one submission leaves in a process: nothing, or the process does not grade the next one.

Student code never runs there. What could be left is left by the course's code, which a student's values go
through, or by ours. So a process is kept for releases alone whose code, to anybody who reads it, uses nothing
but libraries that keep nothing (``leaves_no_trace``). After each submission the process is compared with what
it was before (:class:`Traces`): there is no object more that Python's collector knows, and no module, file,
thread, setting or name differs. A process that finds a difference says so, and is not kept.
"""

from __future__ import annotations

import ast
import contextlib
import contextvars
import enum
import gc
import importlib
import importlib.util
import locale
import os
import pkgutil
import random
import re
import signal
import sys
import threading
import tracemalloc
import types
import warnings
import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from nbformat.notebooknode import NotebookNode

import course_lib.gradcheck
import course_lib.grading
from autograder.grader_side.magics import python_of
from autograder.grader_side.scope import name_below
from autograder.remembered import forget_the_rest, keep_what_is_known
from autograder.roles import facts_of, is_answer, is_checked, is_setup
from course_lib.grading import set_run_seed

try:
    import resource
except ImportError:  # not on Windows, where nothing is kept
    resource = None  # type: ignore[assignment]

OURS = "course_lib"
# Libraries that keep nothing of what they are given, but for what Traces compares or puts back.
_KEEP_NOTHING = """
    __future__ abc bisect cmath collections contextlib copy course_lib
    dataclasses datetime enum fractions functools heapq itertools math
    numbers numpy operator random re statistics string textwrap time
    tracemalloc types typing
"""
KEEP_NOTHING = frozenset(_KEEP_NOTHING.split())
# By these names and attributes, code reaches what its text does not say.
_REACH_FAR = """
    __builtins__ __defaults__ __dict__ __globals__ __import__ __kwdefaults__
    __subclasses__ breakpoint compile delattr eval exec globals input
    locals open setattr vars
"""
REACH_FAR = frozenset(_REACH_FAR.split())
_COMPARED = f"{OURS} builtins numpy numpy.linalg numpy.random numpy.testing"
COMPARED = frozenset(_COMPARED.split())
_LIMITED = "RLIMIT_CPU RLIMIT_FSIZE RLIMIT_NOFILE"
LIMITED = _LIMITED.split()


def leaves_no_trace(notebooks: Iterable[NotebookNode]) -> bool:
    """Whether what runs of a release on this side, read as text, changes only what is its own."""
    return all(_is_traceless(statements) for notebook in notebooks for statements in _on_this_side(notebook))


def _on_this_side(notebook: NotebookNode) -> Iterator[list[ast.stmt] | None]:
    """The statements of each notebook's cells that may run here, all together; None for what is no Python."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    only_imports = any(map(is_setup, code))
    found: list[ast.stmt] = []
    for cell in code:
        whole = is_checked(cell) or is_setup(cell) or not (only_imports or is_answer(cell))
        texts = [python_of(cell.source)[0], *facts_of(cell).get("imports", ())]
        try:
            statements = [statement for text in texts for statement in ast.parse(text).body]
        except (SyntaxError, ValueError):
            yield None
            continue
        found += [item for item in statements if whole or isinstance(item, ast.Import | ast.ImportFrom)]
    yield _without_installing(found)


def _without_installing(statements: list[ast.stmt]) -> list[ast.stmt]:
    """Less what would install a package if it were missing (``sources.install``), for here it is not."""
    rest = [statement for statement in statements if not _installs_what_is_there(statement)]
    if rest == statements:
        return statements
    others = [statement for statement in rest if not _imports_the_search_for_packages(statement)]
    names = {part.id for other in others for part in ast.walk(other) if isinstance(part, ast.Name)}
    return statements if "importlib" in names else others


def _imports_the_search_for_packages(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import) and ast.unparse(statement) == "import importlib.util"


def _installs_what_is_there(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.If) or statement.orelse:
        return False
    asked = re.fullmatch(r"importlib\.util\.find_spec\('(\w+)'\) is None", ast.unparse(statement.test))
    return asked is not None and importlib.util.find_spec(asked[1]) is not None


def _is_traceless(statements: list[ast.stmt] | None) -> bool:
    if statements is None:
        return False
    parts = [part for statement in statements for part in ast.walk(statement)]
    imported = {
        alias.asname or alias.name.partition(".")[0]
        for part in parts
        if isinstance(part, ast.Import | ast.ImportFrom)
        for alias in part.names
    }
    return not any(_may_leave_something(part, imported) for part in parts)


def _may_leave_something(part: ast.AST, imported: set[str]) -> bool:
    match part:
        case ast.Import(names=names):
            return any(alias.name.partition(".")[0] not in KEEP_NOTHING for alias in names)
        case ast.ImportFrom(module=module, level=level):
            return bool(level) or str(module).partition(".")[0] not in KEEP_NOTHING
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in REACH_FAR:
            return True
        case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
            return name_below(part) in imported
    return False


class Traces:
    """What a process is like before its first submission; made there, when it is ready for that."""

    def __init__(self) -> None:
        keep_what_is_known()
        set_run_seed(0)
        self._random = random.getstate(), np.random.get_state()  # noqa: NPY002 (a course may use it)
        self._before = _settings()

    def following(self, work: Callable[..., bytes], *arguments: Any) -> tuple[bytes, bool]:
        """What ``work`` returns, and whether the process is then as it was before."""
        gc.collect()
        gc.freeze()  # what is there now is no trace
        random.setstate(self._random[0])
        np.random.set_state(self._random[1])  # noqa: NPY002
        # A copy, for settings that NumPy and others keep in the context.
        found = contextvars.copy_context().run(work, *arguments)
        forget_the_rest()
        set_run_seed(0)  # which forgets the last run's outcomes
        return found, self._has_the_same_settings() and not _objects_since()

    def _has_the_same_settings(self) -> bool:
        before, now = self._before, _settings()
        return now.keys() == before.keys() and all(_same(now[name], before[name]) for name in now)


def _objects_since() -> list[Any]:
    """The objects made since the collector's last ``freeze`` that somebody still holds.

    But for what classes know of themselves, which is the same whoever asked first.
    """
    # Python's C code holds the filters that the last warning met.
    with contextlib.suppress(Warning), contextlib.redirect_stderr(None):
        warnings.warn_explicit("", Warning, "", 0)
    gc.collect()
    things = gc.get_objects()  # before the next line makes a function
    return [thing for thing in things if not _is_known_to_a_class(thing)]


def _is_known_to_a_class(thing: Any) -> bool:
    """Whether a thing is a member of one of our enumerations, of several flags perhaps, or belongs to what an
    abstract class remembers of other classes: a weak reference, and the C function for when that is gone.
    """
    if type(thing) is weakref.ReferenceType:
        return isinstance(thing(), type)
    if type(thing) is types.BuiltinFunctionType:
        return thing.__name__ == "_destroy"
    return isinstance(thing, enum.Enum) and type(thing).__module__.startswith(f"{OURS}.")


def _same(now: Any, before: Any) -> bool:
    if isinstance(before, dict):
        return now.keys() == before.keys() and all(now[name] is before[name] for name in before)
    return bool(now == before)


def _settings() -> dict[str, Any]:
    """What code may change in a process that is no new object: dicts are compared item by item."""
    looked_into = [name for name in sys.modules if name in COMPARED or name.startswith(f"{OURS}.")]
    return {
        **{f"names in {name}": dict(vars(sys.modules[name])) for name in looked_into},
        "modules": dict(sys.modules),
        "descriptors": os.listdir("/proc/self/fd"),
        "threads": threading.enumerate(),
        "directory": os.getcwd(),
        "environment": sorted(os.environ.items()),
        "limits": [resource.getrlimit(getattr(resource, limit)) for limit in LIMITED],
        "alarms": signal.getitimer(signal.ITIMER_REAL),
        "answers to signals": {number: signal.getsignal(number) for number in signal.valid_signals()},
        "search path": [list(sys.path), list(sys.path_hooks), list(sys.meta_path), sys.dont_write_bytecode],
        "hooks": [sys.excepthook, sys.displayhook, sys.gettrace(), sys.getprofile(), sys.unraisablehook],
        "streams": [sys.stdin, sys.stdout, sys.stderr],
        "depth": sys.getrecursionlimit(),
        "collector": [gc.isenabled(), gc.get_threshold(), gc.get_debug(), len(gc.callbacks)],
        "filters": list(warnings.filters),
        "numbers": [np.geterr(), np.get_printoptions(), np.geterrcall()],
        "language": locale.setlocale(locale.LC_ALL),
        "tracing of memory": tracemalloc.is_tracing(),
    }


def import_checker() -> None:
    """Import what checks and NumPy import when it is needed, and not before."""
    importlib.import_module("numpy.ma")
    for package in (course_lib.gradcheck, course_lib.grading):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            with contextlib.suppress(ImportError):  # of what a notebook alone has
                importlib.import_module(module.name)


def import_ahead(notebook: NotebookNode) -> None:
    """Import what the release's code imports, once and not for each submission or fork."""
    for statements in _on_this_side(notebook):
        for part in (part for statement in statements or () for part in ast.walk(statement)):
            if isinstance(part, ast.Import | ast.ImportFrom):
                with contextlib.suppress(Exception):  # said where it is run
                    exec(compile(ast.Module([part], []), "<imports>", "exec"), {})
