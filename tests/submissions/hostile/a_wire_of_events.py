# %% [markdown] right=["03_counter"] wire=true says="of .3, 4."
# While a cell runs, it tells without end of outputs: the dearest frames that are well formed.

# %%
one = b"\xc4\x01l\x00" * 50_000  # empty lists
event = b"\xdd" + struct.pack(">I", 100_003) + b"\xa5event\xc4\x01l\xce" + struct.pack(">I", 50_000) + one
for wire in sockets():
    while True:
        try:
            wire.sendall(framed(event, 100_003))
        except OSError:
            break
