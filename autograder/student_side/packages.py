"""Which packages of the course's own its notebooks import: what is shown, and when the server imports it."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass

CHECKER = ("course_lib.gradcheck", "course_lib.grading")  # what every course has


@dataclass(frozen=True)
class Packages:
    """Names of packages and modules: for every notebook, and for those that may draw.

    ``late`` are modules of theirs that are imported by the notebooks that want them, and not ahead of them.
    """

    plain: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    late: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[str, ...]:
        """All that student code can import."""
        return tuple(dict.fromkeys((*self.plain, *self.figures)))

    def as_argument(self) -> str:
        """As one word of a command line."""
        return json.dumps(asdict(self))

    @classmethod
    def of_argument(cls, word: str) -> Packages:
        """The same again."""
        return cls(**{name: tuple(names) for name, names in json.loads(word).items()})

    def import_plain(self) -> None:
        """Import the checker, and what every notebook may import; ImportError if it cannot be."""
        self._import((*CHECKER, *self.plain))

    def import_figures(self) -> None:
        """Import what draws; ImportError if it cannot be."""
        self._import(self.figures)

    def _import(self, names: Iterable[str]) -> None:
        # By name: where no sandbox hides the rest of a package, all of it would bring that into memory.
        for package in map(importlib.import_module, names):
            for module in pkgutil.walk_packages(getattr(package, "__path__", []), f"{package.__name__}."):
                if module.name not in self.late:
                    importlib.import_module(module.name)


NONE = Packages()
