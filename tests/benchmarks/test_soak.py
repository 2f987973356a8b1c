"""A small soak: workers and the command killed over a mixed class, and every score right at the end."""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.sandbox
@pytest.mark.slow
def test_every_honest_score_is_right_though_workers_and_the_command_are_killed():
    soak = [sys.executable, REPOSITORY / "benchmarks" / "soak.py", "--submissions", "16", "--kill-every", "3"]
    run = subprocess.run([*map(str, soak)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "| honest | 14 | 14 | 0 | 0 | 0 |" in run.stdout
    assert run.stdout.endswith("passed\n")
