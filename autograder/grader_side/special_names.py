"""The special names of Python that handles have or ask for: operators, comparisons, what a class says."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

_COMPARISONS = "lt le gt ge eq ne"
UFUNCS = {
    "add": "__radd__",
    "subtract": "__rsub__",
    "multiply": "__rmul__",
    "divide": "__rtruediv__",
    "floor_divide": "__rfloordiv__",
    "remainder": "__rmod__",
    "power": "__rpow__",
    "matmul": "__rmatmul__",
    "less": "__gt__",
    "less_equal": "__ge__",
    "greater": "__lt__",
    "greater_equal": "__le__",
    "equal": "__eq__",
    "not_equal": "__ne__",
}
_ARITHMETIC = "add sub mul truediv floordiv mod pow matmul divmod lshift rshift"
_BITWISE = "and or xor"
_IN_PLACE = "add sub mul truediv floordiv mod pow matmul and or xor"
# What a value of NumPy's, pandas' or Python's would be asked with the expected one: no object may answer.
_COMPARING = """
    equals allclose array_equal isin eq ne
    issubset issuperset isdisjoint startswith endswith
    difference symmetric_difference intersection union compare sub subtract
"""
# Of the special names but operators, those whose values say something and which nobody asks for in passing.
_ASKED = """
    __doc__ __annotations__ __defaults__ __kwdefaults__ __dict__ __module__ __code__ __closure__ __wrapped__
    __bases__ __mro__ __abstractmethods__ __flags__ __members__ __dataclass_fields__
    __match_args__ __slots__ __init__ __str__ __repr__ __func__ __self__
    __neg__ __pos__ __abs__ __bool__ __round__ __len__ __iter__ __next__ __call__
    __contains__ __getitem__ __setitem__ __delitem__ __enter__ __exit__ __reversed__
    __float__ __int__ __index__ __complex__ __hash__
"""
_TURNED = f"{_ARITHMETIC} {_BITWISE}"
_PLAIN = f"{_TURNED} {_COMPARISONS}"

COMPARISONS = _COMPARISONS.split()
ARITHMETIC = _ARITHMETIC.split()
BITWISE = _BITWISE.split()
IN_PLACE = _IN_PLACE.split()
PROBED = ("__", "_repr_", "_ipython_")  # how names begin that Python and notebooks ask of anything
COMPARING = frozenset(_COMPARING.split())
# What a text or a list is asked with the expected one, of what it holds, whatever its class makes of that.
SOUGHT = frozenset({"count", "find", "rfind", "index", "rindex"})
_OF_NO_VALUE = {"data", "shape", "ndim", "dtype"}  # these say nothing of the values in an array
# What a number, an array or a table is measured by.
MEASURING = {"abs", "median", "norm", "empty", "to_numpy"} | {
    name
    for kind in (np.ndarray, complex, timedelta, str, set, list, dict)
    for name in dir(kind)
    if not name.startswith("_") and name not in _OF_NO_VALUE
}
# What an object says of itself.
SAID = frozenset({"text", "truth", "len", "float", "int", "index", "complex", "fspath"})
ASKED = (
    frozenset(_ASKED.split())
    | {f"__{name}__" for name in _PLAIN.split()}
    | {f"__r{name}__" for name in _TURNED.split()}
    | {f"__i{name}__" for name in _IN_PLACE.split()}
)
