"""Workers get ready without what they do not need, and nothing of it is lost to others in their process."""

import subprocess
import sys

LOADED = """
import sys
import autograder.grading.quick, autograder.grading.lean, autograder.grading.worker
assert not [name for name in sys.modules if name.startswith(("nbgrader", "sqlalchemy", "nbconvert"))]
assert "rfc3987_syntax" not in [name for name, module in sys.modules.items() if module is not None]
import nbgrader
import nbgrader.utils
print(nbgrader.__version__, nbgrader.utils.is_grade.__name__)
"""


def test_a_worker_imports_no_database_and_finds_nbgrader_whole_afterwards():
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    version, name = done.stdout.split()
    assert version.startswith("0.")
    assert name == "is_grade"
