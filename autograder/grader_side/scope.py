"""Whose a name is that a graded cell reads: the release's, made on this side, or the student's.

A student could put something else in the place of whatever the release imports or defines (a helper that
compares, expected values), so that none of it is taken from the student's process: what released cells do
to make a name is done here, anew for each graded cell that reads it. From the student come the names that
answers bind, by their released stubs or by what the solution's answers were found to bind, those that a plain
cell leaves to be written, and names that no cell of the release knows. Names that an earlier graded cell
bound are those of that cell.

Where a notebook has cells tagged ``setup``, these say what runs here, whole; of other cells only imports do.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from autograder.grader_side.magics import python_of
from autograder.grader_side.names import names_of
from autograder.grader_side.seeds import sets_seeds
from autograder.remembered import remembered

EVERYTHING = "*"
DISPLAY = "display"  # which notebooks have as if it were Python's
BINDING = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete, ast.Expr, ast.Assert)
DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Statement:
    """A statement of a cell: what it binds, binds or changes, reads; if it imports; its text.

    ``sets`` are names of which it sets or deletes an item or an attribute, ``asks`` those of which it calls
    a method, ``first`` those that it reads before it binds them, so far as can be told, ``surely`` those that
    it binds in any case, ``called`` the function that is all it calls, for what that does; ``defines`` tells
    that it is a function's ``def``, ``cell`` is the text of the cell that it stands in.
    """

    code: CodeType
    binds: frozenset[str]
    makes: frozenset[str]
    reads: frozenset[str]
    imports: bool
    text: str
    sets: frozenset[str] = frozenset()
    asks: frozenset[str] = frozenset()
    first: frozenset[str] = frozenset()
    surely: frozenset[str] = frozenset()
    defines: bool = False
    called: str = ""
    cell: str = ""


@remembered()
def statements_of(source: str) -> tuple[Statement, ...]:
    """The statements of a released cell, without magics; none of one that is no Python."""
    python, _ = python_of(source)
    try:
        tree = ast.parse(python, "<a released cell>")
    except (SyntaxError, ValueError):
        return ()
    found = (_statement(node, source) for node in tree.body)
    return tuple(statement for statement in found if statement is not None)


def _statement(node: ast.stmt, cell: str) -> Statement | None:
    """What is to be known of a statement; None for one that runs in notebooks alone, as an ``await``."""
    try:
        code = compile(ast.Module([node], []), "<a released cell>", "exec", dont_inherit=True)
    except SyntaxError:
        return None
    text = ast.unparse(node)
    names = names_of(text)
    binds = names.bound
    imports = isinstance(node, ast.Import | ast.ImportFrom)
    if isinstance(node, ast.ImportFrom) and node.names[0].name == EVERYTHING:
        binds |= {EVERYTHING}
    nodes = tuple(ast.walk(node))
    sets = names.used.intersection(map(_set, nodes))
    asks = names.used.intersection(map(_asked, nodes))
    makes = binds | sets | names.used.intersection(map(_asked_through_calls, nodes))
    first = names.used if isinstance(node, SIMPLE) else names.used - names.bound
    surely = _bound_surely(node, names.bound)
    own = vars(builtins).keys()
    told = imports, text, sets, asks, first - own, surely, isinstance(node, DEFINING), _called(node), cell
    return Statement(code, binds, makes, names.used - own, *told)


def _bound_surely(node: ast.stmt, bound: frozenset[str]) -> frozenset[str]:
    """What a statement binds in any case: its targets, for ``:=`` may not be reached."""
    if isinstance(node, ast.Assign):
        parts = [part for target in node.targets for part in ast.walk(target)]
        return bound.intersection(part.id for part in parts if isinstance(part, ast.Name))
    return bound if isinstance(node, BINDING) else frozenset()


def _called(node: ast.stmt) -> str:
    """The name of the function that a statement calls, and nothing else."""
    called = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and node.value.func
    return called.id if isinstance(called, ast.Name) else ""


def _asked(node: ast.AST) -> str:
    """The name of whose object, or of a part of it, a method is called, which may change it."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return ""
    part: ast.expr = node.func
    while isinstance(part, ast.Subscript | ast.Attribute):
        part = part.value
    return part.id if isinstance(part, ast.Name) else ""


def _asked_through_calls(node: ast.AST) -> str:
    """The name of whose object a method is called, or of what a call of it returns: a part of it, maybe."""
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    return name_below(node.func) if called else ""  # type: ignore[attr-defined]


def _set(node: ast.AST) -> str:
    """The name whose object has an item or an attribute set or deleted."""
    changes = isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load)
    return name_below(node) if changes else ""


def name_below(node: ast.AST) -> str:
    """The name that an item, an attribute or the value of a call is of, however deep; "" for none."""
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def read_first(source: str) -> frozenset[str]:
    """The names that a released cell reads before it binds them itself, as in ``x = x + 1``.

    They are those of the cells above. In a loop or a branch that binds what it reads, the order is not told.
    """
    found: set[str] = set()
    bound: set[str] = set()
    for statement in statements_of(source):
        found |= statement.first - bound
        bound |= statement.binds
    return frozenset(found)


def bound_in_any_case(source: str) -> frozenset[str]:
    """The names that a released cell binds, whatever its branches do; it binds none of them if it raises."""
    return frozenset().union(*(statement.surely for statement in statements_of(source)))


def changed_by(source: str) -> frozenset[str]:
    """The names whose objects a released cell may change: it sets a part of one, or calls a method of it."""
    return frozenset().union(*(statement.sets | statement.asks for statement in statements_of(source)))


def imported_by(source: str) -> frozenset[str]:
    """The names that the imports of a released cell bind at its top."""
    return frozenset().union(*(statement.binds for statement in statements_of(source) if statement.imports))


@dataclass
class Scope:
    """The names that the cells above a graded cell give to it; cells are added from top to bottom."""

    only_imports: bool = False
    _given: list[Statement] = field(default_factory=list)
    _students: set[str] = field(default_factory=set)
    _kept: dict[str, Any] = field(default_factory=dict)
    _of_graded: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)  # the release's answers define, whatever they are called

    @property
    def sets_seeds(self) -> bool:
        """Whether a function of the release looks as if it set a seed."""
        return not self.only_imports and any(item.binds and sets_seeds(item.text) for item in self._given)

    @property
    def imported(self) -> frozenset[str]:
        """The names that the release's cells above import."""
        return frozenset().union(*(item.binds for item in self._given if item.imports))

    @property
    def codes(self) -> tuple[CodeType, ...]:
        """The code of the release's cells above, as far as it may run here."""
        return tuple(item.code for item in self._given)

    def bound_as(self, names: Collection[str]) -> str:
        """The text of the release's statements above that bind these names."""
        return "\n".join(item.text for item in self._given if item.binds.intersection(names))

    def binds(self, name: str) -> bool:
        """Whether a cell above binds a name, whoever wrote it."""
        bound = (item.binds for item in self._given)
        return any(name in names for names in (self._students, self.functions, self._of_graded, *bound))

    def add_released(self, source: str, left: frozenset[str] = frozenset()) -> None:
        """Take note of a cell that is the release's, but for names that it leaves to be written."""
        given = [item for item in statements_of(source) if not item.binds or not item.binds <= left]
        self._add([item for item in given if item.imports or not self.only_imports])
        if not self.only_imports:
            self._students |= left
            self._of_graded -= left

    def add_answer(self, stub: str) -> None:
        """Take note of an answer, by its text as it was released: what it imports is the release's."""
        statements = statements_of(stub)
        self.functions |= frozenset().union(*(item.binds for item in statements if item.defines))
        if not self.only_imports:
            bound = frozenset().union(*(item.binds for item in statements if not item.imports))
            self._students |= bound
            self._of_graded -= bound
        self._add([item for item in statements if item.imports])

    def _add(self, statements: list[Statement]) -> None:
        self._given += statements
        bound = frozenset().union(*(item.binds for item in statements))
        self._students -= bound
        self._of_graded -= bound

    def keep(self, bound: Collection[str], namespace: dict[str, Any], later: Collection[str]) -> bool:
        """Keep those of the names that a graded cell binds which later cells read; whether there is any."""
        shared = set() if self.only_imports else set(bound) & set(later)
        self._of_graded |= shared
        self._students -= shared
        found = {name: namespace[name] for name in shared if name in namespace}
        self._kept |= found
        return bool(found)

    def supply(
        self,
        wanted: Collection[str],
        of_python: Collection[str],
        takes: Collection[str],
        namespace: dict[str, Any],
        lookup: Callable[[list[str]], dict[str, Any]],
    ) -> None:
        """Put what a graded cell reads into its namespace: ``wanted`` names, and Python's that are answers.

        ``takes`` names what the solution was found to bind in its answers; ``lookup`` asks the student's
        process for names. A statement of the release that raises leaves its names as they are; what it raised
        is raised here if one of them is wanted and nothing else made it. Where it reads what an answer made,
        it ended its cell, as in a notebook. What else raises may do so here alone: a folder is made, or a
        color map registered, anew for each graded cell.
        """
        students = (self._students | set(takes)) - namespace.keys()
        need = set(wanted) | (set(of_python) & students)
        chosen: list[Statement] = []
        seeding = frozenset().union(*(item.binds for item in self._given if sets_seeds(item.text)))
        for statement in reversed(self._given):
            makes = statement.makes & (need - students - self._of_graded) or EVERYTHING in statement.makes
            if makes or (chosen and statement.called in seeding - students):
                chosen.append(statement)
                need |= statement.reads
        made = frozenset().union(*(item.binds for item in chosen)) - students
        namespace |= {name: value for name, value in self._kept.items() if name in need - students}
        asked = need - made - (self._of_graded - students) - namespace.keys()
        looked_up = lookup(sorted(asked)) if asked else {}
        namespace |= looked_up
        failed: dict[str, Exception] = {}
        ended: dict[str, Exception] = {}  # by cell
        answered = set(students | asked)
        for statement in reversed(chosen):
            of_answers = not answered.isdisjoint(statement.reads)
            if of_answers:
                answered |= statement.makes
            reason = ended.get(statement.cell)
            if reason is None:
                try:
                    exec(statement.code, namespace)
                except Exception as error:  # whatever its author let it raise
                    reason = error
                    if of_answers:
                        ended[statement.cell] = error
            if reason is not None:
                failed |= dict.fromkeys(statement.binds & set(wanted), reason)
        # A statement may be chosen for another name than what it binds, and a star binds whatever there is.
        namespace |= {name: value for name, value in looked_up.items() if name in students}
        for name, reason in failed.items():
            if name not in namespace:
                raise reason
