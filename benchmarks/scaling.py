"""A large course replayed: recorded timings, a queue of workers, one writer per gradebook, a deadline.

    python benchmarks/scaling.py docs/figures/grading.json [--submissions 100000] [--write docs/scaling.md]

The file is what `benchmarks/grading.py --json` wrote: the seconds that each submission of a class took to
execute, to read and to record. Those are drawn at random and replayed through a simulation of `course grade`:
one process that reads and writes, one thing at a time, and workers that take one submission at a time.
Submissions arrive over a week, a fifth of them evenly and the others ever more often towards the deadline.
`--write` puts the tables into the document, between its two `figures` comments.
"""

from __future__ import annotations

import argparse
import heapq
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

WEEK = 7 * 24 * 3600.0
EVENLY, LAST_SPURT = (
    0.2,
    12 * 3600.0,
)  # the share that comes evenly; the rest within so many seconds, on average
CORE_HOUR = 0.05  # dollars for an hour of one core, rented
WORKERS = (2, 8, 16, 32, 64, 128)
FEW_WORKERS = (1, 2, 4, 8)
SHARDS = (1, 2, 5)


@dataclass(frozen=True)
class Timings:
    """Seconds that one submission takes: each of a class, and what reading it and deciding on it takes."""

    execution: np.ndarray
    bookkeeping: np.ndarray
    reading: float
    skipping: float

    @classmethod
    def of(cls, report: dict[str, Any]) -> Timings:
        floor = report["floor"]
        return cls(
            np.array(floor["execution_each"]),
            np.array(floor["bookkeeping_each"]),
            floor["reading"],
            floor["skipping"],
        )

    @property
    def ceiling(self) -> float:
        """Submissions a second that one reader and writer can keep up with."""
        return float(1 / (self.reading + self.bookkeeping.mean()))


def main() -> None:
    parser = argparse.ArgumentParser(description="Replay recorded timings as a large course.")
    parser.add_argument("report", type=Path, help="what benchmarks/grading.py --json wrote")
    parser.add_argument("--submissions", type=int, default=100_000, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", type=Path, metavar="FILE", help="a document to put the tables into")
    options = parser.parse_args()
    report = json.loads(options.report.read_text(encoding="utf-8"))
    text = tables(report, options.submissions, np.random.default_rng(options.seed))
    print(text)
    if options.write:
        put_between(options.write, text)


def replay(arrivals: np.ndarray, workers: int, timings: Timings, rng: np.random.Generator) -> np.ndarray:
    """When each submission of one gradebook is recorded, in seconds; ``arrivals`` in seconds, ascending.

    As in `course grade`: a worker that is free is handed the next submission, which the writer's process
    reads for it; results are recorded in the order in which they come. It is as if there always were a run.
    """
    size = len(arrivals)
    execution, bookkeeping = rng.choice(timings.execution, size), rng.choice(timings.bookkeeping, size)
    recorded = np.empty(size)
    results: list[tuple[float, int]] = []  # when each submission at work will be done
    now, drawn = 0.0, 0
    while results or drawn < size:
        arrival = arrivals[drawn] if drawn < size and len(results) < workers else np.inf
        if results and results[0][0] < arrival:
            ready, number = heapq.heappop(results)
            now = max(now, ready) + bookkeeping[number]
            recorded[number] = now
        else:
            now = max(now, arrival) + timings.reading
            heapq.heappush(results, (now + execution[drawn], drawn))
            drawn += 1
    return recorded


def arrive(size: int, rng: np.random.Generator) -> np.ndarray:
    """When the submissions of a week arrive: evenly, and crowding before the deadline at its end."""
    evenly = rng.uniform(0, WEEK, int(size * EVENLY))
    late = WEEK - rng.exponential(LAST_SPURT, size - len(evenly))
    return np.sort(np.concatenate([evenly, late.clip(0)]))


def tables(report: dict[str, Any], size: int, rng: np.random.Generator) -> str:
    timings = Timings.of(report)
    return "\n".join(
        [
            *measured(report, timings, rng),
            "",
            *after_the_deadline(timings, size, rng),
            "",
            *as_they_come(timings, size, rng),
            "",
            *needed(report, timings, size),
        ]
    )


def measured(report: dict[str, Any], timings: Timings, rng: np.random.Generator) -> list[str]:
    floor, class_size = report["floor"], report["submissions"]
    replayed = replay(np.zeros(class_size), 2, timings, rng).max()
    execution = 1000 * timings.execution
    cores = report["machine"]["cores"]
    busy = " (busy with other work: on a free machine everything is faster)" * (report["machine"]["load"] > 1)
    return [
        f"Measured on {report['assignment']}, {report['submissions']} composed submissions, one process, "
        f"Python {report['machine']['python']}, nbgrader {report['machine']['nbgrader']}, on {cores} cores "
        f"with a load of {report['machine']['load']} before anything was started{busy}:",
        "",
        "| per submission | measured |",
        "|---|---|",
        f"| execution, rebuilding and checks included | {execution.mean():.0f} ms (median "
        f"{np.median(execution):.0f}, slowest {execution.max():.0f}) |",
        f"| reading what was handed in | {1000 * timings.reading:.1f} ms |",
        f"| recording: gradebook and files | {1000 * timings.bookkeeping.mean():.1f} ms |",
        f"| finding that it is graded already | {1000 * timings.skipping:.1f} ms |",
        f"| autograded files | {floor['autograded_bytes'] / 1000:.0f} kB |",
        f"| growth of the gradebook | {floor['gradebook_bytes'] / 1000:.0f} kB |",
        f"| **ceiling of one writer** | **{timings.ceiling:.0f} a second** |",
        "",
        f"That class, replayed with two workers: {replayed:.0f} s. The command with two jobs took "
        f"{report['ways']['two_jobs']['wall']:.0f} s, start-up included, on "
        f"{report['machine']['cores']} cores.",
    ]


def after_the_deadline(timings: Timings, size: int, rng: np.random.Generator) -> list[str]:
    lines = [
        f"{size:,} submissions, all there when grading starts; hours until the last is recorded:",
        "",
        "| workers | " + " | ".join(f"{shards} gradebook{'s' * (shards > 1)}" for shards in SHARDS) + " |",
        "|---|" + "---|" * len(SHARDS),
    ]
    for workers in WORKERS:
        hours = []
        for shards in SHARDS:
            if workers < shards:
                hours.append("")
                continue
            share = np.zeros(size // shards)
            hours.append(f"{replay(share, workers // shards, timings, rng).max() / 3600:.2f}")
        lines.append(f"| {workers} | {' | '.join(hours)} |")
    return lines


def as_they_come(timings: Timings, size: int, rng: np.random.Generator) -> list[str]:
    arrivals = arrive(size, rng)
    last_hour = int((arrivals > WEEK - 3600).sum())
    lines = [
        f"The same, graded as they come over a week ({last_hour:,} of them in the last hour), one gradebook; "
        "seconds from handing in to a recorded score, if a run were always on:",
        "",
        "| workers | median | 95th percentile | longest |",
        "|---|---|---|---|",
    ]
    for workers in FEW_WORKERS:
        waits = replay(arrivals, workers, timings, rng) - arrivals
        median, high = np.percentile(waits, [50, 95])
        lines.append(f"| {workers} | {median:.1f} | {high:.1f} | {waits.max():,.1f} |")
    return lines


def needed(report: dict[str, Any], timings: Timings, size: int) -> list[str]:
    hours = size * float(timings.execution.mean()) / 3600
    floor = report["floor"]
    gigabytes = size * (floor["autograded_bytes"] + floor["gradebook_bytes"]) / 1e9
    busiest = int(timings.execution.mean() * timings.ceiling)
    return [
        f"In all: {hours:.1f} core-hours ({hours * CORE_HOUR:.2f} dollars at {CORE_HOUR} a core-hour), "
        f"{gigabytes:.1f} GB a week; one writer is kept busy by {busiest} workers; looking through a graded "
        f"class again takes {size * timings.skipping / 60:.1f} minutes.",
    ]


def put_between(path: Path, text: str) -> None:
    """Replace what stands between the document's two ``figures`` comments."""
    document = path.read_text(encoding="utf-8")
    pattern = re.compile(r"(<!-- figures: .*? -->\n).*?(<!-- end of figures -->)", re.DOTALL)
    document, found = pattern.subn(lambda match: f"{match[1]}\n{text}\n\n{match[2]}", document)
    if not found:
        raise SystemExit(f"{path} has no two `figures` comments to put the tables between")
    path.write_text(document, encoding="utf-8")


if __name__ == "__main__":
    main()
