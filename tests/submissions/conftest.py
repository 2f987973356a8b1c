"""A class in which every other student is hostile, graded in one run; tests look at what came of it."""

import contextlib
import ctypes
import glob
import hashlib
import os
import shutil
import socket
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from unittest.mock import patch

import nbformat
import pytest

from autograder import disposable
from autograder.authoring.build import build
from autograder.batch.progress import ALREADY
from autograder.batch.run import GradeOptions, grade_class
from autograder.course import CONFIG, Course
from autograder.gradebook.scores import automatic_scores
from autograder.grading.warm import close_graders
from autograder.recorded.record import RECORD
from autograder.sources.markers import without_markers
from autograder.sources.source import read_source

sys.path.insert(0, str(Path(__file__).parent))
import foreign_assignment
from hostile_class import ASSIGNMENT, CANARY, FULL, SOURCE, hand_in, right

REPOSITORY = Path(__file__).parents[2]
WAY = os.environ.get("HOSTILE_WAY", "course")  # or "nbgrader": its own command takes three times as long
COURSE = os.environ.get("HOSTILE_COURSE", "ours")  # or "apart", "inside": another course, of plain asserts
RUNG = os.environ.get("HOSTILE_RUNG", "auto")  # the promises are tested on one rung of the ladder at a time
SECONDS = 30.0 if RUNG == "landlock" else 12.0  # there, a process that replaces another may take a second
LIMITS = {
    "cell_seconds": 2.0,
    "call_seconds": 1.0,
    "notebook_seconds": SECONDS,
    "memory_mb": 512,
    "file_mb": 16,
}
PR_SET_CHILD_SUBREAPER = 36
SCRATCH = f"{tempfile.gettempdir()}/notebook-*"  # of Landlock's; a run has a place of its own for these
PLACES = ("/tmp", "/var/tmp", "/dev/shm", str(Path.home()), ".")


@cache  # several tests look at each
def read(path):
    return nbformat.read(path, as_version=4)


@dataclass
class Graded:
    """What came of the hostile class."""

    course: Course
    neighbours: dict = field(default_factory=dict)  # who is honest after an attack, by the attack's name
    success: bool = False
    log: str = ""
    scores: dict = field(default_factory=dict)
    processes: list = field(default_factory=list)
    left: list = field(default_factory=list)
    visits: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    peaks: list = field(default_factory=lambda: [0])

    def notebook(self, student):
        return read(self.course.autograded / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")

    def points(self, student):
        """By graded cell."""
        return {name: self.scores[student][name] for name in FULL}

    def record(self, student):
        return self.notebook(student).metadata[RECORD]


@pytest.fixture(scope="session")
def hostile_course(tmp_path_factory):
    """A built course with the assignment of this folder, its release, and the solution of each answer."""
    root = tmp_path_factory.mktemp("course")
    config = f"\nc.GradeApart.limits = {LIMITS}\nc.GradeApart.sandbox = {RUNG!r}\n" if WAY == "course" else ""
    if COURSE == "ours":
        shutil.copy(REPOSITORY / CONFIG, root)
        with (root / CONFIG).open("a") as file:
            file.write(config)
        (root / "solutions" / ASSIGNMENT).mkdir(parents=True)
        shutil.copy(SOURCE, root / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.py")
        course = Course(root)
        build(course, [ASSIGNMENT], checked=False)
    else:
        inside = COURSE == "inside"
        course = foreign_assignment.make(root, SOURCE, ASSIGNMENT, inside=inside, config=config)
    blank = nbformat.read(course.assignments / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
    answers = [item for item in read_source(SOURCE, course.facts).cells if item.role == "answer"]
    return course, blank, {item.grade_id: without_markers(item.cell.source) for item in answers}


@pytest.fixture(scope="session")
def graded(request, hostile_course):
    """The selected attacks, each two followed by an honest neighbour, graded in one run of one server."""
    course, blank, solution = hostile_course
    attacks = {
        item.callspec.params["attack"].name: item.callspec.params["attack"]
        for item in request.session.items
        if hasattr(getattr(getattr(item, "callspec", None), "params", {}).get("attack"), "name")
    }
    names = sorted(attacks)
    last_of = {name: names[min(turn | 1, len(names) - 1)] for turn, name in enumerate(names)}
    result = Graded(course, {name: f"{last}-neighbour" for name, last in last_of.items()})
    with visitors(result.visits) as port:
        places = {"ROOT": str(course.root), "PORT": str(port), "CANARY": f"/tmp/{CANARY}"}
        for name, attack in attacks.items():
            hand_in(attack, blank, solution, course.submitted / name / ASSIGNMENT, places)
        for name in {*result.neighbours.values()}:
            folder = course.submitted / name / ASSIGNMENT
            folder.mkdir(parents=True)
            nbformat.write(right(blank, solution), folder / f"{ASSIGNMENT}.ipynb")
        before, scratch_before = fingerprints(course), set(glob.glob(SCRATCH))
        grade(course, result)
        after = fingerprints(course)
        result.changed = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    result.left = [path for place in PLACES for path in glob.glob(f"{place}/hostile-*")]
    if RUNG == "landlock":
        result.left += set(glob.glob(SCRATCH)) - scratch_before
    result.scores = automatic_scores(course, ASSIGNMENT)
    return result


def grade(course, result):
    """Grade the class in this process, which inherits whatever process outlives its parent."""
    os.environ["HOSTILE_VARIABLE"] = "hostile-variable"
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before = children()
    way = with_course_grade if WAY == "course" else with_nbgrader
    way(course, result)
    close_graders()
    time.sleep(1.0)
    left = [about(pid) for pid in sorted(children() - before)]
    result.processes = [words for words in left if not words.startswith("Z")]  # ended, and not asked about


def with_nbgrader(course, result):
    """By plain `nbgrader autograde`, whose process is this one: what its forks need beside it is measured."""
    wait = os.waitpid
    pages = int(Path("/proc/self/statm").read_text().split()[1])  # all tests before have filled this process
    own = pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    forks, fork = set(), disposable.fork

    def forking():
        pid = fork()
        forks.add(pid)
        return pid

    def waiting(pid, options):
        pid, status, usage = os.wait4(pid, options)
        if pid in forks:  # nor the server of a sandbox, which has waited for students' own processes
            result.peaks.append(usage.ru_maxrss / 1024 - own)
        return pid, status

    with patch.object(disposable, "fork", forking), patch.object(disposable.os, "waitpid", waiting):
        answer = course.api(GradeApart={"limits": LIMITS, "sandbox": RUNG}).autograde(ASSIGNMENT, "*")
    assert os.waitpid is wait
    result.success = answer["success"]
    result.log = answer.get("log", "") + answer.get("error", "")


def with_course_grade(course, result):
    """By `course grade`, twice; its own helpers, which would end with this process, are ended."""
    few = len([*course.submitted.iterdir()]) < 50
    options = GradeOptions(jobs=1 if few else 2)  # a worker takes two seconds to begin
    summary = grade_class(course, ASSIGNMENT, options, lambda total: Quiet())
    result.success = summary.done == summary.total
    again = grade_class(course, ASSIGNMENT, options, lambda total: Quiet())
    assert again.counts == {ALREADY: again.total}
    forkserver._forkserver._stop()
    resource_tracker._resource_tracker._stop()


class Quiet:
    """Shows nothing of a run."""

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def show(self, summary, student, kind, graded):
        pass


def children():
    """The processes whose parent is this one."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {int(pid) for task in tasks for pid in task.read_text().split()}


def about(pid):
    """A process, in words: its state and its command."""
    state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return f"{state} {Path(f'/proc/{pid}/cmdline').read_text()[:200]}"


def fingerprints(course):
    """A mark of every file that grading must not change, and of the gradebook's copy of the assignment."""
    folders = (course.submitted, course.assignments, course.solutions)
    files = [
        path for folder in folders for path in folder.rglob("*") if path.is_file() and not path.is_symlink()
    ]
    files += [
        path for path in course.root.iterdir() if path.is_file() and path.suffix not in (".db", ".lock")
    ]
    marks = {
        str(path): (path.stat().st_mode, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files
    }
    marks["python"] = os.stat(os.__file__)[:9]
    with course.api().gradebook as gradebook:
        cells = gradebook.find_notebook(ASSIGNMENT, ASSIGNMENT).source_cells
        marks["gradebook"] = str(sorted((cell.name, cell.source) for cell in cells))
    return marks


@contextlib.contextmanager
def visitors(visits):
    """A server on this machine that nobody should reach; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        done = threading.Event()

        def listen():
            while not done.is_set():
                with contextlib.suppress(TimeoutError):
                    visits.append(server.accept()[1])

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            done.set()
            thread.join()
