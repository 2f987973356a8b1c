"""A forked child's own view of the machine: its processes, mounts and memory segments, and nobody else's."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_BIND = 4096
MS_REC = 16384

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38

SCRATCH_BYTES = 64 * 2**20
SHARED_BYTES = 16 * 2**20

libc = ctypes.CDLL(None, use_errno=True)


def check(result: int, what: str) -> int:
    """The result of a system call, or OSError with what was tried when it is negative."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def prctl(option: int, value: int) -> None:
    """Set an option of this process; raises OSError."""
    check(libc.prctl(option, value, 0, 0, 0), f"prctl({option})")


def unshare_all() -> None:
    """Leave every shared namespace; the next process forked is pid 1 of a new one. Raises OSError."""
    uid, gid = os.getuid(), os.getgid()
    flags = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET
    check(libc.unshare(flags), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def mount_own_places(kept: Iterable[str] = ()) -> None:
    """Mount a /proc of this pid namespace and empty scratch directories; call it as pid 1; raises OSError.

    ``kept`` names directories under /tmp that stay to be seen, as read-only as they were: where the whole
    project lies there, Python's environment does too.
    """
    held = {path: os.open(path, os.O_PATH | os.O_DIRECTORY) for path in kept}
    _mount(b"proc", b"/proc", MS_NOEXEC, b"")
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
    """Give up what creating the namespaces granted in them: effective, permitted, inheritable, bounding."""
    for capability in range(64):
        if libc.prctl(24, capability, 0, 0, 0) < 0:  # PR_CAPBSET_DROP; fails beyond the last one
            break
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    none = (ctypes.c_uint32 * 6)()
    check(libc.capset(header, none), "capset")
