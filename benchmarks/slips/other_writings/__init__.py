"""Slips in right answers that are written otherwise than the solutions: by index, with helpers, in place."""

from slips.other_writings import (
    autodiff,
    by_example,
    by_table,
    flat_backprop,
    modular_gates,
    new_hands,
    two_layer_net,
    vectorized_jacobians,
)
from slips.slip import Slip

_PARTS: list[dict[str, dict[str, list[Slip]]]] = [
    {
        "01_flat_backprop": flat_backprop.SLIPS,
        "02_modular_gates": modular_gates.SLIPS,
        "03_vectorized_jacobians": vectorized_jacobians.SLIPS,
        "04_two_layer_net": two_layer_net.SLIPS,
        "05_autodiff": autodiff.SLIPS,
    },
    by_table.SLIPS,
    by_example.SLIPS,
    new_hands.SLIPS,
]

SLIPS: dict[str, dict[str, list[Slip]]] = {}
for part in _PARTS:
    for assignment, exercises in part.items():
        for exercise, slips in exercises.items():
            SLIPS.setdefault(assignment, {}).setdefault(exercise, []).extend(slips)
