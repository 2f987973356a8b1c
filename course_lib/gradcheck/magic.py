"""`%gradcheck forward backward x w b`: a check in one line, for the impatient."""

from typing import Any

from course_lib.gradcheck.lines.result import WrongLine
from course_lib.gradcheck.results import GradientCheck
from course_lib.gradcheck.text import error_sentence, printable

USAGE = "usage: %gradcheck [--line] forward backward x1 [x2 ...]  or  %gradcheck [--line] gate x1 [x2 ...]"


def register(shell: Any) -> None:
    """Make `%gradcheck` available in an IPython shell."""
    shell.register_magic_function(_magic_for(shell), magic_kind="line", magic_name="gradcheck")


def _magic_for(shell: Any) -> Any:
    def gradcheck(line: str) -> GradientCheck | WrongLine | None:
        """Check a forward/backward pair, or a gate, at the point given by the remaining arguments.

        With `--line`, name the first wrong line alone.
        """
        from IPython.core.error import UsageError

        # with a comma behind it, as in a call, a name would be a tuple
        words = [word.rstrip(",") for word in line.split() if word != "--line"]
        missing = [word for word in words if word.isidentifier() and word not in shell.user_ns]
        if missing:
            raise UsageError(f"{missing[0]} is not defined")
        try:
            check = check_words([_value(shell, word) for word in words])
        except (TypeError, ValueError) as error:
            raise UsageError(str(error)) from None
        return check if "--line" not in line.split() or check.line is None else check.line

    return gradcheck


def _value(shell: Any, word: str) -> Any:
    """Evaluate a word in the notebook; ValueError that names it when that does not work."""
    try:
        return shell.ev(word)
    except Exception as error:
        reason = error.msg if isinstance(error, SyntaxError) else error_sentence(error)
        raise ValueError(f"{printable(word)} cannot be evaluated: {reason}") from None


def check_words(values: list[Any]) -> GradientCheck:
    """Check a gate if the first value is one, else a pair. Raises ValueError with the usage."""
    from course_lib.gradcheck.api import check_gate, check_vjp

    if values and hasattr(values[0], "forward") and hasattr(values[0], "backward") and len(values) > 1:
        return check_gate(values[0], *values[1:])
    if len(values) < 3:
        raise ValueError(USAGE)
    return check_vjp(values[0], values[1], *values[2:])
