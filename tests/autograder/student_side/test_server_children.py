"""Children of a server that runs in a fork of the test process: confined there, asked, and ended."""

import contextlib
import gc
import operator
import os
import select
import socket
import sys
import time
import types
from dataclasses import asdict

import pytest
from forks import found_in_a_fork

from autograder.student_side import busy, namespaces, server
from autograder.student_side.confine import Confinement
from autograder.student_side.forked import fork
from autograder.student_side.frames import Frames
from autograder.student_side.packages import Packages
from autograder.student_side.wire import Decoder, Plain, message, message_of, payload_of

if sys.platform != "linux":
    pytest.skip("the server's children are confined on Linux", allow_module_level=True)

PLAIN = {"own_namespaces": False, "seccomp": False, "landlock": False}


class Shell:
    """Stands for a shell: runs plain Python in the namespace of a module."""

    def __init__(self):
        self.user_module = types.ModuleType("student")
        self.user_ns = self.user_module.__dict__
        self.user_ns["shell"] = self
        self.outputs = None

    def run(self, source):
        exec(source, self.user_ns)
        return True


class Child:
    """The grader's end of a child's connection."""

    def __init__(self, end):
        self.end, self.frames, self.events = end, Frames(), []
        end.settimeout(10)

    def asks(self, kind, *parts):
        """The value of the answer; what came before it is in `events`."""
        self.end.sendall(message(kind, 1, 5.0, (), *parts))
        while True:
            while (received := self.frames.next()) is None:
                data = self.end.recv(2**16)
                if not data:
                    return None
                self.frames.feed(data)
            decoder, parts = Decoder(received, Plain()), []
            while operator.length_hint(decoder.items):
                parts.append(decoder.value())
            if received.kind != "event":
                return parts[1]
            self.events.append(parts[0])

    def finds(self, source):
        """What `found` is after some code; None if the child ended."""
        ran = self.asks("run", source)
        return None if ran is None else self.asks("names", ["found"])["found"]

    def is_gone(self):
        return self.end.recv(1) == b""

    def is_gone_now(self):
        return bool(select.select([self.end], [], [], 0)[0])


class Running:
    """A server in a fork, and the grader's end of its socket."""

    def __init__(self, begin):
        self.ends = []
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control.settimeout(10)
        self.asked = 0
        self.pid = fork()
        if self.pid == 0:
            try:
                self.control.close()
                gc.disable()
                namespaces.prctl(namespaces.PR_SET_CHILD_SUBREAPER, 1)
                begin()
                ours = server.Server(theirs, Shell(), Packages())
                ours.serve()
                ours.close()
            finally:
                os._exit(0)
        theirs.close()

    def ask(self, kind, *rest, descriptors=()):
        self.asked += 1
        socket.send_fds(self.control, [payload_of([kind, self.asked, *rest])], descriptors)
        number, *reply = message_of(self.control.recv(2**20))
        assert number == self.asked
        return reply

    def start(self, **wanted):
        """The answer, and the child."""
        wanted = asdict(Confinement(**(PLAIN | {"scratch": "/"} | wanted)))
        end, theirs = socket.socketpair()
        self.ends.append(end)
        with theirs:
            reply = self.ask("start", list(wanted), list(wanted.values()), descriptors=[theirs.fileno()])
        return reply, Child(end)

    def open_files(self):
        return sorted(os.listdir(f"/proc/{self.pid}/fd"))

    def children(self):
        stats = {pid: busy.stat(int(pid)) for pid in os.listdir("/proc") if pid.isdigit()}
        return [pid for pid, found in stats.items() if found and found[0] == self.pid]

    def end(self):
        self.control.close()
        for end in self.ends:
            end.close()
        os.waitpid(self.pid, 0)


@pytest.fixture
def running():
    """Starts a server, after `begin` was called where it is."""
    made = []

    def start(begin=lambda: None):
        made.append(Running(begin))
        return made[-1]

    yield start
    for one in made:
        one.end()


def test_a_child_runs_what_it_is_asked_where_it_is_told_to(running, tmp_path):
    reply, child = running().start(scratch=str(tmp_path), open_files=99)
    assert reply == ["started"]
    found = child.finds("""
import gc, os, resource, sys
found = [os.getcwd(), os.getsid(0) == os.getpid(), gc.isenabled(), sys.modules["__main__"].shell is shell]
found += [resource.getrlimit(resource.RLIMIT_NOFILE)[0]]
try:
    input()
except EOFError:
    found.append("nobody answers")
""")
    assert found == [str(tmp_path), True, True, True, 99, "nobody answers"]


def test_what_it_shows_is_bounded_as_it_was_asked_for(running):
    _, child = running().start(output_bytes=40, rich_bytes=20)
    child.finds("""
shell.outputs.rich("display_data", {"text/plain": "y" * 20}, {})
shell.outputs.rich("display_data", {"text/plain": "y"}, {})
shell.outputs.text("stdout", "x" * 41)
found = 1
""")
    first, second, text = child.events
    assert first[2] == ["text/plain", "y" * 20]
    assert "dropped" in second[2][1]
    assert text[2].startswith("x" * 40 + "\n... the output ends here")


LINKS = """
import os
found = {}
for number in range(256):
    try:
        found[number] = os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        pass
"""


def test_a_child_has_its_connection_and_no_file_of_the_servers(running, tmp_path):
    (tmp_path / "file").write_text("")
    with open(tmp_path / "file") as file:
        _, child = running().start()
        links = child.finds(LINKS)
        assert links[file.fileno()] == "/dev/null"
    assert [links[number] for number in range(3)] == ["/dev/null"] * 3
    there = [link.partition(":")[0].rpartition("/")[2] for link in links.values()]
    schedule = ["schedstat"] if os.path.exists("/proc/self/schedstat") else []
    assert sorted(link for link in there if link != "null") == sorted([*schedule, "socket"])


def test_where_the_kernel_does_not_tell_how_long_it_waited_its_streams_are_there(running, monkeypatch):
    monkeypatch.setattr(server, "opened", lambda: -1)
    _, child = running().start()
    assert (
        child.finds("import os\nfound = [os.fstat(number).st_mode > 0 for number in range(3)]") == [True] * 3
    )


def test_its_clock_tells_how_long_it_waited(running):
    _, child = running().start()
    found = child.finds("""
import os
from autograder.student_side.alarm import Alarm
found = Alarm.schedule >= 0 and os.readlink(f"/proc/self/fd/{Alarm.schedule}").rpartition("/")[2]
""")
    assert found == ("schedstat" if os.path.exists("/proc/self/schedstat") else False)


def test_a_child_ends_when_it_is_said_and_when_the_next_one_starts(running):
    one = running()
    _, first = one.start()
    assert first.finds("found = 1") == 1
    files = one.open_files()
    _, second = one.start()
    assert first.is_gone()
    assert second.finds("found = 'found' in globals()") is False
    assert one.ask("end") == ["ended", None]
    assert second.is_gone()
    assert one.ask("end") == ["ended", None]
    assert one.open_files() == files
    assert one.children() == []


def test_what_a_child_started_ends_with_it_however_fast_it_hides_from_lists_of_processes(running):
    one = running(lambda: setattr(server, "_children", list))
    _, child = one.start()
    (pid,) = one.children()
    assert child.finds("import os, time\nfound = os.fork() or time.sleep(30) or os._exit(0)")
    assert one.ask("end") == ["ended", None]
    with pytest.raises(ProcessLookupError):
        os.killpg(int(pid), 0)


def test_a_child_ends_when_its_connection_does(running):
    one = running()
    _, child = one.start()
    pid = child.finds("import os\nfound = os.getpid()")
    child.end.close()
    for _ in range(1000):
        if _state(pid) == "Z":
            break
        time.sleep(0.01)
    assert one.ask("end") == ["ended", 0]


def _state(pid):
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[0]
    return "Z"


def test_what_cannot_be_set_up_is_said_and_the_next_child_starts(running):
    one = running()
    reply, child = one.start(scratch="/no-such-directory")
    assert reply == ["failed", "[Errno 2] No such file or directory: '/no-such-directory'"]
    assert child.is_gone()
    assert one.children() == []
    files = one.open_files()
    assert one.start()[0] == ["started"]
    assert one.open_files() == files


def test_a_child_apart_is_who_the_server_was(running):
    def refused(*user):
        raise OSError(f"{user}")

    def begin():
        namespaces.fork_apart, namespaces.keep_user = os.fork, refused

    one = running(begin)
    assert one.start(own_namespaces=True)[0] == ["failed", f"{(os.getuid(), os.getgid())}"]
    assert one.start()[0] == ["started"]


def test_where_no_fork_can_be_made_that_is_said_and_nothing_stays_open(running):
    def refused():
        raise OSError("no namespaces here")

    def begin():
        namespaces.fork_apart = refused

    one = running(begin)
    one.ask("end")  # by then it has begun
    before = one.open_files()
    assert one.start(own_namespaces=True)[0] == ["failed", "no namespaces here"]
    assert one.open_files() == before


def test_what_is_the_same_for_every_child_is_made_before_the_fork(monkeypatch):
    def prepared(wanted):
        raise OSError(f"{wanted.processes} {os.getpid()}")

    monkeypatch.setattr(server, "prepare", prepared)

    def work():
        try:
            server._fork(-1, Shell(), Confinement(processes=17))
        except OSError as error:
            return [str(error), str(os.getpid())]

    said, pid = found_in_a_fork(work)
    assert said == f"17 {pid}"


@pytest.mark.parametrize("kept", ["held", "None"], ids=["what is held", "rubbish"])
def test_a_child_whose_memory_is_all_taken_answers_all_the_same(running, kept):
    """What it holds is its own, and costs what asks for more; the process does not end for it."""
    fill = f"""
class Holds: pass
held = Holds()
held.itself, held.all = held, []
for size in (2**20, 2**16, 2**12, 2**9, 64):
    try:
        while True:
            held.all.append(bytes(size))
    except MemoryError:
        pass
held = {kept}
found = 1
"""
    reply, child = running().start(memory_bytes=2**26)
    assert reply == ["started"]
    assert child.finds(fill) == 1
    assert child.finds("found = 2") == 2
    assert not child.is_gone_now()
