import base64
import io
import struct
import warnings

import pytest
from PIL import Image

from autograder.submission.pictures import is_picture


def picture(kind, size=(3, 2), **options):
    file = io.BytesIO()
    Image.new("L", size).save(file, kind, **options)
    return base64.b64encode(file.getvalue()).decode()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_is_one_under_its_own_type_alone(kind):
    data = picture(kind)
    assert is_picture(f"image/{kind.lower()}", data)
    assert is_picture(f"image/{kind.lower()}", "\n".join(data))
    assert not is_picture("image/png" if kind != "PNG" else "image/gif", data)
    assert not is_picture("image/bmp", data)
    assert not is_picture("text/html", data)
    assert not is_picture("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>")


@pytest.mark.parametrize(
    "data", ["", "AAAA", "no base64", "é", '"><script>', picture("PNG")[:-20], "A" * 9_000_000]
)
def test_what_is_no_picture_is_none(data):
    assert not is_picture("image/png", data)


def test_a_picture_too_large_to_look_at_is_none():
    assert is_picture("image/gif", picture_of_size(8000, 8000))
    assert not is_picture("image/gif", picture_of_size(8001, 8000))
    frames = {"save_all": True, "append_images": [Image.new("L", (3000, 3000), 9)]}
    assert is_picture("image/gif", picture("GIF", (3000, 3000)))
    assert not is_picture("image/gif", picture("GIF", (3000, 3000), **frames))


def moving(kind, width):
    frames = [Image.new("L", (width, 2000), 9)]
    return picture(kind, (width, 2000), save_all=True, append_images=frames)


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_a_picture_that_moves_may_have_four_million_pixels(kind):
    assert is_picture(f"image/{kind.lower()}", moving(kind, 2000))
    assert not is_picture(f"image/{kind.lower()}", moving(kind, 2001))


def test_a_png_counts_as_a_still():
    assert is_picture("image/png", moving("PNG", 2001))


def test_the_text_of_a_picture_may_have_eight_million_characters_and_no_others():
    data = picture("PNG")
    assert is_picture("image/png", data.ljust(8_000_000))
    assert not is_picture("image/png", data.ljust(8_000_001))
    assert not is_picture("image/png", data[:8] + "!" + data[8:])


def test_a_picture_that_would_fill_the_memory_is_none_and_nothing_is_printed():
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        assert not is_picture("image/gif", picture_of_size(10_000, 10_000))
    assert seen == []


def picture_of_size(width, height):
    """The GIF of one pixel, whose header says otherwise."""
    small = base64.b64decode(picture("GIF", (1, 1)))
    return base64.b64encode(small[:6] + struct.pack("<HH", width, height) + small[10:]).decode()
