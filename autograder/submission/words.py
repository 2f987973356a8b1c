"""The Markdown that a student wrote or showed, made harmless: nothing of it is lost, and none of it runs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from urllib.parse import unquote

from autograder.submission.tex import is_tangled, within_formulas

# Longer than any answer. Renderers of Markdown take time with the square of some texts: at this length less
# than a second of it.
MAX_MARKDOWN = 20_000
MAX_SHOWN = 100_000
MAX_LINE = 1_000
MAX_BRACKETS = 2_000_000  # nbconvert looks from each bracket to the end of its line

# With a space behind it, "<" opens no tag in any Markdown dialect, and in mathematics it means the same.
_TAG = re.compile(r"<(?=[a-zA-Z/!?])")
# Letters of a scheme can be written as numbers; named entities exist for the rest of what browsers skip, and
# for the backslash of a command.
_ENTITY = re.compile(r"&(?=#|colon;|tab;|newline;|bsol;)", re.IGNORECASE)
_GAP = r"[\s\\\x00-\x20]*"
_SCHEME = re.compile(
    "(" + "|".join(_GAP.join(word) for word in ("javascript", "vbscript")) + f")(?={_GAP}:)",
    re.IGNORECASE,
)
# An address that is a document of its own; pictures are none.
_DOCUMENT = re.compile(r"(data)(?=\\*:(?!image/(?:png|jpe?g|gif|webp)[;,])[\w.+\\-]*[/,;])", re.IGNORECASE)
# A fence may name any of five hundred languages, and each has a way of its own to be slow.
_LANGUAGE = re.compile(
    r"^([ \t>*+\-\d.):\[\]xX]*(?:`{3,}|~{3,}))[ \t]*"
    r"(?!(?:python3?|py|ipython3?|text|bash|console|json|latex)\b)(?=[^\s`~.][^`\n]*$)",
    re.MULTILINE,
)
_LINE = re.compile(rf"[^\n]{{{MAX_LINE}}}(?!\n)")
_BLANKS = re.compile(r"[^\S\n]{500}")
# Where a renderer looks for an attached picture, and whatever else it might take for such a place.
_ATTACHED = re.compile(
    r"(?P<before>\]\(\s{0,20}|^ {0,3}\[[^\]\n]{1,200}\]:[ \t]{0,20})"
    r"(?:<attachment:(?P<angled>[^<>\n\\]{1,200})>|attachment:(?P<plain>(?:[^\s()<>\\]|\([^\s()<>\\]*\)){1,200}))"
    r"(?=[\s)]|$)"
    r"|(?P<other>attachment)(?=\\*:)",
    re.MULTILINE,
)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,100}")


def harmless_markdown(text: str, attached: Collection[str] = ()) -> str:
    """The text without raw HTML, links that run code, or pictures that are not there.

    A space parts what would have made them. ``attached`` are the names of the pictures that the cell has (as
    `plain_name` spells them). A text that would keep a renderer busy is shown as it was written, in a fence.
    """
    if _is_fenced(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _ATTACHED.sub(lambda found: _reference(found, attached), text)
    text = _DOCUMENT.sub(r"\1 ", _SCHEME.sub(r"\1 ", _ENTITY.sub("& ", _TAG.sub("< ", text))))
    text = _LANGUAGE.sub(r"\1 .", within_formulas(text))
    return fenced(text) if _is_heavy(text) else text


def fenced(text: str) -> str:
    """The text as Markdown that shows it letter for letter, its lines wrapped, as far as a page can bear."""
    if _is_fenced(text):
        return text
    if len(text) > MAX_SHOWN:
        text = f"{text[:MAX_SHOWN]}\n... ({len(text) - MAX_SHOWN:,} more characters)"
    text = _LINE.sub(r"\g<0>\n", text)
    fence = "~" * max(3, 1 + max(map(len, re.findall("~+", text)), default=0))
    return f"{fence}\n{text}\n{fence}"


def plain_name(name: str) -> str:
    """A picture's name as any renderer finds it: the name itself when it has no character to be escaped."""
    if _PLAIN_NAME.fullmatch(name):
        return name
    return f"picture-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def _reference(found: re.Match[str], attached: Collection[str]) -> str:
    name = found["angled"] or found["plain"]
    for spelled in (name, unquote(name)) if name else ():
        if plain_name(spelled) in attached:
            return f"{found['before']}attachment:{plain_name(spelled)}"
    if not name:
        return "attachment "
    return found[0].replace("attachment:", "attachment :").replace("](", "] (", 1).replace("]:", "] :", 1)


def _is_heavy(text: str) -> bool:
    return (
        len(text) > MAX_MARKDOWN
        or _BLANKS.search(text) is not None
        or is_tangled(text)
        or any(line.count("[") * len(line) > MAX_BRACKETS for line in text.split("\n"))
    )


def _is_fenced(text: str) -> bool:
    """Whether the text is one fence as `fenced` makes it, in which a renderer looks for nothing."""
    fence, _, rest = text.partition("\n")
    inside = rest.removesuffix("\n" + fence)
    small = len(text) < 2 * MAX_SHOWN and _LINE.search(inside) is None
    return small and len(fence) > 2 and set(fence) == {"~"} and inside != rest and fence not in inside
