import json
from dataclasses import replace

import bs4
import pytest

from autograder.errors import CourseError
from autograder.pages import Effort
from autograder.report import show
from autograder.report.results import ClassResults, StudentResults
from autograder.report.show import as_data, page, summary, write_report, written


def submission(student, score, points=None, **changes):
    whole = StudentResults(student, score, 0.0, points or {"01_f-a": score}, 1.0, 0.0, (), (), {})
    return replace(whole, **changes)


FAILED = {"name": "at 2", "status": "failed", "max_points": 2, "causes": ["sign"], "message": "f is wrong"}
INSIDE = {"01_f-a": {"tier": "inside", "checks": [{**FAILED, "line": "f: y = -x"}]}}
CLASS = ClassResults(
    "01",
    "Flächen",
    {"01_f-a": 4.0, "02_w": 6.0},
    {"01_f": "1.1 F", "02_w": "1.2 W"},
    {"01_f": "1.1", "02_w": "1.2"},
    {"01_f": Effort(4, 1, 5), "02_w": Effort()},
    [
        submission("ada", 4.0, reasons=("late",), notes=("a note",), outcomes=INSIDE),
        submission("bob", 1.0, {"01_f-a": 1.0, "02_w": None}),
        submission("eve", 2.5),
        submission("kim", 0.0, reasons=("failed",)),
    ],
    ["zoe"],
)
NOBODY = replace(CLASS, submissions=[submission("kim", 0.0, reasons=("failed",))])


def test_a_class_in_a_few_numbers_counts_what_could_be_graded():
    assert summary(CLASS) == {
        "submissions": 4,
        "graded": 3,
        "max_score": 10.0,
        "mean": 2.5,
        "median": 2.5,
        "waiting": 1,
        "ungraded": ["zoe"],
        "points_inside": 4.0,
    }
    of_nobody = summary(NOBODY)
    assert (of_nobody["graded"], of_nobody["mean"], of_nobody["median"]) == (0, None, None)


def test_data_for_programs_are_what_the_page_shows():
    data = json.loads(json.dumps(as_data(CLASS)))
    assert (data["assignment"], data["title"], data["summary"]["mean"]) == ("01", "Flächen", 2.5)
    assert [(row["exercise"], row["whole"], row["part"]) for row in data["exercises"]] == [
        ("01_f", 1, 2),
        ("02_w", 0, 0),
    ]
    (check,), (cause,), (line,) = (data[name] for name in ("checks", "causes", "lines"))
    assert (check["check"], check["failed"], cause["cause"], cause["students"]) == (
        "at 2",
        1,
        "sign",
        ["ada"],
    )
    assert (line["source"], line["students"]) == ("y = -x", ["ada"])
    assert data["submissions"][0] == {
        "student": "ada",
        "score": 4.0,
        "penalty": 0.0,
        "points": {"01_f-a": 4.0},
        "seconds": 1.0,
        "seconds_late": 0.0,
        "reasons": ["late"],
        "notes": ["a note"],
    }


@pytest.fixture
def drawn(monkeypatch):
    """What the charts are drawn of; their SVG takes long."""
    asked = []
    for name in ("score_chart", "exercise_chart", "time_chart"):
        monkeypatch.setattr(show, name, lambda *arguments, name=name: asked.append((name, *arguments)) or "")
    return asked


def test_the_page_has_charts_of_what_could_be_graded_and_names_who_needs_a_look(drawn):
    soup = bs4.BeautifulSoup(page(CLASS), "html.parser")
    (_, *scores), (_, rows, number), (_, seconds) = drawn
    assert scores == [[4.0, 1.0, 2.5], 10.0]
    assert ([row.label for row in rows], number, seconds) == (["1.1", "1.2"], 3, [1.0, 1.0, 1.0])
    look = soup.find(id="look").find_next("table")
    assert [row.td.get_text(strip=True) for row in look.find_all("tr")[1:]] == ["ada", "kim"]
    assert len(soup.find_all("script")) == 1
    assert len(soup.find_all("figure")) == 3


def test_of_the_time_of_what_was_graded_elsewhere_nothing_is_said(drawn):
    ada, bob, *_ = CLASS.submissions
    page(replace(CLASS, submissions=[ada, replace(bob, seconds=0.0)]))
    page(replace(CLASS, submissions=[replace(bob, seconds=0.0)]))
    assert [call for call in drawn if call[0] == "time_chart"] == [("time_chart", [1.0])]


def test_of_a_class_of_which_nothing_could_be_graded_there_are_no_charts(drawn):
    assert "Flächen" in page(NOBODY)
    assert drawn == []


@pytest.fixture
def report(monkeypatch, course, drawn):
    def write(to=None, as_json=False, anonymous=False):
        monkeypatch.setattr(
            show, "read_results", lambda of, assignment: {(course, "01"): CLASS}[of, assignment]
        )
        return write_report(course, "01", to, as_json=as_json, anonymous=anonymous)

    return write


def test_a_report_goes_where_it_is_wanted_and_json_nowhere_else(report, course, tmp_path):
    usual, place = course.root / "reports" / "01.html", tmp_path / "new" / "x.json"
    said = report(as_json=True)
    assert said.startswith('{\n "assignment": "01",\n "title": "Flächen"')
    assert not usual.parent.exists()
    assert report(to=place, as_json=True) == f"wrote {place}"
    assert place.read_text(encoding="utf-8") == f"{said}\n"
    assert report() == f"wrote {usual}"
    assert usual.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert report(to=place) == f"wrote {place}"
    assert place.read_text(encoding="utf-8") == usual.read_text(encoding="utf-8")


def test_an_anonymous_report_has_no_names(report):
    hidden = json.loads(report(as_json=True, anonymous=True))
    assert sorted(one["student"] for one in hidden["submissions"]) == [f"student {n}" for n in (1, 2, 3, 4)]
    assert json.loads(report(as_json=True))["submissions"][0]["student"] == "ada"


def test_what_cannot_be_written_is_one_sentence_with_what_it_is(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CourseError) as refused:
        written(tmp_path / "file" / "page.html", "text", "the page")
    assert (
        str(refused.value) == f"the page cannot be written to {tmp_path / 'file' / 'page.html'}: File exists"
    )
    assert written(tmp_path / "é" / "page.html", "é", "the page").read_bytes() == b"\xc3\xa9\n"
