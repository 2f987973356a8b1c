"""The site of this course, built once: all pages are there, no link is broken, every picture has words."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from built_site import built_site

from autograder.course import Course
from autograder.errors import CourseError
from autograder.site import SiteOptions, build_site

REPOSITORY = Path(__file__).parents[3]
MEGABYTES = 30
RAW = re.compile(r"\$[^$\n]*\\[a-zA-Z]+[^$\n]*\$")  # a formula as it is typed


class Page(HTMLParser):
    """The links, pictures without words and names of places of a page, and its text outside of code."""

    def __init__(self, path):
        super().__init__()
        self.links, self.silent, self.places, self.text, self.inside = [], [], set(), [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.places |= {found[key] for key in ("id", "name") if found.get(key)}
        self.links += [found[key] for key in ("href", "src") if found.get(key)]
        if tag == "img" and not found.get("alt"):
            self.silent.append(found.get("src"))
        if tag in ("pre", "code", "script", "style"):
            self.inside.append(tag)

    def handle_endtag(self, tag):
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside:
            self.text.append(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return built_site(tmp_path_factory)


@pytest.fixture(scope="module")
def pages(site):
    found = [path for path in site.rglob("*.html") if "lite" not in path.relative_to(site).parts]
    return {path: Page(path) for path in found}


@pytest.mark.slow
def test_every_assignment_document_and_sample_has_its_page(site, pages):
    names = {str(path.relative_to(site)) for path in pages}
    assert {"index.html", "syllabus.html", "api.html", "samples.html", "search.html"} <= names
    assert {"samples/report.html", "samples/feedback.html"} <= names
    assert {f"assignments/{name}.html" for name in Course(REPOSITORY).assignment_names()} <= names
    assert {f"docs/{path.stem}.html" for path in (REPOSITORY / "docs").glob("*.md")} <= names
    assert (site / "lite" / "notebooks" / "index.html").is_file()
    for name in Course(REPOSITORY).assignment_names():
        (here,) = (site / "lite" / "files" / name).glob("*.ipynb")
        assert here.read_bytes() == (REPOSITORY / "assignments" / name / here.name).read_bytes()


@pytest.mark.slow
def test_no_link_within_the_site_is_broken(site, pages):
    broken = []
    for path, page in pages.items():
        for link in page.links:
            address = urlsplit(link)
            if address.scheme or address.netloc or link.startswith("data:"):
                continue
            target = (path.parent / unquote(address.path)).resolve() if address.path else path
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file() or (
                address.fragment and target in pages and unquote(address.fragment) not in pages[target].places
            ):
                broken.append((str(path.relative_to(site)), link))
    assert broken == []


@pytest.mark.slow
def test_every_picture_has_words_and_no_formula_stands_as_it_was_typed(site, pages):
    assert {path.name: page.silent for path, page in pages.items() if page.silent} == {}
    raw = {path.name: RAW.findall("".join(page.text)) for path, page in pages.items()}
    assert {name: found for name, found in raw.items() if found} == {}


@pytest.mark.slow
def test_no_answer_is_in_the_site(site):
    page = (site / "assignments" / "01_flat_backprop.html").read_text(encoding="utf-8")
    assert "not written yet" in page
    assert not any("course_lib/reference" in str(path) for path in site.rglob("*"))


@pytest.mark.slow
def test_without_the_kernel_the_site_is_small(site):
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) <= MEGABYTES * 10**6


@pytest.mark.slow
def test_every_notebook_opens_here_in_colab_and_on_binder(site, pages):
    for name in Course(REPOSITORY).assignment_names():
        (notebook,) = (REPOSITORY / "assignments" / name).glob("*.ipynb")
        links = pages[site / "assignments" / f"{name}.html"].links
        assert f"../lite/notebooks/index.html?path={name}/{notebook.name}" in links
        path = f"assignments/{name}/{notebook.name}"
        assert f"https://colab.research.google.com/github/o/n/blob/main/{path}" in links
        assert f"https://mybinder.org/v2/gh/o/n/main?labpath={path.replace('/', '%2F')}" in links


def test_a_directory_that_holds_something_else_is_left_alone(tmp_path):
    pytest.importorskip("jupyterlite_sphinx", reason="needs what the extra `site` installs")
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(CourseError, match="neither empty nor an earlier site"):
        build_site(Course(REPOSITORY), tmp_path, SiteOptions())
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
