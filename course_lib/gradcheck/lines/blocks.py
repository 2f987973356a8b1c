"""Lines inside a loop or a branch: they build on the turns before, on how the loop runs, on the condition."""

import ast

from course_lib.gradcheck.lines.search import FirstWrong, Search
from course_lib.gradcheck.lines.twin import Site, block_around


def built_on(search: Search, finding: FirstWrong) -> list[Site]:
    """Return the lines that a wrong value of a loop or a branch builds on, and that nothing clears.

    They are those of the loop that make what it reads, that of the loop itself, that which its variable began
    with, and the condition.
    """
    function, line = finding.site.function, finding.site.line
    tree = search.subject.sources[function].tree
    loop, branch = block_around(tree, line), block_around(tree, line, (ast.If,))
    asked = [Site(-1, function, branch.lineno, "", "branch")] if branch is not None else []
    if loop is None:
        return asked
    header = Site(-1, function, loop.lineno, "", "loop")
    began = [
        search.site(event)
        for event in search.backward
        if search.same_variable(search.site(event), finding.site) and search.site(event).line < loop.lineno
    ]
    return [*_carried(search, finding, loop), header, *began[-1:], *asked]


def _carried(search: Search, finding: FirstWrong, loop: ast.stmt) -> list[Site]:
    """The lines of the loop that lead to what is read there, the nearest first, but for what is right."""
    right = {e.moment[0] for e in search.backward if search.targets(e) and search.is_right(e)}
    inside = [
        site
        for site in search.subject.sites.values()
        if loop.lineno < site.line <= (loop.end_lineno or 0) and site.function == finding.site.function
        if site.kind in ("assigned", "added to", "scaled") and site.number not in right
    ]
    found: dict[int, Site] = {}
    to_ask = [finding.site]
    while to_ask:
        reads = to_ask.pop(0).reads
        more = [site for site in inside if site.name in reads and site.number not in found]
        found.update({site.number: site for site in more})
        to_ask += more
    return [site for site in found.values() if site.line != finding.site.line]
