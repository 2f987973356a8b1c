"""What `course check` found of each graded cell: written down, read again, and put into releases."""

import json
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.errors import CourseError
from autograder.grading.tiers import put_tiers, read_tiers, refuse_inside, write_tiers

FOUND = {"n": {"b": {"tier": "inside", "shows": True}, "a": {"takes": ["é"], "imports": [], "lends": []}}}


def test_what_was_found_is_read_again_and_of_other_assignments_it_stays(tmp_path):
    assert read_tiers(tmp_path, "one") == {}
    write_tiers(tmp_path, "two", {"m": {}})
    path = write_tiers(tmp_path, "one", FOUND)
    assert path == tmp_path / "tiers.json"
    assert (read_tiers(tmp_path, "one"), read_tiers(tmp_path, "two")) == (FOUND, {"m": {}})
    assert read_tiers(tmp_path, "three") == {}
    write_tiers(tmp_path, "one", {})
    assert read_tiers(tmp_path, "one") == {}


def test_the_file_is_the_same_whenever_the_findings_are_and_fit_to_be_looked_at(tmp_path):
    first = write_tiers(tmp_path, "one", FOUND).read_text(encoding="utf-8")
    backwards = {"n": {name: FOUND["n"][name] for name in ("a", "b")}}
    assert write_tiers(tmp_path, "one", backwards).read_text(encoding="utf-8") == first
    assert first.endswith("}\n")
    assert '\n   "a": {\n' in first
    assert "é" in first
    assert first.index('"a"') < first.index('"b"')


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"tier": "above"}, "there is no tier 'above'"),
        ({"tier": 1}, "a value is of the wrong kind"),
        ({"shows": 1}, "a value is of the wrong kind"),
        ({"takes": "x"}, "a value is of the wrong kind"),
        ({"more": 1}, "'more'"),
        ([], "'list' object has no attribute 'items'"),
    ],
)
def test_a_file_that_somebody_spoilt_is_not_used(tmp_path, facts, why):
    (tmp_path / "tiers.json").write_text(json.dumps({"one": {"n": {"a": facts}}}), encoding="utf-8")
    with pytest.raises(CourseError) as told:
        read_tiers(tmp_path, "another")
    path = tmp_path / "tiers.json"
    assert str(told.value) == f"{path} cannot be used ({why}); remove it and run `course check`"


def test_a_file_that_cannot_be_read_is_told(tmp_path, monkeypatch):
    def refuses(path, encoding):
        raise PermissionError("closed")

    write_tiers(tmp_path, "one", FOUND)
    monkeypatch.setattr(Path, "read_text", refuses)
    with pytest.raises(CourseError, match=r"cannot be used \(closed\)"):
        read_tiers(tmp_path, "one")


def test_a_file_that_is_no_json_is_not_written_over(tmp_path):
    (tmp_path / "tiers.json").write_text("{", encoding="utf-8")
    with pytest.raises(CourseError, match="cannot be used"):
        write_tiers(tmp_path, "one", FOUND)
    assert (tmp_path / "tiers.json").read_text(encoding="utf-8") == "{"


def test_each_cell_of_a_release_has_what_was_found_of_it_and_nothing_else():
    cells = [
        new_code_cell(metadata={"nbgrader": {"grade_id": name}, "autograder": {"x": 1}}) for name in "abc"
    ]
    notebook = new_notebook(cells=[*cells, new_code_cell()])
    put_tiers(notebook, {"a": {"tier": "inside"}, "b": {"tier": "apart"}})
    assert [cell.metadata.get("autograder") for cell in notebook.cells] == [
        {"tier": "inside"},
        None,
        None,
        None,
    ]


def test_a_course_that_refuses_to_grade_inside_is_told_the_cells_that_need_it(tmp_path):
    write_tiers(tmp_path, "one", {**FOUND, "m": {"c": {"tier": "inside"}, "d": {"tier": "apart"}}})
    with pytest.raises(CourseError, match=r"^one: .* as these cells need it: m: c, n: b; `course check one`"):
        refuse_inside(tmp_path, "one")
    write_tiers(tmp_path, "one", {"n": {"a": FOUND["n"]["a"]}})
    refuse_inside(tmp_path, "one")
