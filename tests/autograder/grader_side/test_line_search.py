"""The first wrong line is found where the student's code is, as a hint: it never changes a score."""

import json

import pytest

from autograder.grader_side.grader import Grader
from autograder.grader_side.limits import Limits
from autograder.grader_side.line_search import MOST_SENTENCES, asked
from course_lib.grading import Checks

ANSWER = """
def cube(x):
    square = x * x
    return square * x, (x, square)

def cube_backward(dout, cache):
    x, square = cache
    dsquare = x * dout
    dx = square * dout
    dx = dx + x * dsquare
    return dx
"""
CHECK = "from course_lib import assert_vjp\nassert_vjp(cube, cube_backward, np.array([1.0, -2.0, 3.0]))"
OTHER = "expect_close('the other answer', other(2.0), 4.0)\nexpect_close('again', other(3.0), 6.0)"
MARKS = {"bubblewrap": "sandbox", "landlock": "landlock"}
RIGHT = "\ndef other(x):\n    return 2 * x\n"


@pytest.fixture(params=[pytest.param(rung, marks=getattr(pytest.mark, MARKS[rung])) for rung in MARKS])
def behind(request):
    """A grader of each rung of the wall."""
    with Grader(Limits(cell_seconds=2, call_seconds=1, notebook_seconds=20), request.param) as grader:
        yield grader


def test_a_failed_gradient_check_behind_the_wall_names_the_line(grade, checks_cell, behind):
    outcome = grade(ANSWER + RIGHT, checks_cell(CHECK, OTHER), grader=behind).outcomes["graded"]
    first, second = outcome.checks
    assert "the first wrong line is 5, or one named below:  dx = dx + x * dsquare" in first.message
    assert first.line == "cube_backward: dx = dx + x * dsquare"
    assert first.repair == "line 5: dx = dx * 2 + x * dsquare  (times 2)"
    assert "times 2" not in first.message
    assert (first.points, second.points, second.line) == (0, 1, "")


@pytest.mark.sandbox
def test_the_line_of_a_flat_function_that_returns_its_gradients(grade, checks_cell):
    answer = """
    def product(x, y, k):
        q = x + y
        f = q * k
        dq = q
        return f, {"x": dq, "y": dq, "k": q}
    """
    check = """
    from functools import partial
    from course_lib import assert_parameters
    point = {"x": 2.0, "y": 0.5}
    def gradients(p):
        return {key: g for key, g in product(**p, k=3.0)[1].items() if key in p}
    gradients.__wrapped__ = partial(product, k=3.0)
    assert_parameters(lambda p: product(**p, k=3.0)[0], point, gradients)
    """
    (first,) = grade(answer, checks_cell(check)).outcomes["graded"].checks
    assert "the first wrong line of product is 4:  dq = q" in first.message


@pytest.mark.sandbox
def test_gradients_that_are_right_for_a_wrong_value_are_told_so(grade, checks_cell):
    answer = """
    def product(x, y):
        return x * y + x, {"x": y + 1, "y": x}
    """
    check = """
    from course_lib import assert_parameters
    def gradients(p):
        return product(**p)[1]
    gradients.__wrapped__ = product
    assert_parameters(lambda p: p["x"] * p["y"] + p["y"], {"x": 2.0, "y": 0.5}, gradients)
    """
    (first,) = grade(answer, checks_cell(check)).outcomes["graded"].checks
    assert "the value that your function returns, 3, and that value" in first.message
    assert first.causes == ("wrong value",)


@pytest.mark.sandbox
def test_the_line_of_a_method_whose_object_holds_the_parameters(grade, checks_cell):
    answer = """
    class Net:
        def __init__(self):
            self.params = {"w": np.array([1.0, -2.0]), "b": 0.5}

        def loss(self, x, y, reg=0.0):
            w, b = self.params["w"], self.params["b"]
            error = x @ w + b - y
            loss = error * error + reg * np.sum(w * w)
            derror = error
            return loss, {"w": derror * x + 2 * reg * w, "b": derror}
    """
    check = """
    from functools import partial
    from course_lib import assert_parameters
    net, x = Net(), np.array([3.0, 1.0])
    def loss(params):
        net.params = params
        return net.loss(x, 2.0, reg=0.1)[0]
    def gradients(params):
        net.params = params
        return net.loss(x, 2.0, reg=0.1)[1]
    gradients.__wrapped__ = partial(net.loss, x, 2.0, reg=0.1)
    assert_parameters(loss, {"w": np.array([1.0, -2.0]), "b": 0.5}, gradients)
    """
    (first,) = grade(answer, checks_cell(check)).outcomes["graded"].checks
    assert "the first wrong line is 5:  derror = error" in first.message, first.message
    assert first.line == "loss: derror = error"


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "hostile",
    [
        "import course_lib.gradcheck.lines.api as api\ndef forever(*a, **k):\n    while True: pass\n"
        "api.find_line = forever",
        "import os\nos.fork = None",
        "import json\njson.dumps = lambda *a, **k: '[' * 10**6",
        "import json\njson.dumps = lambda *a, **k: '{\"line\": 1e999}'",
        "import autograder.student_side.line_search as search\nsearch.Standing = lambda *a: 3",
        "import os\nos._exit = lambda code: None",
        "import signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)",
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
        "import os\nHERE, kept = os.getpid(), cube_backward\ndef cube_backward(dout, cache):\n"
        "    if os.getpid() != HERE:\n        os.abort()\n    return kept(dout, cache)",
    ],
    ids=["hangs", "no fork", "deep", "odd", "no text", "no exit", "no children", "threads", "another"],
)
def test_a_search_that_student_code_disturbs_changes_no_score(grade, checks_cell, hostile):
    outcome = grade(ANSWER + RIGHT + hostile, checks_cell(CHECK, OTHER)).outcomes["graded"]
    assert [check.points for check in outcome.checks] == [0, 1]
    assert outcome.checks[0].message.startswith("cube_backward: gradient of `x` is wrong")


class Saying:
    """A student's process that says one thing, and mends nothing."""

    def __init__(self, said):
        self.said, self.repairs = said, {}

    def search(self, operation, *question):
        return self.said, 0


def test_the_students_words_are_bounded():
    said = {
        "function": "f" * 500,
        "line": 3,
        "source": "x\x1b" * 900,
        "variable": "v",
        "sentences": ["s"] * 99,
        "suspects": [],
        "drafts": [],
        "doubts": 10**9,
    }
    found = asked(Saying(json.dumps(said)), None, [], dout=None, seed=0)
    assert (found.line, len(found.sentences), len(found.function)) == (3, MOST_SENTENCES, 80)
    assert found.doubts == MOST_SENTENCES
    assert "\x1b" not in found.source
    assert len(found.source) <= 200


@pytest.mark.parametrize(
    "said", ["", "[" * 2**20, "3", "[]", "{}", '{"line": true, "sentences": []}', '{"line": "3"}']
)
def test_what_is_no_line_is_none(said):
    found = asked(Saying(said), None, [], dout=None, seed=0)
    assert found.line is None
    assert found.reason


def test_the_line_is_kept_with_the_outcome():
    from course_lib import GradientCheck, GradientMismatch
    from course_lib.gradcheck.lines.result import WrongLine

    checks = Checks()
    with checks("a", points=1):
        raise GradientMismatch(GradientCheck("f", False, line=WrongLine("f", 2, "dx = dy")))
    assert checks.outcomes[0].line == "f: dx = dy"


@pytest.mark.sandbox
def test_a_check_written_around_a_function_names_its_line(grade, checks_cell):
    answer = """
    def relu_vjp(x, dy):
        mask = x < 0
        dx = dy * mask
        return dx

    def double_jacobian(x):
        return 3.0 * np.eye(len(x))
    """
    check = """
    from course_lib import assert_vjp
    def compare(check, function, forward, backward, **inputs):
        def called(dy, cache):
            return backward(*cache, dy)
        called.__name__, called.around = function.__name__, function
        check(forward, called, *inputs.values(), names=tuple(inputs))
    x = np.array([1.0, -2.0])
    compare(assert_vjp, relu_vjp, lambda x: np.maximum(0, x), lambda x, dy: relu_vjp(x.copy(), dy), x=x)
    """
    jacobian = check.replace(
        "lambda x: np.maximum(0, x), lambda x, dy: relu_vjp(x.copy(), dy)",
        "lambda x: 2 * x, lambda x, dy: dy @ double_jacobian(x)",
    ).replace("relu_vjp", "double_jacobian")
    first, second = grade(answer, checks_cell(check, jacobian)).outcomes["graded"].checks
    assert (first.line, second.line) == (
        "relu_vjp: mask = x < 0",
        "double_jacobian: return 3.0 * np.eye(len(x))",
    ), (first.message, second.message)
    assert first.repair == "line 2: mask = x > 0  (> in the place of <)"
    assert second.repair == "line 2: return 2 * np.eye(len(x))  (2 in the place of 3.0)"
