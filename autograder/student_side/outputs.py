"""What a cell shows, sent on as it is produced and bounded in bytes: streams, rich results, errors."""

from __future__ import annotations

import base64
import io
import json
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any, TextIO

from autograder.student_side.texts import clean

HELD_BACK = 4096
LONGEST_WAIT = 0.2
MAX_TRACEBACK_LINES = 100
MAX_LINE = 2000
MAX_WARNINGS = 20

Send = Callable[[list[Any]], None]


class Outputs:
    """Collects what a cell writes and sends it in pieces; ``start`` begins a new allowance of bytes."""

    def __init__(self, send: Send, text_bytes: int, rich_bytes: int) -> None:
        self._send = send
        self._most_text = text_bytes
        self._text_left = text_bytes
        self._rich_left = rich_bytes
        self._name = "stdout"
        self._pieces: list[str] = []
        self._held = 0
        self._sent_at = 0.0
        self._warned: set[tuple[str, str, int]] = set()

    def start(self) -> None:
        """Begin a new cell or call: its streams may be as long again."""
        self._text_left = self._most_text
        self._warned.clear()

    def text(self, name: str, text: str) -> None:
        """Add text to the stream ``name``; what goes beyond the allowance is dropped, and said to be."""
        if self._text_left <= 0 or not text:
            return
        if name != self._name:
            self.flush()
            self._name = name
        if len(text) > self._text_left:
            text = (
                text[: self._text_left] + f"\n... the output ends here, after {self._most_text} characters\n"
            )
            self._text_left = 0
        self._text_left -= len(text)
        self._pieces.append(text)
        self._held += len(text)
        if self._held > HELD_BACK or time.monotonic() - self._sent_at > LONGEST_WAIT:
            self.flush()

    def flush(self) -> None:
        """Send what is held back."""
        pieces, self._pieces, self._held = self._pieces, [], 0
        if pieces:
            self._send(["stream", self._name, clean("".join(pieces), None)])
            self._sent_at = time.monotonic()

    def rich(self, kind: str, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Send a mime bundle as ``execute_result`` or ``display_data``; drop one beyond the allowance."""
        self.flush()
        bundle = {mime: _encoded(value) for mime, value in data.items()}
        size = sum(len(value) for value in bundle.values())
        if size > self._rich_left:
            bundle = {"text/plain": "(dropped: this notebook shows more than it may)"}
        self._rich_left -= min(size, self._rich_left)
        sizes = json.dumps(_picture_sizes(metadata))
        self._send(["rich", kind, [part for item in bundle.items() for part in item], sizes])

    def error(self, name: str, value: str, traceback: list[str]) -> None:
        """Send an error as it is shown below a cell."""
        self.flush()
        lines = "\n".join(traceback).splitlines()
        if len(lines) > MAX_TRACEBACK_LINES:
            half = MAX_TRACEBACK_LINES // 2
            lines = [*lines[:half], "...", *lines[-half:]]
        self._send(
            ["error", clean(name, None), clean(value, MAX_LINE), [clean(line, MAX_LINE) for line in lines]]
        )

    def warning(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        """Send a warning, once for each line that gives it; takes the place of ``warnings.showwarning``."""
        warning = (category.__name__, clean(str(message), MAX_LINE), lineno)
        if warning not in self._warned and len(self._warned) < MAX_WARNINGS:
            self._warned.add(warning)
            self.flush()
            self._send(["warning", *warning])

    def clear(self) -> None:
        """Take back what the cell has shown so far."""
        self.flush()
        self._send(["clear"])


def _encoded(value: Any) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return clean(value if isinstance(value, str) else json.dumps(value, default=str), None)


def _picture_sizes(metadata: dict[str, Any]) -> dict[str, Any]:
    return {
        mime: value
        for mime, value in metadata.items()
        if isinstance(value, dict) and mime.startswith("image/")
    }


class Stream(io.TextIOBase):
    """The student's sys.stdout or sys.stderr: text goes to an Outputs, and there is no file behind it."""

    encoding = "utf-8"

    def __init__(self, outputs: Outputs, name: str) -> None:
        self._outputs = outputs
        self.name = name

    def write(self, text: str) -> int:
        """Send text on; its length."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outputs.text(self.name, str(text))
        return len(text)

    def writable(self) -> bool:
        """Always."""
        return True

    def flush(self) -> None:
        """Nothing to do: what is held back goes out at the end of the cell at the latest."""


class captured:  # noqa: N801 (a block's word, like contextlib's; a class costs less at every call)
    """Send what the block writes to sys.stdout and sys.stderr, and all its warnings, to ``outputs``."""

    def __init__(self, outputs: Outputs) -> None:
        self._outputs = outputs
        self._warnings = warnings.catch_warnings()

    def __enter__(self) -> None:
        self._kept = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = Stream(self._outputs, "stdout"), Stream(self._outputs, "stderr")
        self._outputs.start()
        self._warnings.__enter__()
        warnings.simplefilter("always")
        warnings.showwarning = self._outputs.warning

    def __exit__(self, *error: Any) -> None:
        try:
            self._warnings.__exit__(*error)
        finally:
            sys.stdout, sys.stderr = self._kept
            self._outputs.flush()
