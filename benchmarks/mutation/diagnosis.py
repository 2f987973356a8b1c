"""Mutants of `course_lib/gradcheck/diagnosis` that no test can notice, and why, by file."""

from __future__ import annotations

ALONE = "nothing else knows the array"
FLAGS = "a flag, like a number, is another one when it changes: nothing is changed in place"

WHY: dict[str, dict[tuple[str, str], str]] = {
    "again": {
        ("x", "-x"): "another random move is as good",
    },
    "axes": {
        ("numerical", "-numerical"): "only what is zero is asked for",
        (
            "(view.a - view.n, view.x - view.x.mean())",
            "(view.x - view.x.mean(), view.a - view.n)",
        ): "a multiple is one to both sides",
        ("1.0", "2.0"): "it only keeps zeros from being divided by",
        ("1.0", "0.5"): "it only keeps zeros from being divided by",
        ("np.swapaxes(numerical, i, j)", "np.swapaxes(numerical, j, i)"): "it is the same",
        (
            "_aligned_elsewhere(view, analytic, numerical)",
            "_aligned_elsewhere(view, numerical, analytic)",
        ): "each has what the other has not",
    },
    "balance": {
        ("a - n", "n - a"): "a multiple of each row is one with either sign",
        ("t * direction", "-(t * direction)"): "a line that is as long to both sides",
        ("rows_of_x @ rows_of_n", "rows_of_n @ rows_of_x"): "of vectors, it is the same",
    },
    "contributions": {
        ("jacobian", "-jacobian"): "both are turned, and so is their difference",
        (
            "(last, first, turn.max(), turn.min())",
            "(last, turn.max(), first, turn.min())",
        ): "any of them may be first",
    },
    "dictionary": {
        ("names", "matrix"): "there are as many",
        ("v", "-v"): "a cosine is the same of either",
        ("len(names[k])", "len(names[k]) - 1"): "the shortest is looked for",
    },
    "differences": {
        (
            "(view.a - view.n, elsewhere.a - elsewhere.n)",
            "(elsewhere.a - elsewhere.n, view.a - view.n)",
        ): "what is returned is the same at both points",
        (
            "((1, Cause.DROPPED_PATH), (2, Cause.SIGN_OF_ONE_TERM))",
            "((2, Cause.SIGN_OF_ONE_TERM), (1, Cause.DROPPED_PATH))",
        ): "nothing is both once and twice of the same",
        ("sign * view.x", "-(sign * view.x)"): "both signs are looked at",
        ("here", "there"): "what is returned is the same at both points",
        ("difference", "alike"): "in any order, a row adds up to the same",
        (
            "return either | Cause.LOCAL_DERIVATIVE",
            "if True: either |= Cause.LOCAL_DERIVATIVE return either",
        ): FLAGS,
    },
    "exchanged": {
        ("n", "a"): "both have one shape",
        ("array", "-array"): "sizes differ as much with either sign",
        ("x", "-x"): "what is a product with a matrix is one with its negative",
        (
            "((right, wrong), (right.T, wrong.T))",
            "((right.T, wrong.T), (right, wrong))",
        ): "either may be first",
    },
    "experiments": {
        ("(wrong, right, beyond)", "(wrong, beyond, right)"): "both lie behind the place, and hardly apart",
        ("move", "-move"): "a point to either side is as good",
        ("np.abs(n).max()", "-np.abs(n).max()"): "as many differ with either sign",
    },
    "factors": {
        ("a @ n", "n @ a"): "of vectors, it is the same",
        ("cause |= likely", "cause = cause | likely"): FLAGS,
        ("cause |= Cause.CONSTANT_FACTOR", "cause = cause | Cause.CONSTANT_FACTOR"): FLAGS,
        ("cause |= Cause.SIGN", "cause = cause | Cause.SIGN"): FLAGS,
        (
            "point.value(point.moved(view.k, t * view.x))",
            "-point.value(point.moved(view.k, t * view.x))",
        ): "what is quadratic is so with either sign",
        ("t * view.x", "-(t * view.x)"): "what is quadratic is so to both sides",
        ("4.0", "-4.0"): "what is quadratic is so to both sides",
        ("t * view.x", "t / view.x"): "what is quadratic is so along any direction",
    },
    "indices": {
        ("yours", "right"): "both have one shape",
    },
    "operands": {
        (
            "where[:, axis] - where[:, view.x.ndim + axis]",
            "where[:, view.x.ndim + axis] - where[:, axis]",
        ): "either direction is one",
    },
    "paths": {
        (
            "more.yours - without.yours - shares * (more.numerical - without.numeri",
            "shares * (more.numerical - without.numerical) - (more.yours - without.",
        ): "its size is taken",
    },
    "penalties": {
        ("x", "-x"): "a fit by a column is one by its negative, and both have one sign or two",
        ("np.sign(x)", "-np.sign(x)"): "both have one value or two",
        ("x", "difference"): "both have one shape",
        ("t * x", "-(t * x)"): "what is quadratic is so to both sides",
        ("(yours, right)", "(right, yours)"): "the largest of both is looked for",
        ("10000.0", "-10000.0"): "what is quadratic is so to both sides",
        ("100000.0", "-100000.0"): "what is quadratic is so to both sides",
        (
            "float(before - 2 * here + behind)",
            "-float(before - 2 * here + behind)",
        ): "numbers are as far apart with either sign",
        ("np.sum(move ** 2)", "-np.sum(move ** 2)"): "numbers are as far apart with either sign",
        (
            "view.denies(alpha * view.n, *penalty, noise=abs(alpha) * view.allowed)",
            "view.denies(*penalty, alpha * view.n, noise=abs(alpha) * view.allowed)",
        ): "they are added up",
        ("column @ difference", "difference @ column"): "of vectors, it is the same",
        ("right", "-right"): "its size is taken",
    },
    "places": {
        ("analytic", "numerical"): "both have one shape",
        (
            "view.matches_other(others.reshape(view.x.shape), view.n)",
            "view.matches_other(view.n, others.reshape(view.x.shape))",
        ): "they are compared with one another",
    },
    "precision": {
        ("x * (1 + FINE)", "x / (1 + FINE)"): "a step to either side is as good",
        ("1 + FINE", "1 - FINE"): "a step to either side is as good",
    },
    "ranking": {
        ("view.a.item()", "view.a"): "an array of one number divides alike",
    },
    "relatives": {
        ("(1.0, -1.0)", "(-1.0, 1.0)"): "either may be first",
        (
            "np.abs(there.numerical - here.numerical).max() > STAYS * here.size()",
            "np.abs(there.numerical - here.numerical).max() < STAYS * here.size()",
        ): "all do or none does",
    },
    "scalars": {
        ("((1.0, name), (-1.0, f'-{name}'))", "((-1.0, f'-{name}'), (1.0, name))"): "either may be first",
    },
    "shared": {
        ("20", "40"): "some more at random are as good",
        ("jacobian", "-jacobian"): "both are turned, and so is their difference",
        ("range(20 * MINORS)", "range(20 * MINORS + 1)"): "one more at random is as good",
        ("minors", "-minors"): "a minor is as small with either sign",
    },
    "terms": {
        (
            "arrays |= {name: array for name, array in view.others.items() if array",
            "arrays = arrays | {name: array for name, array in view.others.items() ",
        ): ALONE,
        ("right", "-right"): "a multiple is one with either sign",
    },
}
REASONS = {
    (f"course_lib/gradcheck/diagnosis/{name}.py", *change): why
    for name, changes in WHY.items()
    for change, why in changes.items()
}
