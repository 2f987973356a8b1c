"""What a page of the site says before it opens a notebook, in browsers that lack something; nothing is lost.

The page is made of the site's own button and script, so that no site has to be built.
"""

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from browser.conftest import ASSIGNMENT, NOTEBOOK, PATIENCE, REPOSITORY
from built_site import served

from autograder.site.browser import STORAGE
from autograder.site_pages.notebooks import SAYS, opens_here

PLACE = f"{ASSIGNMENT}/{NOTEBOOK}"
RELEASED = REPOSITORY / "assignments" / PLACE
OPENED = "lite/notebooks/index.html"
NO_WEBASSEMBLY = "delete window.WebAssembly"
REFUSED = "IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError'); }"
# As browsers do it: the change is undone as a whole when there is no room for it.
FULL = "IDBObjectStore.prototype.put = function () { this.transaction.abort(); }"
FULL_AT_ONCE = """
IDBFactory.prototype.open = () => {
  const asked = new EventTarget();
  setTimeout(() => { asked.error = new DOMException('full', 'QuotaExceededError'); asked.onerror(); });
  return asked;
};
"""
KEEP = """([storage, place, content]) => new Promise((resolve, reject) => {
  const asked = indexedDB.open(storage);
  asked.onupgradeneeded = () => asked.result.createObjectStore("files");
  asked.onerror = reject;
  asked.onsuccess = () => {
    const change = asked.result.transaction("files", "readwrite");
    change.objectStore("files").put({path: place, type: "notebook", format: "json", content}, place);
    change.oncomplete = () => { asked.result.close(); resolve(); };
  };
})"""
READ = "(place) => stored(place).then((content) => JSON.stringify(content))"


@pytest.fixture
def site(tmp_path):
    """The address of a page with one button, the notebook it opens, and a Python to load."""
    (tmp_path / OPENED).parent.mkdir(parents=True)
    (tmp_path / OPENED).write_text("<h1>The laboratory</h1>")
    (tmp_path / "lite" / "files" / ASSIGNMENT).mkdir(parents=True)
    shutil.copy(RELEASED, tmp_path / "lite" / "files" / PLACE)
    shutil.copy(Path(REPOSITORY, "autograder", "site", "static", "open.js"), tmp_path)
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "pyodide.js").touch()
    (tmp_path / "index.html").write_text(with_button("/python/"), encoding="utf-8")
    (tmp_path / "away.html").write_text(with_button("https://python.invalid/"), encoding="utf-8")
    with served(tmp_path) as address:
        yield address


def with_button(pyodide):
    button = opens_here(f"{OPENED}?path={PLACE}", PLACE, pyodide, "Open")
    return f'<!doctype html><script src="open.js"></script><p>{button}</p>{SAYS}'


@pytest.fixture
def window(chromium):
    context = chromium.new_context()
    context.set_default_timeout(1000 * PATIENCE)
    yield context.new_page()
    context.close()


def sentence(window, address):
    """Click the button; what the page then says, without the way to open it all the same."""
    window.goto(address)
    window.click("a.course-open")
    window.locator(".course-says").wait_for()
    assert OPENED not in window.url
    said = window.locator(".course-says").inner_text()
    assert said.endswith(" Open it all the same.")
    return said.removesuffix(" Open it all the same.")


def opens(window, link="a.course-open"):
    window.click(link)
    window.wait_for_url(f"**/{OPENED}?path={PLACE}")


def is_one_sentence(text):
    return re.fullmatch(r"[^.]+(\([^)]*\))?[^.]*\.", text)


def test_with_all_that_it_takes_the_notebook_opens_without_a_word(site, window):
    window.goto(site)
    opens(window)


def test_without_webassembly_the_page_says_so(site, window):
    window.add_init_script(NO_WEBASSEMBLY)
    said = sentence(window, site)
    assert "no WebAssembly" in said
    assert is_one_sentence(said)


def test_without_a_network_the_page_says_so_and_opens_all_the_same(site, window):
    said = sentence(window, f"{site}/away.html")
    assert "there is no network" in said
    assert is_one_sentence(said)
    opens(window, ".course-says a")


def test_where_nothing_is_kept_the_page_says_so(site, window):
    window.add_init_script(REFUSED)
    said = sentence(window, site)
    assert "keeps nothing for this page" in said
    assert is_one_sentence(said)


@pytest.mark.parametrize("full", [FULL, FULL_AT_ONCE])
def test_where_storage_is_full_the_page_says_so_and_keeps_what_there_is(site, window, full):
    window.goto(site)
    window.evaluate(KEEP, [STORAGE, PLACE, "mine"])
    other = window.context.new_page()
    other.add_init_script(full)
    said = sentence(other, site)
    assert "storage is full" in said
    assert is_one_sentence(said)
    assert json.loads(window.evaluate(READ, PLACE)) == "mine"


def test_work_on_an_earlier_version_is_named_and_kept(site, window):
    mine = nbformat.read(RELEASED, as_version=4)
    check = next(cell for cell in mine.cells if cell.metadata.get("nbgrader", {}).get("grade"))
    check.source += "\n# as it was in spring"
    window.goto(site)
    window.evaluate(KEEP, [STORAGE, PLACE, mine])
    said = sentence(window, site)
    assert "an earlier version of this notebook" in said
    assert is_one_sentence(said)
    assert nbformat.from_dict(json.loads(window.evaluate(READ, PLACE))) == mine


def test_work_on_this_version_opens_without_a_word(site, window):
    mine = nbformat.read(RELEASED, as_version=4)
    next(cell for cell in mine.cells if cell.metadata.get("nbgrader", {}).get("solution")).source = "x = 1"
    mine.cells.append(nbformat.v4.new_code_cell("of_my_own = True"))
    window.goto(site)
    window.evaluate(KEEP, [STORAGE, PLACE, mine])
    window.goto(site)
    opens(window)
