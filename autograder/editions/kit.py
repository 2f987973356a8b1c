"""The student kit: the released notebooks, and a package of what they import, without the reference."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from nbgrader.preprocessors import ClearSolutions

from autograder.authoring.build import BuiltNotebook, stage
from autograder.course import Course
from autograder.editions.wheel import Edition, build_sdist, build_wheel
from autograder.errors import CourseError
from autograder.facts import CourseFacts
from autograder.grader_side import visible
from autograder.grader_side.errors import SandboxError
from autograder.installed import license_text
from autograder.pages.words import heading
from autograder.sources.exercises import exercises
from autograder.sources.source import Source
from autograder.whole import filled

PAGE = """# For students of *{title}*

{summary}

The notebooks are not in this package; your course has them. What instructors
install to grade has all of this, too; install one of the two, not both.
"""
README = """# {title}

You need Python 3.11 or newer, and a corner of your own for what will be installed. Open a terminal in this
folder and type, on macOS and Linux,

    python3 -m venv .venv
    source .venv/bin/activate
    python -m pip install ./{wheel}
    jupyter lab {start}

and on Windows, in PowerShell,

    py -m venv .venv
    .venv\\Scripts\\Activate.ps1
    python -m pip install ./{wheel}
    jupyter lab {start}

That installs JupyterLab and what the notebooks import. {summary} Another day, the second and the last line
will do. With uv, one line does it all:

    uv run --no-project --with ./{wheel} jupyter lab {start}

* Debian and Ubuntu: if `venv` is missing, `sudo apt install python3-venv`. `externally-managed-environment`
  means that the environment is not active: type the second line, and do not use `--break-system-packages`.
* Homebrew's Python says the same for the same reason; `brew install python@3.12` if yours is too old.
* Windows: if scripts are forbidden, `Set-ExecutionPolicy -Scope Process RemoteSigned` allows them in this
  window. `py -0` lists the Pythons you have; get one from python.org if there is none.

## Where to start

Begin with `{start}`. Each notebook stands alone, and says at its top what it takes and what may be skipped.

{table}

Where a cell says `{stub}`, your code goes: replace that line. The cells
below it tell you whether it is right, and where it is not. Hand in the `.ipynb` file under its own name.
{further}"""
FURTHER = (
    "[docs/students.md](docs/students.md) says more: reading reports, points, handing in, what comes back.\n"
)
STUDENTS = Path("docs", "students.md")
LINKED = re.compile(r"\]\(([\w./-]+)\)")


def make_kit(course: Course, into: Path, names: Sequence[str] = ()) -> Path:
    """Write the kit of these assignments (all by default) into an empty or new directory; its wheel.

    CourseError, before anything is written, when the directory is in use, there is no source, or a release is
    not what its source builds: what students get is what the checks of `course build` have seen.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise CourseError(f"{into} is not an empty directory: choose another --to")
    releases = list(stage(course, names))
    for release in releases:
        if not release.is_current():
            raise CourseError(f"{release.path} is not what its source builds: run `course build`")
    with filled(into):
        for release in releases:
            _copy(release, into / course.assignments.name)
        wheel = build_wheel(student_package(course.facts), into)
        told = _copy_words(course, into)
        readme = _readme(course, releases, wheel.name, FURTHER if told else "")
        (into / "README.md").write_text(readme, encoding="utf-8")
        (into / "LICENSE").write_text(license_text(), encoding="utf-8")
    return wheel


def student_package(facts: CourseFacts) -> Edition:
    """What notebooks import, as the sandbox shows it too."""
    page = PAGE.format(title=facts.title, summary=facts.summary)
    return Edition(facts.kit_name, facts.summary, _student_files(facts), readme=page)


def make_packages(course: Course, into: Path) -> list[Path]:
    """Write the student package as a wheel and an sdist, to be published; makes the directory if need be."""
    into.mkdir(parents=True, exist_ok=True)
    return [build(student_package(course.facts), into) for build in (build_wheel, build_sdist)]


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


def _readme(course: Course, releases: Sequence[BuiltNotebook], wheel: str, further: str) -> str:
    """How to install and where to start: the notebooks by name, with their points and the time they take."""
    places = [f"{course.assignments.name}/{one.path.parent.name}/{one.path.name}" for one in releases]
    rows = ["| notebook | what it is about | about |", "|---|---|---|"]
    for release, place in zip(releases, places, strict=True):
        minutes = sum(one.minutes for one in exercises(release.source))
        rows.append(f"| `{place}` | {_title(release.source)} | {_duration(minutes)} |")
    facts = course.facts
    return README.format(
        title=facts.title or course.root.name,
        summary=facts.summary,
        wheel=wheel,
        start=places[0],
        table="\n".join(rows),
        stub=_stub(course),
        further=further,
    )


def _title(source: Source) -> str:
    found = (heading(item.cell.source, 1) for item in source.cells if item.cell.cell_type == "markdown")
    return next((title for title in found if title), source.path.stem)


def _duration(minutes: int) -> str:
    """In hours and halves, as people plan; empty where the exercises do not say."""
    halves = max(1, round(minutes / 30)) if minutes else 0
    return f"{halves / 2:g} hour{'' if halves <= 2 else 's'}" if halves else ""


def _copy_words(course: Course, into: Path) -> bool:
    """Copy the course's page for students, with the files that it links to; whether there is one."""
    page = course.root / STUDENTS
    if not page.is_file():
        return False
    text = page.read_text(encoding="utf-8")
    linked = [STUDENTS.parent / link for link in LINKED.findall(text)]
    for place in [STUDENTS, *linked]:
        source = course.root / place
        if ".." not in place.parts and source.is_file():
            (into / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, into / place)
    return True


def _copy(release: BuiltNotebook, assignments: Path) -> None:
    """The release and what nbgrader put beside it, but no other notebook: one may be somebody's work."""
    folder = assignments / release.path.parent.name
    ignored = shutil.ignore_patterns("*.ipynb", ".*", "__pycache__")
    shutil.copytree(release.path.parent, folder, ignore=ignored, dirs_exist_ok=True)
    (folder / release.path.name).write_text(release.content, encoding="utf-8")
