"""Whatever ends a run, at most the submissions in flight are lost, and nothing is left running."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
SLOW = "import time\ntime.sleep(1.5)\ndef square(x):\n    return x * x\n"
STUDENTS = 8


@pytest.fixture
def start(a_class):
    """Starts `course grade` as a process of its own, which does not outlive the test."""
    started = []
    # Children inherit that it is ignored, as it is where a script runs the tests in the background.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def start_one():
        command = [sys.executable, "-m", "autograder", "grade", "01_square", "--jobs", "2"]
        run = subprocess.Popen(command, cwd=a_class.course.root, stdout=subprocess.PIPE, text=True)
        started.append(run)
        return run

    yield start_one
    signal.signal(signal.SIGINT, before)
    for run in started:
        run.kill()
        run.communicate()


def parents():
    """The parent of every process that runs; what has ended but was not waited for does not run."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = status.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            found[int(status.parent.name)] = int(parent)
    return found


def descendants(pid):
    """The processes that a process started, directly or not."""
    children = {}
    for child, parent in parents().items():
        children.setdefault(parent, []).append(child)
    found, look = set(), [pid]
    while look:
        new = children.get(look.pop(), [])
        found.update(new)
        look += new
    return found


def workers(pid):
    """The workers of a run: forked by its fork server, while they themselves fork for each notebook."""
    parent = parents()
    servers = [child for child in parent if parent[child] == pid and is_fork_server(child)]
    return [child for child in parent if parent[child] in servers and is_fork_server(child)]


def is_fork_server(pid):
    return b"forkserver" in Path(f"/proc/{pid}/cmdline").read_bytes()


def wait_until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def alive(pids):
    return pids & parents().keys()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_was_ended_goes_on_where_it_was(a_class, start, number):
    students = [f"student-{n}" for n in range(STUDENTS)]
    a_class.hand_in(*(a_class.answers(student, SLOW) for student in students))
    run = start()
    wait_until(lambda: len(list(a_class.course.autograded.glob("*/01_square/*.ipynb"))) >= 2)
    workers = descendants(run.pid)
    os.kill(run.pid, number)
    shown = run.communicate(timeout=30)[0]
    if number != signal.SIGKILL:
        assert run.returncode == 130
        assert "run the same command to grade the rest" in shown
    wait_until(lambda: not alive(workers), seconds=15)
    done = {path.parent.parent.name for path in a_class.course.autograded.glob("*/01_square/square.ipynb")}
    assert 2 <= len(done) < STUDENTS
    recorded = a_class.gradebook()
    assert all(recorded[student]["grades"]["01_square-values"][0] == 90 for student in done)
    _, events = a_class.events()
    assert events[-1]["counts"] == {"already graded": len(done), "graded": STUDENTS - len(done)}
    assert {name: row["grades"]["01_square-values"][0] for name, row in a_class.gradebook().items()} == (
        dict.fromkeys(students, 90.0)
    )


def test_a_killed_worker_costs_no_student_anything(a_class, start):
    a_class.hand_in(*(a_class.answers(f"student-{n}", SLOW) for n in range(6)))
    run = start()
    wait_until(lambda: len(list(a_class.course.autograded.glob("*/01_square/*.ipynb"))) >= 1)
    os.kill(max(workers(run.pid)), signal.SIGKILL)
    run.communicate(timeout=60)
    assert run.returncode == 0
    assert [row["grades"]["01_square-values"][0] for row in a_class.gradebook().values()] == [90.0] * 6


ON_A_SMALL_DISK = """
set -e
cp -a "$1/." "$2"
cd "$2"
head -c 1000000 /dev/zero > ballast
head -c 100000000 /dev/zero > filling 2>/dev/null || true
truncate -s -100000 filling
set +e
"$3" -m autograder grade 01_square --jobs 1 > "$4/first" 2>&1
echo $? > "$4/first-status"
(cd autograded && ls -d */01_square) > "$4/first-recorded"
cp gradebook.db "$4/first.db"
rm ballast filling
"$3" -m autograder grade 01_square --jobs 1 > "$4/second" 2>&1
echo $? > "$4/second-status"
cp gradebook.db "$4/second.db"
"""


def scores_in(database):
    """The points for the graded cell of every recorded submission."""
    with Gradebook(f"sqlite:///{database}", "backprop") as gradebook:
        return {
            submission.student.id: submission.notebooks[0].grades[0].auto_score
            for submission in gradebook.assignment_submissions("01_square")
        }


def test_a_full_disk_is_said_and_costs_only_what_did_not_fit(a_class, tmp_path_factory):
    students = [f"student-{n}" for n in range(6)]
    notes = "".join(f"NOTE_{k} = {'x' * 900!r}\n" for k in range(20))  # as long as an answer stays whole
    fat = f"{notes}def square(x):\n    return x * x\n"
    a_class.hand_in(*(a_class.answers(student, fat) for student in students))
    small, found = tmp_path_factory.mktemp("small"), tmp_path_factory.mktemp("found")
    disk = ["bwrap", "--dev-bind", "/", "/", "--size", str(4 * 2**20), "--tmpfs", str(small)]
    script = [
        "bash",
        "-c",
        ON_A_SMALL_DISK,
        "-",
        str(a_class.course.root),
        str(small),
        sys.executable,
        str(found),
    ]
    done = subprocess.run([*disk, *script], capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    said = (found / "first").read_text()
    assert (found / "first-status").read_text() == "2\n", said
    assert "could not be recorded" in said
    assert "run the same command again when that is mended" in said
    recorded = [line.partition("/")[0] for line in (found / "first-recorded").read_text().split()]
    assert 0 < len(recorded) < 6
    assert {name: points for name, points in scores_in(found / "first.db").items() if points is not None} == (
        dict.fromkeys(recorded, 90.0)
    )
    assert (found / "second-status").read_text() == "0\n"
    assert scores_in(found / "second.db") == dict.fromkeys(students, 90.0)
