"""Every notebook has a page; what makes the pages of a class keeps nothing of one student for the next."""

import os

import bs4
import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from roles import answer

import autograder.feedback.maker as maker_module
import autograder.feedback.page as page_module
from autograder import disposable
from autograder.disposable import Bounds
from autograder.feedback import PageMaker, feedback_page
from autograder.pages import highlighted
from autograder.pages.markdown import markdown

CODE = highlighted.__wrapped__.__globals__
GRADES = {
    "student": "ada",
    "assignment": "a",
    "notebook": "n",
    "score": 3.0,
    "max_score": 20.0,
    "late_penalty": 0.0,
}


def a_notebook(source="def f(x):\n    return x", teaching="The mean of $N$ terms."):
    return new_notebook(
        cells=[
            new_markdown_cell("# Slopes"),
            new_markdown_cell(f"## 1.1 The batch\n\n{teaching}"),
            answer(source, name="01_f"),
        ]
    )


def text_of(page):
    return " ".join(bs4.BeautifulSoup(page, "html.parser").find("main").get_text(" ").split())


@pytest.fixture
def pages():
    with PageMaker() as made:
        yield made


def for_ever(*_):
    while True:
        pass


def no_room(*_):
    return bytes(10**12)


def an_error(*_):
    raise ValueError("<script>")


def an_exit(*_):
    os._exit(1)


@pytest.mark.parametrize("render", [for_ever, no_room, an_error, an_exit])
def test_a_notebook_that_cannot_be_rendered_has_a_page_of_plain_text_and_points(monkeypatch, render):
    monkeypatch.setattr(maker_module, "BOUNDS", Bounds(1, 2**29, jobs=5))
    monkeypatch.setattr(maker_module, "feedback_page", render)
    with PageMaker() as pages:
        page, why = pages.page(a_notebook(), GRADES)
    assert f"because they could not be rendered ({why})." in text_of(page)
    assert "3 of 20 points" in text_of(page)
    assert "def f(x): return x" in text_of(page)
    assert "<script" not in page


def test_where_even_plain_text_fails_the_page_has_the_points(monkeypatch, pages):
    monkeypatch.setattr(page_module, "read_feedback", an_exit)
    page, why = pages.page(a_notebook(), GRADES)
    assert why == "its process exited with code 1"
    assert f"Your notebook cannot be shown here, because it could not be read ({why})." in text_of(page)
    assert "3 of 20 points" in text_of(page)


@pytest.mark.parametrize("forks", [True, False])
def test_a_notebook_that_can_be_rendered_has_the_page_of_one_process(monkeypatch, pages, forks):
    monkeypatch.setattr(disposable, "FORKS", forks and disposable.FORKS)
    notebook = a_notebook()
    assert pages.page(notebook, GRADES) == (feedback_page(notebook, GRADES), "")


def test_one_process_makes_the_pages_of_many_and_a_new_one_those_after_a_failure(monkeypatch, pages):
    def numbered(notebook, grades):
        if grades["student"] == "eve":
            raise ValueError("no")
        return str(os.getpid())

    monkeypatch.setattr(maker_module, "feedback_page", numbered)
    names = ("ada", "bob", "eve", "joe", "zoe")
    ada, bob, eve, joe, zoe = (pages.page(a_notebook(), {**GRADES, "student": name}) for name in names)
    assert ada == bob != joe == zoe
    assert eve[1] == "ValueError: no"
    assert str(os.getpid()) not in {ada[0], joe[0]}


def test_what_the_release_says_is_rendered_once_and_what_a_student_wrote_is_forgotten(monkeypatch, tmp_path):
    """Looked at from inside of the process: which texts are not rendered again."""
    stub, teaching = "raise NotImplementedError", "What no other test renders."
    nbformat.write(a_notebook(stub, teaching), tmp_path / "n.ipynb")
    rendered = []
    for names, name in ((markdown.__globals__, "_with_pictures"), (CODE, "highlight")):
        counted = lambda *given, _of=names[name]: rendered.append(1) or _of(*given)  # noqa: E731
        monkeypatch.setitem(names, name, counted)
    work = PageMaker([tmp_path / "n.ipynb", tmp_path / "gone.ipynb"])._begun()
    before = len(rendered)

    def renderings(answer):
        rendered.clear()
        job = maker_module.json.dumps([a_notebook(answer, teaching), GRADES, ""]).encode()
        assert work(None, job).as_before
        return len(rendered)

    assert before == 2
    assert renderings(stub) == 0
    assert [renderings("mine"), renderings("mine")] == [1, 1]
