"""The promises by plain `nbgrader autograde`, for the attacks on what reads a student's text, and on memory.

``HOSTILE_WAY=nbgrader pytest tests/submissions/test_hostile.py`` tests all of them; by itself,
test_hostile.py grades by `course grade`, with two workers, which takes a third of the time.
"""

import os
import subprocess
import sys

import pytest
from ordinary_user import REPOSITORY

ATTACKS = (
    "a_crash",
    "a_full_disk",
    "a_reply_of_a_gigabyte",
    "cells_by_the_thousand",
    "frames_of_empty_arrays",
    "json_of_great_depth",
    "json_with_huge_numbers",
    "literal_hexadecimal",
    "memory_of_four_gigabytes",
    "nested_finally",
    "nested_operators",
    "outputs_without_end",
    "patch_numpy",
    "the_network",
    "very_long_lines",
)


@pytest.mark.slow
@pytest.mark.sandbox
def test_the_promises_hold_by_nbgraders_own_command():
    chosen = " or ".join(f"[{name}]" for name in ATTACKS)
    everyone = "whole_class or outlives or is_left or is_changed or nobody_reaches or its_memory"
    line = [sys.executable, "-m", "pytest", "tests/submissions/test_hostile.py", "-n", "0", "-q"]
    ran = subprocess.run(
        [*line, "-k", f"{chosen} or {everyone}", "--tb=short"],
        cwd=REPOSITORY,
        env={**os.environ, "HOSTILE_WAY": "nbgrader"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-1000:]
    assert f"{len(ATTACKS) + 6} passed" in ran.stdout
