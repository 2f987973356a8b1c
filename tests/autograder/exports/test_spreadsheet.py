"""Tables for spreadsheets: whatever a cell says, and wherever a spreadsheet ends it, none is run."""

import csv

import pytest

from autograder.errors import CourseError
from autograder.exports.spreadsheet import Verbatim, is_formula, write_csv

FORMULAS = ["=1+1", "  @x", "＝1", "a;=1+1", 'a";-1', 'a;"+1&"x', "a; \t=1", "=1;=2"]


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("text", FORMULAS)
def test_no_formula_begins_a_cell_whatever_ends_one(text, delimiter, tmp_path):
    write_csv(tmp_path / "x.csv", [["a", text, "b"], [text]])
    with (tmp_path / "x.csv").open(newline="", encoding="utf-8") as file:
        cells = [cell.lstrip(" ") for row in csv.reader(file, delimiter=delimiter) for cell in row]
    assert is_formula(text)
    assert [cell for cell in cells if cell.startswith(tuple("=+-@＝\t"))] == []


@pytest.mark.parametrize(
    "text", ["-", "a-b", "1. x: 3; late: 2", "a@b.example", Verbatim("=1"), Verbatim("a;=1")]
)
def test_other_text_and_what_must_be_found_again_stay_as_they_are(text, tmp_path):
    assert is_formula(text) is isinstance(text, Verbatim)
    write_csv(tmp_path / "x.csv", [["b", text]])
    assert (tmp_path / "x.csv").read_text(encoding="utf-8") == f"b,{text}\n"


def test_numbers_are_written_as_people_write_them_and_what_is_not_known_is_empty(tmp_path):
    write_csv(tmp_path / "x.csv", [["a", None, 7.5, 10.0], [1e-5, -0.0, -2.0, 0.12345]])
    assert (tmp_path / "x.csv").read_bytes() == b"a,,7.5,10\r\n0,0,-2,0.123\r\n"


def test_a_table_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(CourseError, match=r"x\.csv cannot be written: No such file or directory"):
        write_csv(tmp_path / "gone" / "x.csv", [["a"]])
