"""Attacks, one per file of hostile/, made into submissions; shared by the tests and by benchmarks/attacks.py.

The first cell of a file says in words what is tried. Its header may have: ``right`` (a list of answers that
are right, or "all"), ``honest`` (points per graded cell that are earned fairly besides, 0 where not named),
``keeps`` (points that must be earned in spite of the attack, by default those of the right answers), ``says``
(a pattern found in what is shown of the attack), ``wire`` (the attack begins with ``WIRE``), ``beside``
(files by name), ``links`` (symbolic links), ``delete`` (cells), ``notebook`` (its metadata).
Each further cell is one the student added, unless its header says ``answer`` (which answer it is), ``edit``
(which locked cell it replaces), ``copy`` (of which cell it is one) or ``meta`` (whose metadata it changes);
``made`` is an expression whose value is the cell's source, ``copies`` how often an added cell is there,
``times`` how often its text stands there, ``code`` text that is no Python, as a code cell of the student's,
and ``attach`` pictures by name; ``raw``, in a file's header, names what is done to the file's JSON (``RAW``).
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat.notebooknode import NotebookNode

HERE = Path(__file__).parent
ASSIGNMENT = "wall"
SOURCE = HERE / "assignment.py"
FULL = {"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0}
SECRET = "SECRET-7391: neighbour"
CANARY = "hostile-canary"
# What an attack on the wire needs: the sockets of its process, and a frame as the grader's side reads it.
WIRE = """import os
import socket
import struct


def sockets():
    for number in range(3, 256):
        try:
            found = socket.socket(fileno=os.dup(number))
        except OSError:
            continue
        if found.family == socket.AF_UNIX:
            yield found


def framed(tree, nodes):
    room = 40 * nodes + 2 * len(tree)
    return struct.pack(">III", room, nodes, len(tree)) + tree + bytes(room - len(tree))
"""


def nested(levels: int, indent: int = 1) -> str:
    """``finally`` in ``finally``, whose code doubles with each level."""
    pad = " " * indent
    if levels == 0:
        return pad + "pass\n"
    head = f"{pad}while x:\n{pad} try:\n{pad}  if x: return 1\n{pad}  if x: break\n{pad}  if x: continue\n"
    return f"{head}{pad} finally:\n{nested(levels - 1, indent + 2)}"


def ladder(line: str, levels: int) -> str:
    """A line at each depth of indentation, and ``pass`` within."""
    return "".join(" " * level + line for level in range(levels)) + " " * levels + "pass\n"


RAW = {
    "as it is": lambda text: text,
    "deep": lambda text: _with(text, '"deep": ' + "[" * 100_000 + "]" * 100_000),
    "numbers": lambda text: _with(text, f'"a": {"9" * 1_000_000}, "b": 1e999999, "c": NaN, "d": -Infinity'),
    "twice": lambda text: _with(text, '"cells": 1, "cells": [], "nbformat": 4, ' + text.strip()[1:-1]),
    "surrogates": lambda text: _with(
        text.replace("# Behind the wall", "\\ud800 \\udfff"), '"\\udc00": "\\ud83d"'
    ),
    "shapes": lambda text: text.replace(
        '"cells": [',
        '"cells": [null, 1, [], "x", {}, {"cell_type": [], "source": 3}, {"source": ["a", 1]}, '
        '{"cell_type": {"a": 1}, "id": [], "metadata": [], "source": "x", "attachments": {"a": {"b": 1}}}, ',
        1,
    ),
}


def _with(text: str, more: str) -> str:
    """A JSON object's text with something more at its end."""
    return text[: text.rindex("}")] + ", " + more + "}"


@dataclass(frozen=True)
class Attack:
    """One file: its name, what it tries, its header and its cells."""

    name: str
    words: str
    options: Mapping[str, Any]
    cells: tuple[NotebookNode, ...]

    @property
    def earned(self) -> dict[str, float]:
        """The points of the answers that are right."""
        right = self.options.get("right", [])
        return {name: FULL[name] for name in FULL if right == "all" or name.split("-")[0] in right}

    @property
    def honest(self) -> dict[str, float]:
        """The most points per graded cell that the submission may get."""
        return {**dict.fromkeys(FULL, 0.0), **self.earned, **self.options.get("honest", {})}

    @property
    def keeps(self) -> dict[str, float]:
        """Points that an honest part of the submission must get."""
        return dict(self.options.get("keeps", self.earned))


@cache
def load_attacks() -> tuple[Attack, ...]:
    """Every attack there is, by name."""
    return tuple(_load(path) for path in sorted((HERE / "hostile").glob("*.py")))


def _load(path: Path) -> Attack:
    first, *cells = jupytext.read(path, fmt="py:percent").cells
    if first.metadata.get("wire"):
        cells.insert(0, nbformat.v4.new_code_cell(WIRE))
    return Attack(path.stem, first.source, first.metadata, tuple(cells))


def hand_in(
    attack: Attack,
    release: NotebookNode,
    solution: Mapping[str, str],
    folder: Path,
    places: Mapping[str, str],
) -> None:
    """Write the attack's submission into ``folder``; ``places`` are the values of @NAME@ in its cells."""
    folder.mkdir(parents=True)
    known = attack.options.get("right", [])
    notebook = _answered(release, {name: solution[name] for name in (solution if known == "all" else known)})
    for number, cell in enumerate(attack.cells):
        _apply(notebook, cell, number, places)
    doomed = attack.options.get("delete", [])
    notebook.cells = [cell for cell in notebook.cells if _grade_id(cell) not in doomed]
    notebook.metadata.update(attack.options.get("notebook", {}))
    text = RAW[attack.options.get("raw", "as it is")](nbformat.v4.writes(notebook))
    (folder / f"{ASSIGNMENT}.ipynb").write_text(text, encoding="utf-8")
    for name, text in attack.options.get("beside", {}).items():
        (folder / name).write_text(_placed(text, places), encoding="utf-8")
    for name, target in attack.options.get("links", {}).items():
        (folder / name).symlink_to(_placed(target, places))


def right(release: NotebookNode, solution: Mapping[str, str]) -> NotebookNode:
    """The release with every code answer right, and a secret that nobody else should read."""
    notebook = _answered(release, solution)
    notebook.cells.append(nbformat.v4.new_markdown_cell(SECRET, id="secret"))
    return notebook


def _answered(release: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    notebook = copy.deepcopy(release)
    for cell in notebook.cells:
        cell.source = answers.get(_grade_id(cell), cell.source)
    return notebook


def _apply(notebook: NotebookNode, cell: NotebookNode, number: int, places: Mapping[str, str]) -> None:
    given = dict(cell.metadata)
    role = next((key for key in ("answer", "edit", "copy", "meta") if key in given), None)
    makers = {"nested": nested, "ladder": ladder}
    text = eval(given["made"], makers) if "made" in given else cell.source
    source = _placed(text, places) * given.get("times", 1)
    attached = {"attachments": given["attach"]} if "attach" in given else {}
    if role is None:
        made = nbformat.from_dict({**cell, "id": f"own-{number}", "source": source, **attached})
        if given.get("code"):
            made = nbformat.v4.new_code_cell(source, id=f"own-{number}")
        ours = ("at", "made", "copies", "times", "attach", "code")
        made.metadata = nbformat.from_dict({key: value for key, value in given.items() if key not in ours})
        end = given.get("at") == "end"
        place = len(notebook.cells) if end else _index(notebook, "imports") + 1 + number
        copies = [copy.deepcopy(made) for _ in range(given.get("copies", 1))]
        for index, each in enumerate(copies[1:]):
            each.id = f"own-{number}-{index}"
        notebook.cells[place:place] = copies
        return
    target = notebook.cells[_index(notebook, given[role])]
    if role == "copy":
        target = copy.deepcopy(target)
        target.id = f"copy-{number}"
        notebook.cells.append(target)
    if role != "meta":
        target.source = source
        target.update(nbformat.from_dict(attached))
    target.metadata.update({key: given[key] for key in ("tags",) if key in given})
    target.metadata.nbgrader.update(given.get("nbgrader", {}))
    if given.get("type") == "markdown":
        del target["outputs"], target["execution_count"]
        target.cell_type = "markdown"


def _placed(text: str, places: Mapping[str, str]) -> str:
    for name, value in places.items():
        text = text.replace(f"@{name}@", value)
    return text


def _grade_id(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _index(notebook: NotebookNode, grade_id: str) -> int:
    return next(index for index, cell in enumerate(notebook.cells) if _grade_id(cell) == grade_id)
