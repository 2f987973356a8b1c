"""Backpropagation, taught: gradient checks that say why, data, figures and the instructor's reference."""

from typing import TYPE_CHECKING, Any

from course_lib.gradcheck import (
    ArgumentCheck,
    Cause,
    GradientCheck,
    GradientMismatch,
    assert_gate,
    assert_gradient,
    assert_parameters,
    assert_vjp,
    check_gate,
    check_gradient,
    check_parameters,
    check_vjp,
    numerical_gradient,
    numerical_jacobian,
)

if TYPE_CHECKING:
    from course_lib.grading import Checks, expect_close, progress

__all__ = [
    "ArgumentCheck",
    "Cause",
    "Checks",
    "GradientCheck",
    "GradientMismatch",
    "assert_gate",
    "assert_gradient",
    "assert_parameters",
    "assert_vjp",
    "check_gate",
    "check_gradient",
    "check_parameters",
    "check_vjp",
    "expect_close",
    "numerical_gradient",
    "numerical_jacobian",
    "progress",
]


def __getattr__(name: str) -> Any:
    """Import the grading helpers when they are first asked for: a student who only checks never pays for
    them.
    """
    if name in ("Checks", "expect_close", "progress"):
        from course_lib import grading

        return getattr(grading, name)
    raise AttributeError(f"module 'course_lib' has no attribute {name!r}")


def load_ipython_extension(shell: Any) -> None:
    """Register `%gradcheck` (called by `%load_ext course_lib`)."""
    from course_lib.gradcheck.magic import register

    register(shell)
