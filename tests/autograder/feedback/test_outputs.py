"""What a page shows of what a cell showed: text without paths and colours, and pictures with words."""

import pytest
from nbformat.v4 import new_code_cell, new_output

from autograder.feedback.outputs import MAX_TEXT, Shown, failed, shown

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
DREW = "A figure that your cell drew."


def one(kind, data=None, **more):
    """How one output is shown."""
    given = {} if data is None else {"data": data}
    (found,) = shown([new_output(kind, **given, **more)])
    return found


def raised(name, *frames):
    return new_output("error", ename=name, evalue="no", traceback=list(frames))


def test_printed_text_loses_colours_and_paths_and_what_is_too_long():
    said = "\x1b[31mred\x1b[0m /srv/course/x.py\n\n"
    assert one("stream", text=said) == Shown("text", "red …/x.py")
    assert one("execute_result", {"text/plain": said}) == Shown("text", "red …/x.py")
    assert one("stream", text="a" * MAX_TEXT).text == "a" * MAX_TEXT
    assert one("stream", text="a" * (MAX_TEXT + 1)).text == "a" * MAX_TEXT + "\n... (more was printed)"


def test_of_an_error_the_frames_of_the_students_cells_are_shown():
    frames = ["---------", "\x1b[31mFile /srv/x.py:9, in inner()", "Cell [1], line 2\n", "KeyError: no"]
    (found,) = shown([raised("KeyError", *frames)])
    assert found == Shown("error", "Cell [1], line 2\n\nKeyError: no")
    (found,) = shown([raised("KeyError", *frames[:2])])
    assert found == Shown("error", "KeyError: no")


def test_a_cell_failed_if_it_raised_anything_but_what_a_stub_raises():
    stub, error, text = raised("NotImplementedError"), raised("KeyError"), new_output("stream", text="x")
    cells = [new_code_cell(outputs=outputs) for outputs in ([text, error], [stub, error], [stub], [text], [])]
    assert [failed(cell) for cell in cells] == [True, True, False, False, False]
    assert not failed({})


def test_of_the_forms_of_one_output_the_richest_is_shown():
    forms = {
        "text/html": '<b title="/srv/a/b.py">/srv/a/b.py</b>',
        "image/png": PNG,
        "image/svg+xml": "<svg/>",
        "text/markdown": "*mark*",
        "text/latex": "$x$",
        "text/plain": "plain",
    }
    found = one("display_data", forms)
    assert found == Shown("html", html='<b title="/srv/a/b.py">…/b.py</b>')
    says = []
    while forms:
        forms.pop(next(iter(forms)))
        says.append(str(one("display_data", forms).html or one("display_data", forms).text))
    assert says[0] == f'<img src="data:image/png;base64,{PNG}" alt="plain">'
    assert says[1] == says[2]  # without the drawing, which is not shown
    assert "<em>mark</em>" in says[2]
    assert "<math" in says[3]
    assert says[4:] == ["plain", ""]


@pytest.mark.parametrize(
    ("plain", "alternative"),
    [
        (" Loss & steps.\n", "Loss &amp; steps."),
        ("<Figure size 640x480>", DREW),
        (" ", DREW),
        ("b" * 301, "b" * 300),
    ],
)
def test_a_picture_has_the_text_beside_it_for_an_alternative_unless_that_says_nothing(plain, alternative):
    data = {"image/png": f"{PNG[:20]}\n{PNG[20:]}", "text/plain": plain}
    assert (
        str(one("display_data", data).html) == f'<img src="data:image/png;base64,{PNG}" alt="{alternative}">'
    )
    assert f'alt="{DREW}"' in one("display_data", {"image/png": PNG}).html
