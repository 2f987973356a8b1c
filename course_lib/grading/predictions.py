"""A number or a word that a student wrote down before running a cell, beside what the cell finds."""

from __future__ import annotations

from typing import Any

CLOSE = 0.02  # relative: a guess is a guess


def compare_prediction(yours: Any, found: float | str, why: str = "") -> None:
    """Print the prediction ``yours`` beside ``found``, a number or a word, and ``why`` it is so.

    A number agrees within two per cent, a word whatever its case. There are no points for it, and no
    failure: what is still None is asked for, and anything that is neither number nor word disagrees.
    """
    if yours is None:
        print("No prediction yet: write one into the cell above, run it, then run this cell again.")
        return
    shown = found if isinstance(found, str) else f"{found:.6g}"
    verdict = "as you said" if _agree(yours, found) else f"you said {yours!s:.40}"
    print(f"{shown}: {verdict}. {why}".rstrip())


def _agree(yours: Any, found: float | str) -> bool:
    if isinstance(found, str):
        return str(yours).strip().casefold() == found.casefold()
    try:
        return abs(float(yours) - found) <= CLOSE * abs(found)
    except (TypeError, ValueError, OverflowError):
        return False
