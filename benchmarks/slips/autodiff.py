"""Slips in assignment 5."""

from slips.slip import Slip, slip
from slips.words import FACTOR, LOCAL, PATH, SHAPE, UPSTREAM

SLIPS: dict[str, list[Slip]] = {
    "02_add_multiply": [
        slip("not summed over what was stretched", "unbroadcast(dz, y.shape)", "dz", "wrong shape"),
        slip(
            "does not swap",
            "(unbroadcast(dz * y, x.shape), unbroadcast(dz * x, y.shape))",
            "(unbroadcast(dz * x, x.shape), unbroadcast(dz * y, y.shape))",
            f"swapped arguments, {LOCAL}",
        ),
        slip(
            "upstream forgotten",
            "unbroadcast(dz * y, x.shape)",
            "unbroadcast(y * np.ones_like(dz), x.shape)",
            UPSTREAM,
        ),
        slip("the sum's sign", "unbroadcast(dz, y.shape)", "unbroadcast(-dz, y.shape)", "sign"),
        slip("the second's upstream", "unbroadcast(dz * x, y.shape)", "unbroadcast(dz, y.shape)", LOCAL),
    ],
    "02_elementwise": [
        slip("the exponent kept", "exponent * x ** (exponent - 1)", "exponent * x**exponent", LOCAL),
        slip(
            "the exponent forgotten",
            "exponent * x ** (exponent - 1)",
            "x ** (exponent - 1)",
            f"{FACTOR}, {LOCAL}, scale by N",
        ),
        slip("exp of nothing", "lambda dz: (dz * z,)", "lambda dz: (dz,)", LOCAL),
        slip("log times x", "lambda dz: (dz / x,)", "lambda dz: (dz * x,)", LOCAL),
        slip("no mask", "lambda dz: (dz * (x > 0),)", "lambda dz: (dz * 1.0,)", "missing mask"),
        slip(
            "mask of dz",
            "lambda dz: (dz * (x > 0),)",
            "lambda dz: (dz * (dz > 0),)",
            "mask from the wrong tensor",
        ),
        slip("exp's upstream", "lambda dz: (dz * z,)", "lambda dz: (z,)", UPSTREAM),
        slip("log's sign", "lambda dz: (dz / x,)", "lambda dz: (-dz / x,)", "sign"),
    ],
    "02_matmul_sum": [
        slip("not transposed", "dz @ y.T", "dz @ y", f"{SHAPE}, transposed operand"),
        slip("the other order", "x.T @ dz", "dz.T @ x", "wrong shape, transposed"),
        slip(
            "a mean",
            "return (dz * np.ones_like(x),)",
            "return (dz * np.ones_like(x) / x.size,)",
            "scale by N, constant factor",
        ),
        slip("the sum of x", "return (dz * np.ones_like(x),)", "return (dz * x,)", LOCAL),
        slip(
            "no axis",
            "            dz = np.expand_dims(dz, axis)\n",
            "            pass\n",
            f"wrong axis, {SHAPE}",
            lines=("return (dz * np.ones_like(x),)",),
        ),
        slip("upstream forgotten", "return (dz * np.ones_like(x),)", "return (np.ones_like(x),)", UPSTREAM),
    ],
    "02_unbroadcast": [
        slip(
            "the leading axes only",
            "    return grad.sum(axis=stretched, keepdims=True)",
            "    return grad",
            "wrong shape",
        ),
        slip(
            "mean",
            "return grad.sum(axis=stretched, keepdims=True)",
            "return grad.mean(axis=stretched, keepdims=True)",
            "scale by N, constant factor",
        ),
    ],
    "02_backpropagate": [
        slip("overwrites at a fork", "gradients.get(source, 0.0) + share", "share", PATH),
        slip(
            "starts from the value",
            "{scalar: np.ones(())}",
            "{scalar: scalar.data}",
            f"constant factor, {LOCAL}",
        ),
        slip(
            "does not add up over calls",
            "gradient if tensor.grad is None else tensor.grad + gradient",
            "gradient",
            "overwritten",
            says="adds",
        ),
    ],
    "03_grow_by_hand": [
        slip(
            "drate overwritten",
            "drate += times * before * dbalance",
            "drate = times * before * dbalance",
            PATH,
        ),
        slip(
            "the factor 2",
            "drate += times * before * dbalance",
            "drate += before * dbalance",
            f"{FACTOR}, {LOCAL}",
        ),
        slip(
            "forward order",
            "for before in reversed(seen):",
            "for before in seen:",
            f"{LOCAL}, order of layers",
        ),
        slip(
            "dbalance before drate",
            "drate += times * before * dbalance\n        dbalance *= 1 + times * rate",
            "dbalance *= 1 + times * rate\n        drate += times * before * dbalance",
            LOCAL,
            lines=("drate += times * before * dbalance", "dbalance *= 1 + times * rate"),
        ),
        slip(
            "the 1 of the path that stays", "dbalance *= 1 + times * rate", "dbalance *= times * rate", PATH
        ),
        slip("dbalance forgotten", "drate += times * before * dbalance", "drate += times * before", LOCAL),
    ],
}
