"""A course directory: where its parts are, as nbgrader's own configuration says."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import sysconfig
import warnings
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.errors import CourseError
from autograder.facts import CourseFacts

CONFIG = "nbgrader_config.py"
ANSWERS = "answers"  # the folder of known answers beside a source
CONFIG_AS_JSON = "nbgrader_config.json"
NAMES_AN_ERROR = re.compile(r" {4}[^\W\d][\w.]*: ")
STRUCTURE = os.path.join("{nbgrader_step}", "{student_id}", "{assignment_id}")  # nbgrader's usual one
BUSY_SECONDS = 120  # how long to wait for whoever else writes to an SQLite gradebook


# In a path, nbgrader, its configuration and SQLite's addresses take these for something else.
MISREAD = "%?*[$"


def refuse_place(root: Path) -> None:
    """CourseError for a directory whose path nbgrader would take for that of another, or cannot write."""
    path = str(root)
    why = next((f"has a {sign}" for sign in MISREAD if sign in path), "")
    try:
        path.encode()
    except UnicodeEncodeError:
        path, why = os.fsencode(path).decode(errors="replace"), "is no UTF-8"
    if why:
        raise CourseError(f"{path} cannot hold a course: its path {why}, which nbgrader misreads; rename it")


class Course:
    """A directory with an ``nbgrader_config.py``; every path below is the one nbgrader would use."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        refuse_place(self.root)
        if not (self.root / CONFIG).is_file():
            raise CourseError(f"{root} is not a course: it has no {CONFIG} (run from the course's root)")
        directories = self.config().CourseDirectory

        def folder(name: str, usual: str) -> Path:
            found = directories.get(name, usual)
            if not isinstance(found, str):
                raise CourseError(
                    f"the configuration sets CourseDirectory.{name} to {found!r}, which is no text"
                )
            return self.root / found

        self.solutions = folder("source_directory", "source")
        self.assignments = folder("release_directory", "release")
        self.submitted = folder("submitted_directory", "submitted")
        self.autograded = folder("autograded_directory", "autograded")
        self.feedback = folder("feedback_directory", "feedback")
        folders = [self.solutions, self.assignments, self.submitted, self.autograded, self.feedback]
        if twice := next((each.name for each in folders if folders.count(each) > 1), None):
            raise CourseError(f"the configuration calls two of its folders {twice!r}: each has its own")
        if directories.get("directory_structure", STRUCTURE) != STRUCTURE:
            raise CourseError(
                f"the configuration sets CourseDirectory.directory_structure; {STRUCTURE} alone is known here"
            )

    def config(self) -> Any:
        """The course's configuration, freshly read, with its root set; CourseError where it cannot be.

        As nbgrader reads it: what Jupyter's own directories say holds where the course says nothing.
        """
        from jupyter_core.paths import jupyter_config_path
        from traitlets.config import Config, JSONFileConfigLoader, PyFileConfigLoader

        config = Config()
        for folder in (*reversed(jupyter_config_path()), str(self.root)):
            for loader, name in ((PyFileConfigLoader, CONFIG), (JSONFileConfigLoader, CONFIG_AS_JSON)):
                if (path := Path(folder, name)).is_file():
                    config.merge(_read(path, loader))
        config.CourseDirectory.root = str(self.root)
        return config

    @cached_property
    def facts(self) -> CourseFacts:
        """What is particular to this course; CourseError when the configuration says it wrongly."""
        return CourseFacts(self.config())

    def api(self, **overrides: dict[str, Any]) -> Any:
        """nbgrader's Python API on this course; ``overrides`` are sections of its configuration."""
        from nbgrader.apps import NbGraderAPI

        _put_scripts_on_path()
        expect_warnings()
        config = self.config()
        for section, values in overrides.items():
            config[section].update(values)
        return NbGraderAPI(config=config)

    def directories(self) -> Any:
        """nbgrader's CourseDirectory of this course, which knows the gradebook's address."""
        from nbgrader.coursedir import CourseDirectory
        from sqlalchemy import make_url
        from sqlalchemy.exc import ArgumentError
        from traitlets import TraitError

        try:
            found = CourseDirectory(config=self.config())
            make_url(found.db_url)
        except (TraitError, ArgumentError) as error:
            raise CourseError(f"the configuration of CourseDirectory cannot be used: {error}") from None
        return found

    def refuse_to_replace(self, path: Path) -> None:
        """CourseError where a file to be written would take the place of one that the course needs."""
        place = path.resolve()
        gradebook = Path(str(self.directories().db_url).removeprefix("sqlite:///")).resolve()
        folders = (self.solutions, self.assignments, self.submitted, self.autograded)
        inside = any(place.is_relative_to(folder.resolve()) for folder in folders)
        if inside or place in ((self.root / CONFIG).resolve(), gradebook):
            raise CourseError(f"{path} is part of the course, and stays: choose another --to")

    def source_of(self, assignment: str) -> Path:
        """The assignment's source text; CourseError when it has none or several."""
        if assignment not in self.assignment_names():
            self.refuse_without_cells(assignment)
            if assignment in self.notebook_names():
                folder = f"{self.solutions.name}/{assignment}"
                raise CourseError(
                    f"{folder} is written as notebooks; this takes a source in text, {folder}/*.py"
                )
            known = ", ".join(self.assignment_names()) or "none"
            raise CourseError(f"no assignment {assignment!r} under {self.solutions.name}/; there is: {known}")
        sources = [path for path in sorted((self.solutions / assignment).glob("*.py")) if _has_cells(path)]
        if len(sources) != 1:
            names = " and ".join(path.name for path in sources)
            raise CourseError(
                f"{self.solutions.name}/{assignment} must hold one .py source with cells, has {names}"
            )
        return sources[0]

    def refuse_without_cells(self, assignment: str) -> None:
        """Say what is wrong with a source that is there, but is none.

        Beside notebooks it is one only where a notebook was built of it; others are modules.
        """
        module = assignment in self.notebook_names()
        for path in sorted((self.solutions / assignment).glob("*.py")):
            if module and not path.with_suffix(".ipynb").exists():
                continue
            content = path.read_bytes()
            if not content.strip():
                why = "it is empty"
            elif b"\0" in content:  # as every other letter of UTF-16 is
                why = "it is not UTF-8 text; save it as that"
            else:
                why = "a header begins with `# %%` and a space"
            raise CourseError(f"{path} has no cells: {why}")

    def assignment_names(self) -> list[str]:
        """The assignments that have a source in text, in order."""
        return sorted(path.parent.name for path in self.solutions.glob("*/*.py") if _has_cells(path))

    def notebook_names(self) -> list[str]:
        """The assignments whose sources are notebooks, for nbgrader to release; modules may lie beside."""
        names = {path.parent.name for path in self.solutions.glob("*/*.ipynb")}
        return sorted(names - set(self.assignment_names()))

    def released_by(self, assignment: str) -> str:
        """The command that makes an assignment's release of its source."""
        by_nbgrader = assignment in self.notebook_names()
        return f"nbgrader generate_assignment {assignment}" if by_nbgrader else f"course build {assignment}"


def _read(path: Path, loader: Any) -> Any:
    """What one file of a configuration says; CourseError where it cannot be read."""
    try:
        with contextlib.redirect_stdout(sys.stderr):  # what it prints is no part of what a command says
            return loader(path.name, path=str(path.parent)).load_config()
    except CourseError:
        raise
    except (Exception, SystemExit) as error:  # it is a program: it may fail in any way, or just end
        why = " ".join(str(error).split())
        raise CourseError(f"{path} cannot be read: {type(error).__name__}: {why}") from error


def _has_cells(path: Path) -> bool:
    """Whether a Python file is a source of cells, and no module beside a notebook."""
    try:
        return "# %%" in path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True  # which is said where it is read


def bundled() -> Course:
    """The course that this package came with: its own copy in a wheel, the clone that it is run from else."""
    copy = Path(__file__).with_name("bundled")
    return Course(copy if copy.is_dir() else Path(__file__).parents[1])


def reason(result: dict[str, Any]) -> str:
    """One line on why an nbgrader call failed, by what it returned; KeyboardInterrupt where that was it."""
    if "KeyboardInterrupt" in str(result.get("error")):
        raise KeyboardInterrupt  # nbgrader reports it as if it were a failure
    # nbgrader indents the traceback it logs by four spaces: the error is the last line at that depth that
    # begins with a name. What some say after it, such as the SQL they tried, does not.
    log = str(result.get("log", "")).splitlines()
    errors = [line.strip() for line in log if NAMES_AN_ERROR.match(line)]
    logged = [line.removeprefix("[ERROR] ") for line in log if line.startswith("[ERROR] ")]
    raised = str(result.get("error", "no reason given")).strip().splitlines()
    return (errors or logged[:1] or raised)[-1]


def _put_scripts_on_path() -> None:
    """nbgrader calls `alembic` by name, which fails when the environment was not activated."""
    scripts = sysconfig.get_path("scripts")
    path = os.environ.get("PATH", "").split(os.pathsep)
    if scripts not in path:
        os.environ["PATH"] = os.pathsep.join([scripts, *path])


def expect_warnings() -> None:
    """Leave unsaid what SQLAlchemy 2 remarks on the order in which nbgrader creates a submission's rows."""
    from sqlalchemy.exc import SAWarning

    warnings.filterwarnings("ignore", "Object of type <Submitted", category=SAWarning)


def patient(url: str) -> str:
    """A gradebook's address with which SQLite waits longer than five seconds: backups may lock it."""
    if not url.startswith("sqlite") or "?" in url:
        return url
    return f"{url}?timeout={BUSY_SECONDS}"
