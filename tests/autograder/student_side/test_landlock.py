"""What a process can still do with files under Landlock, found out in forks; and what is said without it."""

import ctypes
import errno
import os
import socket

import pytest
from forks import found_in_a_fork, refusal

from autograder.student_side import landlock, namespaces

needs_landlock = pytest.mark.skipif(landlock.version() == 0, reason=landlock.why_not() or "there is Landlock")


@pytest.fixture
def places(tmp_path):
    for name in ("read", "write", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("x")
    return tmp_path


@pytest.fixture
def restricted(places):
    """What work finds where `read` may be read and `write` written to."""

    def restricted(work, readable=("read",), writable=("write",)):
        def inside():
            namespaces.prctl(namespaces.PR_SET_NO_NEW_PRIVS, 1)
            descriptors = len(os.listdir("/proc/self/fd"))
            listed = [str(places / name) for name in readable] + ["/proc"]
            landlock.restrict(listed, [str(places / name) for name in writable])
            assert len(os.listdir("/proc/self/fd")) == descriptors
            return work()

        return found_in_a_fork(inside)

    return restricted


@needs_landlock
def test_what_is_listed_is_read_or_written_and_nothing_else(restricted, places):
    def work():
        os.chdir("/")
        return {
            name: [
                refusal(os.listdir, places / name),
                refusal(open, places / name / "file"),
                refusal(open, places / name / "file", "a"),
                refusal(open, places / name / "new", "x"),
                refusal(os.mkdir, places / name / "folder"),
                refusal(os.unlink, places / name / "file"),
            ]
            for name in ("read", "write", "other")
        }

    no = errno.EACCES
    assert restricted(work) == {"read": [0, 0, no, no, no, no], "write": [0] * 6, "other": [no] * 6}


@needs_landlock
def test_a_single_file_may_be_listed_and_what_is_not_there_is_passed_over(restricted, places):
    def work():
        read, other = places / "other" / "file", places / "read" / "file"
        return [
            refusal(open, read),
            refusal(open, other),
            refusal(open, other, "a"),
            refusal(open, read, "a"),
        ]

    no = errno.EACCES
    assert restricted(work, ["nothing", "other/file"], ["read/file", "nowhere"]) == [0, 0, 0, no]


@needs_landlock
@pytest.mark.skipif(landlock.version() < 4, reason="this kernel's Landlock knows no network")
def test_nothing_is_bound_or_connected(restricted):
    def work():
        with socket.socket() as one, socket.socket() as other:
            return [refusal(one.bind, ("127.0.0.1", 0)), refusal(other.connect, ("127.0.0.1", 9))]

    assert restricted(work) == [errno.EACCES, errno.EACCES]


@needs_landlock
@pytest.mark.skipif(landlock.version() < 6, reason="this kernel's Landlock bounds no signals")
def test_nobody_else_is_signalled(restricted):
    assert restricted(lambda: refusal(os.kill, os.getppid(), 0)) == errno.EPERM


class Kernel:
    """Stands for a kernel that answers with these numbers, or with an error."""

    def __init__(self, *answers, error=0):
        self.answers, self.error, self.calls = list(answers), error, []

    def syscall(self, number, *rest):
        self.calls.append((number, *rest))
        ctypes.set_errno(self.error)
        return self.answers.pop(0)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (errno.ENOSYS, "this kernel has no Landlock"),
        (errno.EOPNOTSUPP, "Landlock was not switched on when this kernel was started"),
        (errno.EPERM, f"asking for Landlock is refused ({os.strerror(errno.EPERM)}), as containers do"),
    ],
)
def test_why_there_is_none_is_said(monkeypatch, error, said):
    monkeypatch.setattr(landlock, "libc", kernel := Kernel(-1, -1, error=error))
    assert landlock.version() == 0
    assert landlock.why_not().startswith(said)
    assert kernel.calls == [(444, None, 0, 1)] * 2


def test_where_there_is_one_nothing_is_said(monkeypatch):
    monkeypatch.setattr(landlock, "libc", Kernel(1, 1, 5, 6))
    assert landlock.version() == 1
    assert landlock.why_not() == ""
    assert [landlock.keeps_signals(), landlock.keeps_signals()] == [False, True]


@pytest.mark.parametrize(
    ("version", "size", "files", "network", "scoped"),
    [
        (1, 8, 13, 0, 0),
        (2, 8, 14, 0, 0),
        (3, 8, 15, 0, 0),
        (4, 16, 15, 3, 0),
        (5, 16, 16, 3, 0),
        (6, 24, 16, 3, 3),
        (9, 24, 16, 3, 3),
    ],
)
def test_each_kernel_is_asked_for_all_that_it_knows(monkeypatch, version, size, files, network, scoped):
    opened = os.open("/dev/null", os.O_RDONLY)  # the set of rules, which is closed in the end
    monkeypatch.setattr(landlock, "libc", kernel := Kernel(version, opened, 0))
    landlock.restrict([], [])
    _, (number, rules, asked, flags), last = kernel.calls
    assert (number, asked, flags, last) == (444, size, 0, (446, opened, 0))
    found = rules._obj
    assert (found.files, found.network, found.scoped) == (2**files - 1, network, scoped)
    with pytest.raises(OSError, match=os.strerror(errno.EBADF)):
        os.fstat(opened)


@pytest.mark.parametrize("answers", [(5, -1), (5, 100, -1)])
def test_a_refusal_by_the_kernel_is_said(monkeypatch, answers):
    monkeypatch.setattr(landlock, "libc", Kernel(*answers, error=errno.EPERM))
    with pytest.raises(OSError, match="Landlock: "):
        landlock.restrict([], [])


def test_a_path_that_the_kernel_refuses_is_named(monkeypatch):
    monkeypatch.setattr(landlock, "libc", Kernel(5, 100, -1, error=errno.EBADF))
    with pytest.raises(OSError, match=f"Landlock, /tmp: {os.strerror(errno.EBADF)}"):
        landlock.restrict(["/tmp"], [])


# As linux/landlock.h has them: execute, write, read, list, ..., truncate (14), ioctl of devices (15).
LISTED, WRITTEN = 0b1101, 0xFFFF
FILE_LISTED, FILE_WRITTEN = 0b101, 0b1100_0000_0000_0111


def test_each_path_is_allowed_what_it_is_listed_for(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    rules = []

    class Noting(Kernel):
        def syscall(self, number, *arguments):
            if number == 445:
                descriptor, kind, rule, flags = arguments
                place = os.readlink(f"/proc/self/fd/{rule._obj.parent}")
                rules.append((descriptor, kind, rule._obj.allowed, place, flags))
                return 0
            return super().syscall(number, *arguments)

    opened = os.open("/dev/null", os.O_RDONLY)
    monkeypatch.setattr(landlock, "libc", Noting(9, opened, 0))
    paths, before = (
        [str(tmp_path), str(tmp_path / "file"), str(tmp_path / "none")],
        os.listdir("/proc/self/fd"),
    )
    landlock.restrict(paths, paths)
    assert len(os.listdir("/proc/self/fd")) == len(before) - 1  # the set of rules is closed, and every place
    assert rules == [
        (opened, 1, LISTED, paths[0], 0),
        (opened, 1, FILE_LISTED, paths[1], 0),
        (opened, 1, WRITTEN, paths[0], 0),
        (opened, 1, FILE_WRITTEN, paths[1], 0),
    ]
