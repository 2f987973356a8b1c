"""Lines inside a loop or a branch: they build on the turns before, on how the loop runs, on the condition."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from course_lib.gradcheck.lines.guilty import FirstWrong
from course_lib.gradcheck.lines.search import Search
from course_lib.gradcheck.lines.site import Site, is_load, names_read
from course_lib.gradcheck.lines.sums import SEEN
from course_lib.gradcheck.lines.syntax import block_around


def built_on(search: Search, finding: FirstWrong) -> list[Site]:
    """Return the lines that a wrong value of a loop or a branch builds on, and that nothing clears.

    They are those of the loop that make what it reads, that of the loop itself, that which its variable began
    with, and the condition.
    """
    function, line = finding.site.function, finding.site.line
    tree = search.subject.sources[function].tree
    loop = block_around(tree, line)
    asked = _branches(tree, function, line) or _not_taken(tree, finding)
    if loop is None:
        return asked
    loops = list(_around(tree, loop))
    headers = [Site(-1, function, one.lineno, "", "loop") for one in loops]
    began = [
        search.site(event)
        for event in search.backward
        if search.same_variable(search.site(event), finding.site) and search.site(event).line < loop.lineno
    ]
    carried = _carried(search, finding, loop)
    asked += [branch for site in carried for branch in _branches(tree, function, site.line)]
    return [*carried, *asked, *headers, *_run_over(search, function, loops), *began[-1:]]


def _branches(tree: ast.FunctionDef, function: str, line: int) -> list[Site]:
    """The conditions that a line stands under, the nearest first."""
    kinds = (ast.If, ast.Match)
    around = _around(tree, block_around(tree, line, kinds), kinds)
    return [Site(-1, function, one.lineno, "", "branch") for one in around]


def _run_over(search: Search, function: str, loops: list[ast.stmt]) -> list[Site]:
    """The lines that made what loops run over, but for what is right by its name or taken out with others."""
    found: dict[str, Site] = {}
    names = {name for loop in loops if isinstance(loop, ast.For) for name in names_read(loop.iter)}
    for event in search.backward:
        site = search.site(event)
        if site.function == function and site.name in names:
            told = search.is_right(event) or site.weight < 2 or site.unpacks
            found[site.name] = replace(site, name="") if told else site
    return [site for site in found.values() if site.name]


def _not_taken(tree: ast.FunctionDef, finding: FirstWrong) -> list[Site]:
    """The conditions below on which a variable would get another value than it began with."""
    if finding.site.kind != "assigned":
        return []
    return [
        Site(-1, finding.site.function, one.lineno, "", "branch")
        for one in ast.walk(tree)
        if isinstance(one, ast.If) and one.lineno > finding.site.line
        if any(
            isinstance(part, ast.Name) and part.id == finding.site.name and not is_load(part)
            for part in ast.walk(one)
        )
    ]


def _around(
    tree: ast.FunctionDef, block: ast.stmt | None, kinds: tuple[type[ast.stmt], ...] = (ast.For, ast.While)
) -> Iterator[ast.stmt]:
    """A block, and those of its kind around it."""
    while block is not None:
        yield block
        block = block_around(tree, block.lineno, kinds)


def _by_name(search: Search) -> tuple[set[int], set[int]]:
    """The places that are right by their name, and those wrong in any turn; to the first nothing comes."""
    judged = [event for event in search.backward if search.targets(event)]
    wrong = {event.moment[0] for event in judged if not search.is_right(event)}
    return {event.moment[0] for event in judged} - wrong, wrong


def _carried(search: Search, finding: FirstWrong, loop: ast.stmt) -> list[Site]:
    """The lines of the loop that lead to what is read there, the nearest first, but for what is right.

    Of more turns than the first and the last, one that was not looked at may be wrong.
    """
    right, wrong = _by_name(search)
    inside = [
        site
        for site in search.subject.sites.values()
        if loop.lineno < site.line <= (loop.end_lineno or 0) and site.function == finding.site.function
        if site.kind in ("assigned", "added to", "scaled")
        if site.number not in right or search.turns(site) > SEEN
    ]
    found: dict[int, Site] = {}
    to_ask = [finding.site]
    while to_ask:
        reads = to_ask.pop(0).reads
        more = [site for site in inside if site.name in reads and site.number not in found]
        found.update({site.number: site for site in more})
        to_ask += more
    carried = [site for site in found.values() if site.line != finding.site.line]
    return sorted(carried, key=lambda site: (site.number in right, site.number not in wrong))
