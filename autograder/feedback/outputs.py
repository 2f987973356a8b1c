"""What a student's cell showed when it was graded, as pieces of a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from nbconvert.filters import strip_ansi
from nbformat.notebooknode import NotebookNode

from autograder.pages import without_paths
from autograder.pages.markdown import markdown
from autograder.submission import harmless_outputs
from autograder.submission.pictures import PICTURES

NOTHING = Markup()
MAX_TEXT = 4000
_TAG = re.compile(r"(<[^>]*>)")


@dataclass(frozen=True)
class Shown:
    """One output: text, an error's text, or HTML that was found harmless."""

    kind: str  # "text", "error" or "html"
    text: str = ""
    html: Markup = NOTHING


def shown(outputs: list[NotebookNode]) -> Iterator[Shown]:
    """The outputs of a student's cell; of the forms in which one came, the richest that can be shown."""
    for output in harmless_outputs(outputs):
        if output.output_type == "stream":
            yield Shown("text", _plain(output.text))
        elif output.output_type == "error":
            yield Shown("error", _plain(_traceback(output)))
        else:
            yield _rich(output.data)


def failed(cell: NotebookNode) -> bool:
    """Whether the cell ended with an error, other than that of a stub that nobody filled."""
    errors = [output for output in cell.get("outputs", []) if output.output_type == "error"]
    return any(error.get("ename") != "NotImplementedError" for error in errors)


def _traceback(error: NotebookNode) -> str:
    """The frames of the student's cells and the error; those of libraries and of the sandbox say little."""
    frames = [strip_ansi(frame) for frame in error.traceback]
    own = [frame for frame in frames if not frame.startswith(("File ", "---"))]
    return "\n".join(own) or f"{error.ename}: {error.evalue}"


def _rich(data: dict[str, Any]) -> Shown:
    if "text/html" in data:
        parts = _TAG.split(data["text/html"])
        text = "".join(part if part.startswith("<") else without_paths(part) for part in parts)
        return Shown("html", html=Markup(text))
    alternative = _alternative(data.get("text/plain", ""))
    for mime in PICTURES:
        if mime in data:
            return Shown("html", html=_picture(mime, data[mime], alternative))
    if "text/markdown" in data:
        return Shown("html", html=markdown(data["text/markdown"]))
    if "text/latex" in data:
        return Shown("html", html=markdown(data["text/latex"]))
    return Shown("text", _plain(data.get("text/plain", "")))


def _picture(mime: str, data: str, alternative: str) -> Markup:
    return Markup('<img src="data:{};base64,{}" alt="{}">').format(mime, "".join(data.split()), alternative)


def _alternative(plain: str) -> str:
    told = plain.strip()
    return told[:300] if told and not told.startswith("<") else "A figure that your cell drew."


def _plain(text: str) -> str:
    text = without_paths(strip_ansi(text)).rstrip()
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "\n... (more was printed)"
