"""Who gives meaning to what is no plain data, on its way across."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from autograder.student_side.frames import WireError
from autograder.student_side.keys import MAX_DEPTH

if TYPE_CHECKING:
    from autograder.student_side.decoder import Decoder
    from autograder.student_side.encoder import Encoder


class Translator(Protocol):
    """Gives meaning to what is not plain data: objects that stay behind, functions, what was lent.

    A container nested in ``deepest`` others is not plain data, either. ``marks`` says whether ``mark`` may
    have something to put.
    """

    @property
    def deepest(self) -> int:  # noqa: D102 (see above)
        ...

    @property
    def marks(self) -> bool:  # noqa: D102 (see above)
        ...

    def encode(self, value: Any, encoder: Encoder, depth: int) -> None:
        """Put what is no plain data; raises where it cannot be."""

    def mark(self, value: Any, encoder: Encoder) -> None:
        """Put before a list, dict, set or array what the other side knows it by, if anything."""

    def decode(self, tag: bytes, decoder: Decoder, depth: int) -> Any:
        """The value that begins with a tag of the translator's own; WireError when there is none."""


class Plain:
    """The translator of messages that hold plain data only."""

    deepest = MAX_DEPTH
    marks = False

    def encode(self, value: Any, encoder: Encoder, depth: int) -> None:
        """Refuse the value."""
        raise WireError(f"a value of type {type(value).__name__} is not plain data")

    def mark(self, value: Any, encoder: Encoder) -> None:
        """Nothing is known."""

    def decode(self, tag: bytes, decoder: Decoder, depth: int) -> Any:
        """Refuse the tag."""
        raise WireError("a value is not plain data")
