"""What the documents say that their examples print is what they print."""

import contextlib
import importlib.util
import io
import linecache
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


def examples():
    """Every block of Python that says what it prints, by document and position."""
    for path in [DOCS / "gradcheck.md"]:
        for k, block in enumerate(BLOCK.findall(path.read_text())):
            if "\n# " in block and "print(" in block:
                yield pytest.param(block, id=f"{path.name}-{k}")


@pytest.mark.parametrize("block", list(examples()))
def test_an_example_prints_what_it_says(block):
    for library in ("torch", "jax"):
        if f"import {library}" in block and importlib.util.find_spec(library) is None:
            pytest.skip(f"{library} is not installed: uv sync --group bench")
    said = [line[2:] for line in block.splitlines() if line.startswith("# ")]
    linecache.cache["<example>"] = (len(block), None, block.splitlines(keepends=True), "<example>")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block, "<example>", "exec"), {"__name__": "example"})
    assert [line.rstrip() for line in printed.getvalue().splitlines()] == said
