"""Tests of the sandbox say when it is missing; in CI, where it must be there, they fail instead."""

import os
import shutil
import subprocess
import sys

import pytest


def pytest_collection_modifyitems(items):
    if shutil.which("bwrap") or os.environ.get("CI"):
        return
    missing = pytest.mark.skip(reason="needs bubblewrap: apt-get install bubblewrap")
    for item in items:
        if item.get_closest_marker("sandbox"):
            item.add_marker(missing)


def pytest_cmdline_main(config):
    """Below the strongest rung of the ladder the tests run as an ordinary user, as an instructor would."""
    if os.environ.get("HOSTILE_RUNG") != "landlock" or os.getuid():
        return None
    from ordinary_user import as_ordinary_user

    options = [*config.invocation_params.args, "-p", "no:cacheprovider"]
    line = [sys.executable, "-B", "-m", "pytest", *options]
    return subprocess.call(as_ordinary_user(line), env={**os.environ, "HOME": "/tmp"})
