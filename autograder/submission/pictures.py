"""Pictures in a student's notebook: those that are what they say they are, and of a size to look at.

What a drawing in SVG costs a browser nothing tells beforehand: a kilobyte of dashes, or of shapes that are
made of others, keeps it busy for minutes. So none is shown.
"""

from __future__ import annotations

import base64
import io
import warnings

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
PICTURES = tuple(FORMATS)
MAX_TEXT = 8_000_000
MAX_PIXELS = 64_000_000
MAX_MOVING_PIXELS = 4_000_000  # an animation is decoded as often as it has frames


def is_picture(mime: str, data: str) -> bool:
    """Whether ``data`` is base64 of a picture of that type, whose header says it can be shown."""
    if len(data) > MAX_TEXT:
        return False
    from PIL import Image

    try:
        decoded = base64.b64decode("".join(data.split()), validate=True)
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # of sizes that would fill the memory
            with Image.open(io.BytesIO(decoded), formats=[FORMATS[mime]]) as picture:
                pixels = picture.width * picture.height
                moves = mime in ("image/gif", "image/webp") and getattr(picture, "is_animated", False)
                picture.verify()
    except Exception:  # no such type, no base64, or whatever Pillow makes of bytes that are no picture
        return False
    return pixels <= (MAX_MOVING_PIXELS if moves else MAX_PIXELS)
