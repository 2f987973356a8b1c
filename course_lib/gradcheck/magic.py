"""`%gradcheck forward backward x w b`: a check in one line, for the impatient."""

from typing import Any

from course_lib.gradcheck.results import GradientCheck

USAGE = "usage: %gradcheck forward backward x1 [x2 ...]  or  %gradcheck gate x1 [x2 ...]"


def register(shell: Any) -> None:
    """Make `%gradcheck` available in an IPython shell."""
    shell.register_magic_function(_magic_for(shell), magic_kind="line", magic_name="gradcheck")


def _magic_for(shell: Any) -> Any:
    def gradcheck(line: str) -> GradientCheck | None:
        """Check a forward/backward pair, or a gate, at the point given by the remaining arguments."""
        from IPython.core.error import UsageError

        words = line.split()
        missing = [word for word in words if word.isidentifier() and word not in shell.user_ns]
        if missing:
            raise UsageError(f"{missing[0]} is not defined")
        try:
            values = [shell.ev(word) for word in words]
            return check_words(values)
        except (TypeError, ValueError, SyntaxError, NameError) as error:
            raise UsageError(str(error)) from None

    return gradcheck


def check_words(values: list[Any]) -> GradientCheck:
    """Check a gate if the first value is one, else a pair. Raises ValueError with the usage."""
    from course_lib.gradcheck.api import check_gate, check_vjp

    if values and hasattr(values[0], "forward") and hasattr(values[0], "backward") and len(values) > 1:
        return check_gate(values[0], *values[1:])
    if len(values) < 3:
        raise ValueError(USAGE)
    return check_vjp(values[0], values[1], *values[2:])
