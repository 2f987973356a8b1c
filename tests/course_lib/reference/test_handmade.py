import numpy as np

from course_lib.reference.handmade import color_histogram, oriented_gradients


def test_the_shares_of_colours_add_up_and_the_value_1_belongs_to_the_last_box() -> None:
    image = np.random.default_rng(0).uniform(size=(5, 4, 3))
    image[0, 0] = 1.0
    shares = color_histogram(image, 3)
    assert shares.shape == (3, 3, 3)
    assert np.isclose(shares.sum(), 1.0)
    assert shares[2, 2, 2] >= 1 / 20


def test_an_edge_and_its_negative_are_the_same_edge() -> None:
    image = np.random.default_rng(0).uniform(size=(12, 8))
    strengths = oriented_gradients(image, 4, 9)
    assert strengths.shape == (3, 2, 9)
    assert np.allclose(strengths, oriented_gradients(1 - image, 4, 9))


def test_ramps_lie_in_the_part_of_their_direction() -> None:
    ramp = np.tile(np.arange(8.0), (4, 1))
    for image in (ramp, -ramp):
        assert np.allclose(oriented_gradients(image, 4, 9)[..., 0], 16)
    assert np.allclose(oriented_gradients(ramp.T, 4, 9)[..., 4], 16)


def test_a_picture_of_320_by_240_pixels_makes_10800_numbers() -> None:
    assert oriented_gradients(np.zeros((240, 320)), 8, 9).size == 10_800
