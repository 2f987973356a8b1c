"""The command starts where its standard streams were closed, nobody has a home, or names are no UTF-8."""

import os
import subprocess
import sys

import pytest

from autograder.__main__ import have_a_home, main

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


@pytest.mark.parametrize("isolated", [[], ["-I"]])
def test_a_locale_of_another_encoding_changes_no_name(isolated, tmp_path):
    code = "from autograder.__main__ import have_utf8; have_utf8(); import os; print(ascii(os.listdir('.')))"
    (tmp_path / "josé").mkdir()
    plain = os.environ | {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    line = [sys.executable, *isolated, "-X", "utf8=0", "-c", code]
    done = subprocess.run(line, env=plain, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert done.stdout == "['jos\\xe9']\n"


@pytest.mark.parametrize(("found", "home"), [("~", "/"), ("/home/ada", "/home/ada")])
def test_who_has_no_home_has_the_root(found, home, monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setattr("os.path.expanduser", lambda path: found)
    have_a_home()
    assert os.environ["HOME"] == home


def test_an_interruption_ends_it_without_a_traceback(monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr("autograder.cli.main", interrupted)
    monkeypatch.setattr("sys.argv", ["course"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130
