"""What stands for an object of the student's, and how far it is believed what it says.

One thing is not believed, because the answer would be the student's to choose: how an object that a call
returned compares, or computes, with a number or other plain data of the check's. A check looks at numbers,
never at what an object says about them. What an object says of itself (its truth, length, text, elements) is
no more than a function could have returned; of one that came of computing with plain data of the check's it
is more, for that object may know what is expected, as in ``abs(f(2) - 7) < 1e-6``. It is not asked.
"""

from __future__ import annotations

from typing import Any

from autograder.grader_side.errors import NotANumber
from autograder.grader_side.references import ALWAYS, Reference, Trust


class StandIn:
    """A reference to an object of the student's; what is done with it stands in the classes made of this."""

    __slots__ = ("__weakref__", "_wall", "_wall_makes")

    _wall: Reference
    _wall_makes: bool  # whether the check found it under a name that it writes as a class's

    def __init__(self, reference: Reference) -> None:
        object.__setattr__(self, "_wall", reference)
        object.__setattr__(self, "_wall_makes", False)


def kind_of(handle: StandIn) -> str:
    """An object, in the words of a message."""
    return f"an object ({type(handle).__name__})"


def as_operand(value: Any, trust: Trust | None = ALWAYS) -> Any:
    """The same value; when it is a handle, one that may be compared from now on, until ``trust`` ends."""
    if isinstance(value, StandIn):
        value._wall.trust = trust
    return value


def as_function(value: Any) -> Any:
    """The same value; when it is a handle, it makes no objects that may be compared, whatever its name is."""
    if isinstance(value, StandIn):
        object.__setattr__(value, "_wall_makes", False)
    return value


def told_as(own: StandIn, value: Any) -> Any:
    """The same value; when it is a handle that came of one that was told something, it was told too."""
    if own._wall.told and isinstance(value, StandIn):
        value._wall.told = True
    return value


def said_by(own: StandIn, value: Any) -> Any:
    """The same for a part or a measure of an object: of one that may know what is expected no plain one."""
    if value is not None and not isinstance(value, StandIn):
        refuse_if_told(own)
    return told_as(own, value)


def refuse_if_told(handle: StandIn) -> None:
    """NotANumber for an object that may know what is expected: its elements may be as few as it likes."""
    if handle._wall.told and not handle._wall.operand:
        raise NotANumber(f"your code returned {kind_of(handle)}, where a number to compute with was wanted")
