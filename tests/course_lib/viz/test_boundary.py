from typing import Any

import numpy as np

from course_lib.viz import draw_boundaries, draw_boundary, draw_points

X = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
y = np.array([0, 1, 0, 1])


def right_of_the_middle(points: Any) -> Any:
    return (points[:, 0] > 0.5).astype(int)


def test_regions_are_what_the_classifier_says_of_a_grid_around_the_points() -> None:
    (image,) = draw_boundary(right_of_the_middle, X, y).figure.axes[0].images
    regions = np.asarray(image.get_array())
    left, right, bottom, top = image.get_extent()
    assert left < 0 < 1 < right
    assert bottom < 0 < 1 < top
    assert (regions[:, 0] == 0).all()
    assert (regions[:, -1] == 1).all()
    (above,) = draw_boundary(lambda points: right_of_the_middle(points[:, ::-1]), X, y).figure.axes[0].images
    assert above.origin == "lower"  # the first row is that of the smallest numbers
    assert (np.asarray(above.get_array())[0] == 0).all()


def test_a_title_tells_the_share_of_points_on_their_own_side() -> None:
    picture = draw_boundaries(
        {"good": right_of_the_middle, "bad": lambda points: np.zeros(len(points), int)}, X, y
    )
    assert [ax.get_title() for ax in picture.figure.axes] == ["good\n100.0% right", "bad\n50.0% right"]
    assert "good: 100.0% right; bad: 50.0% right" in picture.alt


def test_places_without_a_classifier_stay_bare() -> None:
    figure = draw_boundaries({"a": right_of_the_middle, "b": right_of_the_middle}, X, y, columns=2).figure
    three = draw_boundaries(dict.fromkeys("abc", right_of_the_middle), X, y, columns=2).figure
    assert [ax.axison for ax in figure.axes] == [True] * 2
    assert [ax.axison for ax in three.axes] == [*[True] * 3, False]


def test_classes_differ_in_marker_as_well_as_in_colour() -> None:
    first, second = draw_points({"plane": X}, y).figure.axes[0].collections
    assert len(first.get_offsets()) == len(second.get_offsets()) == 2
    assert not np.array_equal(first.get_facecolor(), second.get_facecolor())
    assert not np.array_equal(first.get_paths()[0].vertices, second.get_paths()[0].vertices)


def test_points_are_drawn_in_each_system_of_coordinates() -> None:
    picture = draw_points({"x and y": X, "doubled": 2 * X}, y)
    assert [ax.get_title() for ax in picture.figure.axes] == ["x and y", "doubled"]
    assert picture.alt == "Points (2 of class 0, 2 of class 1), drawn as x and y and as doubled."
