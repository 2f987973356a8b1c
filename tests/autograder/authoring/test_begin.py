"""`course init` gives an nbgrader course two lines, or makes a small course that can be checked at once."""

import pytest
import second_course

from autograder.authoring.begin import FIRST, LINES, begin
from autograder.course import Course
from autograder.errors import CourseError
from autograder.plugins.settings import lacking
from autograder.protection.check import check, is_all_well


def test_an_existing_course_keeps_every_line_and_gets_two(tmp_path):
    root = second_course.make(tmp_path / "course", behind_the_wall=False)
    config = root / "nbgrader_config.py"
    before = config.read_text(encoding="utf-8")
    said = begin(root)
    assert config.read_text(encoding="utf-8") == before + "\n" + LINES
    assert not list(lacking(Course(root).config()))
    assert any(f"course check {second_course.ASSIGNMENT}" in line for line in said)


def test_a_second_time_changes_nothing(tmp_path):
    root = second_course.make(tmp_path / "course")
    before = (root / "nbgrader_config.py").read_bytes()
    assert "already" in begin(root)[0]
    assert (root / "nbgrader_config.py").read_bytes() == before


@pytest.mark.sandbox
def test_a_new_course_is_all_well_as_it_stands(tmp_path):
    begin(tmp_path / "new course (1)")
    found, _ = check(Course(tmp_path / "new course (1)"), FIRST)
    assert [item.tier for item in found] == ["apart"]
    assert is_all_well(found)


def test_nothing_is_made_in_a_place_that_nbgrader_would_misread(tmp_path):
    with pytest.raises(CourseError, match="nbgrader misreads"):
        begin(tmp_path / "100%")
    assert not (tmp_path / "100%").exists()


def test_a_directory_of_something_else_stays_as_it_is(tmp_path):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(CourseError, match=r"is no course .* and is not empty"):
        begin(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_configuration_without_a_place_for_the_lines_is_refused(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("settings = 3\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"has no line `c = get_config\("):
        begin(tmp_path)


def test_lines_end_as_the_others_of_the_file_do(tmp_path):
    (tmp_path / "nbgrader_config.py").write_bytes(b"c = get_config()\r\nx = 1")
    begin(tmp_path)
    written = (tmp_path / "nbgrader_config.py").read_bytes()
    assert written == b"c = get_config()\r\nx = 1\r\n\r\n" + LINES.replace("\n", "\r\n").encode()
