"""One change of a function at a time: the edits that are tried, the likeliest first."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.grader_side.repair import expressions
from autograder.grader_side.repair.at_hand import Value, factors, shape_of, terms, values_of
from autograder.grader_side.repair.expressions import expression
from course_lib.gradcheck.lines.edited import Draft, Edit, places
from course_lib.gradcheck.lines.source import parsed

#: No more edits are tried of one function.
MOST = 4000

#: What is more far-fetched is tried in the suspected lines alone.
ANYWHERE = 2


@dataclass(frozen=True)
class Change:
    """An edit, its line (from 1 at `def`) with its text before and after, and what it is in words."""

    edit: Edit
    line: int
    before: str
    after: str
    words: str


def changes(drafts: Sequence[Draft], suspects: Sequence[tuple[str, int]]) -> list[Change]:
    """What is tried, in this order: `suspects` are functions and lines, the likeliest first.

    Raises NotFollowed where a text cannot be read.
    """
    found: list[tuple[float, Change]] = []
    for far, draft in enumerate(drafts):
        lines = [line for function, line in suspects if function == draft.function]
        for rank, change in _of_draft(draft):
            place = lines.index(change.line) if change.line in lines else None
            if place is None and rank > ANYWHERE:
                continue
            found.append((rank + (0.05 * place if place is not None else 0.75 + far), change))
    found.sort(key=lambda one: one[0])
    return [change for _, change in found][:MOST]


def _of_draft(draft: Draft) -> Iterator[tuple[int, Change]]:
    tree = parsed(draft.text)
    values = values_of(tree, draft.shapes)
    for number, (body, i) in enumerate(places(tree)):
        statement = body[i]
        if isinstance(statement, ast.FunctionDef | ast.ClassDef) or _is_text(statement):
            continue
        before = ast.unparse(statement)
        taken = {before}
        for rank, words, text in _of_statement(copy.deepcopy(statement), values):
            if text not in taken:
                taken.add(text)
                edit = Edit(draft.function, number, text)
                yield rank, Change(edit, statement.lineno, *_lines(before, text), words)


def _lines(before: str, after: str) -> tuple[str, str]:
    """The line that changes, of a statement that has several: before and after."""
    old, new = before.split("\n"), after.split("\n")
    if len(new) > len(old):
        return old[0], " ; ".join(new)
    k = next((k for k, (x, y) in enumerate(zip(old, new, strict=False)) if x != y), 0)
    return old[k].strip(), new[k].strip()


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _of_statement(node: ast.stmt, values: list[Value]) -> Iterator[tuple[int, str, str]]:
    """Each change of one statement: rank, words, and its text then."""
    if isinstance(node, ast.While):  # it might never end
        return
    for rank, words in expressions.changes(node, values):
        yield rank, words, _text(node)
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Return) and node.value is not None:
        yield from _accumulated(node)
        for rank, words in _added(node, values):
            yield rank, words, _text(node)
    if isinstance(node, ast.Assign):
        yield from _dropped_updates(node, values)


def _text(node: ast.stmt) -> str:
    return ast.unparse(ast.fix_missing_locations(node))


def _accumulated(node: ast.Assign | ast.AugAssign | ast.Return) -> Iterator[tuple[int, str, str]]:
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = ast.unparse(node.targets[0]), ast.unparse(node.value)
        if not isinstance(node.targets[0], ast.Tuple):
            yield 0, "added to what is there", f"{target} += {value}"
            yield 1, "subtracted from what is there", f"{target} -= {value}"
            yield 1, "multiplied with what is there", f"{target} *= {value}"
        else:
            yield from ((1, words, text) for words, text in _targets(node.targets[0], value))
    elif isinstance(node, ast.AugAssign):
        target, value = ast.unparse(node.target), ast.unparse(node.value)
        for sign in ("", "+", "-", "*", "/"):
            words = f"{sign}= in the place of {expressions.SIGNS.get(type(node.op), '')}="
            yield 0, words, f"{target} {sign}= {value}"
        yield 0, "left out", "pass"


def _targets(target: ast.Tuple, value: str) -> Iterator[tuple[str, str]]:
    names = [ast.unparse(part) for part in target.elts]
    for i in range(len(names)):
        for j in range(i):
            turned = list(names)
            turned[i], turned[j] = turned[j], turned[i]
            yield f"{names[j]} and {names[i]} exchanged", f"{', '.join(turned)} = {value}"


def _added(node: ast.Assign | ast.AugAssign | ast.Return, values: list[Value]) -> Iterator[tuple[int, str]]:
    """Factors, masks, sums and terms that may be missing."""
    assert node.value is not None
    target = getattr(node, "target", None) or getattr(node, "targets", [None])[0]
    for put, part, root in list(_parts(node)):
        whole = shape_of(target, values) if root and target is not None else shape_of(part, values)
        far = 0 if root else 1
        for rank, text in factors(values, whole):
            put(ast.BinOp(part, ast.Mult(), expression(text)))
            yield rank + far * (rank > 1), f"times {text}"
            put(ast.BinOp(part, ast.Div(), expression(text)))
            yield rank + far * (rank > 1), f"divided by {text}"
        for words, text in _reductions():
            put(ast.Call(expression(text), [part], _keywords(words)))
            yield 1, f"its {text.removeprefix('np.')} taken {words}"
        for value in values:
            if value.matrix:
                for words, new in _matrix_products(part, value):
                    put(new)
                    yield 2, words
        if root:
            for rank, text in terms(values, whole):
                put(ast.BinOp(part, ast.Add(), expression(text)))
                yield rank, f"plus {text}"
                put(ast.BinOp(part, ast.Sub(), expression(text)))
                yield rank, f"minus {text}"
        put(part)


def _matrix_products(part: ast.expr, value: Value) -> Iterator[tuple[str, ast.expr]]:
    for text in (value.text, f"{value.text}.T"):
        yield f"times the matrix {text}, from the right", ast.BinOp(part, ast.MatMult(), expression(text))
        yield f"times the matrix {text}, from the left", ast.BinOp(expression(text), ast.MatMult(), part)


def _reductions() -> Iterator[tuple[str, str]]:
    for function in ("np.sum", "np.mean"):
        for words in (
            "over all axes",
            "over axis 0",
            "over axis 1",
            "over axis 1, kept",
            "over axis -1, kept",
        ):
            yield words, function


def _keywords(words: str) -> list[ast.keyword]:
    axis = words.removeprefix("over axis ").removesuffix(", kept")
    found = [ast.keyword("axis", expression(axis))] if "all" not in words else []
    return found + ([ast.keyword("keepdims", ast.Constant(True))] if words.endswith("kept") else [])


def _parts(node: ast.stmt) -> Iterator[tuple[expressions.Put, ast.expr, bool]]:
    """The values and parts of values that may lack something: the whole, terms, sides of @, arguments."""
    for place in expressions.all_places(node):
        above = place.parent
        whole = above is node or isinstance(above, ast.Tuple | ast.List | ast.Dict)
        if isinstance(place.node, ast.Tuple | ast.List | ast.Dict | ast.Constant) or not place.is_number:
            continue
        inner = (isinstance(above, ast.BinOp) and isinstance(above.op, ast.Add | ast.Sub | ast.MatMult)) or (
            isinstance(above, ast.Call)
        )
        if whole or inner:
            yield place.put, place.node, whole


def _dropped_updates(node: ast.Assign, values: list[Value]) -> Iterator[tuple[int, str, str]]:
    """A line that may be missing after this one: the step of a softmax at the labels' places."""
    target = node.targets[0]
    whole = shape_of(target, values)
    if whole is None or len(whole) != 2:
        return
    name = ast.unparse(target)
    for value in values:
        if value.shape == whole[:1]:
            step = f"{name}[np.arange(len({value.text})), {value.text}]"
            yield 2, f"1 subtracted at the places {value.text}", f"{ast.unparse(node)}\n{step} -= 1"
