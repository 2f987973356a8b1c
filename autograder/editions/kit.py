"""The student kit: the released notebooks, and a package of what they import, without the reference."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from autograder.authoring.build import Release, stage
from autograder.course import Course
from autograder.editions.wheel import Edition, build_sdist, build_wheel
from autograder.errors import CourseError
from autograder.grader_side import visible
from autograder.installed import license_text

NAME = "backprop-course-student"
SUMMARY = "The gradient checker, data and figures that the notebooks on backpropagation use."
PAGE = """# For students of *Backpropagation, taught and checked*

The gradient checker, the data and the figures that the notebooks use:

```python
from course_lib import check_vjp

print(check_vjp(forward, backward, x, w))  # is `backward` right? if not: why, and on which line
```

The notebooks are not in this package; your course has them. Instructors want the package `backprop-course`,
which has all of this and a grader; install one of the two, not both.
"""
README = """# Backpropagation, taught and checked

You need Python 3.11 or newer. Open a terminal in this folder and type

    python -m pip install ./{wheel}

That installs JupyterLab and `course_lib`, the gradient checker that the notebooks use. Then

    jupyter lab assignments

opens the notebooks. With uv, one line does both:

    uv run --no-project --with ./{wheel} jupyter lab assignments

Where a cell says `raise NotImplementedError("not written yet")`, your code goes: replace that line. The cells
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
        _copy(release, into / "assignments")
    wheel = build_wheel(student_package(), into)
    (into / "README.md").write_text(README.format(wheel=wheel.name), encoding="utf-8")
    (into / "LICENSE").write_text(license_text(), encoding="utf-8")
    return wheel


def student_package() -> Edition:
    """What notebooks import, as the sandbox shows it too."""
    files = {place: path for path, place in visible.student_edition() if place.startswith("course_lib/")}
    return Edition(NAME, SUMMARY, files, readme=PAGE)


def make_packages(into: Path) -> list[Path]:
    """Write the student package as a wheel and an sdist, to be published; makes the directory if need be."""
    into.mkdir(parents=True, exist_ok=True)
    return [build(student_package(), into) for build in (build_wheel, build_sdist)]


def _copy(release: Release, assignments: Path) -> None:
    """The release and what nbgrader put beside it, but no other notebook: one may be somebody's work."""
    folder = assignments / release.path.parent.name
    ignored = shutil.ignore_patterns("*.ipynb", ".*", "__pycache__")
    shutil.copytree(release.path.parent, folder, ignore=ignored, dirs_exist_ok=True)
    (folder / release.path.name).write_text(release.content, encoding="utf-8")
