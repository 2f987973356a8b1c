"""What this machine has: Python, libraries, what a sandbox is made of; and the sandbox itself, started."""

from __future__ import annotations

import importlib.metadata
import shutil
import subprocess
import sys
from collections.abc import Iterator

from packaging.specifiers import SpecifierSet

from autograder.doctor.finding import Examined, State
from autograder.grader_side import obstacles
from autograder.grader_side.cgroup import MemoryGroup
from autograder.grader_side.errors import SandboxError
from autograder.grader_side.grader import Grader
from autograder.grader_side.limits import limits_of
from autograder.grader_side.obstacles import Obstacle
from autograder.grader_side.sandbox import UNSAFE
from autograder.grading_settings import Settings
from autograder.installed import PROJECT, requirements

NAMED = ("nbgrader", "numpy", "jupyterlab")  # each has a line; the other libraries share one
OPTIONAL = {
    "distributed": ("grading on a Dask cluster", "cluster"),
    "psycopg": ("a gradebook in PostgreSQL", "postgresql"),
}


def software() -> Iterator[Examined]:
    """Python, this project and its libraries."""
    python = ".".join(map(str, sys.version_info[:3]))
    wanted = SpecifierSet(importlib.metadata.metadata(PROJECT)["Requires-Python"])
    state = State.OK if python in wanted else State.LOOK
    yield Examined("Python", state, f"{python} (works with {wanted}), {sys.executable}")
    yield Examined(PROJECT, State.OK, importlib.metadata.version(PROJECT))
    yield from _libraries()
    for name, (purpose, extra) in OPTIONAL.items():
        version = _version(name)
        install = f'pip install "{PROJECT}[{extra}]"'
        yield (
            Examined(name, State.OK, f"{version}, for {purpose}")
            if version
            else Examined(name, State.OPTIONAL, f"only for {purpose}", install)
        )
    yield _program("uv", "makes environments quickly", "pip install uv", State.OPTIONAL)


def protection() -> Iterator[Examined]:
    """What the rungs of the sandbox need; whether they suffice, only starting it tells."""
    yield _rung("bubblewrap", obstacles.of_bubblewrap(), "installed: the first choice of sandbox")
    yield _rung("user namespaces", obstacles.of_namespaces(), "ordinary users may make them")
    filtered = "installed: system calls of student code are filtered"
    yield _rung("libseccomp", obstacles.of_seccomp(), filtered)
    yield _rung("Landlock", obstacles.of_landlock(), "can be used: the second choice of sandbox")
    group = MemoryGroup.make(2**28)
    if group is None:
        per_process = "control groups are not delegated: memory is limited per process"
        yield Examined("memory group", State.OPTIONAL, per_process)
    else:
        group.remove()
        yield Examined("memory group", State.OK, "delegated: memory is limited for each notebook as a whole")


def _rung(name: str, obstacle: Obstacle | None, otherwise: str) -> Examined:
    if obstacle is None:
        return Examined(name, State.OK, otherwise)
    return Examined(name, State.LOOK, obstacle.says, obstacle.mend)


def sandbox(settings: Settings) -> Examined:
    """The sandbox that grading would use, started and probed as grading does it."""
    try:
        with Grader(limits_of(settings.limits), settings.sandbox, settings.packages) as grader:
            in_force = grader.in_force
    except SandboxError as error:
        return Examined("sandbox", State.REFUSED, str(error))
    return Examined("sandbox", State.LOOK if in_force == UNSAFE else State.OK, in_force)


def _libraries() -> Iterator[Examined]:
    wrong = {}
    install = f'pip install "{PROJECT}[instructors]"'
    wanted = requirements(("instructors",))
    for requirement in wanted:
        version = _version(requirement.name)
        if version is None:
            wrong[requirement.name] = f"not installed, {requirement.specifier} is needed"
        elif not requirement.specifier.contains(version, prereleases=True):
            wrong[requirement.name] = f"{version} is installed, {requirement.specifier} is needed"
        elif requirement.name in NAMED:
            yield Examined(requirement.name, State.OK, version)
    for name, says in wrong.items():
        yield Examined(name, State.REFUSED, says, install)
    others = len(wanted) - len(NAMED) - len(set(wrong) - set(NAMED))
    yield Examined("other libraries", State.OK, f"{others} installed")


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _program(name: str, purpose: str, install: str, otherwise: State) -> Examined:
    path = shutil.which(name)
    if path is None:
        return Examined(name, otherwise, f"not installed: {purpose}", install)
    shown = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.split()
    return Examined(name, State.OK, f"{shown[1] if len(shown) > 1 else path}: {purpose}")
