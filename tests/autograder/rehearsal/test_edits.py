"""An edit says what changes in an answer, fits exactly once, and gives back what it was made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.rehearsal.edits import bare, edit_between, edited

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
    ],
)
def test_an_edit_that_does_not_fit_once_is_refused(edit, reason):
    base = "a\nb\na" if "a" in edit[4:] and "z" not in edit else BASE
    with pytest.raises(ValueError, match=reason):
        edited(base, edit)


LINES = st.lists(
    st.sampled_from(["a = 1", "    b = 2", "", "return a", "    if b:"]), min_size=1, max_size=12
)


@given(LINES, LINES)
def test_the_edit_between_two_texts_makes_one_of_the_other(old, new):
    base, target = "\n".join(old), "\n".join(new)
    edit = edit_between(base, target)
    if edit.strip():
        assert edited(base, edit) == target
    else:
        assert base == target


def test_the_solution_is_edited_without_its_docstrings_and_comments():
    source = '''def f(x):
    """Return x.

    x: a number.
    """

    # why
    y = x  # kept
    return y'''
    assert bare(source) == "def f(x):\n    y = x  # kept\n    return y"
