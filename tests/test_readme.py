"""What the README shows is what happens."""

import contextlib
import io
import linecache
import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


def test_the_example_prints_what_its_comments_say():
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)[1]
    shown = io.StringIO()
    # as a notebook does, so that the source of a function can be read
    linecache.cache["<example>"] = (len(code), None, code.splitlines(keepends=True), "<example>")
    with contextlib.redirect_stdout(shown):
        exec(compile(code, "<example>", "exec"), {})
    promised = [line.removeprefix("# ") for line in code.splitlines() if line.startswith("# ")]
    assert shown.getvalue().splitlines() == promised


@pytest.mark.parametrize(
    "path", sorted([*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/*.md")]), ids=lambda p: p.name
)
def test_links_between_documents_lead_somewhere(path):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_documents_name_no_path_of_this_machine():
    for path in (*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/*.md")):
        assert str(REPOSITORY) + "/" not in path.read_text(encoding="utf-8")
