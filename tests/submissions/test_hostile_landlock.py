"""The promises on the lower rung of the ladder, for the attacks that its walls are there for.

``HOSTILE_RUNG=landlock pytest tests/submissions/test_hostile.py`` tests all of them, as whoever runs it;
with ``HOSTILE_USER=ordinary``, root lets an ordinary user run it.
"""

import os
import subprocess
import sys

import pytest
from ordinary_user import REPOSITORY

ATTACKS = (
    "a_crash",
    "daemon_that_writes_later",
    "deep_and_closed_directories",
    "leases_on_files",
    "leaving_the_sandbox",
    "read_the_files_of_the_course",
    "read_the_hidden_tests_from_raw_memory",
    "signals_by_descriptor",
    "signals_to_everyone",
    "the_network",
    "what_an_owner_may_do",
)
# As root, what differs: files that only root may read, and another user's processes.
AS_ROOT = ("read_the_files_of_the_course", "signals_to_everyone", "what_an_owner_may_do")


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.landlock
@pytest.mark.parametrize(
    ("user", "attacks"),
    [("ordinary", ATTACKS), *([("root", AS_ROOT)] if os.getuid() == 0 else [])],
)
def test_the_promises_hold_behind_landlock(user, attacks, tmp_path):
    chosen = " or ".join(f"[{name}]" for name in attacks)
    everyone = "whole_class or outlives or is_left or is_changed or nobody_reaches"
    line = [sys.executable, "-m", "pytest", "tests/submissions/test_hostile.py", "-n", "0", "-q"]
    own_place = {"TMPDIR": str(tmp_path)} if user == "root" else {}  # the ordinary user has a /tmp of its own
    ran = subprocess.run(
        [*line, "-k", f"{chosen} or {everyone}", "--tb=short"],
        cwd=REPOSITORY,
        env={**os.environ, "HOSTILE_RUNG": "landlock", "HOSTILE_USER": user, **own_place},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-1000:]
    assert f"{len(attacks) + 5} passed" in ran.stdout
