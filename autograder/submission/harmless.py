"""What students write and print, made harmless for the browser of whoever grades it.

Formgrader and the feedback pages insert Markdown, HTML outputs and output metadata as they stand, so that a
script in them would run with the instructor's rights. Here Markdown loses raw HTML and links that run code,
outputs keep a list of types, and HTML among them stays when it is plain; text, mathematics and pictures stay.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
MAX_ATTACHMENT = 8_000_000

# With a space behind it, "<" opens no tag in any Markdown dialect, and in mathematics it means the same.
_TAG = re.compile(r"<(?=[a-zA-Z/!?])")
# Letters of a scheme can be written as numbers; a named entity exists for the rest of what browsers skip.
_ENTITY = re.compile(r"&(?=#|colon;|tab;|newline;)", re.IGNORECASE)
_GAP = r"[\s\\\x00-\x20]*"
_SCHEME = re.compile(
    "(" + "|".join(_GAP.join(word) for word in ("javascript", "vbscript")) + f")(?={_GAP}:)",
    re.IGNORECASE,
)
_ATTACHMENT_NAME = re.compile(r"[\w][\w .()-]{0,100}")

_TEXT_TYPES = ("text/plain", "text/latex")
_TAGS = """
a abbr b blockquote br caption code col colgroup dd details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6
hr i img kbd li ol p pre s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var
"""
_ATTRIBUTES = "align alt border colspan dir height lang rowspan scope title width"
_VALUES = "|".join(
    [
        rf'(?:{"|".join(_ATTRIBUTES.split())})="[^"<>]*"',
        # An address would tell a stranger who reads, and when; the others lift things over the page's own.
        r'style="(?:(?!(?i:url|position|transform))[\w\s:;.,#%()-])*"',
        r'src="data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*"',
        r'href="(?:https?://|mailto:|#)[^"<>&\\\s]*"',
    ]
)
# Text, listed tags and their ends, listed attributes in double quotes. HTML of this form says the same to
# every browser; it needs no parser, which hostile HTML could keep busy for minutes.
_TAG_NAME = f"(?:{'|'.join(_TAGS.split())})"
_PLAIN_HTML = re.compile(rf"(?>[^<]++|</?{_TAG_NAME}>|<{_TAG_NAME}(?:\s+(?:{_VALUES}))*+\s*/?>)*+")


def harmless_markdown(text: str) -> str:
    """The text without raw HTML or links that run code: a space parts what would have made them."""
    return _SCHEME.sub(r"\1 ", _ENTITY.sub("& ", _TAG.sub("< ", text)))


def harmless_attachments(attachments: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Of the pictures pasted into a Markdown cell, those that are pictures, under plain names."""
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in attachments.items():
        pictures = {mime: data for mime, data in bundle.items() if mime in PICTURES and _is_base64(data)}
        if pictures and _ATTACHMENT_NAME.fullmatch(name):
            kept[name] = pictures
    return kept


def harmless_outputs(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Outputs of student code, of known shape and type only; HTML that is not plain gives way to text."""
    return [made for output in outputs if (made := _harmless_output(output)) is not None]


def _is_base64(data: str) -> bool:
    if len(data) > MAX_ATTACHMENT:
        return False
    try:
        base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _harmless_output(output: NotebookNode) -> NotebookNode | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return from_dict({"output_type": "stream", "name": name, "text": _text(output.get("text"))})
    if kind == "error":
        lines = output.get("traceback")
        traceback = [_text(line) for line in lines] if isinstance(lines, list) else []
        names = {key: _text(output.get(key)) for key in ("ename", "evalue")}
        return from_dict({"output_type": "error", **names, "traceback": traceback})
    if kind not in ("display_data", "execute_result"):
        return None
    given = _mapping(output.get("data"))
    data = {mime: made for mime, value in given.items() if (made := _harmless(mime, value))}
    if given and not data:
        data = {"text/plain": f"(not shown: {', '.join(sorted(map(str, given)))[:80]})"}
    made = {"output_type": kind, "data": data, "metadata": _sizes(_mapping(output.get("metadata")))}
    if kind == "execute_result":
        count = output.get("execution_count")
        made["execution_count"] = count if type(count) is int and count >= 0 else None
    return from_dict(made)


def _harmless(mime: str, value: Any) -> Any:
    """The data of one type, made harmless; None for a type that is not shown."""
    if not isinstance(value, str):
        return None
    if mime in _TEXT_TYPES:
        return value
    if mime in PICTURES:
        return value if _is_base64(value) else None
    if mime == "image/svg+xml":
        return value  # nbconvert shows it as an <img>, in which scripts do not run
    if mime == "text/markdown":
        return harmless_markdown(value)
    if mime == "text/html":
        return value if _PLAIN_HTML.fullmatch(value) else None
    return None


def _sizes(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Of an output's metadata: the size in pixels of its pictures."""
    sizes = {}
    for mime in PICTURES:
        bundle = _mapping(metadata.get(mime))
        given = {key: bundle.get(key) for key in ("width", "height")}
        kept = {key: value for key, value in given.items() if type(value) is int and 0 < value < 10_000}
        if kept:
            sizes[mime] = kept
    return sizes


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
