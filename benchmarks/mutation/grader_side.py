"""Mutants of `autograder/grader_side` that no test can notice, and why, by file."""

from __future__ import annotations

SHORTER = "of the two, it is the shorter one"
DEFAULT = "it is what is so without it"
PATHS = "a command line takes paths as well"
ORDER = "the order decides nothing"
TYPE = "a type that nobody asks for"
COST = "the same is found with more work"
UNREAD = "nobody asks for what it returns"
TRUE = "nobody asks for more than whether it is true"
OWN = "nobody else holds it"
PATIENCE = "how long is waited for what never comes; another time limit is as good"

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
    "grader": {
        (
            "[frozenset[str]()] * len(code_cells) if scope.only_imports else _read_",
            "_read_further_down(code_cells)",
        ): COST,
    },
    "names": {
        ("is_assigned", "-is_assigned"): TRUE,
        (
            "if _is_of_a_comprehension(symbol): continue",
            "if False: continue",
        ): "before Python 3.12, a comprehension is a function with names of its own",
    },
    "compiled": {
        ("self._is_plain_or_released(text)", "-self._is_plain_or_released(text)"): TRUE,
    },
    "shared": {("0.0", "-1.0"): "either is past"},
    "lending": {("original", "value"): "both are of one type"},
    "command": {
        (
            "command += ['--ro-bind', str(path), str(path)]",
            "command = command + ['--ro-bind', str(path), str(path)]",
        ): OWN,
        (
            "command += _bind(path, path) if path.exists() else []",
            "command = command + (_bind(path, path) if path.exists() else [])",
        ): OWN,
    },
    "left_open": {("asks", "-asks"): TRUE},
    "patience": {("Counter()", "-Counter()"): "what is empty has no sign"},
    "student": {("watched", "-watched"): TRUE},
    "programs": {
        ("(0, 1)", "(1, 0)"): ORDER,
        ("(1, 2)", "(2, 1)"): ORDER,
        ("0", "-1"): "of one argument, the first is the last",
    },
    "lines_inside": {
        ("asked.search if number == 0 else Search(maker())", "asked.search"): COST,
    },
    "scope": {
        ("imports", "-imports"): TRUE,
        ("self._of_graded -= bound", "self._of_graded = self._of_graded - bound"): OWN,
    },
    "own_errors": {("bases", "key"): "a name, which comes first there, is no class"},
    "repair/search": {("wave", "-wave"): "of two, the second is the last"},
    "score": {("value", "-value"): "it is as finite"},
    "scoring": {
        (
            "tuple[list[NotebookNode], CellOutcome]",
            "tuple[CellOutcome, list[NotebookNode]]",
        ): TYPE,
    },
    "server": {
        ("self._errors.seek(0)", "-self._errors.seek(0)"): UNREAD,
        ("self._process.wait()", "-self._process.wait()"): UNREAD,
        ("0.001", "0.002"): PATIENCE,
        ("5.0", "2.5"): PATIENCE,
    },
    "traces": {
        ("_same(now[name], before[name])", "_same(before[name], now[name])"): ORDER,
        (
            "(course_lib.gradcheck, course_lib.grading)",
            "(course_lib.grading, course_lib.gradcheck)",
        ): ORDER,
        (
            "[gc.isenabled(), gc.get_threshold(), gc.get_debug(), len(gc.callbacks)",
            "[gc.get_threshold(), gc.isenabled(), gc.get_debug(), len(gc.callbacks)",
        ): ORDER,
        (
            "[gc.isenabled(), gc.get_threshold(), gc.get_debug(), len(gc.callbacks)",
            "[gc.isenabled(), gc.get_debug(), gc.get_threshold(), len(gc.callbacks)",
        ): ORDER,
        (
            "[sys.excepthook, sys.displayhook, sys.gettrace(), sys.getprofile(), sy",
            "[sys.excepthook, sys.displayhook, sys.gettrace(), sys.unraisablehook, ",
        ): ORDER,
        ("len(gc.callbacks)", "-len(gc.callbacks)"): "it is compared with itself alone",
    },
}
REASONS = {
    (f"autograder/grader_side/{name}.py", *change): why
    for name, changes in WHY.items()
    for change, why in changes.items()
}
