"""Change every solution automatically, grade what comes of it, and count the changes that cost no points.

    python benchmarks/mutations.py [--only 04] [--sample 300 --seed 0] [--workers 2] [--json FILE]

Each mutant is one small change in the lines that a student writes: a flipped sign, a dropped term, another
axis, a mask left out, off by one, `+=` made `=`, and so on (`mutation/operators.py`). It is graded in one
process, with hidden tests and a time limit. A mutant that loses no points is run again with other random
numbers, and compared with the solution, call by call (`mutation/border.py`): where nothing differs, it is the
same function in other words, and counts neither way. The rest are survivors. Those for which
`mutation/survivors.py` gives a reason are shown with it, and the goal is that at least 98 % of the mutants
that behave differently lose points. Exits with 1 if they do not, or if a survivor has no reason.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: the arrays are small, the workers many
os.environ.setdefault("MPLBACKEND", "Agg")

from mutation.mutants import Mutant, mutants_of
from mutation.survivors import reason_for
from mutation.trial import Trial, limit_memory

from autograder.course import Course
from autograder.sources.source import Source, read_source

Job = tuple[str, str, Mutant]
GOAL = 0.98
COURSE = Course(Path(__file__).parents[1])


@dataclass(frozen=True)
class Result:
    """What became of one mutant: where it lost points, or how it differs all the same, or neither."""

    assignment: str
    answer: str
    kind: str
    line: int
    where: str
    before: str
    after: str
    lost_in: str | None
    message: str
    difference: str | None
    reason: str | None

    @property
    def survived(self) -> bool:
        return self.lost_in is None and self.difference is not None

    @property
    def same(self) -> bool:
        return self.lost_in is None and self.difference is None


def main() -> int:
    parser = argparse.ArgumentParser(description="Mutate every solution and grade the mutants.")
    parser.add_argument("--only", default="", help="assignments whose name begins so")
    parser.add_argument("--sample", type=int, help="so many mutants, drawn at random")
    parser.add_argument("--seed", type=int, default=0, help="of the sample and of the checks' numbers")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--json", type=Path, help="write all results into this file")
    options = parser.parse_args()

    if options.sample is None:
        jobs = [job for assignment in assignments(options.only) for job in jobs_of(assignment)]
    else:
        jobs = sample(options.sample, options.seed, options.only)
    with ProcessPoolExecutor(options.workers, initializer=limit_memory) as pool:
        seeds = [options.seed] * len(jobs)
        results = list(pool.map(grade, *zip(*jobs, strict=True), seeds, chunksize=8))
    if options.json:
        options.json.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n")
    return report(results)


def assignments(only: str = "") -> list[str]:
    return [name for name in COURSE.assignment_names() if name.startswith(only)]


def answers_of(assignment: str) -> dict[str, str]:
    """The sources of the answer cells, by grade id."""
    return {item.grade_id: item.cell.source for item in source_of(assignment).cells if item.role == "answer"}


def jobs_of(assignment: str) -> Iterator[Job]:
    """Each mutant of each answer, with the names of its assignment and its answer."""
    for answer, source in answers_of(assignment).items():
        yield from ((assignment, answer, mutant) for mutant in mutants_of(source))


def sample(size: int, seed: int, only: str = "") -> list[Job]:
    """So many mutants: answers drawn at random, and of each answer one of its mutants."""
    chance = random.Random(seed)
    answers = [(name, answer) for name in assignments(only) for answer in answers_of(name)]
    drawn = sorted(chance.choices(answers, k=size))  # an assignment's together, for one process to grade
    mutants = {one: mutants_of(answers_of(one[0])[one[1]]) for one in {*drawn}}
    return [(*one, chance.choice(mutants[one])) for one in drawn]


def grade(assignment: str, answer: str, mutant: Mutant, seed: int = 0) -> Result:
    """Grade one mutant, and if it loses nothing, look for a difference."""
    trial = trial_of(assignment)
    lost = trial.points_lost(answer, mutant.source, seed)
    difference = None if lost else trial.difference(answer, mutant.source)
    lost_in, message = lost or (None, "")
    reason = reason_for(answer, mutant) if difference else None
    told = {name: value for name, value in asdict(mutant).items() if name != "source"}
    found = {"lost_in": lost_in, "message": message, "difference": difference, "reason": reason}
    return Result(assignment, answer, **told, **found)


def report(results: list[Result]) -> int:
    """Print the table and the survivors; return 1 if the goal is missed or a survivor has no reason."""
    columns = ("mutants", "same", "differ", "lose points", "survive", "share")
    print(f"{'':24}" + "".join(f"{column:>13}" for column in columns))
    names = sorted({result.assignment for result in results})
    shares = [row(name, (r for r in results if r.assignment == name)) for name in names]
    shares.append(row("all", results))
    survivors = [result for result in results if result.survived]
    for result in survivors:
        print(f"\n{result.answer}, line {result.line}: {result.kind} in {result.where}")
        print(f"  {result.before}  ->  {result.after}\n  {result.difference}")
        print(f"  {result.reason or 'NO REASON KNOWN'}")
    unexplained = [result for result in survivors if result.reason is None]
    return int(shares[-1] < GOAL or bool(unexplained))


def row(name: str, results: Iterable[Result]) -> float:
    """Print one row of the table; return the share of the mutants that behave differently and lose points."""
    results = list(results)
    same = sum(result.same for result in results)
    survived = sum(result.survived for result in results)
    differ = len(results) - same
    share = (differ - survived) / differ if differ else 1.0
    numbers = (len(results), same, differ, differ - survived, survived)
    print(f"{name:24}" + "".join(f"{number:13}" for number in numbers) + f"{share:13.2%}")
    return share


@cache
def source_of(assignment: str) -> Source:
    return read_source(COURSE.source_of(assignment))


@cache
def trial_of(assignment: str) -> Trial:
    return Trial(source_of(assignment))


if __name__ == "__main__":
    sys.exit(main())
