"""HTML that student code shows: shown when it is plain, which takes no parser to find out."""

from __future__ import annotations

import html
import re
from collections import Counter

from autograder.submission.tex import is_tangled, reaches_beyond

MAX_HTML = 500_000
MAX_TAGS = 20_000
MAX_DEPTH = 100

_TAGS = """
a abbr b blockquote br caption code col colgroup dd details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6
hr i img kbd li ol p pre s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var
"""
_NO_END = "br caption col colgroup dd dt hr img li p tbody td tfoot th thead tr"
_ATTRIBUTES = "align alt border colspan dir height lang rowspan scope title width"
# What a box and its text look like. Of others, some lift things over the page's own, and some that are cheap
# alone (filters, columns, flexible boxes) keep a browser busy for minutes where one stands in another.
_PROPERTIES = "|".join(
    [
        "(?:background|border(?!-image)|font|margin|padding)(?:-[a-z]+)*",
        "(?:max-|min-)?(?:height|width)",
        r"text-(?:align|decoration(?![^;\"]*\d)|indent|transform)",  # a line of any thickness covers the page
        "color|letter-spacing|line-height|list-style|opacity|overflow(?:-[xy])?|overflow-wrap",
        "vertical-align|white-space|word-break|word-wrap",
    ]
)
_VALUES = "|".join(
    [
        rf'(?:{"|".join(_ATTRIBUTES.split())})="[^"<>]*"',
        # An address would tell a stranger who reads, and when; what is less than nothing moves things away.
        rf'style="\s*(?:(?:{_PROPERTIES})\s*:(?:(?!(?i:url|calc|-[\d.]))[\w\s.,#%()-])*+(?:;\s*|(?=")))*+"',
        r'src="data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*"',
        r'href="(?:https?://|mailto:|#)[^"<>&\\\s]*"',
    ]
)
# Text, listed tags and their ends, listed attributes in double quotes. HTML of this form says the same to
# every browser; it needs no parser, which hostile HTML could keep busy for minutes.
_NAME = f"(?:{'|'.join(_TAGS.split())})"
_PLAIN = re.compile(rf"(?>[^<]++|</?{_NAME}>|<{_NAME}(?:\s+(?:{_VALUES}))*+\s*/?>)*+")
_TAG = re.compile(r"<(/?)(\w+)")


def is_plain_html(text: str) -> bool:
    """Whether it is text with listed tags and attributes, all closed, and formulas fit for MathJax."""
    return (
        len(text) <= MAX_HTML
        and _PLAIN.fullmatch(text) is not None
        and _is_closed(text)
        and not (reaches_beyond(said := html.unescape(text)) or is_tangled(said))
    )


def _is_closed(text: str) -> bool:
    """Whether the tags are few, not deep, and none closes what it did not open or leaves open what it did."""
    tags = _TAG.findall(text)
    opened: Counter[str] = Counter()
    depth = 0
    free = frozenset(_NO_END.split())
    for end, name in tags:
        step = -1 if end else 1
        opened[name] += step
        depth += 0 if name in free else step
        if opened[name] < 0 or depth > MAX_DEPTH:
            return False
    return len(tags) <= MAX_TAGS and depth == 0
