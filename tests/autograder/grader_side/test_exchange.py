from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grader_side import visible
from autograder.grader_side.grader import Grader
from autograder.grader_side.limits import Limits

LOOK = "import os\nprint('seen', os.listdir({folder!r}) if os.path.isdir({folder!r}) else [])"


@pytest.mark.sandbox
def test_what_lies_in_the_exchange_cannot_be_seen_from_the_sandbox(monkeypatch):
    folder = Path("/usr/share/doc")  # it stands for the exchange, which tests may not make
    monkeypatch.setattr(visible, "EXCHANGE", folder)
    assert folder in visible.hidden()
    with Grader(limits=Limits()) as grader:
        notebook = new_notebook(cells=[new_code_cell(LOOK.format(folder=str(folder)))])
        outputs = grader.grade(notebook, seed=1).notebook.cells[0].outputs
    assert outputs[0].text == "seen []\n"
