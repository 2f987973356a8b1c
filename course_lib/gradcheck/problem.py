"""One call of the checker: the student's pair and what it is called with, in float64."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from course_lib.gradcheck.arguments import Arguments, numbers_of
from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import Cause, ContractError
from course_lib.gradcheck.exits import as_error
from course_lib.gradcheck.frameworks import as_numpy, wrapper_like
from course_lib.gradcheck.pairs import CachedPair, GatePair, Pair
from course_lib.gradcheck.text import plural, printable


@contextmanager
def _students() -> Iterator[None]:
    """Around calls of a student's functions: NumPy warns of nothing, and nothing but exceptions come out."""
    try:
        with np.errstate(all="ignore"):
            yield
    except SystemExit as error:
        raise as_error(error) from None


class Problem:
    """What a caller asks: the functions under check, and the arguments they are called with.

    `inputs` are private float64 copies of the variables, handed to student code in the form in which the
    caller passed them, and verified not to have changed; every perturbed point is a fresh copy.
    `evaluations` counts the calls of forward.
    """

    def __init__(
        self,
        pair: Pair,
        values: Sequence[Any],
        names: Sequence[str],
        function: str,
        data: frozenset[int] = frozenset(),
        lists: bool = False,
    ) -> None:
        self.pair = pair
        self.function = function
        self._arguments = Arguments(values, names, data, lists)
        self.inputs = self._arguments.inputs
        self.names = self._arguments.names
        self.dtypes = self._arguments.dtypes
        self.notes = self._arguments.notes
        self._lists = lists
        self._calls = 0
        self._output: object = None

    @property
    def evaluations(self) -> int:
        """The number of calls of forward so far."""
        return self._calls

    def forward(self, inputs: Sequence[FloatArray]) -> tuple[object, object]:
        """Call the student's forward, with plain numbers where the caller passed plain numbers."""
        self._calls += 1
        with _students():
            self._output, token = self.pair.forward(self._arguments.filled(inputs))
        return self._numbers(self._output), token

    def _numbers(self, output: object) -> object:
        """Return an output as an array: who works with lists may return one."""
        array = numbers_of(output) if self._works_with_lists(output) else None
        return as_numpy(output) if array is None else array

    def _works_with_lists(self, output: object) -> bool:
        return self._lists and isinstance(output, list)

    def outputs(self, many: Sequence[Sequence[FloatArray]]) -> list[object] | None:
        """Return forward's output for each of several inputs; None where it cannot be asked for all at once.

        It can where forward is a grader's stand-in for a student's in another process: one that says so.
        """
        pair = self.pair
        if not isinstance(pair, CachedPair | GatePair) or not many:
            return None
        together = getattr(pair.call(self._arguments.filled(many[0])).func, "__in_turn__", None)
        if together is None:
            return None
        filled = [self._arguments.filled(inputs) for inputs in many]
        calls = [pair.call(inputs) for inputs in filled]
        self._calls += len(calls)
        with _students():
            returned = together(calls)
        answers = zip(returned, filled, strict=True)
        return [self._numbers(pair.answer(result, inputs)[0]) for result, inputs in answers]

    def backward(self, dout: FloatArray, token: object) -> list[object]:
        """Call the student's backward with an upstream gradient of the output's own shape and kind.

        Return a gradient for each variable, whatever it is. Raises ContractError for another number of them.
        """
        wrapper = np.ndarray.tolist if self._works_with_lists(self._output) else wrapper_like(self._output)
        upstream = wrapper(dout) if wrapper else dout if dout.ndim else float(dout)
        with _students():
            returned = self.pair.backward(upstream, token)
        return [as_numpy(gradient) for gradient in self._as_list(returned)]

    def _as_list(self, gradients: object) -> list[object]:
        count = len(self.inputs)
        if gradients is None:
            raise ContractError(
                Cause.WRONG_TYPE, "backward returned None; did you forget the return statement?"
            )
        if count > 1 and not isinstance(gradients, tuple | list) and numbers_of(gradients) is None:
            kind = printable(type(gradients).__name__)
            raise ContractError(
                Cause.WRONG_TYPE,
                f"backward returned a {kind}; expected a tuple of {count} gradients, "
                f"in the order of the arguments",
            )
        if not isinstance(gradients, tuple | list) or (count == 1 and self._is_of_the_first(gradients)):
            gradients = (gradients,)
        found = self._arguments.of_variables(list(gradients))
        if len(found) != count:
            expected = "one gradient" if count == 1 else f"{count} gradients, one for each argument"
            raise ContractError(
                Cause.WRONG_COUNT, f"backward returned {plural(len(found), 'gradient')}; expected {expected}"
            )
        return found

    def _is_of_the_first(self, gradients: tuple[Any, ...] | list[Any]) -> bool:
        """Whether a tuple or list is itself the gradient of the only variable: numbers in its shape."""
        return numbers_of(gradients) is not None and np.shape(gradients) == self.inputs[0].shape != ()
