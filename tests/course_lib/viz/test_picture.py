from pathlib import Path

import pytest

from course_lib.viz.picture import Picture
from course_lib.viz.style import GRADIENT, INK, MUTED, PAPER, VALUE, new_figure

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


def test_figures_bring_opaque_paper() -> None:
    figure, _ = new_figure()
    assert figure.get_facecolor()[3] == 1.0


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", [INK, MUTED, VALUE, GRADIENT])
def test_text_stands_out_from_the_paper_as_wcag_asks(colour: str) -> None:
    contrast = (luminance(PAPER) + 0.05) / (luminance(colour) + 0.05)
    assert contrast >= 4.5
