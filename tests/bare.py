"""Machines that lack something, made of this one: programs, a part of the kernel, a whole system."""

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]

RUN = "from autograder.cli import main\nmain()\n"
NO_LANDLOCK = """
from autograder.student_side import landlock
landlock.why_not = lambda: "this kernel has no Landlock (it came with Linux 5.13)"
"""
# What belongs to Linux, or to Unix, is gone for our own modules and for all that runs after their import;
# other people's libraries, which know better than we what a system has, are imported before.
ANOTHER_SYSTEM = """
import builtins, importlib, os, pkgutil, signal, socket, sys
import autograder.workers.put_off
for library in ("nbgrader.apps", "nbgrader.api", "matplotlib.pyplot", "IPython", "rich.progress",
                "typer.main",
                "jupytext", "nbconvert.exporters", "numpy.testing", "networkx", "asyncio", "subprocess",
                "sqlite3",
                "multiprocessing.connection", "nbgrader.converters", "zmq", "jupyter_client.manager"):
    importlib.import_module(library)
BLOCKED = {"fcntl", "resource", "pwd", "grp", "termios", "pty"}
importing = builtins.__import__

def ours_without(name, globals=None, locals=None, fromlist=(), level=0):
    importer = (globals or {}).get("__name__", "")
    if name.partition(".")[0] in BLOCKED and importer.partition(".")[0] in ("autograder", "course_lib"):
        raise ImportError(f"{name} is not there on this system")
    return importing(name, globals, locals, fromlist, level)

builtins.__import__ = ours_without
for module, names in ((os, ("fork", "forkpty", "sched_getaffinity", "sched_setaffinity",
                           "memfd_create", "setsid")),
                      (signal, ("SIGALRM", "setitimer", "ITIMER_REAL")),
                      (socket, ("AF_UNIX", "SOCK_SEQPACKET", "send_fds", "recv_fds"))):
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
sys.platform = "win32"  # ours asks only whether it is "linux"
"""


def path_without(folder, *programs):
    """A PATH of one new directory with all programs but these."""
    folder.mkdir()
    for place in reversed(os.environ["PATH"].split(os.pathsep)):
        for program in Path(place).iterdir() if Path(place).is_dir() else ():
            if program.name not in programs:
                link = folder / program.name
                link.unlink(missing_ok=True)
                link.symlink_to(program)
    return str(folder)


def course(arguments, before="", **environment):
    """`course` with these arguments in a process of its own, which first runs the code ``before``."""
    line = [sys.executable, "-c", before + RUN, *map(str, arguments)]
    env = {**os.environ, **environment}
    return subprocess.run(line, cwd=REPOSITORY, env=env, capture_output=True, text=True, check=False)


def nbgrader(arguments, course_root, **environment):
    """Plain `nbgrader`, in a course."""
    line = [sys.executable, "-m", "nbgrader", *map(str, arguments)]
    env = {**os.environ, **environment}
    return subprocess.run(line, cwd=course_root, env=env, capture_output=True, text=True, check=False)
