# %% [markdown] right=["03_counter"] wire=true says="of .3, 4."
# While a cell runs, frames of millions of empty arrays are sent, as they were once read and as they are now.

# %%
def array(count):
    return b"\xdd" + struct.pack(">I", count)


inner = array(199_000) + b"\x90" * 199_000
nested = b"\x93\xa1x" + array(40) + inner * 40 + b"\xc0"
flat = array(300_001) + b"\xa1x" + b"\x90" * 300_000
for wire in sockets():
    for _ in range(160):
        try:
            wire.sendall(struct.pack(">I", len(nested)) + nested)
            wire.sendall(framed(nested, 3))
            wire.sendall(framed(flat, 300_001))
        except OSError:
            break
