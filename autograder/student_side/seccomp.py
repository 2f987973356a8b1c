"""System calls that student code has no use for are refused, by libseccomp where it is installed."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
from functools import lru_cache

from autograder.student_side import namespaces

PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
INSTRUCTION_BYTES = 8

ALLOW = 0x7FFF0000
NO_SUCH_CALL = 0x00050000 | errno.ENOSYS
REFUSE = 0x00050000 | errno.EPERM
PRETEND = 0x00050000  # an error of no number: it looks as if it had been done
NOT_EQUAL, LESS, EQUAL, GREATER, MASKED_EQUAL = 1, 2, 4, 6, 7

NEW_NAMESPACES = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
TIOCSTI, TIOCLINUX = 0x5412, 0x541C
SOCKET_KIND = 0xF  # the bits of a socket's type that say its kind

# Names of calls, by spaces.
REFUSED = """
    ptrace process_vm_readv process_vm_writev pidfd_getfd kcmp
    mount umount2 pivot_root chroot move_mount open_tree fsopen fsmount fsconfig open_tree_attr
    fspick mount_setattr swapon swapoff quotactl name_to_handle_at open_by_handle_at
    setns unshare bpf perf_event_open userfaultfd keyctl add_key request_key
    io_uring_setup io_uring_enter io_uring_register kexec_load kexec_file_load reboot
    init_module finit_module delete_module iopl ioperm acct syslog settimeofday
    clock_settime clock_adjtime adjtimex sethostname setdomainname vhangup mknod mknodat
"""
# Memory that is in no process's address space, and so within no limit of one: when the machine has none left,
# the kernel would end another's process. And what a user, or the machine, has few of for all: watches.
WITHOUT_LIMIT = """
    memfd_create shmget shmat shmctl semget semctl semop semtimedop msgget msgctl msgsnd msgrcv
    mq_open mq_unlink io_setup inotify_init inotify_init1 fanotify_init
"""
# F_SETOWN and F_SETOWN_EX: a descriptor that becomes ready signals a process.
SIGNALS_BY_DESCRIPTOR = (8, 15)
# F_SETLEASE, F_SETDELEG and F_NOTIFY, which a read-only mount does not refuse: whoever opens a file of this
# user's waits; whoever changes a directory of this user's waits; what happens in a directory is told.
HOLDING_FILES = (1024, 1040, 1026)
# Without namespaces the process group is what ends with the notebook, and signals could reach others.
REFUSED_WITHOUT_NAMESPACES = """
    setsid setpgid tkill pidfd_open pidfd_send_signal rt_sigqueueinfo
    rt_tgsigqueueinfo ioprio_set process_madvise process_mrelease
"""
# There student code may be the owner of the grader's own files, and what an owner may do to a file without
# opening it to write, no version of Landlock decides. (Cutting a file short it does from version 3 on.)
OWNERS_CALLS = """
    chown fchown lchown fchownat utime utimes futimesat setxattr lsetxattr fsetxattr setxattrat removexattr
    lremovexattr fremovexattr removexattrat file_setattr truncate truncate64
"""
# Whoever copies a file gives the copy its mode and times in the end.
AFTER_COPYING = "chmod fchmod fchmodat fchmodat2"
# Nor what each file system lets an owner do to it by a descriptor that only reads: attributes, the inode's
# version, verity, a snapshot. So of the ioctl requests those of terminals and of any descriptor remain.
USUAL_REQUESTS = (0x5400, 0x54FF)
OPENING = (("open", 1), ("openat", 2))  # the call, and which of its arguments has the flags
CUTS_SHORT = os.O_RDONLY | os.O_TRUNC
# Calls that came after some distributions' libseccomp; all architectures share their numbers.
LATER = {
    "process_mrelease": 448,
    "fchmodat2": 452,
    "setxattrat": 463,
    "removexattrat": 466,
    "open_tree_attr": 467,
    "file_setattr": 469,
}
REFUSED_FOR_OTHERS = "prlimit64 sched_setaffinity"
# Time in which a process waits for a core is not its own: one that gave way to all others would have much.
# And whoever can read a file can lock it: one in Python's environment is what every `uv run` waits for; and
# have the machine write all that waits to be written, whoever's it is, as often as they like.
LOOKS_DONE = "setpriority sched_setscheduler sched_setattr sched_setparam flock sync syncfs"


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


class _Condition(ctypes.Structure):
    _fields_ = (
        ("argument", ctypes.c_uint),
        ("comparison", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


def library() -> ctypes.CDLL | None:
    """The library libseccomp, or None where it is not installed."""
    try:
        found = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    except OSError:
        return None
    found.seccomp_init.restype = ctypes.c_void_p
    return found


class Filter:
    """A seccomp filter that allows what it is not told to refuse."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library
        self._context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(ALLOW)))
        if not self._context:
            raise OSError("libseccomp could not start a filter")

    def refuse(self, call: str, *conditions: tuple[int, int, int, int], action: int = REFUSE) -> None:
        """Refuse a call, always or when the conditions (argument, comparison, value, value) all hold."""
        number = self._library.seccomp_syscall_resolve_name(call.encode())
        if number < 0:
            number = LATER.get(call, number)
        if number < 0:  # a call that this architecture or this libseccomp does not know
            return
        array = (_Condition * len(conditions))(*(_Condition(*condition) for condition in conditions))
        self._checked(
            self._library.seccomp_rule_add_array(
                self._context, ctypes.c_uint32(action), number, ctypes.c_uint(len(conditions)), array
            )
        )

    def program(self) -> bytes:
        """The filter as the kernel takes it, an array of BPF instructions; the filter itself is given up."""
        with os.fdopen(os.memfd_create("filter"), "rb") as file:
            self._checked(self._library.seccomp_export_bpf(self._context, file.fileno()))
            self._library.seccomp_release(self._context)
            file.seek(0)
            return file.read()

    @staticmethod
    def _checked(result: int) -> None:
        if result < 0:
            raise OSError(-result, f"libseccomp: {os.strerror(-result)}")


def restrict(own_namespaces: bool, *, scoped: bool = False) -> None:
    """Load the filter for student code, for good; raises OSError when the kernel does not take it.

    ``scoped`` tells that the kernel lets a signal reach only what this process will start.
    """
    code = program(True) if own_namespaces else program(False, os.getpid(), scoped)
    filter_ = _Program(len(code) // INSTRUCTION_BYTES, code)
    namespaces.check(
        namespaces.libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filter_), 0, 0), "seccomp"
    )


@lru_cache(maxsize=1)  # a warm server makes it once, before it forks
def program(own_namespaces: bool, pid: int = 0, scoped: bool = False) -> bytes:
    """The filter for student code, in instructions; ``pid`` is its process where it shares a namespace."""
    found = library()
    if found is None:
        raise OSError("libseccomp is not installed")
    rules = Filter(found)
    for call in (REFUSED + WITHOUT_LIMIT).split():
        rules.refuse(call)
    for call in LOOKS_DONE.split():
        rules.refuse(call, action=PRETEND)
    for flag in NEW_NAMESPACES:
        rules.refuse("clone", (0, MASKED_EQUAL, flag, flag))
    # clone3 hides its flags in memory; told that it does not exist, the C library uses clone.
    rules.refuse("clone3", action=NO_SUCH_CALL)
    for call in ("socket", "socketpair"):
        rules.refuse(call, (0, NOT_EQUAL, socket.AF_UNIX, 0))
    for command in HOLDING_FILES:
        rules.refuse("fcntl", (1, MASKED_EQUAL, 0xFFFFFFFF, command))
    for request in (TIOCSTI, TIOCLINUX):
        rules.refuse("ioctl", (1, MASKED_EQUAL, 0xFFFFFFFF, request))
    if not own_namespaces:
        for call in (REFUSED_WITHOUT_NAMESPACES + OWNERS_CALLS).split():
            rules.refuse(call)
        for call in AFTER_COPYING.split():
            rules.refuse(call, action=PRETEND)
        rules.refuse("utimensat", (2, NOT_EQUAL, 0, 0), action=PRETEND)
        rules.refuse("utimensat", (2, EQUAL, 0, 0))  # to now: a file that is not there would be made then
        if not scoped:
            rules.refuse("kill")
        for comparison, bound in zip((LESS, GREATER), USUAL_REQUESTS, strict=True):
            rules.refuse("ioctl", (1, comparison, bound, 0))
        for call, argument in OPENING:
            rules.refuse(call, (argument, MASKED_EQUAL, os.O_ACCMODE | os.O_TRUNC, CUTS_SHORT))
        rules.refuse("openat2", action=NO_SUCH_CALL)  # its flags are hidden in memory
        for call in REFUSED_FOR_OTHERS.split():
            rules.refuse(call, (0, NOT_EQUAL, 0, 0))
        for command in SIGNALS_BY_DESCRIPTOR:
            rules.refuse("fcntl", (1, MASKED_EQUAL, 0xFFFFFFFF, command))
        rules.refuse("socket", (0, EQUAL, socket.AF_UNIX, 0))
        # One of a pair of datagrams may be sent to any socket of the machine that has a name.
        for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW):  # raw ones are made datagrams
            rules.refuse("socketpair", (1, MASKED_EQUAL, SOCKET_KIND, kind))
        rules.refuse("tgkill", (0, NOT_EQUAL, pid, 0))
    return rules.program()
