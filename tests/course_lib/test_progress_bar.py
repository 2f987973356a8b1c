"""A bar where somebody is watching, and nothing at all anywhere else."""

import subprocess
import sys

import pytest
from jupyter_client.manager import start_new_kernel

from course_lib import watched

LOOP = """
import time
import course_lib.progress_bar
from course_lib import watched
course_lib.progress_bar.DELAY = 0.05
for _ in watched(range(10), "training"):
    time.sleep(0.02)
"""


@pytest.fixture(scope="module")
def client():
    manager, client = start_new_kernel()
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def shown(client, *, by_hand):
    """The kinds of output that the loop leaves when a cell is run by hand, or by a program."""
    kinds = []

    def note(message):
        if message["msg_type"] in ("stream", "display_data", "error", "execute_result"):
            kinds.append(message["msg_type"])

    client.execute_interactive(LOOP, allow_stdin=by_hand, output_hook=note, timeout=60)
    return kinds


def test_a_loop_run_by_hand_shows_a_bar(client):
    assert set(shown(client, by_hand=True)) & {"display_data", "stream"}


def test_a_notebook_that_a_program_executes_shows_nothing(client):
    assert shown(client, by_hand=False) == []


def test_a_script_shows_nothing_and_never_imports_tqdm():
    code = LOOP + "import sys\nprint('tqdm' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (result.stdout, result.stderr) == ("False\n", "")


def test_it_yields_what_it_is_given():
    assert list(watched(range(3))) == [0, 1, 2]
    assert list(watched(iter("ab"), "letters", total=2)) == ["a", "b"]
