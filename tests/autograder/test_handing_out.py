"""The commands for what leaves a course: what each hands on, and what it says."""

import contextlib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.exports import Wanted
from autograder.site import SiteOptions
from autograder.site.build import PYODIDE


@pytest.fixture
def courses(monkeypatch):
    """A course is a place, which keeps nothing from being replaced."""

    class Place:
        def __init__(self, root):
            self.root = root

        def refuse_to_replace(self, path):
            assert isinstance(path, Path)

    monkeypatch.setattr("autograder.handing_out.Course", Place)


def ran(*line):
    result = CliRunner().invoke(app, [*map(str, line)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize(
    ("line", "maker", "made", "given", "says"),
    [
        (
            *("solutions 01 --to out", "autograder.editions.worked.write_solutions", "out/01.html"),
            *(["01", Path("out")], "wrote out/01.html\n"),
        ),
        (
            *("kit 01 02 --to out", "autograder.editions.kit.make_kit", Path("out/a.whl")),
            *([Path("out"), ["01", "02"]], "wrote out, with a.whl\n"),
        ),
        (
            "kit --to out",
            "autograder.editions.kit.make_kit",
            Path("a"),
            [Path("out"), ()],
            "wrote out, with a\n",
        ),
        (
            *("packages --to out", "autograder.editions.kit.make_packages", ["a.whl", "a.tar.gz"]),
            *([Path("out")], "wrote a.whl\nwrote a.tar.gz\n"),
        ),
        (
            *(
                "gradescope 01 --to a.zip --visibility hidden",
                "autograder.gradescope.archive.write_archive",
                None,
            ),
            *(
                ["01", Path("a.zip"), "hidden", {"unsafe": False}],
                "wrote a.zip: upload it under Configure Autograder, and give it to no student\n",
            ),
        ),
    ],
)
@pytest.mark.usefixtures("courses")
def test_a_command_hands_on_what_it_was_told_and_says_what_was_made(
    monkeypatch, line, maker, made, given, says
):
    seen = []

    def make(course, *told, **named):
        assert course.root == Path("c")
        seen.extend([*told, named] if named else told)
        return made

    monkeypatch.setattr(maker, make)
    assert ran(*line.split(), "--course", "c") == says
    assert seen == given


@pytest.mark.usefixtures("courses")
def test_grades_are_written_and_what_is_to_be_known_of_them_is_said_beside(monkeypatch):
    seen = []

    @contextlib.contextmanager
    def opened(course):
        yield ("gradebook of", course.root)

    def write(course, gradebook, wanted):
        seen.append((course.root, gradebook, wanted))
        return ["ada is not graded"]

    monkeypatch.setattr("autograder.gradebook.opening.open_gradebook", opened)
    monkeypatch.setattr("autograder.exports.write_export", write)
    told = ["--assignment", "01", "--student", "ada", "--student", "bob", "--roster", "class.csv"]
    result = CliRunner().invoke(
        app, ["export", "--format", "canvas", "--to", "g.csv", "--course", "c", *told]
    )
    assert (result.stdout, result.stderr) == ("wrote g.csv\n", "ada is not graded\n")
    ran("export", "--format", "csv", "--to", "g.csv", "--course", "c")
    assert seen == [
        (Path("c"), ("gradebook of", Path("c")), wanted)
        for wanted in (
            Wanted("canvas", Path("g.csv"), ["01"], ["ada", "bob"], Path("class.csv")),
            Wanted("csv", Path("g.csv"), (), (), None),
        )
    ]


@pytest.mark.usefixtures("courses")
def test_a_site_is_built_and_how_to_open_it_is_said(monkeypatch):
    seen = []
    monkeypatch.setattr(
        "autograder.site.build_site",
        lambda course, *told: seen.append((course.root, *told[:2])) or told[2]("hm"),
    )
    said = ran("site", "--to", "a site", "--course", "c", "--no-samples")
    assert said == (
        "hm\nwrote a site: open it through a web server, such as python -m http.server --directory 'a site'\n"
    )
    ran("site", "--to", "out", "--pyodide", "https://p", "--repository", "o/n")
    assert seen == [
        (Path("c"), Path("a site"), SiteOptions(PYODIDE, "", False)),
        (Path(), Path("out"), SiteOptions("https://p", "o/n", True)),
    ]


def test_none_of_them_replaces_what_a_course_is_made_of(tmp_path, monkeypatch):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for line in (["export", "--format", "csv"], ["gradescope", "01"]):
        result = CliRunner().invoke(app, [*line, "--to", "nbgrader_config.py"])
        assert "nbgrader_config.py" in str(result.exception), line
    assert (tmp_path / "nbgrader_config.py").read_text(encoding="utf-8") == "c = get_config()\n"
