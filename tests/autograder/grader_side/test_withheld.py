"""An answer that calls the library's own implementation earns nothing, at home and behind the wall."""

import pytest
from inprocess import at_home

pytestmark = pytest.mark.sandbox

# Each exercise: an answer that leaves the work to WORK(f, x), and a check that it would pass.
EXERCISES = {
    "derivative": (
        "def answer(f, x, h=1e-5):\n    return float(WORK(f, x))",
        "expect_close('slope', answer(lambda t: t * t, 3.0), 6.0, rtol=1e-5)",
    ),
    "gradient": (
        "def answer(f, x, h=1e-5):\n    return WORK(f, x)",
        "expect_close('gradient', answer(lambda t: np.sum(t * t), np.ones(3)), np.full(3, 2.0), rtol=1e-5)",
    ),
    "jacobian": (
        "def answer(f, x, h=1e-5):\n    return WORK(f, x)",
        "expect_close('jacobian', answer(lambda t: 2 * t, np.ones(2)), 2 * np.eye(2), rtol=1e-5)",
    ),
    "backward": (
        "def answer(dout, x):\n    return WORK(lambda t: np.sum(dout * t * t), x)",
        "from course_lib import assert_vjp\n    assert_vjp(lambda x: (x * x, x), answer, np.ones(3))",
    ),
}
CHECKED = "check_gradient(f, x, np.zeros(np.shape(x))).arguments[0]"
WAYS = {
    "alias": "from course_lib import numerical_jacobian as WORK",
    "getattr": "import course_lib\nWORK = getattr(course_lib, 'numerical_' + 'jacobian')",
    "importlib": (
        "import importlib\n"
        "WORK = lambda f, x: vars(importlib.import_module('course_lib.gradcheck.numerical'))"
        "['numerical_jacobian'](f, x)"
    ),
    "partial": (
        "import course_lib, functools\n"
        "WORK = lambda f, x: functools.partial(course_lib.numerical_jacobian, f)(x)"
    ),
    "what a check measured": (
        f"from course_lib import check_gradient\ndef WORK(f, x):\n"
        f"    found = {CHECKED}\n    return np.full(np.shape(x), found.numerical)"
    ),
    "what a failed assertion carries": (
        "from course_lib import assert_gradient, GradientMismatch\ndef WORK(f, x):\n    try:\n"
        "        assert_gradient(f, x, np.zeros(np.shape(x)))\n    except GradientMismatch as mismatch:\n"
        "        return np.full(np.shape(x), mismatch.check.arguments[0].numerical)"
    ),
    "with the refusal swallowed": (
        "import course_lib\ndef WORK(f, x):\n    try:\n        return course_lib.numerical_jacobian(f, x)\n"
        "    except BaseException:\n        return 2 * np.ones((2, 2))"
    ),
    "in a thread": (
        "import course_lib\nfrom concurrent.futures import ThreadPoolExecutor\ndef WORK(f, x):\n"
        "    with ThreadPoolExecutor(1) as pool:\n"
        "        return pool.submit(course_lib.numerical_jacobian, lambda t: 2 * t, x).result()"
    ),
}


def graded(body):
    return f"checks = Checks()\nwith checks('check', points=1):\n    {body}\nchecks.score()"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("exercise", EXERCISES)
def test_calling_the_library_earns_nothing_and_says_so_on_both_sides(exercise, way, grade, graded_cell):
    answer, check = EXERCISES[exercise]
    student = f"import numpy as np\n{WAYS[way]}\n{answer}"
    (home,) = at_home(student, graded(check))
    (wall,) = grade(student, graded_cell(graded(check), points=1)).outcomes["graded"].checks
    assert (home.points, wall.points) == (0, 0)
    assert "of course_lib is not called for an answer that is being checked" in home.message
    assert (home.message, home.causes) == (wall.message, wall.causes)


def test_who_compares_with_the_library_in_a_cell_of_their_own_loses_nothing(grade, graded_cell):
    student = (
        "import numpy as np\nimport course_lib\n"
        "def answer(x):\n    return 2 * x\n"
        "measured = course_lib.numerical_gradient(lambda t: np.sum(t * t), np.ones(3))\n"
        "assert np.allclose(measured, answer(np.ones(3)))\n"
        "own = Checks()\nwith own('self-check'):\n"
        "    course_lib.assert_gradient(lambda t: np.sum(t * t), np.ones(3), answer)\n"
        "assert not [each.message for each in own.outcomes if each.message]"
    )
    source = graded("expect_close('answer', answer(np.ones(3)), np.full(3, 2.0))")
    (home,) = at_home(student, source)
    student = "from course_lib import Checks\n" + student
    (wall,) = grade(student, graded_cell(source, points=1)).outcomes["graded"].checks
    assert (home.message, wall.message) == ("", "")
