"""Settings of grading are looked at before anything is graded with them, and refused by name."""

import pytest
from traitlets import TraitError
from traitlets.config import Config

from autograder.configured import GradingSettings, grading_settings
from autograder.errors import CourseError
from autograder.plugins import GradeApart


def configured(**settings):
    return grading_settings(Config(GradeApart=settings))


def test_a_course_that_sets_nothing_has_the_usual_settings():
    found = configured()
    assert (found.sandbox, found.seed, found.limits) == ("auto", None, {})
    assert (found.refuse_inside, found.student_files) == (False, [])


def test_what_a_course_sets_is_found_and_what_is_nbgraders_own_is_left_alone():
    found = configured(
        sandbox="landlock", limits={"memory_mb": 512, "cell_seconds": 5}, refuse_inside=True, enabled=True
    )
    assert (found.sandbox, found.refuse_inside) == ("landlock", True)
    assert found.limits == {"memory_mb": 512, "cell_seconds": 5}


def test_a_list_may_be_added_to():
    config = Config()
    config.GradeApart.student_files.append("*.csv")
    assert grading_settings(config).student_files == ["*.csv"]


def test_one_pattern_of_files_stands_for_a_list_of_it():
    assert configured(student_files="*.csv").student_files == ["*.csv"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"sandbox": "docker"}, "GradeApart cannot be used: The 'sandbox' trait"),
        ({"refuse_inside": "no"}, "GradeApart cannot be used: The 'refuse_inside' trait"),
        ({"student_files": 3}, "GradeApart cannot be used: The 'student_files' trait expected a list"),
        ({"student_files": [None]}, "GradeApart cannot be used: The 'student_files' trait contains"),
        ({"limits": None}, "GradeApart cannot be used: The 'limits' trait"),
        ({"limits": {"memory": 1}}, "there is no limit 'memory'; there is: cell_seconds, call_seconds, "),
        ({"limits": {"memory_mb": "1"}}, "limits: memory_mb is of type str; its usual value is 2048"),
        ({"limits": {"memory_mb": 1.5}}, "limits: memory_mb is of type float; its usual value is 2048"),
        ({"limits": {"cell_seconds": True}}, "limits: cell_seconds is of type bool; its usual value is 30.0"),
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
        configured(**settings)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nbgraders_own_command_takes_and_refuses_the_same():
    assert issubclass(GradeApart, GradingSettings)
    assert GradeApart(config=Config(GradeApart={"limits": {"memory_mb": 512}})).limits == {"memory_mb": 512}
    with pytest.raises(TraitError, match="there is no limit 'memory'"):
        GradeApart(limits={"memory": 1})
