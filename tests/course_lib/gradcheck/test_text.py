from course_lib.gradcheck.text import (
    entry,
    error_sentence,
    function_name,
    number,
    parameter_names,
    plural,
    printable,
    told_apart,
)


def test_control_characters_are_escaped_and_length_is_bounded():
    assert printable("a\x1b[31m\nb") == "a\\x1b[31m\\nb"
    assert len(printable("x" * 10**6)) == 40
    assert printable("x" * 10**6).endswith("…")


def test_an_error_is_named_with_its_message():
    assert error_sentence(ValueError("no")) == "ValueError: no"
    assert error_sentence(ValueError()) == "ValueError"


def test_function_names_are_shown_only_if_they_are_names():
    assert function_name(plural, "f") == "plural"
    assert function_name(lambda: None, "f") == "f"


def test_parameter_names_are_read_where_they_can_be():
    def forward(x, w, b=None):
        return x

    assert parameter_names(forward, 2) == ("x", "w")
    assert parameter_names(lambda *xs: xs, 2) == ("x1", "x2")
    assert parameter_names(max, 1) == ("x",)


def test_entries_numbers_and_counts_read_like_prose():
    assert entry("w", (2, 0)) == "w[2, 0]"
    assert entry("w", ()) == "w"
    assert number(0.1 + 0.2) == "0.3"
    assert plural(1, "entry", "entries") == "1 entry"


def test_numbers_that_differ_print_differently():
    left, right = told_apart(0.125, 0.125 + 1e-10)
    assert left != right
    assert told_apart(1.0, 2.0) == ("1", "2")
