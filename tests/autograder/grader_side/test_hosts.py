"""Which hosts a graded cell reaches."""

import http.server
import socket
import threading

import pytest
from roles import exercise

from autograder.grader_side import hosts
from autograder.grader_side.audited import audited
from autograder.grader_side.hosts import Hosts
from autograder.grading.grade import grade_rebuilt
from autograder.grading_settings import Settings
from autograder.recorded.record import record_of

REFUSED = "a graded cell reaches no host that does not stand in it"


@pytest.fixture(name="server")
def server_fixture():
    """A server of this machine, with the paths that it was asked for."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"secret")

        def log_message(self, *args):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def run(source, **names):
    code = compile(source, "<graded>", "exec")
    with audited(Hosts([code]).look):
        exec(code, names)


@pytest.mark.parametrize(
    "source",
    [
        "import urllib.request\nurllib.request.urlopen(f'http://{host}:{port}/x')",
        "import socket\nsocket.create_connection((host, port))",
        "import socket\nwith socket.socket() as it:\n    it.connect((host, port))",
        "import socket\nsocket.gethostbyname(host)",
        "import socket\nsocket.getaddrinfo(host.encode(), port)",
        "import socket\nsocket.getaddrinfo(None, port)",
        "import socket\nwith socket.socket(socket.AF_UNIX) as it:\n    it.connect('/run/' + host)",
        "import socket\nwith socket.socket(type=socket.SOCK_DGRAM) as it:\n    it.sendto(b'x', (host, port))",
        "'0.0.1 127.0.0.10 x127.0.0.1 a.127.0.0.1'\nimport socket\nsocket.create_connection((host, port))",
    ],
)
def test_a_host_that_does_not_stand_in_the_cell_is_not_reached(server, source):
    with pytest.raises(OSError, match=REFUSED):  # urllib's own, around ours
        run(source, host="127.0.0.1", port=server.server_port)
    assert server.asked == []


@pytest.mark.parametrize("text", ["'127.0.0.1'", "'http://127.0.0.1/x'", "'localhost or 127.0.0.1'"])
def test_one_that_stands_there_is(server, text):
    run(
        f"{text}\nfrom urllib.request import urlopen\nwith urlopen(f'http://{{host}}:{{port}}/x') as page:\n"
        "    assert page.read() == b'secret'",
        host="127.0.0.1",
        port=server.server_port,
    )
    assert server.asked == ["/x"]


@pytest.mark.parametrize(
    ("host", "text", "found"),
    [
        ("0", "it returns 0", False),
        ("0", "0", False),
        ("db", "ask the db, please", False),
        ("db", "path/db", False),
        ("db", "db", True),
        ("db", "postgresql://me@db:5432/x", True),
        ("db", "http://db/x", True),
        ("db", "http://dbs/x", False),
        ("my-db", "at my-db", True),
        ("localhost", "on localhost", True),
        ("example.org", "see example.org/x", True),
        (b"db", "db", True),
        ("", "", False),
        (None, "None", False),
    ],
)
def test_a_word_or_a_number_of_a_sentence_is_no_host(host, text, found):
    code = compile(f"x = {text!r}", "<graded>", "exec")
    assert Hosts([code])._stands_there(host) is found


def test_what_is_connected_already_may_send():
    one, other = socket.socketpair()
    with one, other:
        run("import socket\nsocket.send_fds(one, [b'x'], [one.fileno()])\none.sendmsg([b'y'])", one=one)
        assert other.recv(1) + other.recv(1) == b"xy"


@pytest.mark.sandbox
def test_an_address_of_a_students_is_not_asked_for_them(server):
    answer = f"def f():\n    return 'http://127.0.0.1:{server.server_port}/x'"
    check = "import urllib.request\nassert urllib.request.urlopen(f()).read() == b'secret'"
    outcome = record_of(grade_rebuilt(exercise(answer, check), 0, Settings())).outcomes["graded"]
    assert (outcome["points"], server.asked) == (0, [])
    assert REFUSED in outcome["note"]


def test_what_is_not_of_the_cells_doing_may_look_up_any_host(monkeypatch):
    looking = Hosts([compile("'example.org'", "<graded>", "exec")])
    monkeypatch.setattr(hosts, "is_the_cells", lambda names: False)
    looking.look("socket.getaddrinfo", ("elsewhere.org", 80))
    monkeypatch.setattr(hosts, "is_the_cells", lambda names: set(names) == {"<graded>"})
    with pytest.raises(PermissionError, match=REFUSED):
        looking.look("socket.connect", (None, ("10.0.0.1", 80)))
    looking.look("socket.getaddrinfo", ("example.org", 80))
    looking.look("socket.connect", (None, ("10.0.0.1", 80)))  # the number that it was found to have
    with pytest.raises(PermissionError, match=REFUSED):
        looking.look("socket.getaddrinfo", ("elsewhere.org", 80))
