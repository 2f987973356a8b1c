"""A released notebook as a page: run without answers, its figures as files, its buttons on top."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import nbformat
from nbclient import NotebookClient
from nbformat.notebooknode import NotebookNode

from autograder.authoring.build import BuiltNotebook
from autograder.course import Course
from autograder.roles import role_of

if TYPE_CHECKING:
    from autograder.site.build import SiteOptions

PICTURE = re.compile(r'<img src="data:image/png;base64,([^"]+)"')
TITLE = re.compile(r"# @title (.+)")
HERE = "Open it in this browser"
SAYS = '<p class="course-says" role="status" hidden></p>'  # where static/open.js says what is in the way
SECONDS = 600  # for one cell; the release of an assignment needs a few for all of them


def page(course: Course, release: BuiltNotebook, figures: Path, options: SiteOptions) -> NotebookNode:
    """The notebook as students open it, with what its cells show when nothing was answered.

    Figures go to the directory ``figures``. What a cell raises that waits for an answer is not shown.
    """
    notebook = nbformat.reads(release.content, as_version=4)
    with tempfile.TemporaryDirectory() as scratch:
        resources = {"metadata": {"path": scratch}}
        NotebookClient(notebook, timeout=SECONDS, allow_errors=True, resources=resources).execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [_output(output, figures) for output in cell.outputs if _tells(output, cell)]
            cell.metadata = nbformat.from_dict(_shown_as(cell))
    heading, _, rest = notebook.cells[0].source.partition("\n")
    notebook.cells[0].source = rest
    notebook.cells[:0] = map(nbformat.v4.new_markdown_cell, (heading, _buttons(course, release, options)))
    return notebook


def _tells(output: NotebookNode, cell: NotebookNode) -> bool:
    """Whether a reader has use for the output: not for errors, nor for the score that nbgrader records."""
    graded = role_of(cell).get("grade")
    return output.output_type != "error" and not (graded and output.output_type == "execute_result")


def _shown_as(cell: NotebookNode) -> dict[str, Any]:
    """The metadata that have MyST-NB collapse what is collapsed in the notebook, below its own title."""
    if not cell.metadata.get("jupyter", {}).get("source_hidden"):
        return {"tags": []}
    words = title[1] if (title := TITLE.match(cell.source)) else "What checks this"
    tags = ["hide-input"] if cell.outputs else ["remove-cell"]
    return {"tags": tags, "mystnb": {"code_prompt_show": words, "code_prompt_hide": words}}


def _output(output: NotebookNode, figures: Path) -> NotebookNode:
    data = output.get("data", {})
    if "text/html" in data:
        data["text/html"] = PICTURE.sub(lambda match: _as_file(match[1], figures), data["text/html"])
    return output


def _as_file(data: str, figures: Path) -> str:
    picture = base64.b64decode(data)
    path = figures / f"{hashlib.sha256(picture).hexdigest()[:16]}.png"
    figures.mkdir(parents=True, exist_ok=True)
    path.write_bytes(picture)
    return f'<img class="notebook-figure" loading="lazy" src="../_static/figures/{path.name}"'


def _buttons(course: Course, release: BuiltNotebook, options: SiteOptions) -> str:
    """Links that open the notebook: here, on this machine, and elsewhere if the course is on GitHub."""
    place = f"{release.path.parent.name}/{release.path.name}"
    shown = [opens_here(f"../lite/notebooks/index.html?path={place}", place, options.pyodide, HERE)]
    shown.append(_button(f"../lite/files/{place}", "Download the notebook", " download"))
    shown += [_button(address, words) for address, words in _elsewhere(course, release, options.repository)]
    return "\n".join(
        [
            '<div class="course-buttons">',
            *shown,
            "</div>",
            SAYS,
            "",
            "What you write in the browser stays in this browser: download it to hand it in. Below is the "
            "notebook as it comes, with its figures; checks wait for answers.",
        ]
    )


def opens_here(href: str, place: str, pyodide: str, words: str) -> str:
    """The link that opens a notebook in this browser, once ``static/open.js`` has nothing against it."""
    return (
        f'<a class="course-button course-open" href="{html.escape(href)}" data-path="{html.escape(place)}" '
        f'data-pyodide="{html.escape(pyodide)}">{words}</a>'
    )


def _button(href: str, words: str, attributes: str = "") -> str:
    return f'<a class="course-button" href="{html.escape(href)}"{attributes}>{words}</a>'


def _elsewhere(course: Course, release: BuiltNotebook, repository: str) -> Iterator[tuple[str, str]]:
    """Where the notebook opens in the repository's name, as far as it can import what it needs there."""
    if not repository:
        return
    path = release.path.relative_to(course.root).as_posix()
    if course.facts.install_from:
        on_colab = f"https://colab.research.google.com/github/{repository}/blob/main/{quote(path)}"
        yield on_colab, "Open it in Colab"
    if (course.root / ".binder").is_dir():
        on_binder = f"https://mybinder.org/v2/gh/{repository}/main?labpath={quote(path, safe='')}"
        yield on_binder, "Open it on Binder"
