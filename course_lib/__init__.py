"""Backpropagation, taught: gradient checks that say why, data, figures and the instructor's reference."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from course_lib.gradcheck import (
    ArgumentCheck,
    Cause,
    GradientCheck,
    GradientMismatch,
    WrongLine,
    assert_gate,
    assert_gradient,
    assert_parameters,
    assert_vjp,
    check_gate,
    check_gradient,
    check_parameters,
    check_vjp,
    find_line,
    numerical_gradient,
    numerical_jacobian,
)

if TYPE_CHECKING:
    from course_lib.grading import Checks, expect_close, progress
    from course_lib.progress_bar import watched

__all__ = [
    "ArgumentCheck",
    "Cause",
    "Checks",
    "GradientCheck",
    "GradientMismatch",
    "WrongLine",
    "assert_gate",
    "assert_gradient",
    "assert_parameters",
    "assert_vjp",
    "check_gate",
    "check_gradient",
    "check_parameters",
    "check_vjp",
    "expect_close",
    "find_line",
    "numerical_gradient",
    "numerical_jacobian",
    "progress",
    "watched",
]
_LATER = {"Checks": "grading", "expect_close": "grading", "progress": "grading", "watched": "progress_bar"}


def __getattr__(name: str) -> Any:
    """Import what does not check gradients when it is first asked for: who only checks never pays for it."""
    if name in _LATER:
        return getattr(import_module(f"course_lib.{_LATER[name]}"), name)
    raise AttributeError(f"module 'course_lib' has no attribute {name!r}")


def load_ipython_extension(shell: Any) -> None:
    """Register `%gradcheck` (called by `%load_ext course_lib`)."""
    from course_lib.gradcheck.magic import register

    register(shell)
