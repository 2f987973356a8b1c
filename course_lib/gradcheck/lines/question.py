"""What is asked of a search: the functions and the point, in any of the forms that `find_line` takes."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from types import FunctionType
from typing import Any

import numpy as np

from course_lib.gradcheck.arguments import numbers_of, promoted
from course_lib.gradcheck.frameworks import as_numpy
from course_lib.gradcheck.lines.around import Around, written_around
from course_lib.gradcheck.lines.called import inside_of, lives_elsewhere, stands_alone
from course_lib.gradcheck.lines.contracted import varies
from course_lib.gradcheck.lines.rule import Rule, is_rule
from course_lib.gradcheck.lines.search import Search
from course_lib.gradcheck.lines.source import NotFollowed
from course_lib.gradcheck.lines.subjects import Flat, Subject, TwoParts
from course_lib.gradcheck.lines.wrapped import Twins
from course_lib.gradcheck.outputs import OutputForm
from course_lib.gradcheck.text import function_name, parameter_names

#: Points with so few numbers in all are looked at twice more elsewhere: small integers agree by chance.
FEW = 8

FORMS = (
    "find_line takes (forward, backward, *inputs), (gate, *inputs), (rule, *inputs) or "
    "(function, inputs by name)"
)


@dataclass(frozen=True)
class Question:
    """The function that the answer speaks of, its inputs, and what makes a subject of any point."""

    function: str
    inputs: Mapping[Any, Any]
    at: Callable[[Mapping[Any, Any]], Subject]

    @property
    def subjects(self) -> list[Callable[[], Subject]]:
        """Makers of the subjects at the point, and at two generic ones beside it if it has few numbers."""
        points = [self.inputs]
        numbers = {name: x for name, x in self.inputs.items() if isinstance(x, int | float | np.floating)}
        plain = {name: x for name, x in numbers.items() if not isinstance(x, bool)}
        if plain and sum(np.size(x) for x in self.inputs.values()) <= FEW:
            points += [{**self.inputs, **beside} for beside in _beside(plain)]
        return [partial(self.at, point) for point in points]

    @cached_property
    def search(self) -> Search:
        """What is found out at the point itself, once. Raises NotFollowed."""
        return Search(self.subjects[0]())

    @property
    def generic_subjects(self) -> list[Callable[[], Subject]]:
        """Makers of the subjects at the point, and at two where every number is another, of the same sign."""
        rng = np.random.default_rng(0)
        real = {name: x for name, x in self.inputs.items() if np.asarray(x).dtype.kind == "f"}
        real = real or {name: x for name, x in self.inputs.items() if varies(x)}
        points = [self.inputs]
        for _ in range(2):
            points.append({**self.inputs, **{name: _scaled(x, rng) for name, x in real.items()}})
        return [partial(self.at, point) for point in points]


def question(
    function: Any,
    rest: tuple[Any, ...],
    dout: Any,
    seed: int,
    names: Sequence[str] = (),
    asked: Sequence[str] = (),
) -> Question:
    """Return what is asked. Raises TypeError for arguments of another form.

    `asked` are the inputs of a flat function whose gradients are asked for: all of them, where none is named.
    """
    twins = Twins()
    rest = _with_variables(tuple(map(_in_double, rest)))
    if len(rest) == 1 and isinstance(rest[0], Mapping) and callable(function):
        at: Callable[[Mapping[Any, Any]], Subject] = partial(_flat, function, twins=twins, asked=asked)
        return Question(function_name(function, "function"), rest[0], at)
    if rest and not callable(rest[0]) and hasattr(function, "forward") and hasattr(function, "backward"):
        pair, inputs, has_cache = (function.forward, function.backward), rest, False
    elif len(rest) > 1 and callable(rest[0]) and callable(function):
        pair, inputs, has_cache = (function, rest[0]), rest[1:], OutputForm(rest[0]).has_cache
    elif rest and callable(function) and not any(map(callable, rest)) and is_rule(function):
        settings = rest[-1] if isinstance(rest[-1], Mapping) else {}
        inputs = rest[:-1] if isinstance(rest[-1], Mapping) else rest
        at = partial(_rule, function, settings=settings, dout=dout, seed=seed, twins=twins)
        return Question(function_name(function, "function"), dict(enumerate(inputs)), at)
    else:
        raise TypeError(FORMS)
    if inside_of(pair[1]) is not None:
        names = names or parameter_names(function, len(inputs))
        at = partial(_around, *pair, names=names, dout=dout, seed=seed, twins=twins)
        return Question(function_name(pair[1], "function"), dict(enumerate(inputs)), at)
    if pair[0] is function and is_rule(function):  # what its backward can do with the pullback is to call it
        at = partial(_rule, function, settings={}, dout=dout, seed=seed, twins=twins)
        return Question(function_name(function, "function"), dict(enumerate(inputs)), at)
    names = names or parameter_names(pair[0], len(inputs))
    at = partial(_in_parts, *pair, has_cache=has_cache, names=names, dout=dout, seed=seed, twins=twins)
    return Question(function_name(pair[1], "function"), dict(enumerate(inputs)), at)


def _with_variables(rest: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return arguments as they are; where nothing but whole numbers is among them, they are the variables."""
    inputs = rest[0].values() if len(rest) == 1 and isinstance(rest[0], Mapping) else rest
    if any(map(varies, inputs)):
        return rest
    return tuple(
        {name: promoted(x) for name, x in given.items()} if isinstance(given, Mapping) else promoted(given)
        for given in rest
    )


def _in_double(given: Any) -> Any:
    """Return float32 as float64, and lists of numbers as arrays, as in a check.

    The steps of a measurement are too small for float32, and what is inside a list passes no probe.
    """
    if isinstance(given, Mapping):
        return {name: _in_double(x) for name, x in given.items()}
    if (
        isinstance(given, list | tuple)
        and (array := numbers_of(given)) is not None
        and array.dtype.kind == "f"
    ):
        given = array
    if isinstance(given, np.ndarray | np.floating) and given.dtype in (np.float16, np.float32):
        return given.astype(np.float64)
    return given


def without_partial(function: "partial[Any]", inputs: Mapping[str, Any]) -> tuple[Any, tuple[dict[str, Any]]]:
    """Return a flat function, and its inputs with the arguments that a partial of it has already."""
    return function.func, ({**inputs, **_bound_arguments(function), **inputs},)  # what is asked for, first


def _bound_arguments(function: "partial[Any]") -> dict[str, Any]:
    """Return the arguments that a partial function has already, by name."""
    if not function.args:
        return dict(function.keywords)
    try:
        bound = inspect.signature(function.func).bind_partial(*function.args, **function.keywords)
    except (TypeError, ValueError):
        raise TypeError("find_line cannot tell the names of the arguments that the function has") from None
    return dict(bound.arguments)


def _flat(
    function: Callable[..., Any], inputs: Mapping[str, Any], twins: Twins, asked: Sequence[str]
) -> Subject:
    _refuse_tensors(inputs)
    return Flat(function, inputs, twins, asked)


def _in_parts(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    inputs: Mapping[int, Any],
    *,
    has_cache: bool,
    names: Sequence[str],
    **options: Any,
) -> Subject:
    _refuse_tensors(inputs)
    try:
        return TwoParts(forward, backward, list(inputs.values()), has_cache=has_cache, **options)
    except NotFollowed:
        if lives_elsewhere(forward) or not stands_alone(backward):
            raise
        with suppress(NotFollowed):  # a lambda or a library's function, before a backward that can be read
            return _around(forward, written_around(backward, has_cache), inputs, names=names, **options)
        raise


def _rule(rule: Callable[..., Any], inputs: Mapping[int, Any], **options: Any) -> Subject:
    _refuse_tensors(inputs)
    return Rule(rule, list(inputs.values()), **options)


def _around(
    forward: Callable[..., Any], backward: FunctionType, inputs: Mapping[int, Any], **options: Any
) -> Subject:
    _refuse_tensors(inputs)
    return Around(forward, backward, list(inputs.values()), **options)


def _refuse_tensors(inputs: Mapping[Any, Any]) -> None:
    if any(as_numpy(x) is not x for x in inputs.values()):
        raise NotFollowed("lines are followed with arrays of NumPy, not with tensors")


def _scaled(x: Any, rng: np.random.Generator) -> Any:
    return x * rng.uniform(0.7, 1.4, np.shape(x)) if np.ndim(x) else _float(x) * rng.uniform(0.7, 1.4)


def _float(x: Any) -> float:
    try:
        return float(x)
    except OverflowError:
        raise NotFollowed("an argument is larger than any float") from None


def _beside(plain: Mapping[Any, Any]) -> list[dict[Any, Any]]:
    """Return two generic points beside a point of plain numbers."""
    rng = np.random.default_rng(0)
    return [
        {name: _float(x) * rng.uniform(0.7, 1.4) + rng.normal(scale=0.1) for name, x in plain.items()}
        for _ in range(2)
    ]
