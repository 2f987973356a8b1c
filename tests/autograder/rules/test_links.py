"""A picture or file that a text names, and that no student would have, is found."""

from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.rules.links import missing_links
from autograder.sources.source import Source, SourceCell


def found(folder, *cells):
    made = tuple(SourceCell(number, None, cell) for number, cell in enumerate(cells, 3))
    return list(missing_links(Source(Path("a.py"), made), folder))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("![two dice](dice.png)", "dice.png"),
        ('see [it](data/rain%202.csv "the rain") and ![x](there.png)', "data/rain 2.csv"),
        ('<img width="3" src="a.png">', "a.png"),
        ("[all](../b/b.png#end)", "../b/b.png"),
    ],
)
def test_a_file_that_is_not_released_is_named_with_the_line_of_the_cell(tmp_path, text, name):
    (tmp_path / "there.png").touch()
    assert found(tmp_path, new_code_cell(text), new_markdown_cell(text)) == [(4, name)]


@pytest.mark.parametrize(
    "text",
    [
        "[a](https://a.b/c.png) [b](#top) [c](mailto:x@y.z) [the next assignment](../b/b.ipynb#end)",
        *("`![x](y.png)`", "$f[0](x)$", "a list [0] (x)", "<!-- ![once](here.png) -->"),
    ],
)
def test_what_is_no_file_of_the_release_is_left_alone(tmp_path, text):
    assert found(tmp_path, new_markdown_cell(text)) == []
