"""Text that students control, made safe to print: bounded, and without control characters."""

import inspect
from collections.abc import Callable, Iterable

from course_lib.gradcheck.lines.raised import raised_in
from course_lib.gradcheck.puzzling import question_about


def printable(value: object, limit: int = 40) -> str:
    """Return `str(value)` with control characters escaped and at most `limit` characters.

    Only the first `limit` characters are ever looked at, so a million-line text costs nothing.
    """
    try:
        text = str(value)
    except Exception as error:
        text = f"<{type(value).__name__} whose text raised {type(error).__name__}>"
    clipped = text[: limit + 1]
    escaped = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in clipped)
    return escaped if len(escaped) <= limit else escaped[: limit - 1] + "…"


def error_sentence(error: BaseException) -> str:
    """Name an exception and its message on one line."""
    kind, message = printable(type(error).__name__), printable(error, 160)
    return f"{kind}: {message}" if message else kind


def raised_sentence(error: BaseException) -> str:
    """Name an exception, its message, and the student's line that it was raised in, where that is known."""
    return error_sentence(error) + where_raised(error)


def where_raised(error: BaseException, check: str = "") -> str:
    """Return ", in `a line of the student's`", and what to ask about it, to stand behind an error's message.

    A line that raises it with these words says nothing more, and may be one of the check's own.
    """
    message, line = printable(error, 160), raised_in(error, check)
    said = f", in `{printable(line, 80)}`" if line and not (line.startswith("raise ") and message) else ""
    question = question_about(message, line)
    return f"{said}; {question}" if question else said


def function_name(function: object, default: str) -> str:
    """Return a function's own name, or `default` where it has none worth showing."""
    name = getattr(function, "__name__", None)
    if not isinstance(name, str) or not name.isidentifier():
        return default
    return printable(name)


def parameter_names(function: Callable[..., object], count: int) -> tuple[str, ...]:
    """Return the names of `count` positional parameters, or x1, x2, ... where they cannot be known."""
    fallback = tuple(f"x{i + 1}" for i in range(count)) if count > 1 else ("x",)
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return fallback
    positional = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return tuple(positional[:count]) if len(positional) >= count else fallback


def number(value: float) -> str:
    """Format a number for a report: six significant digits, no trailing noise."""
    return f"{value:.6g}"


def told_apart(left: float, right: float) -> tuple[str, str]:
    """Format two numbers with six significant digits, or as many as it takes to see that they differ."""
    for digits in range(6, 18):
        texts = f"{left:.{digits}g}", f"{right:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def entry(name: str, index: tuple[int, ...]) -> str:
    """Write an entry as the student would: `w[2, 0]`, or just `w` for a scalar."""
    return f"{name}[{', '.join(map(str, index))}]" if index else name


def listed(words: Iterable[object]) -> str:
    """Write words one after the other: `a`, `a and b`, `a, b and c`."""
    *rest, last = map(str, words)
    return f"{', '.join(rest)} and {last}" if rest else last


def plural(count: int, noun: str, nouns: str = "") -> str:
    """Write a count with its noun: `1 entry`, `12 entries`."""
    return f"{count} {noun if count == 1 else nouns or noun + 's'}"
