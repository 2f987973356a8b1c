# %% [markdown] right=["03_counter"] wire=true says="of .3, 4."
# While a cell runs, answers are sent whose sets and dicts have keys with equal hashes.

# %%
import msgpack

prime = 2**61 - 1
keys = [part for n in range(16, 20_016) for part in (b"i", (n * prime).to_bytes(12, "little"))]
answer = msgpack.packb(["event", b"l", 1, b"S", 20_000, *keys])
pairs = [part for n in range(20_000) for part in (b"t", 2, n, n * prime % 2**63, None)]
other = msgpack.packb(["done", 1, b"d", 40_000, *pairs, b"t", 0])
for wire in sockets():
    try:
        wire.sendall(framed(answer, 40_005))
        wire.sendall(framed(other, len(pairs) + 6))
    except OSError:
        continue
