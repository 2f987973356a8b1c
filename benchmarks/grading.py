"""Grading a class: stock nbgrader, nbgrader with our plug-ins, and `course grade`, side by side in one run.

    python benchmarks/grading.py [--assignment A] [--submissions 60] [--rounds 1] [--json FILE]
    python benchmarks/grading.py --submissions 960 --stock-submissions 60 [--few-slips]
    python benchmarks/grading.py --growth 60 240 960 --dask

Composes a class of known answers and grades it on fresh course directories: by `nbgrader autograde` as it
comes (no plug-in of ours, no sandbox), by `nbgrader autograde` with our configuration, and by `course grade`
with one and with two jobs. All of ours use the same seed, and every cell's score is compared. Then the floor,
in this process: one grader at work on the class without a gradebook, and the writer alone on prepared
results.

Per submission is the whole command's time, start-up included, divided by the class; where stock grades fewer,
what they take beyond its start-up is scaled up to the class. A ratio is stock's time over the other's. With
several rounds, ways take turns and the median counts. Exits with 1 if a score of ours differs from that of
plain nbgrader with our configuration or from what the answers must get.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import classes
import process_tree
from classes import ComposedClass
from grading_floor import measure_floor, wall_on_dask
from grading_report import Row, as_text, goals

from autograder.course import Course
from autograder.gradebook.scores import Scores, automatic_scores
from autograder.rehearsal.compose import ComposedSubmission

SEED = 20
WAYS = {
    "stock": ("stock nbgrader", classes.STOCK, lambda name: classes.nbgrader("autograde", name)),
    "plugins": (
        "nbgrader, our plug-ins",
        "",
        lambda name: classes.nbgrader("autograde", name, f"--GradeApart.seed={SEED}"),
    ),
    "one_job": ("course grade --jobs 1", "", lambda name: grade_command(name, 1)),
    "two_jobs": ("course grade --jobs 2", "", lambda name: grade_command(name, 2)),
}
TOO_MUCH_FOR_STOCK = ("cells duplicated",)  # stock nbgrader stops there, and leaves the rest of the class


def main() -> int:
    options = parsed_options()
    with tempfile.TemporaryDirectory() as scratch:
        made = classes.compose(
            Path(scratch), options.assignment, options.submissions, few_slips=options.few_slips
        )
        bench = Bench(Path(scratch), made)
        report: Row = {
            "assignment": options.assignment,
            "submissions": options.submissions,
            "few_slips": options.few_slips,
            "rounds": options.rounds,
            "machine": machine(),
            **bench.side_by_side(options.stock_submissions, options.rounds),
            "floor": measure_floor(bench.course("floor", made.submissions), made, SEED),
        }
        if options.growth:
            report["growth"] = bench.growth(options.growth)
        if options.dask:
            wall = wall_on_dask(
                Path(scratch), bench.course("dask", made.submissions), options.assignment, SEED
            )
            report["dask"] = {"wall": wall, "ratio_over_two_jobs": wall / report["ways"]["two_jobs"]["wall"]}
    report["goals"] = goals(report)
    print(as_text(report, {way: title for way, (title, *_) in WAYS.items()}))
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return int(report["scores"]["differing"] > 0 or report["scores"]["unexpected"] > 0)


def parsed_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Grading a class, side by side with stock nbgrader.")
    parser.add_argument("--assignment", default="01_flat_backprop")
    parser.add_argument("--submissions", type=int, default=60, metavar="N")
    parser.add_argument("--stock-submissions", type=int, default=0, metavar="N", help="a sample for stock")
    parser.add_argument("--few-slips", action="store_true", help="no more than one wrong answer a student")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument(
        "--growth", type=int, nargs="*", metavar="N", help="sizes; 60 240 960 if none is given"
    )
    parser.add_argument("--dask", action="store_true", help="also a local Dask cluster of two workers")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    if options.growth == []:
        options.growth = [60, 240, 960]
    return options


class Bench:
    """Runs every way of grading on course directories of its own under ``scratch``."""

    def __init__(self, scratch: Path, made: ComposedClass) -> None:
        self.scratch, self.made = scratch, made
        self.environment = classes.environment(scratch)

    def course(self, name: str, submissions: Sequence[ComposedSubmission], config: str = "") -> Course:
        return self.made.fresh_course(self.scratch / name, submissions, config)

    def side_by_side(self, stock_submissions: int, rounds: int) -> Row:
        everyone = self.made.submissions
        bearable = [each for each in everyone if each.story not in TOO_MUCH_FOR_STOCK]
        sample = spread(bearable, min(stock_submissions or len(bearable), len(bearable)))
        # What stock takes without a submission, so that its start-up is not scaled up with a sample.
        idle, _ = self.measure("stock-idle", "stock", [])
        costs: dict[str, list[Row]] = {way: [] for way in WAYS}
        scores: dict[str, dict[str, Scores]] = {}
        for number in range(rounds):
            for way in WAYS:
                whose = sample if way == "stock" else everyone
                row, scores[way] = self.measure(f"{way}-{number}", way, whose)
                costs[way].append(per_submission(row, len(everyone), idle))
        ways = {way: middle(rows) for way, rows in costs.items()}
        stock = ways["stock"]["wall_per_submission"]
        ratios = {
            f"ratio_{way}_over_stock": stock / ways[way]["wall_per_submission"]
            for way in WAYS
            if way != "stock"
        }
        return {"ways": ways, **ratios, "scores": compared(scores, everyone)}

    def measure(
        self, name: str, way: str, submissions: Sequence[ComposedSubmission]
    ) -> tuple[Row, dict[str, Scores]]:
        _, config, command = WAYS[way]
        course = self.course(name, submissions, config)
        cost = process_tree.run(
            command(self.made.assignment), course.root, self.scratch / f"{name}.log", self.environment
        )
        scores = automatic_scores(course, self.made.assignment)
        graded = sum(any(points is not None for points in cells.values()) for cells in scores.values())
        row = {**asdict(cost), "submissions": len(submissions), "graded": graded}
        print(
            f"{name}: {cost.wall:.1f} s for {len(submissions)}, {graded} graded", file=sys.stderr, flush=True
        )
        return row, scores

    def growth(self, sizes: Sequence[int]) -> list[Row]:
        """The same class again and again, so that only the number grows."""
        base = self.made.submissions[: min(sizes)]
        return [
            self.measure(f"growth-{size}", "two_jobs", classes.repeated(base, size))[0]
            for size in sorted(sizes)
        ]


def grade_command(assignment: str, jobs: int) -> list[str]:
    return classes.command("grade", assignment, "--jobs", str(jobs), "--seed", str(SEED))


def per_submission(row: Row, size: int, idle: Row) -> Row:
    """``row`` with its times per submission of a class of ``size``, scaled up from fewer if need be."""
    scale = size / row["submissions"]
    per = {
        f"{kind}_per_submission": (row[kind] if scale == 1 else idle[kind] + (row[kind] - idle[kind]) * scale)
        / size
        for kind in ("wall", "cpu")
    }
    return {**row, **per}


def spread(submissions: Sequence[ComposedSubmission], size: int) -> list[ComposedSubmission]:
    """``size`` of the submissions, evenly spread over the class."""
    return [submissions[number * len(submissions) // size] for number in range(size)]


def middle(rows: Sequence[Row]) -> Row:
    """The median of every figure."""
    return {key: statistics.median(row[key] for row in rows) for key in rows[0]}


def compared(scores: Mapping[str, dict[str, Scores]], submissions: Sequence[ComposedSubmission]) -> Row:
    """Every cell's score by `course grade` against plain nbgrader's with our plug-ins, and the expected."""
    cells = [(s.student, cell) for s in submissions for cell in scores["plugins"].get(s.student, {})]
    expected = [(s.student, cell, points) for s in submissions for cell, points in s.expected.items()]
    ours = ("one_job", "two_jobs")
    return {
        "cells": len(cells) * len(ours),
        "differing": sum(
            scores[way].get(student, {}).get(cell) != scores["plugins"][student][cell]
            for way in ours
            for student, cell in cells
        )
        + sum(scores[way].keys() != scores["plugins"].keys() for way in ours),
        "unexpected": sum(
            got is None or abs(got - points) > 1e-6
            for student, cell, points in expected
            for got in [scores["two_jobs"].get(student, {}).get(cell)]
        ),
    }


def machine() -> Row:
    libraries = {name: version(name) for name in ("nbgrader", "numpy", "distributed")}
    cores, load = len(os.sched_getaffinity(0)), round(os.getloadavg()[0], 1)
    return {"python": platform.python_version(), "cores": cores, "load": load, **libraries}


if __name__ == "__main__":
    sys.exit(main())
