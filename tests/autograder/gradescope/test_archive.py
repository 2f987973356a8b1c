"""What is in the archive: configuration, points by hand, packages, files and their modes."""

import stat
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from roles import answer, graded, words

from autograder.errors import CourseError
from autograder.facts import CourseFacts
from autograder.gradescope import archive
from autograder.gradescope.archive import Config, read_config, write_archive
from autograder.grading.task import Release
from autograder.grading_settings import Settings
from autograder.student_side.packages import Packages
from autograder.submission.beside import digest_of

NOTEBOOK = new_notebook(
    cells=[
        answer(name="a-code", grade=True, points=1),
        words(name="a-words", grade=True, solution=True, points=0.5),
        graded(name="a-values", points=9),
        answer(name="a-answer", points=9),
        new_markdown_cell("## In words"),
        words(name="cell-0123456789abcdef", task=True, points=3),
    ]
)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Stands for a course whose one assignment is built, with a file beside it."""
    from traitlets.config import Config as Configuration

    config = Configuration()
    config.GradeApart = Configuration(
        sandbox="landlock", limits={"cell_seconds": 7.0}, student_files=["*.txt"]
    )
    config.CourseFacts = Configuration(packages=["json"], hidden_packages=["autograder.roles", "wave"])
    (tmp_path / "a.csv").write_bytes(b"1,2")
    release = Release("one", {"n": nbformat.writes(NOTEBOOK)}, {"data/a.csv": tmp_path / "a.csv"})
    monkeypatch.setattr(archive, "load_release", lambda course, name: {"one": release}[name])
    monkeypatch.setattr(archive, "libraries_of", lambda release: ["numpy", "backprop-course", "yaml"])

    installed = [("nbformat", "5.10"), (None, "1"), ("backprop-course", "2"), ("Jinja2", "3.1")]
    found = [SimpleNamespace(metadata={"Name": name}, version=version) for name, version in installed]
    monkeypatch.setattr(archive.importlib.metadata, "distributions", lambda: found)

    def wheel(edition, folder):
        made.edition = edition
        (folder / "our.whl").write_bytes(b"a wheel")
        return folder / "our.whl"

    monkeypatch.setattr(archive, "build_wheel", wheel)
    made = SimpleNamespace(config=lambda: config, facts=CourseFacts(config), release=release)
    return made


def unpacked(course, to, **how):
    write_archive(course, "one", to / "a.zip", "hidden", **{"unsafe": False, **how})
    with zipfile.ZipFile(to / "a.zip") as opened:
        return {entry.filename: (opened.read(entry), entry) for entry in opened.infolist()}


def test_the_archive_has_scripts_that_may_run_and_files_that_may_not(course, tmp_path):
    found = unpacked(course, tmp_path)
    modes = {name: stat.filemode(entry.external_attr >> 16) for name, (_, entry) in found.items()}
    scripts = dict.fromkeys(("setup.sh", "run_autograder"), "-rwx------")
    files = ("assignment.json", "constraints.txt", "requirements.txt", "our.whl", "release/data/a.csv")
    assert modes == scripts | dict.fromkeys(files, "-rw-------")
    assert {entry.date_time for _, entry in found.values()} == {(2020, 1, 1, 0, 0, 0)}
    assert {entry.compress_type for _, entry in found.values()} == {zipfile.ZIP_DEFLATED}
    texts = {name: data for name, (data, _) in found.items()}
    assert (texts["our.whl"], texts["release/data/a.csv"]) == (b"a wheel", b"1,2")
    assert texts["requirements.txt"] == b"numpy\nyaml\n"
    asked = ">={}.{}.{},<{}.{}".format(*sys.version_info[:3], sys.version_info[0], sys.version_info[1] + 1)
    assert asked in texts["setup.sh"].decode()
    assert b"@PYTHON@" not in texts["setup.sh"]
    assert texts["constraints.txt"] == b"Jinja2==3.1\nnbformat==5.10\n"


@pytest.mark.parametrize("unsafe", [True, False])
def test_the_container_knows_what_the_course_sets(course, tmp_path, unsafe):
    (tmp_path / "assignment.json").write_bytes(
        unpacked(course, tmp_path, unsafe=unsafe)["assignment.json"][0]
    )
    config = read_config(tmp_path / "assignment.json")
    assert (config.assignment, config.notebooks) == ("one", course.release.notebooks)
    assert config.written == {"a-code": 1.0, "a-words": 0.5, "In words": 3.0}
    assert (config.visibility, config.unsafe, config.student_files) == ("hidden", unsafe, ["*.txt"])
    assert config.settings == Settings("landlock", {"cell_seconds": 7.0}, Packages(("json",)))


def test_the_wheel_brings_our_packages_whole_and_the_courses_own_beside_them(course, tmp_path):
    unpacked(course, tmp_path)
    edition = course.edition
    assert (edition.name, edition.extras) == ("backprop-course", ("instructors",))
    assert edition.scripts == {"course": "autograder.__main__:main"}
    assert edition.files["autograder"] == Path(archive.autograder.__file__).parent
    assert edition.files["course_lib"].name == "course_lib"
    assert {"json", "wave.py"} <= set(edition.files)
    assert not [place for place in edition.files if place.startswith("autograder/")]


def test_the_release_is_the_same_in_the_container_with_its_files(tmp_path):
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "a.csv").write_bytes(b"1")
    found = Config("one", {"n": "{}"}, {}).release(tmp_path)
    files = {"a.csv": tmp_path / "release" / "a.csv"}
    assert found == Release("one", {"n": "{}"}, files, digest_of(files))


def test_a_wrong_wish_or_a_place_that_cannot_be_written_is_one_sentence(course, tmp_path):
    with pytest.raises(CourseError, match=r"^no visibility 'never'; there is: visible, after_due_date, "):
        write_archive(course, "two", tmp_path / "a.zip", "never", unsafe=False)
    with pytest.raises(CourseError, match=r"a\.zip cannot be written: No such file or directory$"):
        write_archive(course, "one", tmp_path / "none" / "a.zip", "visible", unsafe=False)
    assert not (tmp_path / "a.zip").exists()
