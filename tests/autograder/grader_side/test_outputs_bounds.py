"""The bounds of outputs, to the character, and what calls print and warn."""

import io
import json
import sys
import warnings

import pytest

from autograder.grader_side import outputs
from autograder.grader_side.outputs import Budget, CallOutputs, CellOutputs, Printed


def shown(*events, output_kb=1, rich_kb=1, budget=None):
    cell = CellOutputs(7, output_kb, rich_kb, budget)
    for event in events:
        cell.add(event)
    return cell.outputs


def stream(text, name="stdout"):
    return ["stream", name, text]


def error(name="E", value="v", lines=("l",)):
    return ["error", name, value, list(lines)]


def rich(*parts, kind="display_data", sizes="{}"):
    return ["rich", kind, list(parts), sizes]


def test_a_budget_gives_what_is_left_and_says_if_more_was_wanted():
    budget = Budget(10)
    assert (budget.take(6), budget.exceeded) == (6, False)
    assert (budget.take(4), budget.exceeded) == (4, False)
    assert (budget.take(1), budget.exceeded) == (0, True)
    assert (budget.take(0), budget.exceeded) == (0, True)


def test_text_of_a_stream_is_joined_and_of_another_stands_below():
    made = shown(stream("a"), stream("b"), stream("", "stderr"), stream("c", "stderr"), stream("d"))
    assert [(out.name, out.text) for out in made] == [("stdout", "ab"), ("stderr", "c"), ("stdout", "d")]
    assert shown(stream("")) == []
    assert shown(stream("a"), ["clear"]) == []
    between = shown(stream("a"), rich("text/plain", "x"), stream("b"))
    assert [out.output_type for out in between] == ["stream", "display_data", "stream"]


@pytest.mark.parametrize(
    "event", [["stream", "stdin", "x"], ["stream", "stdout", 3], ["other"], [], ["clear", 1]]
)
def test_what_is_no_output_is_left_out(event):
    assert shown(event) == []
    assert len(shown(stream("a"), event)) == 1


def test_text_is_cut_at_the_limit_and_a_sentence_more():
    (out,) = shown(stream("x" * 1500), stream("y" * 1500), output_kb=1)
    assert out.text == "x" * 1500 + "y" * 500


def test_all_cells_share_a_budget_and_each_output_takes_of_it_too():
    budget = Budget(1000)
    assert len(shown(stream("x" * 600), budget=budget)) == 1
    assert budget.take(1000) == 1000 - 600 - outputs.OUTPUT_ITSELF
    assert outputs.OUTPUT_ITSELF == 300
    tight = Budget(10)
    assert shown(stream("x" * 5), budget=tight) == []
    assert tight.exceeded


def test_without_a_budget_a_cell_has_its_own():
    assert len(shown(rich("text/plain", "x" * 990), output_kb=1, rich_kb=1)) == 1
    many = shown(*[error(lines=["l"] * 1)] * 20, output_kb=1, rich_kb=1)
    assert len(many) == 9, "3000 characters, of which each takes 302"


def test_a_cell_has_no_more_outputs_than_the_bound():
    made = shown(*[rich("a", "b")] * 600, output_kb=1000, rich_kb=1000)
    assert len(made) == outputs.MAX_OUTPUTS == 500


def test_an_error_has_a_name_a_value_and_lines():
    (out,) = shown(error("N" * 300, "value", ["one", "two"]))
    assert (out.ename, out.evalue, out.traceback) == ("N" * 200, "value", ["one", "two"])
    assert len(shown(error(lines=["l"] * 120))) == 1
    for wrong in (
        error(lines=["l"] * 121),
        error(lines=["l", 3]),
        ["error", "E", 3, []],
        ["error", "E", "v", ()],
    ):
        assert shown(wrong) == []
    (cut,) = shown(error(value="v" * 3000, lines=["l" * 1500]))
    assert (len(cut.traceback[0]), len(cut.evalue)) == (1500, 500)


def test_rich_parts_come_in_pairs_and_have_a_limit():
    (out,) = shown(rich("text/plain", "x", "text/html", "<b>"))
    assert dict(out.data) == {"text/plain": "x", "text/html": "<b>"}
    assert "execution_count" not in out
    (result,) = shown(rich("text/plain", "x", kind="execute_result"))
    assert result.execution_count == 7
    assert (
        shown(rich("text/plain")) == shown(rich("text/plain", 3)) == shown(rich("a", "b", kind="other")) == []
    )
    assert len(shown(rich("a", "b" * 999), rich("a", ""), rich())) == 2, "nothing more fits but nothing"


def test_a_picture_that_the_budget_has_no_room_for_is_left_out_whole():
    budget = Budget(1000)
    assert shown(rich("a", "b" * 1001), rich_kb=9, budget=budget) == []
    assert budget.exceeded
    assert len(shown(rich("a", "b" * 699), rich_kb=9, budget=Budget(1000))) == 1


@pytest.mark.parametrize(
    ("sizes", "kept"),
    [
        ({"image/png": {"width": 3, "height": 4, "other": 5}}, {"image/png": {"width": 3, "height": 4}}),
        ({"image/png": {"width": 3.5, "height": True}}, {}),
        ({"image/png": 3, "image/svg": {"height": 4}}, {"image/svg": {"height": 4}}),
        ([1], {}),
    ],
)
def test_only_the_width_and_height_of_pictures_are_kept(sizes, kept):
    (out,) = shown(rich("image/png", "x", sizes=json.dumps(sizes)))
    assert out.metadata == kept


@pytest.mark.parametrize("sizes", ["{", "[" * 9000, json.dumps({"a": {"width": 1}, "b": "x" * 10_000})])
def test_sizes_that_are_none_are_left_out(sizes):
    (out,) = shown(rich("image/png", "x", sizes=sizes))
    assert out.metadata == {}


def test_a_cell_that_was_stopped_says_so_whatever_it_showed():
    cell = CellOutputs(1, 1, 1, Budget(0))
    cell.stopped("too long")
    (out,) = cell.outputs
    assert (out.ename, out.evalue, out.traceback) == ("Stopped", "too long", ["Stopped: too long"])


def test_what_a_call_prints_goes_to_the_stream_that_the_check_put_there(monkeypatch):
    heard = CallOutputs(1)
    for name in ("stdout", "stderr"):
        read = io.StringIO()
        heard.add(stream("lost", name))
        with monkeypatch.context() as patch:
            patch.setattr(sys, name, read)
            heard.add(stream("kept", name))
        assert read.getvalue() == "kept"


def test_what_a_call_prints_is_bounded(monkeypatch):
    heard, read = CallOutputs(1), io.StringIO()
    monkeypatch.setattr(sys, "stdout", read)
    for _ in range(3):
        heard.add(stream("x" * 400))
    assert read.getvalue() == "x" * 1000


def warned(*events, heard=None, action="always"):
    heard = heard or CallOutputs(1)
    for event in events:
        heard.add(event)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter(action)
        heard.warn()
        heard.warn()
    return [(str(item.message), item.category, item.lineno, item.filename) for item in caught]


def test_a_warning_is_given_once_with_its_kind_and_line():
    assert warned(["warning", "RuntimeWarning", "careful", 3]) == [
        ("careful", RuntimeWarning, 3, "<the student's code>")
    ]
    assert warned(["warning", "OwnWarning", "x" * 3000, 3])[0][:2] == ("x" * 2000, UserWarning)
    assert warned(["warning", "ValueError", "x", 3])[0][1] is UserWarning
    assert len(warned(*[["warning", "UserWarning", str(k), 1] for k in range(50)])) == 40
    assert warned(["warning", "UserWarning", "x", "3"], ["warning", 3, "x", 3]) == []


def test_a_line_warns_once_by_the_usual_filter():
    heard = CallOutputs(1)
    again = ["warning", "UserWarning", "x", 3]
    assert len(warned(again, again, heard=heard, action="default")) == 1


def test_a_graded_cell_shows_so_much_of_what_it_prints_and_says_that_there_was_more():
    printed = Printed(1)
    assert printed.write("x" * 999) == 999
    assert printed.write("y") == 1
    assert printed.shown == "x" * 999 + "y"
    assert printed.write("z" * 5) == 5
    assert printed.write("") == 0
    assert printed.shown == "x" * 999 + "y\n... (this cell printed more than is shown)\n"
