import json

import nbformat
import pytest

from autograder.recorded.reading import read_head, read_record
from autograder.recorded.record import RECORD, Record

MADE = Record(
    intake="read",
    submission="d1",
    release="d2",
    files="d3",
    status="graded",
    seconds=1.5,
    seed=7,
    again=True,
    outcomes={"a": {"points": 1.0, "max_points": 2.0, "note": "", "checks": []}},
)


@pytest.fixture
def path(tmp_path):
    cell = nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text="x" * 10_000)])
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={RECORD: MADE.as_metadata(), "other": [1]})
    nbformat.write(notebook, tmp_path / "made.ipynb")
    return tmp_path / "made.ipynb"


def test_the_record_of_an_autograded_notebook_is_read_whole(path):
    assert read_record(path) == MADE


def test_its_head_says_what_the_grade_is_of_and_whether_it_was_made_to_the_end(path):
    ours = Record(submission="d1", release="d2", files="d3", status="graded", seed=7, again=True)
    assert read_head(path) == ours


@pytest.mark.parametrize("read", [read_record, read_head])
@pytest.mark.parametrize(
    "text",
    ["", "no notebook", "[]", "{}", '{"metadata": 3}', json.dumps({"metadata": {RECORD: "graded"}})],
)
def test_what_holds_no_record_is_read_as_one_of_nothing(tmp_path, read, text):
    path = tmp_path / "odd.ipynb"
    assert read(path) == Record()
    path.write_text(text, encoding="utf-8")
    assert read(path) == Record()


def test_a_field_of_another_kind_counts_as_not_said(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"][RECORD].update(submission=[1], again="yes")
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert read_head(path) == Record(release="d2", files="d3", status="graded", seed=7)
