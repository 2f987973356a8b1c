"""What a text becomes, letter for letter, and from where on it is shown in a fence."""

import pytest

from autograder.submission.words import fenced, harmless_markdown, plain_name


def is_shown_in_a_fence(text):
    return harmless_markdown(text) == fenced(text)


@pytest.mark.parametrize(
    ("at_most", "more"),
    [
        ("w" * 20_000, "w"),
        ("a" + " " * 499, " "),
        ("$" * 1000, "$"),
        ("[" * 100 + "w" * 19_900, None),
        ("[" * 101 + "w" * 19_700, "w"),
        ("[" * 101 + "w" * 9_890 + "\n" + "[" * 101 + "w" * 9_890, None),
    ],
)
def test_a_text_is_rendered_up_to_a_length_and_a_work(at_most, more):
    assert harmless_markdown(at_most) == at_most
    if more:
        assert is_shown_in_a_fence(at_most + more)


def test_a_line_of_a_fence_has_a_thousand_characters_and_the_whole_a_hundred_thousand():
    assert fenced("x" * 999 + "\ny") == "~~~\n" + "x" * 999 + "\ny\n~~~"
    assert fenced("x" * 1001) == "~~~\n" + "x" * 1000 + "\nx\n~~~"
    assert fenced("x" * 2001) == "~~~\n" + "x" * 1000 + "\n" + "x" * 1000 + "\nx\n~~~"
    assert fenced("abc\n" * 25_000) == "~~~\n" + "abc\n" * 25_000 + "\n~~~"
    assert fenced("abc\n" * 25_000 + "x").endswith("\n\n... (1 more characters)\n~~~")
    assert fenced("abc\n" * 25_000 + "xy") == "~~~\n" + "abc\n" * 25_000 + "\n... (2 more characters)\n~~~"


@pytest.mark.parametrize(
    ("text", "fence"), [("a", "~~~"), ("~", "~~~"), ("~~", "~~~"), ("a ~~~ ~", "~~~~"), ("~~~~", "~~~~~")]
)
def test_a_fence_is_longer_than_any_in_the_text(text, fence):
    assert fenced(text) == f"{fence}\n{text}\n{fence}"


@pytest.mark.parametrize(
    "text", ["~~~\n<b>\n~~~", "~~~~\n<b>\n~~~\n~~~~", "~~~\n" + "<b>\n" * 49_998 + "~~~"]
)
def test_what_is_one_fence_stays_as_it_is(text):
    assert harmless_markdown(text) == fenced(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "~~\n<b>\n~~",
        "```\n<b>\n```",
        "~~~\n<b>",
        "~~~\n<b>~~~",
        "~~~\n~~~\n<b>\n~~~",
        "~~~ \n<b>\n~~~ ",
        "~~~\n<b>" + "x" * 1000 + "\n~~~",
        "~~~\n<b>\n" + "x" * 1000 + "\n~~~",
        "~~~\n" + "<b>\n" * 49_998 + "x~~~",
        "~~~\n" + "<b>\n" * 49_997 + "x<b>\n" + "~~~",
    ],
)
def test_what_is_no_fence_or_more_than_one_is_looked_into(text):
    assert "<b>" not in harmless_markdown(text)
    assert "< b>" in harmless_markdown(text)


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("a\r\nb\rc\n", "a\nb\nc\n"),
        ("<b> </b> <!-- <?a a<b a<3 a < b", "< b> < /b> < !-- < ?a a< b a<3 a < b"),
        ("&#106;a &colon; &Tab; &bsol; &amp; &lt;", "& #106;a & colon; & Tab; & bsol; &amp; &lt;"),
        ("[x](javascript:a)", "[x](javascript :a)"),
        ("[x](JAVA\tscript\\:a)", "[x](JAVA\tscript \\:a)"),
        ("[x](v\x01bscript :a)", "[x](v\x01bscript  :a)"),
        ("javascript is a language", "javascript is a language"),
        ("![a](attachment:b.png)", "![a] (attachment :b.png)"),
        ("[a]: attachment:b.png", "[a] : attachment :b.png"),
        ("![a](attachment:b](c))", "![a] (attachment :b](c))"),
        ("[a]: <attachment:b]:c>", "[a] : < attachment :b]:c>"),
        ("![a](attachment:attachment:b)", "![a] (attachment :attachment :b)"),
        ("an attachment: b", "an attachment : b"),
        ("an attachment\\:b", "an attachment \\:b"),
        ("```perl\nx\n```", "``` .perl\nx\n```"),
        ("```python\nx\n```", "```python\nx\n```"),
    ],
)
def test_a_space_parts_what_a_page_would_take_for_more_than_text(written, made):
    assert harmless_markdown(written) == made


def test_a_picture_is_looked_for_as_it_is_written_before_what_that_may_stand_for():
    both = [plain_name("a b.png"), plain_name("a%20b.png")]
    assert harmless_markdown("![](attachment:a%20b.png)", both) == f"![](attachment:{both[1]})"
    assert harmless_markdown("![](attachment:a%20b.png)", both[:1]) == f"![](attachment:{both[0]})"
    reference = harmless_markdown("[a]: <attachment:a b.png>", both)
    assert reference == f"[a]: attachment:{both[0]}"
