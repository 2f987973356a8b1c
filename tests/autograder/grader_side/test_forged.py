"""A child that has turned hostile: it owns its side of the wire, and gets nothing for it."""

import time

import pytest

pytestmark = pytest.mark.sandbox

# What a student can do who has read our source: climb the frames to the object that answers requests.
FORGE = """
import sys, os, struct, msgpack
def server():
    frame = sys._getframe()
    while "self" not in frame.f_locals or not hasattr(frame.f_locals["self"], "_channel"):
        frame = frame.f_back
    return frame.f_locals["self"], frame
def send(*message):
    payload = msgpack.packb(list(message))
    raw(struct.pack(">I", len(payload)) + payload)
def raw(data):
    server()[0]._channel._connection.sendall(data)
def number():
    frame = server()[1]
    while "request" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["request"][1]
"""
CHECK = "assert type(f()) is float and f() == 2.0"


def hostile(body):
    return FORGE + "def f():\n" + "".join(f"    {line}\n" for line in body.splitlines()) + "    return 0"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("send('done', number() + 1, 2.0, [])", "it answers another request"),
        ("send('done', True, 2.0, [])", "it answers another request"),
        ("send('done', number(), 2.0)", "no message|answer that is none"),
        ("send('done', number(), ['z', 1], [])", "neither plain data nor an object"),
        ("send('done', number(), ['h', 1, 'float', '', 2], [])", "neither plain data nor an object"),
        ("send('done', number(), ['h', 1, 'x' * 1000, '', False], [])", "name is too long"),
        ("send('done', number(), ['c', 99], [])", "no function with this number"),
        ("send('done', number(), ['a', 'object', [1], 'C', b'12345678'], [])", "a dtype should be one of"),
        ("send('done', number(), ['a', 'float64', [2**30, 2**30], 'C', b''], [])", "should come with"),
        ("send('done', number(), ['a', 'float64', [0, 2**62], 'C', b''], [])", "sizes should be"),
        ("send('done', number(), ['a', 'float64', [-1], 'C', b'12345678'], [])", "sizes should be"),
        ("send('done', number(), ['a', 'bool', [1], 'C', b'\\x02'], [])", "neither 0 nor 1"),
        ("send('done', number(), ['d', 1.5, 2], [])", "str or int keys"),
        ("send('done', number(), 2.0, [0, ['a', 'float64', [], 'C', b'12345678']])", "that was sent"),
        ("send('raise', number(), ['ValueError'], [[1]], [])", "at most one argument"),
        ("send('raise', number(), [], [], [])", "names and arguments"),
        ("send('callback', 1, 0, ['t'], ['d'])", "there is no function with this number"),
        ("send('callback', 1)", "a call that is none"),
        ("send(1.5)", "starts with its kind"),
        ("raw(struct.pack('>I', 2**30))", "1024 MB was announced"),
        ("raw(struct.pack('>I', 3) + b'\\xc1\\xc1\\xc1')", "not well formed"),
        ("raw(struct.pack('>I', 5) + b'\\xdd\\xff\\xff\\xff\\xff')", "not well formed"),
        ("raw(struct.pack('>I', 6) + b'\\xd6\\xff\\x00\\x00\\x00\\x00')", "not well formed|extension"),
        ("raw(struct.pack('>I', 2000) + b'\\x91' * 2000)", "not well formed"),
        ("raw(os.urandom(10_000))", "MB was announced|not well formed|took too long"),
    ],
)
def test_a_reply_that_breaks_the_rules_is_a_named_error_of_that_check(check, body, said):
    ran = check(hostile(body), CHECK)
    assert not ran.passed
    assert any(part in ran.message for part in said.split("|")), ran.message


def test_a_forged_answer_of_the_right_form_is_only_an_answer(check):
    ran = check(hostile("send('done', number(), 3.0, [])"), CHECK)
    assert not ran.passed


def test_a_second_answer_breaks_the_next_call_not_its_score(check):
    body = "send('done', number(), 2.0, [])\nsend('done', number() + 1, 2.0, [])"
    assert not check(hostile(body), CHECK + "\nassert f() == 3.0").passed


def test_what_a_child_sends_without_end_ends_with_the_call(check):
    began = time.monotonic()
    ran = check(hostile("while True: send('stream', 'stdout', 'a' * 1000)"), CHECK)
    assert not ran.passed
    assert time.monotonic() - began < 5
    assert len(ran.message) < 3000


def test_gigabytes_are_not_taken_in(check):
    body = "send('done', number(), [0] * 2_000_000, [])"
    assert "not well formed" in check(hostile(body), CHECK).message


def test_a_released_or_invented_object_is_an_error(check):
    body = "send('done', number(), ['h', 12345, 'Fine', '', False], [])"
    ran = check(hostile(body), "thing = f()\nthing.value")
    assert "there is no object number 12345" in ran.message or "another request" in ran.message


def test_a_hostile_answer_costs_the_checks_before_and_after_nothing(grade, checks_cell):
    student = FORGE + "def good():\n    return 2.0\ndef bad():\n    raw(b'\\xff' * 8)\n    return 2.0"
    result = grade(student, checks_cell("assert good() == 2", "assert bad() == 2", "assert good() == 2"))
    assert [outcome.points for outcome in result.outcomes["graded"].checks] == [1, 0, 1]
    assert result.status == "graded, after its process was replaced"
    assert "MB was announced" in result.notes[0]


@pytest.mark.parametrize("kind", ["KeyError", "SystemExit", "TimeLimit"])
def test_an_exception_in_place_of_a_cells_end_costs_that_cell_alone(grade, checks_cell, kind):
    forging = FORGE + f"send('raise', number(), ['{kind}'], ['run'], [])"
    honest = "def good():\n    return 2.0"
    result = grade(forging, honest, checks_cell("assert good() == 2"))
    assert result.outcomes["graded"].points == 1
    assert result.status == "graded, after its process was replaced"
    assert "the student's process failed" in result.notes[0]
