"""The libraries that a release imports, wherever it does, by the names under which they are installed."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.gradescope import libraries
from autograder.gradescope.libraries import libraries_of
from autograder.grading.task import Release

INSTALLED = {
    "yaml": ["PyYAML", "another"],
    **{name: [name] for name in ("math", "pandas", "scipy", "skimage")},
}


@pytest.fixture(autouse=True)
def _installed(monkeypatch):
    monkeypatch.setattr(libraries.metadata, "packages_distributions", lambda: INSTALLED)


def release(*cells, **files):
    return Release("one", {"one": nbformat.writes(new_notebook(cells=list(cells)))}, files)


def test_what_cells_import_anywhere_or_the_solution_alone_is_named_but_not_what_python_brings():
    cells = [
        new_code_cell("%matplotlib inline\nimport pandas.core as pd, math\nfrom helper import x"),
        new_code_cell("def f():\n    from scipy.sparse import csr\n    import nowhere_to_be_found"),
        new_code_cell("this is no Python", metadata={"autograder": {"imports": ["import yaml"]}}),
        new_markdown_cell("import skimage"),
    ]
    assert libraries_of(release(*cells)) == ["PyYAML", "pandas", "scipy"]


def test_modules_beside_a_release_are_read_and_are_no_libraries(tmp_path):
    texts = {
        "scipy.py": b"import pandas\n",
        "data/yaml.py": b"# \xe4\nimport skimage",
        "a.txt": b"import yaml",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(text)
    cell = new_code_cell("import scipy, data")
    assert libraries_of(release(cell, **{name: tmp_path / name for name in texts})) == ["pandas", "skimage"]


@pytest.mark.parametrize("text", ["from . import yaml", "from .yaml import x", "import nothing.yaml", "("])
def test_what_is_imported_from_beside_or_out_of_another_package_or_by_no_python_is_none(text):
    assert libraries_of(release(new_code_cell(text))) == []
