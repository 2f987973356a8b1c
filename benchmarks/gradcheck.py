"""Measures the project's gradient checker, beside those of other libraries, on functions with known mistakes.

    python benchmarks/gradcheck.py --seeds 20                  this project's checker alone
    python benchmarks/gradcheck.py --seeds 3 --libraries       the others too (needs the `bench` group)

Prints Markdown tables: right gradients rejected, wrong ones accepted by kind, causes named, evaluations,
time.
"""

import argparse
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from gradcheck_catalogue import BUILD, HELD_OUT, Case, contract, libraries, seeded, sizes, unstable
from gradcheck_catalogue.case import Backward

from course_lib import Cause, GradientCheck, check_vjp

KINDS = ("gross", "1e-02", "1e-03", "1e-05", "float32")


@dataclass
class Tally:
    """Counts for one checker: right gradients and those rejected, wrong ones and those accepted by kind,
    time.
    """

    right: int = 0
    rejected: int = 0
    undecided: int = 0
    wrong: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    accepted: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    evaluations: int = 0
    entries: int = 0
    seconds: float = 0.0

    def row(self, name: str) -> str:
        shares = " | ".join(percentage(self.accepted[kind], self.wrong[kind]) for kind in KINDS)
        per_entry = f"{self.evaluations / max(self.entries, 1):.1f}"
        milliseconds = f"{1000 * self.seconds / max(self.right, 1):.1f}"
        return (
            f"| {name} | {percentage(self.rejected, self.right)} | {shares} | {per_entry} | {milliseconds} |"
        )


def percentage(count: int, total: int) -> str:
    return f"{100 * count / total:.1f}" if total else "-"


def kind_of(label: str) -> str:
    return next((kind for kind in KINDS[1:] if kind in label), "gross")


def check(case: Case, backward: Backward, seed: int = 0) -> GradientCheck:
    """Check a backward of a case the way the course does."""
    return check_vjp(
        lambda *inputs: (case.forward(*inputs), inputs),
        lambda dout, cache: backward(dout, *cache),
        *case.inputs.values(),
        dout=case.dout,
        seed=seed,
        names=list(case.inputs),
    )


def causes(report: GradientCheck) -> Cause:
    """Return every cause that a report names."""
    found = Cause(0)
    for argument in report.arguments:
        found |= argument.diagnosis or Cause(0)
    return found


def ours(case: Case, backward: Backward, forward: Callable[..., Any]) -> bool | None:
    case = Case(case.name, forward, case.backward, case.inputs, case.dout)
    return check(case, backward).passed


class Counted:
    """A function that counts its calls."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.calls = 0

    def __call__(self, *inputs: Any) -> Any:
        self.calls += 1
        return self._function(*inputs)


def verdicts(checker: Callable[..., bool | None], cases: Iterable[Case]) -> Tally:
    """Run a checker over right and wrong backwards."""
    tally = Tally()
    for case in cases:
        forward = Counted(case.forward)
        start = time.perf_counter()
        passed = verdict(checker, case, case.backward, forward)
        tally.seconds += time.perf_counter() - start
        tally.evaluations += forward.calls
        tally.entries += sum(x.size for x in case.inputs.values())
        tally.right += 1
        tally.rejected += passed is False
        tally.undecided += passed is None
        for wrong in case.wrong:
            kind = kind_of(wrong.label)
            tally.wrong[kind] += 1
            tally.accepted[kind] += verdict(checker, case, wrong.backward, case.forward) is True
    return tally


def verdict(checker: Callable[..., bool | None], case: Case, backward: Backward, forward: Any) -> bool | None:
    """A checker that raises has rejected."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return checker(case, backward, forward)
        except Exception:  # whatever a library raises, it has not accepted the gradient
            return False


def accuracy(makers: list[Callable[..., Case]], seeds: int, gross_only: bool = False) -> str:
    """Return how many wrong backwards a check names the cause of."""
    named = total = 0
    for seed in range(seeds):
        for make in makers:
            case = seeded(make, seed)
            for wrong in case.wrong:
                if gross_only and kind_of(wrong.label) != "gross":
                    continue
                total += 1
                named += bool(causes(check(case, wrong.backward, seed)) & wrong.cause)
    return f"{percentage(named, total)} % of {total}"


def print_comparison(seeds: int, with_libraries: bool) -> None:
    print(
        "| checker | right rejected % | gross accepted % | 1e-2 | 1e-3 | 1e-5 | float32 | calls/entry | ms |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    makers = [*BUILD, *HELD_OUT]
    checkers: dict[str, Any] = {"course_lib.check_vjp": ours}
    if with_libraries:
        checkers |= libraries.CHECKERS
    for name, checker in checkers.items():
        tally = verdicts(checker, (seeded(make, seed) for seed in range(seeds) for make in makers))
        print(tally.row(name), flush=True)
        if name in ("course_lib.check_vjp",) and tally.undecided:
            print(f"({tally.undecided} of {tally.right} right ones undecided)")


def print_contract_and_unstable(seeds: int) -> None:
    accepted = total = named = 0
    for seed in range(seeds):
        for make in contract.CASES:
            for wrong in (case := seeded(make, seed)).wrong:
                report = check(case, wrong.backward, seed)
                total += 1
                accepted += report.passed is not False
                named += bool(causes(report) & wrong.cause)
    rejected = sum(
        check(case := seeded(make, seed), case.backward, seed).passed is False
        for seed in range(seeds)
        for make in unstable.CASES
    )
    print(f"\nContract broken: {accepted} of {total} accepted, cause named in {named}.")
    print(f"Right but less stable: {rejected} of {seeds * len(unstable.CASES)} rejected.")


def print_causes(seeds: int) -> None:
    print("\n| causes named | all | gross mistakes only |")
    print("|---|---|---|")
    for name, makers in (("functions it was built with", BUILD), ("functions held out", HELD_OUT)):
        print(
            f"| {name} | {accuracy(makers, seeds)} | {accuracy(makers, seeds, gross_only=True)} |", flush=True
        )


def print_sizes() -> None:
    print("\n| problem | entries | backward | verdict, cause | calls | time in forward passes | memory MB |")
    print("|---|---|---|---|---|---|---|")
    for make in sizes.CASES:
        case = seeded(make, 0)
        passes = forward_time(case)
        entries = sum(x.size for x in case.inputs.values())
        for label, backward in [
            ("right", case.backward),
            *((wrong.label, wrong.backward) for wrong in case.wrong),
        ]:
            start = time.perf_counter()
            report = check(case, backward)
            spent = time.perf_counter() - start
            said = "right" if report.passed else f"wrong: {causes(report)}"
            cells = (
                case.name,
                entries,
                label,
                said,
                report.evaluations,
                f"{spent / passes:.0f}",
                memory(case, backward),
            )
            print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def forward_time(case: Case) -> float:
    """Return the time of one forward pass, the median of a few."""
    times = []
    for _ in range(7):
        start = time.perf_counter()
        case.forward(*case.inputs.values())
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def memory(case: Case, backward: Backward) -> str:
    tracemalloc.start()
    check(case, backward)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return f"{peak / 1e6:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=5, help="points per function (5)")
    parser.add_argument("--libraries", action="store_true", help="measure the other libraries' checkers too")
    options = parser.parse_args()
    print_comparison(options.seeds, options.libraries)
    print_contract_and_unstable(options.seeds)
    print_causes(options.seeds)
    print_sizes()


if __name__ == "__main__":
    main()
