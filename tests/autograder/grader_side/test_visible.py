"""What Landlock lets student code read of an environment in which the project is installed as a wheel."""

from pathlib import Path

import pytest

from autograder.grader_side import visible


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A virtual environment with the project in it, reached by links as well."""
    packages = tmp_path / "real" / "lib" / "python3.11" / "site-packages"
    for folder in (
        "course_lib/reference",
        "course_lib/data",
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
    for secret in ("course_lib/reference", "autograder/grading"):
        inside = [path for path in readable if (installed / secret).is_relative_to(path)]
        assert inside == []
        assert not any(path.is_relative_to(installed / secret) for path in readable)


def test_what_notebooks_need_is_readable(installed):
    readable = [Path(path) for path in visible.readable()]
    for needed in ("numpy", "course_lib/data", "../../../bin"):
        place = (installed / needed).resolve()
        assert any(place.is_relative_to(path) for path in readable), needed
