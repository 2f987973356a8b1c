"""What self-checks say in a student's own notebook, where an answer has a slip."""

import ast
import contextlib
import io
import textwrap

import pytest
from inprocess import composer_of

pytestmark = pytest.mark.filterwarnings("ignore")  # what wrong answers make of numbers

FLAT, GATES, TENSORS = "01_flat_backprop", "02_modular_gates", "05_autodiff"


def said(assignment, self_check, **answers):
    """All that a self-check shows in the solution's notebook, with these answers in place of its own."""
    _, source = composer_of(assignment)
    shown = []
    namespace = {"__name__": "__main__", "display": shown.append}
    for item in source.cells:
        if item.cell.cell_type != "code" or item.role == "graded" or "figure" in item.grade_id:
            continue
        is_self_check = item.grade_id == self_check or item.grade_id.endswith("self-check")
        if is_self_check and item.grade_id != self_check:
            continue
        text = answers.get(f"a{item.grade_id}", item.cell.source)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            value = run(text, namespace)
        if is_self_check:
            return "\n".join([printed.getvalue(), *map(str, [value, *shown])])
    raise LookupError(self_check)


def run(text, namespace):
    """Run a cell; what its last expression is."""
    tree = ast.parse(text)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), namespace)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), namespace) if last else None


def answer(text):
    return textwrap.dedent(text)


UNWRITTEN = answer(
    """
    def numerical_gradient(f, x, h=1e-5):
        raise NotImplementedError("not written yet")
    """
)
ONE_SIDED = answer(
    """
    def numerical_gradient(f, x, h=1e-3):
        return np.array([(f(x + h * row) - f(x)) / h for row in np.eye(len(x))])
    """
)


@pytest.mark.parametrize(
    ("written", "whose"),
    [
        (None, "with your numerical_gradient (1.2)"),
        (UNWRITTEN, "with course_lib's numerical_gradient: yours (1.2) is not written yet"),
        (ONE_SIDED, "with course_lib's numerical_gradient: yours (1.2) is not right yet"),
    ],
)
@pytest.mark.parametrize("exercise", ["03", "04", "05", "06", "07", "08"])
def test_gradients_are_measured_with_the_students_own_function_as_soon_as_it_is_right(
    exercise, written, whose
):
    answers = {"a02_numerical_gradient": written} if written else {}
    found = said(FLAT, f"{exercise}_self-check", **answers)
    assert whose in found
    assert "are right" in found
    assert "✗" not in found


def neuron(**slip):
    """The sigmoid neuron with other lines in place of some of its own."""
    lines = {
        "plus_one": "-1 / plus_one**2",
        "exp": "dplus_one",
        "negated": "exp * dexp",
        "dot": "-dnegated",
        "sum": "ddot",
        "w0x0": "dsum",
        "w1x1": "dsum",
    } | slip
    return answer(
        """
        def sigmoid_neuron(w0, x0, w1, x1, w2):
            w0x0, w1x1 = w0 * x0, w1 * x1
            total = w0x0 + w1x1
            dot = total + w2
            exp = np.exp(-dot)
            plus_one = exp + 1
            f = 1 / plus_one
            dplus_one = {plus_one}
            dexp = {exp}
            dnegated = {negated}
            ddot = {dot}
            dsum = {sum}
            dw0x0 = {w0x0}
            dw1x1 = {w1x1}
            stages = {{
                "w0x0": (w0x0, dw0x0), "w1x1": (w1x1, dw1x1), "sum": (total, dsum), "dot": (dot, ddot),
                "negated": (-dot, dnegated), "exp": (exp, dexp), "plus_one": (plus_one, dplus_one),
                "reciprocal": (f, 1.0),
            }}
            grads = {{"w0": x0 * dw0x0, "x0": w0 * dw0x0, "w1": x1 * dw1x1, "x1": w1 * dw1x1, "w2": ddot}}
            return f, grads, stages
        """
    ).format(**lines)


@pytest.mark.parametrize(
    ("stage", "line", "before"),
    [
        ("plus_one", "1 / plus_one**2", "reciprocal"),
        ("exp", "2 * dplus_one", "plus_one"),
        ("negated", "dexp", "exp"),
        ("dot", "dnegated", "negated"),
        ("sum", "ddot * total", "dot"),
        ("w1x1", "-dsum", "sum"),
        ("w0x0", "dsum * x0", "sum"),
    ],
)
def test_the_first_wrong_stage_is_named_and_nothing_behind_it_is_blamed(stage, line, before):
    found = said(FLAT, "04_self-check", a04_sigmoid_neuron=neuron(**{stage: line}))
    assert f"backward, the first wrong stage is {stage}: its gradient is wrong" in found
    assert f"look at the line that leads back from {before} to {stage}: {before} is right" in found
    assert "gradient of `" not in found


def test_a_stage_whose_value_is_wrong_is_named_before_any_gradient():
    slip = neuron().replace("dot = total + w2", "dot = total - w2")
    found = said(FLAT, "04_self-check", a04_sigmoid_neuron=slip)
    assert "forward, the first wrong stage is dot: its value is wrong: yours 7, expected 1" in found
    assert "backward, the first wrong stage" not in found


SIGMOID = """
class SigmoidGate:
    def __init__(self):
        self.y = None

    def forward(self, x):
        with np.errstate(over="ignore"):
            self.y = 1 / (1 + np.exp({sign}x))
        return self.y

    def backward(self, dy):
        return {returned}
"""


def test_a_bare_gradient_is_no_tuple_in_the_self_check_either():
    bare = SIGMOID.format(sign="-", returned="self.y * (1 - self.y) * dy")
    assert "should be a tuple: (dx,), with a comma" in said(
        GATES, "03_sigmoid_gate-self-check", a03_sigmoid_gate=bare
    )


def test_a_slip_in_forward_is_not_laid_at_the_door_of_backward():
    lost = SIGMOID.format(sign="", returned="(self.y * (1 - self.y) * dy,)")
    found = said(GATES, "03_sigmoid_gate-self-check", a03_sigmoid_gate=lost)
    assert "✗ forward: its values" in found
    assert "gradient of x is right" in found
    assert "opposite sign" not in found


def solved(assignment, grade_id):
    return {item.grade_id: item.cell.source for item in composer_of(assignment)[1].cells}[grade_id]


def test_a_bare_gradient_is_no_tuple_where_a_pullback_returns_it_either():
    bare = solved(TENSORS, "02_elementwise").replace("(dz * z,)", "(dz * z)")
    assert "the pullback should return a tuple: (dx,), with a comma" in said(
        TENSORS, "02_self-check-exp", a02_elementwise=bare
    )
    assert "gradient of x is right" in said(TENSORS, "02_self-check-log", a02_elementwise=bare)


def test_an_operation_that_changes_its_operand_is_told_from_one_that_is_wrong():
    kept = "return Dual(self.value + other.value, self.derivative + other.derivative)"
    slip = "self.value += as_dual(other).value\n        return self"
    found = said(TENSORS, "01_self-check", a01_Dual=solved(TENSORS, "01_Dual").replace(kept, slip))
    assert "(x after x + y).value is wrong: yours 5, expected 3" in found


def test_a_graph_that_was_left_on_the_way_is_a_gradient_that_is_none():
    kept = solved(TENSORS, "05_two_layer_loss")
    found = said(TENSORS, "05_self-check", a05_two_layer_loss=kept.replace(").relu()", ").relu().data"))
    assert "the gradient of b1 is None" in found  # W1 has that of the penalty
