"""Landlock: a process may read what is listed, write to its scratch directory, and nothing else on disk.

System call numbers and structures: the kernel's include/uapi/linux/landlock.h; the numbers are the same on
all architectures.
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Iterable

from autograder.student_side.namespaces import check, libc

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_QUERY = 1
PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIRECTORY = 1, 2, 4, 8
RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15}  # how many of the low bits a kernel knows; since then 16
NETWORK_RIGHTS = 3  # bind and connect, since version 4
SCOPES = 3  # abstract sockets and signals
SCOPES_SINCE = 6
ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | 1 << 14 | 1 << 15


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """The kernel's version of Landlock; 0 where there is none."""
    result: int = libc.syscall(CREATE_RULESET, None, 0, VERSION_QUERY)
    return max(result, 0)


def keeps_signals() -> bool:
    """Whether a process that is restricted can signal only what it starts."""
    return version() >= SCOPES_SINCE


def why_not() -> str:
    """Why there is no Landlock here, in words; "" where there is."""
    if version():
        return ""
    number = ctypes.get_errno()
    if number == errno.ENOSYS:
        return "this kernel has no Landlock (it came with Linux 5.13)"
    if number == errno.EOPNOTSUPP:
        return "Landlock was not switched on when this kernel was started"
    return f"asking for Landlock is refused ({os.strerror(number)}), as containers do"


def restrict(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Let this process and all it starts read and execute below ``readable``, write below ``writable`` alone.

    Needs no_new_privs. Paths that do not exist are passed over; raises OSError.
    """
    known = version()
    everything = (1 << RIGHTS_BY_VERSION.get(known, 16)) - 1
    ruleset = _Ruleset(
        everything, NETWORK_RIGHTS if known >= 4 else 0, SCOPES if known >= SCOPES_SINCE else 0
    )
    size = 24 if known >= SCOPES_SINCE else 16 if known >= 4 else 8
    descriptor = check(libc.syscall(CREATE_RULESET, ctypes.byref(ruleset), size, 0), "Landlock")
    for paths, rights in ((readable, EXECUTE | READ_FILE | READ_DIRECTORY), (writable, everything)):
        for path in paths:
            _allow(descriptor, path, rights & everything)
    check(libc.syscall(RESTRICT_SELF, descriptor, 0), "Landlock")
    os.close(descriptor)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        parent = os.open(path, os.O_PATH)
    except FileNotFoundError:
        return
    if not os.path.isdir(path):
        rights &= ON_FILES
    rule = _PathBeneath(rights, parent)
    result = libc.syscall(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0)
    check(result, f"Landlock, {path}")
    os.close(parent)
