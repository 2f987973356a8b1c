"""`course report` on a graded class: the gradebook's numbers, who needs a look, a page that stands alone."""

import json
import re
import shutil
import statistics
from datetime import datetime

import bs4
import pytest

from autograder.cli import main

pytestmark = pytest.mark.sandbox
ASSIGNMENT = "01_square"


@pytest.fixture
def report(a_class, monkeypatch, capsys):
    """Runs `course report` on the class: exit status, standard output, standard error."""

    def run(*options, assignment=ASSIGNMENT):
        arguments = ["course", "report", assignment, "--course", str(a_class.course.root), *map(str, options)]
        monkeypatch.setattr("sys.argv", arguments)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return ended.value.code, shown.out, shown.err

    return run


@pytest.fixture(scope="session")
def graded(tmp_path_factory):
    return tmp_path_factory.mktemp("graded")


@pytest.fixture
def a_graded_class(a_class, graded):
    """A class that is graded once and copied for each test."""
    if not any(graded.iterdir()):
        grade(a_class)
        shutil.copytree(a_class.course.root, graded, dirs_exist_ok=True)
    shutil.copytree(graded, a_class.course.root, dirs_exist_ok=True)
    return a_class


def grade(a_class):
    """Eight students with points by hand for some, one late with a penalty, one unreadable, one ungraded."""
    a_class.hand_in(*a_class.composer.a_class(8))
    broken = a_class.course.submitted / "student-04" / ASSIGNMENT / "square.ipynb"
    broken.write_text("no notebook", encoding="utf-8")
    late = a_class.course.submitted / "student-03" / ASSIGNMENT / "timestamp.txt"
    late.write_text("2030-01-02 03:04:05 UTC", encoding="utf-8")
    with a_class.course.api().gradebook as gradebook:
        gradebook.find_assignment(ASSIGNMENT).duedate = datetime(2029, 1, 1)
        gradebook.db.commit()
    assert a_class.grade()[0] == 0
    with a_class.course.api().gradebook as gradebook:
        for number in (1, 3, 7):
            grade = gradebook.find_grade("02_written", "square", ASSIGNMENT, f"student-0{number}")
            grade.manual_score, grade.needs_manual_grade = float(number), False
        book = gradebook.find_submission_notebook("square", ASSIGNMENT, "student-03")
        book.late_submission_penalty = 12.5
        gradebook.db.commit()
    a_class.hand_in(a_class.composer.submission("zoe", "perfect"))


def page(report, a_class, *options):
    status, out, _ = report(*options)
    assert status == 0
    assert out == f"wrote {a_class.course.root / 'reports' / ASSIGNMENT}.html\n"
    return (a_class.course.root / "reports" / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")


def table(page, anchor):
    """The rows below a heading, as texts of their cells."""
    found = bs4.BeautifulSoup(page, "html.parser").find(id=anchor).find_next("table")
    return [
        [cell.get_text(" ", strip=True) for cell in row.find_all("td")] for row in found.find_all("tr")[1:]
    ]


def test_every_number_is_the_gradebooks(report, a_graded_class):
    data = json.loads(report("--json")[1])
    with a_graded_class.course.api().gradebook as gradebook:
        submissions = list(gradebook.assignment_submissions(ASSIGNMENT))
        # As nbgrader's own export has it: the points less the penalty.
        exported = {
            one.student.id: max(0.0, one.score - (one.late_submission_penalty or 0.0)) for one in submissions
        }
        points = {
            one.student.id: {grade.name: grade.score for book in one.notebooks for grade in book.grades}
            for one in submissions
        }
        mean_of_cells = gradebook.average_assignment_score(ASSIGNMENT)
        max_score = gradebook.find_assignment(ASSIGNMENT).max_score
    reported = {one["student"]: one for one in data["submissions"]}
    assert {student: one["score"] for student, one in reported.items()} == exported
    assert exported["student-03"] == 90 + 3 - 12.5
    for student, cells in points.items():
        assert {name: value or 0.0 for name, value in reported[student]["points"].items()} == cells
    assert data["summary"]["max_score"] == max_score
    assert data["summary"]["mean"] == pytest.approx(statistics.fmean(exported.values()))
    assert data["summary"]["median"] == pytest.approx(statistics.median(exported.values()))
    given = [value for one in reported.values() for value in one["points"].values() if value is not None]
    assert sum(given) / len(reported) == pytest.approx(mean_of_cells)
    assert data["summary"]["ungraded"] == ["zoe"]
    whole = sum(cells["01_square-values"] == 90 for cells in points.values())
    assert (data["exercises"][0]["whole"], data["exercises"][0]["graded"]) == (whole, 8)


def test_the_page_says_the_same(report, a_graded_class):
    data = json.loads(report("--json")[1])
    html = page(report, a_graded_class)
    assert f"8 submissions graded, mean {data['summary']['mean']:.2f}".rstrip("0") in html
    assert "Handed in, not graded yet: zoe." in html
    rows = {row[0]: row for row in table(html, "submissions")}
    assert {name: float(row[1]) for name, row in rows.items()} == {
        one["student"]: one["score"] for one in data["submissions"]
    }
    assert rows["student-03"][2] == "12.5"
    assert [row[3] for row in table(html, "exercises")] == [f"{one['mean']:.4g}" for one in data["exercises"]]
    assert [row[1] for row in table(html, "checks")] == [one["check"] for one in data["checks"]]


def test_causes_have_the_students_behind_them(report, a_graded_class):
    (row,) = table(page(report, a_graded_class), "causes")
    assert row[0] == "2 of 8"
    assert row[3].startswith("square(x) is wrong: yours")
    assert row[3].endswith("2 students student-07, student-08")


def test_who_needs_a_look_is_named_with_the_reason(report, a_graded_class):
    look = {row[0]: row[1:] for row in table(page(report, a_graded_class), "look")}
    assert look["student-03"][0] == "late"
    assert look["student-04"][0] == "not readable"
    assert "not JSON" in look["student-04"][2]
    assert look["student-05"][0] == "repaired"
    assert "student-01" not in look


def test_no_name_is_in_an_anonymous_report(report, a_graded_class):
    html = page(report, a_graded_class, "--anonymous")
    text = report("--anonymous", "--json")[1]
    for told in (html, text):
        assert not re.search(r"student-\d\d", told)
        assert "zoe" not in told
    named, hidden = json.loads(report("--json")[1]), json.loads(text)
    assert sorted(one["score"] for one in hidden["submissions"]) == sorted(
        one["score"] for one in named["submissions"]
    )
    assert hidden["exercises"] == named["exercises"]


def test_the_page_stands_alone_and_its_figures_speak(report, a_graded_class):
    html = page(report, a_graded_class)
    soup = bs4.BeautifulSoup(html, "html.parser")
    assert not soup.find_all(["link", "iframe", "img"])
    assert len(soup.find_all("script")) == 1
    assert not soup.find("script").get("src")
    assert not re.findall(r'(?:src|href)="(?!#)', html)
    assert "@import" not in html
    drawings = soup.find_all("svg")
    assert len(drawings) == 3
    assert all(drawing["role"] == "img" and drawing["aria-label"] for drawing in drawings)
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_the_report_can_go_elsewhere(report, a_graded_class, tmp_path):
    place = tmp_path / "new" / "class.html"
    assert report("--to", place) == (0, f"wrote {place}\n", "")
    assert place.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert report("--json", "--to", place) == (0, f"wrote {place}\n", "")
    assert json.loads(place.read_text(encoding="utf-8"))["assignment"] == ASSIGNMENT
    status, _, error = report("--to", tmp_path)
    assert status == 2
    assert "Invalid value for '--to'" in error


def test_what_was_deleted_beside_the_gradebook_is_said(report, a_graded_class):
    (a_graded_class.course.autograded / "student-01" / ASSIGNMENT / "square.ipynb").unlink()
    reasons = {one["student"]: one["reasons"] for one in json.loads(report("--json")[1])["submissions"]}
    assert reasons["student-01"] == ["graded elsewhere"]


def test_nothing_graded_and_unknown_assignments_are_one_sentence(report, a_class):
    status, _, error = report()
    assert (status, error) == (2, "course: 01_square: nothing is graded yet; run `course grade 01_square`\n")
    status, _, error = report(assignment="01_sqare")
    assert status == 2
    assert error == "course: assignment '01_sqare' is not in the gradebook; there is: 01_square\n"
    (a_class.course.root / "gradebook.db").unlink()
    status, _, error = report()
    assert status == 2
    assert error.startswith("course: the course is not built")
    assert not (a_class.course.root / "gradebook.db").exists()
    assert not (a_class.course.root / "reports").exists()
