"""The special names of Python that handles have or ask for: operators, comparisons, what a class says."""

from __future__ import annotations

COMPARISONS = ("lt", "le", "gt", "ge", "eq", "ne")
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
ARITHMETIC = (
    "add",
    "sub",
    "mul",
    "truediv",
    "floordiv",
    "mod",
    "pow",
    "matmul",
    "divmod",
    "lshift",
    "rshift",
)
BITWISE = ("and", "or", "xor")
IN_PLACE = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor")
# What a value of NumPy's, pandas' or Python's would be asked with the expected one: no object may answer.
COMPARING = frozenset(
    {
        *("equals", "allclose", "array_equal", "isin", "eq", "ne"),
        *("issubset", "issuperset", "isdisjoint", "startswith", "endswith"),
    }
)
# Of the special names, those whose values say something and which nobody asks for in passing.
ASKED = frozenset(
    {
        *(
            "__doc__",
            "__annotations__",
            "__defaults__",
            "__kwdefaults__",
            "__dict__",
            "__module__",
            "__code__",
            "__closure__",
            "__wrapped__",
        ),
        *("__bases__", "__mro__", "__abstractmethods__", "__flags__", "__members__", "__dataclass_fields__"),
        *("__match_args__", "__slots__", "__init__", "__str__", "__repr__", "__func__", "__self__"),
        *(f"__{name}__" for name in (*ARITHMETIC, *COMPARISONS, *BITWISE)),
        *(f"__r{name}__" for name in (*ARITHMETIC, *BITWISE)),
        *(f"__i{name}__" for name in IN_PLACE),
        *(
            "__neg__",
            "__pos__",
            "__abs__",
            "__bool__",
            "__round__",
            "__len__",
            "__iter__",
            "__next__",
            "__call__",
        ),
        *(
            "__contains__",
            "__getitem__",
            "__setitem__",
            "__delitem__",
            "__enter__",
            "__exit__",
            "__reversed__",
        ),
        *("__float__", "__int__", "__index__", "__complex__", "__hash__"),
    }
)
