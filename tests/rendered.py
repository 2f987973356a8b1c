"""Notebook Markdown as JupyterLab shows it, near enough to see what it would leave raw."""

import html
import itertools
import re

from nbconvert.filters.markdown_mistune import markdown2html_mistune

# What stands in code or in a formula is meant to be as it is.
CODE = re.compile(r"<(pre|code)\b.*?</\1>", re.DOTALL)
FORMULA = re.compile(r"\$\$.*?\$\$|\$(?:(?!\n\n)[^$])+?\$|\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
RAW = re.compile(r"[$|`]|\*\*|^#+ ", re.MULTILINE)
# What begins an item or a quotation, and what may stand above it: a sentence that ended, or a line of a list.
BEGINS = re.compile(r" {0,3}([-+*]|\d+[.)]|>) ")
ENDED = re.compile(r"[.:!?)*>]$|^ {2,}|SOLUTION$")
# JupyterLab takes formulas out before it reads Markdown: a dollar beside a backtick or a bar hides both.
BESIDE = re.compile(r"\$`|`\$")


def left_raw(source):
    """The pieces of a Markdown cell in which a `$`, `|`, backtick, `**` or `#` would be seen as it is."""
    shown = FORMULA.sub(" ", CODE.sub(" ", markdown2html_mistune(source)))
    text = html.unescape(TAG.sub(" ", shown))
    found = [text[max(0, match.start() - 30) : match.end() + 30].strip() for match in RAW.finditer(text)]
    rows = [line for line in source.split("\n") if line.lstrip().startswith("|")]
    return found + [row for row in rows if BESIDE.search(row)]


def lists_begun(source):
    """The lines that begin a list, or a quotation, in the middle of a sentence: `- 1` is an item."""
    paragraphs = CODE.sub("", FORMULA.sub("", source)).split("\n\n")
    return [
        line
        for lines in (paragraph.split("\n") for paragraph in paragraphs)
        for before, line in itertools.pairwise(lines)
        if BEGINS.match(line) and before.strip() and not BEGINS.match(before) and not ENDED.search(before)
    ]
