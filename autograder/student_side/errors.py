"""How exceptions of the student's own classes cross: by lineage, arguments and text."""

from __future__ import annotations

from typing import Any

from autograder.student_side.classes import NAMES_OF_CLASSES
from autograder.student_side.encoder import Encoder
from autograder.student_side.exact import are_arguments
from autograder.student_side.objects import Handles, short
from autograder.student_side.texts import clean, text_of
from course_lib.gradcheck.lines.raised import raised_in

MAX_LINEAGE = 8
MAX_DOC = 1000
MAX_LINE = 200


def put_class(kind: type[BaseException], handles: Handles, encoder: Encoder) -> None:
    """Put a class of exceptions as its lineage: how many classes of its own, each after its bases.

    Each is its number, name, docstring, and how many bases, with these: a number of one before, or a name
    that both sides know.
    """
    lineage = [known for known in kind.__mro__ if _is_own(known)][:MAX_LINEAGE]
    encoder.items.append(len(lineage))
    numbers: dict[type, int] = {}
    for known in reversed(lineage):
        bases = [numbers.get(base) or NAMES_OF_CLASSES.get(base) for base in known.__bases__]
        found = [base for base in bases if base is not None][:MAX_LINEAGE]
        numbers[known] = handles.keep_record(known)
        doc = known.__doc__ if type(known.__doc__) is str else ""
        encoder.items += numbers[known], short(known.__name__), clean(doc, MAX_DOC), len(found), *found


def put_error(error: BaseException, handles: Handles, encoder: Encoder) -> None:
    """Put an exception: its number, its class, its arguments (none if they are not plain) and its text."""
    encoder.items.append(handles.keep(error))
    put_class(type(error), handles, encoder)
    arguments = error.args if are_arguments(error.args) else ()
    encoder.put(arguments)
    encoder.put(text_of(error))


def _is_own(kind: type) -> bool:
    return issubclass(kind, Exception) and kind not in NAMES_OF_CLASSES


def described(error: BaseException) -> list[Any]:
    """An exception as its class names, its own first, and its argument if that is plain, else its text."""
    names = [str(kind.__name__) for kind in type(error).__mro__[:-2]]
    arguments = getattr(error, "args", ())
    argument: Any = text_of(error)
    if type(arguments) is tuple and len(arguments) == 1 and type(arguments[0]) in (str, int):
        argument = arguments[0]
    if type(argument) is int and abs(argument) >= 2**63:
        argument = str(argument.bit_length()) + " bits"
    return [
        [clean(name) for name in names[:MAX_LINEAGE]],
        clean(argument) if type(argument) is str else argument,
    ]


def line_of(error: BaseException) -> str:
    """The student's line that an exception was raised in, or "": what reads it may have been replaced."""
    try:
        return clean(raised_in(error), MAX_LINE)
    except Exception:
        return ""
