"""One check from beginning to end: contract, noise, verdict, diagnosis, in this order."""

import math
from typing import Any

import numpy as np

from course_lib.gradcheck.arguments import as_input
from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.calls import repeated_calls, repeated_forward
from course_lib.gradcheck.causes import Cause, ContractError
from course_lib.gradcheck.contract import (
    first_backward,
    first_forward,
)
from course_lib.gradcheck.diagnosis.evidence import Evidence
from course_lib.gradcheck.directions import DirectionTest, budget
from course_lib.gradcheck.entries import UNRESOLVED, WRONG, Entries
from course_lib.gradcheck.narrow import computed_in_single
from course_lib.gradcheck.nearby import Nearby
from course_lib.gradcheck.noise import GradientNoise, measure
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.problem import Problem
from course_lib.gradcheck.results import ArgumentCheck, GradientCheck
from course_lib.gradcheck.text import plural
from course_lib.gradcheck.ties import KinkEntry, TieTest
from course_lib.gradcheck.upstream import upstream_faults
from course_lib.gradcheck.verdict import Judge
from course_lib.gradcheck.withheld import refuse_answers

TIE_SENTENCE = (
    "{} tie and share one slope, but your gradients do not add up to it: "
    "a tie's shares must sum to the upstream gradient"
)

STEEP_SENTENCE = (
    "the slope of {} goes on to change down to the smallest steps, as at a jump, beside a pole, "
    "or at the edge of where forward has values"
)

SINGLE_NOTE = "forward computes in float32, so nothing finer than float32 rounding is asked for"
HALF_NOTE = "forward computes in float16, which hides most errors: let it compute in float64"

#: Up to this many entries in all, every entry is looked at; above, random directions are.
EXHAUSTIVE = 3000


def run(problem: Problem, dout: Any, seed: int, scalar: bool = False) -> GradientCheck:
    """Check a problem and return the report; `dout` None draws an upstream gradient from the seed."""
    refuse_answers()
    try:
        out, token = first_forward(problem, scalar)
        point = Point.of(problem, out, upstream_gradient(out.shape, dout, seed))
        contract = first_backward(point, token)
        repeated_calls(point, contract)
    except ContractError as error:
        return _stopped(problem, error, seed)
    point = measure(point, seed)
    noise = GradientNoise(point, contract.gradients)
    faults = upstream_faults(point, contract)
    judges = [Judge(point, noise, k, contract.gradient(k)) for k in contract.sound()]
    if point.size <= EXHAUSTIVE:
        for judge in judges:
            judge.judge(np.arange(judge.entries.analytic.size))
            if point.pair.given and judge.significant and computed_in_single(judge.entries.analytic):
                DirectionTest(point, noise, judge, seed).confirm()
        _test_ties(point, judges, faults, seed)
    else:
        for judge in judges:
            DirectionTest(point, noise, judge, seed).run(budget(point.size) // len(judges))
            if any(result.tests_ties and not result.agrees for result in judge.entries.directions):
                fault = (Cause.TIE_COUNTED_TWICE, TIE_SENTENCE.format("some entries"))
                faults.setdefault(judge.argument, fault)
    if any(_verdict(judge.entries)[0] is not True for judge in judges):
        try:
            repeated_forward(point)  # a counter may take a while to show
        except ContractError as error:
            return _stopped(problem, error, seed)
    evidence = Evidence(point, contract, {judge.argument: judge.entries for judge in judges}, faults)
    arguments = tuple(_argument_check(evidence, k) for k in range(len(point.inputs)))
    return GradientCheck(
        function=problem.function,
        passed=_overall(arguments),
        arguments=arguments,
        inputs=describe_inputs(problem, seed),
        notes=(*problem.notes, *_precision_notes(point)),
        evaluations=problem.evaluations,
    )


def _precision_notes(point: Point) -> tuple[str, ...]:
    if not point.single:
        return ()
    return (HALF_NOTE if point.half else SINGLE_NOTE,)


def _test_ties(point: Point, judges: list[Judge], faults: dict[int, tuple[Cause, str]], seed: int) -> None:
    """Test for ties the entries of all arguments that look right one by one, and mark what is wrong."""
    right = [judge for judge in judges if not judge.entries.wrong.size]
    kinks = [
        KinkEntry(judge.argument, index, float(judge.entries.analytic[index]), slopes)
        for judge in right
        for index, slopes in sorted(judge.edges.items())
    ]
    at_rest = [
        KinkEntry(judge.argument, index, float(judge.entries.analytic[index]), slopes)
        for judge in right
        for index, slopes in judge.at_rest()
    ]
    by_argument = {judge.argument: judge for judge in judges}
    test = TieTest(judges[0].prober, point.inputs, seed, Nearby(point)) if right else None
    groups = [*test.violations(kinks), *test.violations_at_rest(at_rest)] if test else []
    for group in groups:
        for tied in group:
            by_argument[tied.argument].entries.state[tied.index] = WRONG
            sentence = TIE_SENTENCE.format(f"{len(group)} entries")
            faults.setdefault(tied.argument, (Cause.TIE_COUNTED_TWICE, sentence))


def upstream_gradient(shape: tuple[int, ...], dout: Any, seed: int) -> FloatArray:
    """Return an upstream gradient for an output: the caller's, or one of mixed sign and no small entries.

    A non-negative one cannot see a mask taken from dout; one of all ones cannot see that it is ignored.
    """
    if dout is None:
        rng = np.random.default_rng(seed)
        size = math.prod(shape)
        signs = np.where(np.arange(size) % 2 == 0, -1.0, 1.0)
        return np.asarray(rng.permutation(signs) * rng.uniform(0.5, 1.5, size)).reshape(shape)
    array, _, _ = as_input(dout, "dout")
    if array.shape != shape:
        sentence = f"forward's output has shape {shape}; dout has shape {array.shape}"
        raise ContractError(Cause.WRONG_SHAPE, sentence, "forward")
    if not array.any():
        raise ValueError("dout is zero everywhere: every gradient is right with it")
    return array


def _overall(arguments: tuple[ArgumentCheck, ...]) -> bool | None:
    verdicts = [argument.passed for argument in arguments]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _stopped(problem: Problem, error: ContractError, seed: int) -> GradientCheck:
    """Report a call that came to an end before any value could be compared."""
    name = error.where or problem.names[0]
    broken = ArgumentCheck(name, False, diagnosis=error.cause, explanation=error.sentence)
    return GradientCheck(
        function=problem.function,
        passed=None if error.cause is None else False,
        arguments=() if error.cause is None else (broken,),
        message=error.sentence,
        inputs=describe_inputs(problem, seed),
        notes=problem.notes,
        evaluations=problem.evaluations,
    )


def describe_inputs(problem: Problem, seed: int) -> str:
    """Say what was passed: `x (64, 3) float64, b (4,) float64, seed 0`."""
    arguments = zip(problem.names, problem.inputs, problem.dtypes, strict=True)
    described = [
        f"{name} {array.shape if array.ndim else 'scalar'} {dtype}" for name, array, dtype in arguments
    ]
    return ", ".join([*described, f"seed {seed}"])


def _argument_check(evidence: Evidence, k: int) -> ArgumentCheck:
    name, x = evidence.point.names[k], evidence.point.inputs[k]
    if k in evidence.contract.broken:
        cause, sentence = evidence.contract.broken[k]
        return ArgumentCheck(name, False, size=x.size, diagnosis=cause, explanation=sentence)
    entries = evidence.judged[k]
    passed, explanation = _verdict(entries)
    diagnosis = None
    if passed is False or k in evidence.faults:
        # loaded when something is wrong for the first time: a third of what importing the library would cost
        from course_lib.gradcheck.diagnosis.ranking import diagnose

        passed = False
        diagnosis, explanation = diagnose(evidence, k)
    return ArgumentCheck(
        name=name,
        passed=passed,
        size=x.size,
        checked=entries.checked.size,
        wrong=entries.wrong.size,
        kinks=int(entries.kink.sum()),
        diagnosis=diagnosis,
        explanation=explanation,
        **_worst(entries, x.shape),
    )


def _verdict(entries: Entries) -> tuple[bool | None, str]:
    """Return whether an argument's values are right, and the reason where nothing can be concluded."""
    disagreeing = [result for result in entries.directions if not result.agrees]
    if entries.wrong.size or len(disagreeing) > 1:
        return False, ""
    if disagreeing:
        return None, "one random direction disagrees, but no entry and no other direction does"
    if not all(np.isfinite(result.found.value) for result in entries.directions):
        return None, "forward is not finite along a random direction"
    if not all(result.resolved for result in entries.directions):
        return None, "kinks, jumps or rounding noise hide the slope along a random direction"
    unresolved = entries.state == UNRESOLVED
    drowned, steep = (int((unresolved & kind).sum()) for kind in (~entries.steep, entries.steep))
    if drowned:
        return None, f"{plural(drowned, 'entry', 'entries')} could not be resolved above rounding noise"
    return (None, STEEP_SENTENCE.format(plural(steep, "entry", "entries"))) if steep else (True, "")


def _worst(entries: Entries, shape: tuple[int, ...]) -> dict[str, Any]:
    """Return the fields that describe the worst entry: of the wrong ones, or of all where none is wrong."""
    candidates = entries.wrong if entries.wrong.size else entries.checked
    candidates = candidates[np.isfinite(entries.numerical[candidates])]
    if not candidates.size:
        return {}
    error = np.abs(entries.analytic - entries.numerical)
    weight = (
        error[candidates]
        if entries.wrong.size
        else error[candidates] / (entries.allowed[candidates] + 1e-300)
    )
    worst = int(candidates[np.argmax(weight)])
    analytic, numerical = float(entries.analytic[worst]), float(entries.numerical[worst])
    return {
        "worst_index": tuple(int(i) for i in np.unravel_index(worst, shape)),
        "analytic": analytic,
        "numerical": numerical,
        "allowed_error": float(entries.allowed[worst]),
        "relative_error": abs(analytic - numerical) / max(abs(analytic), abs(numerical), 1e-300),
        "error_map": (error / (entries.allowed + 1e-300)).reshape(shape)
        if len(error) <= EXHAUSTIVE
        else None,
    }
