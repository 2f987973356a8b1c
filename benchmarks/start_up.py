"""What each start-up trick of `course grade` saves, with it and without, turn by turn.

    python benchmarks/start_up.py [--rounds 7] [--only WORD] [--class-seconds 6.3]

Every run is a fresh process. CPU time is of the process and of all that it waited for, which other work on
the machine hardly moves; the wall's time says what is gained by doing two things at once. The last column is
the median saving, of the wall's time where things overlap and else of CPU time, as a share of what a class
takes (``--class-seconds``): what saves less than a tenth of that is hardly worth its lines.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

WORKER = "import autograder.grading.grade\n"
COMMAND = "import autograder.cli, autograder.batch.run, autograder.batch.show\n"
GRAMMARS = "('rfc3987_syntax', 'isoduration')"
POOL = "from autograder.workers import local\nfrom autograder.grading_settings import Settings\n"
END = "local.started(2, Settings(sandbox='none')).close()\n"


@dataclass(frozen=True)
class Trick:
    """A trick, by its name, the programs with and without it, and whether it is about the wall's time."""

    name: str
    on: str
    off: str
    overlaps: bool = False


TRICKS = (
    Trick(
        "nbgrader's package is not run (workers.put_off)",
        "import autograder.workers.put_off\n" + WORKER,
        f"import sys\nsys.modules.update(dict.fromkeys({GRAMMARS}))\n" + WORKER,
    ),
    Trick(
        "two grammars of jsonschema are not built (workers.put_off)",
        "import autograder.workers.put_off\n" + WORKER,
        "import sys, autograder.workers.put_off\n"
        f"for name in {GRAMMARS}:\n    sys.modules.pop(name, None)\n" + WORKER,
    ),
    Trick(
        "the newest schema is read off files, without alembic (gradebook.opening)",
        "from autograder.gradebook.opening import _newest_revision\n_newest_revision()",
        "from autograder.gradebook import opening\nfrom alembic.script import ScriptDirectory\n"
        "ScriptDirectory(opening.ALEMBIC_DIR).get_current_head()",
    ),
    Trick(
        "workers import while the command does (workers.local.prepare, start)",
        POOL + "local.prepare()\nlocal.start(2, Settings(sandbox='none'))\n" + COMMAND + END,
        POOL + COMMAND + END,
        overlaps=True,
    ),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="tricks with this in their name")
    parser.add_argument("--class-seconds", type=float, default=6.3)
    options = parser.parse_args()
    print("| trick | CPU s with / without | wall s with / without | saves | of a class |")
    print("|---|---|---|---|---|")
    for trick in (trick for trick in TRICKS if options.only in trick.name):
        taken(trick.on), taken(trick.off)  # fill the caches
        pairs = [(taken(trick.on), taken(trick.off)) for _ in range(options.rounds)]
        cpu, wall = (
            [[run[kind] for run in (pair[side] for pair in pairs)] for side in (0, 1)] for kind in (0, 1)
        )
        with_it, without = wall if trick.overlaps else cpu
        saved = statistics.median(b - a for a, b in zip(with_it, without, strict=True))
        kinds = " | ".join(
            f"{statistics.median(kind[0]):.2f} / {statistics.median(kind[1]):.2f}" for kind in (cpu, wall)
        )
        share = 100 * saved / options.class_seconds
        print(f"| {trick.name} | {kinds} | {saved:+.2f} s | {share:.0f} % |", flush=True)
    return 0


def taken(program: str) -> tuple[float, float]:
    """The CPU and the wall's seconds of a fresh process that runs a program."""
    before, began = os.times(), time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)
    after, ended = os.times(), time.perf_counter()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return cpu, ended - began


if __name__ == "__main__":
    sys.exit(main())
