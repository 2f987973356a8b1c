"""Right answers in hands of their own: walrus, comprehensions, stages in dicts, in place, einsum, helpers."""

from slips.other_writings.new_hands import (
    autodiff,
    deeper_nets,
    flat_backprop,
    modular_gates,
    two_layer_net,
    vectorized_jacobians,
)
from slips.slip import Slip

SLIPS: dict[str, dict[str, list[Slip]]] = {
    "01_flat_backprop": flat_backprop.SLIPS,
    "02_modular_gates": modular_gates.SLIPS,
    "03_vectorized_jacobians": vectorized_jacobians.SLIPS,
    "04_two_layer_net": two_layer_net.SLIPS,
    "05_autodiff": autodiff.SLIPS,
    "06_deeper_nets": deeper_nets.SLIPS,
}
