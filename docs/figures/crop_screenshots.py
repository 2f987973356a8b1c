"""Crops docs/figures/*.png of JupyterLab from the screenshots that tests/browser keeps in out/browser."""

from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
SCREENSHOTS = HERE.parents[1] / "out" / "browser"
NOTEBOOK = (291, 60, 1242, 852)  # left, top, right, bottom: the open tab, without JupyterLab's frame
WINDOW = (0, 0, 1280, 740)
CROPS = {
    "formgrader": ("formgrader", WINDOW),
    "formgrader-autograded": ("formgrader-autograded", WINDOW),
    "formgrader-written": ("formgrader-written", (291, 60, 1242, 600)),
    "progress-dark": ("progress-dark", (291, 60, 1242, 852)),
    "self-check": ("self-check-wrong", NOTEBOOK),
}

for name, (source, box) in CROPS.items():
    with Image.open(SCREENSHOTS / f"{source}.png") as screenshot:
        picture = screenshot.convert("RGB").crop(box).quantize(128, dither=Image.Dither.NONE)
    picture.save(HERE / f"{name}.png", optimize=True)
