# %% [markdown] right=["03_counter"] says="norm"
# A descriptor that becomes ready signals its owner: others are named as the owner, and the signal is to kill.

# %%
import fcntl
import os
import signal
import socket
import struct

F_SETOWN_EX, FIOSETOWN = 15, 0x8901
read_end, write_end = os.pipe()


def own(target):
    fcntl.fcntl(read_end, fcntl.F_SETOWN, target)


def own_for_good(target):
    fcntl.fcntl(read_end, F_SETOWN_EX, struct.pack("ii", 1, target))


def own_by_ioctl(target):
    fcntl.ioctl(read_end, FIOSETOWN, struct.pack("i", target))


for target in (os.getppid(), -os.getppid(), 1, 2, 3, *range(os.getpid() - 30, os.getpid())):
    for way in (own, own_for_good, own_by_ioctl):
        if target not in (0, -1, os.getpid()):
            try:
                way(target)
                fcntl.fcntl(read_end, fcntl.F_SETSIG, signal.SIGKILL)
                fcntl.fcntl(read_end, fcntl.F_SETFL, fcntl.fcntl(read_end, fcntl.F_GETFL) | os.O_ASYNC)
                os.write(write_end, b"x")
                os.read(read_end, 1)
            except OSError:
                pass
