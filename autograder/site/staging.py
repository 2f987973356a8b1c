"""Every page of the site as a source for Sphinx: Markdown, executed notebooks, and the files beside them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from autograder.authoring.build import BuiltNotebook
from autograder.course import Course
from autograder.site_pages import documents, landing, notebooks, samples, syllabus

if TYPE_CHECKING:
    from autograder.site.build import SiteOptions

API = """# Reference of `course_lib`

What notebooks import, from its docstrings. How the checker reaches its verdicts: {{doc}}`docs/gradcheck`.

```{{eval-rst}}
{modules}
```
"""


MODULE = """.. automodule:: {name}
   :members:
   :imported-members:
   :no-index:
"""


def stage_pages(
    course: Course,
    releases: Sequence[BuiltNotebook],
    source: Path,
    options: SiteOptions,
    tell: Callable[[str], object],
) -> None:
    """Write all that Sphinx reads into ``source``; what is being done goes to ``tell``."""
    shutil.copytree(Path(str(files("autograder.site"))) / "static", source / "_static")
    shutil.copytree(Path(str(files("autograder.site"))) / "templates", source / "_templates")
    (source / "assignments").mkdir()
    for release in releases:
        name = release.path.parent.name
        tell(f"Running {name} without answers")
        page = notebooks.page(course, release, source / "_static" / "figures", options)
        nbformat.write(page, source / "assignments" / f"{name}.ipynb")
    titles = {release.path.parent.name: syllabus.title(release) for release in releases}
    (source / "assignments" / "index.md").write_text(_contents("Assignments", list(titles)), "utf-8")
    guides = documents.stage_documents(course.root / "docs", source / "docs", options.repository)
    (source / "docs" / "index.md").write_text(_contents("Documents", guides), encoding="utf-8")
    (source / "syllabus.md").write_text(syllabus.page(releases), encoding="utf-8")
    modules = ("course_lib", "course_lib.grading", *course.facts.shown.shown)
    reference = API.format(modules="\n".join(MODULE.format(name=name) for name in modules))
    (source / "api.md").write_text(reference, encoding="utf-8")
    if options.samples:
        tell("Grading the demo's class for the sample pages")
    samples.stage_samples(course, source, graded=options.samples)
    first = releases[0].path
    landing_page = landing.page(
        course.facts.title,
        titles,
        source / "_static",
        path=f"{first.parent.name}/{first.name}",
        pyodide=options.pyodide,
        picture=course.root / "docs" / "figures" / "neuron.png",
    )
    (source / "index.md").write_text(landing_page, encoding="utf-8")


def _contents(title: str, pages: Sequence[str]) -> str:
    return "\n".join([f"# {title}", "", "```{toctree}", ":maxdepth: 1", "", *pages, "```", ""])
