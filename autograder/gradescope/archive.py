"""The archive to upload: two scripts, the grader as a wheel, and the assignment with its hidden tests.

The files that an assignment is released with, data and helper modules, lie in a folder of their own; the
libraries that it imports are named, to be installed.
"""

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
from autograder.gradebook.naming import names_in
from autograder.grader_side import visible
from autograder.gradescope.libraries import libraries_of
from autograder.grading.task import Release
from autograder.grading_settings import Settings, configured, settings_of
from autograder.installed import PROJECT
from autograder.roles import role_of
from autograder.student_side.packages import NONE, Packages
from autograder.submission.beside import digest_of, files_beside
from autograder.whole import whole

CONFIG = "assignment.json"
LIBRARIES = "requirements.txt"
BESIDE = "release"  # the folder of the files that lie beside the notebooks
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
    student_files: list[str] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        """How to grade, as the grader takes it."""
        return Settings(self.sandbox, self.limits, Packages.of_argument(self.packages))

    def release(self, unpacked: Path) -> Release:
        """The release as the grader takes it; ``unpacked`` is where the archive was."""
        files = files_beside(unpacked / BESIDE)
        return Release(self.assignment, self.notebooks, files, digest_of(files))


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
    release = load_release(course, assignment)
    config = _config(course, release, visibility, unsafe=unsafe)
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
            LIBRARIES: "".join(f"{name}\n" for name in libraries_of(release) if name != PROJECT).encode(),
            wheel.name: wheel.read_bytes(),
            **{f"{BESIDE}/{name}": path.read_bytes() for name, path in release.files.items()},
        }
    try:
        _write(to, contents)
    except OSError as error:
        raise CourseError(f"{to} cannot be written: {error.strerror or error}") from error


def _config(course: Course, release: Release, visibility: str, *, unsafe: bool) -> Config:
    settings = settings_of(course.config())
    return Config(
        release.assignment,
        dict(release.notebooks),
        _written(release),
        visibility,
        settings.sandbox,
        unsafe,
        dict(settings.limits),
        settings.packages.as_argument(),
        list(configured(course.config()).student_files),
    )


def _written(release: Release) -> dict[str, float]:
    """The points that a person gives, by question: its grade id, or the heading above it, as in reports."""
    notebooks = {name: nbformat.reads(text, as_version=4) for name, text in release.notebooks.items()}
    names = names_in(notebooks)
    found: dict[str, float] = {}
    for notebook, content in notebooks.items():
        for cell in content.cells:
            role = role_of(cell)
            if _is_given_by_hand(role, cell.cell_type):
                name = names[notebook, role.grade_id].removesuffix(f"-{role.grade_id}")
                found[name] = found.get(name, 0.0) + float(role.points)
    return found


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
    with whole(to) as new, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            entry: Any = zipfile.ZipInfo(name, _DATE)
            mode = 0o700 if name in ("setup.sh", "run_autograder") else 0o600
            entry.external_attr = (0o100000 | mode) << 16  # a regular file, on Unix
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
