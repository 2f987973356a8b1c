"""The ladder: the strongest wall there is, said in one line; below it Landlock; below that refusal."""

import json
import subprocess
import sys
import textwrap

import pytest
from ordinary_user import REPOSITORY, as_ordinary_user

from autograder.grader_side import command, sandbox, visible
from autograder.grader_side.errors import SandboxError
from autograder.grader_side.grader import Grader
from autograder.grader_side.limits import Limits
from autograder.student_side import landlock, seccomp
from autograder.student_side.packages import NONE

UNDER_LANDLOCK = """
import json, os, sys
sys.path.insert(0, {repository!r})
from nbformat.v4 import new_code_cell, new_notebook
from autograder.grader_side.grader import Grader
from autograder.grader_side.limits import Limits
role = {{"schema_version": 3, "grade": True, "solution": False, "locked": True, "grade_id": "g", "points": 1}}
student = '''
import ctypes, fcntl, os, socket, subprocess
libc = ctypes.CDLL(None, use_errno=True)
def shared_memory():
    if libc.shmget(7391, 4096, 0o1600) < 0:
        raise OSError(ctypes.get_errno(), "shmget")
def tries(action, *arguments):
    try:
        return str(action(*arguments))[:20]
    except OSError as error:
        return type(error).__name__
def all_tries(course, grader):
    daemon = subprocess.Popen(["sleep", "3600.77"])
    return {{
        "course": tries(open, course),
        "proc": tries(os.listdir, "/proc"),
        "write": tries(open, "/tmp/new-by-student", "w"),
        "left": os.path.exists("new"),
        "scratch": tries(open, "new", "w"),
        "memory": tries(shared_memory),
        "signal": tries(fcntl.fcntl, 1, fcntl.F_SETOWN, grader),
        "network": tries(socket.socket, socket.AF_INET),
        "unix": tries(socket.socket, socket.AF_UNIX),
        "kill": tries(os.kill, grader, 0),
        "session": tries(os.setsid),
        "numpy": str(__import__("numpy").ones(2).sum()),
        "reference": tries(lambda: __import__("course_lib.reference")),
    }}
'''
secret = {repository!r} + "/pyproject.toml"
graded = f"import builtins\\nbuiltins.seen = all_tries({{secret!r}}, {{os.getpid()}})\\n1.0"
cells = [new_code_cell(student), new_code_cell(graded, metadata={{"nbgrader": role}})]
with Grader(Limits(), sandbox="landlock") as grader:
    for _ in range(2):
        result = grader.grade(new_notebook(cells=cells), seed=0)
    running = [p for p in os.listdir("/proc") if p.isdigit() and command_line(p) == b"sleep\\x003600.77\\x00"]
    import builtins
    print(json.dumps([grader.in_force, builtins.seen, result.outcomes["g"].points, running]))
"""
COMMAND_LINE = """
def command_line(pid):
    try:
        return open(f"/proc/{pid}/cmdline", "rb").read()
    except OSError:
        return b""
"""


@pytest.mark.sandbox
def test_what_protects_is_said_in_one_line(grader):
    assert grader.in_force.startswith("bubblewrap, user ")
    for part in ("no network", "read-only", "for each notebook", "system calls filtered", "2048 MB"):
        assert part in grader.in_force
    assert "\n" not in grader.in_force


def test_without_any_sandbox_grading_is_refused_with_what_to_install(monkeypatch):
    monkeypatch.setattr(command.shutil, "which", lambda name: None)
    monkeypatch.setattr(landlock, "why_not", lambda: "this kernel has no Landlock")
    with pytest.raises(
        SandboxError,
        match=r"bubblewrap is not installed \(`apt-get install bubblewrap`\); landlock: this kernel",
    ):
        Grader()


def test_without_user_namespaces_it_is_said_why_and_what_to_do(monkeypatch):
    words = "bwrap: No permissions to create new namespace"
    monkeypatch.setattr(command, "bubblewrap_program", lambda: "/bin/sh")
    monkeypatch.setattr(
        command, "bubblewrap", lambda packages: ["/bin/sh", "-c", f"echo '{words}' >&2; exit 1"]
    )
    monkeypatch.setattr(landlock, "why_not", lambda: "this kernel has no Landlock")
    with pytest.raises(SandboxError, match=rf"bubblewrap: .*{words}\)?; landlock: "):
        Grader()


def test_without_libseccomp_landlock_alone_is_not_enough(monkeypatch):
    monkeypatch.setattr(seccomp, "library", lambda: None)
    with pytest.raises(SandboxError, match="libseccomp is not installed"):
        Grader(sandbox="landlock")


@pytest.mark.sandbox  # for the fixture
def test_no_sandbox_is_loud(grade, checks_cell):
    with Grader(Limits(), sandbox="none") as grader:
        assert grader.in_force == sandbox.UNSAFE
        assert grade("x = 1", checks_cell("assert x == 1"), grader=grader).outcomes["graded"].points == 1


@pytest.mark.sandbox
def test_where_namespaces_do_not_nest_each_notebook_gets_a_sandbox_of_its_own(
    monkeypatch, grade, checks_cell
):
    line = command.bubblewrap(NONE)
    place = len(line) - line[::-1].index("--unshare-user")
    monkeypatch.setattr(
        command, "bubblewrap", lambda packages: [*line[:place], "--disable-userns", *line[place:]]
    )
    with Grader(Limits(), sandbox="bubblewrap") as grader:
        assert "a new sandbox for each notebook" in grader.in_force
        for _ in range(2):
            cells = [
                "import os\nseen = 'x' in os.listdir('/tmp')\nopen('/tmp/x', 'w').close()",
                "import subprocess\nsubprocess.Popen(['sleep', '60']);",
            ]
            cell = checks_cell("assert seen is False")
            assert grade(*cells, cell, grader=grader).outcomes["graded"].points == 1


def test_an_unknown_rung_is_refused():
    with pytest.raises(
        ValueError, match="sandbox should be auto, bubblewrap, landlock or none, not 'docker'"
    ):
        Grader(sandbox="docker")


def output_for_an_ordinary_user(script):
    """The standard output of a script that an ordinary user runs."""
    line = as_ordinary_user([sys.executable, "-c", textwrap.dedent(script)])
    ran = subprocess.run(line, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.sandbox
@pytest.mark.landlock
def test_landlock_and_seccomp_hold_what_they_can():
    script = COMMAND_LINE + UNDER_LANDLOCK.format(repository=str(REPOSITORY))
    in_force, seen, points, running = json.loads(output_for_an_ordinary_user(script))
    assert in_force.startswith(f"Landlock version {landlock.version()}, user ")
    assert "each notebook confined anew" in in_force
    denied = {name for name, what in seen.items() if what == "PermissionError"}
    refused = {
        "course",
        "reference",
        "proc",
        "write",
        "network",
        "unix",
        "kill",
        "session",
        "memory",
        "signal",
    }
    assert denied == refused
    assert seen["left"] is False
    assert seen["numpy"] == "2.0"
    assert points == 1
    assert running == []


@pytest.mark.sandbox
def test_the_walls_hold_for_an_ordinary_user_as_for_root():
    script = f"""
    import sys
    sys.path.insert(0, {str(REPOSITORY)!r})
    from autograder.grader_side.grader import Grader
    with Grader(sandbox="bubblewrap") as grader:
        print(grader.in_force)
    """
    assert output_for_an_ordinary_user(script).startswith("bubblewrap, user ")


def test_an_installed_package_is_hidden_inside_the_environment(monkeypatch, tmp_path):
    site = tmp_path / "lib" / "site-packages"
    for package in ("course_lib/gradcheck", "course_lib/reference", "autograder/student_side", "numpy"):
        (site / package).mkdir(parents=True)
    monkeypatch.setattr(visible, "library", lambda: site / "course_lib")
    monkeypatch.setattr(
        visible.student_side, "__file__", str(site / "autograder" / "student_side" / "__init__.py")
    )
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert visible.hidden() == [site / "course_lib", site / "autograder"]
    assert [place for _, place in visible.student_edition()] == ["course_lib/gradcheck"]
    allowed = [path for path in visible.readable() if path.startswith(str(tmp_path))]
    assert allowed == [str(site / "course_lib" / "gradcheck"), str(site / "numpy")]
