import re
import xml.etree.ElementTree as ET

import pytest
from markupsafe import Markup
from matplotlib.colors import to_hex

from autograder.report import charts
from autograder.report.charts import HUE, INK, LINE, MID, WRONG, exercise_chart, score_chart, time_chart
from autograder.report.statistics import ExerciseRow

SVG = "{http://www.w3.org/2000/svg}"
ROWS = [
    ExerciseRow("01", '1.1 "Squares" & <more>', "1.1", 4.0, 10, 6, 1, 0, 3.0),
    ExerciseRow("02", "1.2 Words", "1.2", 4.0, 5, 0, 5, 0, 0.0),
]


@pytest.fixture
def drawn(monkeypatch):
    """Draws a chart, but for its SVG, which takes long; its axes, and what is read aloud of it."""
    made = []
    monkeypatch.setattr(charts, "_svg", lambda figure, name, told: made.append((figure.axes[0], told)))

    def draw(chart, *arguments):
        chart(*arguments)
        return made.pop()

    return draw


def bars(axes, colour=HUE):
    """Those of a colour: left, bottom, width, height."""
    return [bar.get_bbox().bounds for bar in axes.patches if to_hex(bar.get_facecolor()) == colour]


def test_scores_are_counted_by_tenths_of_the_points_and_what_is_beyond_lies_in_the_last(drawn):
    axes, told = drawn(score_chart, [0, 4.9, 5, 49, 50, 61, -1], 50)
    expected = "0 to 5: 3; 5 to 10: 1; 10 to 15: 0; 15 to 20: 0; 20 to 25: 0; 25 to 30: 0; 30 to 35: 0; "
    assert told == f"Submissions by points. {expected}35 to 40: 0; 40 to 45: 0; 45 to 50: 3."
    assert [height for _, _, _, height in bars(axes)] == [3, 1, 0, 0, 0, 0, 0, 0, 0, 3]
    assert [width for _, _, width, _ in bars(axes)] == pytest.approx([4.5] * 10)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("points", "submissions")
    assert list(axes.figure.get_size_inches()) == [5.6, 3.0]


def test_there_are_no_half_submissions(drawn):
    for axes, _ in (drawn(score_chart, [1], 50), drawn(time_chart, [1.0])):
        assert [tick % 1 for tick in axes.get_yticks()] == [0] * len(axes.get_yticks())


def test_where_nothing_is_worth_points_there_is_a_chart_too(drawn):
    assert "0 to 0.1: 2; 0.1 to 0.2: 0;" in drawn(score_chart, [0.0, 0.0], 0.0)[1]


def test_an_exercise_is_a_bar_of_shares_of_all_submissions_the_first_on_top(drawn):
    axes, told = drawn(exercise_chart, ROWS, 10)
    assert told == (
        'Points per exercise. 1.1 "Squares" & <more>: 6 all, 3 some, 1 none of 10; '
        "1.2 Words: 0 all, 0 some, 5 none of 5."
    )
    shares = {colour: [(x, width) for x, _, width, _ in bars(axes, colour)] for colour in (HUE, MID, WRONG)}
    assert shares == {HUE: [(0, 60), (0, 0)], MID: [(60, 30), (0, 0)], WRONG: [(90, 10), (0, 50)]}
    assert [part for bar in bars(axes) for part in bar[1::2]] == pytest.approx([-0.35, 0.7, 0.65, 0.7])
    assert axes.get_ylim() == pytest.approx((1.35 + 0.017, -0.35 - 0.017))
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["1.1", "1.2"]
    assert (axes.get_xlim(), axes.get_xlabel()) == ((0, 100), "% of submissions")
    assert (axes.get_xgridlines()[0].get_visible(), axes.get_ygridlines()[0].get_visible()) == (True, False)
    words = axes.get_legend().get_texts()
    assert [(text.get_text(), text.get_color()) for text in words] == [
        (label, INK) for label in ("all points", "some", "none")
    ]


def test_a_chart_grows_with_its_exercises(drawn):
    heights = [drawn(exercise_chart, ROWS * times, 10)[0].figure.get_figheight() for times in (1, 2)]
    assert heights == pytest.approx([0.9 + 0.64, 0.9 + 1.28])


def test_the_time_has_its_median_and_its_longest_in_words_and_begins_at_none(drawn):
    axes, told = drawn(time_chart, [1.0, 2.0, 2.5, 9.0])
    assert told == "Submissions by the time that grading took: median 2.25 s, longest 9.00 s."
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("seconds to run and check", "submissions")
    assert axes.get_xlim()[0] == 0
    assert [len(bars(drawn(time_chart, [1.0, 2.0] * many)[0])) for many in (2, 12, 50)] == [5, 8, 20]


def test_axes_have_two_spines_and_a_grid_below_the_data_in_the_pages_colours(drawn):
    axes, _ = drawn(time_chart, [1.0, 2.0])
    assert [axes.figure.patch.get_visible(), axes.patch.get_visible(), axes.get_axisbelow()] == [0, 0, 1]
    spines = {side: to_hex(one.get_edgecolor()) for side, one in axes.spines.items() if one.get_visible()}
    assert spines == {"left": INK, "bottom": INK}
    assert axes.get_xgridlines()[0].get_color() == LINE
    for axis in (axes.xaxis, axes.yaxis):
        words = axis.get_major_ticks()[0].label1, axis.label
        assert [(one.get_color(), one.get_fontsize()) for one in words] == [(INK, 9), (INK, 9.5)]


@pytest.fixture(scope="module")
def made():
    return [score_chart([1, 2], 3), exercise_chart(ROWS, 10), time_chart([1.0, 2.0])]


def test_a_figure_is_one_element_with_its_words_in_the_colours_of_the_page(made):
    for chart in made:
        assert isinstance(chart, Markup)
        root = ET.fromstring(chart)
        assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
        assert chart.startswith('<svg role="img" aria-label="')
        assert "#0102" not in chart
        assert {"currentColor", "var(--line)", "var(--hue)"} <= set(
            re.findall(r"currentColor|var\(.*?\)", chart)
        )
        assert "<metadata>" not in chart
        used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', chart))
        assert used <= {element.get("id") for element in root.iter()}
    assert "% of submissions" in [text.text for text in ET.fromstring(made[1]).iter(f"{SVG}text")]
    assert '"Squares" & <more>: 6 all' in ET.fromstring(made[1]).get("aria-label")


def test_figures_of_a_page_share_no_id_and_each_is_the_same_every_time(made):
    ids = [element.get("id") for chart in made for element in ET.fromstring(chart).iter()]
    named = [name for name in ids if name]
    assert len(set(named)) == len(named) > 30
    assert score_chart([1, 2], 3) == made[0]
