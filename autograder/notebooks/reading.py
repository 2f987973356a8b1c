"""Source notebooks: read, and refused in one sentence where nbgrader could not release them."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.nbgraderformat import (
    MetadataValidator,
    SchemaTooNewError,
    SchemaTooOldError,
    ValidationError,
)
from nbgrader.preprocessors import ClearSolutions, IncludeHeaderFooter
from traitlets import TraitError

from autograder.course import Course
from autograder.errors import CourseError
from autograder.roles import grade_id
from autograder.submission.released import refuse_other_languages


def read_notebook(path: Path) -> NotebookNode:
    """A source that is written for Python and whose cells nbgrader accepts; CourseError."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError, KeyError, AttributeError, TypeError, ValidationError) as error:
        cause = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise CourseError(f"{path} cannot be read as a notebook: {cause}") from error
    refuse_other_languages(path, notebook)
    _refuse_invalid(path, notebook)
    return notebook


def _refuse_invalid(path: Path, notebook: NotebookNode) -> None:
    validator = MetadataValidator()
    for number, cell in enumerate(notebook.cells, 1):
        name = _name(cell, number)
        try:
            validator.validate_cell(cell)
        except ValidationError as error:
            why = error.message.splitlines()[0][:200]
            raise CourseError(f"{path} cannot be released, says nbgrader of {name}: {why}") from None
        except SchemaTooOldError:
            raise CourseError(
                f"{path} is of an older nbgrader than is installed ({name}); run `nbgrader update {path}`"
            ) from None
        except SchemaTooNewError:
            raise CourseError(f"{path} is of a newer nbgrader than is installed ({name})") from None
    try:
        validator.validate_nb(notebook)
    except ValidationError as error:  # of no single cell: an id recurs
        raise CourseError(f"{path} cannot be released, says nbgrader: {error.message}") from None


def _name(cell: NotebookNode, number: int) -> str:
    return grade_id(cell) or f"its cell {number}"


class _Naming(ClearSolutions):  # type: ignore[misc]
    """nbgrader's step, whose errors say of which cell they are."""

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        """The cell without its solution; RuntimeError."""
        try:
            made: tuple[NotebookNode, Any] = super().preprocess_cell(cell, resources, index)
        except RuntimeError as error:
            raise RuntimeError(f"of {_name(cell, index + 1)}: {error}") from None
        return made


def with_header(notebook: NotebookNode, course: Course) -> NotebookNode:
    """The notebook between the header and the footer that nbgrader releases it with; CourseError."""
    try:
        adding = IncludeHeaderFooter(config=course.config())
    except TraitError as error:
        raise CourseError(f"the configuration cannot be used: {error}") from None
    for part in ("header", "footer"):
        if name := getattr(adding, part):
            path = course.root / name
            read_notebook(path)
            setattr(adding, part, str(path))
    made: NotebookNode = adding.preprocess(notebook, {})[0]
    return made


def without_solutions(path: Path, notebook: NotebookNode, course: Course) -> NotebookNode:
    """The notebook as nbgrader releases it; CourseError where it cannot."""
    try:
        return _Naming(config=course.config()).preprocess(copy.deepcopy(notebook), {})[0]
    except RuntimeError as error:
        raise CourseError(f"{path} cannot be released, says nbgrader {error}") from None
    except (ValueError, TraitError) as error:  # of the configuration
        raise CourseError(f"{path} cannot be released, says nbgrader: {error}") from None
