"""Which programs a graded cell starts."""

import platform
import subprocess
from pathlib import Path

import pytest
from nbformat.v4 import new_notebook
from roles import answer, cell, graded

from autograder.grader_side.audited import audited
from autograder.grader_side.programs import Programs
from autograder.grading.grade import grade_rebuilt
from autograder.grading_settings import Settings
from autograder.recorded.record import record_of

LIBRARY = """
import os, subprocess
def version(more=()):
    return subprocess.run(["echo", "-n", *more], capture_output=True, text=True, check=True).stdout
def words():
    return subprocess.check_output("echo -n a".split())
def asked(command):
    return os.popen(command).read()
"""


@pytest.fixture(name="library")
def library_fixture():
    """The names of a library that starts programs."""
    names = {"__name__": "library"}
    exec(compile(LIBRARY, "library.py", "exec"), names)
    return names


def run(source, **names):
    code = compile(source, "<graded>", "exec")
    with audited(Programs([code]).look):
        exec(code, names)


@pytest.mark.parametrize(
    "source",
    [
        "subprocess.run(command, shell=True)",
        "subprocess.run(['echo', 'a'])",
        "subprocess.Popen(['python', 'written.py'])",
        "subprocess.check_output(command.split()[0])",
        "os.system(command)",
        "os.system(b'echo a')",
        "os.popen(command)",
        "os.posix_spawn('/bin/touch', command.split(), {})",
        "os.posix_spawn(command, ['a'], {})",
        "os.execv('/bin/touch', command.split())",
        "import pty\npty.spawn(command)",
        "asked(command)",
        "version([command])",
    ],
)
def test_a_cell_starts_no_program_itself_or_by_a_librarys_function(source, library, tmp_path):
    hit = tmp_path / "hit"
    with pytest.raises(PermissionError, match="a graded cell starts no program: "):
        run(source, command=f"touch {hit}", **library)
    assert not hit.exists()


def test_what_a_library_starts_by_its_own_words_is_started(library):
    run("assert version() == '' and words() == b'a'", **library)
    run("platform._Processor.from_subprocess()", platform=platform)


def test_elsewhere_every_program_is_started():
    run("1")
    assert subprocess.check_output(["echo", "-n", "a"]) == b"a"


@pytest.mark.sandbox
def test_a_command_of_a_students_is_not_run_by_a_helper_of_the_release(tmp_path):
    hit = tmp_path / "hit"
    notebook = new_notebook(
        cells=[
            cell(
                helper := "import subprocess\ndef sh(line): return subprocess.run(line, shell=True)", helper
            ),
            answer(f"def f(): return 'touch {hit}'"),
            graded("assert sh(f())"),
        ]
    )
    outcome = record_of(grade_rebuilt(notebook, 0, Settings())).outcomes["graded"]
    assert outcome["points"] == 0
    assert "starts no program: touch" in outcome["note"]
    assert not hit.exists()


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("subprocess.Popen", ("x", [], None, None)),
        ("subprocess.Popen", (None, ["x"], None, None)),
        ("subprocess.Popen", (None, Path("x"), None, None)),
        ("os.system", (b"x",)),
        ("os.exec", ("x", [], None)),
        ("os.exec", ("", ["", b"x"], None)),
        ("os.spawn", (0, "x", [], None)),
        ("os.spawn", (0, "", ["x"], None)),
        ("os.posix_spawn", (Path("x"), [], {})),
        ("os.posix_spawn", ("", ["x"], {})),
        ("pty.spawn", (["x"],)),
    ],
)
def test_whatever_starts_a_program_is_asked_for_it_and_for_its_words(event, arguments):
    with pytest.raises(PermissionError, match=r"starts no program: x$"):
        Programs([]).look(event, arguments)


def test_where_a_program_starts_and_what_its_variables_are_is_no_program():
    for event, before in (("subprocess.Popen", 2), ("os.exec", 2), ("os.spawn", 3), ("os.posix_spawn", 2)):
        start = [0 if event == "os.spawn" else "", *[[]] * (before - 1)]
        assert Programs([]).look(event, (*start, "/x", {"A": "x"})) is None
    assert Programs([]).look("os.putenv", ("x", "x")) is None
