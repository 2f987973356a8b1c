"""Draws points at which checkers go wrong, and counts the wrong verdicts of this project's checker.

    python benchmarks/gradcheck_stress.py --draws 50 [--kind minima ...] [--right] [--json FILE] [--show]

Prints a Markdown table with a row for each kind: right gradients rejected or left undecided, wrong ones
accepted by size of the mistake, kinks reported on smooth functions, warnings that reached the caller, calls
per entry. `--right` leaves the wrong ones out, for many draws. `--show` names each wrong verdict by its kind,
function and seed. Each kind shares its draws among its functions.
"""

import argparse
import json
import sys
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from gradcheck import check, kind_of
from gradcheck_catalogue import Case, seeded
from gradcheck_catalogue.case import Backward
from gradcheck_stress_kinds import KINDS, SMOOTH, UNRESOLVABLE

from course_lib import GradientCheck, check_parameters

SIZES = ("gross", "1e-03", "1e-05")


@dataclass
class Counts:
    """What came of the draws of one kind."""

    right: int = 0
    rejected: int = 0
    undecided: int = 0
    wrong: int = 0
    gross: int = 0
    accepted_1e3: int = 0
    accepted_1e5: int = 0
    wrong_1e3: int = 0
    wrong_1e5: int = 0
    false_kinks: int = 0
    warned: int = 0
    calls: int = 0
    entries: int = 0

    def row(self, kind: str) -> str:
        cells = (
            f"{self.rejected} of {self.right}",
            self.undecided,
            f"{self.gross} of {self.wrong - self.wrong_1e3 - self.wrong_1e5}",
            f"{self.accepted_1e3} of {self.wrong_1e3}",
            f"{self.accepted_1e5} of {self.wrong_1e5}",
            self.false_kinks,
            self.warned,
            f"{self.calls / max(self.entries, 1):.1f}",
        )
        return f"| {kind} | " + " | ".join(map(str, cells)) + " |"


HEADER = (
    "| kind | right rejected | undecided | gross accepted | 1e-3 accepted | 1e-5 accepted | false kinks "
    "| warnings | calls/entry |\n|---|---|---|---|---|---|---|---|---|"
)


def draws(kind: str, count: int, first: int) -> Iterator[tuple[int, str, Case]]:
    for seed in range(first, first + count):
        makers = KINDS[kind]
        make = makers[seed % len(makers)]
        yield seed, make.__name__, seeded(make, seed)


def checked(case: Case, backward: Backward, seed: int) -> tuple[GradientCheck, int]:
    """Return the report and the number of warnings that reached the caller."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with np.errstate(all="warn"):
            report = by_any_face(case, backward, seed)
    return report, len(caught)


def by_any_face(case: Case, backward: Backward, seed: int) -> GradientCheck:
    """Check scalar functions also as a loss of parameters, with a function for the gradients or with data."""
    face = seed // len(KINDS) % 3
    if np.ndim(case.dout) or face == 0:
        return check(case, backward, seed)

    def gradients(parameters: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return dict(zip(parameters, backward(1.0, *parameters.values()), strict=True))

    return check_parameters(
        lambda parameters: case.forward(*parameters.values()),
        case.inputs,
        gradients if face == 1 else gradients(case.inputs),
        seed=seed,
    )


def run(kind: str, count: int, first: int, show: bool, right: bool = False) -> Counts:
    counts = Counts()
    for seed, name, case in draws(kind, count, first):

        def tell(what: str, name: str = name, seed: int = seed) -> None:
            if show:
                print(f"    {kind} / {name} / seed {seed}: {what}", flush=True)

        report, warned = checked(case, case.backward, seed)
        counts.right += 1
        counts.warned += warned
        counts.calls += report.evaluations
        counts.entries += sum(np.size(x) for x in case.inputs.values())
        kinks = sum(argument.kinks for argument in report.arguments)
        if kind in SMOOTH and kinks:
            counts.false_kinks += 1
            tell(f"{kinks} false kinks")
        if kind in UNRESOLVABLE:
            counts.rejected += report.passed is True
            if report.passed is True:
                tell("passed, unresolved")
        else:
            counts.rejected += report.passed is False
            counts.undecided += report.passed is None
            if not report.passed:
                tell(f"right one {report.passed}\n{report}")
        for wrong in () if right else case.wrong:
            size = kind_of(wrong.label)
            counts.wrong += 1
            counts.wrong_1e3 += size == "1e-03"
            counts.wrong_1e5 += size == "1e-05"
            report, warned = checked(case, wrong.backward, seed)
            counts.warned += warned
            if report.passed is True:
                counts.accepted_1e3 += size == "1e-03"
                counts.accepted_1e5 += size == "1e-05"
                counts.gross += size == "gross"
                tell(f"accepted: {wrong.label}")
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--draws", type=int, default=50, help="draws for each kind (50)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (0)")
    parser.add_argument("--kind", action="append", choices=list(KINDS), help="only these kinds")
    parser.add_argument("--right", action="store_true", help="right gradients alone")
    parser.add_argument("--json", type=Path, help="write the counts to this file too")
    parser.add_argument("--show", action="store_true", help="name each wrong verdict")
    options = parser.parse_args()
    print(HEADER)
    found = {}
    for kind in options.kind or KINDS:
        found[kind] = run(kind, options.draws, options.first, options.show, options.right)
        print(found[kind].row(kind), flush=True)
    if options.json:
        counts = {kind: asdict(count) for kind, count in found.items()}
        options.json.write_text(json.dumps(counts, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
