"""What each exercise trains, how hard it is, how long it takes and what it builds on, from the notebooks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.authoring.build import BuiltNotebook
from autograder.pages.words import exact, heading
from autograder.sources.exercises import Exercise, exercises

BUILDS_ON = "builds on"


def page(releases: Sequence[BuiltNotebook]) -> str:
    """The syllabus as Markdown: a table of the assignments, then a table of exercises for each."""
    sections = [_section(release) for release in releases]
    rows = [_row(release) for release in releases]
    return "\n".join(
        [
            "# Syllabus",
            "",
            "Every assignment is worth 100 points and stands alone: what it builds on is idea, not code. "
            "Stars say how hard an exercise is (★ easy, ★★ medium, ★★★ hard); minutes are those of a typical "
            "student.",
            "",
            "| assignment | hours | exercises | what you take away |",
            "|---|---|---|---|",
            *rows,
            "",
            *sections,
        ]
    )


def _row(release: BuiltNotebook) -> str:
    found = exercises(release.source)
    link = f"[{title(release)}](assignments/{release.path.parent.name}.ipynb)"
    return f"| {link} | {_hours(found)} | {len(found)} | {_objective(release)} |"


def _section(release: BuiltNotebook) -> str:
    found = exercises(release.source)
    builds = _builds_on(release)
    rows = [
        f"| {one.number} {one.title} | {one.trains} | {exact(one.points)} | {_stars(one)} "
        f"| {one.minutes or '–'} | {builds.get(one.number, '') or '–'} |"
        for one in found
    ]
    head = ["| exercise | you learn to | points | stars | minutes | builds on |", "|---|---|---|---|---|---|"]
    return "\n".join([f"## {title(release)}", "", *head, *rows, ""])


def title(release: BuiltNotebook) -> str:
    """The notebook's own heading."""
    return heading(release.source.cells[0].cell.source, 1) or release.path.parent.name


def _hours(found: Sequence[Exercise]) -> str:
    minutes = sum(one.minutes for one in found)
    return f"{minutes / 60:.1f}" if minutes else "–"


def _stars(one: Exercise) -> str:
    return (
        f'<span role="img" aria-label="{one.stars} of 3 stars">{"★" * one.stars}</span>' if one.stars else "–"
    )


def _objective(release: BuiltNotebook) -> str:
    """The first paragraph of the notebook, which says what it is about."""
    text = release.source.cells[0].cell.source
    paragraphs = [part.strip() for part in text.split("\n\n") if part.strip() and not part.startswith("#")]
    return re.sub(r"\s+", " ", paragraphs[0]).replace("|", "\\|") if paragraphs else ""


def _builds_on(release: BuiltNotebook) -> dict[str, str]:
    """From the overview table at the top of the notebook: exercise number to what it builds on."""
    rows = [
        [part.strip() for part in line.strip().strip("|").split("|")]
        for item in release.source.cells[:3]
        for line in item.cell.source.splitlines()
        if line.lstrip().startswith("|")
    ]
    head = next((row for row in rows if BUILDS_ON in row), None)
    if head is None:
        return {}
    place = head.index(BUILDS_ON)
    return {row[0]: row[place] for row in rows if len(row) > place and row[0][:1].isdigit()}
