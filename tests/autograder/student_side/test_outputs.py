"""What a cell shows goes on in order, in few pieces, and only so much of it."""

import base64
import io
import json
import sys
import warnings

import pytest

from autograder.student_side import outputs as module
from autograder.student_side.outputs import HELD_BACK, MAX_LINE, MAX_WARNINGS, Outputs, Stream, captured

TEXT, RICH = 40, 100


class Clock:
    """Time that passes when a test says so."""

    now = 1000.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr(module, "time", made := Clock())
    return made


@pytest.fixture
def sent():
    return []


@pytest.fixture
def outputs(sent, clock):
    """Outputs with small allowances, that have just sent something: what follows is held back."""
    made = Outputs(sent.append, TEXT, RICH)
    made.text("stdout", "-")
    sent.clear()
    made.start()
    return made


def streams(sent):
    return [(event[1], event[2]) for event in sent if event[0] == "stream"]


def test_the_first_text_goes_out_at_once_and_what_follows_is_held_back(sent, clock):
    outputs = Outputs(sent.append, TEXT, RICH)
    outputs.text("stdout", "one ")
    assert sent == [["stream", "stdout", "one "]]
    outputs.text("stdout", "two ")
    outputs.text("stdout", "three")
    assert len(sent) == 1
    outputs.flush()
    outputs.flush()
    assert streams(sent) == [("stdout", "one "), ("stdout", "two three")]


def test_text_that_was_held_back_for_long_goes_out_with_the_next(outputs, sent, clock):
    outputs.text("stdout", "a")
    clock.now += 0.19
    outputs.text("stdout", "b")
    assert sent == []
    clock.now += 0.02
    outputs.text("stdout", "c")
    assert streams(sent) == [("stdout", "abc")]
    clock.now += 0.19  # counted from what was sent last
    outputs.text("stdout", "d")
    assert len(sent) == 1


def test_much_text_is_not_held_back(sent, clock):
    outputs = Outputs(sent.append, 10 * HELD_BACK, RICH)
    outputs.text("stdout", "-")
    outputs.text("stdout", "x" * HELD_BACK)
    assert len(sent) == 1
    outputs.text("stdout", "y")
    assert streams(sent)[1:] == [("stdout", "x" * HELD_BACK + "y")]
    outputs.text("stdout", "z")
    assert len(sent) == 2
    assert HELD_BACK == 4096


def test_streams_take_turns_in_the_order_of_their_texts(outputs, sent):
    outputs.text("stdout", "a")
    outputs.text("stderr", "b")
    outputs.text("stderr", "c")
    outputs.text("stdout", "d")
    outputs.flush()
    assert streams(sent) == [("stdout", "a"), ("stderr", "bc"), ("stdout", "d")]


def test_a_text_may_be_as_long_as_what_is_left_and_no_longer(outputs, sent):
    outputs.text("stdout", "x" * 30)
    outputs.text("stdout", "y" * 10)
    outputs.text("stdout", "z")
    outputs.flush()
    assert streams(sent) == [("stdout", "x" * 30 + "y" * 10)]


def test_what_is_longer_is_cut_said_to_be_and_the_rest_dropped(outputs, sent):
    outputs.text("stdout", "x" * 30)
    outputs.text("stderr", "y" * 11)
    outputs.text("stdout", "z")
    outputs.flush()
    said = "\n... the output ends here, after 40 characters\n"
    assert streams(sent) == [("stdout", "x" * 30), ("stderr", "y" * 10 + said)]


def test_the_next_cell_may_write_as_much_again(outputs, sent):
    outputs.text("stdout", "x" * 50)
    outputs.start()
    outputs.text("stdout", "y" * 40)
    outputs.flush()
    assert streams(sent)[-1][1].endswith("\n" + "y" * 40)


def test_empty_text_changes_nothing(outputs, sent):
    outputs.text("stdout", "a")
    outputs.text("stderr", "")
    assert sent == []
    outputs.text("stdout", "b")
    outputs.flush()
    assert streams(sent) == [("stdout", "ab")]


def test_halves_of_surrogate_pairs_are_replaced(outputs, sent):
    outputs.text("stdout", "a\ud800b")
    outputs.flush()
    assert streams(sent) == [("stdout", "a?b")]


def test_rich_results_go_out_after_the_text_before_them(outputs, sent):
    outputs.text("stdout", "a")
    data = {"text/plain": "p\ud800", "image/png": b"\x89P", "application/json": {"k": [1, None]}}
    outputs.rich("display_data", data, {"image/png": {"width": 3}, "image/x": 4, "text/html": {"a": 1}})
    assert streams(sent) == [("stdout", "a")]
    kind, which, parts, sizes = sent[1]
    assert (kind, which) == ("rich", "display_data")
    assert dict(zip(parts[::2], parts[1::2], strict=True)) == {
        "text/plain": "p?",
        "image/png": base64.b64encode(b"\x89P").decode(),
        "application/json": '{"k": [1, null]}',
    }
    assert json.loads(sizes) == {"image/png": {"width": 3}}


def test_a_rich_result_of_what_json_does_not_know_is_shown_as_its_text(outputs, sent):
    outputs.rich("execute_result", {"application/json": {"at": 1j}}, {})
    assert sent[0][2] == ["application/json", '{"at": "1j"}']
    assert sent[0][1] == "execute_result"


def test_rich_results_beyond_the_allowance_are_dropped_with_a_word(outputs, sent):
    whole = ["text/plain", "x" * 50, "text/html", "y" * 10]
    for length in (10, 31, 30, 1):
        outputs.rich("display_data", {"text/plain": "x" * 50, "text/html": "y" * length}, {})
    shown = [event[2] for event in sent]
    assert shown[0] == whole
    for parts in shown[1:]:
        assert parts == ["text/plain", "(dropped: this notebook shows more than it may)"]


def test_the_allowance_of_rich_results_can_be_used_to_its_end(outputs, sent):
    outputs.start()  # it is the notebook's, not the cell's
    for length in (60, 40, 1):
        outputs.start()
        outputs.rich("display_data", {"text/plain": "x" * length}, {})
    assert [len(event[2][1]) for event in sent[:2]] == [60, 40]
    assert "dropped" in sent[2][2][1]


def test_a_result_that_was_dropped_uses_up_what_was_left(outputs, sent):
    outputs.rich("display_data", {"text/plain": "x" * 101}, {})
    outputs.rich("display_data", {"text/plain": "x"}, {})
    assert ["dropped" in event[2][1] for event in sent] == [True, True]


def test_an_error_is_sent_with_lines_of_bounded_length_after_the_text_before_it(outputs, sent):
    outputs.text("stdout", "a")
    outputs.error("E\ud800", "v\ud800" + "w" * MAX_LINE, ["one\ntwo\ud800", "t" * (MAX_LINE + 1)])
    assert streams(sent) == [("stdout", "a")]
    assert sent[1] == ["error", "E?", "v?" + "w" * (MAX_LINE - 2), ["one", "two?", "t" * MAX_LINE]]


@pytest.mark.parametrize("count", [100, 101])
def test_of_a_long_traceback_the_first_and_the_last_lines_are_sent(outputs, sent, count):
    lines = [str(k) for k in range(count)]
    outputs.error("E", "v", lines)
    assert sent[0][3] == (lines if count == 100 else [*lines[:50], "...", *lines[-50:]])


def test_a_warning_is_sent_once_for_each_line_in_each_cell(outputs, sent):
    for _ in range(2):
        outputs.warning(UserWarning("so\ud800"), UserWarning, "here.py", 3)
    outputs.warning(UserWarning("so\ud800"), UserWarning, "here.py", 4)
    outputs.warning("so", FutureWarning, "here.py", 4)
    expected = [["UserWarning", "so?", 3], ["UserWarning", "so?", 4], ["FutureWarning", "so", 4]]
    assert [event[1:] for event in sent] == expected
    assert {event[0] for event in sent} == {"warning"}
    outputs.start()
    outputs.warning("so", FutureWarning, "here.py", 4)
    assert len(sent) == 4


def test_warnings_are_bounded_in_length_and_number_and_keep_their_place(outputs, sent):
    outputs.text("stdout", "a")
    for line in range(MAX_WARNINGS + 5):
        outputs.warning("w" * (MAX_LINE + 1), UserWarning, "here.py", line)
    assert sent[0] == ["stream", "stdout", "a"]
    assert [event[3] for event in sent[1:]] == list(range(MAX_WARNINGS))
    assert len(sent[1][2]) == MAX_LINE
    assert (MAX_LINE, MAX_WARNINGS) == (2000, 20)


def test_what_was_shown_is_taken_back_after_it_was_sent(outputs, sent):
    outputs.text("stdout", "a")
    outputs.clear()
    assert sent == [["stream", "stdout", "a"], ["clear"]]


def test_a_stream_writes_like_a_file_and_has_none(outputs, sent):
    stream = Stream(outputs, "stderr")
    assert (stream.name, stream.encoding, stream.writable()) == ("stderr", "utf-8", True)
    assert print("ab", file=stream, flush=True) is None
    assert stream.write("cde") == 3
    with pytest.raises(TypeError, match=r"write\(\) argument must be str, not bytes"):
        stream.write(b"x")
    with pytest.raises(io.UnsupportedOperation):
        stream.fileno()
    assert sent == []  # to flush sends nothing
    outputs.flush()
    assert streams(sent) == [("stderr", "ab\ncde")]


def test_a_block_has_its_streams_and_every_warning_captured_and_gives_them_back(outputs, sent):
    before = sys.stdout, sys.stderr, warnings.showwarning, warnings.filters[:]
    outputs.text("stdout", "x" * 50)
    with captured(outputs):
        print("out", end="")
        print("err", end="", file=sys.stderr)
        with warnings.catch_warnings():
            warnings.warn("careful", UserWarning, stacklevel=1)
        for _ in range(2):
            warnings.warn("again", DeprecationWarning, stacklevel=1)
        print("end", end="")
    assert (sys.stdout, sys.stderr, warnings.showwarning, warnings.filters[:]) == before
    assert streams(sent)[-3:] == [("stdout", streams(sent)[-3][1]), ("stderr", "err"), ("stdout", "end")]
    assert streams(sent)[-3][1].endswith("out")
    assert [event[2] for event in sent if event[0] == "warning"] == ["careful", "again"]


def test_streams_come_back_whatever_a_block_raises_and_however_it_leaves_them(outputs, sent):
    before = sys.stdout, sys.stderr

    def leave():
        with captured(outputs):
            print("out", end="")
            sys.stdout = None
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        leave()
    assert (sys.stdout, sys.stderr) == before
    assert streams(sent) == [("stdout", "out")]
