"""Assignment 5, written otherwise."""

from slips.slip import Slip, slip, written
from slips.words import FACTOR, LOCAL, PATH, SHAPE, SUM, UPSTREAM

ADD_MULTIPLY = """
def add_rule(x, y):
    def pullback(dz):
        dx = unbroadcast(dz, x.shape)
        dy = unbroadcast(dz, y.shape)
        return dx, dy

    return np.add(x, y), pullback


def multiply_rule(x, y):
    def pullback(dz):
        dx = unbroadcast(dz * y, x.shape)
        dy = unbroadcast(dz * x, y.shape)
        return dx, dy

    return np.multiply(x, y), pullback
"""

ELEMENTWISE = """
def power_rule(x, exponent):
    def pullback(dz):
        if exponent == 0:
            return (np.zeros_like(dz),)
        return (dz * exponent * x ** (exponent - 1),)

    return x**exponent, pullback


def exp_rule(x):
    out = np.exp(x)

    def pullback(dz):
        return (dz * out,)

    return out, pullback


def log_rule(x):
    def pullback(dz):
        return (np.divide(dz, x),)

    return np.log(x), pullback


def relu_rule(x):
    on = x > 0

    def pullback(dz):
        return (np.where(on, dz, 0),)

    return np.where(on, x, 0), pullback
"""

MATMUL_SUM = """
def matmul_rule(x, y):
    def pullback(dz):
        dx = np.einsum("ik,jk->ij", dz, y)
        dy = np.einsum("ij,ik->jk", x, dz)
        return dx, dy

    return x @ y, pullback


def sum_rule(x, axis=None, keepdims=False):
    def pullback(dz):
        if axis is not None and not keepdims:
            dz = np.expand_dims(dz, axis)
        return (np.broadcast_to(dz, x.shape).copy(),)

    return np.sum(x, axis=axis, keepdims=keepdims), pullback
"""

GROW = """
def grow_by_hand(balance, rate, threshold, target):
    balances, factors = [], []
    while balance < target:
        factor = 1 if balance < threshold else 2
        balances.append(balance)
        factors.append(factor)
        balance = balance + factor * rate * balance

    d_balance = 1.0
    d_rate = 0.0
    for i in range(len(balances) - 1, -1, -1):
        d_rate = d_rate + factors[i] * balances[i] * d_balance
        d_balance = d_balance * (1 + factors[i] * rate)
    return balance, d_balance, d_rate
"""

SLIPS: dict[str, list[Slip]] = {
    "02_add_multiply": written(
        ADD_MULTIPLY,
        slip(
            "its own side",
            "unbroadcast(dz * y, x.shape)",
            "unbroadcast(dz * x, x.shape)",
            f"swapped arguments, {LOCAL}, {SHAPE}",
        ),
        slip("dx upstream", "unbroadcast(dz * x, y.shape)", "unbroadcast(dx * x, y.shape)", LOCAL),
        slip(
            "upstream forgotten", "unbroadcast(dz * y, x.shape)", "unbroadcast(0 * dz + y, x.shape)", UPSTREAM
        ),
        slip(
            "the sum's upstream twice",
            "dy = unbroadcast(dz, y.shape)",
            "dy = unbroadcast(dz + dz, y.shape)",
            FACTOR,
        ),
    ),
    "02_elementwise": written(
        ELEMENTWISE,
        slip("the exponent kept", "x ** (exponent - 1)", "x**exponent", LOCAL),
        slip("the exponent forgotten", "dz * exponent * x", "dz * x", f"{FACTOR}, scale by N, {LOCAL}"),
        slip("exp's input", "(dz * out,)", "(dz * x,)", LOCAL),
        slip(
            "divided the other way",
            "np.divide(dz, x)",
            "np.divide(x, dz)",
            "not proportional to the upstream gradient, upstream gradient ignored",
        ),
        slip("the value", "np.where(on, dz, 0)", "np.where(on, dz * x, 0)", LOCAL),
        slip("the mask inverted", "np.where(on, dz, 0)", "np.where(on, 0, dz)", "inverted mask"),
    ),
    "02_matmul_sum": written(
        MATMUL_SUM,
        slip("a letter that sums", '"ij,ik->jk", x, dz', '"ij,lk->jk", x, dz', f"{SUM}, {LOCAL}"),
        slip("y's other axis", '"ik,jk->ij", dz, y', '"ik,jl->ij", dz, y', f"{SUM}, {LOCAL}"),
        slip(
            "shared out",
            "np.broadcast_to(dz, x.shape).copy()",
            "np.broadcast_to(dz, x.shape) / len(x)",
            "scale by N, constant factor, factor 2",
        ),
        slip("times x", "np.broadcast_to(dz, x.shape).copy()", "np.broadcast_to(dz, x.shape) * x", LOCAL),
    ),
    "03_grow_by_hand": written(
        GROW,
        slip(
            "stops one early",
            "range(len(balances) - 1, -1, -1)",
            "range(len(balances) - 1, 0, -1)",
            f"{PATH}, {LOCAL}, off by one index",
            lines=(
                "d_rate = d_rate + factors[i] * balances[i] * d_balance",
                "d_balance = d_balance * (1 + factors[i] * rate)",
            ),
        ),
        slip("the factor 2 forgotten", "(1 + factors[i] * rate)", "(1 + rate)", f"{FACTOR}, {LOCAL}"),
        slip(
            "adds in place of multiplying",
            "d_balance * (1 + factors[i] * rate)",
            "d_balance + factors[i] * rate",
            LOCAL,
        ),
        slip(
            "the last balance for all",
            "factors[i] * balances[i] * d_balance",
            "factors[i] * balances[-1] * d_balance",
            LOCAL,
        ),
        slip("minus", "d_rate = d_rate + factors", "d_rate = d_rate - factors", "sign"),
        slip("overwritten", "d_rate = d_rate + factors", "d_rate = factors", PATH),
        slip(
            "after its own use",
            "    d_balance = 1.0\n    d_rate = 0.0\n",
            "    d_balance = balance\n    d_rate = 0.0\n",
            LOCAL,
        ),
    ),
}
