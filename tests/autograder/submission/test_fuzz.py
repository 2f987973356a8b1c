"""Whatever is handed in: reading and rebuilding end with a value, and graded cells are the released ones."""

import copy
import json

import nbformat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.submission import harmless_markdown, harmless_outputs, read_submission, rebuild
from autograder.submission.parse import BadNotebookError, parse_notebook

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

NAMES = ["01_f", "01_f-values", "02_g", "02_g-values", "03_w", "imports", "other", ""]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
sources = st.sampled_from(
    [
        "",
        "def f(x):\n    return x",
        "def g(x): pass",
        "test(g)",
        "x = 1",
        "<script>",
        "\ud800",
        "checks.score()",
    ]
)


def mostly(likely):
    return st.one_of(likely, likely, likely, anything)


nbgrader_metadata = st.fixed_dictionaries(
    {"grade_id": mostly(st.sampled_from(NAMES))},
    optional=dict.fromkeys(("points", "grade", "solution", "locked", "schema_version", "task"), anything),
)
cells = st.fixed_dictionaries(
    {
        "cell_type": mostly(st.sampled_from(["code", "markdown", "raw"])),
        "source": mostly(sources | st.lists(sources, max_size=3)),
    },
    optional={
        "id": mostly(st.sampled_from(["f", "g", "f-values", "title", "example", "x"])),
        "metadata": mostly(
            st.fixed_dictionaries({}, optional={"nbgrader": nbgrader_metadata, "tags": anything})
        ),
        "outputs": anything,
        "attachments": anything,
    },
)
notebooks = st.fixed_dictionaries(
    {"nbformat": mostly(st.integers(0, 5)), "cells": mostly(st.lists(mostly(cells), max_size=12))},
    optional={"metadata": anything, "worksheets": anything, "nbformat_minor": anything},
)


outputs = st.fixed_dictionaries(
    {"output_type": mostly(st.sampled_from(["stream", "error", "display_data", "execute_result"]))},
    optional={
        "data": mostly(st.dictionaries(st.sampled_from(["text/html", "image/png", "text/plain"]), anything)),
        "metadata": mostly(st.dictionaries(st.sampled_from(["image/png"]), anything)),
        **dict.fromkeys(("text", "name", "ename", "evalue", "traceback", "execution_count"), anything),
    },
)


def parsed_or_reason(data):
    try:
        return parse_notebook(data)
    except BadNotebookError as error:
        return str(error)


def graded(notebook):
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]


@QUICK
@given(data=st.binary(max_size=300) | anything.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_notebook_or_refused_with_a_reason(data):
    parsed = parsed_or_reason(data)
    assert parsed
    if not isinstance(parsed, str):
        nbformat.validate(parsed.notebook)


@QUICK
@given(document=notebooks)
def test_any_document_is_a_valid_notebook_or_refused_and_can_be_written(document):
    parsed = parsed_or_reason(json.dumps(document).encode())
    assert parsed
    if not isinstance(parsed, str):
        nbformat.validate(parsed.notebook)
        nbformat.writes(parsed.notebook).encode()


@QUICK  # of one and the same draw, which takes twenty times as long as all that is asked of it
@given(found=st.lists(cells, max_size=12))
def test_whatever_is_submitted_graded_cells_are_the_released_ones_and_every_line_is_kept(released, found):
    notebook = parse_notebook(json.dumps({"nbformat": 4, "cells": found}).encode()).notebook
    submitted = copy.deepcopy(notebook.cells)
    rebuilt = rebuild(released, notebook).notebook
    nbformat.validate(rebuilt)
    assert_released_cells_are_fixed(released, rebuilt)
    assert_every_line_is_kept(submitted, rebuilt)
    again = rebuild(released, parse_notebook(nbformat.writes(copy.deepcopy(rebuilt)).encode()).notebook)
    assert [cell.source for cell in again.notebook.cells] == [cell.source for cell in rebuilt.cells]


def assert_released_cells_are_fixed(released, rebuilt):
    fixed = [cell for cell in released.cells if cell.metadata.get("nbgrader", {}).get("locked")]
    kept = [cell for cell in rebuilt.cells if cell.metadata.get("nbgrader", {}).get("locked")]
    assert kept == fixed
    assert [c.metadata for c in graded(rebuilt)] == [c.metadata for c in graded(released)]
    others = [cell for cell in rebuilt.cells if cell.id.startswith("student-")]
    assert all(cell.metadata == {} for cell in others)


def assert_every_line_is_kept(submitted, rebuilt):
    """Of answers and of cells of their own."""
    everything = "\n".join(cell.source for cell in rebuilt.cells)
    fixed = ("01_f-values", "02_g-values", "imports")
    for cell in submitted:
        named_fixed = cell.metadata.nbgrader.get("grade_id") in fixed or cell.id in ("f-values", "title")
        if cell.cell_type == "code" and not named_fixed:
            assert cell.source.strip() in everything


@QUICK
@given(name=st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=60))
def test_any_file_name_is_read_or_named_in_a_sentence(tmp_path_factory, name):
    folder = tmp_path_factory.mktemp("submission")
    if name in (".", "..") or len(name.encode()) > 250:
        return
    (folder / name).write_text("{}")
    reading = read_submission(folder, "alice", ["flat"])["flat"]
    assert reading.notebook is None
    assert len(reading.sentences) == 1
    assert reading.sentences[0].isprintable()


@QUICK
@given(text=st.text(st.sampled_from("<>javscript:&#;\\ \t\n()[]`$!/=\"'dt")))
def test_harmless_markdown_opens_no_tag_and_stays_as_it_is_the_second_time(text):
    made = harmless_markdown(text)
    assert not any(made[i] == "<" and made[i + 1] in "/!?abcdefgst" for i in range(len(made) - 1))
    assert "javascript:" not in made
    assert harmless_markdown(made) == made


@QUICK
@given(found=st.lists(outputs, max_size=4))
def test_any_outputs_become_valid_ones(found):
    cell = nbformat.v4.new_code_cell("x", outputs=harmless_outputs(nbformat.from_dict(found)))
    assert len(cell.outputs) <= len(found)
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
