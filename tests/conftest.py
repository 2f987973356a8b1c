"""Tests say which system package they miss; in CI, where it must be there, they fail instead."""

import os
import shutil

import postgres
import pytest

NEEDED = {
    "postgresql": (lambda: postgres.programs() is not None, "postgresql"),
    "sandbox": (lambda: shutil.which("bwrap") is not None, "bubblewrap"),
}


def pytest_collection_modifyitems(items):
    if os.environ.get("CI"):
        return
    for marker, (is_there, package) in NEEDED.items():
        if is_there():
            continue
        missing = pytest.mark.skip(reason=f"needs {package}: apt-get install {package}")
        for item in items:
            if item.get_closest_marker(marker):
                item.add_marker(missing)
