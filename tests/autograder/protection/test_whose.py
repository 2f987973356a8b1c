"""Whose the names are that graded cells read: the student's, the release's, or what answers miss."""

import pytest
import roles
from roles import cell

from autograder.protection.whose import asked_by_answers, names_by_solution, read_above


def facts(*cells, reads="size"):
    return names_by_solution([*cells, roles.graded(f"assert {reads}")])["graded"]


SIZE = cell("size = 1")
SETUP = cell("ready = 1", tags=["setup"], grade_id="setup")
ANSWER = roles.answer("size = 2")


@pytest.mark.parametrize(
    ("cells", "taken"),
    [
        ([SIZE, ANSWER], True),
        ([SIZE, roles.answer("size[0] = 2")], True),
        ([SIZE, roles.answer("size.most = 2")], True),
        ([cell("size = None"), ANSWER], False),  # left open: the student's in any case
        ([ANSWER, SIZE], False),
        ([SIZE, ANSWER, roles.graded("size = 3", "other")], False),
        ([SIZE, ANSWER, cell("size = None")], True),
        ([ANSWER], False),
        ([SIZE], False),
        ([SIZE, ANSWER, SETUP], False),
        ([cell("import size"), roles.answer("size.most = 2")], False),
        ([cell("import size"), ANSWER], True),
        ([roles.answer("import size", released="import size"), roles.answer("size.most = 2")], False),
        ([SIZE, roles.answer("import size")], False),
    ],
)
def test_a_name_of_the_release_is_taken_from_the_student_if_an_answer_binds_or_changes_it_last(cells, taken):
    assert facts(*cells).get("takes", []) == (["size"] if taken else [])


def test_what_python_has_is_taken_if_an_answer_binds_it():
    answer = roles.answer("def sum(x): ...\ndef display(x): ...")
    assert facts(answer, reads="sum(display)") == {"takes": ["display", "sum"]}


@pytest.mark.parametrize(
    ("cells", "imported"),
    [
        ([roles.answer("import math")], True),
        ([roles.answer("import math"), SETUP], True),
        ([roles.answer("import math", released="import math")], True),
        ([cell("import math"), roles.answer("import math")], False),
        ([roles.answer("import math"), roles.answer("math = 3")], False),
        ([roles.answer("import math"), cell("math = 3")], False),
    ],
)
def test_what_only_answers_import_is_imported_for_a_cell_that_reads_it(cells, imported):
    found = facts(*cells, reads="math.pi")
    assert found.get("imports", []) == (["import math"] if imported else [])
    assert "imports" not in facts(*cells)


def test_what_only_a_graded_cell_imports_is_lent_to_answers_that_read_it():
    answer = roles.answer("def f():\n    return random.random()")
    graded = roles.graded("import random, math\nassert f() < 1")
    lent = {"lends": ["import random, math"]}
    assert names_by_solution([answer, graded]) == {"graded": lent}
    for other in (cell("import random"), roles.answer("import random"), SETUP):
        assert names_by_solution([other, answer, graded]) == {"graded": {}}
    assert names_by_solution([roles.graded("import random", "g"), answer, graded])["graded"] == lent
    assert names_by_solution([roles.answer("f = 1"), graded]) == {"graded": {}}


def test_what_answers_call_methods_of_may_be_asked_of_them():
    answer, graded = (
        roles.answer("size.grow()\nmine = []\nmine.sort()\nmath.sin(1)"),
        roles.graded("size, mine, math"),
    )
    release = cell("import math\nsize = []")
    assert asked_by_answers([release, answer, graded]) == {"graded": ["size"]}
    assert asked_by_answers([release, graded, answer]) == {"graded": []}
    assert asked_by_answers([release, SETUP, answer, graded]) == {}


def test_what_a_graded_cell_imports_is_the_same_on_both_sides_and_what_it_makes_is_not():
    answer = roles.answer("def f():\n    return size * random.random()")
    graded = roles.graded("import random\nsize = 3\nassert f() < 3")
    assert read_above([answer, graded], "graded") == {"size"}
    assert read_above([graded, answer], "graded") == frozenset()


def test_what_a_function_of_an_answer_reads_may_be_bound_in_the_answer_too():
    answer = roles.answer("size = 3\ndef f():\n    return size\nside = size")
    graded = roles.graded("size = side = 4\nassert f() == 4")
    assert read_above([answer, graded], "graded") == {"size"}
