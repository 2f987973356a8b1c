"""Do the tests beside a file notice small changes of it? Every mutant of each file against its own tests.

    python benchmarks/own_mutants.py course_lib/gradcheck --only ladder ties
    python benchmarks/own_mutants.py autograder/submission --sample 10

The tests beside ``course_lib/gradcheck/ladder.py`` are ``tests/course_lib/gradcheck/test_ladder.py`` and the
files ``test_ladder_*.py`` next to it, where its tests are too many for one file. Each mutant runs in a fork
with a time limit (a mutant that runs out of time counts as noticed), against those tests that run the changed
piece. A file whose tests fail without any change is reported as such and not counted; of a file without tests
beside it, no mutant is noticed.

On Linux the run has process ids of its own, and each mutant, as root, mounts of its own (``unshare``): one of
the sandbox's mounted an empty /tmp over the machine's.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[threads] = "1"
ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from mutation import diagnosis, gradcheck, grader_side, student_side, submission  # noqa: E402
from mutation.beside import Beside  # noqa: E402
from mutation.own import mutants_of  # noqa: E402

for loaded in [name for name in sys.modules if name.split(".")[0] in ("autograder", "course_lib")]:
    del sys.modules[loaded]  # the operators need some of the project; every fork loads its own

SEED = 0
APART = "OWN_MUTANTS_APART"
# They make Python's numbers, and arrays, of NumPy's; what they are made of is counted only if nobody sees it.
CONVERSIONS = ("bool(", "float(", "int(", "np.asarray(")
# What is measured in floats is never just as large as a limit that is measured too.
MEASURED = re.compile(r"\babs\(|\d\.\d|\de-\d")
# Survivors that no test can notice: (file, before, after) -> why.
REASONS = diagnosis.REASONS | gradcheck.REASONS | grader_side.REASONS
REASONS |= submission.REASONS | student_side.REASONS


@dataclass(frozen=True)
class Trial:
    """One mutant, and whether the tests beside its file noticed it."""

    file: str
    kind: str
    line: int
    before: str
    after: str
    noticed: bool

    @property
    def reason(self) -> str:
        """Why no test can notice it, if that is known."""
        if self.kind == "twice" and self.file == gradcheck.BLAME:
            return gradcheck.ONCE
        if self.kind == "call dropped" and self.before.startswith(CONVERSIONS):
            return "a NumPy number or a list in its place behaves alike"
        if self.kind == "call dropped" and (self.before[:11], self.after[:1]) == ("frozenset({", "{"):
            return "it is only asked what is in it"
        if (
            self.kind == "comparison changed"
            and MEASURED.search(self.before)
            and self.before != self.after
            and _as_far_as_both_go(*(re.sub("(?<=[<>])=", "", text) for text in (self.before, self.after)))
        ):
            return "what is measured is never just as large as its limit"
        return REASONS.get((self.file, self.before, self.after), "")


def _as_far_as_both_go(one: str, other: str) -> bool:
    """Whether texts are the same; long ones were cut off at one length."""
    return one.startswith(other) or other.startswith(one)


def trials_of(
    beside: Beside, sample: int, seconds: int, workers: int, seed: int = SEED
) -> list[Trial] | None:
    """Try the mutants of a file (``sample`` of them, 0: all); None if its tests fail on the file as it is."""
    mutants = list(mutants_of(beside.path.read_text()))
    if sample and sample < len(mutants):
        mutants = random.Random(seed).sample(mutants, sample)
    file = str(beside.path.relative_to(beside.root))
    if not beside.files:
        return [Trial(file, c.kind, c.line, c.before, c.after, False) for c, _ in mutants]
    if not beside.learn(seconds):
        return None
    return [
        Trial(file, change.kind, change.line, change.before, change.after, noticed)
        for (change, _), noticed in zip(mutants, beside.notice(mutants, workers), strict=True)
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("package", type=Path, help="a folder of sources, below the root of the project")
    parser.add_argument("--only", nargs="*", default=[], help="names of files, without .py")
    parser.add_argument("--files", type=int, default=0, help="only so many files, drawn at random (0: all)")
    parser.add_argument("--sample", type=int, default=0, help="mutants per file (0: all)")
    parser.add_argument("--seed", type=int, default=SEED, help="another draws another sample")
    parser.add_argument("--seconds", type=int, default=300, help="the time limit of the tests of one file")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write every trial to this file")
    options = parser.parse_args(arguments)
    if arguments is None:
        _begin_apart()
    os.chdir(ROOT)
    found: list[Trial] = []
    paths = [path for path in sorted((ROOT / options.package).rglob("*.py")) if path.stem[:2] != "__"]
    if options.files:
        paths = sorted(random.Random(options.seed).sample(paths, options.files))
    for path in paths:
        if options.only and path.stem not in options.only:
            continue
        beside = Beside(ROOT, path, _tests_of(path))
        trials = trials_of(beside, options.sample, options.seconds, options.workers, options.seed)
        _show(beside, trials)
        found += trials or []
        if options.json:
            options.json.write_text(json.dumps([asdict(trial) for trial in found], indent=1))
    _table(found)


def _begin_apart() -> None:
    """Begin anew with process ids of its own: a mutant of what ends processes may end all that it can see."""
    if sys.platform != "linux" or os.environ.get(APART):
        return
    line = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if os.geteuid():
        line += ["--user", "--map-current-user"]
    if (
        not shutil.which("unshare")
        or subprocess.run([*line, "true"], capture_output=True, check=False).returncode
    ):
        raise SystemExit(f"mutants may end every process there is, and `{' '.join(line)}` does not work here")
    os.environ[APART] = "yes"
    os.execvp("unshare", [*line, sys.executable, *sys.argv])


def _tests_of(path: Path) -> list[Path]:
    """The test files beside a file; those of `check_vjp`, if there were one, are none of `check`'s."""
    folder = ROOT / "tests" / path.relative_to(ROOT).parent
    others = [f"test_{other.stem}" for other in path.parent.glob(f"{path.stem}_*.py")]
    parts = [
        part for part in folder.glob(f"test_{path.stem}_*.py") if not part.stem.startswith(tuple(others))
    ]
    whole = folder / f"test_{path.name}"
    return [*([whole] if whole.exists() else []), *sorted(parts)]


def _show(beside: Beside, trials: list[Trial] | None) -> None:
    name = beside.path.relative_to(ROOT)
    if trials is None:
        print(f"{name}: its tests fail without a change", flush=True)
        return
    note = "" if beside.files else ", no tests beside it"
    print(f"{name}: {_counts(trials)}{note}", flush=True)
    for trial in trials if beside.files else []:
        if not trial.noticed:
            why = f"  ({trial.reason})" if trial.reason else ""
            print(f"  line {trial.line}: {trial.kind}: {trial.before}  ->  {trial.after}{why}", flush=True)


def _table(found: list[Trial]) -> None:
    """Print how many mutants of each folder were noticed."""
    for folder in sorted({Path(trial.file).parent for trial in found}):
        print(f"{folder}: {_counts([trial for trial in found if Path(trial.file).parent == folder])}")
    print(f"all: {_counts(found)}")


def _counts(trials: list[Trial]) -> str:
    noticed = sum(trial.noticed for trial in trials)
    reasons = sum(bool(trial.reason) for trial in trials if not trial.noticed)
    share = 100 * noticed / max(len(trials) - reasons, 1)
    return f"{noticed} of {len(trials)} noticed, {reasons} with a reason, {share:.1f} % of the others"


if __name__ == "__main__":
    main()
