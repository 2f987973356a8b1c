"""A path that a command is told on its line is looked at before anything is done with it."""

import pytest
from typer.testing import CliRunner

from autograder.cli import app

#: Each option that takes a path, with what else its command has to be told.
FILES = (
    ("exercises", "--into"),
    ("report", "01", "--to"),
    ("export", "--format", "csv", "--to"),
    ("export", "--format", "canvas", "--to", "grades.csv", "--roster"),
    ("gradescope", "01", "--to"),
)
DIRECTORIES = (
    ("init",),
    ("solutions", "01", "--to"),
    ("kit", "--to"),
    ("packages", "--to"),
    ("site", "--to"),
    ("demo", "--into"),
)


@pytest.mark.parametrize(
    ("line", "given", "says"),
    [
        *[(line, "directory", "is a directory") for line in FILES],
        *[(line, "file", "is a file") for line in DIRECTORIES],
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_a_directory_in_place_of_a_file_is_refused_and_the_reverse(tmp_path, monkeypatch, line, given, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "directory").mkdir()
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = CliRunner().invoke(app, [*line, given])
    assert result.exit_code == 2
    assert f"'{given}' {says}" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("gradescope", ("--to ZIP The archive to write.", "--course DIR The course's root.")),
        ("kit", ("--to DIR The directory to make.", "Which ones; all by default.")),
        ("report", ("--to FILE Where to; reports/<assignment>.html by default.",)),
    ],
)
def test_what_a_path_is_asked_for_is_said_with_its_kind(monkeypatch, command, says):
    monkeypatch.setattr("typer.rich_utils.MAX_WIDTH", 200)
    shown = CliRunner().invoke(app, [command, "--help"]).output
    words = " ".join(shown.replace("*", " ").replace("\u2502", " ").split())
    assert [each for each in says if each not in words] == []


@pytest.mark.parametrize(
    "line",
    [
        ("build",),
        ("exercises",),
        ("kit", "--to", "kit"),
        ("solutions", "--to", "out"),
        ("demo", "--assignment"),
    ],
    ids=" ".join,
)
def test_a_slash_behind_an_assignments_name_is_no_part_of_it(tmp_path, monkeypatch, line):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nbgrader_config.py").write_text("", encoding="utf-8")
    assert "no assignment '07' under" in str(CliRunner().invoke(app, [*line, "07/"]).exception)
