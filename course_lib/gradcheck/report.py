"""A check as text: the function, the argument, the worst entry, the limit and the likely cause."""

import textwrap
from collections.abc import Iterable, Sequence

from course_lib.gradcheck.causes import NOTHING_SIMPLE
from course_lib.gradcheck.results import ArgumentCheck, GradientCheck
from course_lib.gradcheck.text import entry, plural, printable, told_apart

#: No line of a report is wider.
WIDTH = 100


def text_report(check: GradientCheck) -> str:
    """Return the report of a check as plain text within WIDTH columns."""
    return "\n".join(_wrapped(_lines(check)))


def groups(check: GradientCheck) -> list[list[ArgumentCheck]]:
    """Return the arguments that did not pass; those with one and the same explanation stand together."""
    found: dict[tuple[bool | None, str, int], list[ArgumentCheck]] = {}
    for k, argument in enumerate(check.arguments):
        if argument.passed is not True:
            alone = 0 if argument.checked and argument.explanation else k + 1
            key = (argument.passed, reason_line(check, argument), alone)
            found.setdefault(key, []).append(argument)
    return list(found.values())


def headline(function: str, group: Sequence[ArgumentCheck]) -> str:
    """Say in one line what is wrong with the gradients of a group of arguments, see `groups`."""
    argument = group[0]
    names = ", ".join(f"`{each.name}`" for each in group)
    gradient = f"{function}: gradient of {names}" if len(group) == 1 else f"{function}: gradients of {names}"
    verb = "is" if len(group) == 1 else "are"
    if argument.passed is None:
        return f"{gradient} {verb} inconclusive"
    if not argument.checked:
        return f"{function}: {argument.explanation}"
    if len(group) > 1 or not argument.wrong:
        return f"{gradient} {verb} wrong"
    return f"{gradient} is wrong {_how_many(argument)}"


def _how_many(argument: ArgumentCheck) -> str:
    sampled = "" if argument.checked == argument.size else f" looked at (it has {argument.size})"
    return f"in {argument.wrong} of {plural(argument.checked, 'entry', 'entries')}{sampled}"


def entries_lines(group: Sequence[ArgumentCheck]) -> Iterable[str]:
    """Name the worst entry of each argument of a group."""
    for argument in group:
        if argument.wrong:
            among = (
                "" if len(group) == 1 or argument.size == 1 else f"{argument.name}: {_how_many(argument)}, "
            )
            yield f"{among}{worst_line(argument)}"


def reason_line(check: GradientCheck, argument: ArgumentCheck) -> str:
    """Say why a gradient is wrong, or why nothing could be concluded; "" if a line says more."""
    if argument.passed is None and argument.explanation:
        return f"reason: {argument.explanation}"
    if not (argument.checked and argument.explanation):
        return ""
    if (
        argument.explanation.startswith(NOTHING_SIMPLE)
        and check.line is not None
        and check.line.line is not None
    ):
        return ""
    return f"likely cause: {argument.explanation}"


def worst_line(argument: ArgumentCheck) -> str:
    """Name the worst entry with both numbers and the limit, or return "" where nothing was compared."""
    if argument.worst_index is None or argument.analytic is None or argument.numerical is None:
        return ""
    allowed = f"{argument.allowed_error:.0e}" if argument.allowed_error is not None else "unknown"
    yours, numerical = told_apart(argument.analytic, argument.numerical)
    return (
        f"worst at {entry(argument.name, argument.worst_index)}: yours {yours}, "
        f"numerical {numerical}, allowed error {allowed}"
    )


def passed_line(check: GradientCheck) -> str:
    """Say that everything is right, and how much was looked at."""
    names = ", ".join(argument.name for argument in check.arguments)
    what = f"gradient of {names} is" if len(check.arguments) == 1 else f"gradients of {names} are"
    size = sum(argument.size for argument in check.arguments)
    looked_at = plural(size, "entry", "entries")
    if any(argument.checked < argument.size for argument in check.arguments):
        looked_at += ", along random directions"
    return f"{check.function}: {what} right ({looked_at})"


def kink_sentences(check: GradientCheck) -> Iterable[str]:
    """Say for each argument how many of its entries sit on kinks."""
    for argument in check.arguments:
        if argument.kinks:
            count = plural(argument.kinks, "entry", "entries")
            verb = "sits on a kink" if argument.kinks == 1 else "sit on kinks"
            yield f"{count} of {argument.name} {verb}, where any slope between the one-sided ones is right"


def line_sentences(check: GradientCheck) -> Iterable[str]:
    """Say which line is the first wrong one, where that is known."""
    if check.line is not None and check.line.line is not None:
        where = "" if check.line.function == check.function else f" of {check.line.function}"
        yield f"{check.line.headline(where)}:  {printable(check.line.source, 80)}"
        yield from (f"  {sentence}" for sentence in check.line.sentences)


def _wrapped(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        yield from textwrap.wrap(line, WIDTH, subsequent_indent=indent + "  ", break_on_hyphens=False)


def _lines(check: GradientCheck) -> Iterable[str]:
    if not check.arguments:
        yield f"{check.function}: {check.message}"
    for k, group in enumerate(groups(check)):
        yield headline(check.function, group)
        reason = reason_line(check, group[0])
        yield from (f"  {line}" for line in (*entries_lines(group), *([reason] if reason else [])))
        if k == 0:  # nearer to the top than the other arguments: it is what to look at
            yield from (f"  {sentence}" for sentence in line_sentences(check))
    if check.passed:
        yield passed_line(check)
    yield from (f"  kinks: {sentence}" for sentence in kink_sentences(check))
    yield from (f"  note: {note}" for note in check.notes)
    if not check.passed:
        yield f"  inputs: {check.inputs}"
