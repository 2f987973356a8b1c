"""What students write and print, made harmless for the browser of whoever grades it.

Formgrader and the feedback pages insert Markdown, HTML outputs and output metadata as they stand, so that a
script in them would run with the instructor's rights. Markdown loses raw HTML and links that run code
(:mod:`autograder.submission.words`); here outputs keep a list of types, and HTML among them stays when it is
plain; text, mathematics and pictures stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict

from autograder.submission.html import is_plain_html
from autograder.submission.pictures import PICTURES, is_picture
from autograder.submission.tex import is_tangled, within_formulas
from autograder.submission.words import MAX_MARKDOWN, harmless_markdown, plain_name

MAX_ATTACHMENTS = 100


def harmless_attachments(attachments: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Of what is attached to a Markdown cell, the pictures, under the names that `plain_name` gives."""
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in list(attachments.items())[:MAX_ATTACHMENTS]:
        data = {mime: data for mime, data in _mapping(bundle).items() if isinstance(data, str)}
        pictures = {mime: data for mime, data in data.items() if mime in PICTURES and is_picture(mime, data)}
        if pictures:
            kept[plain_name(name)] = pictures
    return kept


def harmless_outputs(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Outputs of student code, of known shape and type only; HTML that is not plain gives way to text."""
    return [made for output in outputs if (made := _harmless_output(output)) is not None]


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
    data = _harmless_data(_mapping(output.get("data")))
    made = {"output_type": kind, "data": data, "metadata": _sizes(_mapping(output.get("metadata")))}
    if kind == "execute_result":
        count = output.get("execution_count")
        made["execution_count"] = count if type(count) is int and count >= 0 else None
    return from_dict(made)


def _harmless_data(given: Mapping[str, Any]) -> dict[str, str]:
    data = {mime: made for mime, value in given.items() if (made := _harmless(mime, value)) is not None}
    tex = given.get("text/latex")
    if isinstance(tex, str) and "text/latex" not in data:
        data["text/plain"] = tex  # what is no formula that a page should show can be read as it was written
    if given and not data:
        data = {"text/plain": f"(not shown: {', '.join(sorted(map(str, given)))[:80]})"}
    return data


def _harmless(mime: str, value: Any) -> str | None:
    """The data of one type, made harmless; None for what is not shown."""
    if not isinstance(value, str):
        return None
    if mime == "text/plain":
        return value
    if mime == "text/latex":
        return None if len(value) > MAX_MARKDOWN or is_tangled(value) else within_formulas(value)
    if mime == "text/markdown":
        return harmless_markdown(value)
    if mime == "text/html":
        return value if is_plain_html(value) else None
    return value if is_picture(mime, value) else None


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
