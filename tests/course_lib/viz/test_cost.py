from course_lib.viz import draw_costs


def test_each_mode_has_a_curve_with_its_name_at_the_end() -> None:
    picture = draw_costs([1, 10, 100], {"forward mode": [1, 10, 100], "reverse mode": [1, 1, 1]})
    (ax,) = picture.figure.axes
    assert [list(line.get_ydata()) for line in ax.lines] == [[1, 10, 100], [1, 1, 1]]
    assert [text.get_text() for text in ax.texts] == ["forward mode", "reverse mode"]
    assert [text.xy for text in ax.texts] == [(100, 100), (100, 1)]
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert picture.alt.endswith("forward mode goes from 1 to 100; reverse mode goes from 1 to 1.")
