"""The build is deterministic, goes through nbgrader, and lets nothing of the solution out."""

import shutil

import jsonschema
import nbformat
import pytest
from commands import course_here

from autograder.authoring import build as module
from autograder.authoring.build import build, stage
from autograder.errors import CourseError
from autograder.sources.source import read_source


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


def test_whether_nbgraders_own_schema_is_one_is_asked_by_others_and_not_for_each_cell(course, monkeypatch):
    asked = []
    monkeypatch.setattr(jsonschema.Draft4Validator, "check_schema", asked.append)
    build(course, checked=False)
    assert asked == []
    jsonschema.validate(1, schema := {"$schema": "http://json-schema.org/draft-04/schema#"})
    assert asked == [schema]


def test_the_gradebook_knows_the_cells_and_their_points(course):
    build(course)
    with course.api().gradebook as gradebook:
        assert gradebook.find_assignment("01_square").max_score == 100
        hidden = gradebook.find_source_cell("01_square-values", "square", "01_square").source
    assert "at a random point" in hidden


def test_check_finds_a_changed_character_and_changes_nothing(course, source_path, capsys):
    build(course)
    assert course_here("build", "--check", "--course", course.root) == 0
    text = source_path.read_text(encoding="utf-8")
    source_path.write_text(text.replace("Write $x^2$.", "Write $x^2$!"), encoding="utf-8")
    released = course.assignments / "01_square" / "square.ipynb"
    before = released.read_bytes()
    capsys.readouterr()
    assert course_here("build", "--check", "--course", course.root) == 1
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


def test_an_unknown_assignment_is_named_with_the_known_ones(course, capsys):
    assert course_here("build", "03_cube", "--course", course.root) == 2
    assert (
        capsys.readouterr().err == "course: no assignment '03_cube' under solutions/; there is: 01_square\n"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"\n", "it is empty"),
        (b"#%%\nx = 1\n", "a header begins with `# %%` and a space"),
        ("# %%\nx = 1\n".encode("utf-16"), "it is not UTF-8 text; save it as that"),
    ],
)
def test_a_source_without_cells_is_no_missing_one(course, text, says):
    (course.solutions / "03_cube").mkdir()
    (course.solutions / "03_cube" / "cube.py").write_bytes(text)
    with pytest.raises(CourseError, match=rf"03_cube.cube\.py has no cells: {says}"):
        build(course, ["03_cube"])


def test_a_source_that_was_emptied_after_it_was_built_is_no_missing_one(course, source_path):
    source_path.with_suffix(".ipynb").write_text("{}", encoding="utf-8")
    source_path.write_text("", encoding="utf-8")
    with pytest.raises(CourseError, match=r"square\.py has no cells: it is empty"):
        build(course, ["01_square"])


def test_known_answers_that_cannot_be_read_are_told_and_keep_nothing_from_being_built(course, source_path):
    answers = source_path.parent / "answers" / "01_square.py"
    text = answers.read_text(encoding="utf-8")
    assert "known answers" not in "".join(module.remarks(read_source(source_path), source_path.parent))
    answers.write_text(text.replace("01_square-values", "01_square-renamed"), encoding="utf-8")
    (remark,) = module.remarks(read_source(source_path), source_path.parent)
    assert remark.startswith(f"{answers}:")
    assert "no graded cell '01_square-renamed' (of the known answers" in remark


def test_a_module_beside_a_notebook_is_no_source_that_lacks_cells(course):
    (course.solutions / "03_cube").mkdir()
    (course.solutions / "03_cube" / "cube.ipynb").write_text("{}", encoding="utf-8")
    (course.solutions / "03_cube" / "helper.py").write_text("", encoding="utf-8")
    with pytest.raises(CourseError, match=r"^solutions/03_cube is written as notebooks"):
        course.source_of("03_cube")


def test_a_directory_that_is_no_course_is_refused(tmp_path, capsys):
    assert course_here("build", "--course", tmp_path) == 2
    assert "is not a course: it has no nbgrader_config.py" in capsys.readouterr().err


def test_what_nbgrader_refuses_is_said_in_one_line(course, source_path, monkeypatch):
    monkeypatch.setattr(type(course.api()), "generate_assignment", refuse)
    with pytest.raises(CourseError, match=r"nbgrader refused it: ValueError: no such thing$"):
        build(course)


def test_two_checks_by_one_computed_name_are_refused_where_the_solution_is_graded(course, source_path):
    text = source_path.read_text(encoding="utf-8")
    source_path.write_text(text.replace('"at a random point"', '"at " + "two"'), encoding="utf-8")
    with pytest.raises(CourseError, match=r"square\.py:17: 01_square-values has two checks 'at two'"):
        build(course)


def test_a_solution_that_is_no_python_is_named_by_its_own_line(course, source_path):
    text = source_path.read_text(encoding="utf-8")
    source_path.write_text(
        text.replace("the_square_of_x = x * x", "the_square_of_x = (x * x"), encoding="utf-8"
    )
    line = text.split("\n").index("    the_square_of_x = x * x") + 1
    with pytest.raises(
        CourseError, match=rf"square\.py:{line}: 01_square is not Python: '\(' was never closed"
    ):
        build(course)


def test_where_there_is_no_source_nothing_is_up_to_date(course, capsys):
    shutil.rmtree(course.solutions / "01_square")
    for options in ([], ["--check"]):
        assert course_here("build", *options, "--course", course.root) == 2
        assert f"there is no source in text below {course.solutions}" in capsys.readouterr().err


def test_a_solution_is_graded_without_a_sandbox_where_there_is_none_and_it_is_said(
    course, monkeypatch, capsys
):
    from autograder.grader_side.errors import SandboxError
    from autograder.rehearsal import solved

    def grade(notebook, seed, settings, folder):
        if settings.sandbox != "none":
            raise SandboxError("install bubblewrap")
        return real(notebook, seed, settings, folder)

    real = solved.grade_rebuilt
    monkeypatch.setattr(solved, "grade_rebuilt", grade)
    assert course_here("build", "--course", course.root) == 0
    assert capsys.readouterr().out.count("no sandbox here: the solution") == 1


def refuse(api, assignment, force):
    log = "[ERROR] Traceback (most recent call last):\n      File x\n    ValueError: no such thing\n"
    return {"success": False, "log": log, "error": "NbGraderException: see above"}
