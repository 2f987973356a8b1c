"""Packages of a part of this project, built from what is installed: no clone and no network are needed."""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from autograder.installed import PROJECT, license_text, requirements

SKIPPED = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")


@dataclass(frozen=True)
class Edition:
    """What a package is called, its files by their place in it, the project's extras it needs, its commands.

    ``readme`` is what a package index shows of it.
    """

    name: str
    summary: str
    files: Mapping[str, Path]
    extras: tuple[str, ...] = ()
    scripts: Mapping[str, str] = field(default_factory=dict)
    readme: str = ""


def build_wheel(edition: Edition, into: Path) -> Path:
    """Build the edition's wheel, in the project's own version and licence, into an existing directory."""
    with _as_project(edition) as root:
        return Path(next(WheelBuilder(str(root)).build(directory=str(into.resolve()), versions=["standard"])))


def build_sdist(edition: Edition, into: Path) -> Path:
    """Build what the edition's wheel can be built from, likewise."""
    with _as_project(edition) as root:
        return Path(next(SdistBuilder(str(root)).build(directory=str(into.resolve()), versions=["standard"])))


@contextlib.contextmanager
def _as_project(edition: Edition) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        for place, path in edition.files.items():
            target = root / place
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                shutil.copytree(path, target, ignore=SKIPPED)
            else:
                shutil.copyfile(path, target)
        (root / "LICENSE").write_text(license_text(), encoding="utf-8")
        (root / "README.md").write_text(edition.readme or edition.summary, encoding="utf-8")
        (root / "pyproject.toml").write_text(_pyproject(edition), encoding="utf-8")
        yield root


def _pyproject(edition: Edition) -> str:
    """The edition's pyproject.toml; a JSON string or list of strings is one in TOML too."""
    metadata = importlib.metadata.metadata(PROJECT)
    packages = sorted({place.partition("/")[0] for place in edition.files})
    project = {
        "name": edition.name,
        "version": metadata["Version"],
        "description": edition.summary,
        "readme": "README.md",
        "requires-python": metadata["Requires-Python"],
        "license": "MIT",
        "license-files": ["LICENSE"],
        "dependencies": [str(requirement) for requirement in requirements(edition.extras)],
    }
    return "\n".join(
        [
            '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n[project]',
            *(f"{key} = {json.dumps(value)}" for key, value in project.items()),
            "\n[project.scripts]",
            *(f"{name} = {json.dumps(function)}" for name, function in edition.scripts.items()),
            f"\n[tool.hatch.build.targets.wheel]\npackages = {json.dumps(packages)}\n",
        ]
    )
