"""What a student reads after a slip in a hand-written gradient of the course, and whether it is right.

    python benchmarks/gradient_slips.py [--only 01/04] [--show vague misleading] [--others]

The slips are those of `slips/`: in the solutions, or with `--others` in right answers that are written
otherwise, which must pass themselves. Each runs in the student's notebook, in one process, through the
visible self-check of its exercise and through its graded cells with their hidden tests. What is read there
is *right* if it names a cause that was planted, or as the first wrong line one that was changed;
*misleading* if it names another cause or another line; else *vague*. A slip that nothing notices is
*unseen*.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "tests")]

from slips import OTHERS, SLIPS  # noqa: E402
from slips.read import Reader, worst_or_best  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description="What is read after a slip, and is it right?")
    parser.add_argument("--only", default="", help="the beginning of <assignment>/<exercise>")
    parser.add_argument("--show", nargs="*", default=[], help="print what is read with these verdicts")
    parser.add_argument("--others", action="store_true", help="the slips in other writings")
    options = parser.parse_args()
    total: Counter[str] = Counter()
    print(f"{'exercise':48} slips  right  vague  misleading  unseen")
    for assignment, exercises in (OTHERS if options.others else SLIPS).items():
        reader = None
        for exercise, slips in exercises.items():
            if not f"{assignment}/{exercise}".startswith(options.only):
                continue
            reader = reader or Reader(assignment)
            count: Counter[str] = Counter()
            for right in {each.writing: each for each in slips if each.writing}.values():
                for wrong in reader.readings(exercise, replace(right, edits=())):
                    raise SystemExit(f"{exercise}: another right answer fails:\n{wrong.text}")
            for slip in slips:
                readings = reader.readings(exercise, slip)
                verdict = worst_or_best([reading.verdict for reading in readings]) or "unseen"
                count[verdict] += 1
                if verdict in options.show or "all" in options.show:
                    print(f"\n--- {verdict}: {exercise}: {slip.title} ({', '.join(sorted(slip.causes))})")
                    print("\n".join(f"[{r.where}: {r.verdict}]\n{r.text}" for r in readings))
            total += count
            print(row(f"{assignment[:2]} {exercise}", count), flush=True)
    print(row("all", total))
    return 0


def row(name: str, count: Counter[str]) -> str:
    cells = (count[verdict] for verdict in ("right", "vague", "misleading", "unseen"))
    return "{:48} {:5}  {:5}  {:5}  {:10}  {:6}".format(name, sum(count.values()), *cells)


if __name__ == "__main__":
    sys.exit(main())
