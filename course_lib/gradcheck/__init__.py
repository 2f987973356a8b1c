"""Gradient checking that is never wrong and says why; see docs/gradcheck.md for the method."""

from course_lib.gradcheck.api import (
    assert_gate,
    assert_gradient,
    assert_parameters,
    assert_vjp,
    check_gate,
    check_gradient,
    check_parameters,
    check_vjp,
)
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.numerical import numerical_gradient, numerical_jacobian
from course_lib.gradcheck.results import ArgumentCheck, GradientCheck, GradientMismatch

__all__ = [
    "ArgumentCheck",
    "Cause",
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
    "numerical_gradient",
    "numerical_jacobian",
]
