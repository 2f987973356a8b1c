import base64
import io
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


@pytest.mark.parametrize(
    "data", ["", "AAAA", "no base64", "é", '"><script>', picture("PNG")[:-20], "A" * 9_000_000]
)
def test_what_is_no_picture_is_none(data):
    assert not is_picture("image/png", data)


def test_a_picture_too_large_to_look_at_is_none():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert is_picture("image/png", picture("PNG", (7000, 7000)))
        assert not is_picture("image/png", picture("PNG", (9000, 9000)))
    frames = {"save_all": True, "append_images": [Image.new("L", (3000, 3000), 9)]}
    assert is_picture("image/gif", picture("GIF", (3000, 3000)))
    assert not is_picture("image/gif", picture("GIF", (3000, 3000), **frames))
    assert not is_picture("image/svg+xml", "<svg/>" * 10**6)
