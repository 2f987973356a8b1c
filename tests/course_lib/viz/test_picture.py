from pathlib import Path

import pytest

from course_lib.viz.picture import Picture
from course_lib.viz.style import new_figure

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def line() -> Picture:
    figure, axes = new_figure(width=3, height=2)
    axes[0, 0].plot([0, 1], [0, 1])
    return Picture(figure, 'a line from "0" to <1>')


def test_a_picture_shows_an_image_with_escaped_alternative_text() -> None:
    shown = line()._repr_html_()
    assert 'alt="a line from &quot;0&quot; to &lt;1&gt;"' in shown
    assert 'width="288"' in shown
    assert "data:image/png;base64," in shown


def test_a_picture_prints_its_alternative_text() -> None:
    assert repr(line()) == 'Picture: a line from "0" to <1>'


def test_the_same_drawing_gives_the_same_bytes() -> None:
    assert line().png() == line().png()


def test_a_saved_picture_is_a_png(tmp_path: Path) -> None:
    line().save(tmp_path / "line.png")
    assert (tmp_path / "line.png").read_bytes().startswith(PNG_SIGNATURE)


def test_a_picture_without_alternative_text_is_refused() -> None:
    figure, _ = new_figure()
    with pytest.raises(ValueError, match="needs alternative text"):
        Picture(figure, "  ")
