"""Which names a cell binds and mentions, read off its lines: of any text, in time that grows with its length.

Student code is not parsed for this. A parser can be kept busy or brought down by hostile text, and gives up
on an honest cell with a magic, or with one wrong quote, whose answer is still to be found.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterator

from autograder.remembered import remembered

MOST_CHARACTERS = 100_000  # of a source that is looked into; no answer has so many

# Possessive throughout: nothing is tried twice.
_BINDS = re.compile(
    r"""^(?P<indent>[ \t]*+)(?:
        (?:async[ \t]++)?+(?:def|class)[ \t]++(?P<defined>\w++)
      | (?P<assigned>\w++(?:[ \t]*+,[ \t]*+\w++)*+)[ \t]*+(?::[^=\n]*+)?+=(?!=)
      | (?:from[ \t]++[\w.]++[ \t]++)?+import[ \t]++(?P<imported>[^\n\#;]++)
      | (?:async[ \t]++)?+for[ \t]++(?P<loop>\w++(?:[ \t]*+,[ \t]*+\w++)*+)[ \t]++in\b
    )""",
    re.MULTILINE | re.VERBOSE,
)
_AS = re.compile(r"\bas[ \t]++(\w++)")
_WORD = re.compile(r"[^\W\d]\w*+")


@remembered()  # most cells of a class are the released ones
def bound_names(source: str) -> frozenset[str]:
    """The names that lines without indentation define, assign or import; none of too long a source."""
    if len(source) > MOST_CHARACTERS:
        return frozenset()
    return frozenset(name for indent, name in _bound(source) if not indent)


@remembered()
def asked_names(source: str) -> frozenset[str]:
    """The words of a graded cell that it does not bind itself, anywhere, and that are not Python's."""
    own = {name for _, name in _bound(source)} | set(_AS.findall(source))
    return (
        frozenset(word for word in _WORD.findall(source) if word not in own and not keyword.iskeyword(word))
        - vars(builtins).keys()
    )


def _bound(source: str) -> Iterator[tuple[str, str]]:
    """Each name that a line binds, with the line's indentation."""
    for found in _BINDS.finditer(source):
        for name in _listed(found):
            if not keyword.iskeyword(name):
                yield found["indent"], name


def _listed(found: re.Match[str]) -> list[str]:
    if found["defined"]:
        return [found["defined"]]
    if found["imported"]:
        parts = found["imported"].strip(" \t()\\").split(",")
        return [part.split()[-1].partition(".")[0] for part in parts if part.split()]
    return [name.strip() for name in (found["assigned"] or found["loop"]).split(",")]
