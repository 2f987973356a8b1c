import pytest

from autograder.plugins import NamedCollector


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


def test_a_file_that_is_no_notebook_is_skipped(collector):
    assert collector.collect("/x/ada_square.txt") is None
