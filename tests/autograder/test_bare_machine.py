"""Nothing but Python: the demo grades its class all the same, and other people's work is refused."""

import os
import sys

import bare
import pytest

pytestmark = pytest.mark.slow
NOTHING = "bubblewrap is not installed (`apt-get install bubblewrap`)"


@pytest.fixture
def temporary(tmp_path_factory):
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture
def programs(tmp_path_factory):
    """A PATH on which bubblewrap is not to be found."""
    return bare.path_without(tmp_path_factory.mktemp("programs") / "bin", "bwrap")


@pytest.fixture
def machine(programs, temporary):
    """Run `course` without bubblewrap; what is temporary has a place of its own."""

    def run(*arguments, before="", **environment):
        return bare.course(arguments, before, PATH=programs, TMPDIR=str(temporary), **environment)

    return run


@pytest.fixture
def class_of_two(a_class):
    """A course, built, to which two students handed in the same right answer."""
    right = "def square(x):\n    return x * x\n"
    a_class.hand_in(*(a_class.answers(student, right) for student in ("ada", "bob")))
    return a_class.course


def demo(machine, course, into, **options):
    """The demo, with who is right and who has not begun."""
    arguments = ["--course", course.root, "--into", into, "--assignment", "01_square", "--students", 2]
    return machine("demo", *arguments, **options)


def everything_below(folder):
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.mark.landlock
def test_the_demo_is_graded_behind_landlock(machine, course, tmp_path, temporary):
    ran = demo(machine, course, tmp_path / "demo")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Without a sandbox" not in ran.stdout
    assert list(temporary.iterdir()) == []


def test_where_nothing_holds_the_demo_is_graded_without_and_says_so_in_one_line(
    machine, course, tmp_path, temporary
):
    ran = demo(machine, course, tmp_path / "demo", before=bare.NO_LANDLOCK)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (said,) = (line for line in ran.stdout.splitlines() if "sandbox" in line)
    assert said.startswith("Without a sandbox, for these answers are our own; a class would be refused: ")
    assert NOTHING in said
    assert "this kernel has no Landlock" in said
    assert list(temporary.iterdir()) == []


def test_without_what_only_linux_has_the_demo_is_graded_too(machine, course, tmp_path):
    ran = demo(machine, course, tmp_path / "demo", before=bare.ANOTHER_SYSTEM)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "sandboxes are made for Linux, and this is win32" in ran.stdout


@pytest.fixture
def no_landlock(tmp_path_factory):
    """A directory on whose account every Python, also of a worker, takes this kernel for one of old."""
    everywhere = tmp_path_factory.mktemp("everywhere")
    (everywhere / "sitecustomize.py").write_text(bare.NO_LANDLOCK, encoding="utf-8")
    return str(everywhere)


def test_a_class_is_refused_in_one_sentence_and_nothing_is_written(
    machine, class_of_two, temporary, no_landlock
):
    before = everything_below(class_of_two.root)
    ran = machine("grade", "01_square", "--course", class_of_two.root, PYTHONPATH=no_landlock)
    assert ran.returncode == 2, ran.stdout + ran.stderr
    (said,) = ran.stderr.splitlines()
    assert said.startswith("course: no sandbox holds here, so nothing is graded: ")
    assert NOTHING in said
    assert everything_below(class_of_two.root) == before
    assert list(temporary.iterdir()) == []


def test_plain_nbgrader_refuses_a_class_in_one_sentence_too(programs, class_of_two, temporary, no_landlock):
    before = everything_below(class_of_two.root)
    environment = {"PATH": programs, "TMPDIR": str(temporary), "PYTHONPATH": no_landlock}
    ran = bare.nbgrader(["autograde", "01_square"], class_of_two.root, **environment)
    assert ran.returncode == 1, ran.stderr
    (said,) = (line for line in ran.stderr.splitlines() if "ERROR" in line)
    assert "no sandbox holds here, so nothing is graded: " in said
    assert NOTHING in said
    assert "Traceback" not in ran.stderr
    assert everything_below(class_of_two.root) == before
    assert list(temporary.iterdir()) == []


@pytest.mark.landlock
def test_a_class_graded_behind_landlock_leaves_nothing_behind(machine, class_of_two, temporary):
    ran = machine("grade", "01_square", "--course", class_of_two.root)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "graded 2" in ran.stdout or "2 graded" in ran.stdout, ran.stdout
    assert list(temporary.iterdir()) == []
    assert processes_with(str(temporary)) == []


def processes_with(words):
    """The command lines, of all processes, in which these words stand."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                line = file.read().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if words in line and int(pid) != os.getpid() and sys.executable in line:
            found.append(line)
    return found
