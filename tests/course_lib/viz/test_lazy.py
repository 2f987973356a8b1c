import subprocess
import sys

import pytest

from course_lib import viz


def test_matplotlib_is_not_imported_before_the_first_figure() -> None:
    code = "import sys; from course_lib import data, viz; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", viz.__all__)
def test_every_public_name_is_found(name: str) -> None:
    assert getattr(viz, name).__name__ == name
