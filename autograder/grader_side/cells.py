"""The instructor's cells as code, and which names they take from the student."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from dataclasses import dataclass
from types import CodeType

from nbformat import NotebookNode

from autograder.grader_side.magics import python_of, tree_of
from autograder.grader_side.names import names_in, names_of
from autograder.grader_side.scope import read_first
from autograder.remembered import remembered
from autograder.roles import role_of
from autograder.student_side.packages import Packages

FIGURES = re.compile(r"\b(matplotlib|plt)\b")
RUN_TEXT = frozenset({"exec", "eval", "compile", "__import__", "execfile"})
# What libraries run of a text by means of their own, which nobody sees compiled, and the names by which a
# cell speaks of them: others have methods that are called so, too.
TAKE_TEXT = {
    frozenset({"pd", "pandas"}): frozenset({".query", ".eval"}),
    # Of PyYAML's loaders, those that call what a text names.
    frozenset({"Loader", "CLoader", "UnsafeLoader", "CUnsafeLoader"}): frozenset(
        {"load", ".load", "load_all", ".load_all"}
    ),
    frozenset({"unsafe_load", "unsafe_load_all"}): frozenset(
        {"unsafe_load", ".unsafe_load", "unsafe_load_all", ".unsafe_load_all"}
    ),
    frozenset({"dictConfig", "fileConfig"}): frozenset(
        {"dictConfig", ".dictConfig", "fileConfig", ".fileConfig"}
    ),
    frozenset({"jinja2"}): frozenset({"Template", ".Template", ".from_string"}),
    frozenset({"ctypes", "CDLL"}): frozenset({"CDLL", ".CDLL", ".LoadLibrary"}),
    frozenset({"pydoc", "pkgutil"}): frozenset({"locate", ".locate", "resolve_name", ".resolve_name"}),
}
TEXT_ARGUMENTS = frozenset({"expr", "stream", "config", "source", "name"})
_WORDS = re.compile(r"\w+\b(?!\s*=(?!=))")  # but those that are given a value: ``Loader=yaml.SafeLoader``
RUN_PROGRAMS = frozenset({"subprocess", "runpy", "importlib", "multiprocessing"})
_LOOKS_FOR_NAMES = re.compile(r"\b(?:globals|locals|vars|dir)\(\s*\)")
_ALL_NAMES = frozenset({"globals", "locals", "vars", "dir"})
_ALL_OF_A_MODULE = frozenset({"testmod", "loadTestsFromModule"})
_GONE_THROUGH_BY = frozenset({"list", "sorted", "set", "len", "dict", "iter", "enumerate", "filter", "map"})
NOTHING = compile("None", "<nothing>", "eval", dont_inherit=True)


@dataclass(frozen=True)
class Code:
    """A cell's statements and its last expression.

    ``free_names`` it reads, but neither it nor Python defines; ``of_python`` are names it reads that Python
    defines; ``bound`` it binds.
    """

    body: CodeType
    last: CodeType
    free_names: frozenset[str]
    of_python: frozenset[str]
    bound: frozenset[str]


def may_draw(notebook: NotebookNode, packages: Packages) -> bool:
    """Whether a notebook's code looks as if it drew figures; one that does so unseen only takes longer.

    What is locked may define functions that draw, for cells that are not run for a grade.
    """
    return any(
        _draws(cell.source, () if role_of(cell).get("locked") else packages.figures)
        for cell in notebook.cells
        if cell.cell_type == "code"
    )


@remembered()
def _draws(source: str, figures: tuple[str, ...]) -> bool:
    """Whether there is matplotlib's name, or something of one of the course's packages that draw."""
    names = (re.escape(package.rpartition(".")[2]) for package in figures)
    return bool(FIGURES.search(source) or any(re.search(rf"\b{name}\.", source) for name in names))


@remembered()
def compiled_cell(source: str, name: str) -> Code:
    """A graded cell's code; ``last`` is its last expression, None where it shows nothing.

    Raises SyntaxError, and ValueError for magics that do more than look.
    """
    python, beyond = python_of(source)
    if beyond:
        raise ValueError(f"a graded cell cannot use {' and '.join(beyond)} where it is run")
    tree = ast.parse(python, f"<{name}>")
    last = NOTHING
    if _shows_something(python, tree):
        shown = ast.Expression(tree.body[-1].value)  # type: ignore[attr-defined]
        last = compile(shown, f"<{name}>", "eval", dont_inherit=True)
        del tree.body[-1]
    # Not under our own ``from __future__``: what a cell annotates is not to be text.
    return _code(compile(tree, f"<{name}>", "exec", dont_inherit=True), last, python)


def _shows_something(python: str, tree: ast.Module) -> bool:
    """Whether a cell ends with an expression that no semicolon keeps from being shown, as IPython has it."""
    if not tree.body or not isinstance(tree.body[-1], ast.Expr):
        return False
    last = tree.body[-1]
    assert last.end_lineno is not None
    line = python.split("\n")[last.end_lineno - 1].encode()[last.end_col_offset :]
    return not line.lstrip().startswith(b";")


@remembered()
def compiled_setup(source: str, name: str) -> Code:
    """A setup cell's code, without IPython's magics, which are for looks. Raises SyntaxError."""
    python, _ = python_of(source)
    return _code(compile(python, f"<{name}>", "exec", dont_inherit=True), NOTHING, python)


@remembered()
def runs_text(source: str, imported: Collection[str] = frozenset()) -> str:
    """What of a released cell runs text as code or starts programs, by name; "" for nothing.

    ``imported`` are the names that the cells above import.
    """
    tree = tree_of(source)
    words = {*imported, *_WORDS.findall(source)}
    takes_text = frozenset[str]().union(*(TAKE_TEXT[names] for names in TAKE_TEXT if names & words))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := _name_of(node.func)) in takes_text and _may_be_text(node):
            return name.removeprefix(".")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RUN_TEXT:
            if not (node.args and isinstance(node.args[0], ast.Constant)):
                return node.func.id
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [getattr(node, "module", None), *(item.name for item in node.names)]
            if found := RUN_PROGRAMS.intersection(str(name).partition(".")[0] for name in names):
                return min(found)
        elif isinstance(node, ast.Attribute) and node.attr in ("system", "popen", "import_module"):
            return node.attr
    return ""


def _name_of(called: ast.expr) -> str:
    """What a call calls; of an attribute its own name, after a dot."""
    if isinstance(called, ast.Attribute):
        return f".{called.attr}"
    return called.id if isinstance(called, ast.Name) else ""


def _may_be_text(call: ast.Call) -> bool:
    """Whether a call is given what may be a text, and is not written there."""
    given = [*call.args[:2], *(item.value for item in call.keywords if item.arg in TEXT_ARGUMENTS)]
    return not all(isinstance(value, ast.Constant | ast.Lambda) for value in given)


@remembered()
def looks_at_all_names(source: str) -> str:
    """What of a released cell goes through all names that there are, as a text; "" for nothing.

    Here it would find few of them, and pass.
    """
    tree = tree_of(source)
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    has_tests = any(isinstance(node, ast.ClassDef) for node in tree.body)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called in _ALL_NAMES and not node.args and _goes_through(above, node):
            return f"{called}()"
        if called.rpartition(".")[2] in _ALL_OF_A_MODULE or (called == "unittest.main" and not has_tests):
            return called
    return ""


def _goes_through(above: dict[ast.AST, ast.AST], names: ast.AST) -> bool:
    """Whether more is done with all names than to look for one by its text, or to hand them on."""
    user = above[names]
    if isinstance(user, ast.Attribute):
        names, user = user, above[user]
        if isinstance(user, ast.Call) and user.func is names and user.args:  # .get("x")
            return not isinstance(user.args[0], ast.Constant)
        names, user = user, above.get(user, user)
    if isinstance(user, ast.Compare):
        return not isinstance(user.left, ast.Constant)
    if isinstance(user, ast.Subscript):
        return not isinstance(user.slice, ast.Constant)
    if isinstance(user, ast.Call):
        return isinstance(user.func, ast.Name) and user.func.id in _GONE_THROUGH_BY
    return not isinstance(user, ast.Expr)


def bound_by(source: str) -> frozenset[str]:
    """The names that a released cell binds; none of one that is no Python."""
    names = names_in(python_of(source)[0])
    return names.bound if names is not None else frozenset()


def read_by(source: str) -> frozenset[str]:
    """The names that a released cell reads and does not bind before; none of one that is no Python."""
    names = names_in(python_of(source)[0])
    return names.free | read_first(source) if names is not None else frozenset()


def _code(body: CodeType, last: CodeType, python: str) -> Code:
    names = names_of(python)
    free = names.free | read_first(python) | (named_in_text(python) - names.bound)
    return Code(body, last, free, names.used - names.bound - names.free, names.bound)


def named_in_text(source: str) -> frozenset[str]:
    """The names that a released cell looks for by their text, as in ``'x' in globals()``."""
    python = python_of(source)[0]
    if not _LOOKS_FOR_NAMES.search(python):
        return frozenset()
    found = (node.value for node in ast.walk(ast.parse(python)) if isinstance(node, ast.Constant))
    return frozenset(text for text in found if type(text) is str and text.isidentifier())
