"""The build is deterministic, goes through nbgrader, and lets nothing of the solution out."""

import errno
import itertools
import os
import shutil
from pathlib import Path

import jsonschema
import nbformat
import pytest
from exchange import nbgrader

from autograder.authoring import build as module
from autograder.authoring.build import build, stage
from autograder.cli import main
from autograder.errors import CourseError
from autograder.sources.source import read_source


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


@pytest.mark.parametrize(
    ("text", "says"),
    [("\n", "it is empty"), ("#%%\nx = 1\n", "a header begins with `# %%` and a space")],
)
def test_a_source_without_cells_is_no_missing_one(course, text, says):
    (course.solutions / "03_cube").mkdir()
    (course.solutions / "03_cube" / "cube.py").write_text(text, encoding="utf-8")
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
    assert "known answers" not in "".join(module.remarks(read_source(source_path)))
    answers.write_text(text.replace("01_square-values", "01_square-renamed"), encoding="utf-8")
    (remark,) = module.remarks(read_source(source_path))
    assert remark.startswith(f"{answers}:")
    assert "no graded cell '01_square-renamed' (of the known answers" in remark


def test_a_module_beside_a_notebook_is_no_source_that_lacks_cells(course):
    (course.solutions / "03_cube").mkdir()
    (course.solutions / "03_cube" / "cube.ipynb").write_text("{}", encoding="utf-8")
    (course.solutions / "03_cube" / "helper.py").write_text("", encoding="utf-8")
    with pytest.raises(CourseError, match="no assignment '03_cube' under solutions/"):
        course.source_of("03_cube")


def test_a_directory_that_is_no_course_is_refused(tmp_path, monkeypatch, capsys):
    assert course_command(monkeypatch, "build", "--course", tmp_path) == 2
    assert "is not a course: it has no nbgrader_config.py" in capsys.readouterr().err


def test_what_nbgrader_refuses_is_said_in_one_line(course, source_path, monkeypatch):
    monkeypatch.setattr(type(course.api()), "generate_assignment", refuse)
    with pytest.raises(CourseError, match=r"nbgrader refused it: ValueError: no such thing$"):
        build(course)


def test_a_solution_that_loses_points_is_refused_with_the_cell_and_the_reason(
    course, source_path, monkeypatch, capsys
):
    build(course)
    before = state(course)
    text = source_path.read_text(encoding="utf-8")
    wrong = text.replace("the_square_of_x = x * x", "the_square_of_x = x + x")
    source_path.write_text(wrong, encoding="utf-8")
    assert course_command(monkeypatch, "build", "--course", course.root) == 2
    told = capsys.readouterr().err
    line = text.split("\n").index('# %% graded="01_square-values" points=90') + 1
    says = "01_square-values gives 30 of 90 points: 'at a random point' (square(x) is wrong: yours"
    assert f"square.py:{line}: {says}" in told
    assert state(course) == before
    assert course_command(monkeypatch, "build", "--unchecked", "--course", course.root) == 0


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


def test_where_there_is_no_source_nothing_is_up_to_date(course, monkeypatch, capsys):
    shutil.rmtree(course.solutions / "01_square")
    for options in ([], ["--check"]):
        assert course_command(monkeypatch, "build", *options, "--course", course.root) == 2
        assert f"there is no source in text below {course.solutions}" in capsys.readouterr().err


def test_a_solution_is_graded_without_a_sandbox_where_there_is_none_and_it_is_said(
    course, monkeypatch, capsys
):
    from autograder.grader_side.errors import SandboxError
    from autograder.rehearsal import solved

    def grade(notebook, seed, settings):
        if settings.sandbox != "none":
            raise SandboxError("install bubblewrap")
        return real(notebook, seed, settings)

    real = solved.grade_rebuilt
    monkeypatch.setattr(solved, "grade_rebuilt", grade)
    assert course_command(monkeypatch, "build", "--course", course.root) == 0
    assert capsys.readouterr().out.count("no sandbox here: the solution") == 1


def state(course):
    """The bytes of the release, and all that the gradebook knows of the assignment's cells."""
    files = {path.name: path.read_bytes() for path in course.assignments.rglob("*") if path.is_file()}
    with course.api().gradebook as gradebook:
        (notebook,) = gradebook.find_assignment("01_square").notebooks
        cells = [
            cell.to_dict()
            for kind in ("grade_cells", "solution_cells", "task_cells", "source_cells")
            for cell in getattr(notebook, kind)
        ]
        return files, cells, len(gradebook.find_assignment("01_square").submissions)


def with_a_submission(course):
    with course.api().gradebook as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission("01_square", "ada")


SECOND = """
# %% answer="03_cube"
def cube(x):
    ### BEGIN SOLUTION
    return x**3
    ### END SOLUTION
"""


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda text: text + SECOND, "added: 03_cube"),
        (lambda text: text.replace("02_written", "02_said"), "added: 02_said; removed: 02_written"),
        (lambda text: text.replace("# %%\n[k", '# %% readonly="04_k"\n[k'), "added: 04_k"),
    ],
)
def test_cells_that_submissions_forbid_to_change_are_named_and_nothing_is_touched(
    course, source_path, monkeypatch, capsys, edit, says
):
    build(course)
    with_a_submission(course)
    before = state(course)
    source_path.write_text(edit(source_path.read_text(encoding="utf-8")), encoding="utf-8")
    assert course_command(monkeypatch, "build", "--course", course.root) == 2
    told = capsys.readouterr().err
    assert f"given another role ({says})" in told
    assert "the gradebook holds submissions of 01_square (1)" in told
    assert state(course) == before
    nbgrader(course.root, monkeypatch, "db", "assignment", "remove", "01_square", "--force")  # as it says
    assert course_command(monkeypatch, "build", "--course", course.root) == 0


def test_a_notebook_is_not_renamed_under_submissions(course, source_path, monkeypatch, capsys):
    build(course)
    with_a_submission(course)
    before = state(course)
    source_path.rename(source_path.with_name("squares.py"))
    assert course_command(monkeypatch, "build", "--course", course.root) == 2
    assert "its notebook cannot be called squares any more, but square" in capsys.readouterr().err
    assert state(course) == before


def test_texts_hidden_tests_and_points_may_change_under_submissions(course, source_path):
    build(course)
    with_a_submission(course)
    text = source_path.read_text(encoding="utf-8")
    text = text.replace("points=90", "points=80").replace("points=60", "points=50")
    source_path.write_text(text.replace("points=10", "points=20"), encoding="utf-8")
    build(course)
    _, cells, submissions = state(course)
    assert sorted(cell["max_score"] for cell in cells if "max_score" in cell) == [20, 80]
    assert submissions == 1


def test_an_interrupted_build_leaves_the_release_and_the_gradebook_as_they_were(
    course, source_path, monkeypatch
):
    build(course)
    with_a_submission(course)
    before = state(course)
    text = source_path.read_text(encoding="utf-8")
    source_path.write_text(text.replace("Write $x^2$", "Write $x^3$"), encoding="utf-8")
    for call in range(3):
        with monkeypatch.context() as patch:
            interrupt_at(call, patch)
            with pytest.raises(KeyboardInterrupt):
                build(course)
        assert state(course) == before
    build(course)
    assert state(course) != before


def interrupt_at(call, patch):
    """Ctrl-C while nbgrader records the cells, after some of them."""
    from nbgrader.api import Gradebook

    calls = itertools.count()
    real = Gradebook.update_or_create_source_cell

    def interrupted(*args, **options):
        if next(calls) == call:
            raise KeyboardInterrupt
        return real(*args, **options)

    patch.setattr(Gradebook, "update_or_create_source_cell", interrupted)


def test_a_power_cut_leaves_a_whole_notebook_and_a_second_build_completes_it(
    course, source_path, monkeypatch
):
    (release,) = build(course)
    old = release.path.read_bytes()
    text = source_path.read_text(encoding="utf-8")
    source_path.write_text(text.replace("Write $x^2$", "Write $x^3$"), encoding="utf-8")
    new = next(stage(course)).content.encode()
    (course.solutions / "01_square" / "data.csv").write_text("1,2\n", encoding="utf-8")
    for owner, step in ((shutil, "copyfile"), (os, "replace"), (Path, "unlink")):
        with monkeypatch.context() as patch:
            real = module._replace

            def cut(place, built, patch=patch, owner=owner, step=step, real=real):
                def fails(*args, **options):
                    raise PowerCutError

                patch.setattr(owner, step, fails)
                real(place, built)

            patch.setattr(module, "_replace", cut)
            (release.path.parent / "leftover.txt").write_text("", encoding="utf-8")
            with pytest.raises(PowerCutError):
                build(course)
        assert release.path.read_bytes() in (old, new)
    build(course)
    assert release.path.read_bytes() == new
    assert sorted(path.name for path in release.path.parent.iterdir()) == ["data.csv", "square.ipynb"]


def test_a_disk_that_is_full_is_one_sentence_and_the_release_stays(course, source_path, monkeypatch, capsys):
    build(course)
    before = state(course)[0]
    text = source_path.read_text(encoding="utf-8")
    source_path.write_text(text.replace("Write $x^2$", "Write $x^3$"), encoding="utf-8")

    def full(place, built):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(place))

    monkeypatch.setattr(module, "_replace", full)
    assert course_command(monkeypatch, "build", "--course", course.root) == 2
    assert capsys.readouterr().err.endswith("01_square: No space left on device\n")
    assert state(course)[0] == before


class PowerCutError(Exception):
    pass


def refuse(api, assignment, force):
    log = "[ERROR] Traceback (most recent call last):\n      File x\n    ValueError: no such thing\n"
    return {"success": False, "log": log, "error": "NbGraderException: see above"}
