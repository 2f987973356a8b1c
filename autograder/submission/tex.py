"""Mathematics that a page's MathJax may have: without the commands that reach beyond a formula."""

from __future__ import annotations

import re

# Links and whatever sets a style, a class or an id on the page; what loads more of MathJax; tooltips and
# buttons; definitions, which can grow without end and hold for the formulas of everybody else on the page.
_BEYOND = """
href url require input include includegraphics
class style cssId data htmlClass htmlId htmlStyle htmlData bbox unicode mmlToken
toggle texttip mathtip tip action
def gdef edef xdef let futurelet global newcommand renewcommand providecommand newenvironment
renewenvironment DeclareMathOperator DeclarePairedDelimiter DeclarePairedDelimiterX DeclarePairedDelimiters
csname catcode begingroup endgroup
"""
_COMMAND = re.compile(rf"\\(?=(?:{'|'.join(_BEYOND.split())})(?![A-Za-z]))")
MAX_NESTING = 40
# What opens a formula, and is looked for up to the end of the text when nothing closes it.
_OPENS = re.compile(r"\\\\[(\[]|\\begin\{")
MAX_OPENED = 100
_DELIMITER = re.compile(r"\$|\\[(\[]|\\begin\{")
MAX_DELIMITERS = 1_000
_BRACE = re.compile(r"[{}]")


def within_formulas(text: str) -> str:
    """The text with a space in each command that reaches beyond a formula: it shows, and does nothing."""
    return _COMMAND.sub(r"\\ ", text)


def reaches_beyond(text: str) -> bool:
    """Whether there is a command in the text that `within_formulas` would part."""
    return _COMMAND.search(text) is not None


def delimiters(text: str) -> int:
    """How many signs there are at which a formula may begin or end; each takes a browser a millisecond."""
    return len(_DELIMITER.findall(text))


def is_tangled(text: str) -> bool:
    """Whether its formulas are more, or deeper, than a person writes, so that reading them takes long."""
    return (
        len(_OPENS.findall(text)) > MAX_OPENED
        or delimiters(text) > MAX_DELIMITERS
        or _nesting(text) > MAX_NESTING
    )


def _nesting(text: str) -> int:
    """How deep braces stand in each other."""
    depth = deepest = 0
    for brace in _BRACE.findall(text):
        depth = depth + 1 if brace == "{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest
