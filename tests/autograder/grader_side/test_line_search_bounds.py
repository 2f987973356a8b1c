"""Of what is said of a wrong line, as much is read as the bounds allow, to the last character."""

import json

import pytest
from said_lines import SAID, TEXT, THERE, Owner, ask, there

from autograder.grader_side import line_search as module
from autograder.grader_side.line_search import Mending, Repaired
from autograder.grader_side.repair.statements import Change
from course_lib.gradcheck.lines.edited import Edit


def test_as_much_is_read_as_the_bounds_allow_and_no_more(tried):
    longest = 2**16
    padded = json.dumps(SAID).ljust(longest)
    assert ask(Owner(padded)).line == 3
    assert ask(Owner(padded + " ")).line is None
    Mending(Owner(None)).edits(there().ljust(longest + 1))
    assert tried[1] == []
    Mending(Owner(None)).edits(there().ljust(longest))
    assert len(tried[1]) == 1


def test_bytes_are_no_text():
    class Bytes(Owner):
        def search(self, operation, *args):
            return [json.dumps(SAID).encode(), None]

    assert ask(Bytes(None)).line is None


@pytest.mark.parametrize(("line", "known"), [(1, 1), (100_000, 100_000), (100_001, None)])
def test_a_line_has_a_number_that_a_text_may_have(line, known):
    assert ask(Owner({**SAID, "line": line})).line == known


def test_a_line_may_be_said_without_doubts():
    found = ask(Owner({**SAID, "doubts": 0}))
    assert (found.line, found.doubts) == (3, 0)


@pytest.mark.parametrize(
    ("name", "most"), [("function", 80), ("variable", 80), ("source", 200), ("sentences", 300)]
)
def test_each_word_is_cut_at_its_own_length(name, most):
    for length in (most, most + 1):
        word = "w" * length
        said = getattr(ask(Owner({**SAID, name: [word] if name == "sentences" else word})), name)
        shown = said[0] if name == "sentences" else said
        assert shown == ("w" * most if length == most else "w" * (most - 1) + "…")


def test_the_name_of_a_function_that_is_asked_for_is_printable():
    assert ask(Owner(None), ("thing", "back\x1bward")).function == "back\\x1bward"


def test_names_of_functions_to_be_mended_are_cut(tried):
    Mending(Owner(None)).edits(there(drafts=[["f" * 81, TEXT, {}]], suspects=[["s" * 81, 3]]))
    drafts, suspects, _ = tried[1][0]
    assert (drafts[0].function, suspects) == ("f" * 79 + "…", [("s" * 79 + "…", 3)])
    Mending(Owner(None)).edits(there(drafts=[["f" * 80, TEXT, {}]], suspects=[["s" * 80, 3]]))
    drafts, suspects, _ = tried[1][1]
    assert (drafts[0].function, suspects) == ("f" * 80, [("s" * 80, 3)])


def test_a_text_of_the_greatest_length_is_tried_with_as_many_shapes_as_are_kept(tried):
    shapes = {f"x{k}": [k] for k in range(module.MOST_SHAPES + 1)}
    Mending(Owner(None)).edits(there(drafts=[["f", "x" * module.LONGEST, shapes]]))
    (draft,) = tried[1][0][0]
    assert len(draft.text) == 20_000
    assert list(draft.shapes) == [f"x{k}" for k in range(200)]


def test_an_empty_text_is_no_shape(tried):
    assert Mending(Owner(None)).edits(there(drafts=[["backward", TEXT, {"x": ""}]])) == "[]"
    assert tried[1] == []


@pytest.mark.parametrize("count", [1, 2, 8, 9])
def test_edits_that_just_fit_are_all_sent_and_one_character_more_halves_them(count, tried):
    def sent(length):
        each = len(json.dumps([["backward", 1, ""]])) - 2
        text = "y" * (length - 2 - 2 * (count - 1) - count * each)  # the last one has all that is missing
        edits = [Change(Edit("backward", 1, ""), 3, "", "", "")] * (count - 1)
        tried[0][:] = [*edits, Change(Edit("backward", 1, text), 3, "", "", "")]
        mending = Mending(Owner(None))
        said = mending.edits(there())
        return len(json.loads(said)), said, mending

    number, said, _ = sent(2**16)
    assert (number, len(said)) == (count, 2**16)
    number, _, mending = sent(2**16 + 1)
    assert number == count // 2
    if number:
        assert mending.change(number - 1) is tried[0][number - 1]
    assert mending.change(number) is None, "what was not sent is not known"


def test_a_change_is_said_within_bounds_and_with_the_line_of_its_own_function(tried):
    other = "def forward(x):\n    return x\n    # two lines\n"
    drafts = [["forward", other, {}], ["backward", TEXT.replace("* x", "* x" + " + x" * 99), {}]]
    tried[0][:] = [Change(Edit("backward", 1, ""), 3, "", "y" * 999, "longer")]
    found = ask(Owner({"line": None, "right": False}, 0, there(drafts=drafts)))
    assert (found.function, found.line, found.variable) == ("backward", 3, "")
    assert found.repair == "line 3: " + "y" * 291 + "…"
    assert found.source == ("dx = dout * x" + " + x" * 99)[:199] + "…"
    assert (found.candidates[0].source, found.candidates[0].variable) == (found.source, "")
    assert found.candidates[0].function == "backward"


def test_a_function_that_was_tried_in_vain_is_not_tried_again(tried):
    owner = Owner(SAID, None, json.dumps(THERE))
    ask(owner)
    owner.place = 0
    assert not isinstance(ask(owner), Repaired)
    assert len(tried[1]) == 1


def test_where_no_function_is_told_of_nothing_is_tried_and_nothing_known(tried):
    owner = Owner(SAID, 0, there(drafts=[]))
    assert not isinstance(ask(owner), Repaired)
    assert (owner.repairs, tried[1]) == ({}, [])
