"""What student code finds around it: no network, no other process, no file of the course, no rights."""

import os
from pathlib import Path

import pytest

from autograder.grader_side.grader import Grader
from autograder.grader_side.limits import Limits

pytestmark = pytest.mark.sandbox

REPOSITORY = Path(__file__).parents[3]
IMPORTS = (
    "import ctypes, errno, os, resource, socket, subprocess, sys\nlibc = ctypes.CDLL(None, use_errno=True)\n"
)


@pytest.fixture
def inside(grade, graded_cell, monkeypatch):
    """The value of an expression inside; statements may come before it."""

    def inside(expression, before="", **options):
        seen = []
        # A graded cell of ours, which runs here, may keep what it saw.
        monkeypatch.setattr("builtins.seen_by_the_test", seen.append, raising=False)
        student = f"{IMPORTS}{before}\ndef value():\n    return {expression}"
        result = grade(student, graded_cell("seen_by_the_test(value())\n1.0"), **options)
        assert seen, result.outcomes["graded"].note
        return seen[0]

    return inside


def refused(call, *arguments):
    """A function that tells with which error a system call is refused."""
    return f"libc.{call}({', '.join(map(str, arguments))}) == -1 and errno.errorcode[ctypes.get_errno()]"


def test_there_is_no_network(inside):
    opens = """
def opens(*kind):
    try:
        return socket.socket(*kind) and 'open'
    except OSError as e:
        return str(e)
"""
    kinds = ("socket.AF_INET", "socket.AF_INET6", "socket.AF_NETLINK", "socket.AF_PACKET, socket.SOCK_RAW")
    for kind in kinds:
        assert "not permitted" in inside(f"opens({kind})", opens)
    assert inside("open('/proc/net/dev').read()").count(":") <= 1  # at most a loopback of its own


def test_there_is_no_other_process(inside):
    assert inside("[name for name in os.listdir('/proc') if name.isdigit()]") == ["1"]
    assert inside("(os.getpid(), os.getppid())") == (1, 0)


def test_it_runs_as_an_ordinary_user_without_privileges(inside):
    assert inside("os.getuid()") != 0
    status = dict(
        line.split(":\t") for line in inside("open('/proc/self/status').read()").splitlines() if ":\t" in line
    )
    assert {status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
    assert status["NoNewPrivs"].strip() == "1"
    assert status["Seccomp"].strip() == "2"
    assert inside("open('/proc/self/oom_score_adj').read()") == "1000\n", (
        "without memory, the grader would go"
    )


def test_the_environment_is_cleared(inside, monkeypatch):
    names = inside("list(os.environ)")
    assert not {"USER", "PYTEST_CURRENT_TEST", "SSH_AUTH_SOCK", "LOGNAME"} & set(names)
    assert inside("os.environ['HOME']") == "/home"
    assert inside("os.listdir('/home')") == []


def test_nothing_of_the_course_but_the_student_edition_is_visible(inside):
    assert inside("sorted(os.listdir('/course'))") == ["autograder", "course_lib"]
    assert inside("os.listdir('/course/autograder')") == ["student_side"]
    assert "reference" not in inside("os.listdir('/course/course_lib')")
    for part in (
        "solutions",
        "gradebook.db",
        "nbgrader_config.py",
        "tests",
        "course_lib/reference",
        "autograder",
    ):
        assert not inside(f"os.path.exists({str(REPOSITORY / part)!r})")


@pytest.mark.parametrize("name", ["course_lib.reference", "autograder.grader_side", "solutions", "tests"])
def test_what_is_not_for_students_cannot_be_imported(inside, name):
    imports = """
def imports(name):
    try:
        return __import__(name) and 'there'
    except ImportError:
        return 'missing'
"""
    assert inside(f"imports({name!r})", imports) == "missing"


def test_what_is_for_students_can_be_imported(inside):
    assert inside("__import__('course_lib').check_vjp.__name__") == "check_vjp"
    assert inside("__import__('matplotlib').get_backend()").endswith("inline")


def test_nothing_outside_the_scratch_directory_can_be_written(inside):
    tries = """
def tries(place):
    try:
        with open(os.path.join(place, "new"), "w") as file:
            return "written"
    except OSError as error:
        return errno.errorcode[error.errno]
"""
    package = "os.path.dirname(np.__file__)"
    for place in (
        "'/'",
        "'/usr'",
        "'/home'",
        "'/dev'",
        "'/course/course_lib'",
        package,
        "sys.prefix",
        "'/proc/self'",
    ):
        assert inside(f"tries({place})", tries) in ("EROFS", "EACCES", "ENOENT", "EPERM"), place
    assert inside("tries('/tmp')", tries) == "written"


def test_the_scratch_directory_is_small_and_new_for_each_notebook(inside):
    fill = """
def fill():
    try:
        for number in range(100):
            with open(f"/tmp/{number}", "wb") as file:
                file.write(bytes(2**20))
    except OSError as error:
        return errno.errorcode[error.errno], number
"""
    assert inside("fill()", fill) == ("ENOSPC", 64)
    # Where this repository lies in /tmp, the way to Python's environment is there too.
    own = [REPOSITORY.parts[2]] if REPOSITORY.is_relative_to("/tmp") else []
    assert inside("(os.getcwd(), os.listdir('/tmp'), os.listdir('/dev/shm'))") == ("/tmp", own, [])


def test_modules_are_looked_for_in_the_working_directory_first_and_in_no_other_that_code_writes_to(inside):
    module = "open('/tmp/mine.py', 'w').write('x = 1')"
    assert inside("__import__('mine').x", module) == 1
    places = "[place for place in sys.path if place in ('', '.', '/home') or place.startswith('/tmp')]"
    assert inside(f"(sys.path[0], {places})") == ("/tmp", ["/tmp"])


def test_one_connection_is_all_that_is_open(inside):
    assert (
        inside("sorted(os.readlink(f'/proc/self/fd/{n}').split(':')[0] for n in (0, 1, 2))")
        == ["/dev/null"] * 3
    )
    # besides the connection, the count of how long this process waited for a core; the rest leads nowhere
    path = "f'/proc/self/fd/{n}'"
    found = inside(f"sorted(os.readlink({path}) for n in range(3, 200) if os.path.lexists({path}))")
    names = [name.split(":")[0].rpartition("/")[2] for name in found if name != "/dev/null"]
    assert names == ["schedstat", "socket"]


@pytest.mark.parametrize(
    "call",
    [
        refused("unshare", 0x10000000),
        refused("ptrace", 0, 0, 0, 0),
        refused("mount", "b'none'", "b'/tmp'", "b'tmpfs'", 0, "None"),
        refused("umount2", "b'/tmp'", 0),
        refused("setns", 0, 0),
        refused("syscall", 321, 0, 0, 0),  # bpf
        refused("syscall", 425, 1, 0),  # io_uring_setup
        refused("syscall", 323, 0),  # userfaultfd
        refused("ioctl", 0, 0x5412, "b'x'"),  # TIOCSTI
        refused("chroot", "b'/tmp'"),
        refused("mknod", "b'/tmp/disk'", 0o60666, 0x800),
    ],
)
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of system calls are those of x86_64")
def test_system_calls_that_no_notebook_needs_are_refused(inside, call):
    assert inside(call) == "EPERM"


def test_processes_are_limited_and_threads_work(inside):
    bomb = """
def bomb():
    count = 0
    while count < 500:
        try:
            if os.fork() == 0:
                import time; time.sleep(60); os._exit(0)
        except OSError as error:
            return count, errno.errorcode[error.errno]
        count += 1
"""
    with Grader(Limits(), sandbox="bubblewrap") as patient:  # sixty forks are slow on a busy machine
        count, why = inside("bomb()", bomb, grader=patient)
    assert count < 64
    assert why == "EAGAIN"
    threads = """
import threading
out = []
thread = threading.Thread(target=out.append, args=(1,))
thread.start()
thread.join()
"""
    assert inside("out", threads) == [1]
    assert inside("subprocess.run(['echo', 'hi'], capture_output=True).stdout.decode()") == "hi\n"


def test_signals_reach_nobody_else(inside):
    signals = """
import signal
def everyone():
    for number in (15, 9, 2, 19):
        try:
            os.kill(-1, number)
        except OSError as error:
            pass
    return 1
"""
    assert inside("everyone()", signals) == 1
    assert inside("1 + 1") == 2


def test_what_a_notebook_starts_ends_with_it(inside):
    mark = f"3600.{os.getpid()}"
    daemon = f"""
for _ in range(2):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv("/usr/bin/sleep", ["sleep", "{mark}"])
        os._exit(0)
    os.wait()
import time
time.sleep(0.3)
"""
    assert len(inside("[name for name in os.listdir('/proc') if name.isdigit()]", daemon)) == 3
    assert not [pid for pid in os.listdir("/proc") if pid.isdigit() and mark in command_line(pid)]


def command_line(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""
