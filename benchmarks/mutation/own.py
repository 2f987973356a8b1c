"""Every small change of one of our own files, and which piece of it must run for a test to notice one.

A piece is a list of statements inside a function: the body of a function, a branch, a loop. Piece 0 is what
runs when the file is imported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from mutation.operators import changes
from mutation.places import locals_of, places, short

#: The name under which instrumented code reports a piece that runs.
RAN = "__ran__"

#: Arguments that only guard against our own slips.
GUARDS = {"strict", "frozen"}

#: Arguments that make no difference where tests run: text is UTF-8 there anyway.
ELSEWHERE = {"encoding"}

#: Functions that do not care in which order they are given two things, or by no more than their tolerance.
COMMUTE = {
    "max",
    "min",
    "np.maximum",
    "np.minimum",
    "np.hypot",
    "np.array_equal",
    "np.allclose",
    "np.isclose",
    "os.path.samestat",
}
COMMUTE |= {"close", "same", "_is"}

#: Functions that do not care in which order they are given the parts of a tuple.
ASK_FOR_PARTS = {"all", "any", "endswith", "frozenset", "isinstance", "issubclass", "set", "startswith"}

#: What makes a type that only annotations name.
MAKE_TYPES = {"Callable", "Mapping", "ParamSpec", "TypeVar", "dict", "list", "npt.NDArray", "set", "tuple"}

#: What can only be true or false, or zero: nobody tells it from its own negative.
TRUTHS = {"all", "allclose", "any", "array_equal", "bool", "callable", "close", "endswith", "hasattr"}
TRUTHS |= {"agrees", "isidentifier", "isinstance", "matches", "matches_other", "same", "startswith"}
TRUTHS |= {"takes_any", "zeros", "zeros_like"}
TRUTHS |= {
    "before",
    "crosses",
    "hands_on",
    "is_load",
    "is_right",
    "isascii",
    "isclass",
    "issubclass",
    "has_role",
    "keeps_signals",
    "one_factor",
}

#: What is the same of an array and of its negative: functions of it, and attributes.
SIGNLESS = {
    "abs",
    "bool",
    "np.abs",
    "np.flatnonzero",
    "np.linalg.cond",
    "np.linalg.matrix_rank",
    "np.linalg.norm",
    "np.zeros_like",
}
SIGNLESS |= {
    "view.jacobian_zero",
    "self.jacobian_zero",
    "np.isfinite",
    "math.isfinite",
    "np.isnan",
    "vanishes",
    "norm",
    "rms",
    "typical_size",
    "rounding_margin",
    "representable_in_single",
}
LINEAR = {"np.diff", "np.ravel", "np.stack", "np.sum"}
SIGNLESS_PARTS = {"all", "any", "dtype", "ndim", "shape", "size"}


@dataclass(frozen=True)
class Change:
    """One small change: its kind, where it is (line and piece), and the text before and after."""

    kind: str
    line: int
    piece: int
    before: str
    after: str


def mutants_of(source: str) -> Iterator[tuple[Change, str]]:
    """Each change of a module, with its text; no two have the same."""
    tree = ast.parse(source)
    pieces = _pieces_of_nodes(tree)
    skipped, unordered = _said_to_people_and_checkers(tree), _named_sets(tree)
    written = [ast.unparse(statement) for statement in tree.body]
    for place, statement in enumerate(tree.body):
        taken = {written[place]}
        whole = ast.Module([statement], [])
        around = {id(child): node for node in ast.walk(whole) for child in ast.iter_child_nodes(node)}
        for replace, node, names in list(places(whole, ())):
            if id(node) in skipped or not hasattr(node, "lineno"):
                continue
            ordered = id(node) not in unordered
            own = tuple(dict.fromkeys(locals_of(node))) if isinstance(node, ast.FunctionDef) else names
            for kind, changed in [*changes(node, own), *_halved(node)]:
                replace(ast.copy_location(ast.fix_missing_locations(changed), node))
                text = ast.unparse(whole)
                replace(node)
                same = _says_the_same(node, changed, around)
                if text not in taken and not same and (ordered or kind != "neighbours swapped"):
                    taken.add(text)
                    where = (node.lineno, pieces.get(id(node), 0))
                    module = "\n".join([*written[:place], text, *written[place + 1 :]])
                    yield Change(kind, *where, short(node), short(changed)), module


def instrumented(source: str) -> tuple[ast.Module, int]:
    """Return the module with a call of `RAN` at the start of every piece, and how many pieces there are."""
    tree = ast.parse(source)
    pieces = list(_pieces(tree))
    for number, body in enumerate(pieces, 1):
        mark = ast.parse(f"{RAN}({number})").body[0]
        for node in ast.walk(mark):
            ast.copy_location(node, body[0])
        documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
        body.insert(int(documented), mark)
    return tree, len(pieces) + 1


def _pieces(tree: ast.AST, inside: bool = False) -> Iterator[list[ast.stmt]]:
    """The lists of statements inside functions, outer ones before inner ones."""
    for field in ("body", "handlers", "orelse", "finalbody", "cases"):
        below = getattr(tree, field, None)
        if not isinstance(below, list) or not below:
            continue
        here = inside or isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef)
        if here and isinstance(below[0], ast.stmt) and not isinstance(tree, ast.ClassDef):
            yield below
        for node in below:
            yield from _pieces(node, here and not isinstance(node, ast.ClassDef))


def _pieces_of_nodes(tree: ast.Module) -> dict[int, int]:
    """The number of the innermost piece of each node (by id); what is missing belongs to the import."""
    numbers: dict[int, int] = {}
    for number, body in enumerate(_pieces(tree), 1):
        numbers.update({id(node): number for statement in body for node in ast.walk(statement)})
    return numbers


def _halved(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """A constant halved and doubled: what the other operators do not do to whole numbers."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value:
        half = node.value // 2 if isinstance(node.value, int) else node.value / 2
        yield "constant halved", ast.Constant(half)
        yield "constant doubled", ast.Constant(node.value * 2)


def _said_to_people_and_checkers(tree: ast.Module) -> set[int]:
    """Annotations, docstrings, and what only a type checker reads: no behaviour."""
    roots: list[ast.AST | None] = []
    for node in ast.walk(tree):
        roots += [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            roots.append(node)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            roots.append(node)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            roots.append(node)  # nobody here imports `*`
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call | ast.Subscript):
            made_by = node.value.func if isinstance(node.value, ast.Call) else node.value.value
            roots += [node] if ast.unparse(made_by) in MAKE_TYPES and node in tree.body else []
    return {id(below) for root in roots if root is not None for below in ast.walk(root)}


def _says_the_same(node: ast.AST, changed: ast.AST, parents: dict[int, ast.AST]) -> bool:
    """Whether a change cannot be seen from outside.

    It takes away a guard against our own slips (zip's `strict`, a class's `frozen`), swaps what `max` is
    given or what something is looked up in, or turns the sign of what is only asked for its absolute value,
    its square, its shape, or whether it is true. `parents` holds the node around each, by id.
    """
    around = parents.get(id(node))
    if isinstance(node, ast.Call) and isinstance(changed, ast.Call):
        left = {keyword.arg for keyword in node.keywords} - {keyword.arg for keyword in changed.keywords}
        if left & (GUARDS | ELSEWHERE):
            return True
        return ast.unparse(node.func) in COMMUTE and _parts(node) == _parts(changed)
    if isinstance(around, ast.keyword) and around.arg in GUARDS:
        return True
    if isinstance(node, ast.Tuple | ast.List) and _is_a_set(node, parents):
        return _parts(node) == _parts(changed)
    turned = isinstance(changed, ast.UnaryOp) and changed.operand is node
    if turned and (_is_condition(node, parents) or _has_no_sign(node, parents)):
        return True
    if isinstance(around, ast.Call) and ast.unparse(around.func) in ("abs", "np.abs"):
        swapped = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)
        return swapped and _parts(node) == _parts(changed)
    return False


def _has_no_sign(node: ast.AST, parents: dict[int, ast.AST]) -> bool:
    """Whether something is a truth or zero, or a truth, a size, a square or a shape is made of it."""
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in TRUTHS:
        return True
    around = parents.get(id(node))
    if isinstance(around, ast.Attribute):
        call = parents.get(id(around))
        linear = f"np.{around.attr}" in LINEAR and isinstance(call, ast.Call)
        return around.attr in SIGNLESS_PARTS or (linear and _has_no_sign(call, parents))
    if isinstance(around, ast.Compare) and isinstance(around.ops[0], ast.Eq | ast.NotEq):
        return any(ast.unparse(each) == "0" for each in around.comparators)
    if isinstance(around, ast.Subscript) and around.value is node:
        return _has_no_sign(around, parents)  # a part of it
    if isinstance(around, ast.Call) and ast.unparse(around.func) in LINEAR and around.args[:1] == [node]:
        return _has_no_sign(around, parents)
    if isinstance(around, ast.BinOp) and isinstance(around.op, ast.Mult | ast.Div):
        return _has_no_sign(around, parents)  # a multiple of it
    if isinstance(around, ast.BinOp) and isinstance(around.op, ast.Pow):
        power = around.right
        return around.left is node and isinstance(power, ast.Constant) and power.value in (2, 4)
    return isinstance(around, ast.Call) and around.args[:1] == [node] and ast.unparse(around.func) in SIGNLESS


def _named_sets(tree: ast.Module) -> set[int]:
    """Tuples and lists of the module, by id, whose names are only asked for what is in them; and slots."""
    around = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    loads = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    sets = set()
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple | ast.List):
            name = ast.unparse(statement.targets[0])
            uses = [_is_a_set(node, around) for node in loads if node.id == name]
            if uses and all(uses):
                sets.add(id(statement.value))
    slots = [node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and _are_slots(node)]
    return sets | {id(part) for value in slots for part in ast.walk(value)}


def _are_slots(assigned: ast.Assign) -> bool:
    return ast.unparse(assigned.targets[0]) == "__slots__"


def _is_a_set(node: ast.AST, parents: dict[int, ast.AST]) -> bool:
    """Whether a tuple is only asked for what is in it: types of exceptions, of an instance, or values."""
    around = parents.get(id(node))
    whole = parents.get(id(around)) if isinstance(around, ast.Starred) else None
    if isinstance(whole, ast.Tuple | ast.List):
        return _is_a_set(whole, parents)
    if isinstance(around, ast.ExceptHandler):
        return around.type is node
    if isinstance(around, ast.Compare):
        return isinstance(around.ops[0], ast.In | ast.NotIn) and around.comparators[0] is node
    if isinstance(around, ast.comprehension):
        whole = parents[id(around)]
        asked = isinstance(whole, ast.GeneratorExp) and parents.get(id(whole))
        return isinstance(whole, ast.SetComp) or (
            isinstance(asked, ast.Call) and ast.unparse(asked.func) in ASK_FOR_PARTS
        )
    return isinstance(around, ast.Call) and ast.unparse(around.func).rpartition(".")[2] in ASK_FOR_PARTS


def _is_condition(node: ast.AST, parents: dict[int, ast.AST]) -> bool:
    around = parents.get(id(node))
    if isinstance(around, ast.BoolOp):
        return _is_condition(around, parents)
    if isinstance(around, ast.If | ast.IfExp | ast.While):
        return around.test is node
    if isinstance(around, ast.comprehension):
        return node in around.ifs
    return isinstance(around, ast.UnaryOp) and isinstance(around.op, ast.Not)


def _parts(node: ast.AST) -> tuple[str, list[str]]:
    """What an expression is made of, in any order."""
    return type(node).__name__, sorted(ast.unparse(part) for part in ast.iter_child_nodes(node))
