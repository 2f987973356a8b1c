"""What stands behind a handle, and whether the check made it: an object's number, and what was said of it."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.grader_side.handles import Handle, Owner


class Trust:
    """Until it has ended, objects may be compared with anything."""

    ended = False


ALWAYS = Trust()


class Reference:
    """What a handle stands for: an object's number in one generation of the child, and what was said of it.

    ``name`` is the student's global name that it was found under, or "": a named object can be found
    again after the child was replaced. ``trust`` tells that the check made the object itself, by calling
    a name that it writes as a class's (with a capital, and no ``def`` in the release) or by arithmetic on
    such objects: they may be compared with anything, until a call returns them; what student code calls a
    function of the check's with computes and is ordered (as in ``x if x > 0 else -x``) until that
    function ends, but what it says to be equal to is not believed: such a function may hold what is
    expected. ``told`` tells that it came of an operation on one that a call returned and plain data of
    the check's; that stays.
    """

    __slots__ = (
        *("owner", "number", "generation", "own_name", "traits"),
        *("name", "trust", "before", "told", "renewed", "handle", "taken", "content", "path"),
        "__weakref__",
    )

    def __init__(self, owner: Owner, number: int, generation: int, own_name: str, traits: str) -> None:
        self.owner = owner
        self.number = number
        self.generation = generation
        self.own_name = own_name
        self.traits = traits
        self.name = ""
        self.trust: Trust | None = None
        self.before: Trust | None = None  # when it was last met
        self.told = False
        self.renewed: Reference | None = None
        self.handle: weakref.ref[Handle] | None = None
        self.taken = 0
        self.content: tuple[Any] | None = None  # once asked for, if it cannot change
        self.path: str | None = None  # where it leads: what is looked at is what is opened

    @property
    def operand(self) -> bool:
        """Whether it may be compared with anything now."""
        return self.trust is not None and not self.trust.ended

    @property
    def made_by_check(self) -> bool:
        """Whether the check made it; what a function of the check's was called with computes, and no more."""
        return self.trust is ALWAYS

    def __del__(self) -> None:
        self.owner.release(self.number, self.generation)
