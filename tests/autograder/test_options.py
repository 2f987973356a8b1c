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
