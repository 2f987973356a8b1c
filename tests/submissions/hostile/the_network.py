# %% [markdown] right=["03_counter"] says="norm"
# A cell connects to the machine and to the world.

# %%
import socket

for address in (("127.0.0.1", int("@PORT@")), ("localhost", int("@PORT@")), ("1.1.1.1", 53), ("8.8.8.8", 53)):
    try:
        with socket.create_connection(address, timeout=0.3) as connection:
            connection.sendall(b"stolen")
            print("FOUND a way out", address)
    except OSError:
        pass
