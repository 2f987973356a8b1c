import zipfile

import pytest

from autograder.plugins import NamedCollector, OuterExtractor


@pytest.fixture
def collector():
    return NamedCollector(named_regexp="(?s).*/(?P<student_id>.*)_(?P<file_id>[a-z]+)")


def test_a_file_is_collected_for_the_student_whom_its_name_says(collector):
    assert collector.collect("/x/o'brien_square.ipynb") == {"student_id": "o'brien", "file_id": "square"}


@pytest.mark.parametrize("student", ["..", '<img src="">', "a\nb", ""])
def test_a_file_of_no_possible_student_is_left_out_with_a_sentence(collector, student, caplog):
    collector.log.propagate = True
    with caplog.at_level("ERROR"):
        assert collector.collect(f"/x/{student}_square.ipynb") is None
    assert "is left out: a student's folder cannot be called" in caplog.text


def test_of_two_files_for_one_place_the_second_is_left_out_and_the_class_goes_on(collector, caplog):
    collector.log.propagate = True
    collector.valid_ext = [".ipynb", ".csv"]
    for name in ("ada_square.ipynb", "ada_cube.ipynb", "bob_square.ipynb", "ada_square.csv"):
        assert collector.collect(f"/1/{name}")["student_id"] == name[:3]
    assert collector.collect("/1/ada_square.ipynb")
    with caplog.at_level("ERROR"):
        assert collector.collect("/2/ada_square.ipynb") is None
    assert "2/ada_square.ipynb is left out: 1/ada_square.ipynb is taken as square.ipynb of ada" in caplog.text


def test_two_files_that_say_when_they_were_handed_in_are_nbgraders_to_choose_from(collector):
    collector.named_regexp = r".*/(?P<student_id>\w+)_(?P<timestamp>\d+)_(?P<file_id>\w+)"
    for name in ("/ada_20261101_square.ipynb", "/ada_20261102_square.ipynb"):
        assert collector.collect(name)["file_id"] == "square"


def test_a_file_that_is_no_notebook_is_skipped(collector):
    assert collector.collect("/x/ada_square.txt") is None


def test_what_was_downloaded_is_opened_and_what_students_packed_is_named(tmp_path, caplog):
    archive, extracted = tmp_path / "archive", tmp_path / "extracted"
    (archive / "more").mkdir(parents=True)
    extracted.mkdir()
    (archive / "more" / "as_it_is.ipynb").write_text("as it is")
    with zipfile.ZipFile(tmp_path / "own.zip", "w") as own:
        own.writestr("bob_square.ipynb", "not Bob's")
    with zipfile.ZipFile(archive / "all.zip", "w") as written:
        written.write(tmp_path / "own.zip", "eve_square.zip")
        written.writestr("eve_data.gz", "no archive")
        written.writestr("bob_square.ipynb", "Bob's")
    extractor = OuterExtractor()
    extractor.log.propagate = True
    extractor.extract(str(archive), str(extracted))
    files = {str(path.relative_to(extracted)) for path in extracted.rglob("*") if path.is_file()}
    assert files == {
        *("all/bob_square.ipynb", "all/eve_data.gz", "all/eve_square.zip"),
        "more/as_it_is.ipynb",
    }
    for name in ("eve_data.gz", "eve_square.zip"):
        assert f"{name} is an archive in an archive, and is not opened." in caplog.text
