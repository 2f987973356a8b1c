"""An edit says what changes in an answer, fits exactly once, and gives back what it was made of."""

import pytest

from autograder.rehearsal.edits import bare, edited

BASE = "def f(x):\n    y = 2 * x\n    z = y + 1\n    return z"


def test_lines_are_taken_out_and_put_in_where_the_edit_says():
    edit = "# -     z = y + 1\n# +     z = y\n# +     z += 2"
    assert edited(BASE, edit) == "def f(x):\n    y = 2 * x\n    z = y\n    z += 2\n    return z"


def test_hunks_follow_one_another_and_lines_that_stay_say_where():
    edit = "#     y = 2 * x\n# +     y = 3\n# @\n# - def f(x):\n# + def f(x, y):".replace(
        "#     y", "#       y", 1
    )
    assert edited(BASE, edit).split("\n")[:3] == ["def f(x, y):", "    y = 2 * x", "    y = 3"]


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        ("# -     z = y + 2", "fits 0 times"),
        ("# - a\n# + b", "fits 2 times"),
        ("# + b", "fits 0 times"),
        ("b = 3", "begins with none of"),
        ("# ~     z = y + 1", "has neither"),
        ("# ~     z = [-w-] + 1", "fits 0 times"),
    ],
)
def test_an_edit_that_does_not_fit_once_is_refused(edit, reason):
    base = "a\nb\na" if "a" in edit[4:] and "z" not in edit else BASE
    with pytest.raises(ValueError, match=reason):
        edited(base, edit)


def test_a_line_that_stays_says_which_of_two_is_meant():
    assert edited("a\nb\na\nc", "#   b\n# - a\n# + d") == "a\nb\nd\nc"
    assert edited("a\nb\na\nc", "# - a\n#   c") == "a\nb\nc"


def test_a_piece_of_a_line_goes_and_another_comes():
    edit = "# ~     y = [-2-]{+3+} * x\n# ~     return z{+ + y+}"
    assert edited(BASE, edit) == "def f(x):\n    y = 3 * x\n    z = y + 1\n    return z + y"


def test_after_what_was_put_in_or_changed_the_next_place_begins():
    edit = "# ~ def f(x{+, n+}):\n#       z = y + 1\n# +     z *= n\n# -     y = 2 * x\n# +     y = x"
    assert edited(BASE, edit) == "def f(x, n):\n    y = x\n    z = y + 1\n    z *= n\n    return z"


def test_indices_from_the_end_are_no_marks():
    assert edited("a = x[-1] + y[-1]", "# ~ a = x[-1] {+- z +}+ y[-1]") == "a = x[-1] - z + y[-1]"


def test_the_solution_is_edited_without_its_docstrings_and_comments():
    source = '''def f(x):
    """Return x.

    x: a number.
    """

    # why
    y = x  # kept
    return y'''
    assert bare(source) == "def f(x):\n    y = x  # kept\n    return y"


def test_a_solution_with_a_line_of_ipython_can_be_edited():
    assert (
        bare('def f(x):\n    """Return x."""\n    %timeit x\n    return x')
        == "def f(x):\n    %timeit x\n    return x"
    )
