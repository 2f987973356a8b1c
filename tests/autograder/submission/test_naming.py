from pathlib import Path

import pytest

from autograder.submission.files import Entry
from autograder.submission.naming import NotFoundError, SeveralError, find_notebook


def find(*paths, expected=("flat_backprop",), name="flat_backprop"):
    return find_notebook(name, expected, [Entry(Path(path), regular=True) for path in paths])


def test_the_very_name_is_taken_without_a_remark_whatever_lies_beside_it():
    found = find("flat_backprop.ipynb", "flat_backprop (1).ipynb", "within/flat_backprop.ipynb")
    assert (str(found.path), found.note) == ("flat_backprop.ipynb", "")


@pytest.mark.parametrize(
    "near",
    [
        "flat_backprop (1).ipynb",
        "flat_backprop(2).ipynb",
        "Flat_Backprop.ipynb",
        "FLAT_BACKPROP.IPYNB",
        "flat backprop.ipynb",
        "\uff46lat_backprop.ipynb",
        "flat-backprop.ipynb",
        "flat_backprop-Copy1.ipynb",
        "flat_backprop-copy1 (3).ipynb",
        "flat_backprop - Kopie.ipynb",
        "flat_backprop_final.ipynb",
        "flat_backprop-1.ipynb",
        "flat_backprop.ipynb.txt",
        "flat_backprop.ipynb.json",
        "flat_backprop.ipynb.download",
        "flat_backprop.ipynb.ipynb.txt",
        "_flat_backprop_.ipynb",
        "flat_backprop_1_final.ipynb",
        "smithalice_12345_67890_flat_backprop.ipynb",
        "smithalice_LATE_12345_67890_flat_backprop-2.ipynb",
        "within/flat_backprop.ipynb",
        "Alice Smith_4711_assignsubmission_file_/flat_backprop.ipynb",
        "within/Flat Backprop (1).ipynb",
        "flat_backprop.ipynb",
    ],
)
def test_a_near_miss_is_recognised_beside_other_notebooks(near):
    assert str(find(near, "scratch.ipynb", "notes.txt").path) == near


def test_a_near_miss_is_reported():
    assert (
        find("flat_backprop (1).ipynb").note == "was taken for flat_backprop.ipynb, the name it should have"
    )


def test_the_only_notebook_is_taken_whatever_its_name():
    assert str(find("my homework.ipynb", "notes.txt").path) == "my homework.ipynb"


def test_the_very_name_in_a_folder_goes_before_a_near_miss():
    assert str(find("flat_backprop (1).ipynb", "a/flat_backprop.ipynb").path) == "a/flat_backprop.ipynb"


def test_several_candidates_are_named_and_none_is_taken():
    with pytest.raises(NotFoundError, match=r"2 files that could be flat_backprop.ipynb: .*\(1\).*, .*\(2\)"):
        find("flat_backprop (1).ipynb", "flat_backprop (2).ipynb")


def test_the_candidates_are_told_as_they_are():
    names = ("flat_backprop (1).ipynb", "flat_backprop (2).ipynb")
    with pytest.raises(SeveralError) as caught:
        find(*names)
    assert caught.value.paths == tuple(map(Path, names))
    assert str(caught.value) == f"holds 2 files that could be flat_backprop.ipynb: {', '.join(names)}"


def test_a_folder_or_a_link_of_a_near_name_is_no_notebook():
    entries = [Entry(Path("Flat_Backprop.ipynb"), regular=False)]
    with pytest.raises(NotFoundError, match=r"holds no flat_backprop.ipynb, but Flat_Backprop.ipynb$"):
        find_notebook("flat_backprop", ["flat_backprop"], entries)


def test_one_of_several_expected_is_not_taken_for_another_or_for_what_is_left():
    expected = ("flat_backprop", "autodiff")
    with pytest.raises(NotFoundError):
        find("autodiff.ipynb", expected=expected)
    with pytest.raises(NotFoundError):
        find("my homework.ipynb", expected=expected)


def test_a_name_that_looks_as_if_it_was_collected_is_kept():
    found = find(
        "week_1_2_gates (1).ipynb", "other.ipynb", expected=("week_1_2_gates",), name="week_1_2_gates"
    )
    assert str(found.path) == "week_1_2_gates (1).ipynb"


def test_names_that_end_in_numbers_are_not_confused_with_copies():
    expected = ("part-1", "part-2")
    assert (
        str(find("part-1 (1).ipynb", "part-2.ipynb", expected=expected, name="part-1").path)
        == "part-1 (1).ipynb"
    )
    with pytest.raises(NotFoundError):
        find("part-1.ipynb", expected=expected, name="part-2")


def test_what_was_handed_in_instead_is_named():
    with pytest.raises(
        NotFoundError, match=r"holds no flat_backprop.ipynb, but a.pdf, b.py, c, d and 1 more"
    ):
        find("a.pdf", "b.py", "c", "d", "e")
    with pytest.raises(NotFoundError, match=r"but a.pdf, b.py, c, d$"):
        find("a.pdf", "b.py", "c", "d")
    with pytest.raises(NotFoundError, match=rf"but {'a' * 60}, {'a' * 60}…$"):
        find("a" * 60, "a" * 61)
    with pytest.raises(NotFoundError, match="no file is in it"):
        find()


def test_a_link_of_the_very_name_is_found_so_that_it_is_refused_by_name():
    entries = [Entry(Path("flat_backprop.ipynb"), regular=False), Entry(Path("x.ipynb"), regular=True)]
    assert str(find_notebook("flat_backprop", ["flat_backprop"], entries).path) == "flat_backprop.ipynb"
