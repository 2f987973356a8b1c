"""What a class is told of its wrong gradients: how many failed checks name a cause, a line, a repair.

    python benchmarks/lost_checks.py [--only 04] [--submissions 60] [--show]

Composes a class of known answers for each assignment and grades it. Of the gradient checks that failed for
wrong values, it counts those with a cause, those with a first wrong line, those with neither (goal: at most
5 %), and those whose line came with a change that mends it. "Local derivative wrong" alone counts as no
cause: it says that none of the simple slips explains the numbers.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import classes

from autograder.course import Course
from autograder.report.results import ClassResults, read_results
from course_lib import Cause

WRONG = re.compile(r"\A\S+: gradients? of .* (is|are) wrong")  # the headline of a report on values
NO_CAUSE = {str(Cause.LOCAL_DERIVATIVE)}
GOAL = 0.05


def failed_checks(results: ClassResults) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The gradient checks that found wrong values, each with its cell."""
    for submission in results.submissions:
        for cell, outcome in submission.outcomes.items():
            yield from ((cell, check) for check in outcome["checks"] if WRONG.match(check["message"]))


def graded(assignment: str, size: int) -> ClassResults:
    """The results of a composed class."""
    with tempfile.TemporaryDirectory() as scratch:
        composed = classes.compose(Path(scratch) / "compose", assignment, size)
        course: Course = composed.fresh_course(Path(scratch) / "course", composed.submissions)
        command = classes.command("grade", assignment, "--jobs", "1", "--seed", "20")
        done = subprocess.run(
            command, cwd=course.root, env=classes.environment(Path(scratch)), capture_output=True, text=True
        )
        if done.returncode not in (0, 1):
            raise SystemExit(done.stderr)
        return read_results(course, assignment)


def main() -> int:
    parser = argparse.ArgumentParser(description="What is a class told of its wrong gradients?")
    parser.add_argument("--only", default="", help="assignments whose name begins so")
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--show", action="store_true", help="print what is lost")
    arguments = parser.parse_args()
    worst = 0.0
    print(f"{'assignment':28} {'failed':>7} {'cause':>6} {'line':>6} {'repair':>7} {'neither':>8}")
    for assignment in classes.Course(classes.REPOSITORY).assignment_names():
        if not assignment.startswith(arguments.only):
            continue
        found = list(failed_checks(graded(assignment, arguments.submissions)))
        count = max(len(found), 1)
        lost = [(cell, check) for cell, check in found if not _has_cause(check) and not check["line"]]
        shares = [
            sum(_has_cause(check) for _, check in found) / count,
            sum(bool(check["line"]) for _, check in found) / count,
            sum(bool(check["repair"]) for _, check in found) / count,
        ]
        worst = max(worst, len(lost) / count)
        print(
            f"{assignment:28} {len(found):7} "
            + " ".join(f"{share:6.0%}" for share in shares)
            + f" {len(lost):4} {len(lost) / count:.1%}",
            flush=True,
        )
        if arguments.show:
            for (cell, message), number in Counter((c, k["message"]) for c, k in lost).most_common():
                print(f"  {number} x {cell}\n    " + message.replace("\n", "\n    "))
    return int(worst > GOAL)


def _has_cause(check: Mapping[str, Any]) -> bool:
    return bool(set(check["causes"]) - NO_CAUSE)


if __name__ == "__main__":
    sys.exit(main())
