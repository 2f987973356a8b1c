"""What comes after grading a class: feedback beside stock nbgrader's, and the class report beside grading.

    python benchmarks/feedback.py --submissions 960 --stock-submissions 40 --json out/feedback.json

One composed class is graded by ``course grade`` with two jobs. Then ``nbgrader generate_feedback`` makes the
pages with our exporter, and, of a sample of the same autograded notebooks, as nbgrader comes; each is one
command, as is ``course report``. Starting nbgrader is measured with nobody to write for, and taken off both.
All times are the processor's, of the command and all that it starts, so that other work beside it does not
count.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

import classes
import process_tree
from classes import ComposedClass

from autograder.course import CONFIG, Course

STOCK = "\nfor name in ('exporter_class', 'preprocessors'):\n    del c.GenerateFeedback[name]\n"
COMPOSED = 60  # submissions that are different; a larger class has them again and again
FASTER, SHARE = 20.0, 0.03


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--assignment", default="01_flat_backprop")
    parser.add_argument("--submissions", type=int, default=960, metavar="N")
    parser.add_argument("--stock-submissions", type=int, default=40, metavar="N", help="a sample for stock")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        made = classes.compose(Path(scratch), options.assignment, min(COMPOSED, options.submissions))
        found = measured(Path(scratch), made, options.submissions, options.stock_submissions)
    print(as_text(found))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


def measured(scratch: Path, made: ComposedClass, size: int, sample: int) -> dict[str, float]:
    """Seconds of the processor that each command takes."""
    everyone = classes.repeated(made.submissions, size)
    course = made.fresh_course(scratch / "course", everyone)

    def seconds(name: str, where: Course, command: list[str]) -> float:
        cost = process_tree.run(command, where.root, scratch / f"{name}.log", classes.environment(scratch))
        if cost.status:
            raise SystemExit(f"{name} failed:\n{(scratch / f'{name}.log').read_text(encoding='utf-8')}")
        print(f"{name}: {cost.cpu:.1f} s of CPU, {cost.wall:.1f} s", file=sys.stderr, flush=True)
        return cost.cpu

    feedback = classes.nbgrader("generate_feedback", made.assignment)
    grading = seconds("grading", course, classes.command("grade", made.assignment, "--jobs", "2"))
    report = seconds("report", course, classes.command("report", made.assignment))
    stock = Course(shutil.copytree(course.root, scratch / "stock"))
    with (stock.root / CONFIG).open("a", encoding="utf-8") as file:
        file.write(STOCK)
    keep_some(stock, sample)
    ours = seconds("feedback", course, feedback)
    theirs = seconds("stock's feedback", stock, feedback)
    idle = seconds("nobody left to write for", stock, feedback)
    return {
        "submissions": size,
        "stock_submissions": sample,
        "grading": grading,
        "report": report,
        "feedback_each": (ours - idle) / size,
        "stock_feedback_each": (theirs - idle) / sample,
        "start": idle,
    }


def keep_some(course: Course, sample: int) -> None:
    """Leave every so many-th of the autograded submissions."""
    graded = sorted(course.autograded.iterdir())
    kept = set(graded[:: max(1, len(graded) // sample)][:sample])
    for folder in graded:
        if folder not in kept:
            shutil.rmtree(folder)


def as_text(found: dict[str, float]) -> str:
    times = found["stock_feedback_each"] / found["feedback_each"]
    share = found["report"] / found["grading"]
    return "\n".join(
        [
            f"{found['submissions']} submissions graded in {found['grading']:.1f} s of CPU",
            "",
            "| | measured | goal | reached |",
            "|---|---|---|---|",
            f"| a page of feedback, ms | {1000 * found['feedback_each']:.1f} | | |",
            f"| as nbgrader comes, ms ({found['stock_submissions']} of them) "
            f"| {1000 * found['stock_feedback_each']:.1f} | | |",
            f"| times faster | {times:.1f} | >= {FASTER:g} | {'yes' if times >= FASTER else 'NO'} |",
            f"| the report, s | {found['report']:.1f} | | |",
            f"| of what grading took | {100 * share:.1f} % | <= {100 * SHARE:g} % "
            f"| {'yes' if share <= SHARE else 'NO'} |",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
