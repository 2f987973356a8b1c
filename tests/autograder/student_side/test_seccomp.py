"""Which calls the filter refuses: by reading it as the kernel does."""

import errno
import fcntl
import os
import socket
import struct

import pytest

from autograder.student_side import seccomp

pytestmark = pytest.mark.skipif(seccomp.library() is None, reason="libseccomp is not installed")

ALLOWED, REFUSED, UNKNOWN = 0x7FFF0000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS
PRETENDED = 0x50000
MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
OWN = 1234
ANYWHERE = """
 ptrace process_vm_readv process_vm_writev pidfd_getfd kcmp mount umount2 pivot_root chroot move_mount
open_tree open_tree_attr fsopen fsmount fsconfig fspick mount_setattr swapon swapoff quotactl
name_to_handle_at open_by_handle_at setns unshare bpf perf_event_open userfaultfd keyctl add_key
request_key io_uring_setup io_uring_enter io_uring_register kexec_load kexec_file_load reboot init_module
finit_module delete_module acct syslog settimeofday clock_settime clock_adjtime adjtimex sethostname
setdomainname vhangup mknodat
"""
WITHOUT_LIMIT = """
memfd_create shmget shmat shmctl semget semctl semop semtimedop msgget msgctl msgsnd msgrcv
mq_open mq_unlink io_setup inotify_init1 fanotify_init
"""
SHARED = """
setsid setpgid kill tkill pidfd_open pidfd_send_signal rt_sigqueueinfo rt_tgsigqueueinfo
ioprio_set process_madvise process_mrelease
fchown fchownat setxattr lsetxattr fsetxattr setxattrat removexattr
lremovexattr fremovexattr removexattrat file_setattr truncate
"""
FREE = "read write mmap exit_group brk futex getpid execve rt_sigaction stat getrandom ftruncate pipe2 wait4"
NEW = {"fchmodat2": 452, "setxattrat": 463, "removexattrat": 466, "open_tree_attr": 467, "file_setattr": 469}
NEW["process_mrelease"] = 448


def number_of(call):
    if call in NEW:
        return NEW[call]
    return seccomp.library().seccomp_syscall_resolve_name(call.encode())


def verdict(program, call, *arguments):
    """What a filter says of a call: its instructions are run, those of which libseccomp makes use."""
    machine = MACHINES.get(os.uname().machine)
    if machine is None:
        pytest.skip("only the numbers of x86_64 and aarch64 are known here")
    words = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<iIQ6Q", number_of(call), machine, 0, *(word % 2**64 for word in words))
    instructions = list(struct.iter_unpack("<HBBI", program))
    at, accumulator = 0, 0
    tests = {0x15: int.__eq__, 0x25: int.__gt__, 0x35: int.__ge__, 0x45: lambda a, k: a & k != 0}
    while True:
        code, true, false, k = instructions[at]
        at += 1
        if code == 0x06:
            return k
        if code == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, k)
        elif code == 0x54:
            accumulator &= k
        elif code == 0x05:
            at += k
        else:
            at += true if tests[code](accumulator, k) else false


@pytest.fixture(autouse=True)
def nothing_kept():
    seccomp.program.cache_clear()
    yield
    seccomp.program.cache_clear()


@pytest.fixture
def apart():
    """The filter where the process has namespaces of its own."""
    return seccomp.program(True)


@pytest.fixture
def among_others():
    """The filter where it shares them."""
    return seccomp.program(False, OWN)


def test_what_no_notebook_needs_is_refused_with_namespaces_and_without(apart, among_others):
    for call in (ANYWHERE + WITHOUT_LIMIT).split():
        assert verdict(apart, call) == verdict(among_others, call) == REFUSED, call


def test_what_would_reach_others_is_refused_only_without_namespaces(apart, among_others):
    for call in SHARED.split():
        assert (verdict(apart, call), verdict(among_others, call)) == (ALLOWED, REFUSED), call


def test_who_copied_a_file_hears_that_the_copy_has_its_mode_and_times(apart, among_others):
    for call in ("fchmod", "fchmodat", "fchmodat2"):
        assert (verdict(apart, call), verdict(among_others, call)) == (ALLOWED, PRETENDED), call
    times = [verdict(among_others, "utimensat", 7, 7, pointer) for pointer in (1, 1 << 32, 0)]
    assert times == [PRETENDED, PRETENDED, REFUSED]  # without times it may be to see whether a file is there
    assert verdict(apart, "utimensat") == ALLOWED


def test_signals_are_sent_where_the_kernel_keeps_them_among_ones_own(among_others):
    scoped = seccomp.program(False, OWN, True)
    assert [verdict(program, "kill") for program in (among_others, scoped)] == [REFUSED, ALLOWED]
    assert [verdict(scoped, call) for call in ("tkill", "rt_sigqueueinfo", "setpgid")] == [REFUSED] * 3


def test_what_programs_need_is_allowed(apart, among_others):
    for call in FREE.split():
        assert verdict(apart, call) == verdict(among_others, call) == ALLOWED, call


@pytest.mark.parametrize("bit", range(32))
def test_a_new_process_gets_no_namespace_and_may_be_made(apart, bit):
    makes = bit in (17, 25, 26, 27, 28, 29, 30)  # mount, cgroup, uts, ipc, user, pid, net
    assert verdict(apart, "clone", 1 << bit) == (REFUSED if makes else ALLOWED)
    assert verdict(apart, "clone3") == UNKNOWN


def test_sockets_are_of_this_machine_or_none(apart, among_others):
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, socket.AF_PACKET, 0):
        assert verdict(apart, "socket", family) == verdict(among_others, "socket", family) == REFUSED
    assert verdict(apart, "socket", socket.AF_UNIX) == ALLOWED
    assert verdict(among_others, "socket", socket.AF_UNIX) == REFUSED


@pytest.mark.parametrize("more", [0, socket.SOCK_CLOEXEC, 1 << 32])
def test_a_pair_of_sockets_reaches_nobody_by_a_name(apart, among_others, more):
    kinds = (socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM, socket.SOCK_RAW)

    def made(program, family=socket.AF_UNIX):
        return [verdict(program, "socketpair", family, kind | more) for kind in kinds]

    assert made(apart) == [ALLOWED] * 4
    assert made(among_others) == [ALLOWED, ALLOWED, REFUSED, REFUSED]
    assert made(apart, socket.AF_TIPC) == made(among_others, socket.AF_TIPC) == [REFUSED] * 4


def test_nothing_is_typed_into_a_terminal_whatever_stands_in_the_upper_half(apart, among_others):
    for request in (0x5412, 0x541C):
        for high in (0, 1 << 32):
            assert verdict(apart, "ioctl", 1, high | request) == REFUSED
            assert verdict(among_others, "ioctl", 1, high | request) == REFUSED
    assert verdict(apart, "ioctl", 0x5412, 0x5401) == ALLOWED
    assert verdict(apart, "ioctl", 1, 0x5413) == verdict(among_others, "ioctl", 1, 0x5413) == ALLOWED


@pytest.mark.parametrize("high", [0, 1 << 32])
def test_no_file_that_can_be_read_is_held_or_watched(apart, among_others, high):
    for command in (fcntl.F_SETLEASE, fcntl.F_NOTIFY, 1040):  # the last is F_SETDELEG
        for program in (apart, among_others):
            assert verdict(program, "fcntl", 3, high | command) == REFUSED
            assert verdict(program, "fcntl", command, high | fcntl.F_SETFL) == ALLOWED
            assert verdict(program, "fcntl", 3, high | command ^ 1) == ALLOWED


@pytest.mark.parametrize("high", [0, 1 << 32])
def test_no_descriptor_signals_others(apart, among_others, high):
    for command in (8, 15):
        answers = [verdict(program, "fcntl", 3, high | command) for program in (apart, among_others)]
        assert answers == [ALLOWED, REFUSED]
        assert verdict(among_others, "fcntl", command, high | 1) == ALLOWED
        assert verdict(among_others, "fcntl", 3, high | command ^ 1) == ALLOWED


OF_FILE_SYSTEMS = {
    "an owner that is signalled": (0x8901, 0x8902),
    "attributes": (0x40086602, 0x401C5820),
    "the version of an inode": (0x40087602,),
    "verity and encryption": (0x40806685, 0x800C6613),
    "a subvolume, a snapshot": (0x5000940E, 0x50009417),
}


@pytest.mark.parametrize("what", OF_FILE_SYSTEMS)
def test_a_descriptor_changes_nothing_of_its_file_system(apart, among_others, what):
    for request in OF_FILE_SYSTEMS[what]:
        assert verdict(apart, "ioctl", 3, request) == ALLOWED
        assert verdict(among_others, "ioctl", 3, request) == REFUSED
        assert verdict(among_others, "ioctl", 3, 1 << 32 | request) == REFUSED
    for usual in (0x5401, 0x5413, 0x541B, 0x5421, 0x5451):  # is it a terminal, its size, what waits, flags
        assert verdict(among_others, "ioctl", 3, usual) == ALLOWED


@pytest.mark.parametrize("call", ["open", "openat"])
def test_no_file_is_cut_short_by_reading_it(apart, among_others, call):
    if number_of(call) < 0:
        pytest.skip(f"there is no {call} on this machine")

    def opened(program, flags):
        return verdict(program, call, *([7, flags] if call == "open" else [7, 7, flags]))

    cut = os.O_RDONLY | os.O_TRUNC
    assert opened(apart, cut) == ALLOWED
    for more in (0, os.O_CLOEXEC, os.O_CREAT):
        assert opened(among_others, cut | more) == REFUSED
    for flags in (os.O_RDONLY, os.O_WRONLY | os.O_TRUNC, os.O_RDWR | os.O_TRUNC, os.O_CREAT):
        assert opened(among_others, flags) == ALLOWED
    assert [verdict(program, "openat2") for program in (apart, among_others)] == [ALLOWED, UNKNOWN]


def test_limits_and_cores_of_others_are_not_changed(apart, among_others):
    for call in ("prlimit64", "sched_setaffinity"):
        assert [verdict(apart, call, pid) for pid in (0, 99)] == [ALLOWED, ALLOWED]
        assert [verdict(among_others, call, pid) for pid in (0, 99, 1 << 32)] == [ALLOWED, REFUSED, REFUSED]


def test_who_would_give_way_to_others_or_hold_a_file_hears_that_it_is_done(apart, among_others):
    for call in (
        "setpriority",
        "sched_setscheduler",
        "sched_setattr",
        "sched_setparam",
        "flock",
        "sync",
        "syncfs",
    ):
        assert verdict(apart, call) == verdict(among_others, call) == PRETENDED, call


def test_a_process_may_signal_its_own_threads_alone(apart, among_others):
    assert [verdict(among_others, "tgkill", pid) for pid in (OWN, OWN + 1)] == [ALLOWED, REFUSED]
    assert verdict(apart, "tgkill", OWN + 1) == ALLOWED


def test_a_filter_is_made_once(apart):
    assert seccomp.program(True) is apart
    assert seccomp.program(False, 1) != seccomp.program(False, 2)


def test_a_call_that_nobody_knows_is_passed_over():
    rules = seccomp.Filter(seccomp.library())
    rules.refuse("no_such_call_at_all")
    rules.refuse("getppid")
    program = rules.program()
    assert verdict(program, "getppid") == REFUSED
    assert verdict(program, "getpid") == ALLOWED
