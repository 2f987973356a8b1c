"""What stands in the class report of a failed check is ours to say, and no exception of a student's."""

import pytest

from course_lib.gradcheck import GradientMismatch
from course_lib.gradcheck.withheld import Withheld
from course_lib.grading import CheckEnded, Checks, Status


class AnswersAnythingError(ValueError):
    """As a student's exception may behind the wall, when it is asked for what it has by a name."""

    def __getattr__(self, name):
        return None if name.startswith("__") else self

    def __iter__(self):
        return iter([self])


def test_no_exception_of_a_students_says_what_stands_in_the_class_report():
    checks = Checks()
    for kind in (
        AnswersAnythingError,
        type("Asserts", (AnswersAnythingError, AssertionError), {"cause": "Ada's"}),
    ):
        with checks("raises"):
            raise kind
    assert [(outcome.status, outcome.causes) for outcome in checks.outcomes] == [
        (Status.FAILED, ("raised an exception",)),
        (Status.FAILED, ()),
    ]
    assert {outcome.line + outcome.repair for outcome in checks.outcomes} == {""}


def test_a_mismatch_that_a_student_raises_with_a_text_is_a_failure_as_any_other():
    checks = Checks()
    with checks("raises"):
        raise GradientMismatch("off by 2")
    assert (checks.outcomes[0].status, checks.outcomes[0].message) == (Status.FAILED, "off by 2")


@pytest.mark.parametrize("bases", [(CheckEnded,), (Withheld,), (CheckEnded, Withheld)])
def test_what_ends_a_check_for_us_says_what_it_is_in_the_class_report(bases):
    checks = Checks()
    with checks("ended"):
        raise type("Ended", bases, {} if Withheld in bases else {"cause": "called the library"})("why")
    assert checks.outcomes[0].causes == ("called the library",)


def test_a_text_that_ends_the_check_when_it_is_made_costs_that_check_alone():
    class Gone:
        def __str__(self):
            raise CheckEnded("its process is gone")

    checks = Checks()
    with checks("says what it got", points=1):
        raise AssertionError(Gone())
    with checks("the next", points=1):
        pass
    assert checks.outcomes[0].message == "(its message could not be shown: CheckEnded)"
    assert checks.score() == 1.0
