"""Which files a graded cell opens: its own, and none that only a student's text names."""

import os
import sqlite3
import sys
import tempfile
from types import SimpleNamespace

import pytest
from roles import exercise

from autograder.grader_side.audited import audited
from autograder.grader_side.openings import Files, _database, _is_known
from autograder.grading.grade import grade_rebuilt
from autograder.grading_settings import Settings
from autograder.recorded.record import record_of


def run(source, places, **names):
    """Run a graded cell there, with these names of a student's."""
    code = compile(source, "<graded>", "exec")
    with audited(Files(str(places / "work"), [places / "release" / "x.csv"], [code]).look):
        exec(code, names)


@pytest.mark.parametrize(
    "source",
    [
        "open(path)",
        "open(path.encode())",
        "import os\nos.open(path, os.O_RDONLY)",
        "open('../' + path.rpartition('/')[2])",
        "from pathlib import Path\nPath(path).write_text('x')",
        "open(path + '2', 'w')",
        "import os\nos.remove(path)",
        "import os\nos.rename('x.csv', path)",
        "import os\nos.rename(path, 'mine')",
        "import os\nos.symlink(path, 'mine')\nopen('mine').close()",
        "import os\nos.listdir(path.replace('secret', '.'))",
        "import os\nos.chdir(path.replace('secret', '.'))\nos.listdir()",
        "import os\nos.scandir(os.path.dirname(path))",
        "from pathlib import Path\nlist(Path(path).parent.iterdir())",
        "import os\nos.utime(path, (0, 0))",
        "'~'\nopen(path)",
        "import os\nos.truncate(path, 0)",
        "import os\nos.chmod(path, 0)",
        "import os\nos.chown(path, 0, 0)",
        "import os\nos.link(path, 'mine')",
        "import os\nos.link('x.csv', path + '2')",
        "import os\nos.symlink('x.csv', path + '2')",
        "import os\nos.rmdir(path.replace('secret', 'release'))",
        "import os\nos.replace('x.csv', path + '2')",
        "import shutil\nshutil.copy('x.csv', path + '2')",
        "import shutil\nshutil.move('x.csv', path + '2')",
        "import os\nos.chdir(path.replace('secret', '.'))\nopen('se' + 'cret')",
        "import shutil\nshutil.rmtree(path)",
        "import os\nos.mkdir(path + '2')",
        "import sqlite3\nsqlite3.connect(path)",
        "import sqlite3\nsqlite3.connect(f'file:{path}?mode=ro', uri=True)",
        "import sqlite3\nsqlite3.connect(f'file://{path}', uri=True)",
        "import sqlite3\nsqlite3.connect(f'file://localhost{path}', uri=True)",
        "import sqlite3\nsqlite3.connect('file:' + path.replace('t', '%74'), uri=True)",
        "import sqlite3\nsqlite3.connect(path.encode())",
        "import numpy as np\nnp.loadtxt(path)",
        "import pandas as pd\npd.read_csv(path)",
        "open(path.replace('secret', up + 'proc/self/environ'))",
    ],
)
def test_a_path_that_does_not_stand_in_released_code_leads_nowhere(places, source, monkeypatch):
    monkeypatch.setenv("HOME", str(places))
    secret = places / "secret"
    with pytest.raises(PermissionError, match="a graded cell opens no other files than its own"):
        run(source, places, path=str(secret), up="../" * 40)
    assert secret.read_text() == "secret"
    assert sorted(os.listdir(places)) == ["release", "secret", "work"]


def test_where_an_object_leads_is_asked_and_not_whether_it_is_true(places):
    class Nothing:
        def __fspath__(self):
            return str(places / "release")

        def __bool__(self):
            return False

    code = compile("look('shutil.rmtree', (path, None))", "<graded>", "exec")
    with pytest.raises(PermissionError, match="no other files than its own"):
        exec(code, {"look": Files(str(places / "work"), [], [code]).look, "path": Nothing()})


@pytest.mark.parametrize(
    "source",
    [
        "from pathlib import Path\nassert Path(name).read_text() == 'released'",
        "from pathlib import Path\nmine = Path('mine')\nmine.write_text('x')\nmine.stat()\nmine.unlink()",
        "import os\nos.makedirs('a/b')\nos.rename('a', 'c')\nimport shutil\nshutil.rmtree('c')",
        "import tempfile\nwith tempfile.TemporaryDirectory() as made:\n"
        "    open(made + '/x', 'w').close()\n    open(made + '/x').close()",
        "import tempfile\nwith tempfile.NamedTemporaryFile('w') as file:\n    open(file.name).close()",
        "import tempfile\ntempfile.TemporaryFile().close()",
        "import sqlite3\nsqlite3.connect(':memory:').close()\nsqlite3.connect('mine.db').close()",
        "import inspect, json\ninspect.getsource(json)",
        "import os\nopen(os.devnull, 'w').close()",
        "try:\n    open('../nothing')\nexcept FileNotFoundError:\n    pass",
    ],
)
def test_what_is_the_cells_own_is_opened(places, source):
    run(source, places, name="x.csv")


def test_what_tempfile_made_below_a_link_is_the_cells_own(places, monkeypatch):
    (places / "there").mkdir()
    (places / "linked").symlink_to(places / "there")
    monkeypatch.setattr(tempfile, "tempdir", str(places / "linked"))
    run(
        "import tempfile\nwith tempfile.TemporaryDirectory() as made:\n"
        "    open(made + '/x', 'w').close()\n    open(made + '/x').close()",
        places,
    )
    assert os.listdir(places / "there") == []


def test_a_relative_path_in_released_code_is_that_file_and_none_below_or_behind_a_link(places):
    (places / "beside").mkdir()
    (places / "beside" / "x").write_text("released")
    (places / "beside" / "link").symlink_to(places / "secret")
    run("open('../beside/x').close()", places)
    for source in ("'../beside'\nopen(path)", "open('../beside/link')"):
        with pytest.raises(PermissionError, match="no other files than its own"):
            run(source, places, path=str(places / "beside" / "x"))


def test_a_path_below_one_in_released_code_is_opened(places):
    run(
        f"with open({str(places)!r} + '/' + name) as file:\n    assert file.read() == 'secret'",
        places,
        name="secret",
    )


def test_a_file_of_the_release_that_is_written_to_is_a_copy_from_then_on(places):
    run("with open(name, 'a') as file:\n    file.write('!')", places, name="x.csv")
    assert (places / "work" / "x.csv").read_text() == "released!"
    assert (places / "release" / "x.csv").read_text() == "released"


def test_what_tempfile_is_to_make_elsewhere_is_not_made(places, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(places / "work"))
    for source in ("mkstemp(prefix=path)", "mkdtemp(dir=path[:-6])", "NamedTemporaryFile(prefix=path)"):
        with pytest.raises(PermissionError, match="no other files than its own"):
            run(f"import tempfile\ntempfile.{source}", places, path=str(places / "secret"))
    run("import tempfile\ntempfile.TemporaryDirectory(dir='.').cleanup()", places)
    assert sorted(os.listdir(places)) == ["release", "secret", "work"]


def test_elsewhere_every_file_is_opened(places):
    with audited(Files("", [], []).look):
        pass
    assert (places / "secret").read_text() == "secret"
    sqlite3.connect(places / "db").close()
    tempfile.TemporaryFile().close()


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("answer", "check"),
    [
        ("return {path!r}", "assert open(f()).read() == 'hi', open(f()).read()"),
        ("return {path!r}", "import os\np = f()\nassert open(p)\nos.remove(p)"),
        ("return {path!r}", "import sqlite3\nsqlite3.connect(f())\nNone"),
        ("return opened({path!r})", "x = f(lambda path: open(path).read())\nassert x == 1, x"),
        ("return opened({path!r}, dtype=str).tolist()", "import numpy as np\nassert f(np.loadtxt) == 1"),
    ],
)
def test_a_path_of_a_students_is_neither_read_nor_changed_for_them(tmp_path, answer, check):
    secret = tmp_path / "secret"
    secret.write_text("hidden tests")
    answer = f"def f(opened=None):\n    {answer.format(path=str(secret))}"
    outcome = record_of(grade_rebuilt(exercise(answer, check), 0, Settings())).outcomes["graded"]
    assert outcome["points"] == 0
    assert "opens no other files than its own" in outcome["note"]
    assert secret.read_text() == "hidden tests"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (":memory:", ""),
        ("file::memory:?cache=shared", ""),
        ("a.db", "a.db"),
        (b"a.db", "a.db"),
        ("file:a.db?mode=ro", "a.db"),
        ("file:///x/a%20b.db", "/x/a b.db"),
        ("file://localhost/x/a.db?mode=ro", "/x/a.db"),
    ],
)
def test_the_path_of_a_database_is_found_in_how_it_is_called(given, path):
    assert _database(given) == path


def test_the_root_in_released_code_opens_nothing(places):
    with pytest.raises(PermissionError, match="no other files than its own"):
        run("'/'\nopen(path)", places, path=str(places / "secret"))


def test_without_a_working_directory_a_cell_reads_no_file_there(places):
    (places / "work" / "mine").write_text("")
    code = compile("open(path).close()", "<graded>", "exec")
    with pytest.raises(PermissionError), audited(Files("", [], [code]).look):
        exec(code, {"path": "mine"})


def test_what_is_not_there_is_missed_and_not_made(places):
    with pytest.raises(FileNotFoundError):
        run("open(path)", places, path=str(places / "none"))
    with pytest.raises(PermissionError):
        run("import os\nos.open(path, os.O_CREAT)", places, path=str(places / "none"))
    assert not (places / "none").exists()


def test_the_data_of_a_package_is_known_wherever_it_is_installed_from(tmp_path, monkeypatch):
    place = tmp_path / "shapes"
    place.mkdir()
    for name in ("__init__.py", "unread.py", "data.npz"):
        (place / name).write_text("")
    assert not _is_known(str(place / "data.npz"))
    package = SimpleNamespace(__file__=str(place / "__init__.py"), __path__=[str(place)])
    part = SimpleNamespace(__file__=str(tmp_path / "part.py"), __path__=[str(tmp_path)])
    monkeypatch.setattr(sys, "modules", {**sys.modules, "shapes": package, "shapes.part": part})
    assert _is_known(str(place / "data.npz"))
    assert not _is_known(str(place / "unread.py"))
    assert not _is_known(str(tmp_path / "data.npz"))
