"""Who looks at what Python tells of itself while a graded cell runs."""

import importlib
import os
import shutil
import sys
import tempfile

import pytest

from autograder.grader_side import audited as module
from autograder.grader_side.audited import audited, frames, is_an_import, is_the_cells, texts_in


def test_everybody_is_asked_in_order_in_the_block_alone():
    told = []
    with audited(lambda event, args: told.append(("first", event)), lambda *event: told.append(event)):
        sys.audit("a.test", 1, "x")
    sys.audit("a.test", 2)
    mine = [item for item in told if "a.test" in item]
    assert mine == [("first", "a.test"), ("a.test", (1, "x"))]


def test_what_one_raises_is_raised_where_it_happens_and_the_block_inside_ends_before():
    def refuse(event, arguments):
        if event == "a.test":
            raise PermissionError(arguments[0])

    with audited(refuse):
        with audited():
            sys.audit("a.test", "inside")
        with pytest.raises(PermissionError, match="outside"):
            sys.audit("a.test", "outside")


def test_there_is_one_hook(monkeypatch):
    hooks = []
    module._hook.cache_clear()
    monkeypatch.setattr(sys, "addaudithook", hooks.append)
    for _ in range(2):
        with audited():
            pass
    assert hooks == [module._tell]
    module._hook.cache_clear()


def whose(source, event, names=("<graded>",)):
    """Whether each of the events, in code of a graded cell's, is of its doing."""
    found = []

    def look(name, arguments):
        if name == event:
            found.append(is_the_cells(names))

    code = compile(source, "<graded>", "exec")
    with audited(look):
        exec(code, {"os": os, "shutil": shutil, "tempfile": tempfile, "importlib": importlib})
    return found


def test_a_cell_does_what_it_does_itself_or_by_a_library(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert set(whose("open('x', 'w').close()", "open")) == {True}
    assert set(whose("shutil.copy('x', 'y')", "open")) == {True}
    assert set(whose("open('x').close()", "open", names=())) == {True}


def test_it_does_not_make_files_of_tempfile_nor_look_for_modules_nor_empty_a_directory(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert set(whose("tempfile.TemporaryFile().close()", "open")) == {False}
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "x").write_text("")
    assert set(whose(f"shutil.rmtree({str(tmp_path / 'there')!r})", "os.remove")) == {False}
    (tmp_path / "imported_here.py").write_text("open(__file__).close()")
    monkeypatch.syspath_prepend(tmp_path)
    assert set(whose("import imported_here", "open")) == {False}
    assert True not in whose("importlib.metadata.distribution('pytest').metadata", "open")


def test_texts_stand_in_functions_and_tuples_of_the_code_too():
    source = "x = 'a'\ndef f(y='b'):\n    return y in ('c', ('d',)), lambda: 'e'\nx in {'f', 'g'}\n3"
    assert set("abcdefg") <= set(texts_in([compile(source, "x", "exec")]))
    assert list(texts_in([])) == []


def of_module(name, function):
    """A function of a module of this name, which opens a file."""
    names = {"__name__": name}
    exec(compile(f"def {function}():\n    open('/dev/null').close()", f"{name}.py", "exec"), names)
    return names[function]


@pytest.mark.parametrize(
    ("name", "function", "its"),
    [
        ("autograder.grader_side.crossing", "called", True),  # student code calls a function of the cell's
        ("autograder.grader_side.crossing", "asked", False),
        ("autograder.grader_side.workplace", "opened", True),
        ("autograder.grader_side.student", "called", False),
        ("autograders", "called", True),
    ],
)
def test_of_our_own_code_only_what_stands_for_the_cell_is_its_doing(name, function, its):
    found = []
    with audited(lambda event, arguments: event == "open" and found.append(is_the_cells(()))):
        of_module(name, function)()
    assert set(found) == {its}


def test_an_import_is_told_from_what_a_module_or_the_cell_opens(tmp_path, monkeypatch):
    (tmp_path / "read_by_import.py").write_text("open('/dev/null').close()")
    monkeypatch.syspath_prepend(tmp_path)
    found = []

    def look(event, arguments):
        if event == "open":
            found.append((str(arguments[0]), is_an_import(("<graded>",))))

    with audited(look):
        exec(compile("import read_by_import\nopen('/dev/zero').close()", "<graded>", "exec"), {})
        assert found[-1] == ("/dev/zero", False)
        exec(compile("import tokenize\ntokenize.open('/dev/null').close()", "<graded>", "exec"), {})
    assert (str(tmp_path / "read_by_import.py"), True) in found
    assert found[-1] == ("/dev/null", False)


def test_outside_of_an_event_there_is_nothing_to_look_at():
    assert list(frames()) == []
    assert not is_an_import(())
    assert is_the_cells(())
