"""The filter is made with the system's library, where there is one, and loaded for good."""

import ctypes
import errno
import os
import socket

import pytest
from forks import found_in_a_fork, refusal

from autograder.student_side import namespaces, seccomp

pytestmark = pytest.mark.skipif(seccomp.library() is None, reason="libseccomp is not installed")
NEW = {"fchmodat2": 452, "setxattrat": 463, "removexattrat": 466, "open_tree_attr": 467, "file_setattr": 469}
NEW["process_mrelease"] = 448


@pytest.fixture(autouse=True)
def nothing_kept():
    seccomp.program.cache_clear()
    yield
    seccomp.program.cache_clear()


def test_a_rule_that_cannot_be_made_is_said():
    rules = seccomp.Filter(seccomp.library())
    with pytest.raises(OSError, match=f"libseccomp: {os.strerror(errno.EINVAL)}") as raised:
        rules.refuse("getppid", (9, 4, 0, 0))  # there is no tenth argument
    assert raised.value.errno == errno.EINVAL
    rules.program()


class OldLibrary:
    """Stands for a library that knows no call by name, and exports nothing."""

    def __init__(self):
        self.numbers = []

    def seccomp_init(self, action):
        return 1

    def seccomp_syscall_resolve_name(self, name):
        return -1

    def seccomp_rule_add_array(self, context, action, number, count, conditions):
        self.numbers.append(number)
        return 0

    def seccomp_export_bpf(self, context, descriptor):
        return -errno.ENOMEM


def test_calls_that_came_after_the_library_are_refused_by_their_numbers():
    rules = seccomp.Filter(library := OldLibrary())
    for call in ("kcmp", *NEW):
        rules.refuse(call)
    assert library.numbers == list(NEW.values())


def test_a_filter_that_cannot_be_exported_is_said():
    with pytest.raises(OSError, match=os.strerror(errno.ENOMEM)):
        seccomp.Filter(OldLibrary()).program()


def test_a_library_that_starts_no_filter_is_said():
    class Library:
        @staticmethod
        def seccomp_init(action):
            return None

    with pytest.raises(OSError, match="libseccomp could not start a filter"):
        seccomp.Filter(Library())


def test_without_the_library_there_is_no_filter(monkeypatch):
    def missing(name, **options):
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", missing)
    assert seccomp.library() is None
    with pytest.raises(OSError, match="libseccomp is not installed"):
        seccomp.program(True)


@pytest.mark.parametrize(("own_namespaces", "refused"), [(True, [1, 1, 0, 0, 0]), (False, [1] * 5)])
def test_the_kernel_takes_the_filter_for_good(own_namespaces, refused):
    def work():
        namespaces.prctl(namespaces.PR_SET_NO_NEW_PRIVS, 1)
        seccomp.restrict(own_namespaces)
        tries = [
            refusal(os.chroot, "/"),
            refusal(socket.socket, socket.AF_INET),
            refusal(os.kill, os.getppid(), 0),
            refusal(socket.socket, socket.AF_UNIX),
            refusal(socket.socketpair, socket.AF_UNIX, socket.SOCK_DGRAM),
        ]
        mode = namespaces.libc.prctl(21, 0, 0, 0, 0)
        own = namespaces.libc.tgkill(os.getpid(), namespaces.libc.gettid(), 0)
        return [mode, own, *tries]

    assert found_in_a_fork(work) == [2, 0, *(errno.EPERM * each for each in refused)]


def test_a_kernel_that_does_not_take_it_is_said():
    def work():
        calls = []
        seccomp.namespaces.libc = type("", (), {"prctl": lambda *call: calls.append(call[1:3]) or -1})()
        try:
            seccomp.restrict(True)
        except OSError as error:
            return [str(error).partition("seccomp")[1], calls]

    assert found_in_a_fork(work) == ["seccomp", [[22, 2]]]
