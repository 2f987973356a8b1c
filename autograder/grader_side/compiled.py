"""Which texts become code while a graded cell runs: none of a student's that could do more than compute.

Libraries run texts that they are given: ``typing`` annotations, ``doctest`` examples, SymPy formulas,
``timeit`` statements. What a student's process said is remembered, and found again in what is compiled.
"""

from __future__ import annotations

import builtins
import keyword
import re
import sys
from collections.abc import Iterable
from functools import cached_property
from itertools import chain
from types import CodeType
from typing import Any

from autograder.grader_side.audited import frames, texts_in
from autograder.student_side.frames import Message

MOST = 2**24  # bytes of texts that could be code are remembered; beyond, every text may be a student's
UNREAD = 2**22  # bytes of messages that wait to be looked into
LONG = 20  # letters: so many in a row are in another text by no chance
LARGE = 1000  # letters: that a text was looked at is remembered
# What a text has that does more than compute: a call or an item, which a comment or the line's end may part
# from its brackets, an assignment, a decorator, a special name, a template's expression.
_ASSIGNS = r"(?<![=!<>])=(?!=)|<<=|>>="
_ACTS = re.compile(rf"[\w)\]]\s*[(\[#\\]|@|__|\{{[{{%]|{_ASSIGNS}")
_MARKS = "([#\\@_={"  # of which one is in each, and which are found faster
_WORDS = ("import", "for", "with", "del", "global", "nonlocal")  # a comprehension may assign, too
_OF_DOCTEST = "<doctest "  # how the files are called that it compiles
_PROMPT = re.compile(r"\s*(?:>>>|\.\.\.) ")
_PARSER = "sympy.parsing.sympy_parser", "parse_expr"
# Functions that write a text anew before it is compiled, and what they call it.
_WRITERS = {
    _PARSER: "s",
    ("jinja2.environment", "compile"): "source_hint",
    ("jinja2.environment", "compile_expression"): "source",
}
_LETTERS = re.compile(r"[\w\s+\-*/^().,!=<>|%\[\]]*")  # no text in a text
_NAMES = re.compile(r"(?<![\w.])([^\W\d]\w*)(\s*\()?")
# An assignment, and calls but those of functions by their names.
_CALLS = re.compile(rf"{_ASSIGNS}|\.\s*[^\W\d]\w*\s*\(|[)\]]\s*\(|\.\s*_|__")
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
        self._taken = 0  # by these
        self._seen: set[int] = set()  # hashes of large ones
        # Not looked into before it matters, for most cells compile nothing.
        self._heard: list[tuple[list[Any], list[Any]]] = []
        self._bytes = 0

    def hear(self, message: Message) -> None:
        """Take note of what a message holds; its arrays are read after this."""
        if self._bytes > UNREAD:
            self._look_into_it()
        self._heard.append((message.scalars, message.texts))
        self._bytes += message.size + len(message.raw)

    def has(self, text: str) -> bool:
        """Whether a text holds one of them, or is a part of one, whatever became of blanks and capitals."""
        self._look_into_it()
        bare = _bare(text)
        return self._taken > MOST or any(
            bare in said or (said in bare and _stands_in(said, text)) for said in self._texts
        )

    def _look_into_it(self) -> None:
        for scalars, arrays in self._heard:
            for item in chain(scalars, *arrays):
                self._add(item)
            # A cell may put together again what comes in parts.
            self._add("".join(item for item in scalars[1:] if type(item) is str))
        self._heard.clear()
        self._bytes = 0

    def _add(self, item: Any) -> None:
        text = _as_text(item)
        if text is None or hash(text) in self._seen:
            return
        if len(text) > LARGE:
            self._seen.add(hash(text))
        if not _acts(text) or text.isidentifier() or is_plain(text):
            return
        if (bare := _bare(text)) not in self._texts:
            self._taken += sys.getsizeof(bare)
            if self._taken <= MOST:
                self._texts.add(bare)


class Compiled:
    """Looks at what is compiled while a graded cell runs, of these ``codes`` of the release."""

    def __init__(self, codes: Iterable[CodeType], said: Said) -> None:
        self._codes, self._said = tuple(codes), said

    def look(self, event: str, arguments: tuple[Any, ...]) -> None:
        """PermissionError for a text that could be a student's, and do more than compute."""
        if event != "compile" or (text := _as_text(arguments[0])) is None:
            return
        text, writer = _written_anew() or (text, None)
        if writer == _PARSER or str(arguments[1]).startswith(_OF_DOCTEST):
            allowed = self._is_plain_or_released(text)
        else:
            allowed = (
                not _acts(text)
                or _is_only_read()
                or self._is_plain_or_released(text)
                or not self._said.has(text)
            )
        if not allowed:
            raise PermissionError("a text that could be a student's is no code here, but what computes")

    def _is_plain_or_released(self, text: str) -> bool:
        lines = {line.strip() for line in text.splitlines()} - {""}
        return is_plain(text) or lines <= self._lines

    @cached_property
    def _lines(self) -> frozenset[str]:
        """The lines of the texts in the cells of the release, those of examples without their prompts."""
        lines = (line for text in texts_in(self._codes) for line in text.splitlines())
        return frozenset(_PROMPT.sub("", line).strip() for line in lines)


def is_plain(text: str) -> bool:
    """Whether a text is made of numbers, names, operators and functions that compute."""
    if not _LETTERS.fullmatch(text) or _CALLS.search(text):
        return False
    apart = "(" in text  # of Python's own functions one may be handed to another, which calls it
    return all(
        name in _FUNCTIONS
        or name in ("None", "True", "False")
        or not (called or keyword.iskeyword(name) or (apart and hasattr(builtins, name)))
        for name, called in (found.groups() for found in _NAMES.finditer(text))
    )


def _acts(text: str) -> bool:
    """Whether a text, or a part of it, could do more than compute."""
    if any(word in text for word in _WORDS):
        return True
    return any(mark in text for mark in _MARKS) and _ACTS.search(text) is not None


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()


def _stands_in(said: str, text: str) -> bool:
    """Whether a short text stands in another by itself: not as the end of a name."""
    parts = r"\s*".join(map(re.escape, said))
    return len(said) > LONG or re.search(rf"(?<!\w){parts}(?!\w)", text.casefold()) is not None


def _as_text(source: Any) -> str | None:
    if isinstance(source, bytes):
        # Of NumPy's texts, four bytes are a letter.
        return source.decode("utf-8", "replace").replace("\0", "")
    return source if isinstance(source, str) else None


def _written_anew() -> tuple[str, tuple[str, str]] | None:
    """The text that a library makes another of, which is about to be compiled, and its function."""
    for frame, _ in zip(frames(), range(6), strict=False):
        function = str(frame.f_globals.get("__name__")), frame.f_code.co_name
        text = frame.f_locals.get(_WRITERS[function]) if function in _WRITERS else None
        if isinstance(text, str):
            return text, function
    return None


def _is_only_read() -> bool:
    """Whether a text is parsed and not run, or is that of a module that is imported."""
    innermost = next(frames(), None)
    if innermost is not None and innermost.f_globals.get("__name__") == "ast":
        return True
    return any(frame.f_code.co_filename.startswith("<frozen importlib") for frame in frames())
