"""The cycle of nbgrader's documentation, from release to fetched feedback, by either way of grading."""

from datetime import timedelta

import nbformat
import pytest
from exchange import Exchange

from autograder.cli import main

pytestmark = [
    pytest.mark.sandbox,
    # nbgrader's release_feedback reads each time stamp and leaves its file open.
    pytest.mark.filterwarnings("ignore:.*timestamp.txt:pytest.PytestUnraisableExceptionWarning"),
]
ASSIGNMENT = "01_square"
RIGHT, DOUBLED = "def square(x):\n    return x * x", "def square(x):\n    return x + x"


@pytest.fixture
def exchange(a_class, tmp_path_factory, monkeypatch):
    return Exchange(a_class.course, tmp_path_factory.mktemp("exchange"), monkeypatch)


def plain(exchange, monkeypatch, *options):
    exchange.instructor("autograde", ASSIGNMENT, *options)


def parallel(exchange, monkeypatch, *options):
    with monkeypatch.context() as patch:
        command = ["course", "grade", ASSIGNMENT, "--course", str(exchange.course.root), "--jobs", "1"]
        patch.setattr("sys.argv", command)
        with pytest.raises(SystemExit) as ended:
            main()
    assert not ended.value.code


def submit(exchange, name, source):
    path = exchange.home(name) / ASSIGNMENT / "square.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "01_square":
            cell.source = source
    nbformat.write(notebook, path)
    exchange.student(name, "submit", ASSIGNMENT, f"--student={name}")


def pages(exchange, name):
    """What a student has fetched, the oldest first."""
    exchange.student(name, "fetch_feedback", ASSIGNMENT)
    folder = exchange.home(name) / ASSIGNMENT / "feedback"
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*/square.html"))]


def submissions(course):
    with course.api().gradebook as gradebook:
        return {
            found.student.id: (found.score, found.total_seconds_late > 0, found.timestamp)
            for found in gradebook.assignment_submissions(ASSIGNMENT)
        }


@pytest.mark.parametrize("grade", [plain, parallel])
def test_feedback_goes_back_to_each_who_handed_in_through_the_exchange(
    a_class, exchange, monkeypatch, capsys, grade
):
    """Released, fetched, submitted, collected, graded, handed in anew and late; and one came by mail."""
    exchange.instructor("release_assignment", ASSIGNMENT)
    for name, source in (("ada", RIGHT), ("bob", DOUBLED)):
        exchange.student(name, "fetch_assignment", ASSIGNMENT)
        submit(exchange, name, source)
    a_class.hand_in("by-mail")
    exchange.instructor("collect", ASSIGNMENT, "--ExchangeCollect.check_owner=False")
    grade(exchange, monkeypatch)
    first = submissions(a_class.course)
    assert {name: (score, late) for name, (score, late, _) in first.items()} == {
        "ada": (90, False),
        "bob": (30, False),
        "by-mail": (90, False),
    }
    exchange.instructor("generate_feedback", ASSIGNMENT)
    capsys.readouterr()
    exchange.instructor("release_feedback", ASSIGNMENT)
    assert "cannot fetch feedback from there: by-mail" in capsys.readouterr().err
    (page_of_ada,), (page_of_bob,) = pages(exchange, "ada"), pages(exchange, "bob")
    assert ("90 of 100" in page_of_ada, "30 of 100" in page_of_bob) == (True, True)

    with a_class.course.api().gradebook as gradebook:
        due = first["bob"][2] + timedelta(microseconds=1)
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate=due)
    submit(exchange, "bob", RIGHT)
    exchange.instructor("collect", ASSIGNMENT, "--update", "--ExchangeCollect.check_owner=False")
    grade(exchange, monkeypatch)
    second = submissions(a_class.course)
    assert {name: (score, late) for name, (score, late, _) in second.items()} == {
        "ada": (90, first["ada"][2] > due),
        "bob": (90, True),
        "by-mail": (90, False),
    }
    exchange.instructor("generate_feedback", ASSIGNMENT)
    exchange.instructor("release_feedback", ASSIGNMENT)
    assert ["90 of 100" in page for page in pages(exchange, "bob")] == [False, True]
    assert len(pages(exchange, "ada")) == 1


@pytest.mark.parametrize("grade", [plain, parallel])
def test_a_secret_that_is_no_short_text_is_left_behind_and_the_grade_stands(
    a_class, exchange, monkeypatch, grade
):
    for name, secret in (("long", b"a" * 10_000), ("binary", b"\xff\xfe"), ("empty", b"")):
        a_class.hand_in(name)
        (a_class.folder(name) / "submission_secret.txt").write_bytes(secret)
    a_class.hand_in("link")
    (a_class.folder("link") / "submission_secret.txt").symlink_to("/etc/hostname")
    grade(exchange, monkeypatch)
    assert {score for score, _, _ in submissions(a_class.course).values()} == {90}
    assert list(a_class.course.autograded.rglob("submission_secret.txt")) == []
