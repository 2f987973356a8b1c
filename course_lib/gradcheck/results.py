"""What a check returns: frozen, printable, and shown by a notebook as a small page."""

from dataclasses import dataclass, field
from typing import Any

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.lines.result import WrongLine


@dataclass(frozen=True)
class ArgumentCheck:
    """The verdict on the gradient of one argument.

    `passed` is None where nothing could be concluded. `worst_index`, `analytic` (yours), `numerical`,
    `allowed_error` and `relative_error` describe the worst entry and are None where no values were compared.
    `wrong` of the `checked` entries differ by more than their allowed error, out of `size`; `kinks` of them
    sit on a kink, where any slope between the one-sided ones is right. `diagnosis` is None unless something
    is wrong; `explanation` says it in a sentence. `error_map` holds each entry's error in units of its
    allowed error, nan where no entry was looked at, and is None for large arguments.
    """

    name: str
    passed: bool | None
    size: int = 0
    checked: int = 0
    wrong: int = 0
    kinks: int = 0
    worst_index: tuple[int, ...] | None = None
    analytic: float | None = None
    numerical: float | None = None
    allowed_error: float | None = None
    relative_error: float | None = None
    diagnosis: Cause | None = None
    explanation: str = ""
    error_map: FloatArray | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class GradientCheck:
    """The verdict on a function: True if every argument's gradient is right, False if any is wrong, else
    None.

    `message` is a sentence about the call as a whole ("not written yet"), `inputs` describes what was passed,
    `notes` say what a reader should know (promoted integers, float32). `line` is the first wrong line of the
    checked function, or why none is named; it is looked for only where gradients are wrong. `str()` gives the
    text report.
    """

    function: str
    passed: bool | None
    arguments: tuple[ArgumentCheck, ...] = ()
    message: str = ""
    inputs: str = ""
    notes: tuple[str, ...] = ()
    evaluations: int = 0
    line: WrongLine | None = None

    def __bool__(self) -> bool:
        """Refuse: a verdict can also be "nothing could be concluded"."""
        raise TypeError(
            f"the check of {self.function} has no truth value: look at its .passed (True, False or None), "
            "or call the assert_ twin of the check (assert_vjp for check_vjp), which raises unless it passed"
        )

    def __str__(self) -> str:
        from course_lib.gradcheck.report import text_report

        return text_report(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Show the report in a terminal, where IPython would show the fields."""
        printer.text(str(self))

    def _repr_html_(self) -> str:
        from course_lib.gradcheck.html import html_report

        return html_report(self)


class GradientMismatch(AssertionError):  # noqa: N818 - the name that the notebooks' readers see
    """Raised by the `assert_` twins when a check did not pass; `.check` is the `GradientCheck`."""

    def __init__(self, check: GradientCheck) -> None:
        super().__init__(str(check))
        self.check = check
