# %% [markdown] right="all" says="norm"
# Pictures that are none, that say they are billions of points large, or that move without end.

# %%
import base64
import struct
import zlib

from IPython.display import publish_display_data


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(10_000_000))) + chunk(b"IEND", b"")
    )


def gif(frames):
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 60000, 60000, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", 60000, 60000, 0x80, 0, 0) + bytes(6) + frame * frames + b";"


for mime, data in [
    ("image/png", png(60000, 60000)),
    ("image/gif", gif(100_000)),
    ("image/jpeg", b"no picture"),
]:
    publish_display_data({mime: base64.b64encode(data).decode(), "text/plain": "a picture"})
publish_display_data({"image/png": "A" * 9_000_000, "text/plain": "a picture"})
publish_display_data({"image/png": '" onerror=PAYLOAD x="', "text/plain": "a picture"})
