"""Grade ids and points of a source: named once, adding up, and worth what the checks of a cell are worth."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from autograder.errors import CourseError
from autograder.facts import CourseFacts
from autograder.rules.verdicts import unread_verdict

if TYPE_CHECKING:
    from autograder.sources.source import Source, SourceCell

WORTH_POINTS = ("graded", "written", "task")
GRADE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def check_ids_and_points(source: Source, facts: CourseFacts) -> None:
    """Refuse, with file and line, an id or points from which a wrong gradebook would come."""
    first: dict[str, int] = {}
    total = 0.0
    for item in source.cells:
        where = f"{source.path}:{item.line}"
        if item.role is None:
            continue
        if not GRADE_ID.fullmatch(item.grade_id):
            raise CourseError(
                f"{where}: {item.grade_id!r} is no grade id (letters, digits, _ and -, at most 64)"
            )
        if item.grade_id in first:
            raise CourseError(f"{where}: grade id {item.grade_id!r} is taken by line {first[item.grade_id]}")
        first[item.grade_id] = item.line
        if item.role in WORTH_POINTS:
            total += _checked_points(where, item, facts)
    wanted = facts.total_points
    if wanted is not None and abs(total - wanted) > 1e-9:
        raise CourseError(f"{source.path}:1: the points add up to {total:g}, not {wanted:g}")


def _checked_points(where: str, item: SourceCell, facts: CourseFacts) -> float:
    given = item.cell.metadata["nbgrader"]
    if "points" not in given:
        raise CourseError(f"{where}: graded cell {item.grade_id} has no points (its header needs points=2)")
    points = given["points"]
    if isinstance(points, bool) or not isinstance(points, int | float) or not 0 < points < math.inf:
        raise CourseError(f"{where}: {item.grade_id} has points={points!r}: a number more than 0 is needed")
    if item.role == "graded":
        worth = _worth_of_checks(where, item, facts)
        if worth is not None and abs(worth - points) > 1e-9:
            raise CourseError(
                f"{where}: {item.grade_id} has points={points:g}, its checks are worth {worth:g}"
            )
    return float(points)


def ends_with_score(tree: ast.Module) -> bool:
    """Whether the last statement shows a score, as `checks.score()` does."""
    last = tree.body[-1] if tree.body else None
    return isinstance(last, ast.Expr) and ast.unparse(last).endswith(".score()")


def _worth_of_checks(where: str, item: SourceCell, facts: CourseFacts) -> float | None:
    """The sum of ``points=`` over the cell's ``with checks(...)`` blocks; they must be numbers as written.

    None for a cell of another kind, which earns its points by nbgrader's rule, where the course allows it.
    """
    tree = ast.parse(item.cell.source)
    calls = [call for node in ast.walk(tree) if isinstance(node, ast.With) for call in _check_calls(node)]
    values = [keyword.value for call in calls for keyword in call.keywords if keyword.arg == "points"]
    scores = ends_with_score(tree)
    if not scores and (values or facts.checks_in_every_cell):
        raise CourseError(
            f"{where}: {item.grade_id} must end with `checks.score()`, or it would earn nothing"
        )
    if (unread := unread_verdict(tree)) is not None:
        place = f"{where.rpartition(':')[0]}:{item.line + unread.lineno}"
        raise CourseError(
            f"{place}: nothing looks at what {ast.unparse(unread.func)}(...) found, so that a wrong gradient "
            "would earn the points: call its assert_ twin, or look at its .passed"
        )
    if not scores:
        return None
    try:
        return float(sum(ast.literal_eval(value) for value in values))
    except (ValueError, TypeError):
        raise CourseError(
            f"{where}: {item.grade_id}: points= of a check must be a number as written"
        ) from None


def _check_calls(node: ast.With) -> Iterator[ast.Call]:
    for with_item in node.items:
        if isinstance(with_item.context_expr, ast.Call):
            yield with_item.context_expr
