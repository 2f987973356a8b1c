"""What each trick that has `course grade` start sooner is worth: a class with it and without it, in pairs.

    python benchmarks/start_up.py [--submissions 30] [--rounds 5] [--only NAME]... [--json FILE]

Each trick is a line that a copy of the program does without. In every round the program as it is and each
copy grade the same class with two jobs, on fresh courses, one after the other; what is printed is how much
longer a copy took than the program in the same round, of the program's time: the median of the rounds, and
the least and most. A trick stays where that is more than a tenth.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import classes
import process_tree

ASSIGNMENT = "01_flat_backprop"
PACKAGES = ("autograder", "course_lib")
SEED = 20
# Name: file, line, and what stands there without the trick.
TRICKS = {
    "workers' libraries while the command line is read": ("__main__.py", "local.prepare()", "pass"),
    "workers while the command imports": ("cli.py", "local.start(jobs, settings)", "pass"),
    "nbgrader's applications not imported": ("workers/put_off.py", '\nput_off("nbgrader")', "\n"),
    "grammars of jsonschema not built": (
        "workers/put_off.py",
        '("rfc3987_syntax", "isoduration")',
        "()",
    ),
    "libraries imported once for all workers": (
        "workers/pool.py",
        "set_forkserver_preload(list(modules))",
        "set_forkserver_preload([])",
    ),
    "workers while the class is planned": ("workers/pool.py", "executor.submit(os.getpid)", "pass"),
    "the sandbox before the first submission": ("workers/worker.py", "    if settings:", "    if False:"),
}


def main() -> int:
    options = parsed_options()
    chosen = {name: TRICKS[name] for name in options.only or TRICKS}
    with tempfile.TemporaryDirectory() as scratch:
        made = classes.compose(Path(scratch), ASSIGNMENT, options.submissions)
        program = copied(Path(scratch, "program"))
        copies = {"": program, **{name: without(name, Path(scratch, name)) for name in chosen}}
        rounds: list[dict[str, float]] = []
        for number in range(options.rounds):
            order = turned(copies, number)
            rounds.append({name: seconds(made, Path(scratch), copy) for name, copy in order.items()})
            if options.json:
                options.json.write_text(json.dumps(rounds, indent=1) + "\n", encoding="utf-8")
    print(f"as it is: {statistics.median(each[''] for each in rounds):.2f} s for {options.submissions}")
    for name in chosen:
        longer = sorted(100 * (each[name] / each[""] - 1) for each in rounds)
        print(f"{name}: {statistics.median(longer):+.0f} % ({longer[0]:+.0f} to {longer[-1]:+.0f})")
    return 0


def parsed_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=30, metavar="N")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", action="append", choices=TRICKS)
    parser.add_argument("--json", type=Path, metavar="FILE")
    return parser.parse_args()


def copied(place: Path) -> Path:
    """A copy of the program, which is found there by Python."""
    for package in PACKAGES:
        shutil.copytree(classes.REPOSITORY / package, place / package)
    return place


def without(name: str, place: Path) -> Path:
    """A copy of the program that does without a trick."""
    file, line, instead = TRICKS[name]
    path = copied(place) / "autograder" / file
    text = path.read_text(encoding="utf-8")
    if text.count(line) != 1:
        sys.exit(f"{file} has no such line, or several: {line.strip()}")
    path.write_text(text.replace(line, instead), encoding="utf-8")
    return place


def turned(copies: dict[str, Path], number: int) -> dict[str, Path]:
    """The same copies, another one first."""
    order = list(copies)
    first = number % len(order)
    return {name: copies[name] for name in order[first:] + order[:first]}


def seconds(made: classes.ComposedClass, scratch: Path, program: Path) -> float:
    """How long a program takes to grade the class on a course of its own."""
    course = made.fresh_course(scratch / "course", made.submissions)
    command = classes.command("grade", ASSIGNMENT, "--jobs", "2", "--seed", str(SEED))
    environment = {**classes.environment(scratch), "PYTHONPATH": str(program)}
    cost = process_tree.run(command, course.root, scratch / "log", environment)
    shutil.rmtree(course.root)
    if cost.status:
        sys.exit((scratch / "log").read_text(encoding="utf-8")[-2000:])
    return cost.wall


if __name__ == "__main__":
    sys.exit(main())
