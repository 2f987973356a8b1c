import pytest

from course_lib.viz import draw_products
from course_lib.viz.style import GRADIENT, VALUE

PRODUCT = [("y", "N", "M"), "=", ("x", "N", "D"), "·", ("w", "D", "M")]
GRADIENTS = [("dx", "N", "D"), "=", ("dy", "N", "M"), "·", ("wᵀ", "M", "D")]
SIZES = {"N": 2, "D": 3, "M": 4}


def test_every_matrix_is_said_with_its_dimensions() -> None:
    picture = draw_products([PRODUCT], SIZES, title="A product")
    assert picture.alt == "A product: y (N by M) = x (N by D) · w (D by M)."


def test_a_matrix_has_one_line_more_than_it_has_rows_and_columns() -> None:
    ax = draw_products([[("x", "N", "D")]], SIZES).figure.axes[0]
    assert len(ax.lines) == (2 + 1) + (3 + 1)


def test_names_and_dimensions_stand_beside_the_grids() -> None:
    ax = draw_products([PRODUCT], SIZES).figure.axes[0]
    assert [text.get_text() for text in ax.texts] == ["M", "N", "y", "=", "D", "N", "x", "·", "M", "D", "w"]


def test_gradients_have_the_colour_of_gradients() -> None:
    ax = draw_products([[("dx", "N", "D"), "=", ("x", "N", "D")]], SIZES).figure.axes[0]
    assert [line.get_color() for line in ax.lines] == [GRADIENT] * 7 + [VALUE] * 7


def test_everything_stays_on_the_paper() -> None:
    picture = draw_products([PRODUCT, GRADIENTS], SIZES, title="A title longer than the picture is wide " * 2)
    picture.figure.draw_without_rendering()
    paper = picture.figure.bbox
    for text in picture.figure.axes[0].texts:
        box = text.get_window_extent()
        assert paper.x0 <= box.x0, text.get_text()
        assert box.x1 <= paper.x1, text.get_text()
        assert paper.y0 <= box.y0, text.get_text()
        assert box.y1 <= paper.y1, text.get_text()


def test_a_dimension_without_a_size_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no size is given for dimension 'M' of matrix 'w'"):
        draw_products([[("w", "D", "M")]], {"D": 3})
