"""Tests say which system package they miss; in CI, where it must be there, they fail instead."""

import gc
import os
import shutil
import subprocess
import sys

# Python keeps what it compiled, as for whoever has not forbidden it: hundreds of processes begin here.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    sys.dont_write_bytecode = False

import hypothesis
import postgres
import pytest

from autograder.student_side.threads import ONE_THREAD

# Before numpy: beside other processes, threads that wait for each other multiply what small matrices cost.
os.environ.update({name: os.environ.get(name, one) for name, one in ONE_THREAD.items()})

from autograder.grader_side import obstacles

hypothesis.settings.register_profile("without a clock", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("without a clock")

# nbformat, not imported yet, builds no grammars: autograder/workers/put_off.py. A second for each process.
sys.modules.update(dict.fromkeys(("rfc3987_syntax", "isoduration")))


def bubblewrap_holds():
    """Whether bubblewrap is there and may make its namespaces."""
    if shutil.which("bwrap") is None:
        return False
    line = ["bwrap", "--unshare-all", "--unshare-user", "--ro-bind", "/", "/", "true"]
    return subprocess.run(line, capture_output=True, check=False).returncode == 0


def debian_can_be_made():
    """Whether a Debian tree can be made and entered here."""
    return os.getuid() == 0 and shutil.which("mmdebstrap") is not None and bubblewrap_holds()


# marker -> whether what it stands for is there, what that is, and what to do
NEEDED = {
    "debian": (
        debian_can_be_made,
        "root, mmdebstrap and bubblewrap",
        "apt-get install mmdebstrap bubblewrap",
    ),
    "landlock": (
        lambda: obstacles.of_landlock() is None,
        "a kernel with Landlock, and libseccomp",
        "apt-get install libseccomp2",
    ),
    "postgresql": (lambda: postgres.programs() is not None, "postgresql", "apt-get install postgresql"),
    "sandbox": (bubblewrap_holds, "bubblewrap", "apt-get install bubblewrap"),
}


class FromItsEnd(pytest.Dir):
    """A directory whose files are imported the last one first."""

    def collect(self):
        return reversed(list(super().collect()))


def pytest_collect_directory(path, parent):
    """Every other worker begins with the last file: where nothing is compiled yet, two compile half each.

    To rewrite their assertions takes longer than all else that collecting the tests does: in a fresh clone
    two workers were ready in 38.5 s, and are in 30.9.
    """
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    if int(number) % 2 == 0 or (path / "__init__.py").is_file():
        return None
    return FromItsEnd.from_parent(parent, path=path)


def pytest_collection_modifyitems(items):
    if "PYTEST_XDIST_WORKER" in os.environ:  # each has to have the same order
        items.sort(key=lambda item: item.path)
    # Files that take long begin first: then no process is left with one of them while all others are done.
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    if os.environ.get("CI"):
        return
    for marker, (is_there, what, mend) in NEEDED.items():
        if is_there():
            continue
        missing = pytest.mark.skip(reason=f"needs {what}: {mend}")
        for item in items:
            if item.get_closest_marker(marker):
                item.add_marker(missing)


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Nothing of what is collected becomes rubbish; to look for some again and again takes a second."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish():
    """What was collected is not looked through again and again, nor copied by forks that look for rubbish."""
    # Hypothesis makes its generator at the first use, and asks who holds it: what is frozen would not answer.
    hypothesis.find(hypothesis.strategies.booleans(), bool, settings=hypothesis.settings(database=None))
    gc.collect()
    gc.freeze()


@pytest.fixture
def verdicts_alone(monkeypatch):
    """Whether a check fails is asked, and neither its cause nor its line: they cost as much again."""
    from course_lib.gradcheck import api
    from course_lib.gradcheck.causes import Cause
    from course_lib.gradcheck.diagnosis import ranking

    monkeypatch.setattr(ranking, "diagnose", lambda evidence, k: (Cause.LOCAL_DERIVATIVE, "it is wrong"))
    for name in ("with_line", "with_line_of_gradients"):
        monkeypatch.setattr(api, name, lambda check, *given, **options: check)


def pytest_cmdline_main(config):
    """With HOSTILE_USER=ordinary the tests run as an ordinary user, as most instructors are."""
    if os.environ.get("HOSTILE_USER") != "ordinary" or os.getuid():
        return None
    from ordinary_user import as_ordinary_user

    options = [*config.invocation_params.args, "-p", "no:cacheprovider"]
    line = [sys.executable, "-B", "-m", "pytest", *options]
    return subprocess.call(as_ordinary_user(line), env={**os.environ, "HOME": "/tmp"})
