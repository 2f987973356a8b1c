import sys

import pytest

from autograder.pages import exact, heading, percent, without_paths
from autograder.pages.words import Effort, effort


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("File /usr/lib/python3.11/json/decoder.py:355", "File …/decoder.py:355"),
        ("File ~/course/solutions/01/flat.py, line 3", "File …/flat.py, line 3"),
        (f"from {sys.prefix}/lib/x.py", "from …/x.py"),
        ("'/srv/course/gradebook.db'", "'…/gradebook.db'"),
        ("see https://example.org/a/b/c", "see https://example.org/a/b/c"),
        ("x/y/z and 1/2", "x/y/z and 1/2"),
        ("a / b / c", "a / b / c"),
        ("/tmp", "/tmp"),
    ],
)
def test_of_an_absolute_path_only_the_last_part_is_told(said, kept):
    assert without_paths(said) == kept


def test_a_heading_is_told_without_its_points():
    assert heading("## 1.4 A neuron (15 points)\n\nText.", 2) == "1.4 A neuron"
    assert heading("## One (1 point)", 2) == "One"
    assert heading("## 1.4 A neuron (15 points, ★★, 25 minutes)", 2) == "1.4 A neuron"
    assert heading("## 1.4 A neuron (in two parts)", 2) == "1.4 A neuron (in two parts)"
    assert heading("### 1.4 A neuron", 2) is None
    assert heading("Text\n## Later", 2) is None


def test_numbers_are_written_as_people_do():
    assert [exact(value) for value in (5.0, 2.5, 1 / 3, 100.0)] == ["5", "2.5", "0.33", "100"]
    assert [percent(share) for share in (0, 0.001, 0.5, 0.999, 1)] == ["0 %", "1 %", "50 %", "99 %", "100 %"]


@pytest.mark.parametrize(
    ("behind", "says"),
    [
        (" (15 points, ★★, 25 minutes)", Effort(15.0, 2, 25)),
        (" (2.5 points, ★★★)", Effort(2.5, 3, 0)),
        (" (1 point, 5 minutes)", Effort(1.0, 0, 5)),
        (" (15 points)", Effort(15.0)),
        (" (for 25 minutes)", Effort()),
        ("", Effort()),
    ],
)
def test_a_heading_says_how_much_effort_its_exercise_is(behind, says):
    assert effort(f"## 1.4 A neuron{behind}\n\nText (1 point).") == says
