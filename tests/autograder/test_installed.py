"""What this project requires here, with which extras; and its licence, which every edition carries."""

from types import SimpleNamespace

import pytest

from autograder import installed

LINES = [
    "numpy>=1.26",
    'tomli; python_version < "3"',
    'colorama>=0.4; python_version >= "3"',
    'dask[distributed]>=2024; extra == "cluster"',
    'Zarr; extra == "cluster" and python_version < "3"',
    'psycopg; extra == "postgresql"',
]


@pytest.fixture
def required(monkeypatch):
    """What is required with these extras, as text, by name."""
    monkeypatch.setattr(
        installed.importlib.metadata, "requires", {"backprop-course": LINES, "empty": None}.__getitem__
    )
    return lambda *extras: [str(requirement) for requirement in installed.requirements(extras)]


def test_without_extras_only_what_everybody_needs_on_this_python_is_required(required):
    assert required() == ['colorama>=0.4; python_version >= "3"', "numpy>=1.26"]


def test_what_stands_under_an_extra_is_required_without_it(required):
    assert required("cluster") == [
        'colorama>=0.4; python_version >= "3"',
        "dask[distributed]>=2024",
        "numpy>=1.26",
    ]
    assert required("postgresql", "cluster")[-1] == "psycopg"


def test_a_project_that_requires_nothing_has_no_requirements(required, monkeypatch):
    monkeypatch.setattr(installed, "PROJECT", "empty")
    assert required("cluster") == []


def test_the_licence_is_the_installed_one_or_nothing(monkeypatch):
    assert installed.license_text().startswith("MIT License")
    nothing = SimpleNamespace(read_text=lambda name: None)
    monkeypatch.setattr(installed.importlib.metadata, "distribution", lambda name: nothing)
    assert installed.license_text() == ""
