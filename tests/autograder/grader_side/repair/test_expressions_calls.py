"""The changes of calls, axes, indices, and of what has several parts.

Each table has expressions, and below each its changes: how far-fetched | what stands in its place | words.
"""

import pytest

from autograder.grader_side.repair.expressions import FAMILIES

A_CALL = """
np.exp(a)
    0 | np.expm1(a) | expm1 in the place of exp
    0 | np.log(a) | log in the place of exp
    0 | np.log1p(a) | log1p in the place of exp
    0 | np.sqrt(a) | sqrt in the place of exp
    0 | np.square(a) | square in the place of exp
    0 | a | without exp
    0 | -np.exp(a) | its sign turned
    1 | np.exp(a).T | transposed
square(a)
    0 | exp(a) | exp in the place of square
    0 | expm1(a) | expm1 in the place of square
    0 | log(a) | log in the place of square
    0 | log1p(a) | log1p in the place of square
    0 | sqrt(a) | sqrt in the place of square
    0 | a | without square
    0 | -square(a) | its sign turned
    1 | square(a).T | transposed
a.max()
    0 | a.min() | min in the place of max
    0 | a | without max
    0 | a.max(keepdims=True) | max over all axes, axes kept
    0 | a.max(axis=0) | max over axis 0
    1 | a.max(axis=0, keepdims=True) | max over axis 0, axes kept
    0 | a.max(axis=1) | max over axis 1
    1 | a.max(axis=1, keepdims=True) | max over axis 1, axes kept
    0 | a.max(axis=-1) | max over axis -1
    1 | a.max(axis=-1, keepdims=True) | max over axis -1, axes kept
    0 | -a.max() | its sign turned
    1 | a.max().T | transposed
np.where(a, b, c)
    0 | np.where(b, a, c) | arguments of where exchanged
    0 | np.where(a, c, b) | arguments of where exchanged
    1 | c > a | a mask in its place
    0 | -np.where(a, b, c) | its sign turned
    1 | np.where(a, b, c).T | transposed
np.maximum(a, b)
    0 | np.minimum(a, b) | minimum in the place of maximum
    0 | np.maximum(b, a) | arguments of maximum exchanged
    1 | b > a | a mask in its place
    0 | -np.maximum(a, b) | its sign turned
    1 | np.maximum(a, b).T | transposed
f(*a)
    0 | -f(*a) | its sign turned
    1 | f(*a).T | transposed
f((b for b in a))
    0 | -f((b for b in a)) | its sign turned
    1 | f((b for b in a)).T | transposed
f(g)(a)
    0 | a | without
    0 | -f(g)(a) | its sign turned
    1 | f(g)(a).T | transposed
"""

AXES = """
a.sum(axis=0)
    0 | a.mean(axis=0) | mean in the place of sum
    0 | a | without sum
    0 | a.sum() | sum over all axes
    1 | a.sum(keepdims=True) | sum over all axes, axes kept
    0 | a.sum(axis=0, keepdims=True) | sum over axis 0, axes kept
    0 | a.sum(axis=1) | sum over axis 1
    1 | a.sum(axis=1, keepdims=True) | sum over axis 1, axes kept
    0 | a.sum(axis=-1) | sum over axis -1
    1 | a.sum(axis=-1, keepdims=True) | sum over axis -1, axes kept
    0 | -a.sum(axis=0) | its sign turned
    1 | a.sum(axis=0).T | transposed
np.mean(a, axis=-1, keepdims=True, dtype=d)
    0 | np.sum(a, axis=-1, keepdims=True, dtype=d) | sum in the place of mean
    0 | a | without mean
    0 | np.mean(a, dtype=d) | mean over all axes
    1 | np.mean(a, dtype=d, keepdims=True) | mean over all axes, axes kept
    0 | np.mean(a, dtype=d, axis=0) | mean over axis 0
    1 | np.mean(a, dtype=d, axis=0, keepdims=True) | mean over axis 0, axes kept
    0 | np.mean(a, dtype=d, axis=1) | mean over axis 1
    1 | np.mean(a, dtype=d, axis=1, keepdims=True) | mean over axis 1, axes kept
    0 | np.mean(a, dtype=d, axis=-1) | mean over axis -1
    0 | -np.mean(a, axis=-1, keepdims=True, dtype=d) | its sign turned
    1 | np.mean(a, axis=-1, keepdims=True, dtype=d).T | transposed
np.cumsum(a)
    0 | a | without cumsum
    0 | np.cumsum(a, keepdims=True) | cumsum over all axes, axes kept
    0 | np.cumsum(a, axis=0) | cumsum over axis 0
    1 | np.cumsum(a, axis=0, keepdims=True) | cumsum over axis 0, axes kept
    0 | np.cumsum(a, axis=1) | cumsum over axis 1
    1 | np.cumsum(a, axis=1, keepdims=True) | cumsum over axis 1, axes kept
    0 | np.cumsum(a, axis=-1) | cumsum over axis -1
    1 | np.cumsum(a, axis=-1, keepdims=True) | cumsum over axis -1, axes kept
    0 | -np.cumsum(a) | its sign turned
    1 | np.cumsum(a).T | transposed
"""

AN_INDEX = """
a['key']
    0 | -a['key'] | its sign turned
    1 | a['key'].T | transposed
a[1]
    1 | a | without [1]
    0 | -a[1] | its sign turned
    1 | a[1].T | transposed
a[i, j]
    1 | a | without [(i, j)]
    0 | a[j, i] | its indices exchanged
    0 | -a[i, j] | its sign turned
    1 | a[i, j].T | transposed
a[1:]
    1 | a | without [1:]
    1 | a[:] | another slice
    1 | a[1:] | another slice
    1 | a[-1:] | another slice
    1 | a[1:] | another slice
    1 | a[1:1] | another slice
    1 | a[1:-1] | another slice
    1 | a[1:] | another slice
    1 | a[1::1] | another slice
    1 | a[1::-1] | another slice
    0 | -a[1:] | its sign turned
    1 | a[1:].T | transposed
a[i, j, k]
    1 | a | without [(i, j, k)]
    0 | -a[i, j, k] | its sign turned
    1 | a[i, j, k].T | transposed
"""

SEVERAL = """
(a, b, c)
    0 | (b, a, c) | a and b exchanged
    0 | (c, b, a) | a and c exchanged
    0 | (a, c, b) | b and c exchanged
[a, b, c]
    0 | [b, a, c] | a and b exchanged
    0 | [c, b, a] | a and c exchanged
    0 | [a, c, b] | b and c exchanged
{'p': a, 'q': b, 'r': c}
    0 | {'p': b, 'q': a, 'r': c} | a and b exchanged
    0 | {'p': c, 'q': b, 'r': a} | a and c exchanged
    0 | {'p': a, 'q': c, 'r': b} | b and c exchanged
a if c else b
    0 | b if c else a | the two cases exchanged
a and b
    0 | a or b | or in the place of and
a or b
    0 | a and b | and in the place of or
"""


@pytest.mark.parametrize("table", [A_CALL, AXES, AN_INDEX, SEVERAL])
def test_every_change_of_a_call_or_of_parts(table, changes_of_a_table):
    found, listed = changes_of_a_table(table)
    assert found == listed


@pytest.mark.parametrize("family", FAMILIES)
def test_each_of_a_family_may_stand_for_the_others(family, changes_at):
    for name in family:
        changed = changes_at(f"y = np.{name}(a)", f"np.{name}(a)")
        for other in set(family) - {name}:
            assert f"0 | np.{other}(a) | {other} in the place of {name}" in changed


@pytest.mark.parametrize("name", ["sum", "mean", "max", "min", "argmax", "argmin", "cumsum", "flip", "prod"])
def test_what_goes_along_an_axis_may_go_along_another(name, changes_at):
    changed = changes_at(f"y = a.{name}(axis=0)", f"a.{name}(axis=0)")
    assert f"0 | a.{name}(axis=1) | {name} over axis 1" in changed
