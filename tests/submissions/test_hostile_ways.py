"""The promises by `course grade`, with two workers, for the attacks on what reads a student's text.

``HOSTILE_WAY=course pytest tests/submissions/test_hostile.py`` tests all of them; by itself, test_hostile.py
grades by plain `nbgrader autograde`.
"""

import os
import subprocess
import sys

import pytest
from ordinary_user import REPOSITORY

ATTACKS = (
    "cells_by_the_thousand",
    "frames_of_empty_arrays",
    "json_of_great_depth",
    "json_with_huge_numbers",
    "literal_hexadecimal",
    "magics_by_the_hundred",
    "nested_finally",
    "nested_operators",
    "the_network",
)


@pytest.mark.slow
@pytest.mark.sandbox
def test_the_promises_hold_by_course_grade_and_a_rerun_has_nothing_to_do():
    chosen = " or ".join(f"[{name}]" for name in ATTACKS)
    everyone = "whole_class or outlives or is_left or is_changed or network or its_memory"
    line = [sys.executable, "-m", "pytest", "tests/submissions/test_hostile.py", "-n", "0", "-q"]
    ran = subprocess.run(
        [*line, "-k", f"{chosen} or {everyone}", "--tb=short"],
        cwd=REPOSITORY,
        env={**os.environ, "HOSTILE_WAY": "course"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-1000:]
    assert f"{5 * len(ATTACKS) + 6} passed" in ran.stdout
