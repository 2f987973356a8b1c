"""A staged source tree, Sphinx, and JupyterLite: from a course to a directory for any web server."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring.build import stage
from autograder.course import Course
from autograder.errors import CourseError

MARK = ".course-site"
PYODIDE = "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/"  # the version that the tests run
# For whoever mends the theme or has a browser without WebAssembly, which could run no notebook anyway.
NOT_SHIPPED = ("*.map", "*.eot", "*.ttf", "fa-*.svg")
NEEDED = ("sphinx", "myst_nb", "jupyterlite_sphinx", "jupyterlite_core", "jupyterlite_pyodide_kernel")


@dataclass(frozen=True)
class SiteOptions:
    """What a site may have otherwise.

    ``pyodide`` is where browsers load Python from, ``repository`` the OWNER/NAME on GitHub that documents
    link to and that Colab and Binder open, ``samples`` whether a demo class is graded for the sample pages.
    """

    pyodide: str = PYODIDE
    repository: str = ""
    samples: bool = True


def build_site(course: Course, to: Path, options: SiteOptions, tell: Callable[[str], object] = print) -> None:
    """Write the site into an empty or new directory, or over an earlier site.

    CourseError, before anything is written, when the directory holds something else, a release is not what
    its source builds, or what the extra ``site`` installs is missing; also when a page could not be made
    without a warning.
    """
    _refuse(course, to)
    releases = list(stage(course))
    for release in releases:
        if not release.is_current():
            raise CourseError(f"{release.path} is not what its source builds: run `course build`")
    from autograder.site import browser, staging
    from autograder.site.sphinx_run import run_sphinx

    with tempfile.TemporaryDirectory() as scratch:
        source, made = Path(scratch) / "source", Path(scratch) / "site"
        source.mkdir()
        staging.stage_pages(course, releases, source, options, tell)
        browser.stage_lite(course, releases, source, options.pyodide)
        tell("Building the pages and JupyterLite")
        run_sphinx(source, made, Path(scratch) / "doctrees", course.facts.title, options.repository)
        for pattern in NOT_SHIPPED:
            for file in made.rglob(pattern):
                file.unlink()
        (made / MARK).write_text(
            "Made by `course site`, which may delete this directory.\n", encoding="utf-8"
        )
        (made / ".nojekyll").touch()  # GitHub's pages would leave out directories that begin with _
        if to.exists():
            shutil.rmtree(to)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(made, to)


def _refuse(course: Course, to: Path) -> None:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise CourseError(
            f"a site needs {', '.join(missing)}: pip install 'backprop-course[instructors,site]'"
        )
    if not (course.root / "docs").is_dir():
        raise CourseError(f"{course.root} has no docs/: a site is built from a clone of the course")
    if to.exists() and (not to.is_dir() or (any(to.iterdir()) and not (to / MARK).is_file())):
        raise CourseError(f"{to} is neither empty nor an earlier site: choose another --to")
