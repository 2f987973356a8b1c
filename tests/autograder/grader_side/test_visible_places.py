"""Which places are shown and hidden, of a machine that is made up."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.grader_side import visible
from autograder.grader_side.errors import SandboxError

SHOWN = ["__init__.py", "gradcheck", "grading", "progress_bar.py", "py.typed"]


def made(root, *names):
    """Files and directories: a name with a slash at its end is a directory."""
    for name in names:
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("")
    return root


@pytest.fixture
def site(tmp_path, monkeypatch):
    """An environment below a link in which the project is installed, and a system of three places."""
    made(tmp_path, "usr/", "etc/fonts/", "env/lib/course_lib/reference/", "env/bin/", "env/lib/numpy/")
    made(tmp_path / "env" / "lib", *(f"course_lib/{name}{'/' * ('.' not in name)}" for name in SHOWN))
    server = made(tmp_path / "env" / "lib" / "autograder", "student_side/a.py", "student_side/b/", "grade.py")
    made(server, "student_side/__pycache__/")
    (tmp_path / "bin").symlink_to("usr")
    (tmp_path / "link").symlink_to("env")
    monkeypatch.setattr(visible, "SYSTEM", [str(tmp_path / "usr"), str(tmp_path / "bin")])
    monkeypatch.setattr(visible, "SETTINGS", [str(tmp_path / "etc" / "fonts")])
    monkeypatch.setattr(visible, "EXCHANGE", tmp_path / "exchange")
    monkeypatch.setattr(visible, "environment", lambda: [tmp_path / "link"])
    monkeypatch.setattr(visible, "library", lambda: tmp_path / "link" / "lib" / "course_lib")
    monkeypatch.setattr(visible, "_server", lambda: tmp_path / "link" / "lib" / "autograder" / "student_side")
    return tmp_path


def test_an_environment_is_where_python_says_unless_that_is_the_systems(monkeypatch):
    places = SimpleNamespace(prefix="/opt/venv", base_prefix="/usr/local", exec_prefix="/opt/other")
    monkeypatch.setattr(visible, "sys", places)
    assert visible.environment() == [Path("/opt/other"), Path("/opt/venv")]


def test_the_system_has_its_libraries_and_fonts():
    assert {"/usr", "/lib", "/lib64"} <= set(visible.SYSTEM)
    assert {"/etc/ld.so.cache", "/etc/fonts"} <= set(visible.SETTINGS)


def test_the_student_edition_is_the_checker_and_what_runs_student_code(site):
    lib = site / "link" / "lib"
    checker = [(lib / "course_lib" / name, f"course_lib/{name}") for name in SHOWN]
    server = [
        (lib / "autograder" / "student_side" / name, f"autograder/student_side/{name}")
        for name in ("a.py", "b")
    ]
    assert visible.student_edition() == checker + server
    assert visible.notebooks_import() == checker


def test_what_is_hidden_lies_inside_of_what_is_shown(site, monkeypatch):
    ours = [site / "link" / "lib" / name for name in ("course_lib", "autograder")]
    assert visible.hidden() == ours
    made(site, "exchange/")
    assert visible.hidden() == [site / "exchange", *ours]
    monkeypatch.setattr(visible, "environment", list)
    assert visible.hidden() == [site / "exchange"]
    monkeypatch.setattr(visible, "library", lambda: Path("/usr/lib/course_lib"))
    assert visible.hidden() == [site / "exchange", Path("/usr/lib/course_lib")]


def test_what_landlock_allows_is_all_but_what_is_hidden(site):
    (site / "env" / "lib64").symlink_to("lib")
    shown = ["env/bin", "env/lib/numpy", "etc/fonts", "usr"]
    shown += [f"env/lib/course_lib/{name}" for name in SHOWN]
    shown += [f"env/lib/autograder/student_side/{name}" for name in ("a.py", "b")]
    assert visible.readable() == sorted(str(site.resolve() / name) for name in shown)


def test_directories_on_the_way_that_others_may_not_enter_are_closed(tmp_path, monkeypatch):
    made(tmp_path, "home/env/bin/", "home/files/tool.py", "home/package/", "open/other.py", "aside/")
    for name, mode in (("home", 0o700), ("home/files", 0o750), ("home/package", 0o744), ("aside", 0o700)):
        (tmp_path / name).chmod(mode)
    for name in ("home/env", "open", "home/env/bin"):
        (tmp_path / name).chmod(0o755)
    (tmp_path / "link").symlink_to("home/env")
    edition = [(tmp_path / name, "x") for name in ("home/files/tool.py", "home/package", "open/other.py")]
    monkeypatch.setattr(visible, "environment", lambda: [tmp_path / "link"])
    monkeypatch.setattr(visible, "student_edition", lambda packages: edition if packages else [])

    def closed(*packages):
        found = [path for path in visible.closed(packages) if path.is_relative_to(tmp_path.resolve())]
        return [str(path.relative_to(tmp_path.resolve())) for path in found if path != tmp_path.resolve()]

    assert closed("a course's") == ["home", "home/files", "home/package"]
    assert closed() == ["home"]


@pytest.fixture
def packages(tmp_path, monkeypatch):
    made(tmp_path, "my_course/__init__.py", "my_course/data/__init__.py", "my_course/data/deep/__init__.py")
    made(tmp_path, "my_course/tool.py", "my_space/")
    monkeypatch.syspath_prepend(tmp_path)

    def shown(*names):
        known = len(visible.notebooks_import())
        found = visible.notebooks_import(names)[known:]
        assert visible.student_edition(names)[-len(found) :] == found
        assert all(path == tmp_path / place for path, place in found)
        return [place for _, place in found]

    yield shown
    for name in [name for name in sys.modules if name.startswith("my_course")]:
        del sys.modules[name]


def test_a_file_that_two_packages_need_is_shown_once(packages):
    above = "my_course/__init__.py"
    assert packages("my_course.tool") == [above, "my_course/tool.py"]
    assert packages("my_course.tool", "my_course.data") == [above, "my_course/tool.py", "my_course/data"]


def test_each_package_that_another_is_in_is_shown_by_its_first_file(packages):
    deep = ["my_course/__init__.py", "my_course/data/__init__.py", "my_course/data/deep"]
    assert packages("my_course.data.deep") == deep


def test_what_is_in_course_lib_needs_nothing_above_it():
    assert list(visible.files_of("course_lib.data")) == [(visible.library() / "data", "course_lib/data")]


def test_a_directory_that_is_no_package_is_not_installed(packages):
    with pytest.raises(SandboxError, match="'my_space' is not installed"):
        packages("my_space")
