"""A small dictionary of elementary functions, to write a local derivative as a sum of two of them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from course_lib.gradcheck.arrays import BoolArray, FloatArray

Indices = npt.NDArray[np.intp]

#: Functions of one array, by the way to write them.
UNARY: dict[str, Callable[[FloatArray], FloatArray]] = {
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
BINARY: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
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
class TwoTerms:
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
                    candidates |= {
                        form.format(name, other): np.asarray(f(u, v)) for form, f in BINARY.items()
                    }
    return {name: u for name, u in candidates.items() if u.any() and (np.abs(u) < LARGEST).all()}


def single_terms(arrays: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Return products of two functions of one array each: richer terms, to be recognized one at a time."""
    with np.errstate(all="ignore"):
        simple = {
            form.format(name): np.asarray(f(u)) for name, u in arrays.items() for form, f in UNARY.items()
        }
        simple |= {"1": np.ones_like(next(iter(arrays.values())))}
        products = {
            (name if other == "1" else f"{name} * {other}"): u * v
            for name, u in simple.items()
            for other, v in simple.items()
        }
    return {name: u for name, u in products.items() if u.any() and (np.abs(u) < LARGEST).all()}


def recognize(terms: dict[str, FloatArray], target: FloatArray, relative: float) -> tuple[str, float] | None:
    """Return the name and the coefficient of the term that the target is a multiple of, if there is one."""
    if target.size < 6 or not target.any():
        return None
    size = float(np.abs(target).max())
    matrix = np.stack(list(terms.values()))
    coefficients = matrix @ target / np.einsum("ij,ij->i", matrix, matrix)
    misses = np.abs(coefficients[:, None] * matrix - target).max(axis=1)
    names = list(terms)
    found = np.flatnonzero(misses <= relative * size).tolist()
    # sigmoid x is 1/x * out too, where out is x sigmoid x: what is written shortest is named
    best = min(found, key=lambda k: (" * " in names[k], len(names[k])), default=None)
    return None if best is None else (names[best], float(coefficients[best]))


def explain_pair(
    arrays: dict[str, FloatArray], right: FloatArray, yours: FloatArray, relative: float
) -> TwoTerms | None:
    """Write two derivatives as different sums of the same two terms, exactly, if any two terms allow it."""
    if right.size < 6:
        return None
    terms = terms_of(arrays)
    if recognize(terms, right, relative) is not None:  # one term: then many pairs fit, as log|x y| - log|y|
        return None
    names = list(terms)
    matrix = np.stack([terms[name] / np.linalg.norm(terms[name]) for name in names])
    first, second = np.triu_indices(len(names), 1)
    overlap = np.einsum("ij,ij->i", matrix[first], matrix[second])
    independent = 1 - overlap**2 > 1e-6
    first, second, overlap = first[independent], second[independent], overlap[independent]
    of_right, fits_right = _fit(matrix, first, second, overlap, right, relative)
    of_yours, fits_yours = _fit(matrix, first, second, overlap, yours, relative)
    needed = np.abs(of_right).min(axis=0) > 1e-3 * np.abs(of_right).max(axis=0)
    exact = np.flatnonzero(fits_right & fits_yours & needed)
    if not exact.size:
        return None
    best = exact[0]
    (r1, r2), (y1, y2) = of_right[:, best], of_yours[:, best]
    return TwoTerms(
        (names[first[best]], names[second[best]]), ((float(r1), float(y1)), (float(r2), float(y2)))
    )


def _fit(
    matrix: FloatArray,
    first: Indices,
    second: Indices,
    overlap: FloatArray,
    target: FloatArray,
    relative: float,
) -> tuple[FloatArray, BoolArray]:
    """Fit a target by each pair of unit rows: the coefficients, and whether they reproduce it everywhere."""
    along = matrix @ target
    determinant = 1 - overlap**2
    coefficients = (
        np.stack([along[first] - overlap * along[second], along[second] - overlap * along[first]])
        / determinant
    )
    fitted = coefficients[0][:, None] * matrix[first] + coefficients[1][:, None] * matrix[second]
    return coefficients, np.abs(fitted - target).max(axis=1) <= relative * np.abs(target).max()
