"""The commands for what leaves a course."""

from typer.testing import CliRunner

from autograder.cli import app


def test_none_of_them_replaces_what_a_course_is_made_of(tmp_path, monkeypatch):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for line in (["export", "--format", "csv"], ["gradescope", "01"]):
        result = CliRunner().invoke(app, [*line, "--to", "nbgrader_config.py"])
        assert "nbgrader_config.py" in str(result.exception), line
    assert (tmp_path / "nbgrader_config.py").read_text(encoding="utf-8") == "c = get_config()\n"
