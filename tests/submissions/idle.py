"""Answers that do nothing, made from the release: every stub's line gives way to one and the same body.

A body is an idle thing to write: a constant, the arguments handed back, an array of zeros, an error. What is
given in a cell (a constructor that stores its arguments, methods that are written already) stays.
"""

import ast

STUB = "NotImplementedError"

# A body's lines may use {first}, {last}, {each} (all arguments, with commas) and {named} ("x": x, ...).
BODIES = {
    "nothing": "pass",
    "not written": "raise NotImplementedError",
    "zero": "return 0",
    "zero, a float": "return 0.0",
    "one": "return 1.0",
    "minus one": "return -1",
    "a half": "return 0.5",
    "true": "return True",
    "false": "return False",
    "not a number": "return np.nan",
    "infinity": "return np.inf",
    "an empty tuple": "return ()",
    "an empty list": "return []",
    "an empty dict": "return {{}}",
    "a text": "return 'nothing'",
    "its own name": "return int",
    "an argument": "return {first}",
    "the last argument": "return {last}",
    "a tuple of an argument": "return ({first},)",
    "an argument twice": "return {first}, {first}",
    "the last argument twice": "return {last}, {last}",
    "an argument three times": "return {first}, {first}, {first}",
    "all arguments": "return ({each},)",
    "all arguments, backwards": "return ({each},)[::-1]",
    "all arguments, as a list": "return [{each}]",
    "all arguments, by name": "return {{{named}}}",
    "zero and all arguments by name": "return 0.0, {{{named}}}",
    "zero and all arguments": "return 0.0, {each}",
    "a copy": "return np.array({first}, dtype=float)",
    "zeros": "return np.zeros_like({first}, dtype=float)",
    "zeros like the last": "return np.zeros_like({last}, dtype=float)",
    "ones": "return np.ones_like({first}, dtype=float)",
    "zeros twice": "return np.zeros_like({first}, dtype=float), np.zeros_like({first}, dtype=float)",
    "zeros for all arguments": "return tuple(np.zeros_like(a, dtype=float) for a in ({each},))",
    "ones for all arguments": "return tuple(np.ones_like(a, dtype=float) for a in ({each},))",
    "zero and zeros": "return (0.0, *(np.zeros_like(a, dtype=float) for a in ({each},)))",
    "zero and zeros by name": (
        "return 0.0, {{name: np.zeros_like(a, dtype=float) for name, a in {{{named}}}.items()}}"
    ),
    "zeros, and zeros handed back": (
        "return np.zeros_like({first}, dtype=float), lambda dz: (np.zeros_like({first}, dtype=float),) * 2"
    ),
    "the argument, and what comes handed back": "return {first}, lambda dz: (dz,)",
    "the argument, and twice what comes handed back": "return {first}, lambda dz: (dz, dz)",
    "a sum and ones by name": (
        "return np.sum({first}), {{name: np.ones(np.shape(a)) for name, a in {{{named}}}.items()}}"
    ),
    "a value error": "raise ValueError([{each}])",
    "a runtime error": "raise RuntimeError('nothing')",
    "a type error": "raise TypeError('nothing')",
}


def idle(source, body):
    """The answer cell of a release with each stub's line replaced by the ``body`` of that name."""
    lines = source.split("\n")
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef):
            for statement in function.body:
                if isinstance(statement, ast.Raise) and STUB in ast.unparse(statement):
                    lines[statement.lineno - 1] = " " * statement.col_offset + _body_for(function, body)
    return "\n".join(lines)


def _body_for(function, body):
    arguments = function.args
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
    names += [a.arg for a in (arguments.vararg, arguments.kwarg) if a is not None]
    own = [name for name in names if name != "self"] or names or ["None"]
    return BODIES[body].format(
        first=own[0], last=own[-1], each=", ".join(own), named=", ".join(f"'{name}': {name}" for name in own)
    )
