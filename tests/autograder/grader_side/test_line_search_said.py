"""What the student's process says of a wrong line is read within bounds, and a repair is tried once."""

import json

import pytest
from said_lines import CHANGE, SAID, TEXT, THERE, Owner, ask

from autograder.grader_side import line_search as module
from autograder.grader_side.line_search import MENDED, MOST_MENDED, Mending, Repaired, asked
from course_lib.gradcheck.lines.edited import Draft


def test_a_line_that_is_found_is_said():
    owner = Owner(SAID)
    found = ask(owner)
    assert owner.asked[:5] == ("find_line", ["thing", "backward"], ["x", 1], "dout", 5)
    assert (owner.asked[6], module.SECONDS) == (0.1, 0.1)
    assert (found.function, found.line, found.variable, found.source) == (
        "backward",
        3,
        "dx",
        "dx = dout * x",
    )
    assert (found.sentences, found.doubts) == (("it is wrong", "by a factor"), 1)
    (suspect,) = found.candidates
    assert (suspect.function, suspect.line, suspect.source, suspect.variable) == (
        "backward",
        3,
        "dx = dout * x",
        "dx",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"line": 0},
        {"line": -1},
        {"line": 10**7},
        {"line": 1.0},
        {"line": True},
        {"doubts": -1},
        {"doubts": 1.0},
        {"sentences": "it"},
        {"sentences": [3]},
        {"function": 3},
        {"variable": None},
        {"source": []},
    ],
)
def test_what_cannot_be_said_of_a_line_is_no_line(change):
    found = ask(Owner({**SAID, **change}))
    assert (found.function, found.line) == ("backward", None)
    assert found.reason == "no line was found where the function is"


@pytest.mark.parametrize("said", [None, "", "{", "[]", "3", "{}", "x" * 10**7])
def test_what_is_no_answer_is_no_line(said):
    assert ask(Owner(said)).reason == "no line was found where the function is"


def test_where_all_is_right_it_is_said():
    assert ask(Owner({"line": None, "right": True})).reason == module.RIGHT
    assert ask(Owner({"line": None, "right": 1})).reason == "no line was found where the function is"


def test_a_function_is_called_by_its_name():
    def forward(x):
        return x

    for function, name in ((forward, "forward"), (3, "function")):
        assert asked(Owner(None), function, (), dout=None, seed=0).function == name


def test_words_are_bounded_and_printable():
    said = {
        **SAID,
        "sentences": ["a\nb" + "x" * 400] * 9,
        "doubts": 10**6,
        "function": "f" * 500,
        "source": "s" * 999,
    }
    found = ask(Owner(said))
    assert len(found.sentences) == found.doubts == module.MOST_SENTENCES
    assert max(len(sentence) for sentence in found.sentences) <= module.SENTENCE == 300
    assert "\n" not in found.sentences[0]
    assert len(found.function) <= 80
    assert len(found.source) <= module.SOURCE == 200


def test_a_change_that_mends_is_said_with_the_line(tried):
    owner = Owner(SAID, 0, json.dumps(THERE))
    found = ask(owner)
    assert owner.edits == [["backward", 1, "dx = dout"]]
    assert isinstance(found, Repaired)
    assert found.repair == "line 3: dx = dout  (without * x)"
    assert (found.line, found.sentences) == (3, ("it is wrong", "by a factor"))
    assert owner.repairs == {(TEXT,): CHANGE}
    drafts, suspects, most = tried[1][0]
    assert (drafts, suspects, most) == ([Draft("backward", TEXT, {"x": (4, 3)})], [("backward", 3)], 100)


def test_where_no_line_was_found_that_of_the_change_is(tried):
    found = ask(Owner({"line": None, "right": False}, 0, json.dumps(THERE)))
    assert (found.function, found.line, found.source) == ("backward", 3, "dx = dout * x")
    assert found.sentences == (MENDED,)
    assert found.candidates[0].line == 3
    assert found.repair == "line 3: dx = dout  (without * x)"


@pytest.mark.parametrize("place", [None, -1, 1, 0.0, "0"])
def test_a_place_that_was_not_tried_mends_nothing(place, tried):
    owner = Owner(SAID, place, json.dumps(THERE))
    assert not isinstance(ask(owner), Repaired)
    assert owner.repairs == {(TEXT,): None}


def test_functions_are_tried_once_and_what_mended_them_is_known(tried):
    owner = Owner(SAID, 0, json.dumps(THERE))
    ask(owner)
    owner.place = None
    assert ask(owner).repair == "line 3: dx = dout  (without * x)"
    assert owner.edits == []
    assert len(tried[1]) == 1


def test_no_more_functions_of_a_notebook_are_mended_than_the_bound(tried):
    owner = Owner(SAID, 0, json.dumps(THERE))
    owner.repairs = {(str(k),): None for k in range(MOST_MENDED - 1)}
    assert isinstance(ask(owner), Repaired)
    owner.repairs = {(str(k),): None for k in range(MOST_MENDED)}
    assert not isinstance(ask(owner), Repaired)
    assert MOST_MENDED == 8


def test_a_mending_is_asked_once(tried):
    mending = Mending(Owner(None))
    assert mending.edits(json.dumps(THERE)) != "[]"
    assert mending.edits(json.dumps(THERE)) == "[]"


def test_edits_that_are_too_long_for_a_message_are_halved(tried, monkeypatch):
    tried[0][:] = [CHANGE] * 8
    monkeypatch.setattr(module, "MOST_BYTES", 4 * 40)
    monkeypatch.setattr(module, "read_json", lambda text: THERE)
    sent = json.loads(Mending(Owner(None)).edits("said"))
    assert len(sent) == 4


@pytest.mark.parametrize(
    "there",
    [
        "",
        "{",
        {},
        {**THERE, "suspects": [["backward"]]},
        {**THERE, "suspects": [[3, 3]]},
        {**THERE, "drafts": [3]},
        {**THERE, "drafts": [["backward", TEXT, {"x": 3}]]},
        {**THERE, "drafts": [["backward", TEXT, {"x": ["3"]}]]},
        {**THERE, "drafts": [[3, TEXT, {}]]},
    ],
)
def test_what_cannot_be_said_of_functions_is_not_tried(there, tried):
    text = there if isinstance(there, str) else json.dumps(there)
    assert Mending(Owner(None)).edits(text) == "[]"
    assert tried[1] == []


def test_a_draft_that_is_no_text_or_too_long_is_left_out(tried):
    drafts = [["a", 3, {}], ["b", "x" * 20_001, {}], ["c", TEXT, []], ["d", TEXT, {"x": [1] * 9}]]
    Mending(Owner(None)).edits(json.dumps({**THERE, "drafts": drafts}))
    assert tried[1][0][0] == [Draft("d", TEXT, {"x": (1,) * 8})]


def test_drafts_and_suspects_beyond_the_bound_are_left_out(tried):
    said = {"drafts": [[f"f{k}", TEXT, {}] for k in range(20)], "suspects": [["f", k] for k in range(20)]}
    Mending(Owner(None)).edits(json.dumps(said))
    drafts, suspects, _ = tried[1][0]
    assert (len(drafts), len(suspects)) == (16, 16)
