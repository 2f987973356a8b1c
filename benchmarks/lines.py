"""Change one line of every hand-written backward of the course, and see whether that line is named.

    python benchmarks/lines.py [--only 04] [--every 5] [--repair] [--show] [--json FILE]

The mutants are those of `mutation/mutants.py`, of the functions that `lines_subjects.py` lists. Those that
keep all gradients right, or whose functions raise, do not count. Printed per function: how many mutants there
are, how often the changed line was named first, or among three, or none was named, and the slowest search;
with `--repair` also how often a change was found that makes all gradients right, of all mutants, and how
often in the line that was changed.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import json
import linecache
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from lines_subjects import SUBJECTS, LineSubject
from mutation.mutants import mutants_of
from mutation.trial import TimeIsUp, time_limit

from autograder.course import Course
from autograder.grader_side.repair.search import repair_here
from autograder.sources.markers import without_markers
from autograder.sources.source import read_source
from course_lib import WrongLine, find_line
from course_lib.gradcheck.lines.question import question

COURSE = Course(Path(__file__).parents[1])
#: Changes that leave no line behind, or make two.
NO_LINE = ("statement dropped", "loop dropped", "in place", "item dropped")
#: A mutant that takes longer does not count: its loop has no end.
MOST_SECONDS = 4.0
SETUP = "import numpy as np\nimport math\n"


@dataclass(frozen=True)
class Trial:
    """What was said of one mutant: the changed line, the lines named, and whether it counts."""

    subject: str
    kind: str
    changed: str
    named: tuple[str, ...]
    reason: str
    seconds: float
    repair: str = ""  # the line after the change that was found
    repaired: str = ""  # the line that it changed
    repair_seconds: float = 0.0

    @property
    def first(self) -> bool:
        return self.named[:1] == (self.changed,)

    @property
    def among_three(self) -> bool:
        return self.changed in self.named[:3]


def defined(text: str, name: str) -> dict[str, Any]:
    """Run a cell from a file that only the line cache knows, so that its source can be read."""
    path = f"<lines {name}>"
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
    space: dict[str, Any] = {"__name__": "lines"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(SETUP, space)
        exec(compile(text, path, "exec"), space)
    return space


def changed_line(before: str, after: str) -> str:
    """The first line that a mutant has otherwise; of a line that was dropped, the one in its place."""
    old, new = before.split("\n"), after.split("\n")
    for x, y in zip(old, new, strict=False):
        if x.strip() != y.strip():
            return y.strip()
    return ""


def trials(subject: LineSubject, cells: dict[str, str], repairs: bool, every: int) -> Iterator[Trial]:
    """Try every mutant of a function's backward: those that compute another output do not count."""
    source = cells[subject.answer]
    before = ast.unparse(ast.parse(without_markers(source)))
    output = subject.output(defined(before, subject.answer))
    for mutant in mutants_of(source)[::every]:
        if mutant.kind in NO_LINE and not repairs:
            continue
        after = ast.unparse(ast.parse(without_markers(mutant.source)))
        with np.errstate(all="ignore"), contextlib.suppress(Exception, TimeIsUp), time_limit(MOST_SECONDS):
            space = defined(after, subject.answer)
            if not np.array_equal(output, subject.output(space)) or subject.right(space) is not False:
                continue
            start = time.process_time()
            asked = subject.asked(space)
            found: WrongLine = find_line(*asked)
            if "raises" in found.reason:
                continue
            seconds = time.process_time() - start
            named = tuple(suspect.source for suspect in found.candidates)
            trial = Trial(
                subject.answer, mutant.kind, changed_line(before, after), named, found.reason, seconds
            )
            yield _with_repair(trial, asked, found) if repairs else trial


def _with_repair(trial: Trial, asked: tuple[Any, ...], found: WrongLine) -> Trial:
    start = time.process_time()
    change = repair_here(question(asked[0], asked[1:], None, 0), found)
    seconds = time.process_time() - start
    if change is None:
        return replace(trial, repair_seconds=seconds)
    said = f"{change.after}  ({change.words})"
    return replace(trial, repair=said, repaired=change.before, repair_seconds=seconds)


def main() -> int:
    parser = argparse.ArgumentParser(description="Is the changed line named?")
    parser.add_argument("--only", default="", help="the beginning of an assignment's or an answer's name")
    parser.add_argument(
        "--show", action="store_true", help="print every mutant whose line is not named first"
    )
    parser.add_argument("--every", type=int, default=1, help="look at every so many mutants, one")
    parser.add_argument("--repair", action="store_true", help="look for the change that mends it, too")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    cells: dict[str, dict[str, str]] = {}
    everything: list[Trial] = []
    print(f"{'function':42} mutants   first  of 3  none  slowest  repaired  there  slowest")
    for subject in SUBJECTS:
        if not f"{subject.assignment}/{subject.answer}".startswith(arguments.only):
            continue
        if subject.assignment not in cells:
            path = next((COURSE.root / "solutions" / subject.assignment).glob("*.py"))
            cells[subject.assignment] = {
                item.grade_id: item.cell.source for item in read_source(path).cells if item.role == "answer"
            }
        found = list(trials(subject, cells[subject.assignment], arguments.repair, arguments.every))
        everything += found
        print(_row(f"{subject.assignment[:2]} {subject.answer} {subject.what}", found), flush=True)
        if arguments.show:
            for trial in found:
                if not trial.first and trial.kind not in NO_LINE:
                    print("   ", trial.kind, "|", trial.changed, "|", trial.named[:3], trial.reason)
                if arguments.repair and not trial.repair:
                    print("    not repaired:", trial.kind, "|", trial.changed)
    print(_row("all", everything))
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(trial) for trial in everything], indent=1))
    return 0


def _row(name: str, found: list[Trial]) -> str:
    repaired = [t for t in found if t.repair]
    repairs = f"{len(repaired) / max(len(found), 1):9.0%} {sum(t.repaired == t.changed for t in repaired):5d}"
    tried = [t.repair_seconds for t in found]
    found = [t for t in found if t.kind not in NO_LINE]
    count = max(len(found), 1)
    first, three = sum(t.first for t in found) / count, sum(t.among_three for t in found) / count
    none = sum(not t.named for t in found) / count
    slowest = max((t.seconds for t in found), default=0.0)
    lines = f"{name:42} {len(found):7d} {first:7.0%} {three:5.0%} {none:5.0%} {slowest:9.2f}"
    return f"{lines} {repairs} {max(tried, default=0):9.2f}"


if __name__ == "__main__":
    sys.exit(main())
