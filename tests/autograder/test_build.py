"""The build is deterministic, goes through nbgrader, and lets nothing of the solution out."""

import nbformat
import pytest

from autograder.build import build, stage
from autograder.cli import main
from autograder.errors import CourseError


def course_command(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["course", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_the_release_has_stubs_and_no_hidden_tests(course):
    (release,) = build(course)
    cells = {cell.id: cell for cell in nbformat.read(release.path, as_version=4).cells}
    assert cells["01_square"].source == (
        'def square(x):\n    """Return x squared."""\n    raise NotImplementedError("not written yet")'
    )
    assert "at a random point" not in release.content
    assert "area of a square" not in release.content
    assert cells["01_square-values"].metadata.editable is False
    assert [path.name for path in release.path.parent.iterdir()] == ["square.ipynb"]


def test_a_second_build_gives_the_same_bytes(course):
    (first,) = build(course)
    before = first.path.read_bytes()
    build(course)
    assert first.path.read_bytes() == before
    assert [release.is_current() for release in stage(course)] == [True]


def test_the_gradebook_knows_the_cells_and_their_points(course):
    build(course)
    with course.api().gradebook as gradebook:
        assert gradebook.find_assignment("01_square").max_score == 100
        hidden = gradebook.find_source_cell("01_square-values", "square", "01_square").source
    assert "at a random point" in hidden


def test_check_finds_a_changed_character_and_changes_nothing(course, source_path, monkeypatch, capsys):
    build(course)
    assert course_command(monkeypatch, "build", "--check", "--course", course.root) == 0
    text = source_path.read_text(encoding="utf-8")
    source_path.write_text(text.replace("Write $x^2$.", "Write $x^2$!"), encoding="utf-8")
    released = course.assignments / "01_square" / "square.ipynb"
    before = released.read_bytes()
    capsys.readouterr()
    assert course_command(monkeypatch, "build", "--check", "--course", course.root) == 1
    shown = capsys.readouterr().err
    assert "stale" in shown
    assert "Write $x^2$!" in shown
    assert released.read_bytes() == before


@pytest.mark.parametrize(
    ("leak", "kind"),
    [
        ("the_square_of_x = x * x", "SOLUTION"),
        ("expect_close('square(x)', square(anywhere), anywhere**2)", "HIDDEN TESTS"),
    ],
)
def test_a_line_that_must_not_be_released_stops_the_build(course, source_path, leak, kind):
    text = source_path.read_text(encoding="utf-8").replace('"square(x)"', "'square(x)'")
    source_path.write_text(text.replace("# Write $x^2$.", f"#     {leak}"), encoding="utf-8")
    with pytest.raises(CourseError, match=f"this {kind} line is released too"):
        build(course)
    assert not course.assignments.exists()


def test_one_broken_assignment_leaves_all_releases_untouched(course, source_path, monkeypatch, capsys):
    (release,) = build(course)
    before = release.path.read_bytes()
    other = course.solutions / "02_broken"
    other.mkdir()
    (other / "broken.py").write_text("# %% graded='01-x'\nchecks.score()\n", encoding="utf-8")
    source_path.write_text(source_path.read_text(encoding="utf-8") + "\n# %%\n1 + 1\n", encoding="utf-8")
    assert course_command(monkeypatch, "build", "--course", course.root) == 2
    assert "broken.py:1: graded cell 01-x has no points" in capsys.readouterr().err
    assert release.path.read_bytes() == before


def test_an_unknown_assignment_is_named_with_the_known_ones(course, monkeypatch, capsys):
    assert course_command(monkeypatch, "build", "03_cube", "--course", course.root) == 2
    assert (
        capsys.readouterr().err == "course: no assignment '03_cube' under solutions/; there is: 01_square\n"
    )


def test_a_directory_that_is_no_course_is_refused(tmp_path, monkeypatch, capsys):
    assert course_command(monkeypatch, "build", "--course", tmp_path) == 2
    assert "is not a course: it has no nbgrader_config.py" in capsys.readouterr().err


def test_what_nbgrader_refuses_is_said_in_one_line(course, source_path, monkeypatch):
    monkeypatch.setattr(type(course.api()), "generate_assignment", refuse)
    with pytest.raises(CourseError, match=r"nbgrader refused it: ValueError: no such thing$"):
        build(course)


def refuse(api, assignment, force):
    log = "[ERROR] Traceback (most recent call last):\n      File x\n    ValueError: no such thing\n"
    return {"success": False, "log": log, "error": "NbGraderException: see above"}
