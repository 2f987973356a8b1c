"""`nbgrader generate_feedback` makes our page, with the gradebook's points, and leaves the notebook alone."""

import re
import sys

import bs4
import pytest
from commands import command

import autograder.feedback.maker as maker_module
from autograder.feedback import feedback_page
from autograder.plugins import FeedbackExporter, Grades

pytestmark = pytest.mark.sandbox


def page_of(a_class, student):
    path = a_class.course.feedback / student / a_class.assignment / "square.html"
    return path.read_text(encoding="utf-8")


def summary_of(page):
    return " ".join(bs4.BeautifulSoup(page, "html.parser").select_one(".summary").get_text(" ").split())


def make(a_class, student="*"):
    result = a_class.course.api().generate_feedback(a_class.assignment, student, force=True)
    assert result["success"], result


def grade_by_hand(a_class, student, points, comment):
    with a_class.course.api().gradebook as gradebook:
        grade = gradebook.find_grade("02_written", "square", a_class.assignment, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.find_comment("02_written", "square", a_class.assignment, student).manual_comment = comment
        notebook = gradebook.find_submission_notebook("square", a_class.assignment, student)
        notebook.late_submission_penalty = 5.0
        gradebook.db.commit()


def test_the_page_has_the_gradebooks_points_penalty_and_comments(a_class):
    notebook = a_class.released("def square(x):\n    return x + x")
    notebook.cells[-1].source = "The area of a square."
    a_class.hand_in("ada", notebook)
    assert a_class.grade()
    make(a_class)
    assert "30 of 100 points 10 of the 100 points still wait" in summary_of(page_of(a_class, "ada"))
    grade_by_hand(a_class, "ada", 8.0, "Well **said**, <script>nobody()</script>")
    make(a_class)
    summary = summary_of(page_of(a_class, "ada"))
    assert "33 of 100 points 5 points were taken off because it came late" in summary
    assert "Well said" in summary
    assert "<script" not in page_of(a_class, "ada")


def test_what_only_the_instructor_may_know_stays_in_the_autograded_notebook(a_class):
    a_class.hand_in("ada", a_class.released("def square(x):\n    raise ValueError(__file__)"))
    assert a_class.grade()
    path = a_class.course.autograded / "ada" / a_class.assignment / "square.ipynb"
    before = path.read_bytes()
    make(a_class)
    page = page_of(a_class, "ada")
    assert path.read_bytes() == before
    assert b"anywhere = rng.normal()" in before
    assert "rng.normal" not in page
    assert "Checks()" not in page
    assert str(a_class.record("ada")["seed"]) not in page
    assert str(a_class.course.root) not in page
    assert sys.prefix not in page
    assert "raise ValueError(__file__)" in bs4.BeautifulSoup(page, "html.parser").get_text()


def test_a_page_that_cannot_be_rendered_is_plain_text_and_the_others_are_made(a_class, monkeypatch):
    def renders(notebook, grades):
        if grades["student"] == "bob":
            raise ValueError("a renderer's fault")
        return feedback_page(notebook, grades)

    for name in ("ada", "bob", "eve"):
        a_class.hand_in(name)
    assert a_class.grade()
    monkeypatch.setattr(maker_module, "feedback_page", renders)
    result = a_class.course.api().generate_feedback(a_class.assignment, "*", force=True)
    assert result["success"]
    why = "because it could not be rendered (ValueError: a renderer's fault)"
    assert f"bob: the feedback page is in plain text, {why}." in result["log"]
    for name in ("ada", "bob", "eve"):
        assert "90 of 100 points" in summary_of(page_of(a_class, name))
        assert ("because they could not be rendered" in page_of(a_class, name)) == (name == "bob")


@pytest.mark.slow
def test_the_command_makes_the_same_page(a_class):
    a_class.hand_in("ada")
    assert a_class.grade()
    make(a_class)
    from_api = page_of(a_class, "ada")
    command(a_class.course.root, "nbgrader", "generate_feedback", a_class.assignment, "--force")
    assert page_of(a_class, "ada") == from_api


def test_a_submission_that_could_not_be_graded_gets_no_zero(a_class):
    a_class.hand_in("ada")
    assert a_class.grade()
    with a_class.course.api().gradebook as gradebook:
        for grade in gradebook.find_submission_notebook("square", a_class.assignment, "ada").grades:
            grade.auto_score = None
        gradebook.db.commit()
    make(a_class)
    assert "– of 100" in summary_of(page_of(a_class, "ada"))
    path = a_class.course.autograded / "ada" / a_class.assignment / "square.ipynb"
    path.chmod(0o644)
    for name, unknown in (("01_square-values", "grade"), ("02_written", "taskcomment")):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(f'"{name}"', f'"{name}-2"'), encoding="utf-8")
        result = a_class.course.api().generate_feedback(a_class.assignment, "ada", force=True)
        assert not result["success"]
        assert re.search(f"No such {unknown}: .*{name}-2 for ada", result["log"])
        path.write_text(text, encoding="utf-8")


def test_the_exporter_is_what_the_configuration_names(a_class):
    section = a_class.course.config().GenerateFeedback
    assert section.exporter_class == f"autograder.plugins.{FeedbackExporter.__name__}"
    assert section.preprocessors == [f"autograder.plugins.{Grades.__name__}"]
    assert FeedbackExporter().file_extension == ".html"
