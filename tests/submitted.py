"""Cells as they are released and as students hand them in, in few words; each has its name for its id."""

import copy
from dataclasses import dataclass, field

import roles
from nbformat.v4 import new_code_cell, new_markdown_cell
from roles import named

from autograder.submission.adopt import Adoption
from autograder.submission.copies import find_copies
from autograder.submission.match import START, Matching, match_cells
from autograder.submission.repairs import Repairs


def own(name, source="mine = 1"):
    """A code cell that nbgrader does not know: the student's own, or a plain one of the release."""
    return new_code_cell(source, id=name)


def text(name, source="my words"):
    """Words that nbgrader does not know."""
    return new_markdown_cell(source, id=name)


def answer(name, source):
    """An answer in code."""
    return named(roles.answer(source, name=name))


def written(name, source="*Answer here.*"):
    """An answer in words, which a person grades."""
    return roles.words(source, name, grade=True, solution=True)


def check(name, source):
    """A graded cell."""
    return named(roles.cell(source, grade_id=name, grade=True))


def given(name, source):
    """A read-only cell."""
    return named(roles.cell(source, grade_id=name))


RELEASED = [
    given("setup", "import numpy as np\nimport os"),
    answer("f", "def f(x):\n    raise NotImplementedError"),
    check("f-test", "assert f(2) == 4"),
    answer("g", "def g(x):\n    pass"),
    check("g-test", "assert g(2) == 3"),
    written("w"),
]
SETUP, NO_F, F_TEST, NO_G, G_TEST, NO_W = RELEASED
F, G = "def f(x):\n    return x * x", "def g(x):\n    return x + 1"
WITH_F, WITH_G, WITH_W = answer("f", F), answer("g", G), written("w", "Because.")
HANDED_IN = [SETUP, WITH_F, F_TEST, WITH_G, G_TEST, WITH_W]
ANSWERS = {"f": "f", "g": "g", "w": "w"}


@dataclass
class Found:
    """What came of a submission, where it is not that each released cell is filled by the cell of its name.

    ``filled`` maps released cells to submitted ones, or to None; ``stands`` submitted cells to released ones.
    """

    filled: dict = field(default_factory=dict)
    stands: dict = field(default_factory=dict)
    refers: dict = field(default_factory=dict)
    before: dict = field(default_factory=dict)
    missing: tuple = ()
    says: tuple = ()


def adopted(*submitted, released=RELEASED):
    """What is adopted of a submission, told by the cells' names."""
    repairs = Repairs()
    adoption = Adoption(released, submitted, find_copies(released, submitted), repairs)
    adoption.run()
    names = [cell.id for cell in released]
    of = {names[index]: submitted[number].id for index, number in adoption.source_of.items()}
    stands = {submitted[number].id: names[index] for number, index in adoption.anchors.items()}
    return Found(
        {name: of.get(name) for name in names if of.get(name) != name},
        {cell.id: stands.get(cell.id) for cell in submitted if stands.get(cell.id) not in (None, cell.id)},
        {names[index]: names[other] for index, other in adoption.refers.items()},
        {names[index]: [submitted[n].id for n in numbers] for index, numbers in adoption.before.items()},
        adoption.missing,
        repairs.sentences(),
    )


def matched(*cells, released=RELEASED):
    """The matching with names for numbers: of the released cells, and of the submitted ones."""
    found = match_cells(released, cells)
    names = {START: "start"} | {index: cell.id for index, cell in enumerate(released)}
    return Matching(
        {names[index]: cells[number].id for index, number in found.source_of.items()},
        {names[index]: names[other] for index, other in found.refers.items()},
        {names[index]: [cells[number].id for number in numbers] for index, numbers in found.further.items()},
        {names[index]: [cells[number].id for number in numbers] for index, numbers in found.before.items()},
        found.repairs,
        found.missing,
    )


def goes(source_of=ANSWERS, refers=(), further=(), before=(), repairs=(), missing=()):
    """A matching, where it is not that each answer is filled by the cell of its name."""
    return Matching(source_of, dict(refers), dict(further), dict(before), repairs, missing)


def with_these(*cells):
    """What is handed in, with these cells in the places of those of their names."""
    places = {cell.id: cell for cell in cells}
    return [places.get(cell.id, cell) for cell in HANDED_IN]


def retyped(cell, kind):
    """The cell with another type."""
    made = copy.deepcopy(cell)
    made.cell_type = kind
    return made


def lost(name):
    """What is said of an answer that is nowhere."""
    return f"Answer {name} was not handed in; the empty one stands there."


def in_own_cell(name):
    """What is said of an answer that stood in a cell that nbgrader does not know."""
    return f"Answer {name} was written in a cell of its own, which now stands in its place."


def edited(*names):
    """What is told of released cells that came edited."""
    if len(names) == 1:
        return f"Cell {names[0]} was not as released; the released one was used."
    return f"{len(names)} cells were not as released; the released ones were used: {' and '.join(names)}."
