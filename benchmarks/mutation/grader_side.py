"""Mutants of `autograder/grader_side` that no test can notice, and why, by file."""

from __future__ import annotations

SHORTER = "of the two, it is the shorter one"
DEFAULT = "it is what is so without it"
PATHS = "a command line takes paths as well"

WHY: dict[str, dict[tuple[str, str], str]] = {
    "cgroup": {
        (
            "subprocess.run(group.joined(['true']), capture_output=True, check=Fals",
            "subprocess.run(group.joined(['true']), capture_output=True)",
        ): DEFAULT,
        ("str(self._directory / 'cgroup.procs')", "self._directory / 'cgroup.procs'"): PATHS,
    },
    "clock": {
        (
            "soon if sure else min(soon, max(self.seconds + grace, SHORTEST_NAP))",
            "min(soon, max(self.seconds + grace, SHORTEST_NAP))",
        ): SHORTER,
    },
}
REASONS = {
    (f"autograder/grader_side/{name}.py", *change): why
    for name, changes in WHY.items()
    for change, why in changes.items()
}
