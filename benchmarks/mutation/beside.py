"""The tests beside a file, run on small changes of it in forks.

A first run, on the file as it is, notes which test runs which piece of the file, and how long each takes. A
mutant then meets only the tests that run its piece: first those that noticed a change of it, then the quick
ones. The tests are collected once; each mutant is a fork in which one function has other code. What runs when
the file is imported cannot be changed like this: such a mutant has a run of its own.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import ctypes
import functools
import gc
import importlib
import json
import mmap
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType

import hypothesis
import pytest

from mutation.changed_code import OURS, Changed, load, replace
from mutation.own import RAN, Change, instrumented

PYTEST = ["-x", "-q", "-p", "no:cacheprovider", "--tb=no", "--assert=plain"]
PYTEST += ["-o", "addopts=--strict-markers --import-mode=importlib"]
PYTEST += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
MOST_TESTS = 2000
MEMORY = 4 << 30
CLONE_NEWNS = 0x00020000
MS_RDONLY, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 32, 4096, 16384, 1 << 18
Mutant = tuple[Change, str]
# what came of a mutant: a test failed (its number, counted from 1), or one of these
SURVIVED, ENDED, UNFIT = 0, 65535, 65534


@dataclass
class Beside:
    """A file and the tests beside it, in `files`: `tests` are their ids, `runs` the pieces that each runs.

    `always` are the pieces that run outside of tests, in fixtures that several share or at the import;
    `only_before` are those of them that run in no test.
    """

    root: Path
    path: Path
    files: Sequence[Path]
    tests: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    runs: list[set[int]] = field(default_factory=list)
    always: set[int] = field(default_factory=set)
    only_before: set[int] = field(default_factory=set)
    ours: list[str] = field(default_factory=list)
    noticed: Counter[tuple[int, int]] = field(default_factory=Counter)  # (piece, test)

    @property
    def module(self) -> str:
        """What the file is imported as."""
        return ".".join(self.path.relative_to(self.root).with_suffix("").parts)

    def learn(self, seconds: int) -> bool:
        """Run the tests on the file as it is; return False where they fail."""
        tree, pieces = instrumented(self.path.read_text())
        shared = mmap.mmap(-1, (MOST_TESTS + 1) * pieces)
        with tempfile.TemporaryDirectory() as folder:
            notes = Path(folder) / "notes.json"
            plugin = _Learning(shared, pieces, notes, self.module)
            if _status(_forked(lambda: self._run_pytest(tree, plugin), seconds, seconds)):
                return False
            said = json.loads(notes.read_text())
        self.tests, self.seconds = said["tests"], said["seconds"]
        rows = [shared[row * pieces : (row + 1) * pieces] for row in range(len(self.tests) + 1)]
        known = [{piece for piece, byte in enumerate(row) if byte} for row in rows]
        self.always, self.runs = {0} | known[0], known[1:]
        self.only_before = self.always.difference(*self.runs)
        self.ours = [name for name in said["modules"] if name.split(".")[0] in OURS]
        load(said["modules"])
        return True

    def notice(self, mutants: Sequence[Mutant], workers: int) -> list[bool]:
        """Whether a test fails, or never ends, for each mutant of the file."""
        outcomes = memoryview(mmap.mmap(-1, 2 * max(len(mutants), 1))).cast("H")
        trying = _Trying(self, mutants, outcomes, workers)
        source = self.path.read_text()
        if _status(_forked(lambda: self._run_pytest(source, trying), 10**6, 10**6)):
            raise RuntimeError(f"the tests of {self.path.name} could not be collected again")
        for number, (change, text) in enumerate(mutants):
            if outcomes[number] == UNFIT or (change.piece in self.only_before and self.tests):
                outcomes[number] = SURVIVED
                single = _Single(self, change, outcomes, number)
                pid = _forked(
                    lambda text=text, plugin=single: self._run_pytest(text, plugin), *self.limits(change)
                )
                if _status(pid) and not 0 < outcomes[number] < UNFIT:
                    outcomes[number] = ENDED
        return [outcome != SURVIVED for outcome in outcomes[: len(mutants)]]

    def chosen(self, change: Change) -> list[int]:
        """The tests that a mutant meets, in the order in which they are run."""
        everywhere = change.piece in self.always
        chosen = [k for k in range(len(self.tests)) if everywhere or change.piece in self.runs[k]]
        return sorted(chosen, key=lambda k: (-self.noticed[change.piece, k], self.seconds[k]))

    def limits(self, change: Change) -> tuple[int, int]:
        """Seconds of the processor and of the clock for a mutant: several times what its tests take."""
        usual = sum(self.seconds[test] for test in self.chosen(change))
        return int(4 + 4 * usual), int(60 + 20 * usual)

    def _run_pytest(self, source: str | ast.Module, plugin: object) -> int:
        sys.meta_path.insert(0, Changed(self.module, self.path, source))
        hypothesis.settings.register_profile(
            "mutants", database=None, derandomize=True, phases=["generate", "explicit"]
        )
        hypothesis.settings.load_profile("mutants")
        return int(pytest.main([*PYTEST, *map(str, self.files)], plugins=[plugin]) != 0)


def _forked(work: Callable[[], int], cpu: int, wall: int) -> int:
    """Do some work in a fork with limits, in a process group of its own; return its process id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.setsid()
        _have_own_mounts()
        signal.alarm(wall)  # its default action ends the process
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        if not os.environ.get("OWN_MUTANTS_SHOW"):
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
        os.environ["PYTEST_DEBUG_TEMPROOT"] = folder = tempfile.mkdtemp()
        try:
            code = work()
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os._exit(code)


def _have_own_mounts() -> None:
    """As root, have mounts that end with the mutant, and a /dev that keeps its null: one removed it."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if (
        libc.unshare(CLONE_NEWNS)
        or libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)
        or libc.mount(b"/dev", b"/dev", None, MS_BIND | MS_REC, None)
        or libc.mount(b"none", b"/dev", None, MS_BIND | MS_REMOUNT | MS_RDONLY, None)
    ):
        raise OSError(ctypes.get_errno(), "a mutant cannot have mounts of its own")


def _status(pid: int) -> int:
    """Wait for a fork, and end what it started and a limit left behind."""
    status = os.waitpid(pid, 0)[1]
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    return status


class _Learning:
    """Notes which piece runs in which test: a byte of shared memory for each pair, so that forks note too."""

    def __init__(self, shared: mmap.mmap, pieces: int, notes: Path, module: str) -> None:
        self._said: dict[str, list] = {"tests": [], "seconds": [], "modules": []}
        self._row = 0
        self._notes, self._module = notes, module

        def ran(piece: int) -> None:
            shared[self._row * pieces + piece] = 1

        setattr(builtins, RAN, ran)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self._said["tests"].append(item.nodeid)
        self._row = len(self._said["tests"])
        _forget(self._module)
        started = time.process_time()
        try:
            return (yield)
        finally:
            self._said["seconds"].append(time.process_time() - started)
            self._row = 0

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef):
        row = self._row
        self._row = row if fixturedef.scope == "function" else 0
        try:
            return (yield)
        finally:
            self._row = row

    def pytest_sessionfinish(self):
        self._notes.write_text(json.dumps({**self._said, "modules": list(sys.modules)}))


def _forget(module: str) -> None:
    """What the functions of a module remember keeps the tests that come later from running their pieces."""
    for known in list(vars(sys.modules.get(module, builtins)).values()):
        if isinstance(known, functools._lru_cache_wrapper):
            known.cache_clear()
    if "autograder.remembered" in sys.modules:
        sys.modules["autograder.remembered"].forget_the_rest()


class _Single:
    """Runs the tests that one mutant meets, in their order, and says which failed first."""

    def __init__(self, beside: Beside, change: Change, outcomes: memoryview, number: int) -> None:
        self._beside, self._change, self._outcomes, self._number = beside, change, outcomes, number

    def pytest_collection_modifyitems(self, items):
        order = {
            self._beside.tests[test]: place for place, test in enumerate(self._beside.chosen(self._change))
        }
        chosen = [item for item in items if item.nodeid in order]
        items[:] = sorted(chosen, key=lambda item: order[item.nodeid])

    def pytest_runtest_logreport(self, report):
        if report.failed and not self._outcomes[self._number]:
            self._outcomes[self._number] = self._beside.tests.index(report.nodeid) + 1


class _Trying:
    """In place of running the collected tests: a fork for each mutant, some at a time."""

    def __init__(self, beside: Beside, mutants: Sequence[Mutant], outcomes: memoryview, workers: int) -> None:
        self._beside, self._mutants, self._outcomes, self._workers = beside, mutants, outcomes, workers

    def pytest_runtestloop(self, session):
        path = str(self._beside.path)
        for name in self._beside.ours:  # what is imported late, once for all forks
            importlib.import_module(name)
        gc.unfreeze()  # what tests/conftest.py froze is not among the objects else
        functions = [
            known
            for known in gc.get_objects()
            if isinstance(known, FunctionType) and known.__code__.co_filename == path
        ]
        items = {item.nodeid: item for item in session.items}
        gc.collect()
        gc.freeze()
        running: dict[int, int] = {}
        for number, (change, text) in enumerate(self._mutants):
            chosen = self._beside.chosen(change)
            if change.piece in self._beside.only_before or not chosen:
                continue
            while len(running) >= self._workers:
                self._wait(running)

            def work(number=number, text=text, chosen=chosen):
                if not replace(functions, compile(text, path, "exec")):
                    self._outcomes[number] = UNFIT
                    return 0
                return self._run(number, session, [items[self._beside.tests[k]] for k in chosen])

            running[_forked(work, *self._beside.limits(change))] = number
        while running:
            self._wait(running)
        return True

    def _wait(self, running: dict[int, int]) -> None:
        pid = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT).si_pid
        status, number = _status(pid), running.pop(pid)
        outcome = self._outcomes[number]
        if 0 < outcome < UNFIT:
            self._beside.noticed[self._mutants[number][0].piece, outcome - 1] += 1
        elif status:
            self._outcomes[number] = ENDED

    def _run(self, number: int, session: pytest.Session, items: list[pytest.Item]) -> int:
        session.config.pluginmanager.register(
            _Single(self._beside, self._mutants[number][0], self._outcomes, number)
        )
        for item, after in zip(items, [*items[1:], None], strict=True):
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if self._outcomes[number]:
                session._setupstate.teardown_exact(None)  # what several tests share may hold processes
                return 1
        return 0
