"""Who may import whom (the table in CONTRIBUTING.md), read off the code and the notebooks themselves."""

import ast
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest

REPOSITORY = Path(__file__).parents[1]
OURS = ("course_lib", "autograder")

# part -> (what it may import of ours, which libraries; None: any that pyproject.toml declares)
TABLE = {
    "course_lib/gradcheck": (("course_lib.gradcheck", "course_lib.progress_bar"), ("numpy", "IPython")),
    "course_lib/grading": (("course_lib.grading", "course_lib.gradcheck"), ("numpy",)),
    "course_lib/data": (("course_lib.data",), ("numpy", "matplotlib")),
    "course_lib/viz": (
        ("course_lib.viz", "course_lib.data"),
        ("numpy", "matplotlib", "networkx", "ipywidgets", "IPython"),
    ),
    "course_lib/progress_bar.py": ((), ("tqdm",)),
    "course_lib/reference": (("course_lib.reference", "course_lib.progress_bar"), ("numpy",)),
    "autograder/student_side": (
        ("autograder.student_side", "course_lib.gradcheck.withheld", "course_lib.gradcheck.lines"),
        ("numpy", "IPython", "msgpack", "matplotlib", "matplotlib_inline", "traitlets", "pandas", "scipy"),
    ),
    "autograder/grader_side": (
        (
            *("autograder.grader_side", "autograder.student_side", "course_lib"),
            *("autograder.disposable", "autograder.remembered", "autograder.roles", "autograder.watch"),
        ),
        None,
    ),
}

# What these import is free.
FREE = (
    *(
        "authoring",
        "batch",
        "doctor",
        "editions",
        "exchange",
        "exports",
        "feedback",
        "gradebook",
        "grading",
        "gradescope",
    ),
    *(
        "notebooks",
        "pages",
        "plugins",
        "protection",
        "recorded",
        "rehearsal",
        "report",
        "rules",
        "site",
        "site_pages",
        "sources",
        "submission",
        "workers",
    ),
)


def imported(tree, package=""):
    """Each imported name in full, with its line; ``package`` is the dotted home of relative imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((f"{base}.{alias.name}", node.lineno) for alias in node.names)


def names_in(path):
    package = ".".join(path.relative_to(REPOSITORY).parent.parts)
    return list(imported(ast.parse(path.read_text(encoding="utf-8")), package))


def within(name, allowed):
    return any(name == part or name.startswith(part + ".") for part in allowed)


def forbidden(names, ours, libraries):
    for name, line in names:
        top = name.partition(".")[0]
        if top in OURS:
            allowed = within(name, ours)
        else:
            allowed = libraries is None or top in libraries or top in sys.stdlib_module_names
        if not allowed:
            yield f"line {line}: {name}"


def files(part):
    place = REPOSITORY / part
    found = [place] if place.is_file() else sorted(place.rglob("*.py"))
    assert found
    return found


@pytest.mark.parametrize("part", TABLE)
def test_each_part_imports_only_what_the_table_allows(part):
    every = {path: list(forbidden(names_in(path), *TABLE[part])) for path in files(part)}
    assert {path: names for path, names in every.items() if names} == {}


def test_what_students_install_never_imports_the_autograder():
    every = [(path, name) for path in files("course_lib") for name, _ in names_in(path)]
    assert [(path, name) for path, name in every if within(name, ["autograder"])] == []


def course_lib_imports(sources):
    for source in sources:
        code = "\n".join(line for line in source.split("\n") if not line.lstrip().startswith("%"))
        yield from (name for name, _ in imported(ast.parse(code)) if within(name, OURS))


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "assignments").rglob("*.ipynb")), ids=lambda path: path.name
)
def test_released_notebooks_use_the_student_edition_alone(path):
    cells = nbformat.read(path, as_version=4).cells
    names = list(course_lib_imports(cell.source for cell in cells if cell.cell_type == "code"))
    assert names
    assert [name for name in names if within(name, ["autograder", "course_lib.reference"])] == []


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "solutions").glob("*/*.py")), ids=lambda path: path.name
)
def test_solutions_use_the_reference_in_hidden_tests_alone(path):
    cells = jupytext.read(path, fmt="py:percent").cells
    for cell in cells:
        if cell.cell_type == "code":
            visible = cell.source.split("### BEGIN HIDDEN TESTS")[0]
            names = list(course_lib_imports([visible]))
            assert [name for name in names if within(name, ["autograder", "course_lib.reference"])] == []


def test_the_table_covers_every_package():
    packages = {
        path.parent
        for top in ("course_lib", "autograder")
        for path in (REPOSITORY / top).glob("*/__init__.py")
    }
    named = {str(path.relative_to(REPOSITORY)) for path in packages}
    free = {f"autograder/{part}" for part in FREE}
    assert named - free <= set(TABLE)


@pytest.mark.parametrize(
    "room",
    sorted(path.name for path in (REPOSITORY / "autograder").iterdir() if (path / "__init__.py").exists()),
)
def test_a_room_can_be_overlooked(room):
    """At most 800 lines, but for the three rooms that are the wall itself."""
    lines = sum(
        len(path.read_bytes().splitlines()) for path in (REPOSITORY / "autograder" / room).rglob("*.py")
    )
    assert lines <= 800 or room in ("student_side", "grader_side", "submission")
