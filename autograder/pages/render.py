"""Templates to pages that stand alone: style and script inside, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from autograder.pages.code import code_style
from autograder.pages.words import exact, percent
from course_lib.gradcheck.text import plural


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("autograder.pages", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"exact": exact, "percent": percent}
    environment.globals |= {"plural": plural, "code_style": code_style}
    return environment


def render(template: str, *, script: str = "", **values: Any) -> str:
    """Fill ``template``; ``script`` names the one script that the page may run.

    Every page carries a policy for the browser: it may load nothing, and run nothing but this script, whose
    digest is named. What a student may have written cannot change that.
    """
    source = _text(script) if script else ""
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    policy = (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    )
    if source:
        policy += f"; script-src 'sha256-{digest}'"
    page = _environment().get_template(template)
    return page.render(style=Markup(_text("style.css")), script=Markup(source), policy=policy, **values)


@cache
def _text(name: str) -> str:
    loader = _environment().loader
    assert loader is not None
    return loader.get_source(_environment(), name)[0]
