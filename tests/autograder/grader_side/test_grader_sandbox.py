"""A grader, which holds one sandbox for all that it grades."""

import pytest

from autograder.grader_side import grader as module
from autograder.grader_side.borrowed import Lender
from autograder.grader_side.grader import Grader
from autograder.grader_side.limits import Limits
from autograder.student_side.packages import NONE, Packages

LIMITS = Limits(notebook_seconds=20)


@pytest.fixture
def sandboxes(monkeypatch):
    made = []

    class Sandbox:
        in_force = "a wall"

        def __init__(self, *arguments):
            self.arguments, self.closed, self.packages = arguments, 0, arguments[2]
            made.append(self)

        def close(self):
            self.closed += 1

    monkeypatch.setattr(module, "Sandbox", Sandbox)
    return made


def test_a_grader_has_one_sandbox_and_closes_it(sandboxes, monkeypatch):
    packages = Packages(("course",))
    with Grader(LIMITS, "landlock", packages) as grader:
        (box,) = sandboxes
        assert box.arguments == ("landlock", LIMITS, packages)
        assert (grader.in_force, grader.limits, grader.sandbox) == ("a wall", LIMITS, box)
        assert type(grader.lend()) is Lender
        monkeypatch.setattr(module, "grade_notebook", lambda *args, **options: (*args, options))
        assert grader.grade("notebook", seed=9) == ("notebook", box, LIMITS, {"seed": 9})
        assert box.closed == 0
    assert box.closed == 1
    grader.close()
    assert box.closed == 2


def test_a_grader_takes_the_strongest_sandbox_and_the_usual_limits(sandboxes):
    for wanted in ("auto", "bubblewrap", "none"):
        Grader(sandbox=wanted)
    assert [box.arguments for box in sandboxes] == [
        (w, Limits(), NONE) for w in ("auto", "bubblewrap", "none")
    ]
    assert Grader().sandbox.arguments[0] == "auto"


def test_a_grader_knows_no_other_sandbox(sandboxes):
    with pytest.raises(
        ValueError, match="sandbox should be auto, bubblewrap, landlock or none, not 'docker'"
    ):
        Grader(sandbox="docker")
    assert sandboxes == []
