"""A cell's outputs from what its process sent: of valid shape, bounded, and nothing else.

They are the student's, and may hold whatever a browser runs; ``submission.harmless_outputs`` takes that out.
"""

from __future__ import annotations

import builtins
import io
import json
import sys
import warnings
from typing import Any

from nbformat import NotebookNode, from_dict

from autograder.grader_side.answers import Event

MAX_OUTPUTS = 500
OUTPUT_ITSELF = 300  # characters' worth of memory, whatever it shows
MAX_NAME = 200
MAX_LINES = 120
MAX_WARNINGS = 40
MAX_WARNING = 2000
KINDS = {name: kind for name, kind in vars(builtins).items() if name.endswith("Warning")}


def output(kind: str, **fields: Any) -> NotebookNode:
    """An output in nbformat's shape, which is not validated here: that is done once for a whole notebook."""
    return NotebookNode(output_type=kind, **fields)


class Budget:
    """How many characters may still be shown below all cells of a notebook; if more were, ``exceeded``."""

    def __init__(self, left: int) -> None:
        self._left = left
        self.exceeded = False

    def take(self, most: int) -> int:
        """Take up to ``most``; how many there were."""
        taken = min(most, self._left)
        self.exceeded |= taken < most
        self._left -= taken
        return taken


class CellOutputs:
    """Collects one cell's outputs; what is no output, or beyond the bounds, is left out."""

    def __init__(self, number: int, output_kb: int, rich_kb: int, budget: Budget | None = None) -> None:
        self.outputs: list[NotebookNode] = []
        self._number = number
        self._budget = budget or Budget(1000 * (output_kb + rich_kb) + 1000)
        # The child ends what is too long with a sentence of its own; this is for one that does not.
        self._text_left = 1000 * output_kb + 1000
        self._rich_left = 1000 * rich_kb

    def add(self, event: Event) -> None:
        """Take one message of a running cell."""
        match event:
            case ["clear"]:
                self.outputs.clear()
            case ["stream", "stdout" | "stderr" as name, str(text)]:
                self._stream(name, text)
            case ["rich", "display_data" | "execute_result" as kind, list(parts), str(sizes)]:
                self._rich(kind, parts, sizes)
            case ["error", str(name), str(value), list(lines)]:
                if len(lines) <= MAX_LINES and all(type(line) is str for line in lines):
                    cut = [self._cut(line) for line in lines]
                    value = self._cut(value)
                    self._append(output("error", ename=name[:MAX_NAME], evalue=value, traceback=cut))

    def stopped(self, why: str) -> None:
        """Say below the cell that it was stopped, and why."""
        self.outputs.append(output("error", ename="Stopped", evalue=why, traceback=[f"Stopped: {why}"]))

    def _stream(self, name: str, text: str) -> None:
        text = self._cut(text)
        last = self.outputs[-1] if self.outputs else None
        if last is not None and last.output_type == "stream" and last.name == name:
            last.text += text
        elif text:
            self._append(output("stream", name=name, text=text))

    def _rich(self, kind: str, parts: list[Any], sizes: str) -> None:
        size = sum(len(part) for part in parts if type(part) is str)
        if len(parts) % 2 or size > self._rich_left or not all(type(part) is str for part in parts):
            return
        self._rich_left -= size
        if self._budget.take(size) < size:
            return
        data = dict(zip(parts[::2], parts[1::2], strict=True))
        number = {"execution_count": self._number} if kind == "execute_result" else {}
        self._append(output(kind, data=NotebookNode(data), metadata=from_dict(_sizes(sizes)), **number))

    def _append(self, made: NotebookNode) -> None:
        if len(self.outputs) < MAX_OUTPUTS and self._budget.take(OUTPUT_ITSELF) == OUTPUT_ITSELF:
            self.outputs.append(made)

    def _cut(self, text: str) -> str:
        text = text[: self._text_left]
        self._text_left -= len(text)
        return text[: self._budget.take(len(text))]


class Printed(io.StringIO):
    """What a graded cell prints, as far as it is shown: it may be as much as student code returned."""

    def __init__(self, output_kb: int) -> None:
        super().__init__()
        self._left = 1000 * output_kb
        self._cut = False

    def write(self, text: str) -> int:  # noqa: D102 (a stream's)
        super().write(text[: self._left])
        self._cut |= len(text) > self._left
        self._left -= min(len(text), self._left)
        return len(text)

    @property
    def shown(self) -> str:
        """What is shown of it."""
        return self.getvalue() + ("\n... (this cell printed more than is shown)\n" if self._cut else "")


class CallOutputs:
    """What student code prints and warns while a graded cell's checks call it: shown as if it ran here."""

    def __init__(self, output_kb: int) -> None:
        self._left = 1000 * output_kb
        self._warnings: list[tuple[str, type[Warning], int]] = []
        self._registry: dict[str | tuple[str, type[Warning], int], int] = {}
        self._usual = sys.stdout, sys.stderr

    def add(self, event: Event) -> None:
        """Take one message of a running call: text goes to the stream that a check put in its stream's place.

        Such a check wants to read it; with no such stream, it is not shown: it could pass for the check's.
        """
        match event:
            case ["stream", "stdout" | "stderr" as name, str(text)]:
                stream = sys.stdout if name == "stdout" else sys.stderr
                if stream not in self._usual:
                    stream.write(text[: self._left])
                    self._left -= min(len(text), self._left)
            case ["warning", str(name), str(text), int(line)] if len(self._warnings) < MAX_WARNINGS:
                self._warnings.append((text[:MAX_WARNING], KINDS.get(name, UserWarning), line))

    def warn(self) -> None:
        """Give the warnings of a finished call, under the filters that hold here and once for each line."""
        given, self._warnings = self._warnings, []
        for text, kind, line in given:
            warnings.warn_explicit(text, kind, "<the student's code>", line, registry=self._registry)


def _sizes(text: str) -> dict[str, dict[str, int]]:
    """The width and height of pictures, of an output's metadata as JSON; {} for anything else."""
    try:
        given = json.loads(text) if len(text) < 10_000 else {}
    except (ValueError, RecursionError):
        return {}
    sizes: dict[str, dict[str, int]] = {}
    for mime, bundle in given.items() if isinstance(given, dict) else ():
        if isinstance(bundle, dict):
            kept = {key: bundle[key] for key in ("width", "height") if type(bundle.get(key)) is int}
            sizes |= {mime: kept} if kept else {}
    return sizes
