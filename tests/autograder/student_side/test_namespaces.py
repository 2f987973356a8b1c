"""A fork with its own view of the machine, and one without any capability, each looked at from within."""

import errno
import json
import os
import platform
from pathlib import Path

import pytest
from forks import found_in_a_fork, refusal

from autograder.student_side import namespaces

PR_GET_DUMPABLE, PR_SET_DUMPABLE = 3, 4  # of <linux/prctl.h>


def apart(work):
    """What work finds as pid 1 of namespaces of its own, who it was before; skips where that is refused."""
    user = os.getuid(), os.getgid()
    receiving, sending = os.pipe()
    try:
        child = namespaces.fork_apart()
    except OSError as error:
        os.close(receiving)
        os.close(sending)
        pytest.skip(f"namespaces may not be made here: {error}")
    if child == 0:
        try:
            try:
                namespaces.keep_user(*user)
                said = {"found": work()}
            except BaseException as error:
                said = {"raised": repr(error)}
            os.write(sending, json.dumps(said).encode())
        finally:
            os._exit(0)
    os.close(sending)
    with os.fdopen(receiving, "rb") as file:
        said = json.loads(file.read() or b"{}")
    assert os.waitpid(child, 0) == (child, 0)
    assert "found" in said, said
    return said["found"]


def test_a_fork_apart_is_the_first_process_and_who_it_was_before():
    def work():
        maps = [Path(f"/proc/self/{name}").read_text().split() for name in ("uid_map", "gid_map")]
        return [
            os.getpid(),
            os.getppid(),
            os.getuid(),
            os.getgid(),
            Path("/proc/self/setgroups").read_text(),
            maps,
        ]

    user, group = os.getuid(), os.getgid()
    found = apart(work)
    assert found[:5] == [1, 0, user, group, "deny\n"]
    assert found[5] == [[str(user), str(user), "1"], [str(group), str(group), "1"]]


def test_a_fork_apart_shares_no_namespace_that_it_is_to_have():
    names = ("user", "pid", "mnt", "ipc", "uts", "net")
    inside = apart(lambda: [os.stat(f"/proc/thread-self/ns/{name}").st_ino for name in names])
    for name, number in zip(names, inside, strict=True):
        assert number != os.stat(f"/proc/self/ns/{name}").st_ino, name


def test_its_places_are_empty_small_and_its_own(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_text("seen")
    kept = str(tmp_path / "kept")

    def work():
        namespaces.mount_own_places([kept])
        flags = [os.statvfs(place).f_flag & 0b1110 for place in ("/proc", "/tmp", "/dev/shm")]
        sizes = [(s := os.statvfs(place)).f_frsize * s.f_blocks for place in ("/tmp", "/dev/shm")]
        files = [os.statvfs(place).f_files for place in ("/tmp", "/dev/shm")]
        modes = [os.stat(place).st_mode & 0o7777 for place in ("/tmp", "/dev/shm")]
        pids = [name for name in os.listdir("/proc") if name.isdigit()]
        text = Path(os.path.join(kept, "file")).read_text()
        return [flags, sizes, files, modes, pids, os.listdir("/dev/shm"), text, os.listdir("/tmp")]

    try:
        found = apart(work)
    except AssertionError as error:
        if os.strerror(errno.EPERM) not in str(error):
            raise
        pytest.skip(f"nothing may be mounted here: {error}")
    assert found[0] == [14, 6, 14]  # no set-user-id, no devices, and but for /tmp no programs
    assert found[1] == [64 * 2**20, 16 * 2**20]
    assert found[2] == [8192, 64]
    assert found[3] == [0o1777, 0o1777]
    assert found[4:7] == [["1"], [], "seen"]
    assert found[7] == ([tmp_path.parts[2]] if tmp_path.is_relative_to("/tmp") else [])


def test_capabilities_are_given_up_for_good():
    def work():
        before = namespaces.has_capabilities()
        namespaces.drop_capabilities()
        status = Path("/proc/self/status").read_text()
        return [before, namespaces.has_capabilities(), refusal(os.chroot, "/"), status]

    before, after, refused, status = found_in_a_fork(work)
    assert (before, after, refused) == (os.getuid() == 0, False, errno.EPERM)
    values = dict(line.split(":\t") for line in status.splitlines() if line.startswith("Cap"))
    names = ["CapInh", "CapPrm", "CapEff", "CapAmb", *(["CapBnd"] if before else [])]
    assert {values[name] for name in names} == {"0" * 16}


def test_an_option_of_this_process_is_set_or_refused():
    def work():
        namespaces.prctl(PR_SET_DUMPABLE, 0)
        return [namespaces.libc.prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), refusal(namespaces.prctl, 9999, 1)]

    assert found_in_a_fork(work) == [0, errno.EINVAL]
    with pytest.raises(OSError, match=r"prctl\(9999\): "):
        namespaces.prctl(9999, 1)


def test_a_negative_result_is_an_error_and_any_other_is_the_result():
    namespaces.ctypes.set_errno(errno.EPERM)
    assert [namespaces.check(result, "tried") for result in (0, 7)] == [0, 7]
    with pytest.raises(OSError, match=f"tried: {os.strerror(errno.EPERM)}") as raised:
        namespaces.check(-1, "tried")
    assert raised.value.errno == errno.EPERM


def test_a_machine_whose_calls_are_not_known_is_named(monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "abacus")
    with pytest.raises(OSError, match="the number of the clone call is not known for abacus"):
        namespaces.fork_apart()
