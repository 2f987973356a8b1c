"""Wheels of a part of this project, built from what is installed: no clone and no network are needed."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

from autograder.installed import PROJECT, license_text, requirements

SKIPPED = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")


@dataclass(frozen=True)
class Edition:
    """What a wheel is called, its files by their place in it, the project's extras it needs, its commands."""

    name: str
    summary: str
    files: Mapping[str, Path]
    extras: tuple[str, ...] = ()
    scripts: Mapping[str, str] = field(default_factory=dict)


def build_wheel(edition: Edition, into: Path) -> Path:
    """Build the edition's wheel, in the project's own version and licence, into an existing directory."""
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
        (root / "pyproject.toml").write_text(_pyproject(edition), encoding="utf-8")
        built = next(WheelBuilder(str(root)).build(directory=str(into.resolve()), versions=["standard"]))
    return Path(built)


def _pyproject(edition: Edition) -> str:
    """The edition's pyproject.toml; a JSON string or list of strings is one in TOML too."""
    metadata = importlib.metadata.metadata(PROJECT)
    packages = sorted({place.partition("/")[0] for place in edition.files})
    project = {
        "name": edition.name,
        "version": metadata["Version"],
        "description": edition.summary,
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
