"""Mutants of `course_lib/gradcheck`, but of its `diagnosis`, that no test can notice, and why."""

from __future__ import annotations

ARRAYS, SQUARED = "course_lib/gradcheck/arrays.py", "it is squared"
UNWRITTEN = "course_lib/gradcheck/unwritten.py"
BLAME = "course_lib/gradcheck/lines/blame.py"
ONCE = "of lines in order, each stands once, however often it is listed"
HIDDEN, SIDES = "course_lib/gradcheck/hidden.py", "both sides are looked at"
SCATTER = "course_lib/gradcheck/scatter.py"
ALONE = "nothing else knows the array"
LADDER, RUNGS = "course_lib/gradcheck/ladder.py", "course_lib/gradcheck/rungs.py"
NOISE, NEARBY = "course_lib/gradcheck/noise.py", "course_lib/gradcheck/nearby.py"
FLAG, LOWER = "a flag is as true with either sign", "where it is negative, the lower one is larger"
REASONS: dict[tuple[str, str, str], str] = {
    (ARRAYS, "values / unit", "-(values / unit)"): SQUARED,
    (ARRAYS, "values", "-values"): SQUARED,
    (ARRAYS, "unit", "-unit"): SQUARED,
    (ARRAYS, "if not np.isfinite(largest): return largest", "if False: return largest"): (
        "infinity comes out of the sum as well, where frexp of it is 0: C leaves that open"
    ),
    (
        "course_lib/gradcheck/lines/edited.py",
        "_same(loss, search.here)",
        "_same(search.here, loss)",
    ): "they are compared",
    ("course_lib/gradcheck/lines/handed.py", "0", "-1"): "there is but one",
    ("course_lib/gradcheck/lines/rule.py", "0", "-1"): "it is only asked whether there is a twin",
    (
        NEARBY,
        "np.random.default_rng(number).uniform(-1, 1, size)",
        "-np.random.default_rng(number).uniform(-1, 1, size)",
    ): "numbers drawn to both sides of 0 are as good with the other sign",
    ("course_lib/gradcheck/allowance.py", "0.0", "-1.0"): "what matters is more than either",
    (
        "course_lib/gradcheck/point.py",
        "np.full(self.out.size, np.nan)",
        "-np.full(self.out.size, np.nan)",
    ): "nan has no sign",
    (
        "course_lib/gradcheck/problem.py",
        "self._calls += 1",
        "self._calls = self._calls + 1",
    ): "a number is another one when it changes",
    (
        "course_lib/gradcheck/rounding.py",
        "[best.step, *agreeing]",
        "[*agreeing, best.step]",
    ): "the least is looked for",
    ("course_lib/gradcheck/rounding.py", "[known, *seen]", "[*seen, known]"): "the largest is looked for",
    (
        "course_lib/gradcheck/lines/wrapped.py",
        "(id(function), first)",
        "(first, id(function))",
    ): "it is a key",
    ("course_lib/gradcheck/lines/contracted.py", "1", "0"): "another random gradient is as good",
    (
        "course_lib/gradcheck/lines/site.py",
        "isinstance(part, ast.Subscript) and container_of(part)",
        "container_of(part)",
    ): "it is asked there, too",
    (
        RUNGS,
        "(0.0, before / RATIO, before / RATIO ** 2)",
        "(before / RATIO, 0.0, before / RATIO ** 2)",
    ): "the least is looked for",
    ("course_lib/gradcheck/narrow.py", "out", "-out"): "a number fits with either sign",
    (
        "course_lib/gradcheck/lines/unseen.py",
        "changed |= behind",
        "changed = changed | behind",
    ): "it is frozen",
    (ARRAYS, "math.isfinite(largest)", "largest"): "what is infinite comes out of the sum as well, and 0",
    ("course_lib/gradcheck/lines/kept.py", "kept", "values"): "there are as many",
    (
        "course_lib/gradcheck/lines/held.py",
        "tree.args.kwonlyargs += [ast.copy_location(ast.arg(name), tree) for na",
        "tree.args.kwonlyargs = tree.args.kwonlyargs + [ast.copy_location(ast.a",
    ): ALONE,
    (
        "course_lib/gradcheck/lines/around.py",
        "(*args, *keywords.values())",
        "(*keywords.values(), *args)",
    ): "they are compared with one another",
    (
        NEARBY,
        "(slopes.left, slopes.right)",
        "(slopes.right, slopes.left)",
    ): "the least and the largest are looked for",
    ("course_lib/gradcheck/lines/operands.py", "wrong", "right"): "both have one shape",
    ("course_lib/gradcheck/lines/unseen.py", "unseen_there", "-unseen_there"): FLAG,
    ("course_lib/gradcheck/lines/around.py", "array", "-array"): "they are compared with one another",
    ("course_lib/gradcheck/lines/raised.py", "0", "-1"): "a text has no line of either number",
    (NEARBY, "part * FEWER", "-(part * FEWER)"): "other random signs are as good",
    (SCATTER, "1", "2"): "what it divides is brought to the length 1",
    ("course_lib/gradcheck/calls.py", "point.value(elsewhere)", "-point.value(elsewhere)"): "nobody reads it",
    ("course_lib/gradcheck/ties.py", "move @ analytic", "analytic @ move"): "of vectors, it is the same",
    ("course_lib/gradcheck/directions.py", "[-1.0, 1.0]", "[1.0, -1.0]"): "other random signs are as good",
    ("course_lib/gradcheck/ties.py", "[-1.0, 1.0]", "[1.0, -1.0]"): "other random signs are as good",
    ("course_lib/gradcheck/noise.py", "[-1.0, 1.0]", "[1.0, -1.0]"): "other random signs are as good",
    (
        "course_lib/gradcheck/noise.py",
        "count * direction",
        "-(count * direction)",
    ): "other random signs are as good",
    (
        "course_lib/gradcheck/lines/question.py",
        "partial(_rule, function, settings=settings, dout=dout, seed=seed, twin",
        "partial(_rule, function, settings=settings, dout=dout, seed=seed)",
    ): "a twin is made once more",
    ("course_lib/gradcheck/dependence.py", "rng.normal", "rng.uniform"): "other random points are as good",
    (UNWRITTEN, "set(sizes)", "sizes"): "memory is filled twice with the same",
    (HIDDEN, "np.abs(point.dout)", "point.dout"): SQUARED,
    (
        HIDDEN,
        "np.maximum(point.noise, point.epsilon * np.abs(point.out))",
        "-np.maximum(point.noise, point.epsilon * np.abs(point.out))",
    ): SQUARED,
    (HIDDEN, "8.0", "-8.0"): SIDES,
    (HIDDEN, "(distance, -distance)", "(-distance, distance)"): SIDES,
    (HIDDEN, "abs(float(x.flat[index]))", "float(x.flat[index])"): SIDES,
    (SCATTER, "apart", "-apart"): SIDES,
    (HIDDEN, "step * spacing", "-(step * spacing)"): SIDES,
    ("course_lib/gradcheck/verdict.py", "abs(slopes.high)", "slopes.high"): LOWER,
    (LADDER, "smooth_at(first)", "-smooth_at(first)"): FLAG,
    ("course_lib/gradcheck/scales.py", "confirmed(ladder)", "-confirmed(ladder)"): FLAG,
    (RUNGS, "len(seen)", "-len(seen)"): "counted from the other end it is the same one",
    (RUNGS, "abs(slopes.high)", "slopes.high"): LOWER,
    (NOISE, "len(second)", "-len(second)"): "counted from the other end it is the same one",
    (NOISE, "single", "-single"): FLAG,
    (NOISE, "np.nan_to_num(out)", "-np.nan_to_num(out)"): "only its size is asked for",
    (NOISE, "np.zeros", "np.ones"): "it has no entries",
    (NOISE, "step", "-step"): "other random signs are as good",
    (NOISE, "representable_in(np.float32, values)", "-representable_in(np.float32, values)"): FLAG,
    (HIDDEN, "x", "-x"): "only its size is asked for",
    (SCATTER, "differences", "-differences"): "only sizes, and changes of the sign, are asked for",
    (SCATTER, "sign", "-sign"): "it changes as often",
    (SCATTER, "np.sign(differences)", "-np.sign(differences)"): "it changes as often",
    (HIDDEN, "np.zeros", "np.ones"): "what is read of it is set before",
    (HIDDEN, "unmoved &= ~_moved(rung)", "unmoved = unmoved & ~_moved(rung)"): ALONE,
    (HIDDEN, "asked &= rounding == 0", "asked = asked & (rounding == 0)"): ALONE,
    (
        HIDDEN,
        "moved.flat[index] += step * spacing",
        "moved.flat[index] = moved.flat[index] + step * spacing",
    ): "the same number is set",
    (
        HIDDEN,
        "moved.flat[index] += side",
        "moved.flat[index] = moved.flat[index] + side",
    ): "the same number is set",
    (HIDDEN, "reach /= 2", "reach = reach / 2"): "a number is another one when it changes",
}
REASONS["course_lib/gradcheck/causes.py", "str(member.name)", "member.name"] = "it is a text"
REASONS["course_lib/gradcheck/looks.py", "own > self._epsilon * usual", "own >= self._epsilon * usual"] = (
    "what is measured is never just as large as its limit"
)
for probe in ("41", "39"):
    REASONS["course_lib/gradcheck/upstream.py", "40", probe] = "any number next to nothing is as good"
REASONS["course_lib/gradcheck/scales.py", "step < usual", "step <= usual"] = (
    "another ladder is climbed only where they are far apart"
)
CANCELLED = "course_lib/gradcheck/cancelled.py"
ENTRY = "float(backward_at(point, point.moved(argument, moved))[argument].flat[index])"[:70]
for signed in ("gradient(-size)", ENTRY):
    REASONS[CANCELLED, signed, f"-{signed}"[:70]] = "sizes of gradients and of their changes are asked for"
REASONS[CANCELLED, "0.0", "-1.0"] = "a size is more than either"
CALLING, COST = "course_lib/gradcheck/lines/calling.py", "the same is found with more work"
REASONS[CALLING, "type(value)", "value"] = COST
REASONS[CALLING, "type(value) not in (float, int)", "True"] = COST
REASONS[CALLING, "type(value) is np.ndarray", "type(value) is not np.ndarray"] = COST
REASONS[CALLING, "type(given)", "given"] = REASONS[CALLING, "len(arrays)", "arrays"] = COST
REASONS[CALLING, "len(arrays)", "len(arrays) + 1"] = REASONS[CALLING, "len(arrays)", "-len(arrays)"] = COST
REASONS["course_lib/gradcheck/lines/slopes.py", "value", "steps"] = "both have one shape"
REASONS[NEARBY, "lower is not None", "True"] = COST
REASONS["course_lib/gradcheck/lines/unseen.py", "found", "site"] = COST
REASONS["course_lib/gradcheck/point.py", "2 ** 14", "2 * 14"] = COST
REASONS["course_lib/gradcheck/lines/recursion.py", "one", "function"] = COST
REASONS[
    "course_lib/gradcheck/lines/unseen.py", "statement.lineno > asked.line", "statement.lineno >= asked.line"
] = COST
REASONS[CALLING, "_quiet.append(True)", "_quiet"] = COST
REASONS[CALLING, "if _quiet: yield return", "if False: yield return"] = COST
REASONS[CALLING, "len(set(map(id, arrays)))", "-len(set(map(id, arrays)))"] = COST
REASONS["course_lib/gradcheck/text.py", ":limit + 1", ":"] = COST
REASONS["course_lib/gradcheck/lines/around.py", "len(self.sites)", "len(self.sites) + 1"] = "any other one is"
REASONS[SCATTER, "APART[0] * size", "-(APART[0] * size)"] = SIDES
REASONS["course_lib/gradcheck/entries.py", "numerical", "-numerical"] = "all of it is nan"
DEPENDENCE = "course_lib/gradcheck/dependence.py"
REASONS[DEPENDENCE, "near", "far"] = "any direction is as good"
REASONS[DEPENDENCE, "out", "-out"] = "what changes does so with either sign"
REASONS[DEPENDENCE, "(out.shape, out.tobytes())", "(out.tobytes(), out.shape)"] = "it is counted, no more"
REASONS[DEPENDENCE, "0.0", "1.0"] = REASONS[DEPENDENCE, "0.0", "-1.0"] = "what is no variable is not moved"
REASONS["course_lib/gradcheck/lines/around.py", "Tape(recording=False)", "Tape()"] = COST
MARKS = ("1.234567898765432e+67", "7.898765432123457e+71")
for mark in MARKS:
    for other in (float(mark) / 2, float(mark) * 2, -float(mark)):
        REASONS[UNWRITTEN, mark, str(other)] = "any two numbers will do that nothing computes"
REASONS[UNWRITTEN, f"(-{MARKS[0]}, {MARKS[1]})", f"({MARKS[1]}, -{MARKS[0]})"] = "either may be first"
REASONS[UNWRITTEN, f"-{MARKS[0]}", MARKS[0]] = REASONS[UNWRITTEN, MARKS[0], str(float(MARKS[0]) / 2)]
COPIES = [("32", other) for other in ("16", "31", "33", "64")]
COPIES += [("range(COPIES)", f"range(COPIES {sign} 1)") for sign in "+-"]
for copies in COPIES:
    REASONS[UNWRITTEN, *copies] = "how likely memory is found again, which no test may count on"
CALLS = "course_lib/gradcheck/calls.py"
SIZE = "float(np.sqrt(np.mean(x ** 2)))"
REASONS[CALLS, SIZE, f"-{SIZE}"] = "along a random direction, either side is as good"
for zero in ("2e-300", "5e-301"):
    REASONS["course_lib/gradcheck/check.py", "1e-300", zero] = "it only keeps zeros from being divided by"
JUMPS, ZERO = "course_lib/gradcheck/jumps.py", "zero has no sign"
REASONS[JUMPS, "nothing", "-nothing"] = REASONS[SCATTER, "nothing", "-nothing"] = ZERO
REASONS[JUMPS, "places", "-places"] = "they lie as far to either side"
CHANGE = "point.value_with(argument, index, here + distance) - point.out"
REASONS[JUMPS, CHANGE, f"-({CHANGE})"] = "its size is taken"
REASONS[JUMPS, f"point.dout * ({CHANGE})"[:70], f"-(point.dout * ({CHANGE}))"[:70]] = "its size is taken"
