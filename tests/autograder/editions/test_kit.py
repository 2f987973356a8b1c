"""The student kit gives nothing away, and is all that assignment 1 needs: installed from its wheel alone."""

import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import matplotlib
import nbformat
import pytest
from commands import course_here

from autograder.course import Course
from autograder.editions.kit import _duration, make_kit
from autograder.errors import CourseError
from autograder.rehearsal.compose import Composer
from autograder.sources.source import read_source

REPOSITORY = Path(__file__).parents[3]
FIRST = "01_flat_backprop"
TELLING = 16  # shorter lines, and imports, occur in innocent places
# Lines of a solution or of a hidden test that other notebooks, the checker or the figures need as well.
INNOCENT = {
    'with np.errstate(all="ignore"):',
    "for _ in range(2):",
    "for name, gradient in grads.items():",
    "return dx, dw, db",
    "self.params = {}",
    "for _ in range(steps):",
    "for source in sources:",
    "graph.forward(**inputs)",
    "raise AssertionError(",
    "rng = np.random.default_rng(0)",
    "size = int(np.prod(shape))",
}


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The kit of this course, in full."""
    to = tmp_path_factory.mktemp("made") / "kit"
    assert course_here("kit", "--to", to, "--course", REPOSITORY) == 0
    return to


@pytest.fixture(scope="session")
def unpacked(made, tmp_path_factory):
    """The kit with its wheel unpacked beside the rest."""
    folder = tmp_path_factory.mktemp("unpacked") / "kit"
    shutil.copytree(made, folder)
    for wheel in folder.glob("*.whl"):
        zipfile.ZipFile(wheel).extractall(folder / "wheel")
        wheel.unlink()
    return folder


def lines_of(path):
    """Every line of text in a file, those inside a notebook's strings included."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".ipynb":
        text = "\n".join(strings(json.loads(text)))
    return {" ".join(line.split()) for line in text.split("\n")}


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def regions(sources, kind):
    """The lines between the markers of sources, and their other lines, without regard to cells."""
    inside, outside, within = set(), set(), False
    for line in (line for path in sources for line in path.read_text(encoding="utf-8").split("\n")):
        marker = re.search(rf"### (BEGIN|END) {kind}", line)
        within = marker[1] == "BEGIN" if marker else within
        (inside if within and not marker else outside).add(" ".join(line.removeprefix("# ").split()))
    return inside, outside


def test_no_line_of_a_solution_or_a_hidden_test_is_in_the_kit(unpacked):
    files = {path: lines_of(path) for path in unpacked.rglob("*") if path.is_file()}
    assert len(files) > 60
    sources = sorted((REPOSITORY / "solutions").glob("*/*.py"))
    assert len(sources) == len(list(unpacked.rglob("*.ipynb"))) == 6
    solutions, _ = regions(sources, "SOLUTION")
    hidden, shown = regions(sources, "HIDDEN TESTS")
    # A hidden test may call a function in the very words of a visible one.
    secret = {line for line in (solutions | (hidden - shown)) - INNOCENT if len(line) >= TELLING}
    secret = {line for line in secret if not line.startswith(("import ", "from "))}
    assert len(secret) > 1000
    assert {path.name: secret & lines for path, lines in files.items() if secret & lines} == {}


def test_the_reference_and_the_autograder_are_not_in_the_kit(unpacked):
    paths = [path.relative_to(unpacked) for path in unpacked.rglob("*")]
    assert [path for path in paths if {"reference", "autograder", "answers"} & set(path.parts)] == []
    assert {path.suffix for path in paths if (unpacked / path).is_file()} <= {
        *("", ".ipynb", ".md", ".npz", ".png", ".py", ".typed")  # nothing compiled, no database
    }
    for path in (unpacked / path for path in paths if (unpacked / path).is_file()):
        assert not any("course_lib.reference" in line for line in lines_of(path)), path
        assert not any(re.search("(BEGIN|END) (SOLUTION|HIDDEN)", line) for line in lines_of(path)), path


def test_the_wheel_holds_the_files_of_course_lib_as_they_are(unpacked):
    ours = {
        path.relative_to(REPOSITORY): path.read_bytes()
        for path in (REPOSITORY / "course_lib").rglob("*")
        if path.is_file() and not {"reference", "__pycache__"} & set(path.parts)
    }
    assert len(ours) > 50
    assert ours == {place: (unpacked / "wheel" / place).read_bytes() for place in ours}


def test_the_readme_names_the_wheel_and_the_licence_is_there(made):
    (wheel,) = made.glob("*.whl")
    readme = (made / "README.md").read_text(encoding="utf-8")
    assert f"python -m pip install ./{wheel.name}" in readme
    assert "    .venv\\Scripts\\Activate.ps1\n" in readme
    assert "MIT License" in (made / "LICENSE").read_text(encoding="utf-8")


def test_the_readme_says_where_to_start_and_the_page_for_students_comes_with_its_pictures(made):
    readme = (made / "README.md").read_text(encoding="utf-8")
    assert f"Begin with `assignments/{FIRST}/flat_backprop.ipynb`" in readme
    notebooks = sorted(made.glob("assignments/*/*.ipynb"))
    assert all(f"| `{path.relative_to(made)}` | " in readme for path in notebooks)
    page = (made / "docs" / "students.md").read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([\w./-]+)\)", page)
    assert linked
    assert [name for name in linked if not (made / "docs" / name).is_file()] == []
    assert "ipywidgets" in metadata_of(made)


def metadata_of(made):
    """What the kit's wheel says of itself."""
    (wheel,) = made.glob("*.whl")
    archive = zipfile.ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
    return archive.read(name).decode()


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, ""), (10, "0.5 hour"), (60, "1 hour"), (100, "1.5 hours"), (235, "4 hours")]
)
def test_minutes_are_told_in_hours_and_halves(minutes, said):
    assert _duration(minutes) == said


def test_a_course_without_sources_in_text_is_refused(course, source_path, tmp_path):
    source_path.unlink()
    with pytest.raises(CourseError, match="there is no source in text below"):
        make_kit(course, tmp_path / "kit")
    assert not (tmp_path / "kit").exists()


def test_a_directory_in_use_and_a_stale_release_are_refused(built_course, tmp_path, capsys):
    course = built_course
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep", encoding="utf-8")
    assert course_here("kit", "--to", tmp_path / "mine", "--course", course.root) == 2
    assert "is not an empty directory: choose another --to" in capsys.readouterr().err
    released = course.assignments / "01_square" / "square.ipynb"
    released.write_text(released.read_text(encoding="utf-8").replace("Squares", "Cubes"), encoding="utf-8")
    assert course_here("kit", "--to", tmp_path / "new", "--course", course.root) == 2
    assert "square.ipynb is not what its source builds: run `course build`" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_what_lies_beside_a_release_comes_along_but_no_other_notebook(built_course, tmp_path):
    course = built_course
    beside = course.assignments / "01_square"
    (beside / "square.png").write_bytes(b"a picture")
    shutil.copy(beside / "square.ipynb", beside / "square-solved.ipynb")
    assert course_here("kit", "--to", tmp_path / "kit", "--course", course.root) == 0
    found = sorted(path.name for path in (tmp_path / "kit" / "assignments" / "01_square").iterdir())
    assert found == ["square.ipynb", "square.png"]


@pytest.mark.slow
def test_assignment_1_is_completed_with_the_kit_in_a_fresh_environment(made, tmp_path):
    if shutil.which("uv") is None and not os.environ.get("CI"):
        pytest.skip("needs uv, to make an environment quickly: pip install uv")
    shutil.copytree(made, tmp_path / "kit")
    python = tmp_path / "fresh" / "bin" / "python"
    (wheel,) = (tmp_path / "kit").glob("*.whl")
    # From the repository's root, uv takes packages as old as this project's own settings say.
    subprocess.run(["uv", "venv", "--quiet", tmp_path / "fresh"], cwd=REPOSITORY, check=True)
    install = ["uv", "pip", "install", "--quiet", "--python", python, wheel]
    subprocess.run(install, cwd=REPOSITORY, check=True)

    notebook = tmp_path / "kit" / "assignments" / FIRST / "flat_backprop.ipynb"
    released = nbformat.read(notebook, as_version=4)
    source = read_source(Course(REPOSITORY).source_of(FIRST))
    nbformat.write(Composer(source, released, ()).submission("me", "perfect").notebook, notebook)
    environment = {"PATH": f"{python.parent}:/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    environment["MPLCONFIGDIR"] = matplotlib.get_configdir()  # where the fonts were looked through already
    command = [python, "-m", "jupyter", "execute", "--inplace", notebook.name]
    done = subprocess.run(command, cwd=notebook.parent, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

    cells = nbformat.read(notebook, as_version=4).cells
    locked = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("locked") and cell.outputs]
    # one figure shows what a slip looks like
    graded = [cell for cell in locked if not cell.metadata.nbgrader.grade_id.startswith("figure-")]
    tables = "\n".join(
        output.text for cell in graded for output in cell.outputs if output.output_type == "stream"
    )
    assert tables.count("✓") >= len([cell for cell in graded if cell.metadata.nbgrader.grade]) > 10
    assert "✗" not in tables
    where = (
        "import importlib.util as u; "
        "print(u.find_spec('course_lib').origin, u.find_spec('course_lib.reference'))"
    )
    found = subprocess.run(
        [python, "-c", where], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert found.stdout.split() == [str(next((tmp_path / "fresh").rglob("course_lib/__init__.py"))), "None"]
