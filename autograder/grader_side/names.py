"""Which global names a cell reads and binds, read off its symbol table: nothing is compiled, nothing is run.

Here alone is source text looked into for names. Of text that a student typed, Python makes a syntax tree and
a symbol table, both in time and memory proportional to the text; code, whose size and constants can be
another matter (``finally`` inside ``finally`` doubles it, level by level), is made in the student's process.
"""

from __future__ import annotations

import builtins
import re
import symtable
import unicodedata
import warnings
from dataclasses import dataclass

from autograder.remembered import remembered

LONGEST = 20_000  # characters; a longer text is not looked into
COMPREHENSIONS = 1 << 9  # DEF_COMP_ITER of CPython's Include/internal/pycore_symtable.h
_WORD = re.compile(r"[^\W\d]\w*")
# A symbol table says of these only that they bind their name.
_READ_AND_BOUND = re.compile(r"\b(\w++)\s*+(?:\*\*|//|>>|<<|[-+*/%@&|^])=|\bdel\b")


@dataclass(frozen=True)
class Names:
    """The global names that a cell reads, in functions and classes too, and those that it binds."""

    used: frozenset[str]
    bound: frozenset[str]

    @property
    def free(self) -> frozenset[str]:
        """The names that neither the cell nor Python defines."""
        return self.used - self.bound - vars(builtins).keys()


@remembered()  # most cells of a class are the released ones
def names_in(source: str) -> Names | None:
    """The names in a cell, whoever wrote it; None for one that is no plain Python or longer than LONGEST."""
    if len(source) > LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python thinks of a student's escapes is not for our log
            return names_of(source)
    except Exception:  # SyntaxError, or whatever else this Python meets text with that is none
        return None


def names_of(source: str) -> Names:
    """The names in a cell of the release's, however long it is; SyntaxError when it is no Python."""
    used: set[str] = set()
    bound: set[str] = set()
    _collect(symtable.symtable(source, "<cell>", "exec"), used, bound)
    for match in _READ_AND_BOUND.finditer(source):
        used |= bound & {unicodedata.normalize("NFKC", match[1])} if match[1] else bound
    return Names(frozenset(used), frozenset(bound))


def words_in(source: str) -> frozenset[str] | None:
    """Every name that a cell could use, in strings and comments too; None for one longer than LONGEST.

    For IPython's magics, and what is no Python: a superset, which needs no parser.
    """
    if len(source) > LONGEST:
        return None
    # Python's names are equal when their NFKC forms are.
    return frozenset(_WORD.findall(unicodedata.normalize("NFKC", source)))


def _is_of_a_comprehension(symbol: symtable.Symbol) -> bool:
    """Whether a name is a comprehension's own: from 3.12 on Python lists it with those around it (PEP 709).

    One that is bound or read there as well is listed as that. Python's own question for this comes with 3.14.
    """
    flags: int = getattr(symbol, "_Symbol__flags", 0)
    return bool(flags & COMPREHENSIONS)


def _collect(table: symtable.SymbolTable, used: set[str], bound: set[str]) -> None:
    # A loop, for functions within functions may be nested as deep as Python allows.
    tables = [table]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        top, of_class = table.get_type() == "module", table.get_type() == "class"
        for symbol in table.get_symbols():
            if _is_of_a_comprehension(symbol):
                continue
            # What a class body reads before it binds it is the global name.
            if symbol.is_referenced() and (top or of_class or symbol.is_global()):
                used.add(symbol.get_name())
            is_assigned = symbol.is_assigned() or symbol.is_imported()
            # Of what ``:=`` binds in a comprehension, the table around it may say no more than `global`.
            is_global = symbol.is_declared_global()
            if (is_assigned or is_global) if top else (is_assigned and is_global):
                bound.add(symbol.get_name())
