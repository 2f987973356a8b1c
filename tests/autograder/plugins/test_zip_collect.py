"""What Canvas and Moodle let one download, sorted by the settings that the documents give, and graded."""

import io
import re
import zipfile
from pathlib import Path

import nbformat
import pytest
from exchange import nbgrader

ASSIGNMENT = "01_square"
DOCUMENT = Path(__file__).parents[3] / "docs" / "instructors.md"
GIVEN = re.findall(r"named_regexp = \(\n(.*?)\n\)", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
CANVAS, MOODLE = ("".join(re.findall(r'r"(.*)"', lines)) for lines in GIVEN)
RIGHT, DOUBLED = "def square(x):\n    return x * x", "def square(x):\n    return x + x"

FILES = {
    "canvas": (
        CANVAS,
        {
            "lovelaceada_1234_56789_square.ipynb": "1234",
            "hoppergrace_LATE_1235_56790_square-2.ipynb": "1235",
            "müllerjörg_1236_56791_square.ipynb": "1236",
            "o'neill-smithpat_1237_56792_square-1.ipynb": "1237",
        },
    ),
    "moodle": (
        MOODLE,
        {
            "Ada Lovelace_987654_assignsubmission_file/square.ipynb": "Ada Lovelace",
            "Jörg Müller_987655_assignsubmission_file/square.ipynb": "Jörg Müller",
            "Pat O'Neill-Smith_987656_assignsubmission_file_square.ipynb": "Pat O'Neill-Smith",
            "Participant 17_987657_assignsubmission_file_square-1.ipynb": "Participant 17",
        },
    ),
}

OF_EVE = (
    "Eve_9_assignsubmission_file/Bob_1_assignsubmission_file_square.ipynb",
    "Eve_9_assignsubmission_file_Bob_1_assignsubmission_file_square.ipynb",
)


@pytest.mark.parametrize("name", OF_EVE)
def test_no_name_that_a_student_gives_a_file_makes_it_anothers(name):
    assert re.match(MOODLE, f"/course/downloaded/ps1/extracted/all/{name}")["student_id"] == "Eve"


@pytest.mark.parametrize("folder", ["Bob_1_assignsubmission_file", "deep/Bob_1_assignsubmission_file"])
def test_no_name_that_a_student_gives_a_folder_makes_what_is_in_it_anothers(folder):
    path = f"/course/downloaded/ps1/extracted/all/Eve_9_assignsubmission_file/{folder}/square.ipynb"
    assert re.match(MOODLE, path) is None


@pytest.mark.parametrize("name", ["eve_9_77_bob_1_2_square.ipynb", "eve_LATE_9_77_LATE_1_2_square.ipynb"])
def test_no_name_of_a_file_from_canvas_makes_it_anothers(name):
    assert re.match(CANVAS, f"/course/downloaded/ps1/extracted/all/{name}")["student_id"] == "9"


def packed(files):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as written:
        for name, text in files.items():
            written.writestr(name, text)
    return whole.getvalue()


@pytest.mark.sandbox
@pytest.mark.parametrize("kind", FILES)
def test_a_downloaded_archive_is_sorted_by_student_and_graded(a_class, monkeypatch, kind):
    regexp, files = FILES[kind]
    archive = a_class.course.root / "downloaded" / ASSIGNMENT / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "submissions.zip", "w") as written:
        for number, name in enumerate(files):
            written.writestr(name, nbformat.writes(a_class.released(DOUBLED if number == 1 else RIGHT)))
        written.writestr("onlinetext.html", "<p>see file</p>")
        written.writestr("eve_9_77_own.zip", packed({next(iter(files)): "not Ada's"}))
        written.writestr("eve_9_78_data.csv.gz", b"no archive")
    option = f"--FileNameCollectorPlugin.named_regexp={regexp}"
    nbgrader(a_class.course.root, monkeypatch, "zip_collect", ASSIGNMENT, option)
    assert {folder.name for folder in a_class.course.submitted.iterdir()} == set(files.values())
    assert a_class.grade()
    earned = [a_class.scores(student)["01_square-values"] for student in files.values()]
    assert earned == [90, 30, 90, 90]
