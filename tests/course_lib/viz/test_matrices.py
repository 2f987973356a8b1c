import numpy as np

from course_lib.viz import draw_matrices


def test_each_matrix_has_a_panel_with_its_numbers() -> None:
    picture = draw_matrices({"left": [[1.0, 2.0], [2.0, -3.0]], "right": [[0.0, 1.0, -0.001]]}, title="Two")
    left, right = picture.figure.axes
    assert (left.get_title(), right.get_title()) == ("left", "right")
    assert [text.get_text() for text in left.texts] == ["1.00", "2.00", "2.00", "-3.00"]
    assert [text.get_text() for text in right.texts] == ["0.00", "1.00", "0.00"]
    assert picture.alt == "Two: left, 2 by 2, symmetric; right, 1 by 3."


def test_numbers_that_would_be_too_small_to_read_are_left_out() -> None:
    picture = draw_matrices({"large": np.triu(np.ones((13, 13)))})
    assert not picture.figure.axes[0].texts
    assert "not symmetric" in picture.alt
