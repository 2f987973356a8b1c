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
_WORD = re.compile(r"(?<![\w.])[^\W\d]\w*+(?!\s*+=(?!=))")  # neither an attribute nor an argument's name
_TEXT = re.compile(
    r"""\#[^\n]*+ | (?P<prefix>\b[A-Za-z]{1,2})?+ (?:
        \"{3}(?:[^"\\]|\\.|"(?!""))*+\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*+'{3}
      | "(?:[^"\\\n]|\\.)*+" | '(?:[^'\\\n]|\\.)*+'
    )""",
    re.DOTALL | re.VERBOSE,
)
_FIELD = re.compile(r"\{([^{}!:]*+)")
_LOOKS_FOR_NAMES = re.compile(r"\b(?:globals|locals|vars|dir)\(\)")
_OF_IPYTHON = re.compile(r"_+|_i+|_[ido]h|_i?\d+|In|Out|get_ipython|display")


@remembered()  # most cells of a class are the released ones
def bound_names(source: str) -> frozenset[str]:
    """The names that lines without indentation define, assign or import; none of too long a source."""
    if len(source) > MOST_CHARACTERS:
        return frozenset()
    return frozenset(name for indent, name in _bound(source) if not indent)


def mentions_any(source: str, names: frozenset[str]) -> bool:
    """Whether a cell has one of the names among its words; not looked into when it is too long."""
    return len(source) <= MOST_CHARACTERS and not names.isdisjoint(_WORD.findall(source))


@remembered()
def asked_names(source: str) -> frozenset[str]:
    """The names in a graded cell that it binds nowhere itself, and that are not Python's or IPython's.

    What stands in texts and comments are words for people, but in the fields of an f-string, and where
    names are looked for by their text.
    """
    by_text = bool(_LOOKS_FOR_NAMES.search(source))
    code = _TEXT.sub(lambda found: _code_in(found, by_text), source)
    own = {name for _, name in _bound(source)} | set(_AS.findall(source))
    words = frozenset(_WORD.findall(code)) - own - vars(builtins).keys()
    return frozenset(word for word in words if not (keyword.iskeyword(word) or _OF_IPYTHON.fullmatch(word)))


def _code_in(text: re.Match[str], by_text: bool) -> str:
    """What of a text or comment may name something."""
    if by_text and (name := text[0].strip("\"'")).isidentifier():
        return f" {name} "
    fields = _FIELD.findall(text[0]) if "f" in (text["prefix"] or "").lower() else ()
    return " ".join(["", *fields, ""])


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
