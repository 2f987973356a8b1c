"""Notebook Markdown to HTML that runs nothing, loads nothing, and shows its mathematics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.pages.mathematics import mathml
from autograder.remembered import remembered
from autograder.submission.harmless import harmless_attachments
from autograder.submission.words import harmless_markdown


class _Renderer(IPythonRenderer):  # type: ignore[misc]
    """nbconvert's renderer, with formulas as MathML."""

    def inline_math(self, body: str) -> str:
        return mathml(body.strip(), block=False)

    def block_math(self, body: str) -> str:
        return mathml(body.strip(), block=True)

    def latex_environment(self, name: str, body: str) -> str:
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", block=True)


def markdown(text: str, attachments: Mapping[str, Any] | None = None) -> Markup:
    """The text as HTML; raw HTML in it is shown as text, links that would run code lead nowhere."""
    return _with_pictures(text, attachments) if attachments else _without_pictures(text)


@remembered()  # most of what a page may show is the notebook's own
def _without_pictures(text: str) -> Markup:
    return _with_pictures(text, {})


def _with_pictures(text: str, attachments: Mapping[str, Any]) -> Markup:
    pictures = harmless_attachments(attachments)
    renderer = _Renderer(
        escape=True,
        allow_harmful_protocols=False,
        exclude_anchor_links=True,
        attachments=pictures,
    )
    return Markup(MarkdownWithMath(renderer=renderer).render(harmless_markdown(text, pictures)))
