"""What a student's page says and never says, read off notebooks as grading leaves them."""

import re
from pathlib import Path

import bs4
import nbformat
import pytest
import roles
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from roles import named

from autograder.feedback import feedback_page, read_feedback
from autograder.feedback.page import plain_page, points_page
from autograder.recorded.record import RECORD
from autograder.sources.source import read_source

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

SOURCES = sorted((Path(__file__).parents[3] / "solutions").glob("*/*.py"))
GRADES = {
    "student": "ada",
    "assignment": "a",
    "notebook": "n",
    "score": 3.0,
    "max_score": 20.0,
    "late_penalty": 0.0,
}
REPORT = """f: gradient of `w` is wrong in 12 of 12 entries
  worst at w[2, 0]: yours 38.4, numerical 0.6, allowed error 3e-09
  likely cause: yours is 64 x the numerical gradient, and N = 64: average over the batch
    once
  inputs: x (64, 3) float64, w (3, 4) float64, seed 77"""


def answer(name, source="def f(x):\n    return x", **more):
    return named(roles.answer(source, name=name, **more))


def graded(name, points, score, **more):
    return named(roles.graded("secret_of_the_grader = 42", name, points, score=score, **more))


def check(name, status, points, message="", causes=()):
    earned = points if status == "passed" else 0.0
    return {
        "name": name,
        "status": status,
        "points": earned,
        "max_points": points,
        "message": message,
        "causes": list(causes),
    }


def outcome(*checks, note=""):
    return {"points": sum(one["points"] for one in checks), "checks": list(checks), "note": note}


def notebook(cells, outcomes, **record):
    made = new_notebook(cells=cells)
    made.metadata[RECORD] = {"status": "graded", "seed": 424242, "repairs": [], "notes": [], **record}
    made.metadata[RECORD]["outcomes"] = outcomes
    return made


@pytest.fixture
def two_exercises():
    """A class of two exercises: the first wrong with a cause, the second not begun; a third waits."""
    cells = [
        new_markdown_cell("# Slopes"),
        new_markdown_cell(
            "## 1.1 The batch (10 points)\n\nThe mean of $N$ terms has a factor $\\frac{1}{N}$."
        ),
        answer("01_f", comment="Nearly there."),
        new_code_cell("own = 1", id="student-1", outputs=[new_output("stream", text="see /srv/course/x.py")]),
        graded("01_f-values", 10, 3.0),
        new_markdown_cell("## 1.2 The next (6 points)"),
        answer("02_g"),
        graded("02_g-values", 6, 0.0),
        new_markdown_cell("## 1.3 In words (4 points)"),
        roles.words("My answer.", "03_written", grade=True, solution=True, points=4, waiting=True),
    ]
    outcomes = {
        "01_f-values": outcome(
            check("at 2", "passed", 3), check("elsewhere", "failed", 7, REPORT, ["scale by N"])
        ),
        "02_g-values": outcome(check("at 0", "not written yet", 6)),
    }
    return notebook(cells, outcomes, repairs=["Cell 01_f was not as released; the released one was used."])


def text_of(page):
    return " ".join(bs4.BeautifulSoup(page, "html.parser").find("main").get_text(" ").split())


def test_points_stand_per_exercise_and_what_nobody_read_yet_is_not_zero(two_exercises):
    feedback = read_feedback(two_exercises, GRADES)
    stands = [(one.title, one.points, one.max_points, one.waiting) for one in feedback.exercises]
    assert stands == [("1.1 The batch", 3, 10, 0), ("1.2 The next", 0, 6, 0), ("1.3 In words", 0, 4, 4)]
    text = text_of(feedback_page(two_exercises, GRADES))
    assert "3 of 20 points" in text
    assert "4 of the 20 points still wait for a person" in text
    assert "1 of 2 checks not passed" in text
    assert "not written yet" in text
    assert "1.3 In words – of 4" in text


def test_the_report_is_shown_with_argument_worst_entry_and_cause_but_no_seed(two_exercises):
    text = text_of(feedback_page(two_exercises, GRADES))
    assert "gradient of `w` is wrong in 12 of 12 entries" in text
    assert "worst at w[2, 0]: yours 38.4, numerical 0.6" in text
    assert "N = 64: average over the batch once" in text
    assert "inputs: x (64, 3) float64, w (3, 4) float64" in text
    assert "seed" not in text


def test_what_to_look_at_first_is_what_was_tried_and_names_the_cause(two_exercises):
    page = bs4.BeautifulSoup(feedback_page(two_exercises, GRADES), "html.parser")
    (first,) = page.select(".first li")
    assert first.get_text(" ").startswith("1.1 The batch : 7 points to gain.")
    assert "scale by N (named by 1 check)" in first.get_text(" ")
    target = first.find("a")["href"]
    assert page.select_one(target).get_text().startswith("1.1 The batch")


def test_the_section_that_teaches_it_can_be_read_again_on_the_page(two_exercises):
    page = bs4.BeautifulSoup(feedback_page(two_exercises, GRADES), "html.parser")
    details = page.find("details")
    assert "The mean of" in details.get_text()
    assert details.find("mfrac")


def test_what_cannot_be_rendered_is_plain_text_or_points_with_a_note(two_exercises):
    text = text_of(plain_page(two_exercises, GRADES, "Not rendered."))
    assert "Not rendered." in text
    assert "The mean of $N$ terms has a factor $\\frac{1}{N}$." in text
    assert "Cell 01_f was not as released" in text
    text = text_of(points_page({**GRADES, "late_penalty": 2.5}, "Not read."))
    for said in ("Not read.", "n", "ada", "3 of 20 points", "2.5 points were taken off"):
        assert said in text


def test_graders_secrets_stay_out(two_exercises):
    page = feedback_page(two_exercises, GRADES)
    assert "secret_of_the_grader" not in page
    assert "424242" not in page
    assert "/srv/course" not in page
    assert "…/x.py" in page


def test_comments_and_repairs_are_on_the_first_page(two_exercises):
    page = bs4.BeautifulSoup(feedback_page(two_exercises, GRADES), "html.parser")
    summary = page.select_one(".summary").get_text(" ")
    assert "Nearly there." in summary
    assert "Cell 01_f was not as released" in summary


def test_a_late_penalty_and_a_failed_run_are_said(two_exercises):
    assert "2.5 points were taken off" in text_of(
        feedback_page(two_exercises, {**GRADES, "late_penalty": 2.5})
    )
    two_exercises.metadata[RECORD]["status"] = "failed"
    assert "could not be graded" in text_of(feedback_page(two_exercises, GRADES))


def test_a_cause_in_several_exercises_is_told_once_for_all(two_exercises):
    two_exercises.metadata[RECORD]["outcomes"]["02_g-values"] = outcome(
        check("at 0", "failed", 6, REPORT, ["scale by N"])
    )
    assert "The same cause, scale by N , shows in 2 exercises" in text_of(
        feedback_page(two_exercises, GRADES)
    )


def test_a_notebook_without_our_record_shows_what_its_checks_printed(two_exercises):
    two_exercises.metadata.pop(RECORD)
    two_exercises.cells[4].outputs = [new_output("stream", text="x at 2: 3 of 10")]
    assert "x at 2: 3 of 10" in text_of(feedback_page(two_exercises, GRADES))


def test_the_page_stands_alone_and_runs_nothing(two_exercises):
    page = feedback_page(two_exercises, GRADES)
    soup = bs4.BeautifulSoup(page, "html.parser")
    assert not soup.find_all(["script", "link", "iframe"])
    assert not re.findall(r'(?:src|href)="(?!#|data:image/)', page)
    assert "url(" not in page
    assert "default-src 'none'" in soup.find("meta", attrs={"http-equiv": True})["content"]


def test_every_picture_has_an_alternative_text():
    pictures = [
        new_output("display_data", {"image/png": PNG, "text/plain": "<Figure size 640x480>"}),
        new_output("display_data", {"image/png": PNG, "text/plain": "Loss against steps."}),
        new_output("display_data", {"image/png": PNG}),
    ]
    cells = [new_code_cell("plot()", id="student-1", outputs=pictures)]
    images = bs4.BeautifulSoup(feedback_page(notebook(cells, {}), GRADES), "html.parser").find_all("img")
    drew = "A figure that your cell drew."
    assert [image["alt"] for image in images] == [drew, "Loss against steps.", drew]
    assert all(image["src"].startswith("data:image/") for image in images)


def test_an_error_in_an_answer_is_shown_and_one_in_a_stub_is_not():
    def raised(name):
        frames = ["\x1b[31mFile /srv/x.py:9, in inner()\x1b[0m", f"\x1b[0;31m{name}\x1b[0m: no"]
        return [new_output("error", ename=name, evalue="no", traceback=frames)]

    cells = [
        new_code_cell("1 / 0", id="code-1", outputs=raised("ZeroDivisionError")),
        new_code_cell("stub()", id="code-2", outputs=raised("NotImplementedError")),
        new_code_cell("fine", id="code-3"),
    ]
    text = text_of(feedback_page(notebook(cells, {}), GRADES))
    assert "ZeroDivisionError: no" in text
    assert "inner" not in text
    assert "stub()" not in text
    assert "fine" not in text


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_line_of_a_hidden_test_or_of_a_graded_cell_is_on_the_page(path):
    source = read_source(path)
    made = nbformat.from_dict(source.notebook())
    shown_elsewhere = "\n".join(cell.source for cell in made.cells if not cell.metadata.get("nbgrader"))
    secret = {
        line.strip()
        for item in source.cells
        if item.role == "graded"
        for line in item.cell.source.split("\n")
    }
    for cell in made.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = "my_answer = 1"
    text = text_of(feedback_page(made, GRADES))
    assert "my_answer" in text
    told = [line for line in secret if len(line) > 12 and " ".join(line.split()) in text]
    assert [line for line in told if line not in shown_elsewhere] == []
