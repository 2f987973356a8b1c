import numpy as np

from course_lib import check_gradient


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
