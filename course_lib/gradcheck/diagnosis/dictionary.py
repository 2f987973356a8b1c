"""A small dictionary of elementary functions, to write a local derivative as a sum of two of them."""

from dataclasses import dataclass

import numpy as np

from course_lib.gradcheck.results import FloatArray

#: Functions of one array, by the way to write them.
UNARY = {
    "{}": lambda u: u,
    "{}**2": lambda u: u**2,
    "{}**3": lambda u: u**3,
    "1/{}": lambda u: 1 / u,
    "1/{}**2": lambda u: 1 / u**2,
    "sqrt|{}|": lambda u: np.sqrt(np.abs(u)),
    "sin {}": np.sin,
    "cos {}": np.cos,
    "exp {}": np.exp,
    "exp -{}": lambda u: np.exp(-u),
    "log|{}|": lambda u: np.log(np.abs(u)),
    "tanh {}": np.tanh,
    "sigmoid {}": lambda u: 1 / (1 + np.exp(-u)),
    "sign {}": np.sign,
    "exp -{}**2/2": lambda u: np.exp(-(u**2) / 2),
}

#: Functions of two arrays.
BINARY = {
    "{} {}": lambda u, v: u * v,
    "{}/{}": lambda u, v: u / v,
    "{}/{}**2": lambda u, v: u / v**2,
    "{}**2/{}**2": lambda u, v: u**2 / v**2,
    "{}**2 {}": lambda u, v: u**2 * v,
    "{} exp {}": lambda u, v: u * np.exp(v),
    "{} cos {}": lambda u, v: u * np.cos(v),
    "{} sin {}": lambda u, v: u * np.sin(v),
}


#: Terms beyond this size explain nothing.
LARGEST = 1e100


@dataclass(frozen=True)
class Pair:
    """Two terms, and for each its coefficients in the right derivative and in the student's."""

    names: tuple[str, str]
    coefficients: tuple[tuple[float, float], tuple[float, float]]


def terms_of(arrays: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Return every dictionary entry that is finite for these arrays, normalised, without near duplicates."""
    first = next(iter(arrays.values()))
    candidates = {"1": np.ones_like(first)}
    with np.errstate(all="ignore"):
        for name, u in arrays.items():
            candidates |= {form.format(name): np.asarray(f(u)) for form, f in UNARY.items()}
            for other, v in arrays.items():
                if other != name:
                    candidates |= {form.format(name, other): np.asarray(f(u, v)) for form, f in BINARY.items()}
    return {name: u for name, u in candidates.items() if u.any() and (np.abs(u) < LARGEST).all()}


def explain_pair(arrays: dict[str, FloatArray], right: FloatArray, yours: FloatArray, relative: float) -> Pair | None:
    """Write two derivatives as different sums of the same two terms, exactly, if any two terms allow it."""
    if right.size < 6:
        return None
    terms = terms_of(arrays)
    names = list(terms)
    matrix = np.stack([terms[name] / np.linalg.norm(terms[name]) for name in names])
    overlap = matrix @ matrix.T
    for i in range(len(names)):
        for j in range(i + 1, len(names)):
            determinant = 1 - overlap[i, j] ** 2
            if determinant < 1e-6:
                continue
            basis = matrix[[i, j]]
            fits = [_fit(basis, overlap[i, j], determinant, target, relative) for target in (right, yours)]
            if fits[0] is None or fits[1] is None or np.abs(fits[0]).min() < 1e-3 * np.abs(fits[0]).max():
                continue
            pairs = tuple((float(r), float(y)) for r, y in zip(fits[0], fits[1], strict=True))
            return Pair((names[i], names[j]), (pairs[0], pairs[1]))
    return None


def _fit(basis: FloatArray, overlap: float, determinant: float, target: FloatArray, relative: float) -> FloatArray | None:
    """Return the coefficients of two unit vectors that reproduce the target, or None if they do not."""
    along = basis @ target
    coefficients = np.array([along[0] - overlap * along[1], along[1] - overlap * along[0]]) / determinant
    miss = np.abs(coefficients @ basis - target).max()
    return coefficients if miss <= relative * np.abs(target).max() else None
