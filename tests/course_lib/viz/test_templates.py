import numpy as np
import pytest

from course_lib.viz import draw_templates


def test_each_unit_is_an_image_of_its_incoming_weights() -> None:
    W = np.random.default_rng(0).normal(size=(12, 7))
    picture = draw_templates(W, (3, 4), columns=5)
    images = [ax.images[0].get_array() for ax in picture.figure.axes if ax.images]
    assert len(images) == 7
    np.testing.assert_array_equal(images[6], W[:, 6].reshape(3, 4))
    assert picture.alt.startswith("The weights of 7 units as images of 3 by 4 pixels, from ")


def test_zero_is_white_on_one_scale_for_all_units() -> None:
    W = np.random.default_rng(0).normal(size=(4, 3))
    images = [ax.images[0] for ax in draw_templates(W, (2, 2)).figure.axes if ax.images]
    assert {image.get_clim() for image in images} == {(-np.abs(W).max(), np.abs(W).max())}
    np.testing.assert_allclose(images[0].cmap(0.5), 1, atol=0.01)


def test_three_planes_become_colours_stretched_unit_by_unit() -> None:
    W = np.random.default_rng(0).normal(size=(12, 2))
    W[:, 1] = 5.0
    first, constant = (ax.images[0].get_array() for ax in draw_templates(W, (3, 2, 2)).figure.axes)
    assert first.shape == (2, 2, 3)
    assert (first.min(), first.max()) == (0, 1)
    assert not constant.any()


def test_weights_that_do_not_fill_the_images_are_refused() -> None:
    with pytest.raises(
        ValueError, match=r"expected weights \(64, H\) for images of \(8, 8\), got \(10, 64\)"
    ):
        draw_templates(np.ones((10, 64)))
