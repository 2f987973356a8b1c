"""Which names answers read that a graded cell below binds."""

import roles

from autograder.protection.whose import read_above


def test_what_a_graded_cell_imports_is_the_same_on_both_sides_and_what_it_makes_is_not():
    answer = roles.answer("def f():\n    return size * random.random()")
    graded = roles.graded("import random\nsize = 3\nassert f() < 3")
    assert read_above([answer, graded], "graded") == {"size"}
    assert read_above([graded, answer], "graded") == frozenset()


def test_what_a_function_of_an_answer_reads_may_be_bound_in_the_answer_too():
    answer = roles.answer("size = 3\ndef f():\n    return size\nside = size")
    graded = roles.graded("size = side = 4\nassert f() == 4")
    assert read_above([answer, graded], "graded") == {"size"}
