"""A released notebook as a page: run without answers, its figures as files, its buttons on top."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from nbclient import NotebookClient
from nbformat.notebooknode import NotebookNode

from autograder.authoring.build import Release

if TYPE_CHECKING:
    from autograder.site.build import Options

PICTURE = re.compile(r'<img src="data:image/png;base64,([^"]+)"')
SECONDS = 600  # for one cell; the release of an assignment needs a few for all of them


def page(release: Release, figures: Path, options: Options) -> NotebookNode:
    """The notebook as students open it, with what its cells show when nothing was answered.

    Figures go to the directory ``figures``. What a cell raises that waits for an answer is not shown.
    """
    notebook = nbformat.reads(release.content, as_version=4)
    with tempfile.TemporaryDirectory() as scratch:
        resources = {"metadata": {"path": scratch}}
        NotebookClient(notebook, timeout=SECONDS, allow_errors=True, resources=resources).execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [
                _output(output, figures) for output in cell.outputs if output.output_type != "error"
            ]
            cell.metadata = nbformat.from_dict({"tags": _tags(cell)})
    place = f"{release.path.parent.name}/{release.path.name}"
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell(_buttons(place, options)))
    return notebook


def _tags(cell: NotebookNode) -> list[str]:
    hidden = cell.metadata.get("jupyter", {}).get("source_hidden")
    if hidden and not cell.outputs:
        return ["remove-cell"]
    return ["hide-input"] if hidden else []


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


def _buttons(place: str, options: Options) -> str:
    """Links that open the notebook, here and on this machine."""
    links = [
        (f"../lite/notebooks/index.html?path={place}", "Open it in this browser", "course-open"),
        (f"../lite/files/{place}", "Download the notebook", ""),
    ]
    shown = "\n".join(
        f'<a class="course-button {kind}" href="{html.escape(address)}"'
        + (f' data-path="{place}" data-pyodide="{html.escape(options.pyodide)}"' if kind else "")
        + (" download" if words.startswith("Download") else "")
        + f">{words}</a>"
        for address, words, kind in links
    )
    return (
        f'<div class="course-buttons">\n{shown}\n</div>\n<p class="course-says" role="status" hidden></p>\n\n'
        "What you write in the browser stays in this browser: download it to hand it in. Below is the "
        "notebook as it comes, with its figures; checks wait for answers."
    )
