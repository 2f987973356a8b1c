"""Do the tests beside a file notice small changes of it? Every mutant of each file against its own tests.

    python benchmarks/own_mutants.py course_lib/gradcheck --only ladder ties --sample 40 --workers 2

The tests beside ``course_lib/gradcheck/ladder.py`` are ``tests/course_lib/gradcheck/test_ladder.py``. Each
mutant runs in a fork with a time limit (a mutant that runs out of time counts as noticed); a file whose tests
fail without any change is reported as such and not counted.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import json
import os
import random
import resource
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.mutation.operators import _changes, _locals, _places  # noqa: E402

Change = tuple[str, int, str, str]  # kind, line, before, after

PYTEST = [
    "-x",
    "-q",
    "-n0",
    "-p",
    "no:cacheprovider",
    "--tb=no",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
]
# Survivors that no test can notice: (file, before, after) -> why.
REASONS: dict[tuple[str, str, str], str] = {}


@dataclass(frozen=True)
class Trial:
    """One mutant, and whether the tests beside its file noticed it."""

    file: str
    kind: str
    line: int
    before: str
    after: str
    noticed: bool
    reason: str = ""


def mutants_of(source: str) -> Iterator[tuple[Change, ast.Module]]:
    """Each change of a module with its changed tree; the tree is one object: use it before the next."""
    tree = ast.parse(source)
    skipped = _annotations_and_docstrings(tree)
    taken = {ast.unparse(tree)}
    for replace, node, names in list(_places(tree, ())):
        if id(node) in skipped or not hasattr(node, "lineno"):
            continue
        own = tuple(dict.fromkeys(_locals(node))) if isinstance(node, ast.FunctionDef) else names
        for kind, changed in [*_changes(node, own), *_halved(node)]:
            replace(ast.copy_location(ast.fix_missing_locations(changed), node))
            text = ast.unparse(tree)
            if text not in taken:
                taken.add(text)
                yield (kind, node.lineno, _short(node), _short(changed)), ast.parse(text)
            replace(node)


def _halved(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """A constant halved and doubled: what the other operators do not do to whole numbers."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value:
        half = node.value // 2 if isinstance(node.value, int) else node.value / 2
        yield "constant halved", ast.Constant(half)
        yield "constant doubled", ast.Constant(node.value * 2)


def _annotations_and_docstrings(tree: ast.Module) -> set[int]:
    roots: list[ast.AST | None] = []
    for node in ast.walk(tree):
        roots += [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            roots.append(node)
    return {id(below) for root in roots if root is not None for below in ast.walk(root)}


def _short(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:70]


class _Changed(SourceFileLoader):
    """Loads one module from a changed tree in place of its file."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        super().__init__(name, str(path))
        self.code = compile(tree, str(path), "exec")

    def get_code(self, fullname: str) -> CodeType:
        return self.code

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        return (
            importlib.util.spec_from_file_location(name, self.path, loader=self)
            if name == self.name
            else None
        )


def fails(path: Path, tree: ast.Module, test: Path, seconds: int) -> bool:
    """Whether the test file fails, or never ends, with ``tree`` in the place of the module at ``path``."""
    child = os.fork()
    if child == 0:
        os._exit(_run(path, tree, test, seconds))
    return os.waitpid(child, 0)[1] != 0


def _run(path: Path, tree: ast.Module, test: Path, seconds: int) -> int:
    signal.alarm(seconds)  # its default action ends the process
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    try:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for loaded in [module for module in sys.modules if module.split(".")[0] == name.split(".")[0]]:
            del sys.modules[loaded]  # the operators import some of the project themselves
        sys.meta_path.insert(0, _Changed(name, path, tree))
        return int(pytest.main([*PYTEST, str(test)]) != 0)
    except BaseException:  # whatever a mutant raises while it is loaded is noticed
        return 1


def trials_of(path: Path, test: Path, sample: int, seconds: int, workers: int) -> list[Trial] | None:
    """Try the mutants of a file (``sample`` of them, 0: all); None if its tests fail on the file as it is."""
    source = path.read_text()
    if fails(path, ast.parse(source), test, seconds):
        return None
    mutants = list(mutants_of(source))
    if sample and sample < len(mutants):
        mutants = random.Random(0).sample(mutants, sample)
    file = str(path.relative_to(ROOT))

    def attempt(mutant: tuple[Change, ast.Module]) -> Trial:
        (kind, line, before, after), tree = mutant
        noticed = fails(path, tree, test, seconds)
        return Trial(file, kind, line, before, after, noticed, REASONS.get((file, before, after), ""))

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(attempt, mutants))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("package", type=Path, help="a folder of sources, below the root of the project")
    parser.add_argument("--tests", type=Path, help="the folder of their tests (tests/<package>)")
    parser.add_argument("--only", nargs="*", default=[], help="names of files, without .py")
    parser.add_argument("--sample", type=int, default=0, help="mutants per file (0: all)")
    parser.add_argument("--seconds", type=int, default=60, help="the time limit of one mutant")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write every trial to this file")
    options = parser.parse_args(arguments)
    os.chdir(ROOT)
    package = ROOT / options.package
    tests = ROOT / (options.tests or Path("tests") / options.package)
    found: list[Trial] = []
    for path in sorted(package.rglob("*.py")):
        if path.stem == "__init__" or (options.only and path.stem not in options.only):
            continue
        test = tests / path.relative_to(package).with_name(f"test_{path.name}")
        if not test.exists():
            print(f"{path.relative_to(package)}: no tests beside it", flush=True)
            continue
        trials = trials_of(path, test, options.sample, options.seconds, options.workers)
        if trials is None:
            print(f"{path.relative_to(package)}: its tests fail without a change", flush=True)
            continue
        found += trials
        _show(str(path.relative_to(package)), trials)
        if options.json:
            options.json.write_text(json.dumps([asdict(trial) for trial in found], indent=1))


def _show(name: str, trials: list[Trial]) -> None:
    alive = [trial for trial in trials if not trial.noticed]
    print(f"{name}: {len(trials) - len(alive)} of {len(trials)} noticed, {len(alive)} survived", flush=True)
    for trial in alive:
        why = f"  ({trial.reason})" if trial.reason else ""
        print(f"  line {trial.line}: {trial.kind}: {trial.before}  ->  {trial.after}{why}", flush=True)


if __name__ == "__main__":
    main()
