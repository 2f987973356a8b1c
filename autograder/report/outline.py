"""What an assignment consists of: its title, its exercises by their headings, what its cells are worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from nbgrader.api import Gradebook

from autograder.course import Course
from autograder.gradebook.naming import Names, cell_names
from autograder.gradebook.scores import exercise_of
from autograder.pages import Effort, effort, heading
from autograder.roles import grade_id, words_of
from autograder.submission.released import read_released


@dataclass(frozen=True)
class Outline:
    """The title, each exercise's heading, short label and effort, each graded cell's points; all in order.

    Where several exercises stand under one heading, its minutes are given to the first, and 0 to the others.
    ``called`` has the cells' names, by notebook and grade id.
    """

    title: str
    titles: Mapping[str, str]
    labels: Mapping[str, str]
    efforts: Mapping[str, Effort]
    max_points: Mapping[str, float]
    called: Names


def read_outline(course: Course, gradebook: Gradebook, assignment: str) -> Outline:
    """The outline: points as the gradebook has them, order and headings from the released notebooks."""
    found = gradebook.find_assignment(assignment)
    called = cell_names(found, course.assignments / assignment)
    worth = {
        called[notebook.name, cell.name]: float(cell.max_score)
        for notebook in found.notebooks
        for cell in (*notebook.grade_cells, *notebook.task_cells)
    }
    title, section = "", ""
    stands_under: dict[str, str] = {}
    said: dict[str, Effort] = {}
    for notebook in sorted(found.notebooks, key=lambda notebook: str(notebook.name)):
        path = course.assignments / assignment / f"{notebook.name}.ipynb"
        for cell in read_released(path, assignment).cells if path.is_file() else ():
            if cell.cell_type == "markdown":
                title = title or heading(cell.source, 1) or ""
                if named := heading(cell.source, 2):
                    section, said[named] = named, effort(cell.source)
            if name := called.get((notebook.name, grade_id(cell))):
                stands_under[name] = section or title
    names = [*stands_under, *sorted(worth.keys() - stands_under.keys())]
    sections = {exercise_of(name): stands_under.get(name) or exercise_of(name) for name in reversed(names)}
    exercises = dict.fromkeys(exercise_of(name) for name in names)
    return Outline(
        title=title or assignment,
        titles={exercise: _title(exercise, sections) for exercise in exercises},
        labels={exercise: _label(exercise, sections) for exercise in exercises},
        efforts=_efforts(exercises, sections, said),
        max_points={name: worth[name] for name in names},
        called=called,
    )


def _efforts(
    exercises: Iterable[str], sections: Mapping[str, str], said: Mapping[str, Effort]
) -> dict[str, Effort]:
    """By exercise, what its heading says; the minutes of a heading are not counted twice."""
    efforts: dict[str, Effort] = {}
    counted: set[str] = set()
    for exercise in exercises:
        section = sections[exercise]
        found = said.get(section, Effort())
        efforts[exercise] = replace(found, minutes=0) if section in counted else found
        counted.add(section)
    return efforts


def _title(exercise: str, sections: Mapping[str, str]) -> str:
    """The heading; where several exercises stand under one, with the exercise's own name."""
    section = sections[exercise]
    return f"{section}: {words_of(exercise)}" if _is_shared(section, sections) else section


def _label(exercise: str, sections: Mapping[str, str]) -> str:
    """The same in short, for an axis: the heading's number, and the exercise's name where it is needed."""
    section = sections[exercise]
    number = section.partition(" ")[0]
    if not number.replace(".", "").isdigit():
        return exercise
    return f"{number} {words_of(exercise)}" if _is_shared(section, sections) else number


def _is_shared(section: str, sections: Mapping[str, str]) -> bool:
    return list(sections.values()).count(section) > 1
