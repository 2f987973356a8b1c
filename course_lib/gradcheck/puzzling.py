"""Errors whose words puzzle whoever meets them for the first time, and what to ask then."""

import builtins
import re
import sys

import numpy as np

NUMBER_CALLED = r"^'(float|int|numpy\.\w+)' object is not callable$"
DATA_CALLED = re.compile(r"^'(float|int|numpy\.\w+|list|tuple|dict|str)' object is not callable$")
#: A second argument is taken for an axis.
NO_AXIS = r"as an integer$|scalar index$|^axis .* out of bounds for"

#: A product of two entries, no power.
TIMES = r"(?<!\*)\*(?!\*)"
COLUMN = "is a column meant, as keepdims=True or [:, np.newaxis] gives?"
TRANSPOSED = "does an operand of the product have to be transposed? For two vectors there is np.outer"

#: What the error says, what the line has in it, and the question; the first that fits is asked.
QUESTIONS = tuple(
    (re.compile(message), re.compile(line), question)
    for message, line, question in (
        (r"^matmul: .* mismatch|not aligned", "", TRANSPOSED),
        (r"broadcast.*[(,](\d+),?\) \(\1,\d+\)", TIMES, "is a matrix product meant? That is written `@`"),
        (r"broadcast.* \(\d+,\) \(\d+,\)", TIMES, "is np.outer meant?"),
        (r"broadcast.* (\((\d+),\d+\) \(\2,\)|\((\d+),\) \(\3,\d+\))", "", COLUMN),
        (NUMBER_CALLED, r"(?<![\w.])[\d.]+\(|\)\(", "is a `*` missing before a bracket?"),
        (r"for \^: |bitwise_xor", r"\^", "is a power meant? That is written `**`"),
        (r"^The truth value of an array", r"[=!]= *None\b|\bif (not )?[\w.]+:", "is `is None` meant?"),
        (r"^The truth value of an array", r"(?<![.\w])max\(", "is np.maximum meant, or np.max?"),
        (r"^The truth value of an array", r"(?<![.\w])min\(", "is np.minimum meant, or np.min?"),
        (r"^The truth value of an array", r"\b(if|while|and|or|not)\b", "is np.where meant, or a mask?"),
        (r"^name 'random' is", r"random\.", "is np.random meant, or is `import random` missing?"),
        (NO_AXIS, r"np\.max\([^()]*,(?! *axis)", "is np.maximum meant?"),
        (NO_AXIS, r"np\.min\([^()]*,(?! *axis)", "is np.minimum meant?"),
        (r"converted to Python scalars$", r"\bmath\.", "is NumPy's function meant? It takes arrays"),
        (
            r"^'(numpy\.)?float\d*' object cannot be|^slice indices",
            "",
            "is a whole number meant, as `//` gives?",
        ),
        (
            r" as a data type$|^(zeros|ones)\(\) takes",
            r"\b(zeros|ones|empty)\(",
            "is the shape one tuple, as in np.zeros((2, 3))?",
        ),
        (
            r"^Cannot cast ufunc .* from dtype\('float.* to dtype\('u?int",
            "=",
            "is it an array of integers? It has no room for fractions",
        ),
    )
)

VARIABLE = re.compile(r"^cannot access local variable '(\w+)'")
UNKNOWN = re.compile(r"^name '(\w+)' is not defined")
GIVEN_ONE_MORE = re.compile(r"^\w+\.\w+\(\) takes (\d+) positional arguments? but (\d+) w")
CALLED = re.compile(r"((?<![.\w])(?!np\.|math\.)[A-Za-z_][\w.]*|[\])])\(")


def question_about(message: str, line: str) -> str:
    """Return a question about an error with this message, raised in this line of a student's; "" if none."""
    for says, has, question in QUESTIONS:
        if says.search(message) and has.search(line):
            return question
    counts = GIVEN_ONE_MORE.search(message)
    if counts and int(counts[2]) == int(counts[1]) + 1:
        return "is `self` missing in its `def` line, or is one argument too many?"
    unknown = UNKNOWN.search(message)
    used = re.search(rf"(?<![\w.]){unknown[1]}([.(])", line) if unknown else None  # else a variable's name
    if unknown and used and used[1] == "(" and callable(getattr(np, unknown[1], None)):
        return f"is np.{unknown[1]} meant?"
    if unknown and used and used[1] == "." and unknown[1] in sys.stdlib_module_names:
        return f"is `import {unknown[1]}` missing?"
    called = CALLED.findall(line) if DATA_CALLED.search(message) else []
    names = list(dict.fromkeys(VARIABLE.findall(message) + called))
    if names and all(hasattr(builtins, name) for name in names):  # any other may be what is called
        return f"is `{'` or `'.join(names)}` a variable of yours, too? Give that another name"
    if names and not called:
        return "is it given a value further down, or only in some cases?"
    if not called or not re.search(NUMBER_CALLED, message):
        return ""
    bound = next((name for name in called if re.match(rf"{re.escape(name)} *=[^=]", line)), "")
    missing = "is a `*` missing before a bracket?"
    return f"does `{bound}` stand for two things, or {missing}" if bound else missing
