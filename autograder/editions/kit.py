"""The student kit: the released notebooks, and a wheel of what they import, without the reference."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from nbgrader.preprocessors import ClearSolutions

from autograder.authoring.build import Release, stage
from autograder.course import Course
from autograder.editions.wheel import Edition, build_wheel
from autograder.errors import CourseError
from autograder.facts import CourseFacts
from autograder.grader_side import SandboxError, visible
from autograder.installed import license_text

README = """# {title}

You need Python 3.11 or newer. Open a terminal in this folder and type

    python -m pip install ./{wheel}

That installs JupyterLab and what the notebooks import. {summary}
Then

    jupyter lab {folder}

opens the notebooks. With uv, one line does both:

    uv run --no-project --with ./{wheel} jupyter lab {folder}

Where a cell says `{stub}`, your code goes: replace that line. The cells
below it tell you whether it is right, and where it is not. Hand in the `.ipynb` file under its own name.
"""


def make_kit(course: Course, into: Path, names: Sequence[str] = ()) -> Path:
    """Write the kit of these assignments (all by default) into an empty or new directory; its wheel.

    CourseError, before anything is written, when the directory is in use or a release is not what its source
    builds: what students get is what the checks of `course build` have seen.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise CourseError(f"{into} is not an empty directory: choose another --to")
    releases = list(stage(course, names))
    for release in releases:
        if not release.is_current():
            raise CourseError(f"{release.path} is not what its source builds: run `course build`")
    into.mkdir(parents=True, exist_ok=True)
    for release in releases:
        _copy(release, into / course.assignments.name)
    facts = course.facts
    wheel = build_wheel(Edition(facts.kit_name, facts.summary, _student_files(facts)), into)
    readme = README.format(
        title=facts.title or course.root.name,
        summary=facts.summary,
        folder=course.assignments.name,
        stub=_stub(course),
        wheel=wheel.name,
    )
    (into / "README.md").write_text(readme, encoding="utf-8")
    (into / "LICENSE").write_text(license_text(), encoding="utf-8")
    return wheel


def _student_files(facts: CourseFacts) -> dict[str, Path]:
    """What notebooks import, as the sandbox shows it too; CourseError when some of it is not installed."""
    try:
        return {place: path for path, place in visible.notebooks_import(facts.shown.shown)}
    except SandboxError as error:
        raise CourseError(str(error)) from None


def _stub(course: Course) -> str:
    """What stands in a released answer cell: the line of it that raises, which is the last."""
    stub = ClearSolutions(config=course.config()).code_stub.get("python", "")
    return str(stub).strip().split("\n")[-1]


def _copy(release: Release, assignments: Path) -> None:
    """The release and what nbgrader put beside it, but no other notebook: one may be somebody's work."""
    folder = assignments / release.path.parent.name
    ignored = shutil.ignore_patterns("*.ipynb", ".*", "__pycache__")
    shutil.copytree(release.path.parent, folder, ignore=ignored, dirs_exist_ok=True)
    (folder / release.path.name).write_text(release.content, encoding="utf-8")
