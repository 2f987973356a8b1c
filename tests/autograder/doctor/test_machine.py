"""What this machine has: each thing that can be there, or not, is told with what mends it."""

from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement

from autograder.doctor import machine
from autograder.doctor.finding import Examined, State
from autograder.grader_side.errors import SandboxError
from autograder.grader_side.obstacles import Obstacle
from autograder.grader_side.sandbox import UNSAFE
from autograder.grading_settings import Settings

NEEDED = ["jupyterlab>=4", "jupytext>=1.16,<2", "nbgrader==0.9.5", "numpy>=1.26", "pillow>=10"]
INSTALLED = {
    "backprop-course": "1.0",
    "jupyterlab": "4.5",
    "jupytext": "1.17",
    "nbgrader": "0.9.5",
    "numpy": "2.4.0rc1",
    "pillow": "11",
}
INSTALL = 'pip install "backprop-course[instructors]"'


@pytest.fixture
def software(monkeypatch):
    """What is said of the software, by name, with these versions and these programs."""

    def version(name):
        if name not in here:
            raise machine.importlib.metadata.PackageNotFoundError(name)
        return here[name]

    def look(programs=(), prints="", **versions):
        here.clear()
        here.update({name: found for name, found in {**INSTALLED, **versions}.items() if found})
        monkeypatch.setattr(
            machine.shutil, "which", lambda name: f"/bin/{name}" if name in programs else None
        )
        ran = lambda line, **how: asked.append((line, how)) or SimpleNamespace(stdout=prints)  # noqa: E731
        monkeypatch.setattr(machine, "subprocess", SimpleNamespace(run=ran))
        return {each.name: each for each in machine.software()}

    here, asked = {}, []
    look.asked = asked
    monkeypatch.setattr(machine.importlib.metadata, "version", version)
    monkeypatch.setattr(
        machine.importlib.metadata, "metadata", {"backprop-course": {"Requires-Python": ">=3.11"}}.get
    )
    wanted = {("instructors",): [Requirement(line) for line in NEEDED]}
    monkeypatch.setattr(machine, "requirements", wanted.get)
    monkeypatch.setattr(machine.sys, "executable", "/python")
    return look


def test_what_is_there_has_its_version_and_libraries_without_a_line_are_counted(software):
    found = software()
    assert list(found) == [
        *("Python", "backprop-course", "jupyterlab", "nbgrader", "numpy", "other libraries"),
        *("distributed", "psycopg", "uv"),
    ]
    assert found["backprop-course"] == Examined("backprop-course", State.OK, "1.0")
    assert found["numpy"] == Examined("numpy", State.OK, "2.4.0rc1")
    assert found["other libraries"] == Examined("other libraries", State.OK, "2 installed")


def test_a_library_that_is_missing_or_too_old_is_named_with_its_command(software):
    found = software(jupytext="", numpy="1.25", pillow="9")
    assert found["jupytext"] == Examined(
        "jupytext", State.REFUSED, "not installed, <2,>=1.16 is needed", INSTALL
    )
    assert found["numpy"] == Examined("numpy", State.REFUSED, "1.25 is installed, >=1.26 is needed", INSTALL)
    assert found["pillow"].state is State.REFUSED
    assert found["other libraries"].says == "0 installed"


@pytest.mark.parametrize(("python", "state"), [((3, 11, 2), State.OK), ((3, 10, 14), State.LOOK)])
def test_a_python_that_is_not_promised_is_worth_a_look(software, monkeypatch, python, state):
    monkeypatch.setattr(machine.sys, "version_info", (*python, "final", 0))
    version = ".".join(map(str, python))
    assert software()["Python"] == Examined("Python", state, f"{version} (works with >=3.11), /python")


def test_what_nothing_depends_on_says_what_it_is_for(software):
    found = software(distributed="2026.1")
    assert found["distributed"] == Examined("distributed", State.OK, "2026.1, for grading on a Dask cluster")
    says = "only for a gradebook in PostgreSQL"
    assert found["psycopg"] == Examined(
        "psycopg", State.OPTIONAL, says, 'pip install "backprop-course[postgresql]"'
    )
    missing = "not installed: makes environments quickly"
    assert found["uv"] == Examined("uv", State.OPTIONAL, missing, "pip install uv")


@pytest.mark.parametrize(
    ("prints", "version"), [("uv 0.9 (linux)", "0.9"), ("uv", "/bin/uv"), ("", "/bin/uv")]
)
def test_a_program_tells_its_version_or_where_it_is(software, prints, version):
    found = software(programs=["uv"], prints=prints)["uv"]
    assert found == Examined("uv", State.OK, f"{version}: makes environments quickly")
    assert software.asked == [
        (["/bin/uv", "--version"], {"capture_output": True, "text": True, "check": False})
    ]


@pytest.mark.parametrize("is_there", [True, False])
def test_each_rung_is_there_or_its_obstacle_is_worth_a_look(monkeypatch, is_there):
    for name in ("bubblewrap", "namespaces", "seccomp", "landlock"):
        obstacle = None if is_there else Obstacle(f"no {name}", f"get {name}")
        monkeypatch.setattr(machine.obstacles, f"of_{name}", lambda found=obstacle: found)
    removed, made = [], []
    group = SimpleNamespace(remove=lambda: removed.append(True)) if is_there else None
    monkeypatch.setattr(machine.MemoryGroup, "make", lambda size: made.append(size) or group)
    *rungs, memory = machine.protection()
    assert [each.name for each in rungs] == ["bubblewrap", "user namespaces", "libseccomp", "Landlock"]
    assert {each.state for each in rungs} == {State.OK if is_there else State.LOOK}
    if is_there:
        assert [each.says for each in rungs] == [
            "installed: the first choice of sandbox",
            "ordinary users may make them",
            "installed: system calls of student code are filtered",
            "can be used: the second choice of sandbox",
        ]
    else:
        assert [(each.says, each.mend) for each in rungs][1] == ("no namespaces", "get namespaces")
    assert memory.name == "memory group"
    assert memory.state is (State.OK if is_there else State.OPTIONAL)
    assert ("delegated: memory is limited for each notebook" in memory.says) == is_there
    assert ("memory is limited per process" in memory.says) != is_there
    assert (made, removed) == ([2**28], [True] if is_there else [])


class Grading:
    """Stands for a grader that starts its sandbox when it is entered, and notes how it was asked."""

    starts = ""
    asked = None

    def __init__(self, *how):
        Grading.asked = how

    def __enter__(self):
        if not self.starts:
            raise SandboxError("no sandbox holds here")
        return SimpleNamespace(in_force=self.starts)

    def __exit__(self, *raised):
        pass


@pytest.mark.parametrize(
    ("starts", "state"), [("bubblewrap", State.OK), (UNSAFE, State.LOOK), ("", State.REFUSED)]
)
def test_the_sandbox_is_started_as_grading_does_it_and_none_is_refused(monkeypatch, starts, state):
    monkeypatch.setattr(machine, "Grader", Grading)
    monkeypatch.setattr(Grading, "starts", starts)
    settings = Settings("landlock", {"cell_seconds": 7.0})
    assert machine.sandbox(settings) == Examined("sandbox", state, starts or "no sandbox holds here")
    limits, rung, packages = Grading.asked
    assert (limits.cell_seconds, rung, packages) == (7.0, "landlock", settings.packages)
