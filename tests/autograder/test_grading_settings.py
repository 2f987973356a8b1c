"""How a course is graded: what its configuration sets, and what it cannot set."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
from traitlets import TraitError
from traitlets.config import Config

from autograder.errors import CourseError
from autograder.grader_side import visible
from autograder.grading_settings import Configured, Settings, configured, settings_of
from autograder.plugins import GradeApart


def test_without_a_word_the_strongest_sandbox_and_the_usual_limits_are_taken():
    assert settings_of(Config()) == Settings("auto", {})


def test_what_is_set_is_taken_and_a_sandbox_that_is_named_goes_before():
    config = Config({"GradeApart": {"sandbox": "landlock", "limits": {"call_seconds": 5}}})
    assert settings_of(config) == Settings("landlock", {"call_seconds": 5})
    assert settings_of(config, "none").sandbox == "none"
    assert type(settings_of(config).limits) is dict


def set_to(**settings):
    return configured(Config(GradeApart=settings))


def test_a_course_that_sets_nothing_has_the_usual_settings():
    found = set_to()
    assert (found.sandbox, found.seed, found.limits) == ("auto", None, {})
    assert (found.refuse_inside, found.student_files) == (False, [])


def test_what_a_course_sets_is_found_and_what_is_nbgraders_own_is_left_alone():
    found = set_to(
        sandbox="landlock", limits={"memory_mb": 512, "cell_seconds": 5}, refuse_inside=True, enabled=True
    )
    assert (found.sandbox, found.refuse_inside) == ("landlock", True)
    assert found.limits == {"memory_mb": 512, "cell_seconds": 5}


def test_a_list_and_a_dict_may_be_added_to():
    config = Config()
    config.GradeApart.student_files.append("*.csv")
    config.GradeApart.limits.update({"call_seconds": 5})
    assert configured(config).student_files == ["*.csv"]
    assert settings_of(config).limits == {"call_seconds": 5}


def test_one_pattern_of_files_stands_for_a_list_of_it():
    assert set_to(student_files="*.csv").student_files == ["*.csv"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"sandbox": "docker"}, "GradeApart cannot be used: The 'sandbox' trait"),
        ({"refuse_inside": "no"}, "GradeApart cannot be used: The 'refuse_inside' trait"),
        ({"student_files": 3}, "GradeApart cannot be used: The 'student_files' trait expected a list"),
        ({"student_files": [None]}, "GradeApart cannot be used: The 'student_files' trait contains"),
        ({"limits": None}, "GradeApart cannot be used: The 'limits' trait"),
        ({"limits": {"memory": 1}}, "limits: there is no 'memory'; there are cell_seconds, call_seconds, "),
        ({"limits": {"memory_mb": "1"}}, "limits: memory_mb is of type str; usually it is 2048"),
        ({"limits": {"memory_mb": 1.5}}, "limits: memory_mb is of type float; usually it is 2048"),
        ({"limits": {"cell_seconds": True}}, "limits: cell_seconds is of type bool; usually it is 30.0"),
        (
            {"limits": {"cell_seconds": 0}},
            "limits: cell_seconds should be more than 0 and less than 1e+12",
        ),
        ({"limits": {"cell_seconds": float("nan")}}, "less than 1e+12"),
        ({"limits": {"memory_mb": 10**400}}, "less than 1e+12"),
        ({"sandox": "none"}, "the configuration sets GradeApart.sandox; GradeApart.sandbox is a setting"),
    ],
)
def test_what_cannot_be_a_setting_is_refused_by_name(settings, said):
    with pytest.raises(CourseError) as caught:
        set_to(**settings)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nbgraders_own_command_takes_and_refuses_the_same():
    assert issubclass(GradeApart, Configured)
    assert GradeApart(config=Config(GradeApart={"limits": {"memory_mb": 512}})).limits == {"memory_mb": 512}
    with pytest.raises(TraitError, match="limits: there is no 'memory'"):
        GradeApart(limits={"memory": 1})


def test_to_know_the_settings_nothing_that_grades_is_imported():
    code = (
        "import sys, autograder.grading_settings\n"
        "print([n for n in sys.modules if n in ('autograder.grader_side.grader', 'distributed')])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


def test_a_course_that_student_code_could_read_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(visible, "environment", lambda: [tmp_path])
    (tmp_path / "course").mkdir()
    monkeypatch.chdir(tmp_path / "course")  # nbgrader's own command may know no other root
    for section in ({}, {"root": str(tmp_path / "course")}, {"root": str(tmp_path)}):
        with pytest.raises(
            CourseError, match=f"student code may read all of {tmp_path}, .* {tmp_path}.* its hid"
        ):
            settings_of(Config(CourseDirectory=section))
        assert settings_of(Config(CourseDirectory=section), "none").sandbox == "none"
    with pytest.raises(CourseError, match="may read"):
        _ = GradeApart(config=Config(CourseDirectory={"root": str(tmp_path)})).settings
    monkeypatch.setattr(visible, "environment", lambda: [tmp_path / "course" / ".venv"])
    assert settings_of(Config(CourseDirectory={"root": str(tmp_path / "course")})) == Settings()


def test_where_assertions_are_left_out_nothing_is_graded(monkeypatch):
    monkeypatch.setattr("autograder.grading_settings.sys", SimpleNamespace(flags=SimpleNamespace(optimize=1)))
    with pytest.raises(CourseError, match="leave out assertions"):
        settings_of(Config())
    with pytest.raises(CourseError, match="leave out assertions"):
        Settings()
