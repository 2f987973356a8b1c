"""Commands as an instructor runs them, each in a fork of a process that has imported what they import.

Most of what `course report` of a small class costs is imports. A command has a process of its own here too,
with its own directory, environment and streams, and runs the installed script. That one which has imported
nothing before does the same is told by test_through_nbgrader.py, test_packages.py and others.
"""

import atexit
import functools
import gc
import json
import os
import runpy
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

from typer.testing import CliRunner

from autograder.student_side.forked import fork

SCRIPTS = Path(sys.executable).parent
OURS = ("plugins.grading", "plugins.rebuilding", "plugins.taking_in", "plugins.feedback")
IMPORTED = {
    "course": ("workers.put_off", "cli", "batch.run", "report", "exports", "doctor", "protection.check"),
    "nbgrader": OURS,
}


def command(root, program, *arguments, ok=(0,)):
    """What an installed script says that is run in the directory ``root``."""
    environment = {**os.environ, "PATH": f"{SCRIPTS}:{os.environ['PATH']}"}
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as said:
        forking = _forking(program)
        request = [str(root), environment, said.name, [str(SCRIPTS / program), *map(str, arguments)]]
        forking.stdin.write(json.dumps(request) + "\n")
        forking.stdin.flush()
        status, text = int(forking.stdout.readline()), said.read()
    assert status in ok, text
    return text


def course_here(*arguments):
    """The exit status of `course` with these arguments, run in this process."""
    with patch.object(sys, "argv", ["course", *map(str, arguments)]):
        try:
            import_module("autograder.cli").main()
        except SystemExit as ended:
            return ended.code


@functools.cache
def _forking(program):
    line = [sys.executable, __file__, program]
    process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(process.communicate)
    return process


def _serve(program):
    """Run each command that is asked for in a fork; say its exit status."""
    if program == "nbgrader":
        import_module("nbgrader.apps.nbgraderapp")
    for name in IMPORTED[program]:
        import_module(f"autograder.{name}")
    if program == "course":  # what Typer imports when it reads its first line
        CliRunner().invoke(import_module("autograder.cli").app, ["report", "nothing", "--course", os.devnull])
    gc.freeze()  # no fork looks through it, and copies it by that
    for line in sys.stdin:
        child = fork()
        if child == 0:
            _run(*json.loads(line))
            return
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _run(root, environment, said, line):
    os.chdir(root)
    os.environ.clear()
    os.environ.update(environment)
    for source, target in ((os.open(os.devnull, os.O_RDONLY), 0), (os.open(said, os.O_WRONLY), 1), (1, 2)):
        os.dup2(source, target)
    sys.argv = line
    sys.path[0] = str(SCRIPTS)
    runpy.run_path(line[0], run_name="__main__")


if __name__ == "__main__":
    _serve(sys.argv[1])
