"""What a child gives up before the first line of student code: limits, privileges, files, system calls."""

from __future__ import annotations

import _multiprocessing  # type: ignore[import-not-found]
import contextlib
import os
import socket
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from autograder.student_side import landlock, namespaces, seccomp

try:
    import resource
except ImportError:  # not on Windows, where nothing is confined
    resource = None  # type: ignore[assignment]

PR_GET_SECCOMP = 21
PR_GET_NO_NEW_PRIVS = 39
HARMLESS_DEVICES = ("/dev/urandom", "/dev/random", "/dev/zero")


@dataclass(frozen=True)
class Confinement:
    """How a child is to be confined, as the grader's side asks for it; it travels as a dict."""

    own_namespaces: bool = True
    seccomp: bool = True
    landlock: bool = False
    readable: list[str] = field(default_factory=list)
    scratch: str = "/tmp"
    kept: list[str] = field(default_factory=list)  # what stays to be seen in /tmp
    memory_bytes: int = 2**31
    cpu_seconds: int = 600
    processes: int = 64
    file_bytes: int = 64 * 2**20
    open_files: int = 256
    output_bytes: int = 200_000
    rich_bytes: int = 8 * 2**20
    cores: list[int] = field(default_factory=list)  # where it runs: all of them when there are none


def prepare(wanted: Confinement) -> None:
    """Make before the fork what is the same for every child."""
    if wanted.seccomp and wanted.own_namespaces and seccomp.library() is not None:
        seccomp.program(True)


def confine(wanted: Confinement) -> None:
    """Confine this process, a fresh fork of the server, for good; raises OSError when a part of it fails."""
    if wanted.cores:
        with contextlib.suppress(OSError):  # a core that it may not have makes it slower, no more
            os.sched_setaffinity(0, wanted.cores)
    _be_the_first_to_go()
    if wanted.own_namespaces:
        namespaces.mount_own_places(wanted.kept)
    if wanted.own_namespaces or wanted.landlock:
        namespaces.drop_capabilities()  # root's, too, where student code runs as root
    _limit_resources(wanted)
    namespaces.prctl(namespaces.PR_SET_NO_NEW_PRIVS, 1)
    os.chdir(wanted.scratch)
    if wanted.landlock:
        _multiprocessing.SemLock = NoSemaphore
        landlock.restrict([*wanted.readable, *HARMLESS_DEVICES], [wanted.scratch, "/dev/null"])
    if wanted.seccomp and seccomp.library() is not None:
        seccomp.restrict(wanted.own_namespaces, scoped=wanted.landlock and landlock.keeps_signals())


def _limit_resources(wanted: Confinement) -> None:
    limits = {
        resource.RLIMIT_AS: address_space_in_use() + wanted.memory_bytes,
        resource.RLIMIT_CPU: wanted.cpu_seconds,
        resource.RLIMIT_FSIZE: wanted.file_bytes,
        resource.RLIMIT_NOFILE: wanted.open_files,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    if wanted.own_namespaces:
        # Elsewhere the count would include the user's other processes, and refuse honest ones.
        limits[resource.RLIMIT_NPROC] = wanted.processes
    for limit, value in limits.items():
        hard = resource.getrlimit(limit)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, value))


class NoSemaphore:
    """In the place of a semaphore of multiprocessing's: it would be shared memory, and stay for others."""

    SEM_VALUE_MAX = 1

    def __init__(self, *_: Any) -> None:
        raise OSError(
            "processes share no lock, queue or pool behind Landlock, where this was graded; threads do "
            "(concurrent.futures.ThreadPoolExecutor)"
        )


def _be_the_first_to_go() -> None:
    """Where the machine, or a control group, has no memory left, the kernel ends this, not the grader."""
    with contextlib.suppress(OSError):  # no /proc to write to: it takes who has most
        Path("/proc/self/oom_score_adj").write_text("1000")


def address_space_in_use() -> int:
    """The bytes of address space that this process has; what RLIMIT_AS counts."""
    # Without a file object: a fresh fork pays for every page that it touches.
    descriptor = os.open("/proc/self/statm", os.O_RDONLY)
    try:
        return int(os.read(descriptor, 100).split()[0]) * resource.getpagesize()
    finally:
        os.close(descriptor)


def probe() -> dict[str, Any]:
    """What holds for this process, found by trying rather than by remembering what was asked for."""
    places = ("/", "/usr", "/home", "/etc", "/dev", "/var/tmp")
    return {
        "uid": os.getuid(),
        "own_pids": os.getpid() == 1,
        "capabilities": namespaces.has_capabilities(),
        "no_new_privs": namespaces.libc.prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1,
        "seccomp": namespaces.libc.prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == seccomp.SECCOMP_MODE_FILTER,
        "network": _reaches_a_network(),
        "reads": all(_can_read(str(module.__file__)) for module in (os, np)),
        "writable": [place for place in places if _can_write(place)],
        "memory_bytes": resource.getrlimit(resource.RLIMIT_AS)[0],
    }


def _reaches_a_network() -> bool:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()
    except OSError:
        return False
    return any(name != "lo" for _, name in socket.if_nameindex())


def _can_read(path: str) -> bool:
    try:
        os.close(os.open(path, os.O_RDONLY))
    except OSError:
        return False
    return True


def _can_write(place: str) -> bool:
    try:
        descriptor, path = tempfile.mkstemp(dir=place)
    except OSError:
        return False
    os.close(descriptor)
    os.unlink(path)
    return True
