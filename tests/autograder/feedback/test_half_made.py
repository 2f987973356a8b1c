"""A command that was killed leaves no student without feedback: the next one makes it."""

import pytest
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from autograder.feedback.half_made import remove_half_made


@pytest.mark.parametrize(
    ("pages", "stays"),
    [
        ({"one": "<html></html>\n", "two": "<html></html>"}, True),
        ({"one": "<html></html>", "two": "<html><body>"}, False),
        ({"one": "<html></html>"}, False),
        ({}, False),
    ],
)
def test_pages_that_a_killed_command_left_half_made_are_made_again(tmp_path, pages, stays):
    folder = tmp_path / "feedback" / "ada" / "ps1"
    folder.mkdir(parents=True)
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    notebooks = [str(tmp_path / "autograded" / "ada" / "ps1" / f"{name}.ipynb") for name in ("one", "two")]
    converter = GenerateFeedback(coursedir=CourseDirectory(root=str(tmp_path)))
    converter.assignments = {str(tmp_path / "autograded" / "ada" / "ps1"): notebooks}
    remove_half_made(converter)
    assert folder.exists() == stays
