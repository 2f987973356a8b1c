"""The libraries that a release needs besides ours, as they are to be installed where Gradescope grades."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import nbformat

from autograder.grader_side.magics import tree_of
from autograder.grading.task import Release
from autograder.roles import facts_of


def libraries_of(release: Release) -> list[str]:
    """The distributions, by name, that notebooks and modules of a release import and that are installed here.

    What comes with Python or lies beside the notebooks has none. Hidden tests count, and what only the
    solution imports, as ``course check`` found it.
    """
    beside = {Path(name).parts[0].removesuffix(".py") for name in release.files}
    found: set[str] = set()
    for text in _texts(release):
        found |= set(_imported(text))
    named = found - beside - sys.stdlib_module_names
    known = metadata.packages_distributions()
    return sorted({known[name][0] for name in named if name in known})


def _texts(release: Release) -> Iterator[str]:
    for text in release.notebooks.values():
        for cell in nbformat.reads(text, as_version=4).cells:
            if cell.cell_type == "code":
                yield from (*facts_of(cell).get("imports", ()), cell.source)
    for name, path in release.files.items():
        if name.endswith(".py"):
            yield path.read_text(encoding="utf-8", errors="replace")


def _imported(text: str) -> Iterator[str]:
    """The packages that a text of Python imports, wherever it does; none of one that is no Python."""
    for node in ast.walk(tree_of(text)):
        if isinstance(node, ast.Import):
            yield from (item.name.partition(".")[0] for item in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]
