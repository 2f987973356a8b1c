"""What Landlock lets student code read of an environment in which the project is installed as a wheel."""

from pathlib import Path

import pytest

from autograder.grader_side import visible
from autograder.grader_side.errors import SandboxError


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A virtual environment with the project in it, reached by links as well."""
    packages = tmp_path / "real" / "lib" / "python3.11" / "site-packages"
    for folder in (
        "course_lib/reference",
        "course_lib/data",
        "course_lib/gradcheck",
        "autograder/student_side",
        "autograder/grading",
    ):
        (packages / folder).mkdir(parents=True)
    (packages / "numpy").mkdir()
    (tmp_path / "real" / "bin").mkdir()
    (tmp_path / "real" / "lib64").symlink_to("lib")
    (tmp_path / "real" / "shortcut").symlink_to(packages / "course_lib" / "reference")
    (tmp_path / "environment").symlink_to("real")
    packages = tmp_path / "environment" / packages.relative_to(tmp_path / "real")
    monkeypatch.setattr(visible, "environment", lambda: [tmp_path / "environment"])
    monkeypatch.setattr(visible, "library", lambda: packages / "course_lib")
    monkeypatch.setattr(visible, "_server", lambda: packages / "autograder" / "student_side")
    return packages.resolve()


def test_the_reference_and_the_grader_are_in_no_readable_directory(installed):
    readable = [Path(path) for path in visible.readable()]
    for secret in ("course_lib/reference", "course_lib/data", "autograder/grading"):
        inside = [path for path in readable if (installed / secret).is_relative_to(path)]
        assert inside == []
        assert not any(path.is_relative_to(installed / secret) for path in readable)


def test_what_notebooks_need_is_readable(installed):
    readable = [Path(path) for path in visible.readable()]
    for needed in ("numpy", "course_lib/gradcheck", "../../../bin"):
        place = (installed / needed).resolve()
        assert any(place.is_relative_to(path) for path in readable), needed


@pytest.fixture
def on_the_path(tmp_path, monkeypatch):
    """A course's own packages, where Python finds them."""
    for name in (
        "our_course/__init__.py",
        "our_course/data/__init__.py",
        "our_course/tests.py",
        "our_tool.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("our_tool", {"our_tool.py": "our_tool.py"}),
        ("our_course", {"our_course": "our_course"}),
        (
            "our_course.data",
            {"our_course/__init__.py": "our_course/__init__.py", "our_course/data": "our_course/data"},
        ),
    ],
)
def test_of_a_package_that_the_course_names_as_much_is_shown_as_is_named(on_the_path, name, shown):
    before = visible.notebooks_import()
    found = [item for item in visible.notebooks_import([name]) if item not in before]
    assert {str(path.relative_to(on_the_path)): place for path, place in found} == shown
    assert set(found) <= set(visible.student_edition([name]))
    assert {str(path.resolve()) for path, _ in found} <= set(visible.readable([name]))


@pytest.mark.parametrize("name", ["not_installed", "not_installed.at_all", "course_lib.no_such_thing"])
def test_a_package_that_is_not_there_is_named_before_anything_runs(name):
    with pytest.raises(SandboxError, match=f"the course's package '{name}' is not installed"):
        visible.student_edition([name])


def test_a_path_in_what_student_code_may_see_is_told_with_the_directory(installed, tmp_path):
    environment = tmp_path / "environment"
    assert visible.shown_with(tmp_path / "real" / "share" / "course") == environment
    assert visible.shown_with(environment) == environment
    assert visible.shown_with(Path("/usr/src/course")) == Path("/usr")
    assert visible.shown_with(tmp_path / "course") is None
    assert visible.shown_with(installed / "course_lib" / "bundled") is None  # it is hidden
