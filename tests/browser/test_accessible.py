"""Every page of the site: axe-core finds nothing, in light on a wide screen and in dark on a telephone."""

import pytest
from browser.conftest import PATIENCE
from built_site import built_site, served

axe_playwright_python = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = pytest.mark.slow
LOOKS = (("light", 1600), ("dark", 400))
# What the keyboard is at, and whether one sees that.
FOCUSED = """() => {
  const one = document.activeElement;
  return one === document.body ? null : {
    words: (one.getAttribute("aria-label") ?? one.innerText).trim(),
    outlined: getComputedStyle(one).outlineStyle !== "none",
  };
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return built_site(tmp_path_factory)


@pytest.fixture(scope="module")
def address(site):
    with served(site) as url:
        yield url


@pytest.fixture(scope="module")
def window(chromium):
    context = chromium.new_context()
    context.set_default_timeout(1000 * PATIENCE)
    yield context.new_page()
    context.close()


def pages(site):
    """Every page with the looks to test and whether for contrast too, which takes longest.

    Of assignments and documents, the first is looked at as closely as all others.
    """
    found = sorted(path.relative_to(site) for path in site.rglob("*.html"))
    shown = [path for path in found if path.parts[0] not in ("lite", "_static")]
    first = {path.parent: path for path in reversed(shown)}
    like = {path for path in shown if path.parts[0] in ("assignments", "docs") and path != first[path.parent]}
    return {
        path: ([LOOKS[turn % 2]] if path in like else LOOKS, path not in like)
        for turn, path in enumerate(shown)
    }


def test_axe_finds_nothing_on_any_page(site, address, window):
    axe, wrong = axe_playwright_python.Axe(), []
    for page, (looks, contrast) in pages(site).items():
        # What is right is not described: that is as much work again.
        options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast}}}
        for theme, width in looks:
            # Without motion: a button that fades in has no colours of its own yet.
            window.emulate_media(color_scheme=theme, reduced_motion="reduce")
            window.set_viewport_size({"width": width, "height": 900})
            # Loaded anew, since the theme looks once what has to be scrolled.
            window.goto(f"{address}/{page}")
            for found in axe.run(window, options=options).response["violations"]:
                nodes = [node["html"][:200] for node in found["nodes"][:3]]
                wrong.append((page, theme, width, found["id"], nodes))
            if window.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
                wrong.append((page, theme, width, "wider than the window", []))
    assert wrong == []


def test_who_has_no_mouse_opens_the_first_notebook_and_sees_where_they_are(address, window):
    window.goto(address)
    seen = []
    while not seen or seen[-1]["words"] != "Start in this browser":
        window.keyboard.press("Tab")
        seen.append(window.evaluate(FOCUSED))
        assert seen[-1], [one["words"] for one in seen[:-1]]
    assert seen[0]["words"] == "Skip to main content"
    assert [one["words"] for one in seen if not one["outlined"]] == []
