import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.submission.files import log_name
from autograder.submission.student_names import _suggestion, objection

TAKEN = [
    "ada",
    "o'brien",
    "josé",
    "李",
    "anna-lena.m",
    "x+y",
    "Ada Lovelace",
    "ada@uni.example",
    "a_b",
    "(1)",
]
TAKEN += ["[abc]", "a*b", "~", "-rf", "$(id)", "علی\u200cرضا", "क्\u200dष", "12345", "a,b;c=d!", "x" * 128]


@pytest.mark.parametrize("name", TAKEN)
def test_names_that_people_have_are_taken(name):
    assert objection(name) == ""


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("<img src=x onerror=document.title=1>", "img src=x onerror=document.title=1"),
        ('";document.title=21;"', ";document.title=21;"),
        ('grace "g" hopper', "grace g hopper"),
        ("a\\b", "a b"),
        ("R&D", "R D"),
        ("&lt;b&gt;", "lt;b gt;"),
        ("50%41", "50 41"),
        ("a#b", "a b"),
        ("a?b", "a b"),
        ("a\u2028b", "a b"),
        ("a\u202eb", "a b"),
        ("a\u200cb", "a b"),
        ("a\nb", "a b"),
        ("\udcff", "student"),
        (".hidden", "hidden"),
        ("..", "student"),
        (" ada ", "ada"),
        ("", "student"),
        ("x" * 200, "x" * 128),
    ],
)
def test_a_name_that_a_page_cannot_show_is_refused_with_one_that_would_do(name, instead):
    sentence = objection(name)
    assert sentence.endswith(f"; {instead!r} would do.")
    assert sentence.isprintable()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "it is empty"),
        (".hidden", "it begins with a dot, or begins or ends with a space"),
        ("ada ", "it begins with a dot, or begins or ends with a space"),
        ("a\nb", "it has characters that do not show"),
        ('a"b/c<', 'pages and addresses cannot show " / <'),
        ("x" * 129, "it has 129 characters, more than 128"),
    ],
)
def test_a_refusal_says_why(name, why):
    assert f" cannot be called {log_name(name)!r}: {why}; " in objection(name)


def test_a_name_that_was_shortened_ends_in_no_space():
    assert objection("x" * 127 + " y?").endswith(f"; {'x' * 127!r} would do.")


@given(st.text(max_size=200))
def test_what_is_suggested_would_do_and_what_is_taken_stands_for_itself_in_html_and_scripts(name):
    assert objection(_suggestion(name)) == ""
    if not objection(name):
        assert not set(name) & set('"\\<>&%#?/\n\r\u2028\u2029')
