"""`course solutions` shows what was right and why, and what went wrong for several; nobody is named."""

import bs4
import pytest

from autograder.cli import main
from autograder.editions import worked
from autograder.report.statistics import CauseRow

ASSIGNMENT = "01_square"
HINTED = """# %% [markdown]
# ## 1.1 The square (100 points)
#
# <details><summary>Hint 1: where to look</summary>
#
# At the multiplication $3 \\cdot 3$.
#
# </details>

# %% answer="01_square"
"""


@pytest.fixture
def solutions(monkeypatch, capsys, tmp_path):
    """Runs `course solutions`: exit status, and the page, read, or what was said instead."""

    def run(course, assignment=ASSIGNMENT):
        to = tmp_path / "handed-out"
        arguments = ["course", "solutions", assignment, "--to", str(to), "--course", str(course.root)]
        monkeypatch.setattr("sys.argv", arguments)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        if ended.value.code:
            return ended.value.code, shown.err
        text = (to / f"{assignment}-solutions.html").read_text(encoding="utf-8")
        return 0, bs4.BeautifulSoup(text, "html.parser")

    return run


@pytest.fixture
def hinted(source_path):
    text = source_path.read_text(encoding="utf-8")
    source_path.write_text(text.replace('# %% answer="01_square"\n', HINTED), encoding="utf-8")


def test_the_solution_stands_beside_the_hints_that_lead_to_it(course, hinted, solutions):
    status, page = solutions(course)
    assert status == 0
    assert page.h2.get_text() == "1.1 The square"
    assert "the_square_of_x = x * x" in page.find("pre").get_text()
    assert "### BEGIN" not in page.get_text()
    assert "random point" not in page.get_text()
    assert "At the multiplication" in page.get_text()
    assert page.find("math") is not None
    assert "The area of a square" in page.get_text()
    assert "went wrong" not in page.get_text()


def test_a_reason_of_the_authors_stands_in_place_of_the_hints(course, hinted, source_path, solutions):
    with source_path.open("a", encoding="utf-8") as source:
        source.write('\n# %% [markdown] why="01_square"\n# A side times a side.\n')
    _, page = solutions(course)
    assert "A side times a side." in page.get_text()
    assert "At the multiplication" not in page.get_text()


@pytest.mark.sandbox
def test_what_went_wrong_for_several_is_told_without_names(a_class, source_path, hinted, solutions):
    nothing = "def square(x):\n    return None"
    alone = "def square(x):\n    return x.telling"
    a_class.hand_in(
        a_class.answers("ada", nothing),
        a_class.answers("bob", nothing),
        a_class.answers("eve", alone),
        a_class.composer.submission("joe", "perfect"),
    )
    assert a_class.grade()[0] == 0
    _, page = solutions(a_class.course)
    assert [item.get_text() for item in page.find_all("li")] == ["wrong type (50 % of the class)"]
    assert "4 submissions" in page.get_text()
    assert not any(word in page.get_text() for word in ("ada", "bob", "eve", "joe", "telling"))


def test_an_unknown_assignment_is_refused_in_a_sentence(course, solutions):
    status, said = solutions(course, "02_cube")
    assert (status, "no assignment '02_cube'" in said) == (2, True)


def test_no_name_that_students_gave_a_class_is_shown_to_all(monkeypatch):
    causes = ("raises KeyError", "raises AdaCheats", "wrong sign or raises AdaCheats", "raises a or sign")
    rows = [CauseRow("1_x", "x", cause, ("ada", "bob"), "") for cause in (*causes, "wrong sign")]
    monkeypatch.setattr(worked, "cause_rows", lambda results: rows)
    monkeypatch.setattr(worked, "counted", lambda results: [None] * 4)
    assert [slip.cause for slip in worked._slips("1_x", None)] == ["raises KeyError", "wrong sign"]
