"""Notebooks of drawn values: what students' functions return, change, keep and raise, and its checks."""

import textwrap

from drawn_values import ARGUMENTS, EXPECTED, KINDS, NOT_IN_GRADIENTS, RAISES, STUDENT, VALUES, WRAPS
from hypothesis import strategies as st

TOGETHER = 20  # values in one notebook


value, expected, argument = st.sampled_from(VALUES), st.sampled_from(EXPECTED), st.sampled_from(ARGUMENTS)
composed = st.recursive(
    value,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"({', '.join(parts)},)")
        | inner.map(lambda part: f"{{'a': {part}}}")
        | st.tuples(inner, inner).map(lambda parts: f"Pair({parts[0]}, {parts[1]})")
        | inner.map(lambda part: f"MyDict(a={part})")
    ),
    max_leaves=3,
)


def case(student, check):
    return student, textwrap.dedent(check).strip()


returned = st.builds(lambda a, b: case(a, f'expect_close("f", NAME(), {b})'), composed, expected)
read_back = st.builds(
    lambda a, how: case(a, f'found = {how}(NAME())\nassert found == "no", found'),
    value,
    st.sampled_from(["kind"]),
)
passed_back = st.builds(
    lambda a, how, b: case(a, f'expect_close("back", {how}(NAME()), {b})'),
    composed,
    st.sampled_from(["total", "second", "values_of", "fields", "given"]),
    expected,
)
identity = st.builds(
    lambda a: case("None", f"x = {a}\nassert given(x) is x and same(x, x) and same([x, x][0], x)"),
    argument.filter(lambda text: text.startswith(("[", "{", "np.ones", "np.ar", "np.z", "np.b"))),
)
handed_over = st.builds(
    lambda a, how, b: case("None", f'x = {a}\nexpect_close("f", {how}(x), {b})\nexpect_close("x", x, {b})'),
    argument,
    st.sampled_from(
        ["given", "doubled", "added", "stored", "swapped", "emptied", "total", "inner", "kept_array", "kind"]
    ),
    expected,
)
unchanged = st.builds(
    lambda a, how: case("None", f"x = {a}\nwith expect_unchanged(x=x):\n    {how}(x)"),
    argument.filter(lambda text: "nan" not in text),
    st.sampled_from(["given", "doubled", "added", "stored", "swapped", "emptied", "inner"]),
)
changed = st.sampled_from(
    [
        'x = [1.0]\nadded(x)\nexpect_close("x", x, [1.0, 5.0])',
        'x = [1.0]\nadded_later(x)\nlater()\nexpect_close("x", x, [1.0, 6.0])',
        'x = {"a": []}\nnested(x)\nexpect_close("x", x, {"a": [np.ones(2)]})',
        'y = [1.0]\nx = [y, y]\ninner(x)\nexpect_close("x", x, [[9.0], [9.0]])\nexpect_close("y", y, [9.0])',
        'x = np.ones(2)\nexpect_close("f", both(x, x), x * x)\nexpect_close("x", x, np.full(2, 2.0))',
        'x = np.ones(2)\nkept_array(x)\nchanged_later()\nexpect_close("x", x, np.array([-1.0, 1.0]))',
        'x = np.ones(2)\nassert doubled(x) is x\nexpect_close("x", x, np.full(2, 2.0))',
        "x = [np.ones(2)]\nswapped(x)\ny = given(x)\nassert y is x and y[0] is x[0]",
        "x = np.zeros(3)\nseen = []\ng = grid(lambda t: seen.append(t is x) or t.sum(), x)\n"
        'expect_close("g", g, np.ones(3))\nassert all(seen), seen',
        'x = [3.0]\nexpect_close("f", calls(lambda t: t.append(1.0) or len(t), x), 2)',
    ]
).map(lambda text: case("None", text))
raised = st.builds(
    lambda a, kind: (f"raise {a}", f"with expect_raises({kind}):\n    NAME()"),
    st.sampled_from(RAISES),
    st.sampled_from(KINDS),
)
refused = st.builds(
    lambda a, how, kind: case("None", f"with expect_raises({kind}):\n    {how}({a})"),
    argument,
    st.sampled_from(["total", "second", "values_of", "added", "doubled", "fields"]),
    st.sampled_from(KINDS),
)
called_back = st.builds(
    lambda function, how, kind: case(
        "None", f"with expect_raises({kind}):\n    {how}(lambda t: {function}, 1.0)"
    ),
    st.sampled_from(["t + 'a'", "[][3]", "int('x')", "1 / 0", "t", "{}['k']"]),
    st.sampled_from(["calls", "calls_and_wraps", "swallows"]),
    st.sampled_from(KINDS),
)
gradients = st.builds(
    lambda n, how: case(
        "None", f"assert_vjp(forward_with({n}), backward_with({n}, {how}), np.array([1.0, 2.0]))"
    ),
    st.integers(0, len(WRAPS) - 1),
    # The gradient checker takes lists and tuples of a class of one's own, in a notebook.
    st.sampled_from([n for n in range(len(WRAPS)) if WRAPS[n][0] not in NOT_IN_GRADIENTS]),
)
CASES = st.one_of(
    gradients,
    *(returned, returned, returned, read_back, passed_back, passed_back, identity, handed_over, unchanged),
    *(changed, raised, refused, called_back),
)


def notebook_of(cases):
    """The student's functions, and one check for each."""
    functions, checks = [STUDENT], ["from course_lib import assert_vjp", "checks = Checks()"]
    for number, (body, check) in enumerate(cases):
        body = body if body.startswith("raise") else f"return {body}"
        functions.append(f"def f{number}():\n    {body}\n")
        checks.append(f'with checks("{number}", points=1):')
        checks.append(textwrap.indent(check.replace("NAME", f"f{number}"), "    "))
    return "\n".join(functions), "\n".join([*checks, "checks.score()"])
