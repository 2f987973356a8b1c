# %% [markdown] right=["03_counter"] wire=true says="of .3, 4."
# Random bytes are written onto every socket, and the socket is closed.

# %%
for wire in sockets():
    wire.sendall(os.urandom(2**16))
    wire.shutdown(socket.SHUT_RDWR)
