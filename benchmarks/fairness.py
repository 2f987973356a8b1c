"""Grade every known answer, and changed solutions, with many seeds: does a score depend on luck?

    python benchmarks/fairness.py [--only 04] [--seeds 50] [--mutants 200] [--workers 2] [--json FILE]

The seed decides which numbers the checks draw. Each known answer of `solutions/*/answers`, right and wrong,
and a sample of the mutants of `benchmarks/mutations.py` is graded in one process, hidden tests included, once
for each seed; only the graded cells that use the answer are run.
The table shows how far the points of one answer lie
apart, at most, and how many stay within half a point; then come the answers that do not, with the cells that
differ. Exits with 1 if a right answer ever loses a point, or if more than 5 % of the wrong known answers
move by more than half a point.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: the arrays are small, the workers many
os.environ.setdefault("MPLBACKEND", "Agg")

import mutations
from mutation.trial import limit_memory
from tqdm import tqdm

from autograder.rehearsal.answers import load_answers

GOAL = 0.95
CLOSE = 0.5  # points; what a wrong answer may gain or lose by luck
KINDS = ("right", "wrong", "mutant")


@dataclass(frozen=True)
class Case:
    """An answer to grade again and again: a known one, or a mutant of the solution."""

    assignment: str
    exercise: str
    kind: str
    title: str
    source: str


@dataclass(frozen=True)
class Result:
    """The points of one answer, for each seed, in the graded cells that use it; and what these are worth."""

    assignment: str
    exercise: str
    kind: str
    title: str
    worth: float
    points: dict[str, tuple[float, ...]]

    @property
    def totals(self) -> list[float]:
        return [sum(each) for each in zip(*self.points.values(), strict=True)]

    @property
    def spread(self) -> float:
        """How far apart the points lie, between the luckiest seed and the unluckiest."""
        return max(self.totals) - min(self.totals) if self.points else 0.0

    @property
    def fair(self) -> bool:
        """Whether luck decides nothing: a right answer has all its points, another stays close to its own."""
        if self.kind == "right":
            return all(abs(total - self.worth) < 1e-9 for total in self.totals)
        return self.spread <= CLOSE + 1e-9


def main() -> int:
    parser = argparse.ArgumentParser(description="Grade known answers and mutants with many seeds.")
    parser.add_argument("--only", default="", help="assignments whose name begins so")
    parser.add_argument("--answer", default="", help="exercises whose grade id begins so")
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--mutants", type=int, default=200, help="so many of all, drawn at random")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--json", type=Path, help="write all results into this file")
    options = parser.parse_args()

    cases = [*known(options.only), *changed(options.mutants, options.only)]
    cases = [case for case in cases if case.exercise.startswith(options.answer)]
    with ProcessPoolExecutor(options.workers, initializer=limit_memory) as pool:
        graded = pool.map(partial(grade, seeds=options.seeds), cases, chunksize=4)
        results = list(tqdm(graded, total=len(cases), disable=None, leave=False))
    if options.json:
        rows = [{**asdict(result), "spread": result.spread} for result in results]
        options.json.write_text(json.dumps(rows, indent=1) + "\n")
    return report(results)


def known(only: str = "") -> Iterator[Case]:
    """The known answers, and the solution's own, of each assignment."""
    for assignment in mutations.assignments(only):
        for exercise, source in mutations.answers_of(assignment).items():
            yield Case(assignment, exercise, "right", "the solution", source)
        for answer in load_answers(mutations.source_of(assignment)):
            kind = "right" if answer.right else "wrong"
            yield Case(assignment, answer.exercise, kind, answer.title, answer.source)


def changed(size: int, only: str = "") -> Iterator[Case]:
    """A sample of the mutants."""
    for assignment, exercise, mutant in mutations.sample(size, seed=0, only=only):
        title = f"{mutant.kind}: {mutant.before}  ->  {mutant.after}"
        yield Case(assignment, exercise, "mutant", title, mutant.source)


def grade(case: Case, seeds: int) -> Result:
    """Grade one answer with the seeds 0, 1, 2, ..."""
    trial = mutations.trial_of(case.assignment)
    runs = [trial.points(case.exercise, case.source, seed) for seed in range(seeds)]
    points = {name: tuple(run[name][0] for run in runs) for name in runs[0]}
    worth = sum(most for _, most in runs[0].values())
    return Result(case.assignment, case.exercise, case.kind, case.title, worth, points)


def report(results: Sequence[Result]) -> int:
    """Print the table and what is not fair; return 1 if a goal is missed."""
    columns = ("answers", "same points", "within 0.5", "share", "at most")
    print(f"{'':24}{'':8}" + "".join(f"{column:>13}" for column in columns))
    for name in [*sorted({result.assignment for result in results}), "all"]:
        for kind in KINDS:
            row(name, kind, [r for r in results if r.kind == kind and name in ("all", r.assignment)])
    for result in results:
        if not result.fair:
            print(f"\n{result.exercise} ({result.kind}) {result.title}: {counts(result.totals)}")
            for name, points in result.points.items():
                if len(set(points)) > 1 or result.kind == "right":
                    print(f"  {name}: {counts(points)}")
    right = [result for result in results if result.kind == "right"]
    wrong = [result for result in results if result.kind == "wrong"]
    steady = sum(result.fair for result in wrong) >= GOAL * len(wrong)
    return int(not (all(result.fair for result in right) and steady))


def row(name: str, kind: str, results: Sequence[Result]) -> None:
    """Print one row of the table."""
    if not results:
        return
    same = sum(result.spread < 1e-9 for result in results)
    fair = sum(result.fair for result in results)
    most = max(result.spread for result in results)
    numbers = f"{len(results):13}{same:13}{fair:13}{fair / len(results):13.2%}{most:13g}"
    print(f"{name:24}{kind:8}{numbers}")


def counts(values: Sequence[float]) -> str:
    """How often each value occurs, the most frequent first: `4 x 45, 3 x 5`."""
    often = sorted({value: values.count(value) for value in values}.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{value:g} points {number} times" for value, number in often)


if __name__ == "__main__":
    sys.exit(main())
