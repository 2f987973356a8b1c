"""What student code calls of a check's while it answers, and the other requests of a connection."""

import pytest
from scripted_child import Translator, soon

from autograder.grader_side.connection import MAX_NESTING
from autograder.grader_side.errors import BrokenReply, CannotCross, NotANumber, SandboxError, StudentDied
from autograder.student_side.texts import MAX_MESSAGE
from autograder.student_side.wire import message


def test_a_function_of_the_checks_is_called_back_with_arguments_by_place_and_name(do, child):
    called = []
    child.says("callback", 5, 1, (1, 2.5), ("k", "v"))
    child.answers("after")
    functions = (None, lambda *args, **kwargs: called.append((args, kwargs)) or [9])
    assert do("call", functions=functions) == "after"
    assert called == [((1, 2.5), {"k": "v"})]
    child.hears()
    assert child.hears() == ["return", 5, "", "", 0, [9]]


def fails(error):
    def fail(*args):
        raise error

    return fail


def test_what_a_function_raises_is_told_and_is_itself_again_if_student_code_passes_it_on(do, child):
    error = ValueError("ours")
    child.says("callback", 5, 0, (), ())
    child.raises(["ValueError", "Exception"], "ours", passed_on=5)
    with pytest.raises(ValueError, match="ours") as raised:
        do("call", functions=(fails(error),))
    assert raised.value is error
    child.hears()
    assert child.hears() == ["return", 5, "ValueError", "ours", 0, None]


def test_student_code_may_catch_what_a_function_raised_or_raise_another(do, child):
    child.says("callback", 5, 0, (), ())
    child.answers("caught")
    assert do("call", functions=(fails(ValueError("ours")),)) == "caught"
    child.says("callback", 5, 0, (), ())
    child.raises(["KeyError"], "theirs", passed_on=6, number=2)
    with pytest.raises(KeyError, match="theirs"):
        do("call", functions=(fails(ValueError("ours")),))


@pytest.mark.parametrize(
    ("ending", "told"),
    [(NotANumber("no number"), "RuntimeError"), (AssertionError("no number"), "AssertionError")],
)
def test_what_ends_a_check_cannot_be_caught_by_student_code(ending, told, do, child):
    called = []
    child.says("callback", 5, 0, (), ())
    child.says("callback", 6, 1, (), ())
    child.answers("caught")
    with pytest.raises(type(ending)) as raised:
        do("call", functions=(fails(ending), lambda: called.append(1)))
    assert raised.value is ending
    child.hears()
    assert [child.hears()[:4] for _ in range(2)] == [
        ["return", 5, told, "no number"],
        ["return", 6, told, "no number"],
    ]
    assert called == [], "no more is called once a check has ended"


def test_a_dead_child_in_a_callback_is_not_answered(do, child):
    child.says("callback", 5, 0, (), ())
    with pytest.raises(StudentDied, match="gone"):
        do("call", functions=(fails(StudentDied("gone")),))


def test_the_text_of_what_a_function_raises_is_bounded_and_may_fail(do, child):
    class UnsayableError(Exception):
        def __str__(self):
            raise ValueError("no")

    for number, error in enumerate((KeyError("x" * 3000), UnsayableError(), ValueError("\ud800")), start=1):
        child.says("callback", 5, 0, (), ())
        child.answers(None, number)
        do("call", functions=(fails(error),))
    texts = [parts[3] for parts in (child.hears() for _ in range(6)) if parts[0] == "return"]
    assert texts == [("'" + "x" * 3000)[:MAX_MESSAGE], "(its text could not be made: ValueError)", "?"]
    assert MAX_MESSAGE == 2000


def test_a_value_that_cannot_cross_ends_the_check(do, child):
    child.says("callback", 5, 0, (), ())
    child.answers(None)
    with pytest.raises(CannotCross, match="a object"):
        do("call", functions=(object,))


def test_calls_back_and_forth_are_not_nested_without_end(do, child):
    depth = []

    def again():
        depth.append(child.hears())  # or there would be no room for more
        return do("call", functions=(again,))

    calls = message("callback", 5, 0, (), ()) * (MAX_NESTING + 1)
    answers = [message("done", number, "ended", ()) for number in range(MAX_NESTING + 1, 0, -1)]
    child.sends(calls + b"".join(answers))
    assert do("call", functions=(again,)) == "ended"
    assert len(depth) == MAX_NESTING == 24
    assert child.hears()[0] == "do"
    returned = [child.hears()[:3] for _ in range(MAX_NESTING + 1)]
    assert returned == [["return", 5, "RecursionError"], *[["return", 5, ""]] * MAX_NESTING]


def test_calls_back_that_follow_each_other_are_not_nested(do, child):
    called = []
    child.sends(message("callback", 5, 0, (), ()) * (MAX_NESTING + 1))
    child.answers("ended")
    assert do("call", functions=(lambda: called.append(1),)) == "ended"
    assert len(called) == MAX_NESTING + 1


def test_a_probe_finds_facts_or_there_is_no_sandbox(connection, child):
    child.answers({"uid": 5})
    assert connection.probe(soon()) == {"uid": 5}
    assert child.hears()[0] == "probe"
    child.answers([5], 2)
    with pytest.raises(SandboxError, match=r"^the probe failed$"):
        connection.probe(soon())
    child.raises(["TimeLimit"], "too long", 3)
    with pytest.raises(SandboxError, match="the probe failed: too long"):
        connection.probe(soon())
    child.hangs_up()
    with pytest.raises(SandboxError, match="the probe failed: the student's process"):
        connection.probe(soon())


def test_a_cell_runs_and_what_it_shows_is_heard(connection, child):
    shown = []
    child.says("event", ["stream", "stdout", "x"])
    child.answers(None)
    assert connection.run("print('x')", soon(), shown.append) is None
    assert shown == [["stream", "stdout", "x"]]
    kind, number, _, released, source = child.hears()
    assert (kind, number, released, source) == ("run", 1, (), "print('x')")


def test_a_cell_that_cannot_be_sent_cannot_be_run(connection):
    with pytest.raises(StudentDied, match="a cell that cannot be run: a str is not plain data"):
        connection.run("\ud800", soon(), list)


@pytest.mark.parametrize("name", ["run", "names", "work_in", "put", "written", "inside"])
def test_an_honest_process_raises_nothing_and_calls_nothing_of_its_own(name, connection, child):
    requests = {
        "run": lambda: connection.run("x", soon(), list),
        "names": lambda: connection.names(["x"], soon(), Translator()),
        "work_in": lambda: connection.work_in("/tmp/a", soon()),
        "put": lambda: connection.put("x", b"", True, soon()),
        "written": lambda: connection.written(soon()),
        "inside": lambda: connection.inside("x", (), soon(), list),
    }
    child.raises(["ValueError"], "bad")
    with pytest.raises(BrokenReply, match=r"the student's process failed \(ValueError\)"):
        requests[name]()
    child.says("callback", 5, 0, (), ())
    with pytest.raises(BrokenReply, match="a call that is none: "):
        requests[name]()
    child.hangs_up()
    with pytest.raises(StudentDied, match="the student's process"):
        requests[name]()


def test_values_are_asked_for_by_name_and_only_those_come(connection, child):
    child.answers({"x": 1})
    assert connection.names(["x", "y"], soon(), Translator()) == {"x": 1}
    assert child.hears()[3:] == [(7, 8), ("x", "y")]
    for number, wrong in enumerate(({"z": 1}, [1], None), start=2):
        child.answers(wrong, number)
        with pytest.raises(BrokenReply, match="answered with names that were not asked for"):
            connection.names(["x"], soon(), Translator())


def test_a_file_is_put_there(connection, child):
    child.answers(None)
    connection.put("data.csv", b"1,2", True, soon())
    assert child.hears()[4:] == ["data.csv", b"1,2", True]


def test_files_come_by_name(connection, child):
    child.answers({"a": b"1"})
    assert connection.written(soon()) == {"a": b"1"}
    assert child.hears()[4:] == []
    for number, wrong in enumerate(({"a": "1"}, {1: b"1"}, [1]), start=2):
        child.answers(wrong, number)
        with pytest.raises(BrokenReply, match="answered with what are no files"):
            connection.written(soon())


def test_a_cell_inside_ends_with_a_verdict(connection, child):
    heard = []
    child.says("event", ["clear"])
    child.answers(("ended", 1.0, "x"))
    assert connection.inside("source", ("before",), soon(), heard.append) == ("ended", 1.0, "x")
    assert heard == [["clear"]]
    assert child.hears()[4:] == ["source", ("before",)]
    for number, wrong in enumerate((("ended", 1, "x"), ["ended", 1.0, "x"], ("ended", 1.0), None), start=2):
        child.answers(wrong, number)
        with pytest.raises(BrokenReply, match="answered with what is no verdict"):
            connection.inside("source", (), soon(), heard.append)


def test_what_is_asked_of_plain_requests_is_plain(connection):
    with pytest.raises(CannotCross, match="a object is not plain data"):
        connection.put("x", object(), True, soon())


def test_a_connection_that_is_left_is_closed(connection, child):
    with connection:
        pass
    with pytest.raises(AssertionError, match="the connection was closed"):
        child.hears()
