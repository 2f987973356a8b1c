"""What students write and print, made harmless for the browser of whoever grades it.

Formgrader and the feedback pages insert Markdown, HTML outputs and output metadata as they stand, so that a
script in them would run with the instructor's rights. Here Markdown loses raw HTML and links that run code,
outputs keep a list of types and HTML a list of tags; text, mathematics and pictures stay.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from functools import cache
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
_PICTURE_URL = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
# What course_lib's pictures send: known to be harmless, and too long to parse character by character.
_PICTURE_HTML = re.compile(
    r'<img src="data:image/png;base64,[A-Za-z0-9+/=]*" alt="[^"<>]*" width="[0-9]{1,5}">\s*'
)
_ATTACHMENT_NAME = re.compile(r"[\w][\w .()-]{0,100}")

_TEXT_TYPES = ("text/plain", "text/latex")
_TAGS = """
a abbr b blockquote br caption code col colgroup dd details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6
hr i img kbd li ol p pre s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var
"""
_ATTRIBUTES = "alt class colspan dir height lang role rowspan scope style title width"
_STYLES = """
background-color border border-bottom border-collapse border-color border-left border-radius
border-right border-spacing border-style border-top border-width color display font-family font-size
font-style font-variant font-weight gap height letter-spacing line-height list-style-type margin
margin-bottom margin-left margin-right margin-top max-width min-width opacity overflow overflow-x padding
padding-bottom padding-left padding-right padding-top text-align text-decoration text-indent
text-transform vertical-align white-space width word-break word-spacing
"""


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
    """Outputs of student code, of known shape and type only, their HTML reduced to text and pictures."""
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
    if not data:
        return None
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
        return value if _PICTURE_HTML.fullmatch(value) else _cleaner().clean(value)
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


@cache
def _cleaner() -> Any:
    from bleach.css_sanitizer import CSSSanitizer  # type: ignore[import-untyped]
    from bleach.sanitizer import Cleaner  # type: ignore[import-untyped]

    return Cleaner(
        tags=frozenset(_TAGS.split()),
        attributes=_allowed,
        protocols=("https", "http", "mailto", "data"),
        css_sanitizer=CSSSanitizer(allowed_css_properties=_STYLES.split(), allowed_svg_properties=()),
        strip=True,
    )


def _allowed(tag: str, name: str, value: str) -> bool:
    if tag == "img" and name == "src":
        return _PICTURE_URL.fullmatch(value) is not None
    if tag == "a" and name == "href":
        return value.startswith(("https://", "http://", "mailto:", "#"))
    return name in _ATTRIBUTES.split()
