"""The edits of a function that are tried: of which statements, in which order, and how they are said."""

import pytest

from autograder.grader_side.repair import statements
from autograder.grader_side.repair.statements import LONGEST, changes
from course_lib.gradcheck.lines.edited import Draft, Edit
from course_lib.gradcheck.lines.source import NotFollowed

TEXT = "def f(x):\n    y = x + 1\n    z = -y\n    return z"


def draft(text, function="f", **shapes):
    return Draft(function, text, shapes)


def said(found):
    return [(change.line, change.after) for change in found]


def test_a_change_says_its_edit_its_line_before_and_after_and_words():
    (change,) = changes([draft("def f(x):\n    pass\n    y = -x")], [("f", 3)], 0, 1)
    assert change.edit == Edit("f", 1, "y += -x")
    assert (change.line, change.before, change.after) == (3, "y = -x", "y += -x")
    assert change.words == "added to what is there"


def test_only_suspected_lines_are_changed_if_there_are_any():
    assert {change.line for change in changes([draft(TEXT)], [("f", 3)], 0, 99)} == {3}
    assert {change.line for change in changes([draft(TEXT)], [("f", 4), ("f", 2)], 0, 99)} == {2, 4}
    assert {change.line for change in changes([draft(TEXT)], [], 0, 99)} == {2, 3, 4}
    assert {change.line for change in changes([draft(TEXT)], [("other", 3)], 0, 99)} == {2, 3, 4}


def test_the_likelier_line_is_changed_first_and_what_is_less_far_fetched_before_what_is_more():
    # z = -y has three changes of rank 0, and a line that is suspected less comes before a farther change
    ordered = said(changes([draft(TEXT)], [("f", 3), ("f", 2)], 0, 99))
    near = [(3, "z += -y"), (3, "z = y"), (3, "z = --y")]
    assert ordered[:3] == near
    assert ordered[3][0] == 2
    assert said(changes([draft(TEXT)], [("f", 2), ("f", 3)], 0, 99))[0] == (2, "y += x + 1")
    lines = [line for line, _ in ordered]
    assert lines.index(2) < len(lines) - 1 - lines[::-1].index(3), "a farther change of 3 comes after 2"


def test_a_function_that_is_listed_later_is_less_likely():
    drafts = [draft("def f(x):\n    return -x"), draft("def g(x):\n    return -x", "g")]
    functions = [change.edit.function for change in changes(drafts, [], 0, 99)]
    assert functions == sorted(functions)
    assert set(functions) == {"f", "g"}


def test_the_waves_ask_farther_each_time_and_farther_of_a_line_that_is_suspected():
    def words(suspects, wave):
        return {change.words for change in changes([draft(TEXT, x=(3,), y=(3,))], suspects, wave, 9999)}

    rank = {  # of each change of line 3
        "without the minus": 0,
        "times y": 1,
        "plus y": 1.5,
        "times np.exp(y)": 2,
        "times np.sin(y)": 3,
    }
    suspected = [("f", 3)]
    assert {w for w in rank if w in words(suspected, 0)} == {w for w in rank if rank[w] < 2}
    assert {w for w in rank if w in words(suspected, 1)} == {w for w in rank if rank[w] >= 2}
    assert {w for w in rank if w in words([], 0)} == {w for w in rank if rank[w] < 1}
    assert {w for w in rank if w in words([], 1)} == {w for w in rank if 1 <= rank[w] < 2}


def test_no_more_are_tried_than_asked_for():
    whole = changes([draft(TEXT)], [], 0, 99)
    assert changes([draft(TEXT)], [], 0, 4) == whole[:4]


def test_no_more_are_thought_of_than_the_bound_allows(monkeypatch):
    monkeypatch.setattr(statements, "MOST_THOUGHT_OF", 2)
    assert len(changes([draft(TEXT)], [], 0, 99)) == 2


def test_what_changes_nothing_or_is_the_same_as_another_is_left_out():
    found = changes([draft("def f(x):\n    y += x[1:]")], [], 0, 999)
    texts = [change.edit.text for change in found]
    assert len(texts) == len(set(texts))
    assert "y += x[1:]" not in texts
    meeting = changes([draft("def f(x):\n    y = x - x")], [], 0, 999)  # either may be left out
    assert [change.edit.text for change in meeting].count("y = x") == 1
    twice = changes([draft("def f(x):\n    y = -x\n    y = -x")], [], 0, 999)
    assert [c.edit.text for c in twice if c.line == 2] == [c.edit.text for c in twice if c.line == 3]


def test_a_statement_that_is_a_text_a_while_a_definition_or_too_long_is_left_as_it_is():
    text = (
        'def f(x):\n    """A docstring."""\n    while x > 0:\n        x = x - 1\n'
        "    def inner(z=-x):\n        return -z\n    class Inner:\n        pass\n"
        f"    y = {' + '.join(['x'] * 300)}\n    return -x"
    )
    assert len(" + ".join(["x"] * 300)) > LONGEST == 1000
    assert {change.line for change in changes([draft(text)], [], 0, 9999)} == {4, 10}


def test_a_statement_of_just_the_greatest_length_is_changed():
    long = "y = -" + "x" * (LONGEST - 5)
    assert changes([draft(f"def f(x):\n    {long}")], [], 0, 9)
    assert not changes([draft(f"def f(x):\n    {long}x")], [], 0, 9)


def test_of_a_statement_with_others_inside_the_line_that_changes_is_said():
    text = "def f(x):\n    if x > 0:\n        y = 1\n    return y"
    found = {change.words: change for change in changes([draft(text)], [("f", 2)], 0, 99)}
    change = found["< in the place of >"]
    assert (change.line, change.before, change.after) == (2, "if x > 0:", "if x < 0:")


def test_a_line_more_is_said_after_a_semicolon():
    shapes = {"p": (4, 3), "labels": (4,), "z": (4, 3)}
    found = changes(
        [draft("def f(z, labels):\n    p = np.exp(z)\n    return p", **shapes)], [("f", 2)], 1, 9999
    )
    (change,) = [change for change in found if change.words == "1 subtracted at the places labels"]
    assert change.before == "p = np.exp(z)"
    assert change.after == "p = np.exp(z); p[np.arange(len(labels)), labels] -= 1"
    assert change.edit.text == "p = np.exp(z)\np[np.arange(len(labels)), labels] -= 1"
    assert not any("subtracted at" in c.words for c in changes([draft(TEXT, z=(4, 3))], [("f", 3)], 0, 9999))


@pytest.mark.parametrize("text", ["return", "x[0] += 1", "y: float", "del y", "print(-x)"])
def test_every_statement_can_be_looked_at(text):
    for wave in (0, 1):
        for change in changes([draft(f"def f(x):\n    {text}", x=(3,))], [("f", 2)], wave, 999):
            assert change.before == text
            assert change.after != text


def test_a_text_that_cannot_be_read_is_not_followed():
    with pytest.raises(NotFollowed):
        changes([draft("def f(")], [], 0, 9)


@pytest.mark.parametrize(("more", "lines"), [(0, {2, 3}), (-1, {3})])
def test_long_statements_are_thought_about_as_far_as_the_work_allows_the_likeliest_first(
    monkeypatch, more, lines
):
    monkeypatch.setattr(statements, "MOST_WORK", 2 * 7**2 + more)  # x = -y are 7 nodes
    text = "def f(y):\n    x = -y\n    z = -y"
    found = changes([draft(text)], [("f", 3), ("f", 2)], 0, 99)
    assert {change.line for change in found} == lines


def test_the_work_for_a_statement_is_without_what_stands_inside_of_it(monkeypatch):
    inner = "\n".join(f"        x = -y ** {number}" for number in range(50))
    monkeypatch.setattr(statements, "MOST_WORK", 10**2)
    assert changes([draft(f"def f(y):\n    if y > 0:\n{inner}")], [("f", 2)], 0, 99)


def test_a_statement_of_very_many_targets_is_left_as_it_is():
    text = f"def f(a):\n    {','.join('a' * 450)} = a"
    assert changes([draft(text, a=())], [("f", 2)], 1, 99) == []
