"""Mutants of `autograder/student_side` that no test can notice, and why."""

from __future__ import annotations

HERE = "autograder/student_side/"
CHECKER, TRUTH = "only a type checker reads it", "it can only be true or false"
ORDER = "in which order they are listed does not matter"
REASONS: dict[tuple[str, str, str], str] = {
    (f"{HERE}arrays.py", "npt.NDArray[Any]", "npt.NDArray"): CHECKER,
    (f"{HERE}arrays.py", "(True, False)", "(False, True)"): ORDER,
    (f"{HERE}arrays.py", "_are_texts(array)", "-_are_texts(array)"): TRUTH,
    (
        f"{HERE}arrays.py",
        "array if array.dtype.isnative else array.astype(array.dtype.newbyteord",
        "array.astype(array.dtype.newbyteorder('='))",
    ): "one copy more, of the same numbers",
    (
        f"{HERE}arrays.py",
        "array.dtype.char in NAMES or (name_of(array.dtype) is not None and _ar",
        "name_of(array.dtype) is not None and _are_texts(array)",
    ): "the quick way to the same answer",
    (f"{HERE}exact.py", "tuple[Any, ...]", "tuple"): CHECKER,
    (f"{HERE}inside.py", "tuple[str, float, str]", "tuple"): CHECKER,
    (f"{HERE}inside.py", "(str, float, str)", "(float, str, str)"): CHECKER,
    (
        f"{HERE}inside.py",
        "(int, float, Decimal, Fraction, np.integer, np.floating)",
        "(int, float, Decimal, Fraction, np.floating, np.integer)",
    ): ORDER,
    (
        f"{HERE}inside.py",
        "(int, float, Decimal, Fraction, np.integer, np.floating)",
        "(int, float, Fraction, Decimal, np.integer, np.floating)",
    ): ORDER,
    (
        f"{HERE}inside.py",
        "(int, float, Decimal, Fraction, np.integer, np.floating)",
        "(int, Decimal, float, Fraction, np.integer, np.floating)",
    ): ORDER,
    (f"{HERE}exact.py", "tuple[Any, ...]", "tuple[..., Any]"): CHECKER,
    (f"{HERE}exact.py", "_is_argument(argument)", "-_is_argument(argument)"): TRUTH,
    (
        f"{HERE}exact.py",
        "(int, int, int, *CLOCK, ANY)",
        "(int, int, *CLOCK, int, ANY)",
    ): "all of these are `int`",
    (f"{HERE}exact.py", "numerator", "-numerator"): "it has as many bits",
    (f"{HERE}exact.py", "denominator", "-denominator"): "it has as many bits",
    (f"{HERE}exact.py", "exponent", "-exponent"): "its absolute value is taken",
    (f"{HERE}data_frames.py", "_is_cell(part)", "-_is_cell(part)"): TRUTH,
    (f"{HERE}data_frames.py", "_is_cell(part, depth + 1)", "-_is_cell(part, depth + 1)"): TRUTH,
    (f"{HERE}data_frames.py", "value", "-value"): "what is missing is its own negative",
    (f"{HERE}data_frames.py", "value.to_numpy()", "value"): "both have `view`",
    (
        f"{HERE}data_frames.py",
        "pd.DataFrame(made, index=rows, copy=False)",
        "pd.DataFrame(made, index=rows)",
    ): "one copy more, of the same numbers",
    (
        f"{HERE}alone.py",
        "warm_figures(shell, packages)",
        "-warm_figures(shell, packages)",
    ): "it returns nothing, and an error there is let go",
    (
        f"{HERE}alone.py",
        "contextlib.suppress(EOFError, OSError)",
        "contextlib.suppress(OSError, EOFError)",
    ): ORDER,
    (
        f"{HERE}alone.py",
        "Child(channel, shell, outputs, Spare()).serve()",
        "-Child(channel, shell, outputs, Spare()).serve()",
    ): "it never returns",
    (f"{HERE}child.py", "request.value()", "-request.value()"): TRUTH,
    (f"{HERE}child.py", "value", "-value"): "it takes as many bytes",
    (
        f"{HERE}child.py",
        "self._asked += 1",
        "self._asked = self._asked + 1",
    ): "a number is another one when it changes: nothing is changed in place",
    (f"{HERE}errors.py", "argument", "-argument"): "its absolute value is taken",
    (
        f"{HERE}frames.py",
        "0",
        "-1",
    ): "the first bytes set where to begin; an extension is refused at any length",
    (
        f"{HERE}frames.py",
        "if space < length: with memoryview(self._buffer) as view: raw = bytes(",
        "if True: with memoryview(self._buffer) as view: raw = bytes(view[begin",
    ): "what is not there is empty",
    (
        f"{HERE}frames.py",
        "self._buffer += data",
        "self._buffer = self._buffer + data",
    ): "another buffer of the same bytes",
    (f"{HERE}frames.py", "1", "2"): "one item too many is too many, and so are two",
    (f"{HERE}frames.py", "14", "7"): "trees are read in one buffer or another",
    **{
        (f"{HERE}frames.py", before, after): CHECKER
        for before, after in (
            ("None | bool | int | float | str | bytes", "None | bool | int | float | str"),
            ("None | bool | int | float | str | bytes", "bytes"),
            ("None | bool | int | float | str", "None | bool | int | float"),
            ("None | bool | int | float | str", "str"),
            ("None | bool | int | float", "None | bool | int"),
            ("None | bool | int | float", "float"),
            ("None | bool | int", "None | bool"),
            ("None | bool | int", "int"),
            ("None | bool", "None"),
            ("None | bool", "bool"),
        )
    },
    (f"{HERE}keys.py", "_is_odd_key(part, depth + 1)", "-_is_odd_key(part, depth + 1)"): TRUTH,
    (f"{HERE}keys.py", "len(parts)", "-len(parts)"): "as odd, or as even",
    (f"{HERE}keys.py", "0", "1"): "as few as none",
    (f"{HERE}keys.py", "0", "-1"): "as few as none",
    (f"{HERE}packages.py", "(*CHECKER, *self.plain)", "(*self.plain, *CHECKER)"): ORDER,
    (f"{HERE}sparse.py", "value", "-value"): "it has the same shape, and numbers of the same type",
    (f"{HERE}sparse.py", "changed", "-changed"): "it has the same shape",
    (f"{HERE}sparse.py", "data", "-data"): "it is as long",
    (f"{HERE}tables.py", "original", "changed"): "both are of one kind",
    (f"{HERE}tables.py", "original", "-original"): "it is of the same kind",
    (f"{HERE}tables.py", "type(original)", "original"): "an object has its class's module",
    (f"{HERE}tables.py", "type(value)", "value"): "an object has its class's module",
    (f"{HERE}tables.py", "('pandas.', 'scipy.')", "('scipy.', 'pandas.')"): ORDER,
    (f"{HERE}lent.py", "bytes | tuple[Any, ...]", "tuple[Any, ...]"): CHECKER,
    (f"{HERE}lent.py", "bytes | tuple[Any, ...]", "bytes"): CHECKER,
    (f"{HERE}lent.py", "tuple[Any, ...]", "tuple"): CHECKER,
    (f"{HERE}lent.py", "tuple[Any, ...]", "tuple[..., Any]"): CHECKER,
    (f"{HERE}objects.py", "set[Any]", "set"): CHECKER,
    (f"{HERE}objects.py", "frozenset[Any]", "frozenset"): CHECKER,
    (
        f"{HERE}values.py",
        "Callable[[int, tuple[Any, ...], dict[str, Any]], Any]",
        "Callable",
    ): CHECKER,
    (f"{HERE}values.py", "dict[str, Any]", "dict[Any, str]"): CHECKER,
    (f"{HERE}values.py", "dict[str, Any]", "dict"): CHECKER,
    (f"{HERE}values.py", "tuple[Any, ...]", "tuple"): CHECKER,
    (f"{HERE}values.py", "tuple[Any, ...]", "tuple[..., Any]"): CHECKER,
}

SECCOMP, SIGNALS = f"{HERE}seccomp.py", "(('fcntl', 8), ('fcntl', 15), ('ioctl', 35073), ('ioctl', 35074))"
REASONS |= {
    (SECCOMP, SIGNALS, other): "each is refused, in any order"
    for other in (
        "(('fcntl', 15), ('fcntl', 8), ('ioctl', 35073), ('ioctl', 35074))",
        "(('fcntl', 8), ('ioctl', 35073), ('fcntl', 15), ('ioctl', 35074))",
        "(('fcntl', 8), ('fcntl', 15), ('ioctl', 35074), ('ioctl', 35073))",
    )
}
REASONS[SECCOMP, "os.O_RDONLY | os.O_TRUNC", "-(os.O_RDONLY | os.O_TRUNC)"] = "of one bit, and below a mask"

SHELL, SERVER = f"{HERE}shell.py", f"{HERE}server.py"
REASONS |= {
    (
        SHELL,
        "str(super().transform_cell(raw_cell))",
        "super().transform_cell(raw_cell)",
    ): "it is a text, as all but a type checker know",
    (SERVER, "bytearray(CONSOLIDATES)", "CONSOLIDATES"): "without it, forks are slower",
    (SERVER, "bytearray(CONSOLIDATES)", "pass"): "without it, forks are slower",
    (
        SERVER,
        "contextlib.suppress(WireError, BrokenPipeError, ConnectionResetError)",
        "contextlib.suppress(WireError, ConnectionResetError, BrokenPipeError)",
    ): ORDER,
    (
        SERVER,
        "contextlib.suppress(WireError, BrokenPipeError, ConnectionResetError)",
        "contextlib.suppress(BrokenPipeError, WireError, ConnectionResetError)",
    ): ORDER,
    (SERVER, "2", "1"): "where 2 is gone through as well, what follows it is still closed",
    (SERVER, "1", "2"): "on is any number but 0, and one descriptor comes at most",
}

REASONS[SERVER, "most", "-most"] = "to the C library, such a number is a very large one"
REASONS[SECCOMP, "(socket.SOCK_DGRAM, socket.SOCK_RAW)", "(socket.SOCK_RAW, socket.SOCK_DGRAM)"] = ORDER
FORKED = f"{HERE}forked.py"
THREADS = [f"{library}_THREADS" for library in ("OMP_NUM", "OPENBLAS_NUM", "MKL_NUM", "VECLIB_MAXIMUM")]
REASONS[FORKED, "time.sleep(0.001)", "0.001"] = "the same is found with more work"
REASONS[FORKED, "work is not None", "True"] = "what a call of None raises is let go"
REASONS |= {(FORKED, "8", other): "both ends agree" for other in ("7", "9", "4", "16")}

REASONS[f"{HERE}spare.py", "gc.collect()", "-gc.collect()"] = "nobody asks how many there were"
LINES, SAID = f"{HERE}line_search.py", ["function", "line", "source", "variable", "sentences", "right"]
PLACES = ["/", "/usr", "/home", "/etc", "/dev", "/var/tmp"]
REASONS[LINES, "tuple(rest)", "rest"] = "a list is asked of alike"
for file, listed in ((LINES, SAID), (f"{HERE}threads.py", THREADS), (f"{HERE}confine.py", PLACES)):
    for i in range(1, len(listed)):
        swapped = (*listed[: i - 1], listed[i], listed[i - 1], *listed[i + 1 :])
        REASONS[file, str(tuple(listed))[:70], str(swapped)[:70]] = ORDER
REASONS[f"{HERE}recursion_limit.py", "depth += 1", "depth = depth + 1"] = (
    "a number is another one when it changes"
)
REASONS[f"{HERE}frames.py", "self._small = small", "pass"] = "another one is made, with more work"
LENT, PARTS = f"{HERE}lent.py", ("(*thing.keys(), *thing.values())", "(*thing.values(), *thing.keys())")
REASONS[LENT, *PARTS] = "both states of a thing are put in one order"
REASONS[LENT, "map(is_, now, before)", "map(is_, before, now)"] = "they are compared with one another"
REASONS[
    f"{HERE}spare.py",
    "contextlib.suppress(OSError, MemoryError)",
    "contextlib.suppress(MemoryError, OSError)",
] = ORDER
for power, others in (
    ("2 ** 16", "2 * 16|16|2|16 ** 2|-2 ** 16"),
    ("2 ** 24", "2 * 24|24|2|24 ** 2|-2 ** 24"),
):
    for other in others.split("|"):
        REASONS[SHELL, power, other] = "nobody sees what is shown while it gets warm"
for number, others in (("2", "3 1 4"), ("16", "17 15 8 32"), ("24", "25 23 12 48")):
    for other in others.split():
        REASONS[SHELL, number, other] = "nobody sees what is shown while it gets warm"
