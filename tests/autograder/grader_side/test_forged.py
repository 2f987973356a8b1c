"""A child that has turned hostile: it owns its side of the wire, and gets nothing for it."""

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
def send(*scalars, data=b"", nodes=None, tree=None):
    tree = msgpack.packb(scalars) if tree is None else tree
    nodes = len(scalars) if nodes is None else nodes
    room = 40 * nodes + 2 * len(tree)
    header = struct.pack(">III", room + len(data), nodes, len(tree))
    raw(header + tree + bytes(room - len(tree)) + data)
def raw(data):
    server()[0]._channel._connection.sendall(data)
def number():
    frame = server()[1]
    while "number" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["number"]
NO = (b"t", 0)
def equal(n):
    return (n * (2**61 - 1)).to_bytes(12, "little")
"""
CHECK = "assert type(f()) is float and f() == 2.0"


def hostile(body):
    return FORGE + "def f():\n" + "".join(f"    {line}\n" for line in body.splitlines()) + "    return 0"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("send('done', number() + 1, 2.0, *NO)", "it answers another request"),
        ("send('done', True, 2.0, *NO)", "no int where"),
        ("send('done', number(), 2.0)", "answer that is none"),
        ("send('done', number(), b'z', 1, *NO)", "neither plain data nor an object"),
        ("send('done', number(), b'h', 1, 'float', '', 2, *NO)", "no str where"),
        ("send('done', number(), b'h', 1, 'x' * 1000, '', '', *NO)", "name is too long"),
        ("send('done', number(), b'h', 1, 'x', '', '!', *NO)", "a trait that there is not"),
        ("send('done', number(), b'c', 99, *NO)", "no function with this number"),
        ("send('done', number(), b'a', 'object C', 1, 1, *NO, data=bytes(8))", "none that crosses"),
        ("send('done', number(), b'a', 'float64 X', 1, 1, *NO, data=bytes(8))", "none that crosses"),
        (
            "send('done', number(), b'a', 'float64 C', 99, *[1] * 99, *NO, data=bytes(8))",
            "none that crosses",
        ),
        ("send('done', number(), b'a', 'float64 C', 2, 2**30, 2**30, *NO)", "were announced"),
        ("send('done', number(), b'a', 'float64 C', 2, 0, 2**62, *NO)", "sizes should be"),
        ("send('done', number(), b'a', 'float64 C', 1, -1, *NO, data=bytes(8))", "sizes should be"),
        ("send('done', number(), b'a', 'bool C', 1, 1, *NO, data=b'\\x02')", "neither 0 nor 1"),
        ("send('done', number(), b's', 'float64', b'1234567', *NO)", "its bytes"),
        ("send('done', number(), b'd', 2, b'l', 0, 2.0, *NO)", "keys that may cross"),
        ("send('done', number(), b'd', 3, 1, 2, 3, *NO)", "keys that may cross"),
        (
            "send('done', number(), b'd', 2000, *[p for n in range(1000) for p in (b'i', equal(n), n)])",
            "keys that may cross|no int",
        ),
        (
            "send('done', number(), b'S', 1, b'a', 'float64 C', 0, *NO, data=bytes(8))",
            "elements that may cross",
        ),
        ("send('done', number(), b'l', 2**40, 1.0)", "not plain data"),
        ("send('done', number(), b'r', 7, *NO)", "one that did not come"),
        ("send('done', number(), b'i', bytes(2**15), *NO)", "longer than"),
        ("send('done', number(), *[b'l', 1] * 40, 1.0, *NO)", "nested deeper than 32"),
        (
            "send('done', number(), *[b'L', 0, True] * 2000, 1.0, *NO)",
            "a mark should stand before",
        ),
        ("send('done', number(), *[b'n', 1, 'P', 1, 'a'] * 2000, 1.0, *NO)", "nested deeper"),
        (
            "send('done', number(), 2.0, b't', 1, b'L', 77, True, b'a', 'float64 C', 0, data=bytes(8))",
            "that was sent",
        ),
        ("send('raise', number(), 0, b'l', 1, 'ValueError', b'e', None, *NO)", "a text or an integer"),
        ("send('raise', number(), 0, b'l', 0, '', None, *NO)", "should have names"),
        ("send('callback', 1, 0, *NO, *NO)", "there is no function with this number"),
        ("send('done', number(), *[b'k', 0] * 2000, 1.0, *NO)", "a mark should stand before"),
        ("send('callback', 1)", "a call that is none"),
        ("send('return', 1)", "nobody asked for"),
        ("send('event', 2.0)", "an event should be a list"),
        ("send(1.5)", "start with its kind"),
        ("send('done', number(), [])", "not plain data"),
        ("send('done', number(), {})", "not plain data"),
        ("send('done', number(), [1.0])", "not well formed"),
        ("send('done', number(), msgpack.ExtType(5, b''))", "not well formed|extension"),
        ("send('done', number(), msgpack.Timestamp(1))", "not well formed|extension"),
        ("send('done', nodes=2)", "does not hold what its header says"),
        ("send('done', 1, nodes=3)", "does not hold what its header says"),
        ("raw(struct.pack('>III', 2**30, 0, 0))", "1024 MB was announced"),
        ("raw(struct.pack('>III', 100, 10**6, 50))", "want a message of"),
        ("raw(struct.pack('>III', 100, 1, 51))", "want a message of"),
        ("send(nodes=1, tree=b'\\xc1\\xc1\\xc1')", "not well formed"),
        ("send(nodes=1, tree=b'\\xdd\\xff\\xff\\xff\\xff')", "does not hold"),
        ("send(nodes=2, tree=b'\\x92\\xa1x\\xdd\\x00\\x03\\x00\\x00')", "not well formed"),
        ("send(nodes=1, tree=b'\\x91' * 2000)", "not well formed"),
        ("raw(os.urandom(10_000))", "MB was announced|want a message"),
    ],
)
def test_a_reply_that_breaks_the_rules_is_a_named_error_of_that_check(check, body, said):
    ran = check(hostile(body), CHECK)
    assert not ran.passed
    assert any(part in ran.message for part in said.split("|")), ran.message


def test_a_forged_answer_of_the_right_form_is_only_an_answer(check):
    ran = check(hostile("send('done', number(), 3.0, *NO)"), CHECK)
    assert not ran.passed


def test_a_second_answer_breaks_the_next_call_not_its_score(check):
    body = "send('done', number(), 2.0, [])\nsend('done', number() + 1, 2.0, [])"
    assert not check(hostile(body), CHECK + "\nassert f() == 3.0").passed


def test_what_a_child_sends_without_end_ends_with_the_call(check):
    ran = check(hostile("while True: send('event', b'l', 3, 'stream', 'stdout', 'a' * 1000)"), CHECK)
    assert not ran.passed
    assert len(ran.message) < 3000


def test_gigabytes_are_not_taken_in(check):
    body = "raw(struct.pack('>III', 2**25, 2_000_000, 2**21) + bytes(2**25))"
    assert "want a message of" in check(hostile(body), CHECK).message


def test_a_released_or_invented_object_is_an_error(check):
    body = "send('done', number(), b'h', 12345, 'Fine', '', '', *NO)"
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
    forging = FORGE + f"send('raise', number(), 0, b'l', 1, '{kind}', 'run', '', None, *NO)"
    honest = "def good():\n    return 2.0"
    result = grade(forging, honest, checks_cell("assert good() == 2"))
    assert result.outcomes["graded"].points == 1
    assert result.status == "graded, after its process was replaced"
    assert "the student's process failed" in result.notes[0]
