"""Which texts become code while a graded cell runs: none of a student's that could do more than compute.

Libraries run texts that they are given: ``typing`` annotations, ``doctest`` examples, SymPy formulas,
``timeit`` statements. What a student's process said is remembered, and found again in what is compiled.
"""

from __future__ import annotations

import builtins
import keyword
import re
from typing import Any

from autograder.grader_side.audited import frames
from autograder.student_side.frames import Message

MOST = 2**22  # letters of texts that could be code are remembered; beyond, every text may be a student's
_ACTS = re.compile(r"[\w)\]]\s*[(\[]|@\s*\w|__|\bimport\b")  # a text without any of these does nothing
_OF_DOCTEST = "<doctest "  # how the files are called that it compiles
_PARSER = "sympy.parsing.sympy_parser", "parse_expr"  # which writes a formula anew before it is compiled
_LETTERS = re.compile(r"[\w\s+\-*/^().,!=<>|%\[\]]*")  # no text in a text
_NAMES = re.compile(r"(?<![\w.])([^\W\d]\w*)(\s*\()?")
_CALLS = re.compile(r"\.\s*[^\W\d]\w*\s*\(|[)\]]\s*\(|\.\s*_|__")  # but those of functions by their names
_COMPUTE = """
    sin cos tan cot sec csc asin acos atan acot atan2 sinh cosh tanh asinh acosh atanh exp log ln sqrt cbrt
    root Abs abs sign floor ceiling factorial binomial gamma Max Min max min pow re im conjugate erf
    Heaviside Rational Integer Float Eq Ne Lt Le Gt Ge
"""
_FUNCTIONS = frozenset(_COMPUTE.split())


class Said:
    """The texts that a student's process said, of those that could be code."""

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self._letters = 0
        self._heard: list[list[Any]] = []  # not looked into before it matters, for most cells compile nothing
        self._bytes = 0

    def hear(self, message: Message) -> None:
        """Take note of what a message holds."""
        self._heard += message.scalars, message.texts
        self._bytes += message.size + len(message.raw)
        if self._bytes > MOST:
            self._look_into_it()

    def has(self, text: str) -> bool:
        """Whether a text holds one of them, or is a part of one, whatever became of blanks and capitals."""
        self._look_into_it()
        bare = _bare(text)
        return self._letters > MOST or any(said in bare or bare in said for said in self._texts)

    def _look_into_it(self) -> None:
        for item in (item for heard in self._heard for item in heard):
            text = _as_text(item)
            if text is not None and _ACTS.search(text):
                self._letters += len(text)
                if self._letters <= MOST:
                    self._texts.add(_bare(text))
        self._heard.clear()
        self._bytes = 0


class Compiled:
    """Looks at what is compiled while a graded cell of this ``source`` runs."""

    def __init__(self, source: str, said: Said) -> None:
        self._source, self._said = source, said

    def look(self, event: str, arguments: tuple[Any, ...]) -> None:
        """PermissionError for a text that could be a student's, and do more than compute."""
        if event != "compile" or (text := _as_text(arguments[0])) is None or not _ACTS.search(text):
            return
        formula = _formula()
        text = text if formula is None else formula
        others = formula is not None or str(arguments[1]).startswith(_OF_DOCTEST)
        if is_plain(text) or self._stands_in_the_cell(text) or _is_only_read():
            return
        if others or self._said.has(text):
            raise PermissionError("a text that could be a student's is no code here, but what computes")

    def _stands_in_the_cell(self, text: str) -> bool:
        return all(line.strip() in self._source for line in text.splitlines())


def is_plain(text: str) -> bool:
    """Whether a text is made of numbers, names, operators and functions that compute."""
    if not _LETTERS.fullmatch(text) or _CALLS.search(text):
        return False
    apart = "(" in text  # of Python's own functions one may be handed to another, which calls it
    return all(
        name in _FUNCTIONS
        or name in ("None", "True", "False")
        or not (called or keyword.iskeyword(name) or (apart and hasattr(builtins, name)))
        for name, called in _NAMES.findall(text)
    )


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()


def _as_text(source: Any) -> str | None:
    if isinstance(source, bytes):
        # Of NumPy's texts, four bytes are a letter.
        return source.decode("utf-8", "replace").replace("\0", "")
    return source if isinstance(source, str) else None


def _formula() -> str | None:
    """The formula that SymPy is about to evaluate; None where it is not."""
    for frame, _ in zip(frames(), range(6), strict=False):
        if (frame.f_globals.get("__name__"), frame.f_code.co_name) == _PARSER:
            return str(frame.f_locals.get("s"))
    return None


def _is_only_read() -> bool:
    """Whether a text is parsed and not run, or is that of a module that is imported."""
    innermost = next(frames(), None)
    if innermost is not None and innermost.f_globals.get("__name__") == "ast":
        return True
    return any(frame.f_code.co_filename.startswith("<frozen importlib") for frame in frames())
