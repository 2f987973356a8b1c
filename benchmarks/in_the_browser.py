"""The notebooks in the site's own kernel against a kernel of this machine: the same words, and how fast.

    uv run --group browser python benchmarks/in_the_browser.py --site DIR [--only 01] [--answers [02_]]

``DIR`` is what `course site` wrote. Times are those of the two kernels' clocks, of the checks the best of
five runs; the first check counts from a click on the laboratory's address, nothing cached. With ``--answers``
every known answer is tried in its exercise (``--answers 02_``: to boxes named so), and every output compared:
the words and the numbers to three digits, and the verdicts alone (marks, points, causes), which have to agree
whatever an error of Python says. ``--json FILE`` keeps what was found.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests")]
from browser.conftest import CHROMIUM  # noqa: E402
from browser.kernels import KernelHere, KernelInPage, code_of, exercise_with, restored  # noqa: E402
from built_site import PACKAGED, served  # noqa: E402
from inprocess import ASSIGNMENTS, composer_of  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from process_tree import descendants  # noqa: E402

ROUNDS = 5
PATIENCE_MS = 600_000
GOALS = {"seconds to the first check": 15.0, "check against here": 6.0}
FLAGS = ["--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument("--only", default="", help="the beginning of an assignment's name")
    parser.add_argument(
        "--answers", nargs="?", const="", help="try every known answer too, to boxes named so"
    )
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if PACKAGED is None:
        parser.error("needs a Pyodide: uv sync --group browser")
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    chosen = [name for name in ASSIGNMENTS if name.startswith(options.only)]
    found: dict[str, Any] = {}
    with kernels(options.site, found) as (there, here):
        for name in chosen:
            found[name] = solved(name, there, here)
            if options.answers is not None:
                found[name] |= answers(name, options.answers, there, here)
            print(name, {key: value for key, value in found[name].items() if key != "differing"}, flush=True)
            for differing in found[name]["differing"]:
                print("  differs:", *differing, sep="\n    ", flush=True)
    ratios = [ratio for name in chosen for ratio in found[name]["checks"].values()]
    found["check against here"] = {"median": statistics.median(ratios), "worst": max(ratios)}
    print(f"first check after {found['seconds to the first check']:.1f} s,", end=" ")
    print(f"{found['of processors, until then']:.1f} s of processors; a check takes", end=" ")
    print(f"{found['check against here']['median']:.1f} times as long as here, at worst {max(ratios):.1f}")
    if options.json:
        options.json.write_text(json.dumps(found | {"goals": GOALS}, indent=1), encoding="utf-8")
    return 1 if any(found[name].get("differing verdicts", found[name]["differing"]) for name in chosen) else 0


@contextlib.contextmanager
def kernels(site: Path, found: dict[str, Any]) -> Iterator[tuple[KernelInPage, KernelHere]]:
    """Both kernels, ready; how long the browser's took to its first check is noted in ``found``."""
    with served(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        context = browser.new_context()
        context.set_default_timeout(PATIENCE_MS)
        started, used = time.perf_counter(), cpu_seconds()
        there = KernelInPage(context.new_page(), address)
        found["seconds until the page is there"] = time.perf_counter() - started
        setup, answer, check = first_check()
        for cell in (setup, answer, check):
            ran = there.run(cell)
            assert not ran.raised, ran.raised
        found["seconds to the first check"] = time.perf_counter() - started
        found["of processors, until then"] = cpu_seconds() - used
        here = KernelHere()
        for kernel in (there, here):
            kernel.begin()
        try:
            yield there, here
        finally:
            here.close()
            browser.close()


def cpu_seconds() -> float:
    """What the browser's processes have used of all processors, which a busy machine leaves alone."""
    total = 0.0
    for pid in descendants(os.getpid()):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def first_check() -> tuple[str, str, str]:
    """The imports of the first notebook, its first answer and the self-check of that."""
    composer, _ = composer_of(ASSIGNMENTS[0])
    cells = {cell.id: cell.source for cell in code_of(composer.submission("ada", "perfect").notebook)}
    first = next(iter(composer.solution))
    return cells["imports"], cells[first], cells[f"{first.partition('_')[0]}_self-check"]


def solved(name: str, there: KernelInPage, here: KernelHere) -> dict[str, Any]:
    """All cells of the solved notebook in both kernels, then its self-checks again and again."""
    composer, _ = composer_of(name)
    cells = code_of(composer.submission("ada", "perfect").notebook)
    differing, seconds = [], {there: 0.0, here: 0.0}
    for kernel in seconds:
        kernel.again()
    for cell in cells:
        said = {}
        for kernel in seconds:
            said[kernel] = kernel.run(cell.source).to_three_digits()
            seconds[kernel] += kernel.lasted()
        if said[there] != said[here]:
            differing.append((cell.id, said[there], said[here]))
    checks = {cell.id: ratio(cell.source, there, here) for cell in cells if "self-check" in cell.id}
    checks = {key: value for key, value in checks.items() if value is not None}
    times = {"seconds there": seconds[there], "seconds here": seconds[here]}
    return {"cells": len(cells), **times, "checks": checks, "differing": differing}


def ratio(source: str, there: KernelInPage, here: KernelHere) -> float | None:
    """How many times as long the check takes there, each at its best; None where it only defines."""
    best = {}
    for kernel in (there, here):
        lasted = []
        for _ in range(ROUNDS):
            kernel.run(source)
            lasted.append(kernel.lasted())
        best[kernel] = min(lasted)
    return best[there] / best[here] if best[here] > 1e-3 else None


def answers(name: str, boxes: str, there: KernelInPage, here: KernelHere) -> dict[str, Any]:
    """Every known answer in its exercise, after the solved notebook has run; which outputs differ."""
    composer, _ = composer_of(name)
    chosen = [answer for answer in composer.answers if answer.exercise.startswith(boxes)]
    differing, verdicts, outputs = [], [], 0
    for answer in chosen:
        for cell, source in exercise_with(composer, answer).items():
            ran = [kernel.run(source) for kernel in (there, here)]
            said = [one.to_three_digits() for one in ran]
            outputs += 1
            if said[0] != said[1]:
                differing.append((f"{answer.exercise}: {answer.title}: {cell}", *said))
            if ran[0].verdict() != ran[1].verdict():
                verdicts.append(f"{answer.exercise}: {answer.title}: {cell}")
        for kernel in (there, here):
            kernel.run(restored(composer, answer))
    found = {"answers": len(chosen), "outputs": outputs, "differing verdicts": verdicts}
    return found | {"differing": differing}


if __name__ == "__main__":
    sys.exit(main())
