"""The hypotheses in the order in which they are believed, each with the reason for its place."""

from collections.abc import Callable

import numpy as np

from course_lib.gradcheck.arrays import typical_size
from course_lib.gradcheck.causes import NOTHING_SIMPLE, Cause
from course_lib.gradcheck.diagnosis import (
    axes,
    balance,
    contributions,
    differences,
    exchanged,
    experiments,
    factors,
    indices,
    labels,
    masks,
    operands,
    paths,
    penalties,
    places,
    precision,
    relatives,
    repeated,
    scalars,
    shared,
    terms,
    upstream_value,
    whole_numbers,
)
from course_lib.gradcheck.diagnosis.again import holds_elsewhere, view_elsewhere, view_with_other_signs
from course_lib.gradcheck.diagnosis.evidence import Evidence, Finding, View
from course_lib.gradcheck.diagnosis.experiments import outcome_at
from course_lib.gradcheck.narrow import representable_in_single

Hypothesis = Callable[[View], Finding | None]

#: Exact and simple explanations come before those with more freedom to fit; the first that explains wins.
HYPOTHESES: tuple[Hypothesis, ...] = (
    factors.all_zero,  # zero is also "a constant factor" and "overwritten": the plainest word for it is first
    penalties.small_penalty,  # a weak penalty is a small error too, and a more telling one
    precision.small_errors,  # before anything that compares with a tolerance: all of it would match
    places.one_entry,  # one wrong entry fits many patterns by chance
    factors.opposite_sign,
    factors.constant_factor,
    experiments.factor_away_from_kinks,  # the same where too few entries are clear of kinks
    places.transposed,  # permutations are exact: no freedom at all
    places.swapped_arguments,
    places.shifted,  # before masks: a shifted one-hot looks like an inverted mask
    relatives.part_of_a_sum,  # an exact relation between numerical gradients
    contributions.kept_one_contribution,  # before the wrong axis: one row kept is also a change of axes
    exchanged.transposed_intermediate,
    axes.wrong_axis,
    indices.index_not_kept,  # before masks: what is summed over seems to be let through
    factors.another_argument,  # exact, and of many different entries
    differences.path_that_hands_on,
    masks.missing_mask,
    masks.zero_in_part,
    masks.inverted_mask,
    masks.mask_from_wrong_tensor,
    masks.wrong_slope,
    masks.one_branch,
    axes.wrong_sum,
    contributions.reversed_contributions,
    operands.transposed_operand,
    exchanged.operand_in_anothers_place,
    exchanged.factor_of_array,  # of some tens of functions, so after what has none
    exchanged.factor_of_each_row,  # as x is of x / norm, which would stand in its place
    exchanged.array_in_anothers_place,
    indices.factor_of_contributions,
    penalties.factor_on_the_data_term,  # from here on coefficients are fitted: only when nothing exact fits
    relatives.combination_of_others,
    terms.elementwise_terms,
    shared.shared_statistic,
    axes.mixed_entries,  # where nothing says which axis it is
    experiments.symmetric_operand,  # from here on with new evaluations
    experiments.all_masks_open,
    paths.path_through_another,
    labels.label_off_by_one,  # balance is weak evidence: other slips keep it too
    differences.constant_term,
    balance.sums_to_zero,
    paths.fault_behind_another,
    factors.factor_that_changes,
    repeated.repeated_indices,  # a question, where nothing else is known
)

#: Where a gradient is one number, what is said of a factor has to be so at so many places farther away.
OF_A_FACTOR, PLACES = Cause.SIGN | Cause.FACTOR_2 | Cause.SCALE_N | Cause.CONSTANT_FACTOR, 3

#: What may follow the signs of an argument, which are those of something else by chance where they are few.
OF_SIGNS = (penalties.small_penalty, penalties.factor_on_the_data_term, masks.inverted_mask)

#: What may be so at this point only, or was tried at others already.
OF_THIS_POINT: frozenset[Hypothesis] = frozenset(
    {
        factors.all_zero,  # which is seen; elsewhere a unit may be on
        places.one_entry,
        places.outside_of_kinks,
        experiments.factor_away_from_kinks,
        factors.factor_that_changes,
        scalars.explain,
    }
)


def diagnose(evidence: Evidence, k: int) -> tuple[Cause, str]:
    """Return the cause of argument k's wrong gradient, and a sentence for the student."""
    fault = evidence.faults.get(k)
    view = View(evidence, k)
    if fault is not None and fault[0] is not Cause.FLOAT32:
        return upstream_value.explain(view) or whole_numbers.explain(view) or fault
    if not evidence.judged[k].wrong.size and fault is None and not representable_in_single(view.a):
        return (
            Cause.ONE_ENTRY,
            "random directions disagree, and no entry looked at does: a few entries are wrong",
        )
    for hypothesis in _hypotheses_for(view):
        finding = _try(hypothesis, view)
        if finding is not None:
            return finding.cause, finding.sentence
    if fault is not None:
        return fault
    return (
        Cause.LOCAL_DERIVATIVE,
        f"{NOTHING_SIMPLE}: check the local derivative with respect to {view.name}",
    )


def _hypotheses_for(view: View) -> tuple[Hypothesis, ...]:
    """Return what may be tried: of plain numbers at one point alone, nearly everything fits by chance."""
    if scalars.applies(view):
        return (scalars.explain, places.outside_of_kinks)
    if all(x.size == 1 for x in view.evidence.point.inputs):
        return (factors.all_zero, factors.opposite_sign)
    if places.outside_of_kinks(view):  # comparisons with one of many right slopes fit by chance
        return (factors.all_zero, experiments.factor_away_from_kinks, places.outside_of_kinks)
    return HYPOTHESES


def _try(hypothesis: Hypothesis, view: View) -> Finding | None:
    """Try one hypothesis; what it finds has to be true at another point too, where one can be looked at."""
    finding = _tried(hypothesis, view)
    if finding is None or hypothesis in OF_THIS_POINT:
        return finding
    elsewhere = view_elsewhere(view)
    if elsewhere is not None and not holds_elsewhere(finding, _tried(hypothesis, elsewhere)):
        return None
    signed = view_with_other_signs(view) if hypothesis in OF_SIGNS else None
    if signed is not None and not holds_elsewhere(finding, _tried(hypothesis, signed)):
        return None
    return None if finding.cause & OF_A_FACTOR and _is_of_counts(view) else finding


def _is_of_counts(view: View) -> bool:
    """Whether the factor of one number is another one farther away, where another count of units is on."""
    if view.x.size != 1 or view.out.size != 1 or not view.n.all():
        return False
    point, rng = view.evidence.point, np.random.default_rng(5)
    factor, size = float(view.a.item() / view.n.item()), abs(float(view.n.item()))
    for _ in range(PLACES):
        sizes = [typical_size(x) for x in point.inputs]
        moves = [rng.normal(scale=2 * far, size=x.shape) for x, far in zip(point.inputs, sizes, strict=True)]
        there = outcome_at(view, [x + move for x, move in zip(point.inputs, moves, strict=True)])
        if there is not None and not np.allclose(
            there.yours, factor * there.numerical, rtol=1e-3, atol=1e-5 * size
        ):
            return True
    return False


def _tried(hypothesis: Hypothesis, view: View) -> Finding | None:
    """A hypothesis whose numbers overflow, or whose matrices are singular, explains nothing."""
    try:
        with np.errstate(all="ignore"):
            return hypothesis(view)
    except (ArithmeticError, np.linalg.LinAlgError):
        return None
