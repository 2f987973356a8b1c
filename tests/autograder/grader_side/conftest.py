"""Small notebooks, graded behind the wall that this machine offers."""

import socket
import textwrap
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_notebook
from noted_connection import noted_connections
from noted_sandbox import noted_world
from roles import cell, graded
from said_lines import CHANGE
from scripted_child import Child, Translator, soon

from autograder.grader_side import line_search
from autograder.grader_side.connection import Connection
from autograder.grader_side.crossing import Crossing
from autograder.grader_side.errors import RUNS_CELLS
from autograder.grader_side.grader import Grader
from autograder.grader_side.handle_kinds import HandleClasses
from autograder.grader_side.handles import Handle
from autograder.grader_side.limits import Limits
from autograder.grader_side.references import Reference
from autograder.student_side.frames import Frames
from autograder.student_side.translator import Plain
from autograder.student_side.wire import Decoder, Encoder, frame

LIMITS = Limits(cell_seconds=2, call_seconds=1, notebook_seconds=20)
SETUP = (
    "import numpy as np\nfrom course_lib.grading import Checks, expect_close, expect_raises, expect_unchanged"
)


def setup_cell(source=SETUP):
    return cell(source, tags=["setup"], grade_id="setup")


def make_checks_cell(*checks, name="graded"):
    """A graded cell with one check worth a point for each piece of source."""
    lines = ["checks = Checks()"]
    for number, check in enumerate(checks):
        lines.append(f'with checks("check {number}", points=1) as rng:')
        lines.append(textwrap.indent(textwrap.dedent(check).strip(), "    "))
    return graded("\n".join([*lines, "checks.score()"]), name, len(checks))


@pytest.fixture
def as_a_cell():
    """Runs text as what runs cells does, so that whoever looks who waits sees no further than to the cell."""

    def run(text, **names):
        runs = {"__name__": RUNS_CELLS, "text": text, "names": {"__name__": "__main__", **names}}
        exec("exec(text, names)", runs)

    return run


@pytest.fixture(name="checks_cell")
def checks_cell_fixture():
    return make_checks_cell


@pytest.fixture(name="graded_cell")
def graded_cell_fixture():
    return graded


@pytest.fixture(name="setup_cell")
def setup_cell_fixture():
    return setup_cell


@pytest.fixture(scope="session")
def grader():
    with Grader(LIMITS, sandbox="bubblewrap") as grader:
        yield grader


@pytest.fixture
def grade(grader):
    """Grade a notebook of these cells; a str is a cell of the student's."""

    def grade(*cells, grader=grader, seed=0):
        cells = [cell(each) if isinstance(each, str) else each for each in cells]
        return grader.grade(new_notebook(cells=[setup_cell(), *cells]), seed=seed)

    return grade


@pytest.fixture
def check(grade):
    """What one check says of the student's code: whether it passed, and its message."""

    def check(student, source, **options):
        result = grade(student, make_checks_cell(source), **options)
        outcome = result.outcomes["graded"]
        assert outcome.checks, outcome.note
        return SimpleNamespace(
            passed=outcome.points == 1, message=outcome.checks[0].message, outcome=outcome, result=result
        )

    return check


@pytest.fixture
def passes(check):
    """A check that must pass; its message where it does not."""

    def passes(student, source, **options):
        ran = check(student, source, **options)
        assert ran.passed, ran.message

    return passes


def _is_it(one, other):
    return one is other or (not isinstance(one, Handle) and one == other)


class Owner:
    """In the place of a link to the student's process: it answers from a list, and notes what it is asked."""

    def __init__(self):
        self.asked, self.answers, self.released, self._methods = [], [], [], {}

    def do(self, operation, *args, **kwargs):
        self.asked.append((operation, *args, *([kwargs] if kwargs else [])))
        answer = self.answers.pop(0)
        if type(answer) is type and issubclass(answer, BaseException):
            raise answer
        return answer

    def was_asked(self, *expected):
        """Whether just this was asked: handles are compared by identity, for == would ask again."""
        return len(self.asked) == len(expected) and all(
            len(one) == len(other) and all(map(_is_it, one, other))
            for one, other in zip(self.asked, expected, strict=True)
        )

    def release(self, number, generation):
        self.released.append((number, generation))

    def methods_of(self, kind):
        return self._methods.setdefault(kind, set())

    def is_of_student(self, value):
        return isinstance(value, Handle)


@pytest.fixture
def owner():
    return Owner()


@pytest.fixture
def handle_of(owner):
    """A handle for an object with these traits, as it is when nothing has been asked of it."""

    def handle_of(traits="", kind="Thing", own_name="", number=7):
        made = HandleClasses().find(kind, traits)(Reference(owner, number, 0, own_name, traits))
        made._wall.content = None
        return made

    return handle_of


@pytest.fixture
def decoder_of():
    """A decoder of a message with these scalars and values."""

    def decoder_of(scalars, *values):
        encoder = Encoder(Plain())
        encoder.items += "a kind", *scalars
        for value in values:
            encoder.put(value)
        frames = Frames()
        frames.feed(frame(encoder.items, encoder.raw))
        return Decoder(frames.next(), Plain())

    return decoder_of


@pytest.fixture
def world(monkeypatch):
    return noted_world(monkeypatch)


@pytest.fixture
def noted(monkeypatch):
    return noted_connections(monkeypatch)


@pytest.fixture
def both():
    ours, theirs = socket.socketpair()
    with Connection(ours) as connection, theirs:
        yield connection, Child(theirs)


@pytest.fixture
def connection(both):
    return both[0]


@pytest.fixture
def child(both):
    return both[1]


@pytest.fixture
def do(connection):
    """Does an operation, with functions that student code may call."""

    def do(operation, *args, functions=(), deadline=None, heard=None, **kwargs):
        shown = [] if heard is None else heard
        return connection.do(
            operation, args, kwargs, deadline or soon(), Translator(*functions), shown.append
        )

    return do


@pytest.fixture
def notebook(owner):
    """Stands for the notebook: it finds by name what a test puts into ``known``."""
    owner.known, owner.looked_up, owner.why_dead = {}, [], "it exited"

    def lookup(names):
        owner.looked_up.append(names)
        return {name: crossing.named(name, owner.known[name]()) for name in names if name in owner.known}

    owner.lookup = lookup
    owner.release = lambda number, generation: crossing.release(number, generation)
    crossing = owner.crossing = Crossing(owner)
    crossing.begin_child()
    return owner


@pytest.fixture
def crossing(notebook):
    return notebook.crossing


@pytest.fixture
def sent(crossing):
    """The scalars in which values are sent."""

    def sent(*values):
        encoder = Encoder(crossing)
        for value in values:
            encoder.put(value)
        return encoder.items

    return sent


@pytest.fixture
def came(crossing):
    """The value that comes of scalars, and of numbers beside them."""

    def came(*scalars, raw=()):
        frames = Frames()
        frames.feed(frame(["kind", *scalars], list(raw)))
        return Decoder(frames.next(), crossing).value()

    return came


@pytest.fixture
def tried(monkeypatch):
    """What would be tried of functions: by default one change."""
    found, calls = [CHANGE], []
    monkeypatch.setattr(line_search, "worth_trying", lambda *args: calls.append(args) or list(found))
    return found, calls


@pytest.fixture(name="places")
def places_fixture(tmp_path, monkeypatch):
    """A working directory with a link to a file of the release, and a secret outside of both."""
    for name in ("work", "release"):
        (tmp_path / name).mkdir()
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "release" / "x.csv").write_text("released")
    (tmp_path / "work" / "x.csv").symlink_to(tmp_path / "release" / "x.csv")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path
