"""Sphinx with MyST-NB and the PyData theme; mathematics becomes MathML, which needs no script."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from autograder.errors import CourseError
from autograder.pages.mathematics import mathml

_THEME: dict[str, Any] = {
    "logo": {"text": "Backprop"},
    "navbar_end": ["theme-switcher"],
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": False,
    "footer_start": ["licence"],
    "footer_end": [],
    "navigation_with_keys": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
_READING = {
    "language": "en",
    "nb_execution_mode": "off",
    "nb_merge_streams": True,
    "nb_mime_priority_overrides": [("html", "text/html", 0)],
    "myst_enable_extensions": ["dollarmath", "amsmath", "html_image"],
    "myst_heading_anchors": 4,
    "myst_dmath_double_inline": True,
    "default_role": "code",
    "autodoc_typehints": "none",
    "suppress_warnings": [
        "myst.header",
        "mystnb.unknown_mime_type",
        "misc.highlighting_failure",
        "config.cache",
    ],
}


def configuration(source: Path, title: str, repository: str) -> dict[str, Any]:
    """What a conf.py would say."""
    linked = {"github_url": f"https://github.com/{repository}"} if repository else {}
    return {
        "project": title,
        "author": "The backprop-course maintainers",
        "copyright": "",
        "extensions": [
            "myst_nb",
            "sphinx.ext.autodoc",
            "sphinx_copybutton",
            "jupyterlite_sphinx",
            "autograder.site.sphinx_run",
        ],
        "root_doc": "index",
        "exclude_patterns": ["lite", "lite_contents", "lite_extensions", "_contents", "extra"],
        **_READING,
        **_pages(title, {**_THEME, **linked}),
        **_in_the_browser(source / "lite"),
    }


def _pages(title: str, theme: dict[str, Any]) -> dict[str, Any]:
    return {
        "html_theme": "pydata_sphinx_theme",
        "html_title": title,
        "html_theme_options": theme,
        "html_sidebars": {"index": [], "syllabus": [], "api": [], "samples": []},
        "html_static_path": ["_static"],
        "html_extra_path": ["extra"],
        "templates_path": ["_templates"],
        "html_css_files": ["course.css"],
        "html_js_files": ["open.js"],
        "html_show_sourcelink": False,
        "html_copy_source": False,
        "html_math_renderer": "mathml",
        "html_context": {"default_mode": "auto"},
    }


def _in_the_browser(lite: Path) -> dict[str, Any]:
    return {
        "jupyterlite_dir": str(lite),
        # each folder with its name; a content directory of its own would be emptied first
        "jupyterlite_contents": str(lite.with_name("lite_contents") / "*"),
        "jupyterlite_config": str(lite.with_name("jupyter_lite_config.json")),
        "jupyterlite_bind_ipynb_suffix": False,
    }


def run_sphinx(source: Path, into: Path, doctrees: Path, title: str, repository: str) -> None:
    """Build the site; CourseError with Sphinx's warnings, if it has any."""
    warnings = io.StringIO()
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            source,
            None,
            into,
            doctrees,
            "html",
            configuration(source, title, repository),
            status=None,
            warning=warnings,
        )
        app.build(force_all=True)
    shutil.rmtree(into / "_sources", ignore_errors=True)
    for leftover in (into / ".buildinfo", into / "objects.inv", into / "_static" / "webpack-macros.html"):
        if leftover.is_file():
            leftover.unlink()
    said = warnings.getvalue().replace(f"{source}/", "").strip()
    if said or app.statuscode:
        raise CourseError(f"the site could not be built without a warning:\n{said}")


def _inline(translator: Any, node: nodes.math) -> None:
    translator.body.append(str(mathml(node.astext(), block=False)))
    raise nodes.SkipNode


def _block(translator: Any, node: nodes.math_block) -> None:
    translator.body.append(
        f'<div class="math-block" tabindex="0">{mathml(node.astext(), block=True)}</div>\n'
    )
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer of mathematics; Sphinx calls this."""
    app.add_html_math_renderer("mathml", inline_renderers=(_inline, None), block_renderers=(_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
