import numpy as np

from course_lib.gradcheck.text import (
    entry,
    error_sentence,
    function_name,
    listed,
    number,
    parameter_names,
    plural,
    printable,
    raised_sentence,
    told_apart,
)


def test_control_characters_are_escaped_and_length_is_bounded():
    assert printable("a\x1b[31m\nb") == "a\\x1b[31m\\nb"
    assert len(printable("x" * 10**6)) == 40
    assert printable("x" * 10**6).endswith("…")


def test_a_text_that_just_fits_is_shown_whole_and_a_longer_one_ends_in_dots():
    assert printable("x" * 40) == "x" * 40
    assert printable("x" * 41) == "x" * 39 + "…"
    assert printable("abcdef", 6) == "abcdef"
    assert printable("abcdefg", 6) == "abcde…"
    assert printable("abcde\n", 6) == "abcde…"  # two characters, once it is escaped
    assert printable("abcd\n", 6) == "abcd\\n"
    assert printable("ünï €", 6) == "ünï €"
    assert printable(3.5) == "3.5"


def test_an_object_whose_text_raises_is_shown_by_its_type():
    class Broken:
        def __str__(self):
            raise ZeroDivisionError

    assert printable(Broken(), 60) == "<Broken whose text raised ZeroDivisionError>"


def test_an_error_is_named_with_its_message():
    assert error_sentence(ValueError("no")) == "ValueError: no"
    assert error_sentence(ValueError()) == "ValueError"
    assert error_sentence(ValueError("x" * 160)) == "ValueError: " + "x" * 160
    assert error_sentence(ValueError("x" * 161)) == "ValueError: " + "x" * 159 + "…"
    assert error_sentence(type("E" * 41, (Exception,), {})("a\nb")) == "E" * 39 + "…: a\\nb"


def raised(work, *arguments):
    try:
        work(*arguments)
    except Exception as error:
        return raised_sentence(error)
    raise AssertionError("nothing was raised")


def student(work):
    return work()


def singular():
    return np.linalg.inv(np.zeros((2, 2)))


def far_too_long(value):
    return [value + "a line of a student's that is far too long to be shown to anybody"][value + 1 + 1 + 1]


def test_an_error_is_shown_with_the_innermost_line_that_a_student_wrote():
    assert (
        raised(student, singular)
        == "LinAlgError: Singular matrix, in `return np.linalg.inv(np.zeros((2, 2)))`"
    )
    assert raised(far_too_long, 1) == (
        "TypeError: unsupported operand type(s) for +: 'int' and 'str', "
        "in `return [value + \"a line of a student's that is far too long to be shown to anyb…`"
    )
    text = "def broken():\n    raise KeyError"
    exec(compile(text, "<no file>", "exec"), scope := {})
    assert raised(student, scope["broken"]) == "KeyError, in `return work()`"


def test_an_error_without_a_text_is_named_all_the_same():
    class BrokenError(ValueError):
        def __str__(self):
            raise ZeroDivisionError

    assert raised_sentence(BrokenError()) == "BrokenError: <BrokenError whose text raised ZeroDivisionError>"


def test_a_line_that_raises_with_words_says_nothing_more():
    def with_words():
        raise TypeError("return the value and a dict of gradients")

    def without():
        raise TypeError

    assert raised(with_words) == "TypeError: return the value and a dict of gradients"
    assert raised(without) == "TypeError, in `raise TypeError`"


def test_shapes_of_a_product_that_do_not_fit_are_followed_by_a_hint():
    hint = "; does an operand of the product have to be transposed? For two vectors there is np.outer"
    x = np.ones((2, 3))
    assert raised(lambda: x @ x).endswith(hint)
    assert raised(lambda: np.dot(x, x)).endswith(hint)
    assert not raised(lambda: x + np.ones(2)).endswith(hint)
    assert raised_sentence(ValueError("matmul: a mismatch")) == f"ValueError: matmul: a mismatch{hint}"
    assert raised_sentence(TypeError("matmul")) == "TypeError: matmul"


def test_an_error_that_was_never_raised_has_no_line():
    assert raised_sentence(ValueError("no")) == "ValueError: no"


def test_function_names_are_shown_only_if_they_are_names():
    assert function_name(plural, "f") == "plural"
    assert function_name(lambda: None, "f") == "f"
    assert function_name(3, "f") == "f"
    for name in (7, "a" * 41, "not a name"):
        shown = function_name(type("", (), {"__name__": name})(), "f")
        assert shown == ("a" * 39 + "…" if name == "a" * 41 else "f")


def test_parameter_names_are_read_where_they_can_be():
    def forward(x, w, b=None):
        return x

    assert parameter_names(forward, 2) == ("x", "w")
    assert parameter_names(lambda *xs: xs, 2) == ("x1", "x2")
    assert parameter_names(max, 1) == ("x",)
    assert parameter_names(max, 3) == ("x1", "x2", "x3")
    assert parameter_names(3, 1) == ("x",)


def test_parameters_that_are_not_positional_are_not_counted():
    def forward(x, /, w, *rest, b=None, **others):
        return x

    assert parameter_names(forward, 1) == ("x",)
    assert parameter_names(forward, 2) == ("x", "w")
    assert parameter_names(forward, 3) == ("x1", "x2", "x3")


def test_entries_numbers_and_counts_read_like_prose():
    assert entry("w", (2, 0)) == "w[2, 0]"
    assert entry("w", ()) == "w"
    assert entry("b", (3,)) == "b[3]"
    assert number(0.1 + 0.2) == "0.3"
    assert number(-1234567.8) == "-1.23457e+06"
    assert plural(1, "entry", "entries") == "1 entry"
    assert plural(2, "entry", "entries") == "2 entries"
    assert plural(0, "line") == "0 lines"
    assert plural(1, "line") == "1 line"


def test_numbers_that_differ_print_differently():
    left, right = told_apart(0.125, 0.125 + 1e-10)
    assert left != right
    assert told_apart(1.0, 2.0) == ("1", "2")
    assert told_apart(0.123456789, 0.2) == ("0.123457", "0.2")
    assert told_apart(0.1234561, 0.1234562) == ("0.1234561", "0.1234562")
    assert told_apart(0.1 + 0.2, 0.3) == ("0.30000000000000004", "0.29999999999999999")
    assert told_apart(-0.5, -0.5) == ("-0.5", "-0.5")


def test_words_are_listed_with_one_and():
    assert [listed(words) for words in ("a", "ab", "abc")] == ["a", "a and b", "a, b and c"]
    assert listed(k for k in (5, 6, 8)) == "5, 6 and 8"
