"""A forked child's own view of the machine: its processes, mounts and memory segments, and nobody else's."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
from collections.abc import Iterable
from typing import Any

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
NAMESPACES = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET
CLONE_CHILD_CLEARTID = 0x00200000
CLONE_CHILD_SETTID = 0x01000000
CLONE_NUMBERS = {"x86_64": 56, "aarch64": 220}

MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_BIND = 4096
MS_REC = 16384

PR_SET_PDEATHSIG = 1
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_GET_TID_ADDRESS = 40

CAPABILITIES_VERSION = 0x20080522

SCRATCH_BYTES = 64 * 2**20
SHARED_BYTES = 16 * 2**20

# Of Windows, where no name stands for the program itself, nothing here is asked.
libc: Any = None if os.name == "nt" else ctypes.CDLL(None, use_errno=True)
python: Any = (
    None if os.name == "nt" else ctypes.PyDLL(None, use_errno=True)
)  # keeps Python's own lock, as a fork must


def check(result: int, what: str) -> int:
    """The result of a system call, or OSError with what was tried when it is negative."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def prctl(option: int, value: int) -> None:
    """Set an option of this process; raises OSError."""
    check(libc.prctl(option, value, 0, 0, 0), f"prctl({option})")


def fork_apart() -> int:
    """Fork a child that is pid 1 of namespaces of its own; its pid, and 0 in the child. Raises OSError.

    One system call in place of unshare and two forks: a process with as much memory as the server's takes
    milliseconds to copy and to end.
    """
    machine = platform.machine()
    if machine not in CLONE_NUMBERS:
        raise OSError(f"the number of the clone call is not known for {machine}")
    # The C library keeps the thread's id there, and the kernel is to renew it as in an ordinary fork.
    tid = ctypes.c_void_p()
    check(libc.prctl(PR_GET_TID_ADDRESS, ctypes.byref(tid), 0, 0, 0), "prctl")
    flags = NAMESPACES | CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | signal.SIGCHLD
    last = (tid, None) if machine == "x86_64" else (None, tid)
    python.PyOS_BeforeFork()
    pid: int = python.syscall(ctypes.c_long(CLONE_NUMBERS[machine]), ctypes.c_ulong(flags), None, None, *last)
    if pid == 0:
        python.PyOS_AfterFork_Child()
        return 0
    python.PyOS_AfterFork_Parent()
    return check(pid, "clone")


def keep_user(uid: int, gid: int) -> None:
    """Be in a new user namespace who one was before, and nobody else. Raises OSError."""
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
        os.write(descriptor, text.encode())
        os.close(descriptor)


def mount_own_places(kept: Iterable[str]) -> None:
    """Mount a /proc of this pid namespace and empty scratch directories; call it as pid 1; raises OSError.

    ``kept`` names directories under /tmp that stay to be seen, as read-only as they were: where the whole
    project lies there, Python's environment does too.
    """
    held = {path: os.open(path, os.O_PATH | os.O_DIRECTORY) for path in kept}
    _mount(b"proc", b"/proc", MS_RDONLY | MS_NOEXEC, b"")  # where a session could give way to others, too
    _mount(b"tmpfs", b"/tmp", 0, f"size={SCRATCH_BYTES},nr_inodes=8192,mode=1777".encode())
    _mount(b"tmpfs", b"/dev/shm", MS_NOEXEC, f"size={SHARED_BYTES},nr_inodes=64,mode=1777".encode())
    for path, descriptor in held.items():
        os.makedirs(path)
        source = f"/proc/self/fd/{descriptor}".encode()
        check(libc.mount(source, path.encode(), None, MS_BIND | MS_REC, None), f"bind {path}")
        os.close(descriptor)


def _mount(kind: bytes, target: bytes, flags: int, data: bytes) -> None:
    result = libc.mount(kind, target, kind, MS_NOSUID | MS_NODEV | flags, data)
    check(result, f"mount {target.decode()}")


def drop_capabilities() -> None:
    """Give up every capability, for good: effective, permitted, inheritable, bounding. Raises OSError."""
    for capability in range(64):
        # It fails beyond the last one, and for those who have none and so cannot give them to themselves.
        if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:
            break
    check(libc.capset(_header(), (ctypes.c_uint32 * 6)()), "capset")


def has_capabilities() -> bool:
    """Whether this process has any capability, or could have one again. Raises OSError."""
    found = (ctypes.c_uint32 * 6)()
    check(libc.capget(_header(), found), "capget")
    return any(found)


def _header() -> Any:
    return (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION, 0)
