"""A record says how a submission was graded, whichever version of this project wrote it."""

import json

import nbformat
import pytest

from autograder.recorded.record import (
    FAILED,
    NOTES_CELL,
    RECORD,
    VERSION,
    Record,
    keep_record,
    put_notes,
    record_of,
)

OUTCOME = {
    "points": 3.0,
    "max_points": 5.0,
    "note": "",
    "checks": [
        {"name": "at two", "status": "passed", "points": 3.0, "max_points": 3.0, "message": "", "causes": []}
    ],
}
FULL = Record(
    intake="read",
    repairs=("A cell was moved.",),
    answers={"01_f": "d1"},
    submission="d2",
    release="d3",
    files="d4",
    status="graded",
    notes=("It drew a lot.",),
    seed=7,
    in_force="bubblewrap",
    seconds=1.25,
    review=True,
    starved=True,
    again=True,
    outcomes={"01_f-values": OUTCOME},
)
# As earlier versions wrote it: before `again`, `starved` and `answers` were known, and none with a version.
FIRST = {
    "status": "graded",
    "seed": 3,
    "repairs": [],
    "notes": ["odd"],
    "in_force": "bubblewrap",
    "review": False,
    "seconds": 2,
    "outcomes": {"a": {"points": 1, "max_points": 2, "checks": [{"name": "n", "status": "failed"}]}},
}


def notebook_with(metadata):
    return nbformat.v4.new_notebook(metadata={RECORD: metadata})


def test_what_is_written_is_read_again_and_says_its_version():
    notebook = nbformat.v4.new_notebook()
    notebook.metadata[RECORD] = nbformat.from_dict(FULL.as_metadata())
    again = nbformat.reads(nbformat.writes(notebook), as_version=4)
    assert record_of(again) == FULL
    assert json.loads(json.dumps(again.metadata[RECORD]))["version"] == VERSION


def test_changes_leave_the_rest_as_it_was():
    notebook = notebook_with(FULL.as_metadata())
    assert keep_record(notebook, seed=8).repairs == FULL.repairs
    assert (record_of(notebook).seed, record_of(notebook).outcomes) == (8, FULL.outcomes)


def test_notes_stand_at_the_top_once_and_nowhere_if_there_is_nothing_to_say():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", id="x")])
    for said in (["One.", "A $x$."], ["Another."]):
        put_notes(notebook, said)
    first, second = notebook.cells
    assert (first.id, first.cell_type, second.id) == (NOTES_CELL, "markdown", "x")
    assert first.source == "**Notes on this submission**\n\n- Another."
    nbformat.validate(notebook)
    put_notes(notebook, [])
    assert notebook.cells == [second]


def test_a_record_of_an_earlier_version_is_read_into_today_s():
    record = record_of(notebook_with(FIRST))
    assert (record.status, record.seed, record.notes, record.seconds) == ("graded", 3, ("odd",), 2.0)
    assert (record.starved, record.again, record.answers, record.submission) == (False, False, None, "")
    (check,) = record.outcomes["a"]["checks"]
    assert (record.outcomes["a"]["points"], record.outcomes["a"]["note"]) == (1.0, "")
    assert (check["status"], check["points"], check["message"], check["causes"]) == ("failed", 0.0, "", [])


def test_of_an_outcome_only_what_can_be_used_is_read():
    odd = {"points": float("nan"), "note": "odd", "checks": [7, {"name": 3, "causes": ["one", 2]}]}
    found = record_of(notebook_with({"outcomes": {"a": odd, "b": 3}})).outcomes
    check = {"name": "", "status": "", "points": 0.0, "max_points": 0.0, "message": "", "causes": ["one"]}
    assert found == {"a": {"points": 0.0, "max_points": 0.0, "note": "odd", "checks": [check]}}


def test_a_record_that_was_interrupted_between_reading_and_running_has_no_status():
    early = {"intake": "read", "repairs": ["One."], "submission": "d", "release": "r"}
    record = record_of(notebook_with(early))
    assert (record.status, record.repairs, record.submission) == ("", ("One.",), "d")


def test_what_a_later_version_adds_to_a_check_is_kept_where_it_is_shown():
    later = {"version": 99, "outcomes": {"a": {**OUTCOME, "tier": "apart"}}, "unheard_of": [1]}
    assert record_of(notebook_with(later)).outcomes["a"]["tier"] == "apart"


@pytest.mark.parametrize("found", [None, [], "graded", 7, {}], ids=repr)
def test_what_is_no_record_is_a_record_of_nothing(found):
    assert Record.of_metadata(found) == Record()
    assert Record.of_metadata(found).status != FAILED


@pytest.mark.parametrize("name", sorted(FULL.as_metadata()))
@pytest.mark.parametrize("wrong", [None, True, 3, "text", [None], {"a": 1}, float("nan")], ids=repr)
def test_a_field_of_another_kind_counts_as_not_said(name, wrong):
    record = Record.of_metadata({**FULL.as_metadata(), name: wrong})
    kinds = {item: type(value) for item, value in vars(FULL).items()}
    assert all(
        value is None or (type(value) is kinds[item] and value == value)
        for item, value in vars(record).items()
    )  # and so nothing that reads it has to look twice
