"""Classes of exceptions that a student defined, made again here: real ones, for ``except`` and ``raises``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.grader_side.errors import NotANumber, StudentError
from autograder.grader_side.special_names import PROBED
from autograder.student_side.classes import CLASSES
from autograder.student_side.frames import WireError

if TYPE_CHECKING:
    from autograder.grader_side.handles import Owner
    from autograder.grader_side.references import Reference
    from autograder.student_side.wire import Decoder

MOST_CLASSES = 64
MAX_LINEAGE = 8
MAX_NAME = 80
MAX_SHOWN = 64
MAX_DOC = 1000


class OwnClass(type):
    """The class of such classes: to call one makes the exception on the student's side."""

    _wall_owner: Owner | None = None
    _wall_number: int
    _wall_generation: int

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:  # noqa: D102 (Python's contract)
        if cls._wall_owner is None:
            return super().__call__(*args, **kwargs)
        error = cls._wall_owner.do("call", cls, *args, **kwargs)
        if not isinstance(error, cls):
            raise NotANumber(f"{cls.__name__}() is no exception of this class")
        return error

    def __getattr__(cls, name: str) -> Any:
        owner = cls.__dict__.get("_wall_owner")
        if owner is None or name.startswith(PROBED):
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
        return owner.do("getattr", cls, name)


class OwnError(StudentError, metaclass=OwnClass):
    """The base of such classes. What else the exception has is asked of it where it was raised."""

    _wall: Reference | None = None
    _wall_text: str | None = None

    def __str__(self) -> str:
        return super().__str__() if self._wall_text is None else self._wall_text

    def __getattr__(self, name: str) -> Any:
        if self._wall is None or name.startswith(PROBED):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self._wall.owner.do("getattr", self, name)


class OwnErrors:
    """The classes of one notebook, by name and bases: the same again when its process was replaced."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._classes: dict[tuple[Any, ...], type[Exception]] = {}

    def read_class(self, decoder: Decoder, generation: int) -> type[Exception]:
        """The class that comes next in a message, after its tag (``student_side.errors``)."""
        count = decoder.scalar(int)
        if not 0 < count <= MAX_LINEAGE:
            raise WireError("a class of exceptions should have a short lineage")
        known: dict[int, type[Exception]] = {}
        for _ in range(count):
            number, name, doc = decoder.scalar(int), decoder.scalar(str), decoder.scalar(str)
            bases = [self._base(decoder, known) for _ in range(min(decoder.scalar(int), MAX_LINEAGE))]
            if len(name) > MAX_NAME or len(doc) > MAX_DOC:
                raise WireError("a class of exceptions should have a short name")
            kind = known[number] = self._class_of(name, doc, bases)
            own: Any = kind
            if own is not OwnError:  # which stands for all that are too many
                own._wall_owner, own._wall_number, own._wall_generation = self._owner, number, generation
        return kind

    def read_error(self, decoder: Decoder, reference: Reference) -> Exception:
        """The exception that comes next in a message, after its number."""
        kind, arguments, text = (
            self.read_class(decoder, reference.generation),
            decoder.value(1),
            decoder.value(1),
        )
        if type(arguments) is not tuple or type(text) is not str:
            raise WireError("an exception should have arguments and a text")
        error: Exception = kind.__new__(kind, *arguments)
        error.args = arguments or (text,)
        if isinstance(error, OwnError):
            error._wall, error._wall_text = reference, text
        error.raised_by_student = True  # type: ignore[attr-defined]
        return error

    def _base(self, decoder: Decoder, known: dict[int, type[Exception]]) -> type[Exception]:
        base = next(decoder.items, None)
        found = known.get(base) if type(base) is int else CLASSES.get(base) if type(base) is str else None
        if found is None or not issubclass(found, Exception):
            raise WireError("a class of exceptions should have bases that both sides know")
        return found

    def _class_of(self, name: str, doc: str, bases: list[type[Exception]]) -> type[Exception]:
        name = name if name.isidentifier() and len(name) <= MAX_SHOWN else "StudentError"
        key = name, *bases
        if key not in self._classes:
            if len(self._classes) >= MOST_CLASSES:
                return next((base for base in bases if isinstance(base, OwnClass)), OwnError)
            self._classes[key] = _made(name, doc, bases)
        return self._classes[key]


def _made(name: str, doc: str, bases: list[type[Exception]]) -> type[Exception]:
    own = any(issubclass(base, OwnError) for base in bases)
    wanted: list[Any] = [*([] if own else [OwnError]), *(base for base in bases if base is not Exception)]
    body = {"__module__": "__main__", "__doc__": doc or None, "_wall_owner": None}
    made: Any
    try:
        made = OwnClass(name, tuple(dict.fromkeys(wanted)), dict(body))
    except TypeError:  # exceptions that Python lays out differently in memory, or bases in no order
        made = OwnClass(name, (wanted[0],), dict(body))
    return made  # type: ignore[no-any-return]
