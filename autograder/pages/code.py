"""Python source with its syntax in colour, on light and on dark paper."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograder.remembered import remembered

# All of their colours have a contrast of 4.5 or more with the paper of a page.
LIGHT, DARK = "xcode", "github-dark"
CLASS = "code"


@remembered()  # of a class most answers that are not begun are the stubs
def highlighted(source: str) -> Markup:
    """The source as HTML; all of it is escaped."""
    made = highlight(source, _lexer(), _formatter())
    # what may have to be scrolled, whoever has no mouse must be able to reach
    return Markup(made.replace("<pre>", '<pre tabindex="0">', 1))


@cache
def _lexer() -> PythonLexer:
    return PythonLexer(stripnl=False)


@cache
def _formatter() -> HtmlFormatter[str]:
    return HtmlFormatter(cssclass=CLASS)


@cache
def code_style() -> Markup:
    """The style sheet that `highlighted` needs."""
    light, dark = (HtmlFormatter(style=style).get_style_defs(f".{CLASS}") for style in (LIGHT, DARK))
    return Markup(f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}")
