"""A cell's source and outputs by the functions of a rendering; the plain one escapes, and ends somewhere."""

from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from autograder.feedback.outputs import MAX_TEXT, shown
from autograder.feedback.rendering import MAX_FOLDED, MAX_WORDS, PLAIN, RICH, Rendering


def test_code_and_words_go_to_their_own_function_and_words_with_what_is_attached():
    told = Rendering(lambda *given: ("words", *given), lambda text: ("code", text), lambda outputs: outputs)
    pictures = {"a.png": {}}
    words = new_markdown_cell("w", attachments=pictures)
    assert told.body(words) == ("words", "w", pictures)
    assert told.body(new_markdown_cell("w")) == ("words", "w", None)
    assert told.body(new_code_cell("c")) == ("code", "c")
    assert told.outputs(words) == ()
    assert told.outputs({"outputs": [1, 2]}) == (1, 2)


def test_plain_text_is_escaped_and_says_how_much_more_there_was():
    assert PLAIN.body(new_code_cell("<b>")) == PLAIN.body(new_markdown_cell("<b>")) == "<pre>&lt;b&gt;</pre>"
    assert PLAIN.code("a" * MAX_WORDS) == f"<pre>{'a' * MAX_WORDS}</pre>"
    more = PLAIN.code("a" * MAX_WORDS + "b" * 1234)
    assert more == f"<pre>{'a' * MAX_WORDS}\n... (1,234 more characters)</pre>"


def test_plain_outputs_are_twenty_at_most_and_of_each_so_much_text():
    outputs = [
        new_output("stream", text="printed"),
        new_output("error", ename="KeyError", evalue="wrong", traceback=[]),
        new_output("display_data", {"text/plain": "b" * (MAX_TEXT + 1)}),
        new_output("display_data", {"text/html": "<b>"}),
    ]
    found = PLAIN.outputs(new_code_cell(outputs=outputs))
    assert {each.kind for each in found} == {"text"}
    assert [each.text for each in found] == ["printed", "wrong", "b" * MAX_TEXT, ""]
    assert len(PLAIN.outputs(new_code_cell(outputs=outputs[:1] * 21))) == 20


def test_the_rich_rendering_reads_markdown_and_colours_code():
    assert "<em>" in RICH.body(new_markdown_cell("*a*"))
    assert "<span" in RICH.body(new_code_cell("import os"))
    assert RICH.shown is shown


def test_what_a_text_folds_is_folded_and_ends_where_it_should():
    told = Rendering(lambda text: f"[{text.strip()}]", None, None)
    hint = "<details><summary>A & b</summary>\n\n{}\n\n</details>\n"
    folded = "<details><summary>A &amp; b</summary>[{}]</details>"
    assert list(told.text("words")) == ["[words]"]
    assert list(told.text(f"one\n{hint.format(2)}{hint.format(3)}four")) == [
        "[one]",
        folded.format(2),
        folded.format(3),
        "[four]",
    ]
    unclosed = "<details><summary>A</summary> b"
    assert list(told.text(unclosed + hint.format("c"))) == [f"[{unclosed}]", folded.format("c")]
    assert len(list(told.text(hint.format("c") * (MAX_FOLDED + 2)))) == MAX_FOLDED + 1


def test_hints_keep_their_formulas_and_nothing_else_is_made_html():
    (hint,) = RICH.text("<details><summary>Hint 1</summary>\n\n$x^2$ <b>bold</b>\n\n</details>")
    assert hint.startswith("<details><summary>Hint 1</summary>")
    assert "<math" in hint
    assert "<b>" not in hint
