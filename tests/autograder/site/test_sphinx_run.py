from types import SimpleNamespace

import pytest

pytest.importorskip("sphinx", reason="needs what the extra `site` installs")

from docutils import nodes

from autograder.errors import CourseError
from autograder.site import sphinx_run
from autograder.site.sphinx_run import configuration, run_sphinx


def test_the_configuration_has_the_course_and_where_things_are(tmp_path):
    told = configuration(tmp_path / "source", "A course", "")
    assert (told["project"], told["html_title"]) == ("A course", "A course")
    assert "autograder.site.sphinx_run" in told["extensions"]
    assert told["jupyterlite_dir"] == str(tmp_path / "source" / "lite")
    assert told["jupyterlite_contents"] == str(tmp_path / "source" / "lite_contents" / "*")
    assert told["jupyterlite_config"] == str(tmp_path / "source" / "jupyter_lite_config.json")
    for part in ("jupyterlite_dir", "jupyterlite_contents"):  # which are no pages
        assert told[part].removeprefix(f"{tmp_path}/source/").split("/")[0] in told["exclude_patterns"]
    assert told["nb_execution_mode"] == "off"
    assert told["html_math_renderer"] == "mathml"


def test_the_repository_is_linked_if_there_is_one(tmp_path):
    themes = [configuration(tmp_path, "A", repository)["html_theme_options"] for repository in ("o/n", "")]
    assert themes[0]["github_url"] == "https://github.com/o/n"
    assert themes[0] == {**themes[1], "github_url": "https://github.com/o/n"}
    assert "github_url" not in themes[1]


@pytest.fixture
def sphinx(monkeypatch):
    """Stands for Sphinx: leaves files behind, and warns of what the test says."""
    said = SimpleNamespace(warns="", status=0, asked=None)

    class Sphinx:
        statuscode = 0

        def __init__(self, source, conf, into, doctrees, builder, settings, *, status, warning):
            said.asked = (source, conf, into, doctrees, builder, settings, status)
            self.into, self.warning = into, warning

        def build(self, force_all):
            assert force_all
            for name in ("_sources/a.md", ".buildinfo", "_static/webpack-macros.html", "index.html"):
                (self.into / name).parent.mkdir(parents=True, exist_ok=True)
                (self.into / name).touch()
            self.warning.write(said.warns)
            self.statuscode = said.status

    monkeypatch.setattr(sphinx_run, "Sphinx", Sphinx)
    return said


def test_a_site_is_built_whole_and_what_nobody_needs_is_removed(sphinx, tmp_path):
    source, into = tmp_path / "source", tmp_path / "site"
    run_sphinx(source, into, tmp_path / "trees", "A course", "o/n")
    settings = configuration(source, "A course", "o/n")
    assert sphinx.asked == (source, None, into, tmp_path / "trees", "html", settings, None)
    assert sorted(path.relative_to(into).as_posix() for path in into.rglob("*")) == ["_static", "index.html"]


@pytest.mark.parametrize(
    ("warns", "status", "says"),
    [
        ("{source}/a.md:3: no such page\n\n", 0, "a.md:3: no such page"),
        ("", 1, ""),
    ],
)
def test_a_warning_is_an_error(sphinx, tmp_path, warns, status, says):
    sphinx.warns, sphinx.status = warns.format(source=tmp_path), status
    with pytest.raises(CourseError) as refused:
        run_sphinx(tmp_path, tmp_path / "site", tmp_path / "trees", "A", "")
    assert str(refused.value) == f"the site could not be built without a warning:\n{says}"


def test_mathematics_becomes_mathml_which_scrolls_where_it_is_a_block():
    renderers = {}

    def add(name, inline_renderers, block_renderers):
        renderers.update({"name": name, "inline": inline_renderers, "block": block_renderers})

    assert sphinx_run.setup(SimpleNamespace(add_html_math_renderer=add)) == {
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
    assert renderers["name"] == "mathml"
    shown = {}
    for kind, node in (("inline", nodes.math("", "x^2")), ("block", nodes.math_block("", "x^2"))):
        translator = SimpleNamespace(body=[])
        visit, depart = renderers[kind]
        with pytest.raises(nodes.SkipNode):
            visit(translator, node)
        assert depart is None
        (shown[kind],) = translator.body
    assert shown["inline"].startswith("<math ")
    assert 'display="inline"' in shown["inline"]
    assert shown["block"].startswith('<div class="math-block" tabindex="0"><math ')
    assert 'display="block"' in shown["block"]
    assert shown["block"].endswith("</math></div>\n")
