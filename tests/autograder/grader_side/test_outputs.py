"""The student's cells get the outputs that a notebook would show, of valid form and bounded size."""

import base64
import textwrap

import nbformat
import pytest

from autograder.grader_side.outputs import CellOutputs

PNG = b"\x89PNG\r\n\x1a\n"
sandboxed = pytest.mark.sandbox


@pytest.fixture
def show(grade):
    """The outputs of a student's cell."""

    def show(source, **options):
        result = grade(textwrap.dedent(source), **options)
        nbformat.validate(result.notebook)
        return result.notebook.cells[1].outputs

    return show


@sandboxed
def test_streams_come_in_their_order(show):
    outputs = show("import sys\nprint('a')\nprint('b', file=sys.stderr)\nsys.stdout.write('c')")
    assert [(output.name, output.text) for output in outputs[:3]] == [
        ("stdout", "a\n"),
        ("stderr", "b\n"),
        ("stdout", "c"),
    ]
    assert outputs[3].data == {"text/plain": "1"}


@sandboxed
def test_the_last_expression_is_a_result_with_its_number_and_all_its_forms(show):
    (output,) = show(
        """
        class Shown:
            _repr_html_ = lambda self: "<b>1</b>"
            __repr__ = lambda self: "one"
        Shown()
        """
    )
    assert (output.output_type, output.execution_count) == ("execute_result", 2)
    assert output.data == {"text/plain": "one", "text/html": "<b>1</b>"}
    assert show("1 + 1;") == []


@sandboxed
def test_figures_are_drawn_inline_as_they_are_made(show):
    outputs = show(
        """
        %matplotlib inline
        import matplotlib.pyplot as plt
        plt.plot([1, 2])
        plt.show()
        print("after")
        plt.plot([2, 1]);
        """
    )
    assert [output.output_type for output in outputs] == ["display_data", "stream", "display_data"]
    assert base64.b64decode(outputs[0].data["image/png"]).startswith(PNG)


@sandboxed
def test_what_a_fork_forgets_of_the_server_closes_no_file_of_its_own(show):
    """matplotlib keeps the fonts of fifty formulas: one more, and those of the server's are closed."""
    (output,) = show(
        """
        %matplotlib inline
        import matplotlib.pyplot as plt
        for number in range(60):
            plt.text(0, 0, f"${number}$ {number}")
        plt.title("ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz");
        """
    )
    assert output.output_type == "display_data"


@sandboxed
def test_display_and_clear_output_work(show):
    outputs = show(
        """
        from IPython.display import display, clear_output, Markdown
        print(1)
        clear_output()
        display(Markdown("**x**"))
        """
    )
    assert [output.data["text/markdown"] for output in outputs] == ["**x**"]


@sandboxed
def test_errors_show_their_traceback(show):
    (output,) = show("def f():\n    return 1 / 0\nf()")
    assert (output.ename, output.evalue) == ("ZeroDivisionError", "division by zero")
    assert "return" in "\n".join(output.traceback)


@sandboxed
@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("def f(:", "SyntaxError"),
        ("raise KeyError('a')", "KeyError"),
        ("assert False, 'no'", "AssertionError"),
    ],
)
def test_every_kind_of_error_is_shown(show, source, name):
    assert show(source)[-1].ename == name


@sandboxed
@pytest.mark.parametrize(
    "source",
    ["await __import__('asyncio').sleep(0)\nprint(1)", "%time print(1)", "!echo 1", "%%capture x\n1\n"],
)
def test_what_notebooks_can_do_beyond_python_works(show, source):
    assert not [output for output in show(source) if output.output_type == "error"]


@sandboxed
def test_output_without_end_is_cut_and_says_so(show):
    (output,) = show("for _ in range(3_000_000):\n    print('0123456789' * 10)")[:1]
    assert len(output.text) < 210_000
    assert output.text.endswith("... the output ends here, after 200000 characters\n")


@sandboxed
def test_figures_without_end_are_cut(show):
    outputs = show(
        """
        from IPython.display import display, Image
        for _ in range(40):
            display(Image(data=b"\\x89PNG\\r\\n\\x1a\\n" + bytes(10**6), format="png"))
        """
    )
    assert sum(len(str(output)) for output in outputs) < 9_000_000
    assert outputs[-1].data == {"text/plain": "(dropped: this notebook shows more than it may)"}


@sandboxed
def test_what_was_shown_before_a_crash_stays(show):
    outputs = show("print('seen')\nimport time, os\ntime.sleep(0.3)\nprint('too')\nos._exit(1)")
    assert outputs[0].text.startswith("seen\ntoo")
    assert outputs[1].ename == "Stopped"


@sandboxed
def test_the_notebook_passed_in_is_left_alone(grader, grade):
    cells = grade("x = 1").notebook.cells
    assert [cell.execution_count for cell in cells] == [1, 2]
    from nbformat.v4 import new_code_cell, new_notebook

    notebook = new_notebook(cells=[new_code_cell("print(1)")])
    grader.grade(notebook, seed=0)
    assert notebook.cells[0].outputs == []
    assert notebook.cells[0].execution_count is None


@pytest.mark.parametrize(
    "event",
    [
        ["stream", "stdin", "x"],
        ["stream", "stdout", 5],
        ["stream", "stdout"],
        ["rich", "display_data", ["text/plain"], "{}"],
        ["rich", "display_data", ["text/plain", 3], "{}"],
        ["rich", "update", ["text/plain", "x"], "{}"],
        ["error", "E", "v", ["line"] * 1000],
        ["error", "E", "v", [3]],
        ["error", 3, "v", []],
        ["made up", 1],
    ],
)
def test_messages_that_are_no_output_are_left_out(event):
    shown = CellOutputs(1, output_kb=1, rich_kb=1)
    shown.add(event)
    assert shown.outputs == []


@pytest.mark.parametrize(
    "sizes", ["", "[", "[1]", '{"image/png": 3}', '{"image/png": {"width": true}}', "[" * 9999]
)
def test_metadata_that_is_none_is_left_out(sizes):
    shown = CellOutputs(1, output_kb=1, rich_kb=1)
    shown.add(["rich", "display_data", ["text/plain", "x"], sizes])
    assert shown.outputs[0].metadata == {}


def test_more_than_a_cell_may_show_is_not_kept():
    shown = CellOutputs(1, output_kb=1, rich_kb=1)
    for _ in range(1000):
        shown.add(["stream", "stdout", "x" * 100])
        shown.add(["rich", "display_data", ["text/plain", "x" * 100], "{}"])
        shown.add(["error", "E", "v" * 100, ["x" * 100]])
    assert sum(len(str(output)) for output in shown.outputs) < 200_000
    assert len(shown.outputs) <= 500
