"""A process that graded a submission is as it was before, or is found not to be."""

import abc
import gc
import locale
import os
import resource
import signal
import sys
import threading
import tracemalloc
import types
import warnings
import weakref
from pathlib import Path

import nbformat
import numpy as np
import pytest
from forks import found_in_a_fork
from nbformat.v4 import new_code_cell, new_notebook

from autograder.disposable import Bounds, in_a_fork
from autograder.grader_side.names import names_in
from autograder.grader_side.traces import Traces, import_ahead, import_checker, leaves_no_trace
from autograder.sources.install import install_cell
from course_lib.grading import Checks, set_run_seed
from course_lib.reference import deep_net

ROOT = Path(__file__).parents[3]
GRADED = {"grade": True, "solution": False, "locked": True, "points": 1, "grade_id": "one"}
ANSWER = {"grade": False, "solution": True, "locked": False, "grade_id": "answer"}


def release(*sources, role=None, tags=()):
    cells = [new_code_cell(source, metadata={"tags": list(tags)}) for source in sources]
    for cell in cells:
        cell.metadata["nbgrader"] = dict(role or GRADED)
    return new_notebook(cells=cells)


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\nfrom course_lib import grading\nnp.zeros(3).sum()",
        "from course_lib.grading import Checks\nchecks = Checks('one')\nchecks.score()",
        "import math, itertools\nnet.W = 3\nnet.parts[0] = math.pi\ndel net.W",
        "%matplotlib inline\nx = 1",
        "def f(net):\n    net.W = 1\n    f.__name__ = 'g'",
    ],
)
def test_code_that_changes_names_and_objects_of_its_own_leaves_no_trace(source):
    assert leaves_no_trace([release("x = 1", source)])


@pytest.mark.parametrize(
    "source",
    [
        "import helpers",
        "from helpers import cache",
        "from . import numpy",
        "from .numpy import zeros",
        "import os",
        "import sys",
        "from unittest import mock",
        "def f():\n    import matplotlib.pyplot as plt",
        "import numpy as np\nnp.sum = 3",
        "import numpy as np\ndel np.sum",
        "import numpy as np\nnp.random.x['a'] = 3",
        "from course_lib.data import xor as f\nf.calls += 1",
        "from course_lib import viz\nviz.style().x = 3",
        "setattr(x, 'y', 3)",
        "eval('1')",
        "f.__globals__['x'] = 3",
        "open('a', 'w')",
        "globals()['x'] = 1",
        "x = (",
        "import importlib.util",
        'import importlib.util\nif importlib.util.find_spec("numpy") is not None:\n    import subprocess',
        'import importlib.util\nif importlib.util.find_spec("numpy") is None:\n    1\nelse:\n    import os',
        f"{install_cell('x').source}\nimportlib.reload(np)",
        install_cell("x").source.replace('"course_lib"', '"no_such_package"'),
    ],
)
def test_code_that_may_change_more_is_not_trusted_to_leave_no_trace(source):
    assert not leaves_no_trace([release(source)])
    assert not leaves_no_trace([release("x = 1"), release("y = 1", source)])


def test_what_installs_a_missing_package_leaves_no_trace_where_it_is_there():
    assert leaves_no_trace([release(install_cell("x").source, "import numpy as np\nnp.zeros(3)")])


def test_of_answers_and_where_cells_are_tagged_of_others_only_imports_run_here():
    assert leaves_no_trace([release("setattr(x, 'y', 3)", role=ANSWER)])
    assert not leaves_no_trace([release("import os", role=ANSWER)])
    shown = {"grade": False, "solution": False, "locked": True, "grade_id": "shown"}
    setup = release("import numpy as np", role=shown, tags=["setup"])
    with_setup = new_notebook(cells=[*setup.cells, *release("setattr(x, 'y', 3)", role=shown).cells])
    assert leaves_no_trace([with_setup])
    assert not leaves_no_trace([release("setattr(x, 'y', 3)", role=shown)])


@pytest.mark.parametrize("path", sorted((ROOT / "assignments").glob("*/*.ipynb")), ids=lambda path: path.stem)
def test_the_courses_own_assignments_leave_no_trace_but_for_one_that_runs_text(path):
    notebook = nbformat.read(path, as_version=4)
    runs_text = any("exec(" in cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert leaves_no_trace([notebook]) != runs_text


def as_before(work, *arguments):
    """Whether a process is as before after some work, which is done in a fork."""

    def look(owner):
        traces = Traces()
        assert traces.following(bytes)[1], "the work is not to blame"
        return b"%d" % traces.following(lambda *a: bytes(work(*a) is None), *arguments)[1]

    return in_a_fork(look, Bounds(60, 2**30)) == b"1"


KEPT = []
CALLS = {"all": 0}


class Instance:
    count = 0


SEEN = Instance()


def cycle():
    things = [[]]
    things[0].append(things)


def a_failing_check():
    checks = Checks("exercise")
    with checks("a check", points=1):
        raise AssertionError("no")


class Base(abc.ABC):
    @abc.abstractmethod
    def method(self):
        """To be written."""


def what_an_abstract_class_remembers():
    issubclass(types.SimpleNamespace, Base)  # by a weak reference, and a function for when that is gone


def draws():
    np.random.seed(3)  # noqa: NPY002 (as a course may)
    np.random.rand()  # noqa: NPY002
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.float64(1) / 0


@pytest.mark.parametrize("work", [list, cycle, a_failing_check, draws, lambda: names_in("x = y") and None])
def test_honest_work_leaves_nothing(work):
    work()  # as a rehearsal does it: what is made at its first use is then there
    assert as_before(lambda: work() and None)


def leave(name):
    match name:
        case "an object":
            KEPT.append([1])
        case "a function":
            KEPT.append(lambda: 1)
        case "a function of Python's own":
            KEPT.append("".join)
        case "a weak reference to an object":
            KEPT.append(weakref.ref(SEEN))
        case "an instance in a library":
            deep_net.OPTIMIZERS["mine"] = Instance()
        case "a name of ours":
            deep_net.calls = 1
        case "a name of Python's":
            vars(sys.modules["builtins"])["print"] = len
        case "a name of NumPy's":
            np.calls = 1
        case "a module":
            sys.modules["mine"] = types.ModuleType("mine")
        case "no module":
            del sys.modules["json"]
        case "a file":
            os.open("/dev/null", os.O_RDONLY)
        case "a thread":
            threading.Thread(target=threading.Event().wait, daemon=True).start()
        case "a variable of the environment":
            os.environ["MINE"] = "1"
        case "a directory":
            os.chdir("/")
        case "a place for modules":
            sys.path.insert(0, "/mine")
        case "a filter":
            warnings.filters.insert(0, ("ignore", None, Warning, None, 0))
        case "a depth":
            sys.setrecursionlimit(sys.getrecursionlimit() + 1)
        case "the collector off":
            gc.disable()
        case "a hook":
            sys.displayhook = len
        case "a hook for errors":
            sys.excepthook = len
        case "a hook for what cannot be raised":
            sys.unraisablehook = len
        case "a profile":
            sys.setprofile(lambda *event: None)
        case "a limit":
            resource.setrlimit(resource.RLIMIT_FSIZE, (2**30, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        case "an alarm":
            signal.setitimer(signal.ITIMER_REAL, 1000)
        case "an answer to a signal":
            signal.signal(signal.SIGUSR2, signal.SIG_IGN)
        case "a stream":
            sys.stdout = sys.stderr
        case "a language":
            locale.setlocale(
                locale.LC_CTYPE, "POSIX" if locale.setlocale(locale.LC_CTYPE) != "C" else "C.UTF-8"
            )
        case "memory that is traced":
            tracemalloc.start()
        case "the collector's words":
            gc.set_debug(gc.DEBUG_UNCOLLECTABLE)
        case "a threshold":
            gc.set_threshold(699, 9, 9)
        case "a finder":
            sys.meta_path.reverse()
        case "a hook for places":
            sys.path_hooks.reverse()
        case "no written code":
            sys.dont_write_bytecode = not sys.dont_write_bytecode
        case "a variable that is gone":
            del os.environ["PATH"]


@pytest.mark.parametrize(
    "what",
    [
        *("an object", "a function", "an instance in a library", "a name of ours", "a name of Python's"),
        *(
            "a name of NumPy's",
            "a module",
            "no module",
            "a file",
            "a thread",
            "a variable of the environment",
        ),
        *("a directory", "a place for modules", "a filter", "a depth", "the collector off", "a hook"),
        *("a hook for errors", "a hook for what cannot be raised", "a profile", "a limit", "an alarm"),
        *("an answer to a signal", "a stream", "a language", "memory that is traced", "a threshold"),
        *("a function of Python's own", "a weak reference to an object", "the collector's words"),
        *("a finder", "a hook for places", "no written code", "a variable that is gone"),
    ],
)
def test_what_is_left_is_found(what):
    assert not as_before(leave, what)


def test_the_first_submissions_seed_is_no_trace():
    def look(owner):
        set_run_seed(7)
        return b"%d" % Traces().following(bytes)[1]

    assert in_a_fork(look, Bounds(60, 2**30)) == b"1"


def test_what_an_abstract_class_remembers_of_others_is_no_trace():
    issubclass(Instance, Base)  # what it remembers them in is made for the first
    assert as_before(what_an_abstract_class_remembers)


def test_each_submission_draws_the_same_numbers_and_has_the_settings_it_began_with():
    def look(owner):
        traces = Traces()

        def work():
            drawn = np.random.rand()  # noqa: NPY002
            found = drawn, np.geterr()["divide"], np.get_printoptions()["precision"]
            np.seterr(divide="raise")
            np.set_printoptions(precision=3)
            return repr(found).encode()

        return b"same" if traces.following(work)[0] == traces.following(work)[0] else b"other"

    assert in_a_fork(look, Bounds(60, 2**30)) == b"same"


def test_what_the_checker_imports_when_it_is_needed_is_there_before():
    needed = ["numpy.ma", "course_lib.gradcheck.nearby", "course_lib.gradcheck.lines.twin"]
    needed += ["course_lib.grading.notes", "course_lib.grading.depth"]

    def work():
        for name in needed:
            sys.modules.pop(name, None)
        import_checker()
        return [name in sys.modules for name in needed]

    assert found_in_a_fork(work) == [True] * 5


def test_what_the_release_imports_is_there_before_and_what_is_missing_is_passed_over():
    names = ["colorsys", "quopri", "sched"]

    def work():
        for name in names:
            sys.modules.pop(name, None)
        source = "import nothing_of_this_name\nimport colorsys\nif 1:\n    from quopri import encode"
        import_ahead(release(source, "print(", "1 / 0\nfrom sched import nothing"))
        return [name in sys.modules for name in names]

    assert found_in_a_fork(work) == [True, True, True]
