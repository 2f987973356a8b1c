"""JupyterLite for the site: the notebooks, and the student package with what it imports, as wheels."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.authoring.build import BuiltNotebook
from autograder.course import Course
from autograder.editions.kit import student_package
from autograder.editions.wheel import build_wheel

# Plain Python that the student package and the kernel import and Pyodide does not bring on its own.
REPACKED = ("comm", "networkx", "tqdm")
# From micropip on, what the kernel asks for one by one once Python runs, unless named: then all come at once.
FROM_PYODIDE = ("numpy", "matplotlib", "micropip", "ssl", "sqlite3", "jedi", "ipython")
# Of the laboratory's extensions, the kernel alone: others that happen to be installed here are built for
# other versions of it, and keep it from starting.
EXTENSION = "@jupyterlite/pyodide-kernel-extension"
INSTALLED = Path(sys.prefix, "share", "jupyter", "labextensions")
# The kernel resolves addresses of packages against its own script, four directories below the wheels.
FROM_KERNEL = "../../../../pypi/"
OF_AN_INSTALLATION = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json")
# The name of the database in which browsers keep the work; static/open.js has it too.
STORAGE = "backprop-course"


def stage_lite(course: Course, releases: Sequence[BuiltNotebook], source: Path, pyodide: str) -> None:
    """Write below ``source`` what JupyterLite is built from: contents, wheels and its configuration."""
    contents, lite = source / "lite_contents", source / "lite"
    lite.mkdir()
    for release in releases:
        folder = contents / release.path.parent.name
        folder.mkdir(parents=True)
        (folder / release.path.name).write_text(release.content, encoding="utf-8")
    wheels = [repacked(name, lite) for name in REPACKED] + [build_wheel(student_package(course.facts), lite)]
    packages = [*FROM_PYODIDE, *(FROM_KERNEL + wheel.name for wheel in wheels)]
    kernel = {
        "pyodideUrl": f"{pyodide.rstrip('/')}/pyodide.js",
        "disablePyPIFallback": False,
        "loadPyodideOptions": {"packages": packages},
    }
    settings: dict[str, Any] = {
        "appName": course.facts.title,
        "contentsStorageName": STORAGE,
        "exposeAppInBrowser": True,  # for tests
        "litePluginSettings": {f"{EXTENSION}:kernel": kernel},
    }
    _write(lite / "jupyter-lite.json", {"jupyter-lite-schema-version": 0, "jupyter-config-data": settings})
    extensions = source / "lite_extensions"
    shutil.copytree(INSTALLED / EXTENSION, extensions / EXTENSION)
    how = {
        "LiteBuildConfig": {
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
            "ignore_sys_prefix": ["federated_extensions"],
        },
        "FederatedExtensionAddon": {"extra_labextensions_path": [str(extensions)]},
        "PipliteAddon": {"piplite_urls": [str(wheel) for wheel in wheels]},
    }
    _write(source / "jupyter_lite_config.json", how)


def _write(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, indent=1), encoding="utf-8")


def repacked(name: str, into: Path) -> Path:
    """The wheel that an installed distribution of plain Python came from, but for its commands."""
    distribution = importlib.metadata.distribution(name)
    files = [file for file in distribution.files or [] if not {"..", "tests"} & {*file.parts}]
    wheel = into / f"{name}-{distribution.version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(files, key=str):
            if file.suffix != ".pyc" and file.name not in OF_AN_INSTALLATION:
                entry = zipfile.ZipInfo(str(file), (2020, 1, 1, 0, 0, 0))
                archive.writestr(entry, file.read_binary(), zipfile.ZIP_DEFLATED)
        folder = f"{name}-{distribution.version}.dist-info"
        record = "".join(f"{entry},,\n" for entry in [*archive.namelist(), f"{folder}/RECORD"])
        archive.writestr(zipfile.ZipInfo(f"{folder}/RECORD", (2020, 1, 1, 0, 0, 0)), record)
    return wheel
