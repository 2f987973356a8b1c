"""The release's files are on both sides; what student code writes is data for graded cells, and no more."""

import contextlib
import os
import pickle
import sqlite3
import sys
import textwrap
from uuid import uuid4

import pytest
from roles import exercise

from autograder.grading.grade import grade_rebuilt
from autograder.grading_settings import Settings
from autograder.recorded.record import record_of

pytestmark = pytest.mark.sandbox


@pytest.fixture(name="points")
def points_fixture(tmp_path):
    folder = tmp_path / "release"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (folder / "helper.py").write_text("def triple(x):\n    return 3 * x\n", encoding="utf-8")

    def points(answer, check):
        graded = grade_rebuilt(exercise(answer, check), 0, Settings(), folder)
        assert sorted(os.listdir(folder)) == ["data", "helper.py"]
        assert (folder / "data" / "x.csv").read_text(encoding="utf-8") == "a,b\n1,2\n"
        outcome = record_of(graded).outcomes["graded"]
        return outcome["points"], outcome["note"]

    return points


def test_data_files_and_helper_modules_are_there_on_both_sides(points):
    answer = "from helper import triple\ndef f(path):\n    return triple(len(open(path).read()))"
    check = "from helper import triple\nassert f('data/x.csv') == triple(len(open('data/x.csv').read()))"
    assert points(answer, check) == (1, "")


@pytest.mark.parametrize(
    "check",
    [
        "assert open('o.txt').read() == 'hi'",
        "import os\nassert os.path.exists('o.txt') and os.path.isdir('empty')",
        "from pathlib import Path\nassert Path('o.txt').read_text() == 'hi'",
        "import os\nassert sorted(os.listdir('out')) == ['p.txt']",
        "import glob\nassert glob.glob('*.txt') == ['o.txt']",
    ],
)
@pytest.mark.parametrize("when", ["in its cell", "when called"])
def test_what_student_code_writes_can_be_read(points, check, when):
    answer = """
    import os
    def w():
        os.makedirs("out", exist_ok=True)
        os.makedirs("empty", exist_ok=True)
        for path in ("o.txt", "out/p.txt"):
            with open(path, "w") as file:
                file.write("hi")
    """
    call = "w()\n" if when == "when called" else ""
    run = "" if call else "\nw()"
    assert points(textwrap.dedent(answer) + run, call + check) == (1, "")


def test_the_whole_path_of_what_student_code_writes_leads_to_it_here(points):
    answer = (
        "import os, pathlib\ndef f():\n    open('o.txt', 'w').write('hi')\n"
        "    return os.path.abspath('o.txt'), pathlib.Path.cwd() / 'o.txt'"
    )
    assert points(answer, "assert [open(path).read() for path in f()] == ['hi', 'hi']") == (1, "")


@pytest.mark.parametrize(
    "write",
    [
        "open('data/x.csv', 'w').write('9')",
        "os.chmod('data/x.csv', 0o644); open('data/x.csv', 'w').write('9')",
        "os.remove('data/x.csv'); open('data/x.csv', 'w').write('9')",
        "shutil.rmtree('data'); os.mkdir('data'); open('data/x.csv', 'w').write('9')",
        "os.rename('data', 'old'); os.symlink('old', 'data')",
    ],
)
def test_a_file_of_the_release_stays_what_it_is_for_graded_cells(points, write):
    answer = f"import os, shutil\ntry:\n    {write}\nexcept OSError:\n    pass\ndef f():\n    return 1"
    assert points(answer, "assert f() == 1 and open('data/x.csv').read() == 'a,b\\n1,2\\n'") == (1, "")


@pytest.mark.parametrize("places", [[], ["", "."]])
def test_a_module_that_a_student_writes_is_no_module_here(points, monkeypatch, places):
    monkeypatch.setattr(sys, "path", [*places, *sys.path])
    answer = """
    for name in ("json", "helper", "mine", "colorsys"):
        try:
            with open(f"{name}.py", "w") as file:
                file.write("loads = triple = f = hsv_to_rgb = lambda *a: 4")
        except OSError:
            pass
    """
    check = (
        "open('mine.py')\nimport colorsys as c, helper\nassert helper.triple(1) == len(c.hsv_to_rgb(0, 0, 0))"
    )
    assert points(answer, check) == (1, "")
    score, note = points(answer, "open('mine.py')\nimport mine\nassert mine.f() == 4")
    assert (score, note) == (0, "ModuleNotFoundError: No module named 'mine'")


@pytest.mark.parametrize(
    "read",
    [
        "import pickle\npickle.load(open('o.pkl', 'rb'))",
        "import pickle\npickle._Unpickler(open('o.pkl', 'rb')).load()",
        "import numpy as np\nnp.load('o.pkl', allow_pickle=True)",
        "import pickle\npickle.loads(data)",
    ],
)
def test_a_pickle_of_a_students_runs_nothing_here(points, tmp_path, read):
    proof = tmp_path / "proof"
    answer = f"""
    import pickle, os
    class Boom:
        def __reduce__(self):
            return os.system, ("touch {proof}",)
    data = pickle.dumps(Boom())
    open("o.pkl", "wb").write(data)
    """
    score, note = points(answer, read)
    assert score == 0
    assert "PermissionError" in note or "UnpicklingError" in note
    assert not proof.exists()


def changing(name, state):
    """A pickle that takes what has a name, and sets attributes of it."""
    return b"\x80\x02c" + name + b"\n" + state + b"b."


THE_PATH = b"}X\x04\x00\x00\x00path]X\x01\x00\x00\x00.as"  # {"path": ["."]}
EQUALITY = b"N}X\x06\x00\x00\x00__eq__cbuiltins\nslice\ns\x86"  # (None, {"__eq__": slice})


@pytest.mark.parametrize(
    ("pickled", "check"),
    [
        (changing(b"datetime\nsys", THE_PATH), "import colorsys\nassert colorsys.mine"),
        (changing(b"fractions\nFraction", EQUALITY), "assert Fraction(1, 2) == 3"),
    ],
)
def test_a_pickle_of_a_students_changes_nothing_here(points, pickled, check):
    answer = f"""
    open("o.pkl", "wb").write({pickled!r})
    open("colorsys.py", "w").write("mine = True")
    """
    read = "import pickle\nfrom fractions import Fraction\npickle.load(open('o.pkl', 'rb'))\n"
    score, note = points(answer, read + check)
    assert score == 0
    assert "PermissionError" in note


@pytest.mark.parametrize(
    "kind",
    ["datetime.date", "datetime.timedelta", "decimal.Decimal", "builtins.set", "collections.OrderedDict"],
)
def test_no_class_that_a_pickle_may_name_can_be_changed_by_it(kind):
    module, _, name = kind.partition(".")
    with pytest.raises(TypeError, match="immutable"):
        pickle.loads(changing(f"{module}\n{name}".encode(), EQUALITY))


@pytest.mark.parametrize("value", ["datetime.datetime(2026, 1, 2)", "decimal.Decimal('0.1')", "{1, 2j}"])
def test_plain_data_in_a_pickle_is_read(points, value):
    answer = f"import datetime, decimal, pickle\npickle.dump({value}, open('o.pkl', 'wb'))"
    check = f"import datetime, decimal, pickle\nassert pickle.load(open('o.pkl', 'rb')) == {value}"
    assert points(answer, check) == (1, "")


def test_arrays_in_a_pickle_are_read(points):
    answer = "import numpy as np, pickle\npickle.dump(np.arange(3.0), open('o.pkl', 'wb'))"
    check = "import pickle, numpy as np\nassert np.array_equal(pickle.load(open('o.pkl', 'rb')), [0, 1, 2])"
    assert points(answer, check) == (1, "")


@pytest.mark.parametrize(
    "sql", ["ATTACH DATABASE '{proof}' AS other", "VACUUM INTO '{proof}'", "VACUUM main INTO '{proof}'"]
)
def test_sql_of_a_students_opens_no_file_here(points, tmp_path, sql):
    proof = tmp_path / "proof.db"
    answer = f"def query():\n    return {sql.format(proof=proof)!r}"
    check = (
        "import sqlite3\nd = sqlite3.connect(':memory:')\nd.execute('CREATE TABLE t (x)')\nd.execute(query())"
    )
    score, note = points(answer, check)
    assert (score, proof.exists()) == (0, False)
    assert "not authorized" in note or "authorization denied" in note


def test_sql_of_a_students_changes_no_file_of_the_release(points, tmp_path):
    path = tmp_path / "release" / "data" / "shop.db"
    with contextlib.closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE t (x)")
    before = path.read_bytes()
    check = "import sqlite3\nd = sqlite3.connect('data/shop.db')\nd.execute(query())\nd.close()"
    assert points("def query():\n    return 'DROP TABLE t'", check) == (1, "")
    assert path.read_bytes() == before


def test_sql_of_a_students_is_run_in_the_database_that_the_cell_opened(points):
    answer = "def query():\n    return 'SELECT x + 1 FROM t'"
    check = """
    import sqlite3
    with sqlite3.connect(":memory:") as d:
        d.executescript("CREATE TABLE t (x); INSERT INTO t VALUES (2); CREATE INDEX i ON t (x)")
        assert d.execute(query()).fetchall() == [(3,)]
    """
    assert points(answer, textwrap.dedent(check)) == (1, "")


def test_what_pandas_would_run_of_a_students_text_is_not_run_here(points, tmp_path):
    pytest.importorskip("pandas")
    proof = tmp_path / "proof"
    answer = f"condition = \"a > @pd.io.common.os.system('touch {proof}')\""
    score, note = points(
        answer, "import pandas as pd\nassert len(pd.DataFrame({'a': [1]}).query(condition)) == 1"
    )
    assert (score, proof.exists()) == (0, False)
    assert "a cell that uses query cannot run here" in note


@pytest.mark.parametrize(
    "text", ["exec(code)", "eval(code)", "import subprocess", "import os\nos.system('true')"]
)
def test_a_cell_that_runs_text_or_programs_does_not_run_here(points, text):
    score, note = points("code = '1'", text)
    assert score == 0
    assert "cannot run here" in note


def test_names_that_lead_elsewhere_are_not_followed(points):
    up = f"{uuid4().hex}-up.txt"  # of no other run
    answer = f"""
    import sys
    child = sys.modules["autograder.student_side.files"]
    names = ("../{up}", "/tmp/{up}", "a/../../{up}", "helper.py", "", "ok.txt")
    child.written = lambda home: dict.fromkeys(names, b"x")
    """
    check = f"import os\nassert open('ok.txt').read() == 'x'\nassert not os.path.exists('../{up}')"
    assert points(answer, check) == (1, "")


@pytest.mark.parametrize("forged", ["5", "{1: b'x'}", "{'a': 'text'}", "[]"])
def test_an_answer_that_is_no_files_costs_the_check_alone(points, forged):
    answer = f"import sys\nsys.modules['autograder.student_side.files'].written = lambda home: {forged}"
    score, note = points(answer, "assert open('ok.txt')")
    assert score == 0
    assert note.startswith(("BrokenReply", "StudentDied"))


def test_files_beyond_the_bounds_are_left_out(points):
    answer = "for n in range(200):\n    open(f'{n}.bin', 'wb').write(bytes(2**20))"
    sizes = "[os.path.getsize(n) for n in os.listdir('.') if n.endswith('.bin')]"
    check = f"import os\nassert 0 < sum({sizes}) <= 8 * 2**20"
    assert points(answer, check) == (1, "")
