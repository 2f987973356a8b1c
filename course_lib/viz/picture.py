"""A figure together with the sentence that says what it shows."""

from __future__ import annotations

import base64
import html
import io
from pathlib import Path

from matplotlib.figure import Figure

PIXELS_PER_INCH = 96  # CSS pixels: the size at which a notebook shows the picture
DENSITY = 2  # image pixels per CSS pixel, so that high-density screens stay sharp


class Picture:
    """A drawn matplotlib ``figure`` and ``alt``, the text that a screen reader speaks in its place.

    A picture at the end of a cell shows itself. It is sent as HTML rather than as a bare PNG, since that is
    the one form in which JupyterLab, the classic notebook and nbconvert all keep the alternative text.
    Raises ValueError if ``alt`` is empty.
    """

    def __init__(self, figure: Figure, alt: str) -> None:
        if not alt.strip():
            raise ValueError("a picture needs alternative text that says what it shows, got none")
        self.figure = figure
        self.alt = alt

    def png(self) -> bytes:
        """Return the picture as PNG bytes, the same for the same figure."""
        stream = io.BytesIO()
        # Without the "Software" entry (matplotlib's version), the bytes depend on the drawing alone.
        self.figure.savefig(stream, format="png", dpi=PIXELS_PER_INCH * DENSITY, metadata={"Software": None})
        return stream.getvalue()

    def save(self, path: str | Path) -> None:
        """Write the picture to ``path`` as a PNG file."""
        Path(path).write_bytes(self.png())

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.png()).decode("ascii")
        width = round(self.figure.get_figwidth() * PIXELS_PER_INCH)
        alt = html.escape(self.alt)
        # Narrower where the page is: a widget's page does not see to that by itself.
        fitting = "max-width: 100%; height: auto"
        return f'<img src="data:image/png;base64,{data}" alt="{alt}" width="{width}" style="{fitting}">'

    def __repr__(self) -> str:
        return f"Picture: {self.alt}"
