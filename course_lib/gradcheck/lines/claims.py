"""Which gradient a variable claims to be, by its name: `ds2`, `grad_h`, `h_grad`, `dL_dq`, `q_bar`."""

import re
from collections.abc import Collection, Iterator

_BEFORE = {"d", "d_", "g", "g_", "grad", "grad_", "gradient_", "bar_", "delta", "delta_", "del_", "D", "D_"}
_AFTER = {"_grad", "grad", "_gradient", "_bar", "bar", "_g", "_d", "_delta", "_adj", "_adjoint"}
_QUOTIENT = re.compile(
    r"^(?:d(?:[A-Za-z]\w*?)?_?|d_[A-Za-z]\w*?_)(?:d_?|by_?d_?|_?wrt_|over_?d_?)(?P<name>\w+)$"
)


def claimed(variable: str, values: Collection[str]) -> tuple[str, ...]:
    """Return the values whose gradient a variable of this name would be, the likeliest first."""
    exact = tuple(dict.fromkeys(name for name in _named(variable) if name in values))
    if exact:
        return exact
    by_lower_case: dict[str, list[str]] = {}
    for value in values:
        by_lower_case.setdefault(value.lower(), []).append(value)
    return tuple(
        dict.fromkeys(match for name in _named(variable) for match in by_lower_case.get(name.lower(), ()))
    )


def _named(variable: str) -> Iterator[str]:
    quotient = _QUOTIENT.match(variable)
    if quotient:
        yield quotient["name"]
    for before in sorted(_BEFORE, key=len, reverse=True):
        if variable.startswith(before):
            yield variable[len(before) :]
    for after in sorted(_AFTER, key=len, reverse=True):
        if variable.endswith(after):
            yield variable[: -len(after)]
