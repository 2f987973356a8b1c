"""What `grading.py` measured, as text, and which goals it reaches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FASTER = {"01": 60, "02": 30, "03": 40, "04": 60, "05": 35}  # than stock, two jobs, by assignment
OWN_TIMES = {"01": 2.5, "04": 2, "05": 2}  # CPU time of all, at most, of that behind the wall
BOOKKEEPING_GOAL = 1 / 700  # of stock's time
GROWTH_GOAL, MEMORY_GOAL_MB = 1.10, 100.0
DASK_GOAL = 1.15

Row = dict[str, Any]


def goals(report: Row) -> list[Row]:
    """The goals that this run can tell something about: what, measured, at most or at least, reached."""
    floor = report["floor"]
    stock = report["ways"]["stock"]["wall_per_submission"]
    found = [
        (
            "bookkeeping of eight together, of stock's time",
            floor["bookkeeping_together"] / stock,
            "<=",
            BOOKKEEPING_GOAL,
        ),
        (
            "reading, finding it graded and bookkeeping one by one, of stock's time",
            (floor["reading"] + floor["skipping"] + floor["bookkeeping"]) / stock,
            "<=",
            BOOKKEEPING_GOAL,
        ),
        ("bookkeeping one by one, of stock's time", floor["bookkeeping"] / stock, "<=", BOOKKEEPING_GOAL),
        ("recorded at a kill without scores", floor["lost_at_a_kill"], "<=", 0),
    ]
    number = report["assignment"][:2]
    ratio = report["ratio_two_jobs_over_stock"]
    found.append(("times faster than stock, two jobs", ratio, ">=", FASTER.get(number, 1)))
    if number in OWN_TIMES:
        times = report["ways"]["one_job"]["cpu_per_submission"] / floor["students_cpu"]
        found.append(("CPU time, of the students' own", times, "<=", OWN_TIMES[number]))
    found.append(("cells whose score differs from plain nbgrader's", report["scores"]["differing"], "<=", 0))
    if len(rows := report.get("growth", [])) > 2:
        first, *_, before, last = rows if len(rows) > 3 else [rows[0], *rows]
        early = slope(first, before)
        found.append(
            ("a later submission against an earlier one", slope(before, last) / early, "<=", GROWTH_GOAL)
        )
        memory = last["tree_mb"] - first["tree_mb"]
        found.append(("growth of memory, MB", memory, "<=", MEMORY_GOAL_MB))
    if "dask" in report:
        found.append(("Dask against two jobs", report["dask"]["ratio_over_two_jobs"], "<=", DASK_GOAL))
    return [
        {"goal": goal, "measured": got, "limit": f"{sign} {limit:.4g}", "reached": got <= limit}
        if sign == "<="
        else {"goal": goal, "measured": got, "limit": f"{sign} {limit:.4g}", "reached": got >= limit}
        for goal, got, sign, limit in found
    ]


def slope(smaller: Row, larger: Row) -> float:
    """Seconds per further submission between two sizes: start-up does not count."""
    return float((larger["wall"] - smaller["wall"]) / (larger["submissions"] - smaller["submissions"]))


def as_text(report: Row, titles: Mapping[str, str]) -> str:
    """All of a report, as Markdown; ``titles`` say what the ways of grading are."""
    slips = ", at most one wrong answer in each" if report["few_slips"] else ""
    lines = [
        f"{report['assignment']}, {report['submissions']} submissions{slips}, {report['rounds']} round(s)"
    ]
    fewer = report["ways"]["stock"]["submissions"]
    if fewer != report["submissions"]:
        lines.append(
            f"Stock nbgrader graded {fewer} of them, spread over the class, and none with duplicated cells, "
            "at which it stops; its times are scaled up to the class."
        )
    lines += ["", "| way | wall, s each | CPU, s each | memory, MB | largest process, MB | graded | ratio |"]
    lines.append("|---|---|---|---|---|---|---|")
    for way, title in titles.items():
        row, ratio = report["ways"][way], report.get(f"ratio_{way}_over_stock", 1.0)
        cells = f"{row['wall_per_submission']:.3f} | {row['cpu_per_submission']:.3f} | {row['tree_mb']:.0f}"
        lines.append(f"| {title} | {cells} | {row['largest_mb']:.0f} | {row['graded']:g} | {ratio:.1f} |")
    floor, scores = report["floor"], report["scores"]
    lines += [
        "",
        f"floor, ms per submission: bookkeeping alone {1000 * floor['bookkeeping']:.1f} (where eight wait, "
        f"{1000 * floor['bookkeeping_together']:.1f}; killed on the way, {floor['recorded_at_a_kill']} were "
        f"recorded, {floor['lost_at_a_kill']} of them without their scores), execution alone "
        f"{1000 * floor['execution']:.1f} (CPU of the grader {1000 * floor['grader_cpu']:.1f}, behind the "
        f"wall {1000 * floor['wall_cpu']:.1f}, of it the students' own {1000 * floor['students_cpu']:.1f}), "
        f"reading {1000 * floor['reading']:.1f}, finding it graded {1000 * floor['skipping']:.1f}",
        f"scores: {scores['cells']} cells compared with plain nbgrader's, {scores['differing']} differ; "
        f"{scores['unexpected']} are not what the answers must get",
    ]
    for row in report.get("growth", []):
        lines.append(
            f"growth: {row['submissions']:5} submissions {row['wall']:.1f} s, "
            f"{1000 * row['wall'] / row['submissions']:.1f} ms each, {row['tree_mb']:.0f} MB"
        )
    lines += ["", "| goal | measured | limit | reached |", "|---|---|---|---|"]
    for goal in report["goals"]:
        reached = "yes" if goal["reached"] else "NO"
        lines.append(f"| {goal['goal']} | {goal['measured']:.4g} | {goal['limit']} | {reached} |")
    return "\n".join(lines)
