"""The class of the soak: honest work of known worth, hostile work, and files that are no notebooks."""

from __future__ import annotations

import itertools
import json
import random
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from classes import REPOSITORY

from autograder.authoring.build import build
from autograder.course import CONFIG, Course

sys.path.insert(0, str(REPOSITORY / "tests" / "submissions"))

from hostile_class import ASSIGNMENT, FULL, SOURCE, Attack, hand_in, load_attacks

FILE = f"{ASSIGNMENT}.ipynb"
# Generous to what honest students compute here, and short enough that a hostile one costs seconds.
LIMITS = {"cell_seconds": 3.0, "call_seconds": 1.5, "notebook_seconds": 15.0, "memory_mb": 512, "file_mb": 16}
RARE = 20  # one in so many is hostile, and one in so many is malformed

# For each exercise, sources and what they earn in its graded cell.
ANSWERS: dict[str, list[tuple[str, float]]] = {
    "01_norm": [
        (
            "import numpy as np\n\n\ndef norm(x):\n    if len(x) == 0:\n        raise ValueError\n"
            "    return np.linalg.norm(x)\n",
            20,
        ),
        ("def norm(x):\n    return np.sqrt((x * x).sum())\n", 15),
        ("def norm(x):\n    return abs(x).sum()\n", 0),
    ],
    "02_cube": [
        (
            "def cube(x):\n    return x * x * x, x\n\n\n"
            "def cube_backward(dout, x):\n    return dout * 3 * x * x\n",
            20,
        ),
        ("def cube(x):\n    return x**3, x\n\n\ndef cube_backward(dout, x):\n    return dout * x**2\n", 0),
        ("def cube(x):\n    return x**3\n", 0),
    ],
    "03_counter": [
        (
            "class Counter:\n    total = 0.0\n\n    def add(self, n):\n"
            "        self.total = self.total + n\n        return self.total\n",
            20,
        ),
        ("class Counter:\n    total = 0.0\n\n    def add(self, n):\n        self.total += n\n", 15),
        ("class Counter:\n    pass\n", 0),
    ],
    "04_twice": [
        ("def twice(f, x):\n    y = f(x)\n    return f(y)\n", 20),
        ("def twice(f, x):\n    return f(x) + f(x)\n", 0),
        ("def twice(f, x)\n    return f(f(x))\n", 0),
    ],
}
CELLS = dict(zip(ANSWERS, FULL, strict=True))  # the graded cell of each exercise


@dataclass(frozen=True)
class Handed:
    """What a student handed in: of which kind, and per graded cell the least and the most it may get."""

    student: str
    kind: str  # honest, hostile or malformed
    story: str
    least: Mapping[str, float] = field(default_factory=dict)
    most: Mapping[str, float] = field(default_factory=dict)


def make_course(root: Path, size: int, seed: int) -> tuple[Course, list[Handed]]:
    """A built course at ``root`` with ``size`` submissions, one in RARE hostile and one malformed."""
    (root / "solutions" / ASSIGNMENT).mkdir(parents=True)
    shutil.copy(REPOSITORY / CONFIG, root)
    with (root / CONFIG).open("a", encoding="utf-8") as config:
        config.write(f"\nc.GradeApart.limits = {LIMITS}\n")
    shutil.copy(SOURCE, root / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.py")
    course = Course(root)
    release = nbformat.reads(build(course, [ASSIGNMENT])[0].content, as_version=4)
    attacks = itertools.cycle(random.Random(seed).sample(load_attacks(), k=len(load_attacks())))
    oddities = itertools.cycle(MALFORMED)
    combinations = itertools.cycle(_combinations(random.Random(seed)))
    handed = []
    for number in range(size):
        student = f"student-{number + 1:06d}"
        folder = course.submitted / student / ASSIGNMENT
        if number % RARE == 3:
            handed.append(_hostile(student, next(attacks), release, folder, root))
        elif number % RARE == 13:
            handed.append(_malformed(student, next(oddities), nbformat.writes(release), folder))
        else:
            handed.append(_honest(student, next(combinations), release, folder))
    return course, handed


def _combinations(chance: random.Random) -> list[dict[str, tuple[str, float]]]:
    every = [dict(zip(ANSWERS, picked, strict=True)) for picked in itertools.product(*ANSWERS.values())]
    return chance.sample(every, k=len(every))


def _honest(
    student: str, answers: Mapping[str, tuple[str, float]], release: nbformat.NotebookNode, folder: Path
) -> Handed:
    notebook = nbformat.from_dict(release)
    points = {CELLS[exercise]: float(worth) for exercise, (_, worth) in answers.items()}
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell.source = answers[name][0]
    folder.mkdir(parents=True)
    (folder / FILE).write_text(nbformat.writes(notebook), encoding="utf-8")
    return Handed(student, "honest", "", points, points)


def _hostile(
    student: str, attack: Attack, release: nbformat.NotebookNode, folder: Path, root: Path
) -> Handed:
    solution = {exercise: answers[0][0] for exercise, answers in ANSWERS.items()}
    places = {"ROOT": str(root), "PORT": "9", "CANARY": str(root.parent / "hostile-canary")}
    hand_in(attack, release, solution, folder, places)
    return Handed(student, "hostile", attack.name, attack.keeps, attack.honest)


def _malformed(
    student: str, oddity: tuple[str, Callable[[str], bytes | None]], text: str, folder: Path
) -> Handed:
    story, make = oddity
    folder.mkdir(parents=True)
    content = make(text)
    if content is None:
        (folder / FILE).mkdir()
    else:
        (folder / FILE).write_bytes(content)
    return Handed(student, "malformed", story, {}, dict.fromkeys(FULL, 0.0))


def _nested(text: str) -> bytes:
    return b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


def _of_the_future(text: str) -> bytes:
    return json.dumps({**json.loads(text), "nbformat": 99}).encode()


MALFORMED: list[tuple[str, Callable[[str], bytes | None]]] = [
    ("empty", lambda text: b""),
    ("cut off", lambda text: text[: len(text) // 2].encode()),
    ("no JSON", lambda text: b"PK\x03\x04" + bytes(range(256)) * 20),
    ("a list", lambda text: b"[1, 2, 3]"),
    ("nested without end", _nested),
    ("of a future format", _of_the_future),
    ("a directory", lambda text: None),
    (
        "cells that are numbers",
        lambda text: b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1]}',
    ),
]


def by_kind(handed: list[Handed]) -> Iterator[tuple[str, list[Handed]]]:
    """The submissions of each kind."""
    for kind in ("honest", "hostile", "malformed"):
        yield kind, [each for each in handed if each.kind == kind]
