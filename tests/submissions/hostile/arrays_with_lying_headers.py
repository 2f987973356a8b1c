# %% [markdown] right=["03_counter"] honest={"01_norm-values": 5} wire=true says="of .3, 4."
# Arrays come with dtypes, shapes and sizes that do not fit their bytes.

# %% answer="01_norm"
import msgpack

lies = [
    [b"a", "float64 C", 1, 10**12],
    [b"a", "float64 C", 1, -1],
    [b"a", "float64 C", 2, 2**63, 2**63],
    [b"a", "float64 C", 10**9],
    [b"a", "object C", 1, 1],
    [b"a", "O", 1, 1],
    [b"a", 7, 7],
    [b"s", "float64", b""],
    [b"s", "V8", b"x" * 8],
    [b"h", 2**63, "x", "y", "c"],
    [b"h", 0, "Checks", "score", "c"],
    [b"c", -1],
    [b"d", 1, "x"],
    [b"l", 1] * 1000,
]


def norm(x):
    message = ["done", 3, *(lies.pop(0) if lies else [None]), b"t", 0]
    tree = msgpack.packb(message)
    for wire in sockets():
        wire.sendall(framed(tree, len(message)))
    return 5.0
