"""What keeps each rung of the ladder from holding on this machine, found by trying, with what would mend it.

One table for whoever refuses to grade and for `course doctor`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder.grader_side import command
from autograder.student_side import landlock, seccomp

SETTINGS = Path("/proc/sys")
# setting -> the value that forbids user namespaces, and one that allows them
NAMESPACES = {
    "kernel.unprivileged_userns_clone": ("0", "1"),
    "user.max_user_namespaces": ("0", "10000"),
    "kernel.apparmor_restrict_unprivileged_userns": ("1", "0"),
}
NO_FILTER = "0"


@dataclass(frozen=True)
class Obstacle:
    """Why a rung does not hold, as a clause, and the command that mends it ("" when none does)."""

    says: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.says} (`{self.mend}`)" if self.mend else self.says


def of_bubblewrap() -> Obstacle | None:
    """What keeps bubblewrap from being tried."""
    if sys.platform != "linux":
        return _only_linux()
    if command.bubblewrap_program() is None:
        return Obstacle("bubblewrap is not installed", "apt-get install bubblewrap")
    return None


def of_landlock() -> Obstacle | None:
    """What keeps the Landlock rung from being tried."""
    if sys.platform != "linux":
        return _only_linux()
    if why_not := landlock.why_not():
        return Obstacle(why_not)
    return of_seccomp()


def of_seccomp() -> Obstacle | None:
    """What keeps system calls from being filtered."""
    if sys.platform == "linux" and seccomp.library() is not None:
        return None
    return Obstacle("libseccomp is not installed", "apt-get install libseccomp2")


def of_namespaces() -> Obstacle | None:
    """What keeps an ordinary user from making user namespaces; tried as one.

    No reason not to try bubblewrap, which AppArmor may allow what it forbids to others.
    """
    if sys.platform != "linux":
        return _only_linux()
    user = {"user": command.NOBODY, "group": command.NOBODY, "extra_groups": ()} if os.getuid() == 0 else {}
    line = ["unshare", "--user", "--map-root-user", "true"]
    try:
        tried = subprocess.run(line, cwd="/", capture_output=True, check=False, **user)  # type: ignore[call-overload]
    except OSError:  # without util-linux, or the right to change the user, only bubblewrap itself can tell
        return None
    if tried.returncode == 0:
        return None
    forbidding = {name: allow for name, (forbid, allow) in NAMESPACES.items() if setting(name) == forbid}
    if forbidding:
        named = " and ".join(f"{name} is {NAMESPACES[name][0]}" for name in forbidding)
        mend = " && ".join(f"sysctl -w {name}={allow}" for name, allow in forbidding.items())
        return Obstacle(f"user namespaces are forbidden: {named}", mend)
    if _filtered():
        return Obstacle("user namespaces are refused by a system call filter, as a container's host sets it")
    return Obstacle("user namespaces are refused, by no setting that is known here")


def setting(name: str) -> str:
    """The value of a kernel's setting, "" where there is none."""
    try:
        return (SETTINGS / name.replace(".", "/")).read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _filtered() -> bool:
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return False
    return any(line.startswith("Seccomp:") and line.split()[1] != NO_FILTER for line in lines)


def _only_linux() -> Obstacle:
    return Obstacle(f"sandboxes are made for Linux, and this is {sys.platform}")
