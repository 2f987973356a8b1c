"""How a course is graded: what its configuration sets, and what it cannot set."""

import subprocess
import sys

import pytest
from traitlets.config import Config

from autograder.errors import CourseError
from autograder.grading_settings import Settings, settings_of, student_files_of


def test_without_a_word_the_strongest_sandbox_and_the_usual_limits_are_taken():
    assert settings_of(Config()) == Settings("auto", {})


def test_what_is_set_is_taken_and_a_sandbox_that_is_named_goes_before():
    config = Config({"GradeApart": {"sandbox": "landlock", "limits": {"call_seconds": 5}}})
    assert settings_of(config) == Settings("landlock", {"call_seconds": 5})
    assert settings_of(config, "none").sandbox == "none"
    assert type(settings_of(config).limits) is dict


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            {"sandbox": "docker"},
            r"c\.GradeApart\.sandbox should be auto, bubblewrap, landlock or none, not 'docker'",
        ),
        (
            {"limits": {"call_secs": 3}},
            r"c\.GradeApart\.limits: there is no 'call_secs'; there are cell_seconds, call_seconds, ",
        ),
        (
            {"limits": {"call_seconds": "3"}},
            r"c\.GradeApart\.limits: call_seconds should be more than 0, not '3'",
        ),
        ({"limits": {"call_seconds": 0}}, "call_seconds should be more than 0, not 0"),
        ({"limits": [3]}, r"c\.GradeApart\.limits: they should be a dict of numbers by name, not \[3\]"),
    ],
)
def test_what_is_no_sandbox_or_limit_is_said_before_anything_is_graded(given, says):
    with pytest.raises(CourseError, match=says):
        settings_of(Config({"GradeApart": given}))


def test_files_of_students_are_a_list_of_names_and_one_name_alone_is_no_pattern_of_each_letter():
    assert student_files_of(Config()) == []
    assert student_files_of(Config({"GradeApart": {"student_files": ("*.csv", "a.txt")}})) == [
        "*.csv",
        "a.txt",
    ]
    for given in ("*.csv", [3], None):
        with pytest.raises(
            CourseError, match=r"c\.GradeApart\.student_files should be a list of names, not "
        ):
            student_files_of(Config({"GradeApart": {"student_files": given}}))


def test_what_a_course_appends_to_or_updates_is_added_to_the_usual():
    config = Config()
    config.GradeApart.student_files.append("*.csv")
    config.GradeApart.limits.update({"call_seconds": 5})
    assert student_files_of(config) == ["*.csv"]
    assert settings_of(config).limits == {"call_seconds": 5}


def test_to_know_the_settings_nothing_that_grades_is_imported():
    code = (
        "import sys, autograder.grading_settings\n"
        "print([n for n in sys.modules if n in ('autograder.grader_side.grader', 'distributed')])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"
