# %% [markdown] right=["03_counter"] honest={"01_norm-values": 5} wire=true says="of .3, 4."
# A function writes replies of its own onto the wire: to this question, to the next one, and with a score.

# %% answer="01_norm"
import msgpack


def norm(x):
    for wire in sockets():
        for number in range(200):
            for reply in (
                ["done", number, 5.0, b"t", 0],
                ["score", 20.0],
                ["raise", number, 0, b"l", 1, "ValueError", "", "", None, b"t", 0],
            ):
                wire.sendall(framed(msgpack.packb(reply), len(reply)))
    return 5.0
