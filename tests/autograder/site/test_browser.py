import json
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.authoring.build import BuiltNotebook
from autograder.site import browser
from autograder.site.browser import EXTENSION, FROM_PYODIDE, repacked, stage_lite


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """An installed distribution of plain Python, with a command and what its installation left behind."""
    place = tmp_path / "site-packages"
    info = "plain_thing-1.2.dist-info"
    files = {
        "plain_thing/b.py": "b = 2",
        "plain_thing/a.py": "a = 1",
        "plain_thing/tests/test_a.py": "",
        "plain_thing/__pycache__/a.cpython-311.pyc": "",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: plain-thing\nVersion: 1.2\n",
        f"{info}/INSTALLER": "pip",
        f"{info}/WHEEL": "Wheel-Version: 1.0",
        "../bin/plain-thing": "#!python",
    }
    for name, text in files.items():
        (place / name).resolve().parent.mkdir(parents=True, exist_ok=True)
        (place / name).resolve().write_text(text, encoding="utf-8")
    record = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    (place / info / "RECORD").write_text(record, encoding="utf-8")
    monkeypatch.syspath_prepend(str(place))
    return info


def test_a_wheel_is_packed_again_without_what_its_installation_left(installed, tmp_path):
    wheel = repacked("plain_thing", tmp_path)
    assert wheel == tmp_path / "plain_thing-1.2-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = [
            f"{installed}/METADATA",
            f"{installed}/WHEEL",
            "plain_thing/a.py",
            "plain_thing/b.py",
            f"{installed}/RECORD",
        ]
        assert sorted(archive.namelist()[:-1]) == archive.namelist()[:-1] == names[:-1]
        assert archive.namelist()[-1] == names[-1]
        assert archive.read("plain_thing/b.py") == b"b = 2"
        assert archive.read(names[-1]).decode() == "".join(f"{name},,\n" for name in names)
        assert {entry.date_time for entry in archive.infolist()} == {(2020, 1, 1, 0, 0, 0)}
        assert {entry.compress_type for entry in archive.infolist()[:-1]} == {zipfile.ZIP_DEFLATED}


@pytest.fixture
def lite(course, tmp_path, monkeypatch, installed):
    """What is staged of two assignments with one wheel packed again, and one of ours."""
    source = tmp_path / "source"
    source.mkdir()
    (tmp_path / "extensions" / EXTENSION / "static").mkdir(parents=True)
    (tmp_path / "extensions" / "another").mkdir()
    (tmp_path / "extensions" / EXTENSION / "package.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(browser, "INSTALLED", tmp_path / "extensions")
    monkeypatch.setattr(browser, "REPACKED", ("plain_thing",))
    monkeypatch.setattr(browser, "student_package", lambda facts: f"of {facts.title}")
    monkeypatch.setattr(browser, "build_wheel", lambda edition, into: into / f"{edition}.whl")
    monkeypatch.setattr(course, "facts", SimpleNamespace(title="A course"))
    releases = [
        BuiltNotebook(None, course.assignments / name / f"{name}.ipynb", f"é {name}", Path())
        for name in ("01", "02")
    ]
    stage_lite(course, releases, source, "https://p.example/full//")
    return source


def test_the_notebooks_lie_each_in_the_folder_of_its_assignment(lite):
    found = {path.relative_to(lite).as_posix(): path.read_text("utf-8") for path in lite.rglob("*.ipynb")}
    assert found == {"lite_contents/01/01.ipynb": "é 01", "lite_contents/02/02.ipynb": "é 02"}


def test_the_kernel_loads_all_packages_at_once_from_where_it_looks_for_them(lite):
    settings = json.loads((lite / "lite" / "jupyter-lite.json").read_text(encoding="utf-8"))
    assert settings["jupyter-lite-schema-version"] == 0
    data = settings["jupyter-config-data"]
    kernel = data.pop("litePluginSettings")["@jupyterlite/pyodide-kernel-extension:kernel"]
    assert data == {
        "appName": "A course",
        "contentsStorageName": browser.STORAGE,
        "exposeAppInBrowser": True,
    }
    assert kernel["pyodideUrl"] == "https://p.example/full/pyodide.js"
    assert kernel["disablePyPIFallback"] is False
    assert kernel["loadPyodideOptions"]["packages"] == [
        *FROM_PYODIDE,
        "../../../../pypi/plain_thing-1.2-py3-none-any.whl",
        "../../../../pypi/of A course.whl",
    ]


def test_the_name_of_the_store_is_the_one_that_the_page_looks_into():
    script = (browser.Path(browser.__file__).parent / "static" / "open.js").read_text(encoding="utf-8")
    assert f'"{browser.STORAGE}' in script or f"'{browser.STORAGE}" in script


def test_the_laboratory_is_built_with_one_extension_and_our_wheels(lite):
    how = json.loads((lite / "jupyter_lite_config.json").read_text(encoding="utf-8"))
    assert how == {
        "LiteBuildConfig": {
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
            "ignore_sys_prefix": ["federated_extensions"],
        },
        "FederatedExtensionAddon": {"extra_labextensions_path": [str(lite / "lite_extensions")]},
        "PipliteAddon": {
            "piplite_urls": [
                str(lite / "lite" / name) for name in ("plain_thing-1.2-py3-none-any.whl", "of A course.whl")
            ]
        },
    }
    assert [path.name for path in (lite / "lite_extensions").iterdir()] == ["@jupyterlite"]
    assert (lite / "lite_extensions" / EXTENSION / "package.json").read_text() == "{}"
    assert (lite / "lite_extensions" / EXTENSION / "static").is_dir()
