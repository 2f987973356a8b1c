"""The command starts as it does anywhere where its standard streams were closed."""

import subprocess
import sys

import pytest

CODE = """
import os
from autograder.__main__ import have_standard_streams
have_standard_streams()
import sys
print("out", file=sys.stdout)
print("error", file=sys.stderr, flush=True)
found = [sys.stdin.read(), sys.stdout.isatty(), sys.stderr.isatty(), *map(os.get_inheritable, range(3))]
os._exit(0 if found == ["", False, False, True, True, True] and os.open(os.devnull, 0) > 2 else 1)
"""


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", ""])
def test_closed_streams_lead_nowhere(closed):
    line = ["bash", "-c", f'"$0" -c "$1" {closed}', sys.executable, CODE]
    assert subprocess.run(line, stdin=subprocess.DEVNULL, check=False, capture_output=True).returncode == 0
