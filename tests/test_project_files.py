"""What a project has beside its code says what is true of it."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet

REPOSITORY = Path(__file__).parents[1]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_pre_commit_runs_what_ci_checks_without_running_tests():
    ci = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
    checks = {line for line in ci.splitlines() if line.startswith("uv run") and "pytest" not in line}
    config = yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert {hook["entry"] for repo in config["repos"] for hook in repo["hooks"]} == checks


def test_each_change_is_one_item_of_a_kind_that_a_release_collects():
    towncrier = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "towncrier"
    ]
    kinds = {kind["directory"] for kind in towncrier["type"]}
    changes = list((REPOSITORY / towncrier["directory"]).glob("+*"))
    assert [
        path.name for path in changes if path.name.split(".")[1:] not in ([kind, "md"] for kind in kinds)
    ] == []
    # What collects them makes the list: a bullet of one's own would be a list in it.
    assert [path.name for path in changes if re.search(r"^\s*[*-] ", path.read_text("utf-8"), re.M)] == []


def test_the_citation_names_title_authors_and_licences_of_the_project():
    citation = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text(encoding="utf-8"))
    heading = (REPOSITORY / "README.md").read_text(encoding="utf-8").splitlines()[0]
    assert citation["title"] == heading.removeprefix("# ")
    assert [author["name"] for author in citation["authors"]] == [a["name"] for a in PROJECT["authors"]]
    assert " AND ".join(citation["license"]) == PROJECT["license"]
    assert all((REPOSITORY / name).is_file() for name in PROJECT["license-files"])


def test_the_claim_of_the_readme_is_the_figure_that_was_measured():
    claimed = re.search(r"0 of (\d+) published attacks", (REPOSITORY / "README.md").read_text("utf-8"))[1]
    measured = re.search(r"Of (\d+) attacks", (REPOSITORY / "docs" / "security.md").read_text("utf-8"))[1]
    assert claimed == measured


LONGEST_LINE = 150
NO_PROSE = re.compile(r"\s*(\||!\[|<)")  # tables, pictures, comments


def prose():
    """Every line of the documents outside code, tables, pictures and what a benchmark wrote."""
    for path in [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md")]:
        text = re.sub(
            r"(?ms)^ *```.*?^ *```$|^<!-- figures.*?^<!-- end of", "", path.read_text(encoding="utf-8")
        )
        yield from ((path.name, line) for line in text.splitlines() if not NO_PROSE.match(line))


def test_the_prose_of_documents_is_broken_by_sentences_and_long_ones_by_clauses():
    assert [(name, line) for name, line in prose() if len(line) > LONGEST_LINE] == []


@pytest.mark.parametrize("name", ["README.md", "pyproject.toml", "CITATION.cff", "SECURITY.md"])
def test_nothing_claims_more_than_can_be_checked(name):
    assert not re.search(r"cannot be (cheated|talked|fooled|broken)", (REPOSITORY / name).read_text("utf-8"))


def test_binder_installs_the_clone_on_a_python_that_the_project_supports():
    lines = (REPOSITORY / ".binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["."]
    version = (REPOSITORY / ".binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    assert SpecifierSet(PROJECT["requires-python"]).contains(version.removeprefix("python-"))


@pytest.mark.parametrize("made", ["clone without tags", "neither a clone nor an sdist", "tagged"])
def test_a_version_comes_from_the_tag_and_a_tree_without_one_has_a_version_too(made, tmp_path):
    metadata = pytest.importorskip("hatchling.metadata.core")
    pytest.importorskip("hatch_vcs")
    from hatchling.plugin.manager import PluginManager

    for name in ("pyproject.toml", "README.md", *PROJECT["license-files"]):
        shutil.copy(REPOSITORY / name, tmp_path)
    if made != "neither a clone nor an sdist":
        git(tmp_path, "init", "-q")
        git(tmp_path, "add", ".")
        git(tmp_path, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one")
    if made == "tagged":
        git(tmp_path, "tag", "v1.2.0")
    version = metadata.ProjectMetadata(str(tmp_path), PluginManager()).version
    assert re.fullmatch(
        {"tagged": r"1\.2\.0", "clone without tags": r"0\.0\.1\.dev\d+"}.get(made, r"0\.0\.0"), version
    )


def git(folder, *arguments):
    subprocess.run(["git", *arguments], cwd=folder, check=True)


def test_a_fragment_becomes_a_line_of_the_changelog(tmp_path):
    towncrier = shutil.which("towncrier", path=Path(sys.executable).parent)
    if towncrier is None:
        pytest.skip("needs towncrier: uv sync --group dev")
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    shutil.copy(REPOSITORY / "CHANGELOG.md", tmp_path)
    (tmp_path / "docs" / "changes").mkdir(parents=True)
    (tmp_path / "docs" / "changes" / "+boats.added.md").write_text("Boats float.\n", encoding="utf-8")
    shutil.copy(REPOSITORY / "docs" / "changes" / "README.md", tmp_path / "docs" / "changes")
    command = [towncrier, "build", "--version", "9.9.9", "--date", "2030-01-01", "--yes"]
    shown = subprocess.run([*command, "--draft"], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert re.search(r"## 9\.9\.9 \(2030-01-01\)\s+### Added\s+- Boats float\.\n", shown.stdout), shown.stdout
