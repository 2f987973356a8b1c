"""The promises in a course of plain asserts: apart an attack gains nothing, inside only its own points.

``HOSTILE_COURSE=apart pytest tests/submissions/test_hostile.py`` (or ``inside``) tests all attacks.
"""

import os
import subprocess
import sys

import pytest
from ordinary_user import REPOSITORY

ATTACKS = (
    "a_numpy_of_ones_own",
    "a_score_above_the_points",
    "an_object_that_knows",
    "delete_what_others_handed_in",
    "exception_that_is_a_class_of_its_own",
    "memory_of_the_checks",
    "numbers_without_words",
    "patch_numpy",
    "poison_the_configuration",
    "read_the_hidden_tests_from_memory",
    "replace_the_running_of_cells",
    "the_network",
    "write_into_the_gradebook",
)


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.parametrize("course", ["apart", "inside"])
def test_the_promises_hold_in_a_course_of_asserts(course):
    chosen = " or ".join(f"[{name}]" for name in ATTACKS)
    everyone = "whole_class or outlives or is_left or is_changed or nobody_reaches"
    line = [sys.executable, "-m", "pytest", "tests/submissions/test_hostile.py", "-n", "0", "-q"]
    ran = subprocess.run(
        [*line, "-k", f"{chosen} or {everyone}", "--tb=short"],
        cwd=REPOSITORY,
        env={**os.environ, "HOSTILE_COURSE": course},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-1000:]
    assert f"{len(ATTACKS) + 5} passed" in ran.stdout
