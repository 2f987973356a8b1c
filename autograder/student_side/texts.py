"""Texts that cross the wall, either way: short, and of letters that are letters."""

from __future__ import annotations

MAX_MESSAGE = 2000


def clean(text: str, longest: int | None = MAX_MESSAGE) -> str:
    """A text that crosses: no longer than that, and without halves of surrogate pairs."""
    return text[:longest].encode("utf-8", "replace").decode()


def text_of(error: BaseException) -> str:
    """What an exception says, whatever its class makes of that."""
    try:
        text = str(error)
    except Exception as second:
        text = f"(its text could not be made: {type(second).__name__})"
    return clean(text)
