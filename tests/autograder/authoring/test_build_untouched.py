"""A build that is refused, forbidden or cut short leaves the release and the gradebook as they were."""

import errno
import itertools
import os
import shutil
from pathlib import Path

import pytest
from exchange import nbgrader

from autograder.authoring import build as module
from autograder.authoring.build import build, stage
from autograder.cli import main


def course_command(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["course", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


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
    (course.solutions / "01_square" / "gone.csv").symlink_to("nowhere")
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
