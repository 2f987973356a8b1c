"""What a search for the wrong line returns: frozen and printable."""

from dataclasses import dataclass

RIGHT = "the gradients that it returns are right at this point"


@dataclass(frozen=True)
class Suspect:
    """A line that may be the wrong one: its number (1 is the line of `def`), its text, what it computes."""

    function: str
    line: int
    source: str
    variable: str


@dataclass(frozen=True)
class WrongLine:
    """The first wrong line of a function, or the reason why none is named.

    `line` counts from 1 at `def`; `source` is its text and `variable` the name that it gives a wrong value.
    `candidates` are the lines that may be at fault, the likeliest first; the first could not be told from
    the next `doubts` of them, which are then named as well. `sentences` explain: the two numbers, what
    follows from them, and which line of the forward pass this one belongs to. Where no line is named, `line`
    is None and `reason` says why. `more` says that so many may be it that not all are named.
    """

    function: str
    line: int | None = None
    source: str = ""
    variable: str = ""
    candidates: tuple[Suspect, ...] = ()
    sentences: tuple[str, ...] = ()
    reason: str = ""
    doubts: int = 0
    more: bool = False

    @property
    def right(self) -> bool:
        """Whether no line is named because the gradients are right for the own value of the function."""
        return self.reason == RIGHT

    def headline(self, where: str = "") -> str:
        """Say whether the line is the first wrong one, or may be; `where` says in which function."""
        said = f"the first wrong line{where} is {self.line}"
        called = any(sentence.startswith("or in `") for sentence in self.sentences)
        if self.more:
            return f"{said}, if it is none named below, nor one that these read from"
        return f"{said}, if it is none named below" if self.doubts or called else said

    def __str__(self) -> str:
        if self.line is None:
            return f"{self.function}: no line is named: {self.reason}"
        first = f"{self.function}: {self.headline()}:  {self.source}"
        return "\n".join([first, *(f"  {sentence}" for sentence in self.sentences)])
