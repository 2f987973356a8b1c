"""A package of some files: what its metadata says, what is left out, and where it is built."""

import tarfile
import tomllib
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement

from autograder.editions import wheel
from autograder.editions.wheel import Edition, build_sdist, build_wheel


@pytest.fixture
def edition(tmp_path, monkeypatch):
    """An edition of a folder and a file; what is installed is version 1.2."""
    package = tmp_path / "sources" / "kept"
    (package / "__pycache__").mkdir(parents=True)
    for name in ("__init__.py", "old.pyc", ".hidden", "data.txt", "__pycache__/x.txt"):
        (package / name).write_text("x = 1\n", encoding="utf-8")
    metadata = {"Version": "1.2", "Requires-Python": ">=3.11"}
    monkeypatch.setattr(
        wheel, "importlib", SimpleNamespace(metadata=SimpleNamespace(metadata={wheel.PROJECT: metadata}.get))
    )
    needed = {("more",): [Requirement("numpy>=1.26"), Requirement("tqdm")]}
    monkeypatch.setattr(wheel, "requirements", needed.get)
    monkeypatch.setattr(wheel, "license_text", lambda: "The licence.")
    files = {"kept": package, "another/deep/one.py": package / "data.txt"}
    return Edition("our-kit", 'Has a "part".', files, ("more",), {"run": "kept:main"}, "# A kit\n")


def test_the_wheel_holds_its_files_and_commands_and_nothing_that_was_compiled_or_hidden(edition, tmp_path):
    (tmp_path / "made").mkdir()
    path = build_wheel(edition, tmp_path / "made")
    assert path == tmp_path / "made" / "our_kit-1.2-py3-none-any.whl"
    with zipfile.ZipFile(path) as opened:
        named = {name for name in opened.namelist() if "dist-info" not in name}
        assert named == {"kept/__init__.py", "kept/data.txt", "another/deep/one.py"}
        info = "our_kit-1.2.dist-info"
        assert "run = kept:main" in opened.read(f"{info}/entry_points.txt").decode()
        assert opened.read(f"{info}/licenses/LICENSE") == b"The licence."
        said = opened.read(f"{info}/METADATA").decode()
    for line in ('Summary: Has a "part".', "Requires-Python: >=3.11", "Requires-Dist: tqdm", "# A kit"):
        assert f"{line}\n" in said


def test_the_sdist_holds_what_the_wheel_can_be_built_from(edition, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = build_sdist(edition, Path())
    assert path == tmp_path / "our_kit-1.2.tar.gz"
    with tarfile.open(path) as opened:
        named = {name.partition("/")[2] for name in opened.getnames()}
    assert {"pyproject.toml", "LICENSE", "README.md", "kept/data.txt", "another/deep/one.py"} <= named


def test_metadata_is_the_projects_own_but_for_what_the_edition_says(edition):
    said = tomllib.loads(wheel._pyproject(edition))
    assert said["build-system"] == {"requires": ["hatchling"], "build-backend": "hatchling.build"}
    assert said["project"] == {
        "name": "our-kit",
        "version": "1.2",
        "description": 'Has a "part".',
        "readme": "README.md",
        "requires-python": ">=3.11",
        "license": "MIT",
        "license-files": ["LICENSE"],
        "dependencies": ["numpy>=1.26", "tqdm"],
        "scripts": {"run": "kept:main"},
    }
    assert said["tool"]["hatch"]["build"]["targets"]["wheel"] == {"packages": ["another", "kept"]}


def test_without_a_text_of_its_own_an_index_shows_the_summary(edition):
    with wheel._as_project(Edition("x", "A summary.", edition.files, ("more",))) as root:
        assert (root / "README.md").read_text(encoding="utf-8") == "A summary."
    assert not root.exists()
