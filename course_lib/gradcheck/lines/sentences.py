"""What a report says of a wrong line. Each sentence states what was seen, or asks."""

import ast
from collections.abc import Iterable
from contextlib import suppress

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.lines.called import own_functions
from course_lib.gradcheck.lines.guilty import Blame, FirstWrong
from course_lib.gradcheck.lines.search import Search
from course_lib.gradcheck.lines.site import Site
from course_lib.gradcheck.lines.slopes import Measured
from course_lib.gradcheck.lines.source import NotFollowed, Written
from course_lib.gradcheck.lines.tape import Event
from course_lib.gradcheck.lines.unread import SAID
from course_lib.gradcheck.text import entry, listed, plural, printable, told_apart

#: Of fewer entries a difference may be any contribution by chance.
FEWEST = 3

#: A value that is read in more places is not asked for each of them.
MOST_USES = 8

#: What became of a contribution by how often it is missing.
TIMES = {1.0: "is missing in yours", -1.0: "counts twice in yours", 2.0: "has the opposite sign in yours"}

_QUESTIONS = {
    ast.Mult: "a product hands each side the other factor, times the upstream gradient: is it there?",
    ast.Add: "a sum hands the upstream gradient on as it is: does this line?",
    ast.Sub: "a difference hands the upstream gradient on, negated to what is subtracted: does this line?",
    ast.Div: "is the quotient's local derivative in it?",
    ast.Pow: "is the power's local derivative in it?",
    ast.MatMult: "which transpose goes to which side? shapes that differ leave one way to write it",
}


def sentences(search: Search, finding: FirstWrong, guilty: Blame) -> tuple[str, ...]:
    """Return the numbers, what follows from them, and the line of the forward pass that this belongs to."""
    named = guilty.sites[: 1 + guilty.doubts]
    lines = [(search.subject.sources[site.function], site.line) for site in named]
    found = [*_doubts(search, guilty), *in_what_they_call(lines)]
    found.append(_numbers(search, finding) if finding.target else finding.sentence)
    if guilty.sentence:
        found.append(guilty.sentence)
    elif finding.target and guilty.sites[0] is finding.site and search.targets(finding.event):
        # what a variable is that no name tells is a guess: nothing follows from it for its line
        found += _where_it_goes(search, finding)
    told = [site for site in named if site.kind in SAID]
    found += [SAID[site.kind].format(printable(site.name), site.line) for site in told]
    return tuple(found)


def _doubts(search: Search, guilty: Blame) -> list[str]:
    """Name the lines that could not be told from the first."""
    first, *doubted = guilty.sites[: 1 + guilty.doubts]
    return [
        f"or line {site.line}{'' if site.function == first.function else f' of {site.function}'}:  "
        f"{printable(search.subject.sources[site.function].line(site.line), 80)}"
        for site in doubted
    ]


def in_what_they_call(lines: Iterable[tuple[Written, int]]) -> list[str]:
    """Say that the slip may be in what a named line calls, which is not followed."""
    called = {name: line for source, line in lines for name in own_functions(source, line)}
    return [f"or in `{printable(name)}`, which line {line} calls" for name, line in [*called.items()][:2]]


def _numbers(search: Search, finding: FirstWrong) -> str:
    value, measured = finding.event.value, finding.measured
    assert value is not None
    name = "loss" if search.subject.two_parts else "output"
    target = "output" if finding.target.startswith("[") else finding.target  # a place in what is returned
    if _in_other_rows(value, measured.value) and not measured.agrees(value.reshape(measured.value.shape)):
        value = value.reshape(measured.value.shape)  # which is done later, and is no slip
    if value.shape != measured.value.shape:
        seen = f"d({name})/d({target}) has shape {measured.value.shape}, yours {value.shape}"
    else:
        index = measured.worst(value)
        yours, right = told_apart(float(value[index]), float(measured.value[index]))
        seen = f"d({name})/d({entry(target, index)}): yours {yours}, numerical {right}"
    if finding.right_before:
        seen += f"; {plural(finding.right_before, 'gradient')} before it {_are(finding.right_before)} right"
    if finding.mended:
        seen += f", {plural(finding.mended, 'gradient')} after it {_follow(finding.mended)} from it"
    if not finding.whole:
        seen += "; that alone does not explain all that is wrong"
    return seen


def _in_other_rows(value: FloatArray, right: FloatArray) -> bool:
    """Whether as many entries stand in another shape, and not just with their axes in another order."""
    return value.size == right.size and sorted(value.shape) != sorted(right.shape)


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _follow(count: int) -> str:
    return "follows" if count == 1 else "follow"


def _where_it_goes(search: Search, finding: FirstWrong) -> list[str]:
    """Say which lines of the forward pass read the value, and ask for their local derivative."""
    uses = _forward_lines(search, finding.target)
    if not uses:
        unused = finding.measured.known and not np.any(finding.measured.value)
        return (
            [f"at this point the forward pass does not depend on {finding.target}: is it used there?"]
            if unused
            else []
        )
    if len(uses) > 1:
        lines = listed(site.line for site in uses)
        lost = lost_on_the_way(search, finding)
        return [f"{finding.target} goes into lines {lines}: its gradient is the sum over them{lost}"]
    site = uses[0]
    text = printable(search.subject.sources[site.function].line(site.line), 80)
    where = f" of {site.function}" if search.subject.two_parts else ""
    found = [f"forward, {finding.target} goes into line {site.line}{where}: {text}"]
    question = _question(search, site, finding.target)
    return [*found, question] if question else found


def lost_on_the_way(search: Search, finding: FirstWrong) -> str:
    """Say through which line a contribution should come, where the difference is just that, and no other."""
    value, measured = finding.event.value, finding.measured
    if value is None or value.shape != measured.value.shape or value.size < FEWEST:
        return ""
    uses = [e for e in search.base.events if _is_read(search, e, finding.target)]
    found = []
    with suppress(NotFollowed):  # too much to measure
        for event in uses if len(uses) <= MOST_USES else ():
            use = search.gradient_of(event)
            if use.value.shape != value.shape:  # of another value of that name
                continue
            for times, what in TIMES.items():
                share = Measured(times * use.value, measured.allowed + abs(times) * use.allowed)
                if not use.zero and share.agrees(measured.value - value):
                    found.append(f"; what comes back through {_place(search, event, uses)} {what}")
    return found[0] if len(found) == 1 else ""


def _place(search: Search, event: Event, uses: list[Event]) -> str:
    """The line of a use, as what it is where that is not all that the line reads of the value."""
    line = search.site(event).line
    alone = [search.site(one).line for one in uses].count(line) == 1
    return f"line {line}" if alone else f"one of its uses in line {line}"


def _is_read(search: Search, event: Event, name: str) -> bool:
    site = search.site(event)
    used = site.kind == "used" and site.name == name and search.in_forward(event)
    return used and search.matters(event)


def _forward_lines(search: Search, name: str) -> list[Site]:
    found: dict[int, Site] = {}
    for event in search.base.events:
        site = search.site(event)
        if _is_read(search, event, name):
            found.setdefault(site.line, site)
    return list(found.values())


def _question(search: Search, site: Site, name: str) -> str:
    """Ask for the local derivative of a line that is one operation on the value, and nothing else."""
    tree = search.subject.sources[site.function].tree
    values = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.Return) and node.lineno == site.line and node.value is not None
    ]
    operation = values[0] if len(values) == 1 else None
    if operation is None or [n.id for n in ast.walk(operation) if isinstance(n, ast.Name)].count(name) != 1:
        return ""
    if not any(isinstance(part, ast.Name) and part.id == name for part in _operands(operation)):
        return ""
    if isinstance(operation, ast.BinOp):
        return _QUESTIONS.get(type(operation.op), "")
    if isinstance(operation, ast.UnaryOp) and isinstance(operation.op, ast.USub):
        return "a minus on the way there is a minus on the way back: is it in this line?"
    if isinstance(operation, ast.Call) and isinstance(operation.func, ast.Attribute | ast.Name):
        called = operation.func.attr if isinstance(operation.func, ast.Attribute) else operation.func.id
        if not called[:1].isupper():  # a class is made there
            return f"is the local derivative of {printable(called)} in it?"
    return ""


def _operands(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.UnaryOp):
        return [node.operand]
    return node.args if isinstance(node, ast.Call) else []
