"""The documents of docs/, with links that lead out of them mended."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

ORDER = ("students", "gradcheck", "instructors", "security", "scaling", "authoring", "checks", "site")
LINK = re.compile(r"(?<!!)\[((?:[^\]\[]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
ELSEWHERE = re.compile(r"[a-z]+:|#")
CODE = re.compile(r"^```.*?^```[^\n]*$|`[^`\n]+`", re.MULTILINE | re.DOTALL)


def stage_documents(docs: Path, into: Path, repository: str) -> list[str]:
    """Copy the documents and their figures; the names of the pages, the most read first."""
    shutil.copytree(docs, into, ignore=shutil.ignore_patterns("*.py", "changes", "*.json"))
    names = sorted(path.stem for path in into.glob("*.md"))
    for name in names:
        path = into / f"{name}.md"
        path.write_text(_mended(path.read_text(encoding="utf-8"), docs, repository), encoding="utf-8")
    return [*(name for name in ORDER if name in names), *(name for name in names if name not in ORDER)]


def _mended(text: str, docs: Path, repository: str) -> str:
    """Links to files that are no page of the site lead to the repository, or become plain text."""
    code, root = [match.span() for match in CODE.finditer(text)], docs.parent.resolve()

    def mend(match: re.Match[str]) -> str:
        words, target = match.groups()
        path = target.partition("#")[0]
        if ELSEWHERE.match(target) or any(start <= match.start() < end for start, end in code):
            return match[0]
        place = (docs / path).resolve()
        if place.parent == docs.resolve() and place.suffix == ".md":
            return match[0]
        if repository and place.is_relative_to(root):
            return f"[{words}](https://github.com/{repository}/blob/main/{place.relative_to(root)})"
        return words

    return LINK.sub(mend, text)
