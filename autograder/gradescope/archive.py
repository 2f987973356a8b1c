"""The archive to upload: two scripts, the grader as a wheel, and the assignment with its hidden tests."""

from __future__ import annotations

import importlib.metadata
import json
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import nbformat

import autograder
from autograder.batch.plan import load_release
from autograder.course import Course
from autograder.editions.wheel import Edition, build_wheel
from autograder.errors import CourseError
from autograder.facts import CourseFacts
from autograder.grader_side import visible
from autograder.grading.task import Release, Settings, settings_of
from autograder.installed import PROJECT
from autograder.student_side.packages import NONE, Packages

CONFIG = "assignment.json"
VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")
_DATE = (2020, 1, 1, 0, 0, 0)  # the same files make the same archive
_SUMMARY = "Grades notebooks behind a wall."


@dataclass(frozen=True)
class Config:
    """What the container must know: the release, how to grade, and when students see their results."""

    assignment: str
    notebooks: dict[str, str]
    written: dict[str, float]  # questions that a person grades, and their points
    visibility: str = "visible"
    sandbox: str = "auto"
    unsafe: bool = False
    limits: dict[str, float] = field(default_factory=dict)
    packages: str = NONE.as_argument()

    @property
    def settings(self) -> Settings:
        """How to grade, as the grader takes it."""
        return Settings(self.sandbox, self.limits, Packages.of_argument(self.packages))

    @property
    def release(self) -> Release:
        """The release as the grader takes it."""
        return Release(self.assignment, self.notebooks)


def read_config(path: Path) -> Config:
    """What :func:`write_archive` put into the archive."""
    return Config(**json.loads(path.read_text(encoding="utf-8")))


def write_archive(course: Course, assignment: str, to: Path, visibility: str, *, unsafe: bool) -> None:
    """Write the archive for a built assignment.

    CourseError, before anything is written, when the assignment is not built or ``visibility`` is none of
    Gradescope's; also when the file cannot be written. With ``unsafe``, student code runs unprotected where
    the container has no sandbox, with a mark that only instructors see.
    """
    if visibility not in VISIBILITIES:
        raise CourseError(f"no visibility {visibility!r}; there is: {', '.join(VISIBILITIES)}")
    config = _config(course, assignment, visibility, unsafe=unsafe)
    with tempfile.TemporaryDirectory() as scratch:
        scripts = {"course": "autograder.__main__:main"}
        edition = Edition(PROJECT, _SUMMARY, _packages(course.facts), ("instructors",), scripts)
        wheel = build_wheel(edition, Path(scratch))
        python = _python(*sys.version_info[:3])
        container = files("autograder.gradescope") / "container"
        contents: dict[str, bytes] = {
            "setup.sh": (container / "setup.sh").read_text("utf-8").replace("@PYTHON@", python).encode(),
            "run_autograder": (container / "run_autograder").read_bytes(),
            CONFIG: json.dumps(asdict(config)).encode(),
            "constraints.txt": _constraints().encode(),
            wheel.name: wheel.read_bytes(),
        }
    try:
        _write(to, contents)
    except OSError as error:
        raise CourseError(f"{to} cannot be written: {error.strerror or error}") from error


def _config(course: Course, assignment: str, visibility: str, *, unsafe: bool) -> Config:
    release = load_release(course, assignment)
    settings = settings_of(course.config())
    return Config(
        assignment,
        dict(release.notebooks),
        _written(release),
        visibility,
        settings.sandbox,
        unsafe,
        dict(settings.limits),
        settings.packages.as_argument(),
    )


def _written(release: Release) -> dict[str, float]:
    cells = [
        cell.metadata.nbgrader
        for text in release.notebooks.values()
        for cell in nbformat.reads(text, as_version=4).cells
        if _is_given_by_hand(cell.metadata.get("nbgrader", {}), cell.cell_type)
    ]
    return {role.grade_id: float(role.points) for role in cells}


def _is_given_by_hand(role: Mapping[str, Any], cell_type: str) -> bool:
    return bool(role.get("task") or (role.get("grade") and (role.get("solution") or cell_type != "code")))


def _packages(facts: CourseFacts) -> dict[str, Path]:
    """All of this project, and what students and hidden tests import of the course's own besides."""
    ours = {"course_lib": visible.library(), "autograder": Path(str(autograder.__file__)).parent}
    named = (*facts.shown.shown, *facts.hidden_packages)
    others = {place: path for name in named for path, place in visible.files_of(name)}
    return ours | {place: path for place, path in others.items() if place.partition("/")[0] not in ours}


def _python(major: int, minor: int, micro: int) -> str:
    """This Python or a later one of its series: the versions in use here may not work with an earlier one."""
    return f">={major}.{minor}.{micro},<{major}.{minor + 1}"


def _constraints() -> str:
    """The versions in use here, so that scores there are what they were when the assignment was tried out."""
    pinned = {
        found.metadata["Name"]: found.version
        for found in importlib.metadata.distributions()
        if found.metadata["Name"] not in (None, PROJECT)
    }
    return "".join(f"{name}=={version}\n" for name, version in sorted(pinned.items()))


def _write(to: Path, contents: dict[str, bytes]) -> None:
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            entry: Any = zipfile.ZipInfo(name, _DATE)
            mode = 0o700 if name in ("setup.sh", "run_autograder") else 0o600
            entry.external_attr = (0o100000 | mode) << 16  # a regular file, on Unix
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
