"""Gradient checking that derives what it allows and says why; see docs/gradcheck.md for the method."""

from course_lib.gradcheck.api import (
    assert_gate,
    assert_gradient,
    assert_parameters,
    assert_vjp,
    check_gate,
    check_gradient,
    check_parameters,
    check_vjp,
    find_line,
)
from course_lib.gradcheck.causes import Cause, ContractError
from course_lib.gradcheck.lines.result import WrongLine
from course_lib.gradcheck.numerical import numerical_gradient, numerical_jacobian
from course_lib.gradcheck.results import ArgumentCheck, GradientCheck, GradientMismatch

__all__ = [
    "ArgumentCheck",
    "Cause",
    "ContractError",
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
    "find_line",
    "numerical_gradient",
    "numerical_jacobian",
]
