"""Whole submissions composed from known answers, with the points that every graded cell must get."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.gradebook.scores import exercise_of
from autograder.grader_side.names import Names, names_in
from autograder.rehearsal.answers import Answer
from autograder.roles import grade_id, is_checked, role_of
from autograder.sources.markers import without_markers
from autograder.sources.source import Source
from autograder.submission.copying import copied

WRITTEN_ANSWER = "Each gate needs only its own inputs; the chain rule joins them, however large the graph."


@dataclass(frozen=True)
class ComposedSubmission:
    """One composed notebook: whose it is, what was done to it, and what it must get."""

    student: str
    story: str
    notebook: NotebookNode
    expected: Mapping[str, float]  # points of every automatically graded cell
    answers: tuple[Answer, ...] = ()


class Composer:
    """Composes submissions to one assignment out of its release, its solution and its known answers."""

    def __init__(self, source: Source, release: NotebookNode, answers: Sequence[Answer]) -> None:
        self.release = release
        self.answers = list(answers)
        self.solution = {
            item.grade_id: without_markers(item.cell.source)
            for item in source.cells
            if item.role in ("answer", "written") and item.cell.cell_type == "code"
        }
        self.full = {item.grade_id: item.points for item in source.cells if item.role == "graded"}
        self.written = [item.grade_id for item in source.cells if item.role == "written"]

    def submission(self, student: str, story: str, answers: Sequence[Answer] = ()) -> ComposedSubmission:
        """The solution with ``answers`` in place of its own cells; full marks but for what they lose."""
        expected = dict(self.full)
        for answer in answers:
            expected.update(answer.points)
        replaced = {answer.exercise: answer.source for answer in answers}
        return ComposedSubmission(
            student, story, self._filled({**self.solution, **replaced}), expected, tuple(answers)
        )

    def blank(self, student: str) -> ComposedSubmission:
        """The release, handed in untouched."""
        nothing = dict.fromkeys(self.full, 0.0)
        return ComposedSubmission(student, "blank", copied(self.release), nothing)

    def a_class(self, size: int, seed: int = 0) -> list[ComposedSubmission]:
        """``size`` students: perfect, blank, other routes, cells moved about, one bug each, and mixtures."""
        stories = self._stories(random.Random(seed))
        numbered = zip(range(1, size + 1), stories, strict=False)
        return [story(f"student-{number:02d}") for number, story in numbered]

    def covering(self) -> list[tuple[Answer, ...]]:
        """The fewest mixtures in which each known answer occurs; those that disturb others stand alone."""
        by_exercise = _by_exercise(self._calm()).values()
        rounds = range(max((len(options) for options in by_exercise), default=0))
        picked = [tuple(options[turn] for options in by_exercise if turn < len(options)) for turn in rounds]
        return picked + [(answer,) for answer in self.answers if answer.disturbs]

    def mixture(self, student: str, answers: Sequence[Answer]) -> ComposedSubmission:
        """The solution with these answers, whose titles are its story."""
        return self.submission(student, "; ".join(answer.title for answer in answers), answers)

    def _calm(self) -> list[Answer]:
        return [answer for answer in self.answers if not answer.disturbs]

    def _built_upon(self) -> set[str]:
        """The exercises whose names another's solution, answers or checks use: their answers do not mix.

        What two wrong answers cost together is then no longer what they cost one by one.
        """
        sources: dict[str, list[str]] = {}
        for cell in self.release.cells:
            if cell.cell_type == "code" and role_of(cell).get("grade"):
                sources.setdefault(exercise_of(grade_id(cell)), []).append(cell.source)
        for exercise, source in (*self.solution.items(), *((a.exercise, a.source) for a in self.answers)):
            sources.setdefault(exercise, []).append(source)
        found = set()
        for exercise, source in self.solution.items():
            bound = _names(source).bound
            others = (text for other, texts in sources.items() if other != exercise for text in texts)
            if any(bound & _names(text).used for text in others):
                found.add(exercise)
        return found

    def _stories(self, chance: random.Random) -> Iterator[Callable[[str], ComposedSubmission]]:
        right = [answer for answer in self.answers if answer.right]
        wrong = [answer for answer in self.answers if not answer.right]
        built_upon = self._built_upon()
        alone = [answer for answer in self._calm() if answer.exercise not in built_upon]
        chance.shuffle(wrong)
        yield partial(self.submission, story="perfect")
        yield self.blank
        yield partial(self.submission, story="right by other routes", answers=_one_each(right, chance))
        yield partial(self._edited, story="cells added", edit=_add_cells)
        yield partial(self._edited, story="checks deleted", edit=_delete_checks)
        yield partial(self._edited, story="cells duplicated", edit=_duplicate_cells)
        for bug in cycle(wrong):
            yield partial(self.submission, story=f"one slip: {bug.title}", answers=[bug])
            some = chance.sample(alone, k=len(alone) // 2)
            yield partial(self.submission, story="mixed", answers=_one_each(some, chance))

    def _edited(self, student: str, story: str, edit: Callable[[NotebookNode], None]) -> ComposedSubmission:
        perfect = self.submission(student, story)
        edit(perfect.notebook)
        return perfect

    def _filled(self, sources: Mapping[str, str]) -> NotebookNode:
        notebook = copied(self.release)
        for cell in notebook.cells:
            name = grade_id(cell)
            if name in sources:
                cell.source = sources[name]
            elif name in self.written:
                cell.source = WRITTEN_ANSWER
        return notebook


def _names(source: str) -> Names:
    return names_in(source) or Names(frozenset(), frozenset())


def _one_each(answers: Sequence[Answer], chance: random.Random) -> list[Answer]:
    return [chance.choice(options) for options in _by_exercise(answers).values()]


def _by_exercise(answers: Sequence[Answer]) -> dict[str, list[Answer]]:
    found: dict[str, list[Answer]] = {}
    for answer in answers:
        found.setdefault(answer.exercise, []).append(answer)
    return found


def _add_cells(notebook: NotebookNode) -> None:
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell("# My own notes", id="my-notes"))
    notebook.cells.insert(
        len(notebook.cells) // 2,
        nbformat.v4.new_code_cell("my_scratch = [k * k for k in range(5)]", id="mine-1"),
    )
    notebook.cells.append(nbformat.v4.new_code_cell("print('a last thought')", id="mine-2"))


def _delete_checks(notebook: NotebookNode) -> None:
    graded = [cell for cell in notebook.cells if is_checked(cell)]
    doomed = {cell.id for cell in graded[::2]}
    notebook.cells = [cell for cell in notebook.cells if cell.id not in doomed]


def _duplicate_cells(notebook: NotebookNode) -> None:
    doubled = []
    for cell in notebook.cells:
        doubled.append(cell)
        if role_of(cell):
            twin = copy.deepcopy(cell)
            twin["id"] = f"{cell.id[:55]}-twin"
            doubled.append(twin)
    notebook.cells = doubled
