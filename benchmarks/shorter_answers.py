"""Known answers written as edits where that is shorter: ``python benchmarks/shorter_answers.py FILE...``.

Which answer is written out and which is an edit of which is chosen so that the file has few lines, and nobody
has to follow more than two edits to read one. Headers, their order and every expanded answer stay.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from autograder.rehearsal.answers import KINDS, OF, SOLUTION, solution_of, title_of, written_out
from autograder.rehearsal.edits import CHANGED, COMES, GOES, IN, NEXT, OUT, STAYS, fitting
from autograder.sources.source import Source, read_source

#: The share of a line that stays where it shows one change, two, three; what is more is written anew.
STAY, WIDTH = (0.5, 0.5, 0.7), 120
#: An edit has at most this share of the lines it stands for, or so many and fewer than they;
#: one of two lines may have two.
SHARE, SHORT = 0.75, 5
#: What following one more edit costs a reader, in lines.
BURDEN = 0.4
#: What a slip costs that has to undo another one first.
UNDOING = 0.6

#: A header as far as its title.
TITLED = re.compile(rf'# %% (?:{"|".join(KINDS)})="(?:[^"\\]|\\.)*"')

Step = tuple[str | None, str | None]


@cache
def edit_between(base: str, target: str) -> str:
    """The edit that makes ``target`` of ``base``, in few lines; empty where they are equal."""
    now, row, hunks = base.split("\n"), 0, list[list[str]]()
    for group in _groups(_steps(base, target)):
        before = [old for old, _ in group if old is not None]
        after = [new for _, new in group if new is not None]
        if before != after:
            hunks.append(_hunk(now, row, group))
            now[row : row + len(before)] = after
        row += len(after)
    return "\n".join(_with_ends(hunks))


def _groups(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """The steps, those together that take lines out and put others in at one place."""
    group: list[Step] = []
    for step in steps:
        if None not in step:
            yield from ([group] if group else [])
            group = []
            yield [step]
        else:
            group.append(step)
    yield from ([group] if group else [])


def _hunk(now: Sequence[str], row: int, group: Sequence[Step]) -> list[str]:
    """The hunk's lines, after as many that stay as say where it is; at the very top some are put in again."""
    before = [old for old, _ in group if old is not None]
    after = [new for _, new in group if new is not None]
    first, last = row, row + len(before)
    while len(fitting(now, now[first:last])) != 1 and (first > 0 or last < len(now)):
        if first > 0:
            first -= 1
        else:
            last += 1
    again = list(now[row + len(before) : last])
    if None not in group[0] and not again:
        shown = [CHANGED + (_changed(*group[0]) or "")]
    else:
        shown = [OUT + line for line in before + again] + [IN + line for line in after + again]
    return [line.rstrip() for line in [*(STAYS + line for line in now[first:row]), *shown]]


def _with_ends(hunks: Sequence[list[str]]) -> Iterator[str]:
    """All lines, with `# @` where the next hunk does not begin by itself."""
    for before, hunk in zip([[], *hunks], hunks, strict=False):
        if before and not (f"{before[-1]:<4}"[:4] in (IN, CHANGED) and f"{hunk[0]:<4}"[:4] != IN):
            yield NEXT
        yield from hunk


def _steps(base: str, target: str) -> list[Step]:
    """Lines of ``base`` beside lines of ``target``, one line of an edit for each that differs, few in all."""
    old, new = base.split("\n"), target.split("\n")
    cost = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old) + 1)):
        for j in reversed(range(len(new) + 1)):
            if i < len(old) or j < len(new):
                cost[i][j] = min(spent + cost[p][q] for spent, p, q in _moves(old, new, i, j))
    i, j, steps = 0, 0, list[Step]()
    while i < len(old) or j < len(new):
        _, p, q = min((spent + cost[p][q], p, q) for spent, p, q in _moves(old, new, i, j))
        steps.append((old[i] if p > i else None, new[j] if q > j else None))
        i, j = p, q
    return steps


def _moves(old: Sequence[str], new: Sequence[str], i: int, j: int) -> Iterator[tuple[float, int, int]]:
    if i < len(old) and j < len(new):
        if old[i] == new[j]:
            yield 0.0, i + 1, j + 1
        elif _changed(old[i], new[j]):
            yield 1.1, i + 1, j + 1
    if i < len(old):
        yield 1.0, i + 1, j
    if j < len(new):
        yield 1.01, i, j + 1


@cache
def _changed(old: str, new: str) -> str | None:
    """The line with its changes in it; None where they are many, or little stays."""
    a, b = (re.findall(r"^ *|\w+|\s+|.", line) for line in (old, new))
    parts = list(_parts(a, b))
    stays = sum(len(goes) for goes, comes in parts if goes == comes)
    changes = sum(goes != comes for goes, comes in parts)
    if a[0] != b[0] or changes > len(STAY) or stays < STAY[max(changes, 1) - 1] * len(old):
        return None
    shown = "".join(
        goes if goes == comes else f"[-{goes}-]" * bool(goes) + f"{{+{comes}+}}" * bool(comes)
        for goes, comes in parts
    )
    read_back = COMES.sub("", GOES.sub(r"\1", shown)), GOES.sub("", COMES.sub(r"\1", shown))
    return shown if read_back == (old, new) and len(shown) + len(CHANGED) <= WIDTH else None


def _parts(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What goes and what comes; equal where it stays, and what is between two changes is no mere letter."""
    goes = comes = ""
    ops = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for place, (op, i, p, j, q) in enumerate(ops):
        was, now = "".join(old[i:p]), "".join(new[j:q])
        if op != "equal" or (len(was) < 3 and 0 < place < len(ops) - 1):
            goes, comes = goes + was, comes + now
            continue
        if goes or comes:
            yield goes, comes
        goes = comes = ""
        yield was, now
    if goes or comes:
        yield goes, comes


class _File:
    """One file of answers; number 0 is the solution, which stands elsewhere."""

    def __init__(self, path: Path, source: Source) -> None:
        self.path = path
        cells = [cell for _, cell in written_out(path, source)]
        self.titles = [SOLUTION, *(title_of(cell) for cell in cells)]
        self.right = [True, *("wrong" not in cell.metadata for cell in cells)]
        self.texts = [solution_of(source, path.stem), *(cell.source for cell in cells)]
        self.whole = [text.count("\n") + 4 for text in self.texts]  # the header, and two empty lines
        self.edit = [[self._size(k, of) for of in range(len(self.texts))] for k in range(len(self.texts))]
        self.of = self._settled()

    def _size(self, k: int, of: int) -> float:
        """The lines of answer ``k`` as an edit of ``of``, with its header; infinite if it should be none."""
        base, text = self.texts[of], self.texts[k]
        if base == text or self.titles.count(self.titles[of]) > 1 or self.right[k] > self.right[of]:
            return math.inf
        size, lines = edit_between(base, text).count("\n") + 1, text.count("\n") + 1
        if size > max(SHARE * lines, min(SHORT, max(lines - 1, 2))):
            return math.inf
        return size + 1 + UNDOING * (not self.right[of])

    def _settled(self) -> list[int | None]:
        """What each answer is an edit of; None for those that are written out."""
        out = {0}
        best, of = self._with(out)
        better = True
        while better:
            better = False
            for k in range(1, len(self.texts)):
                burden, choice = self._with(out ^ {k})
                if burden < best:
                    best, of, out, better = burden, choice, out ^ {k}, True
        return of

    def _with(self, out: set[int]) -> tuple[float, list[int | None]]:
        """Lines and burdens, and what each is an edit of, where ``out`` are written out."""
        of: list[int | None] = [None] * len(self.texts)
        cost = [0.0, *self.whole[1:]]
        for k in set(range(1, len(cost))) - out:
            base = min(out, key=self.edit[k].__getitem__)
            if self.edit[k][base] < cost[k]:
                of[k], cost[k] = base, self.edit[k][base]
        saving = [
            (cost[k] - self.edit[k][j] - BURDEN, k, j)
            for k in range(1, len(cost))
            for j in range(1, len(cost))
            if k not in out and (of[j] is not None or j not in out)
        ]
        followed = {0}
        for saved, k, j in sorted(saving, reverse=True):
            if saved > 0 and k not in followed and (of[j] is None or of[j] in out) and k != j:
                if of[k] is not None and of[k] not in out:
                    continue
                of[k], cost[k] = j, self.edit[k][j] + BURDEN
                followed.add(j)
        return sum(cost), of

    def written(self) -> str:
        """The file, with the same headers in the same order."""
        blocks = re.split(r"(?m)^(?=# %%(?!%))", self.path.read_text(encoding="utf-8"))
        text = blocks[0]
        for number, block in enumerate(blocks[1:], 1):
            header = re.sub(rf' {OF}="[^"]*"', "", block.split("\n", 1)[0])
            of = self.of[number]
            if of is None:
                text += f"{header}\n{self.texts[number]}\n\n\n"
            else:
                name = f" {OF}={json.dumps(self.titles[of], ensure_ascii=False)}"
                end = len(TITLED.findall(header)[0])
                edit = edit_between(self.texts[of], self.texts[number])
                text += f"{header[:end]}{name}{header[end:]}\n{edit}\n"
        return text.rstrip("\n") + "\n"


def main(paths: Sequence[str]) -> None:
    """Shorten each file and say what it had and has."""
    for path in map(Path, paths):
        source = read_source(next(path.parent.parent.glob("*.py")))
        file = _File(path, source)
        before = path.read_text(encoding="utf-8")
        path.write_text(file.written(), encoding="utf-8")
        print(f"{path}: {before.count(chr(10))} -> {file.written().count(chr(10))} lines")


if __name__ == "__main__":
    main(sys.argv[1:])
