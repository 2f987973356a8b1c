import pytest

from autograder.errors import CourseError
from autograder.site_pages import samples


@pytest.fixture
def asked(monkeypatch):
    """A demo whose class of two has feedback, and whose scores are right unless the test says otherwise."""
    said = {"right": True}

    def run(course, into, students, assignment):
        said["run"] = (course, students, assignment)
        print("ada got 3, expected 4")
        into.mkdir()
        (into / "nbgrader_config.py").write_text("c = get_config()", encoding="utf-8")
        for student in ("student-02", "student-01"):
            folder = into / "feedback" / student / assignment
            folder.mkdir(parents=True)
            (folder / "square.html").write_text(f"of {student}", encoding="utf-8")
        return said["right"]

    def write_report(course, assignment, to, **how):
        said["report"] = (course.root.name, assignment, how)
        to.write_text("the report", encoding="utf-8")

    monkeypatch.setattr(samples, "run", run)
    monkeypatch.setattr(samples, "write_report", write_report)
    return said


def test_samples_are_a_report_and_the_last_students_feedback(asked, course, tmp_path, capsys):
    samples.stage_samples(course, tmp_path / "new", graded=True)
    extra = tmp_path / "new" / "extra" / "samples"
    assert asked["run"] == (course, 12, "01_square")
    assert asked["report"] == ("demo", "01_square", {"as_json": False, "anonymous": False})
    assert {path.name: path.read_text() for path in extra.iterdir()} == {
        "report.html": "the report",
        "feedback.html": "of student-02",
    }
    page = (tmp_path / "new" / "samples.md").read_text(encoding="utf-8")
    assert "The demo's class of 12:" in page
    assert all(f'href="samples/{path.name}"' in page for path in extra.iterdir())
    assert capsys.readouterr().out == ""


def test_without_samples_the_page_says_so(asked, course, tmp_path):
    samples.stage_samples(course, tmp_path, graded=False)
    assert "built without samples" in (tmp_path / "samples.md").read_text(encoding="utf-8")
    assert list((tmp_path / "extra" / "samples").iterdir()) == []
    assert "run" not in asked


def test_a_site_shows_no_wrong_grades(asked, course, tmp_path):
    asked["right"] = False
    with pytest.raises(CourseError, match="are not what they must be:\nada got 3, expected 4\n"):
        samples.stage_samples(course, tmp_path, graded=True)
    assert not (tmp_path / "samples.md").exists()
