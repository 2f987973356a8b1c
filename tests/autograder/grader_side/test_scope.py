"""What the release imports or defines is the grader's, what answers bind is the student's."""

import pytest
import roles
from nbformat.v4 import new_notebook
from roles import cell

pytestmark = pytest.mark.sandbox
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


def plain(source, released=None):
    return cell(source, source if released is None else released)


def locked(source):
    return cell(source, grade_id="locked")


def answer(source, stub=STUB):
    return roles.answer(source, stub)


def graded(source, name="graded", **facts):
    return roles.graded(source, name, facts=facts)


def own(source):
    made = cell(source)
    made["id"] = "student-1"
    return made


@pytest.fixture(name="points")
def points_fixture(grader):
    def points(*cells):
        result = grader.grade(new_notebook(cells=list(cells)), seed=0)
        return [outcome.points for outcome in result.outcomes.values()]

    return points


SAME = "import numpy as np\ndef same(a, b):\n    assert a == b, (a, b)"
RIGHT, WRONG = "def f():\n    return 3", "def f():\n    return 4"


@pytest.mark.parametrize(
    ("stub", "earned"), [("def LU(n):\n    raise NotImplementedError", 0), ("class LU:\n    pass", 1)]
)
def test_what_a_function_returns_is_not_compared_though_its_name_begins_with_a_capital(stub, earned, points):
    attack = "class LU:\n    def __init__(self, n): pass\n    __eq__ = lambda self, other: True"
    assert points(answer(attack, stub), graded("assert LU(3) == 7")) == [earned]


@pytest.mark.parametrize(
    "release", ["import numpy as np\npi = np.zeros(2)", "import numpy as np\nfrom math import *"]
)
def test_a_statement_that_runs_for_another_name_leaves_what_an_answer_binds(release, points):
    check = "assert np.sum(pi) == 7"
    assert points(plain(release), answer("pi = np.array([3, 4])"), graded(check, takes=["pi"])) == [1]
    assert points(plain(release), answer("pi = np.array([3, 5])"), graded(check, takes=["pi"])) == [0]


@pytest.mark.parametrize("looks", ["v == 7", "v in [7]", "v.equals(7)", "[v] == [7]"])
def test_a_function_of_the_checks_hears_no_object_say_that_it_is_what_is_expected(looks, points):
    liar = "class Liar:\n    __eq__ = equals = lambda self, other: True\n"
    each = "def each(values, visit):\n    visit(Liar())"
    check = f"seen = []\ndef visit(v):\n    seen.append({looks})\neach([7], visit)\nassert seen == [True]"
    assert points(answer(liar + each), graded(check)) == [0]


def test_a_function_of_the_checks_computes_with_objects_and_asks_which_is_greater(points):
    number = """
    class V:
        v = -2
        __gt__ = lambda self, other: self.v > other
        __neg__ = lambda self: setattr(self, "v", 2) or self
    def each(visit):
        return visit(V())
    """
    assert points(answer(number), graded("assert each(lambda v: v if v > 0 else -v).v == 2")) == [1]


@pytest.mark.parametrize("released", [plain, locked])
@pytest.mark.parametrize("check", ["same(f(), 3)", "assert np.isclose(f(), 3)", "same(f(), data[1])"])
@pytest.mark.parametrize(
    "attack",
    [
        "same = lambda *a: None",
        "import numpy\nnumpy.isclose = lambda *a: True",
        "class np:\n    isclose = lambda *a: True",
        "data = [4, 4]",
        "data[1] = 4",
        "globals()['same'] = print",
    ],
)
@pytest.mark.parametrize("place", [answer, own])
def test_what_the_release_defines_is_not_the_students_to_replace(points, released, check, attack, place):
    given = released(f"%matplotlib inline\n{SAME}\ndata = [1]\ndata.append(3)")
    assert points(given, answer(RIGHT), graded(check)) == [1]
    assert points(given, answer(WRONG), place(attack), graded(check)) == [0]


def test_a_plain_cell_that_a_student_edited_counts_for_graded_cells_as_it_was_released(points):
    given = plain("def same(a, b):\n    pass", released=SAME)
    assert points(given, answer(WRONG), graded("same(f(), 3)")) == [0]


@pytest.mark.parametrize(
    "stub",
    [
        "def f():\n    pass",
        "def f():\n    'Three.'\n    # your code\n    return None",
        "def f():\n    # YOUR CODE HERE\n    return 'put it here'",
        "f = None",
        "f = ...",
    ],
)
def test_what_a_plain_cell_leaves_to_be_written_is_the_students(points, stub):
    assert points(plain(RIGHT, stub), graded("assert f() == 3")) == [1]
    assert points(plain(WRONG, stub), graded("assert f() == 3")) == [0]
    assert points(locked(stub), own(RIGHT), graded("assert f() == 3")) == [0]


def test_a_name_that_the_stub_of_an_answer_binds_is_the_students(points):
    given, stub = locked("data = [1, 2]"), "data = None  # keep the second"
    assert points(given, answer("data = data[1:]", stub), graded("assert data == [2]")) == [1]


def test_a_name_of_pythons_is_the_students_where_the_stub_defines_it(points):
    check = graded("assert max([1, 2]) == 2")
    stub = "def max(values):\n    raise NotImplementedError"
    assert points(answer(stub, stub), check) == [0]
    assert points(answer("def max(values):\n    return sorted(values)[-1]", stub), check) == [1]
    assert points(answer("def max(values):\n    return 2"), graded("assert max([1, 3]) == 2")) == [0]


def test_names_that_the_solution_was_found_to_bind_are_the_students(points):
    given, mine = locked("data = [1, 2]"), answer("data = data[1:]")
    assert points(given, mine, graded("assert data == [2]")) == [0]
    assert points(given, mine, graded("assert data == [2]", takes=["data"])) == [1]


def test_a_name_that_a_graded_cell_bound_is_the_students_again_below_an_answer_that_binds_it(points):
    first, second = graded("y = 1", "first"), graded("assert y == 2", "second", takes=["y"])
    assert points(first, answer("y = 2"), second) == [1, 1]


def test_what_an_answer_imports_in_its_stub_is_the_graders(points):
    stub = f"import math\n{STUB}"
    attack = "import math\nmath.floor = lambda x: 3\ndef f():\n    return 4"
    assert points(answer(attack, stub), graded("assert math.floor(f()) == 3")) == [0]


def test_graded_cells_share_names_that_no_student_can_put_in_their_place(points):
    first, second = graded("ref = [1]\nassert x == ref", "first"), graded("assert y == ref", "second")
    assert points(answer("x = y = [1]"), first, second) == [1, 1]
    assert points(answer("x = y = [2]"), first, own("ref = [2]"), second) == [0, 0]


def test_a_function_of_an_earlier_graded_cell_keeps_the_names_around_it(points):
    first = graded("limit = 3\ndef near(x):\n    assert x <= limit\nnear(f())", "first")
    assert points(answer(RIGHT), first, graded("near(f() - 1)", "second")) == [1, 1]


def test_what_an_earlier_graded_cell_did_not_come_to_is_missing_further_down(points):
    first = graded("assert f() == 4\nref = 3", "first")
    assert points(answer(RIGHT), first, graded("assert f() == ref", "second")) == [0, 0]


def test_what_an_earlier_graded_cell_did_not_come_to_is_not_the_students_either(points):
    first = graded("assert f() == 4\nref = 3", "first")
    assert points(answer(RIGHT), first, own("ref = 3"), graded("assert f() == ref", "second")) == [0, 0]


def test_a_statement_of_the_release_that_raises_leaves_its_name_as_it_was(points):
    given = locked("limit = 3"), locked("limit = 1 / 0")
    assert points(*given, answer(RIGHT), graded("assert f() == limit")) == [1]


def test_a_method_of_an_answers_object_that_the_release_calls_leaves_it_the_students(points):
    mine = answer("data = [1]", "data = None")
    assert points(mine, locked("data.append(2)"), graded("assert data == [1, 2]")) == [1]


def test_a_method_that_a_stub_calls_makes_no_name_the_students(points):
    stub = "open('x.txt', 'w').write('9')\nprint.f = None"
    assert points(answer("open = lambda *a: 1", stub), graded("assert open is not None and open != 1")) == [1]
    assert points(answer("open = lambda *a: 1", stub), graded("assert open('a') == 1")) == [0]


def test_names_of_a_star_import_are_the_graders(points):
    given = locked("from math import *")
    assert points(given, answer("def f():\n    return 3"), graded("assert sqrt(9) == f()")) == [1]
    assert points(given, answer("sqrt = lambda x: 4\n" + WRONG), graded("assert sqrt(9) == f()")) == [0]


def test_where_cells_are_tagged_setup_only_they_and_imports_run_here(points):
    tagged = locked("limit = 3")
    tagged.metadata.tags = ["setup"]
    given = locked("import math\nclass Gate(f().__class__):\n    pass")
    assert points(
        tagged, answer("def f():\n    return 3"), given, graded("assert math.sqrt(9) == limit")
    ) == [1]


def test_text_shown_last_earns_all_points_only_where_the_solution_shows_it_too(points):
    assert points(answer(RIGHT), graded("assert f() == 3\n'well done'")) == [0]
    assert points(answer(RIGHT), graded("assert f() == 3\n'well done'", shows=True)) == [1]


def test_what_is_printed_is_read_by_a_check_that_asks_for_it(points):
    check = "import contextlib, io\nb = io.StringIO()\nwith contextlib.redirect_stdout(b):\n    f()\n"
    assert points(answer("def f():\n    print('hi')"), graded(check + "assert b.getvalue() == 'hi\\n'")) == [
        1
    ]


def test_a_statement_of_the_release_that_raises_costs_only_cells_that_read_what_it_makes(points):
    given = plain("import math\nmath.floor(undefined)\nx = math.floor(undefined)")
    assert points(given, answer(RIGHT), graded("assert math.floor(f()) == 3")) == [1]
    assert points(given, answer(RIGHT), own("x = 3"), graded("assert x == 3")) == [0]


def test_what_stands_below_a_statement_that_raised_was_not_reached(points):
    given = plain("n = f()\nrows = []\nfor i in range(n):\n    rows.append(i)")
    check = graded("assert all(row < 3 for row in rows)")
    assert points(answer(RIGHT), given, check) == [1]
    assert points(answer("def f():\n    raise NotImplementedError"), given, check) == [0]
    assert points(answer(RIGHT), plain("from no_such_module import *\nrows = [1]"), check) == [1]


def test_what_raises_here_for_no_answers_sake_may_not_have_raised_there(points):
    given = plain("import os\nos.makedirs('figures/small')\nn = len(os.sep)")
    assert points(answer(RIGHT), given, graded("assert f() == n + 2")) == [1]


def test_a_name_that_a_cell_reads_before_it_binds_it_is_the_students(points):
    assert points(answer("def f():\n    return 3"), graded("f = f()\nassert f == 3")) == [1]
    assert points(answer("x = 4"), graded("x = 3\nx = x + 1\nassert x == 4")) == [1]
    assert points(answer("i = 'no'"), graded("for i in range(3):\n    pass\nassert i == 2")) == [1]


def test_no_name_is_found_by_its_text_where_the_students_process_ended(points):
    check = graded("import os\nassert 'x' in globals()")
    assert points(answer("x = 1"), check) == [1]
    assert points(answer("import os\nos._exit(0)"), check) == [0]


@pytest.mark.parametrize(
    "released",
    [
        "from random import seed, randint\nseed(1)\ndata = [randint(0, 9) for _ in range(9)]",
        "import random\ndef again():\n    random.seed(1)\nagain()\ndata = [random.random()]",
        "from numpy.random import rand, seed as start\nstart(5)\ndata = list(rand(9))",
    ],
)
def test_a_seed_is_set_again_before_what_is_drawn_however_it_is_called(points, released):
    assert points(locked(released), answer("total = sum(data)"), graded("assert total == sum(data)")) == [1]


def test_a_function_that_student_code_defines_is_called_for_no_seed_on_this_side(points):
    released = locked("import random\ndef again():\n    random.seed(1)")
    drawn = locked("again()\ndata = [random.random() for _ in range(9)]")
    theirs = answer("def again():\n    raise SystemExit", "def again():\n    raise NotImplementedError")
    assert points(released, theirs, drawn, graded("assert len(data) == 9")) == [1]
