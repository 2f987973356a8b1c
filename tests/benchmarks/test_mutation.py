"""Solutions changed at random lose points; the full run is `python benchmarks/mutations.py`."""

import numpy as np
import pytest
from mutation.border import Border, first_difference
from mutation.mutants import mutants_of
from mutations import GOAL, grade, sample, trial_of

CELL = '''
def layer(x, w):
    """Not the student's: x + 1."""
    size = len(x)
    ### BEGIN SOLUTION
    total = 0
    for row in x:
        total += np.where(row > 0, row, -row).sum(axis=0)
    return total - w.T @ w, size
    ### END SOLUTION
'''


def changes():
    return {(mutant.kind, mutant.before, mutant.after) for mutant in mutants_of(CELL)}


@pytest.mark.parametrize(
    "change",
    [
        ("term dropped", "total - w.T @ w", "total"),
        ("operands swapped", "total - w.T @ w", "w.T @ w - total"),
        ("sign or not dropped", "-row", "row"),
        ("comparison changed", "row > 0", "row >= 0"),
        ("mask dropped", "np.where(row > 0, row, -row)", "row"),
        ("transpose dropped", "w.T", "w"),
        ("keyword dropped", "np.where(row > 0, row, -row).sum(axis=0)", "np.where(row > 0, row, -row).sum()"),
        ("constant changed", "0", "1"),
        ("function changed", "np.where(row > 0, row, -row).sum", "np.where(row > 0, row, -row).mean"),
        ("neighbours swapped", "(total - w.T @ w, size)", "(size, total - w.T @ w)"),
        ("another name", "w", "size"),
    ],
)
def test_slips_of_many_kinds_are_made(change):
    assert change in changes()


def test_an_accumulation_is_overwritten():
    kinds = {mutant.kind for mutant in mutants_of(CELL)}
    assert {"overwritten", "loop dropped", "statement dropped", "twice"} <= kinds


def test_each_mutant_is_another_text_and_leaves_the_lines_that_are_not_the_students():
    sources = [mutant.source for mutant in mutants_of(CELL)]
    assert len(set(sources)) == len(sources) > 40
    assert all("size = len(x)" in source and "x + 1" in source for source in sources)


def run_at_the_border(source):
    namespace = {"np": np}
    exec(compile(source, "<student's cell>", "exec"), namespace)
    border = Border("<student's ")
    with border:
        namespace["double"](np.arange(3.0))
    return border.events


def test_the_border_sees_results_and_arguments_changed_in_place():
    plain = run_at_the_border("def double(x):\n    return x + x")
    assert first_difference(plain, run_at_the_border("def double(x):\n    return 2 * x")) is None
    other = first_difference(plain, run_at_the_border("def double(x):\n    return 3 * x"))
    assert other.startswith("double returns [0. 3. 6.]")
    in_place = run_at_the_border("def double(x):\n    x += x\n    return x")
    assert first_difference(plain, in_place) == "double changes x in place"


def test_a_solution_loses_nothing_and_an_endless_one_runs_out_of_time(monkeypatch):
    monkeypatch.setattr("mutation.trial.GRACE", 0.2)
    trial = trial_of("01_flat_backprop")
    right = "def product_of_sum(x, y, z):\n    return (x + y) * z, {'x': z, 'y': z, 'z': y + x}"
    assert trial.points_lost("03_product_of_sum", right) is None
    assert trial.difference("03_product_of_sum", right) is None
    endless = "def product_of_sum(x, y, z):\n    while True:\n        pass"
    assert trial.points_lost("03_product_of_sum", endless) == ("the time limit", "time is up")


def test_a_sample_of_the_mutants_loses_points():
    results = [grade(*job) for job in sample(80, seed=0)]
    differ = [result for result in results if not result.same]
    survivors = [result for result in differ if result.survived]
    unexplained = [(s.answer, s.line, s.before, s.after, s.difference) for s in survivors if s.reason is None]
    assert len(differ) > 60
    assert unexplained == []
    assert len(survivors) <= max(2, (1 - GOAL) * len(differ))
