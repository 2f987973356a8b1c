import copy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.submission import rebuild

WRITTEN = ("def f(x):\n    return x * x", "def g(x):\n    return x + 1")


@pytest.fixture
def honest(rebuilt, handed_in):
    """What comes of the submission when nothing is wrong with it."""
    return rebuilt(handed_in)


def sources(notebook):
    return [cell.source for cell in notebook.cells]


def grade_ids(notebook):
    return [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]


def test_an_honest_submission_is_the_release_with_its_answers_and_nothing_is_repaired(
    released, honest, cell_of
):
    assert (honest.repairs, honest.missing) == ((), ())
    for name, written in zip(("01_f", "02_g"), WRITTEN, strict=True):
        cell_of(released, name).source = written
    assert honest.notebook == released


def test_the_blank_release_handed_in_comes_back_as_it_was(released, rebuilt):
    assert rebuilt(released).notebook == released


def test_a_deleted_graded_cell_is_put_back_in_its_place(handed_in, rebuilt, honest, cell_of):
    handed_in.cells.remove(cell_of(handed_in, "01_f-values"))
    result = rebuilt(handed_in)
    assert result.notebook == honest.notebook
    assert result.repairs == ("Cell 01_f-values was missing; the released one stands there.",)


def test_an_edited_graded_cell_is_used_as_released(handed_in, rebuilt, honest, cell_of):
    cell_of(handed_in, "01_f-values").source = "3.0"
    result = rebuilt(handed_in)
    assert result.notebook == honest.notebook
    assert result.repairs == ("Cell 01_f-values was not as released; the released one was used.",)


def test_a_copied_graded_cell_becomes_nothing(handed_in, rebuilt, honest, cell_of):
    twin = copy.deepcopy(cell_of(handed_in, "01_f-values"))
    twin.update(id="twin", source="3.0")
    handed_in.cells.append(twin)
    result = rebuilt(handed_in)
    assert result.notebook == honest.notebook
    assert "Cell 01_f-values stands 2 times; it was used once, as released." in result.repairs


def test_a_copied_graded_cell_that_lost_its_name_is_left_out(handed_in, rebuilt, honest, cell_of):
    handed_in.cells.append(new_code_cell(cell_of(handed_in, "01_f-values").source))
    result = rebuilt(handed_in)
    assert result.notebook == honest.notebook
    assert result.repairs == ("Cell 10 repeats a released cell; it was left out.",)


@pytest.mark.parametrize(
    "changes",
    [
        {"points": 1000},
        {"grade": True, "points": 100},
        {"locked": True, "solution": False},
        {"schema_version": 99},
        {"task": True},
    ],
)
def test_changed_nbgrader_metadata_changes_nothing(handed_in, rebuilt, honest, cell_of, changes):
    cell_of(handed_in, "01_f").metadata.nbgrader.update(changes)
    result = rebuilt(handed_in)
    assert result.notebook == honest.notebook
    assert result.repairs == ("Cell 01_f had other tags or nbgrader metadata; the released ones were used.",)


def test_tags_that_change_how_a_cell_runs_are_dropped(handed_in, rebuilt, honest, cell_of):
    cell_of(handed_in, "01_f-values").metadata["tags"] = ["skip-execution", "raises-exception"]
    result = rebuilt(handed_in)
    assert result.notebook == honest.notebook
    assert len(result.repairs) == 1


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_a_retyped_code_answer_is_code_again(handed_in, rebuilt, honest, cell_of, kind):
    cell = cell_of(handed_in, "01_f")
    del cell["outputs"], cell["execution_count"]
    cell.cell_type = kind
    result = rebuilt(handed_in)
    assert result.notebook == honest.notebook
    assert result.repairs == (f"Cell 01_f had become a {kind} cell; it is code again.",)


@pytest.mark.parametrize("kind", ["code", "markdown"])
def test_an_answer_in_code_is_taken_letter_for_letter(handed_in, rebuilt, cell_of, kind):
    cell = cell_of(handed_in, "01_f")
    cell.cell_type, cell.source = kind, "def f(x):\n    return x<x or '<b>'\n"
    assert cell_of(rebuilt(handed_in).notebook, "01_f").source == cell.source


def test_a_stub_that_was_left_alone_stays_as_it_was_released(released, handed_in, submit, cell_of):
    cell_of(released, "01_f").source += "\n"
    cell_of(handed_in, "01_f").source = cell_of(released, "01_f").source.strip()
    made = rebuild(released, submit(handed_in)).notebook
    assert cell_of(made, "01_f").source == cell_of(released, "01_f").source


def test_a_retyped_graded_cell_is_code_again(handed_in, rebuilt, honest, cell_of):
    cell = cell_of(handed_in, "01_f-values")
    del cell["outputs"], cell["execution_count"]
    cell.cell_type = "markdown"
    assert rebuilt(handed_in).notebook == honest.notebook


def test_moved_cells_return_to_their_places(handed_in, rebuilt, honest):
    handed_in.cells.reverse()
    result = rebuilt(handed_in)
    assert result.notebook == honest.notebook
    assert result.repairs == ("Cells stood in another order; the released order was used.",)


def test_an_answer_that_is_not_there_is_the_stub_and_named(handed_in, released, rebuilt, cell_of):
    handed_in.cells.remove(cell_of(handed_in, "02_g"))
    result = rebuilt(handed_in)
    assert cell_of(result.notebook, "02_g").source == cell_of(released, "02_g").source
    assert result.missing == ("02_g",)
    assert result.repairs == ("Answer 02_g was not handed in; the empty one stands there.",)


def test_nothing_at_all_is_the_release(released, rebuilt):
    result = rebuilt(nbformat.v4.new_notebook())
    assert result.notebook == released
    assert result.missing == ("01_f", "02_g", "03_w")


def test_of_two_edited_copies_the_last_counts_and_the_other_runs_before_it(handed_in, rebuilt, cell_of):
    position = handed_in.cells.index(cell_of(handed_in, "01_f"))
    twin = copy.deepcopy(handed_in.cells[position])
    twin.update(id="twin", source="def f(x):\n    return 2 * x")
    handed_in.cells.insert(position + 1, twin)
    result = rebuilt(handed_in)
    at = grade_ids(result.notebook).index("01_f")
    assert sources(result.notebook)[at - 1 : at + 1] == [WRITTEN[0], twin.source]
    assert result.notebook.cells[at - 1].metadata == {}
    assert result.repairs == ("Answer 01_f stands 2 times; the last edited one counts.",)


def test_an_untouched_copy_of_an_answer_does_not_undo_the_written_one(
    handed_in, released, rebuilt, honest, cell_of
):
    handed_in.cells.append(copy.deepcopy(cell_of(released, "01_f")) | {"id": "twin"})
    assert rebuilt(handed_in).notebook == honest.notebook


def test_an_answer_split_in_two_still_runs_whole(handed_in, rebuilt, cell_of):
    position = handed_in.cells.index(cell_of(handed_in, "01_f"))
    second = copy.deepcopy(handed_in.cells[position])
    handed_in.cells[position].source = "def helper(x):\n    return x"
    second.update(id="second", source="def f(x):\n    return helper(x) ** 2")
    handed_in.cells.insert(position + 1, second)
    written = "\n".join(sources(rebuilt(handed_in).notebook))
    assert written.index("def helper") < written.index("return helper(x) ** 2") < written.index("expect(f(9)")


def test_an_answer_whose_name_was_changed_is_known_by_its_cell_id(handed_in, rebuilt, honest, cell_of):
    cell_of(handed_in, "01_f").metadata.nbgrader.grade_id = "01_h"
    result = rebuilt(handed_in)
    assert result.notebook == honest.notebook
    assert result.repairs == ("Cell 01_f had lost its name; the cell that was it is used.",)


def test_an_answer_written_in_a_cell_of_ones_own_is_known_by_what_it_defines(
    handed_in, rebuilt, honest, cell_of
):
    position = handed_in.cells.index(cell_of(handed_in, "01_f"))
    handed_in.cells[position] = new_code_cell(handed_in.cells[position].source)
    result = rebuilt(handed_in)
    assert result.notebook == honest.notebook
    assert result.missing == ()


def test_a_notebook_without_any_metadata_keeps_its_code_answers(handed_in, rebuilt, cell_of):
    for number, cell in enumerate(handed_in.cells):
        cell.metadata = {}
        cell.id = f"new-{number}"
    result = rebuilt(handed_in)
    assert [cell_of(result.notebook, name).source for name in ("01_f", "02_g")] == list(WRITTEN)


def test_an_answer_that_stands_in_another_cell_says_in_which(handed_in, rebuilt, cell_of):
    cell_of(handed_in, "01_f").source = "\n".join(WRITTEN)
    handed_in.cells.remove(cell_of(handed_in, "02_g"))
    assert cell_of(rebuilt(handed_in).notebook, "02_g").source == "# Answered in the cell of 01_f."


def test_a_part_of_an_answer_runs_before_the_cell_that_it_was_added_to(handed_in, rebuilt, cell_of):
    cell_of(handed_in, "02_g-values").source = "h = 2\ntest(g)"
    result = rebuilt(handed_in)
    at = grade_ids(result.notebook).index("02_g-values")
    assert sources(result.notebook)[at - 1 : at + 1] == ["h = 2\ntest(g)", "test(g)"]
    assert len(result.notebook.cells) == 10


def test_what_released_cells_showed_is_not_the_students(released, handed_in, submit, cell_of):
    for cell in (cell_of(released, "01_f"), cell_of(released, "01_f-values")):
        cell.outputs, cell.execution_count = [nbformat.v4.new_output("stream", text="3.0")], 7
    notebook = rebuild(released, submit(handed_in)).notebook
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert {(str(cell.outputs), cell.execution_count) for cell in code} == {("[]", None)}


def test_ones_own_cells_are_numbered_as_they_stand_and_blank_ones_are_left_out(handed_in, rebuilt, cell_of):
    g = handed_in.cells.index(cell_of(handed_in, "02_g"))
    handed_in.cells[g + 1 : g + 1] = [new_code_cell("b = 2"), new_code_cell(" \n"), new_code_cell("c = 3")]
    handed_in.cells.insert(0, new_code_cell("a = 1"))
    own = [cell for cell in rebuilt(handed_in).notebook.cells if cell.id.startswith("student-")]
    assert [(cell.id, cell.source) for cell in own] == [
        ("student-1", "a = 1"),
        ("student-2", "b = 2"),
        ("student-3", "c = 3"),
    ]


def test_ones_own_cells_stay_where_they_were_without_metadata_and_outputs(handed_in, rebuilt, cell_of):
    own = new_code_cell(
        "helper = 3",
        id="g-values-2",
        metadata={"tags": ["skip-execution"], "nbgrader": {"grade": True, "points": 50, "grade_id": "mine"}},
        outputs=[nbformat.v4.new_output("execute_result", {"text/plain": "50.0"})],
    )
    handed_in.cells.insert(handed_in.cells.index(cell_of(handed_in, "02_g")), own)
    handed_in.cells.insert(0, new_markdown_cell("my notes"))
    result = rebuilt(handed_in)
    assert sources(result.notebook)[0] == "my notes"
    kept = result.notebook.cells[grade_ids(result.notebook).index("02_g") - 1]
    assert (kept.source, kept.id) == ("helper = 3", "student-2")
    assert (kept.metadata, kept.outputs) == ({}, [])
    assert result.repairs == ("Cell mine is not of this notebook; it runs as a plain cell.",)


def test_an_edited_plain_cell_is_the_students(handed_in, rebuilt):
    cell = next(cell for cell in handed_in.cells if cell.id == "example")
    cell.source = "[k for k in range(99)]"
    result = rebuilt(handed_in)
    assert sources(result.notebook).count(cell.source) == 1
    assert "[k for k in range(3)]" not in sources(result.notebook)


def test_a_plain_cell_switched_off_as_markdown_stays_off_the_code(handed_in, rebuilt):
    index = next(i for i, cell in enumerate(handed_in.cells) if cell.id == "example")
    handed_in.cells[index] = new_markdown_cell("not code", id="example")
    cell = next(c for c in rebuilt(handed_in).notebook.cells if c.source == "not code")
    assert cell.cell_type == "markdown"


def test_the_ids_of_ones_own_cells_never_collide_with_released_ones(released, handed_in, submit):
    released.cells[0].id = handed_in.cells[0].id = "student-1"
    released.cells[2].id = "student-2"  # and is not in what was handed in
    handed_in.cells.append(new_code_cell("a = 1"))
    ids = [cell.id for cell in rebuild(released, submit(handed_in)).notebook.cells]
    assert len(set(ids)) == len(ids)


def test_many_repairs_of_one_kind_are_told_in_one_sentence(handed_in, rebuilt, cell_of):
    handed_in.cells += [new_code_cell(cell_of(handed_in, "01_f-values").source) for _ in range(100)]
    assert rebuilt(handed_in).repairs == (
        "100 cells repeat released cells; they were left out: 10, 11, 12 and 97 more.",
    )
    del handed_in.cells[9:]
    for name in ("01_f-values", "02_g-values"):
        cell_of(handed_in, name).source = "3.0"
    assert rebuilt(handed_in).repairs == (
        "2 cells were not as released; the released ones were used: 01_f-values and 02_g-values.",
    )


def test_rebuilding_twice_changes_nothing(handed_in, rebuilt, honest):
    assert rebuilt(handed_in) == honest
