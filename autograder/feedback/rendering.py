"""How a page shows what a student wrote and printed: rendered, or, where that fails, as plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from markupsafe import Markup
from nbformat.notebooknode import NotebookNode

from autograder.feedback.outputs import MAX_TEXT, Shown, shown
from autograder.pages import highlighted
from autograder.pages.markdown import markdown

#: What a notebook folds, a hint for example; each is rendered by itself, so that it ends where it should.
FOLDED = re.compile(r"<details>\s*<summary>([^<]*)</summary>((?:(?!<details>).)*?)</details>", re.DOTALL)
MAX_FOLDED = 20
MAX_WORDS = 20_000
MAX_PLAIN_OUTPUTS = 20


class _Words(Protocol):
    def __call__(self, text: str, attachments: Mapping[str, Any] | None = None) -> Markup: ...


@dataclass(frozen=True)
class Rendering:
    """Markdown, code and outputs to HTML."""

    markdown: _Words
    code: Callable[[str], Markup]
    shown: Callable[[list[NotebookNode]], Iterator[Shown]]

    def body(self, cell: NotebookNode) -> Markup:
        """What stands in a cell."""
        if cell.cell_type == "code":
            return self.code(cell.source)
        return self.markdown(cell.source, cell.get("attachments"))

    def text(self, text: str) -> Iterator[Markup]:
        """What a text says, with what it folds folded."""
        before, *folded = FOLDED.split(text, MAX_FOLDED)
        if before.strip():
            yield self.markdown(before)
        for summary, inside, after in zip(*(iter(folded),) * 3, strict=True):
            yield Markup("<details><summary>{}</summary>{}</details>").format(summary, self.markdown(inside))
            if after.strip():
                yield self.markdown(after)

    def outputs(self, cell: NotebookNode) -> tuple[Shown, ...]:
        """What a cell showed."""
        return tuple(self.shown(cell.get("outputs", [])))


def _plain(text: str, attachments: Mapping[str, Any] | None = None) -> Markup:
    more = f"\n... ({len(text) - MAX_WORDS:,} more characters)" if len(text) > MAX_WORDS else ""
    return Markup("<pre>{}</pre>").format(text[:MAX_WORDS] + more)


def _plainly_shown(outputs: list[NotebookNode]) -> Iterator[Shown]:
    for output in outputs[:MAX_PLAIN_OUTPUTS]:
        data = output.get("data", {})
        text = output.get("text") or output.get("evalue") or data.get("text/plain") or ""
        yield Shown("text", str(text)[:MAX_TEXT])


RICH = Rendering(markdown, highlighted, shown)
PLAIN = Rendering(_plain, _plain, _plainly_shown)
