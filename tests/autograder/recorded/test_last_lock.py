import pytest
import roles
from nbformat.v4 import new_output

from autograder.recorded.last_lock import close_cell


def graded(*outputs):
    return roles.graded("checks.score()", "a", 3, outputs=outputs)


def result(text):
    return new_output("execute_result", {"text/plain": text})


TABLE = new_output("stream", text="table", name="stdout")
ERROR = new_output("error", ename="E", evalue="v", traceback=[])


@pytest.mark.parametrize("text", ["0.0", "3.0", "1.5", "2e-05", "3"])
def test_a_table_and_a_score_within_the_points_stay(text):
    cell = graded(TABLE, result(text))
    before = list(cell.outputs)
    assert close_cell(cell) == ""
    assert cell.outputs == before


def test_an_error_stays():
    assert close_cell(graded(TABLE, ERROR)) == ""


@pytest.mark.parametrize(
    ("outputs", "odd"),
    [
        ([], "the cell has no output"),
        ([TABLE], "the last output is no score"),
        ([new_output("stream", text="w", name="stderr"), result("3.0")], "something else was output"),
        ([result("3.0"), result("3.0")], "something else was output"),
        ([new_output("display_data", {"text/plain": "3.0"})], "the last output is no score"),
        *[
            ([result(text)], "the score is not a number from 0 to 3")
            for text in (
                "3.1",
                "-1.0",
                "nan",
                "inf",
                "True",
                "np.float64(3.0)",
                "'3'",
                "1_0",
                "٣",
                "",
                "0x3",
                "e",
                "3 ",
            )
        ],
        ([new_output("execute_result", {"text/html": "3.0"})], "the score is not a number"),
    ],
)
def test_anything_else_becomes_an_error_and_is_named(outputs, odd):
    cell = graded(*outputs)
    assert odd in close_cell(cell)
    assert [output.output_type for output in cell.outputs] == ["error"]
    assert odd in cell.outputs[0].evalue
