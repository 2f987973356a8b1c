"""Which code a graded cell loads: no module, library or test that was written in its working directory."""

import builtins
import importlib.util
import os
import py_compile
import sys
import tempfile
import zipfile
from types import SimpleNamespace

import pytest

from autograder.grader_side.audited import audited
from autograder.grader_side.openings import Files, _is_known


def run(source, places, **names):
    """Run a graded cell there, with these names of a student's."""
    code = compile(source, "<graded>", "exec")
    with audited(Files(str(places / "work"), [places / "release" / "x.csv"], [code]).look):
        exec(code, names)


MODULE = "left.append(1)\nwritten = 1\n"


def importing(places, source):
    """Run this source in the working directory; what the modules that it imports append to a list."""
    left = []
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(builtins, "left", left, raising=False)
            patch.setattr(sys, "path", [*sys.path])
            patch.setattr(sys, "dont_write_bytecode", True)
            patch.setattr(tempfile, "tempdir", str(places))
            importlib.invalidate_caches()
            run(source, places)
    finally:
        for name in ("written_here", "x"):
            sys.modules.pop(name, None)
    return left


@pytest.mark.parametrize("kind", ["source", "cached", "zip", "package", "tempfile"])
def test_a_module_that_was_written_here_is_not_imported(places, kind):
    work, where = places / "work", "'.'"
    place = work / "written_here.py"
    if kind == "zip":
        with zipfile.ZipFile(work / "all.zip", "w") as archive:
            archive.writestr("written_here.py", MODULE)
        where = "'all.zip'"
    elif kind == "package":
        place = work / "written_here" / "__init__.py"
        place.parent.mkdir()
    elif kind == "tempfile":
        where = "made"
    if kind not in ("zip", "tempfile"):
        place.write_text(MODULE)
    if kind == "cached":
        py_compile.compile(place, work / "written_here.pyc", doraise=True)
        place.unlink()
    source = (
        "import pathlib, sys, tempfile\nmade = tempfile.mkdtemp()\n"
        f"pathlib.Path(made, 'written_here.py').write_text({MODULE!r})\n"
        f"sys.path.insert(0, {where})\nimport written_here"
    )
    with pytest.raises(
        (PermissionError, ModuleNotFoundError), match=r"no code that was written here|named 'written_here'"
    ):
        importing(places, source)


def test_of_a_module_of_the_release_nothing_is_run_that_was_cached_here(places):
    released, evil = places / "release" / "x.csv", places / "secret"
    released.write_text("left.append('released')\n")
    evil.write_text(MODULE)
    (places / "work" / "x.py").symlink_to(released)
    cached = importlib.util.cache_from_source(str(places / "work" / "x.py"))
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(str(evil), cached, doraise=True, invalidation_mode=mode)
    assert importing(places, "import sys\nsys.path.insert(0, '.')\nimport x") == ["released"]


def test_a_shared_library_that_was_written_here_is_not_loaded(places):
    for source in ("'./libx.so'", "'libx.so'\nname = './' + name"):
        (places / "work" / "libx.so").write_bytes(b"ELF")
        with pytest.raises(PermissionError, match="runs no code that was written here"):
            run(f"import ctypes\nname = {source}\nctypes.CDLL(name)", places)
    run("import ctypes\nctypes.CDLL(None)", places)


def test_pytest_and_unittest_run_no_test_that_was_written_here(places):
    (places / "work" / "test_written_here.py").write_text(f"{MODULE}def test_it():\n    pass\n")
    source = (
        "import unittest\nfound = unittest.TestLoader().discover('.')\n"
        "assert not unittest.TextTestRunner().run(found).wasSuccessful()\n"
    )
    assert importing(places, source) == []
    sys.modules.pop("test_written_here", None)


def test_what_is_known_is_pythons_its_librarys_and_the_source_of_what_is_imported(tmp_path, monkeypatch):
    for name in ("helper.py", "other.py", "data.txt"):
        (tmp_path / name).write_text("")
    (tmp_path / "linked.py").symlink_to(tmp_path / "helper.py")
    modules = {name: SimpleNamespace(__file__=str(tmp_path / name)) for name in ("linked.py", "data.txt")}
    monkeypatch.setattr(sys, "modules", {**sys.modules, "none": SimpleNamespace(__file__=None), **modules})
    known = {name: _is_known(str(tmp_path / name)) for name in ("helper.py", "other.py", "data.txt")}
    assert known == {"helper.py": True, "other.py": False, "data.txt": False}
    assert _is_known(os.path.realpath(os.__file__))
    assert _is_known(os.path.realpath(sys.prefix))
    assert not _is_known("/")
    assert _is_known("/usr/local/share/nbgrade")
    assert not _is_known("/usr/local/share/nbgrader/exchange/course/inbound/x/x.ipynb")


def test_code_that_was_written_in_the_working_directory_is_refused_however_that_is_called(places):
    (places / "link").symlink_to("work")
    (places / "work" / "mine.py").write_text("x = 1")
    looking = Files(str(places / "link"), [], [])
    for path in (places / "work" / "mine.py", b"mine.py", "../link/mine.py"):
        with pytest.raises(PermissionError, match=r"runs no code that was written here: [\w/.-]*mine\.py$"):
            looking.look("import", ("mine", path, None, None, None))
    looking.look("import", ("mine", "absent.py", None, None, None))
    looking.look("import", ("mine", None, None, None, None))
