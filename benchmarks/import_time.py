"""What `import course_lib` costs once numpy is there. The goal is at most 30 ms.

    python benchmarks/import_time.py [--runs 15]

Every run is a fresh process. Exits with 1 if the median misses the goal or if a library that is to load later
is there already.
"""

import argparse
import json
import statistics
import subprocess
import sys

GOAL_MS = 30.0
LATER = ("matplotlib", "IPython", "networkx", "scipy", "pandas")
CODE = f"""
import json, sys, time
start = time.perf_counter()
import numpy
middle = time.perf_counter()
import course_lib
end = time.perf_counter()
loaded = [name for name in {LATER!r} if name in sys.modules]
print(json.dumps([1e3 * (middle - start), 1e3 * (end - middle), loaded]))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description="What import course_lib costs once numpy is there.")
    parser.add_argument("--runs", type=int, default=15)
    runs = [one_run() for _ in range(parser.parse_args().runs + 1)][1:]  # the first fills the bytecode cache

    early = sorted({name for run in runs for name in run[2]})
    print(f"median and fastest of {len(runs)} fresh processes, goal {GOAL_MS:.0f} ms")
    for i, name in enumerate(("import numpy", "then import course_lib")):
        times = [run[i] for run in runs]
        print(f"{name:24} {statistics.median(times):6.1f} ms {min(times):6.1f} ms")
    print(f"loaded too early         {', '.join(early) or 'nothing'}")
    return int(statistics.median(run[1] for run in runs) > GOAL_MS or bool(early))


def one_run() -> tuple[float, float, list[str]]:
    result = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    numpy_ms, ours_ms, loaded = json.loads(result.stdout)
    return numpy_ms, ours_ms, loaded


if __name__ == "__main__":
    sys.exit(main())
