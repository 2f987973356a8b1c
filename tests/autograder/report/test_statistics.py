"""What a class's results come to, on classes small enough to count by hand."""

import json
import re
import textwrap
from dataclasses import replace

import pytest

from autograder.pages import Effort
from autograder.report.results import ClassResults, StudentResults
from autograder.report.show import as_data, page
from autograder.report.statistics import UNNAMED, cause_rows, check_rows, exercise_rows, line_rows

LOSS, SLOPE, WORDS = "01_loss-values", "01_loss-slope", "02_words"


def check(name, status="failed", causes=(), message="no", line=""):
    found = {"name": name, "status": status, "max_points": 2, "causes": list(causes), "message": message}
    return {**found, "line": line} if line else found  # as in records from before lines were looked for


def submission(student, points, *checks, reasons=()):
    return StudentResults(
        student=student,
        score=sum(value or 0 for value in points),
        penalty=0.0,
        points=dict(zip((LOSS, SLOPE, WORDS), points, strict=True)),
        seconds=1.0,
        seconds_late=0.0,
        reasons=reasons,
        notes=(),
        outcomes={LOSS: {"checks": list(checks)}, SLOPE: {"checks": []}},
    )


def a_class(*submissions):
    titles = {"01_loss": "1.1 The loss", "02_words": "1.2 In words"}
    worth = {LOSS: 4.0, SLOPE: 2.0, WORDS: 10.0}
    efforts = {"01_loss": Effort(6, 2, 25), "02_words": Effort()}
    return ClassResults("a", "Title", worth, titles, titles, efforts, submissions, ())


def test_each_exercise_shows_the_stars_and_minutes_of_its_heading():
    loss, words = exercise_rows(a_class(submission("ada", (4.0, 2.0, None))))
    assert (loss.stars, loss.minutes) == (2, 25)
    assert (words.stars, words.minutes) == (0, 0)
    shown = page(a_class(submission("ada", (4.0, 2.0, None))))
    assert '<td data-sort="2">★★</td><td class="n" data-sort="25">25</td>' in shown


def test_an_exercise_is_whole_in_part_or_nothing_and_what_waits_is_in_no_rate():
    results = a_class(
        submission("ada", (4.0, 2.0, None)),
        submission("bob", (4.0, 0.0, 10.0)),
        submission("eve", (0.0, 0.0, None), check("x", "not written yet")),
        submission("joe", (0.0, 0.0, 4.0), check("x"), check("y", "not written yet")),
    )
    loss, words = exercise_rows(results)
    assert (loss.graded, loss.whole, loss.part, loss.nothing, loss.unwritten) == (4, 1, 1, 2, 1)
    assert loss.mean == pytest.approx(10 / 4)
    assert (words.graded, words.whole, words.part, words.nothing) == (2, 1, 1, 0)
    assert words.mean == pytest.approx(7.0)


def test_what_could_not_be_graded_counts_in_nothing():
    results = a_class(
        submission("ada", (4.0, 2.0, 10.0), check("x", "passed")),
        submission("bob", (None, None, None), check("x"), reasons=("failed",)),
    )
    assert [row.graded for row in exercise_rows(results)] == [1, 1]
    assert [(row.passed, row.failed) for row in check_rows(results)] == [(1, 0)]
    assert cause_rows(results) == []


def test_a_check_is_passed_failed_or_not_begun():
    results = a_class(
        submission("ada", (4.0, 2.0, 0.0), check("x", "passed"), check("y", "passed")),
        submission("bob", (2.0, 0.0, 0.0), check("x", "passed"), check("y")),
        submission("eve", (0.0, 0.0, 0.0), check("x", "not written yet"), check("y", "not written yet")),
    )
    rows = [(row.check, row.passed, row.failed, row.unwritten, row.rate) for row in check_rows(results)]
    assert rows == [("x", 2, 0, 1, pytest.approx(2 / 3)), ("y", 1, 1, 1, pytest.approx(1 / 3))]


def test_causes_are_counted_by_student_and_named_ones_come_first():
    results = a_class(
        *(submission(name, (0.0, 0.0, 0.0), check("x"), check("y")) for name in ("joe", "kim", "lee")),
        submission("ada", (0.0, 0.0, 0.0), check("x", causes=["sign"]), check("y", causes=["sign"])),
        submission("bob", (0.0, 0.0, 0.0), check("x", causes=["sign"]), check("y")),
        submission("eve", (0.0, 0.0, 0.0), check("x", causes=["zero"])),
    )
    rows = [(row.cause, row.students) for row in cause_rows(results)]
    assert rows == [("sign", ("ada", "bob")), ("zero", ("eve",)), (UNNAMED, ("joe", "kim", "lee"))]


def test_causes_that_explain_the_same_students_equally_well_are_one():
    both = check("x", causes=["scale by N", "constant factor"])
    results = a_class(*(submission(name, (0.0, 0.0, 0.0), both) for name in ("ada", "bob")))
    (row,) = cause_rows(results)
    assert (row.cause, row.students) == ("scale by N or constant factor", ("ada", "bob"))


def test_an_example_is_the_headline_and_the_cause_it_names():
    cause = "  likely cause: " + 20 * "very " + "much"
    lines = [
        "f: gradient of `w` is wrong",
        "  worst at w[0]: yours 1",
        *textwrap.wrap(cause, 100, subsequent_indent="    "),
    ]
    (row,) = cause_rows(a_class(submission("ada", (0.0, 0.0, 0.0), check("x", message="\n".join(lines)))))
    assert row.example == f"f: gradient of `w` is wrong; {cause.strip()}"
    assert row.title == "1.1 The loss"


def test_what_is_worth_no_points_has_no_rate_that_is_no_number():
    results = a_class(submission("ada", (0.0, 0.0, 0.0)), submission("bob", (0.0, 0.0, None)))
    results = replace(results, max_points={LOSS: 0.0, SLOPE: 0.0, WORDS: 0.0})
    (loss, words) = exercise_rows(results)
    assert (loss.max_points, loss.whole, loss.part, loss.nothing) == (0, 2, 0, 0)
    assert (words.whole, words.part, words.nothing) == (1, 0, 0)
    shown = re.sub(r"<(svg|script|style).*?</\1>", "", page(results), flags=re.DOTALL)
    assert re.findall(r"\bnan\b", shown) == []
    assert json.loads(json.dumps(as_data(results), allow_nan=False))["summary"]["max_score"] == 0


def test_lines_are_counted_once_a_student_whatever_their_spaces_and_are_text_on_the_page():
    results = a_class(
        submission(
            "ada", (0.0, 0.0, 1.0), check("x", line="back: dx = <b>dy"), check("y", line="back: dx=<b>dy")
        ),
        submission("bob", (0.0, 0.0, 1.0), check("x", line="back: dx =  <b>dy")),
        submission("eve", (0.0, 0.0, 1.0), check("x", line="back: dw = dy"), check("y")),
    )
    first, second = line_rows(results)
    assert (first.source, first.function, first.students) == ("dx = <b>dy", "back", ("ada", "bob"))
    assert (second.source, second.students) == ("dw = dy", ("eve",))
    assert "dx = &lt;b&gt;dy" in page(results)
    assert [row["students"] for row in as_data(results)["lines"]] == [("ada", "bob"), ("eve",)]


def test_what_mends_a_line_is_the_commonest_change_that_was_found():
    changes = ["line 2: dx = a", "line 2: dx = b", "line 2: dx = b", ""]
    checks = [{**check("x", line="back: dx = dy"), "repair": change} for change in changes]
    results = a_class(
        *(submission(name, (0.0, 0.0, 1.0), one) for name, one in zip("abcd", checks, strict=True))
    )
    (row,) = line_rows(results)
    assert (row.repair, len(row.students)) == ("line 2: dx = b", 4)
    assert "<code>line 2: dx = b</code>" in page(results)


def test_a_class_without_lines_has_no_table_of_them():
    assert 'id="lines"' not in page(a_class(submission("ada", (4.0, 2.0, 10.0), check("x", "passed"))))
