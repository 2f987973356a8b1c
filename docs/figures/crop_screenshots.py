"""Crops docs/figures/*.png of JupyterLab from the screenshots that tests/browser keeps in out/browser."""

from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
SCREENSHOTS = HERE.parents[1] / "out" / "browser"
# Left, top, right, bottom, or None for all of it: the open tab, without JupyterLab's frame.
NOTEBOOK = (291, 60, 1242, 852)
CROPS = {
    "formgrader": ("formgrader", None),
    "formgrader-autograded": ("formgrader-autograded", None),
    "formgrader-written": ("formgrader-written", (293, 69, 1240, 580)),
    "progress-dark": ("progress-dark", (291, 60, 1242, 620)),
    "self-check": ("self-check-wrong", NOTEBOOK),
}

for name, (source, box) in CROPS.items():
    with Image.open(SCREENSHOTS / f"{source}.png") as screenshot:
        picture = (
            screenshot.convert("RGB")
            .crop(box or (0, 0, *screenshot.size))
            .quantize(128, dither=Image.Dither.NONE)
        )
    picture.save(HERE / f"{name}.png", optimize=True)
