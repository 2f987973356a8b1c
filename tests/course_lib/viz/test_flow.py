from course_lib.viz import draw_gradient_flow


def test_panels_share_one_logarithmic_axis_and_have_a_curve_for_each_depth() -> None:
    nets = {"sigmoid": {2: [1e-3, 1.0], 3: [0.0, 1e-3, 1.0]}, "ReLU": {2: [0.5, 1.0], 3: [0.7, 0.8, 1.0]}}
    picture = draw_gradient_flow(nets, title="How far")
    left, right = picture.figure.axes
    assert [text.get_text() for text in picture.figure.texts] == ["How far"]
    assert left.get_ylim() == right.get_ylim()
    assert left.get_yscale() == "log"
    assert [list(line.get_ydata()) for line in right.lines] == [[0.5, 1.0], [0.7, 0.8, 1.0]]
    assert min(left.lines[1].get_ydata()) > 0
    assert "sigmoid, 3 layers: 0.0e+00 in the first, 1.0e+00 in the last" in picture.alt


def test_a_panel_that_is_left_over_is_hidden() -> None:
    picture = draw_gradient_flow({label: {2: [1.0, 2.0]} for label in "abc"})
    assert [ax.get_visible() for ax in picture.figure.axes] == [True, True, True, False]
