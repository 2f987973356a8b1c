"""Tables for spreadsheets: whatever a cell says, and wherever a spreadsheet ends it, none is run."""

import csv

import pytest

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
