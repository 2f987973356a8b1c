import numpy as np
from views_under_test import entries_of, view_of

from course_lib import Cause, check_gradient
from course_lib.gradcheck.diagnosis.repeated import repeated_indices


def test_rows_that_lose_contributions_raise_the_question_of_repeated_indices():
    rng = np.random.default_rng(0)
    rows, target = np.array([0, 2, 2, 1]), rng.normal(size=(4, 3))

    def gradient(G):
        g = np.zeros_like(G)
        g[rows] += G[rows] - target
        return g

    check = check_gradient(lambda G: 0.5 * np.sum((G[rows] - target) ** 2), rng.normal(size=(5, 3)), gradient)
    assert "only rows 2 of G" in check.arguments[0].explanation
    assert "np.add.at" in check.arguments[0].explanation


RIGHT = np.random.default_rng(1).normal(size=(9, 2))


def asked(*rows, right=RIGHT, changed=None, **known):
    yours = np.array(right)
    yours[list(rows)] += 1.0
    for index in changed or ():
        yours[index] += 1.0
    return repeated_indices(view_of(yours, right, **known))


def test_up_to_five_rows_are_named_in_a_question():
    found = asked(1, 4)
    assert found.cause == Cause.LOCAL_DERIVATIVE
    assert found.sentence == (
        "no simple slip explains it: only rows 1, 4 of x0 are wrong; does an index repeat there? "
        "g[rows] += d adds to each row once, np.add.at(g, rows, d) adds every contribution"
    )
    assert asked(0, 1, 2, 4, 5).sentence.startswith(
        "no simple slip explains it: only rows 0, 1, 2, 4, 5 of x0 are wrong"
    )
    assert asked(0, 1, 2, 4, 5, 6).sentence.startswith(
        "no simple slip explains it: only rows 0, 1, 2, 4, 5, ... of x0 are wrong"
    )


def test_rows_that_go_into_one_output_each_are_taken_once():
    assert asked(1, forward=lambda x: x, jacobian=np.eye(18)) is None
    assert (
        asked(1, forward=lambda x: np.concatenate([x, x]), jacobian=np.tile(np.eye(18), (2, 1))) is not None
    )


def test_rows_that_are_wrong_in_part_are_no_rows():
    assert asked(1, changed=[(3, 0)]) is None
    assert asked(changed=[(3, 0)]) is None


def test_some_row_has_to_be_wrong_and_some_that_is_used_right():
    assert asked() is None
    assert asked(*range(9)) is None
    unused = RIGHT.copy()
    unused[2:] = 0.0
    assert asked(0, 1, right=unused) is None
    assert asked(0, right=unused) is not None


def test_a_row_that_should_be_zero_is_wrong_for_another_reason():
    unused = RIGHT.copy()
    unused[3] = 0.0
    assert asked(0, 3, right=unused) is None
    assert asked(0, 2, right=unused) is not None


def test_rows_of_rows_count_as_one():
    assert "only rows 1 of" in asked(1, right=np.random.default_rng(2).normal(size=(3, 2, 2))).sentence


def test_vectors_and_what_is_not_known_whole_or_near_a_kink_are_left_out():
    assert asked(1, right=RIGHT[:, 0]) is None
    unknown = RIGHT.copy()
    unknown[5, 0] = np.nan
    assert asked(1, right=unknown) is None
    assert asked(1, rough=[True] + [False] * 17) is None


def test_where_another_argument_is_wrong_no_row_alone_is():
    yours = np.array(RIGHT)
    yours[[1, 4]] += 1.0
    view = view_of(yours, RIGHT)
    assert repeated_indices(view) is not None
    view.evidence.judged[1] = entries_of(np.ones(3), np.zeros(3))
    assert repeated_indices(view) is None
