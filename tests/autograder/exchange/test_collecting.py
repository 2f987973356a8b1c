import copy
import errno
import os

import pytest
from nbgrader.api import MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeCollect

from autograder.exchange import Collect, collecting


class NoGradebook:
    """Knows no assignment, and takes no time to begin."""

    def __init__(self, *address):
        pass

    __enter__ = copy.copy

    def __exit__(self, *raised):
        pass

    def find_assignment(self, name):
        raise MissingEntry


class Inbound:
    """What lies in an exchange, and what is collected of it."""

    def __init__(self, place):
        self.folder = place / "exchange/demo/inbound"
        self.folder.mkdir(parents=True)
        course = CourseDirectory(root=str(place), course_id="demo", assignment_id="ps1")
        self.collect = Collect(coursedir=course, root=str(place / "exchange"), check_owner=False)
        self.submitted = place / "submitted"

    def hand_in(self, student, when="2026-03-01 12:00:00 UTC"):
        folder = self.folder / f"{student}+ps1+{when}"
        folder.mkdir()
        (folder / "timestamp.txt").write_text(when)
        (folder / "square.ipynb").write_text(student)
        return folder

    def collected(self):
        self.collect.log.propagate = True
        self.collect.init_src()
        self.collect.copy_files()
        paths = [path for path in sorted(self.submitted.rglob("*")) if path.name == "square.ipynb"]
        return {path.parts[-3]: path.read_text() for path in paths}


@pytest.fixture
def inbound(tmp_path, monkeypatch):
    monkeypatch.setattr("nbgrader.exchange.default.collect.Gradebook", NoGradebook)
    return Inbound(tmp_path)


def test_links_and_pipes_in_what_was_handed_in_are_left_out_and_said(inbound, caplog):
    ada, eve, bob = (inbound.hand_in(student) for student in ("ada", "eve", "bob"))
    (eve / "square.ipynb").unlink()
    (eve / "square.ipynb").symlink_to(ada / "square.ipynb")
    (eve / "more").symlink_to(inbound.folder)
    (bob / "none").symlink_to("nowhere")
    os.mkfifo(bob / "pipe")
    assert inbound.collected() == {"ada": "ada", "bob": "bob"}
    assert "square.ipynb is a symbolic link, not a regular file; it is left out." in caplog.text
    assert not (inbound.submitted / "eve/ps1/more").exists()


@pytest.mark.parametrize("swapped", ["eve+ps1+2026-03-01 12:00:00 UTC", "eve+ps1+2026-03-01 12:00:00 UTC/in"])
def test_a_folder_that_becomes_a_link_once_it_was_looked_at_is_not_followed(inbound, monkeypatch, swapped):
    solution = inbound.folder.parent / "solution"
    (solution / "in").mkdir(parents=True)
    for name in ("square.ipynb", "in/square.ipynb"):
        (solution / name).write_text("right")
    eve = inbound.hand_in("eve")
    (eve / "in").mkdir()
    (eve / "in/square.ipynb").write_text("eve")
    look = collecting.list_files

    def then_swapped(folder):
        found = look(folder)
        place = inbound.folder / swapped
        place.rename(inbound.folder / "away")
        place.symlink_to(solution / "in" if swapped.endswith("in") else solution)
        return found

    monkeypatch.setattr(collecting, "list_files", then_swapped)
    assert "right" not in inbound.collected().values()


@pytest.mark.parametrize("name", ["<eve>+ps1+2026-03-01", "eve+ps1+yesterday noon-ish", "e+ve+ps1+"])
def test_a_folder_whose_name_says_nothing_is_left_out_and_the_others_are_collected(inbound, caplog, name):
    inbound.hand_in("ada")
    (inbound.folder / name).mkdir()
    (inbound.folder / "link+ps1+2026-03-01").symlink_to(inbound.folder)
    assert inbound.collected() == {"ada": "ada"}
    assert "link+ps1+2026-03-01 is left out: it is no folder that `nbgrader submit` makes" in caplog.text
    assert f"{name} is left out: " in caplog.text


def test_what_is_newer_is_collected_again_whatever_the_time_stamp_was(inbound, caplog):
    inbound.hand_in("ada")
    inbound.collected()
    (inbound.submitted / "ada/ps1/timestamp.txt").write_text("never")
    inbound.collect.update = True
    inbound.hand_in("bob")
    assert inbound.collected() == {"ada": "ada", "bob": "bob"}
    assert (inbound.submitted / "ada/ps1/timestamp.txt").read_text() == "2026-03-01 12:00:00 UTC"


@pytest.mark.parametrize(
    ("text", "says"),
    [("yesterday", "holds no time"), (" ", "is empty"), (None, "is a folder, not a regular file")],
)
def test_a_time_stamp_that_says_no_time_is_left_out_for_formgrader_would_list_nobody(
    inbound, caplog, text, says
):
    stamp = inbound.hand_in("eve") / "timestamp.txt"
    stamp.unlink()
    if text is None:
        (stamp / "inner").mkdir(parents=True)
        (stamp / "inner/file").write_text("")
    else:
        stamp.write_text(text)
    (inbound.hand_in("bob") / "timestamp.txt").unlink()
    inbound.hand_in("ada")
    assert inbound.collected() == {name: name for name in ("ada", "bob", "eve")}
    assert [path.parts[-3] for path in inbound.submitted.rglob("timestamp.txt")] == ["ada"]
    assert f" 12:00:00 UTC: timestamp.txt {says}; it is left out." in caplog.text
    assert caplog.text.count("is left out") == 1


def test_a_submission_that_is_too_large_is_named_and_the_others_are_collected(inbound, caplog):
    inbound.collect.coursedir.max_dir_size = 1
    (inbound.hand_in("ada") / "data").write_bytes(bytes(1000))
    inbound.hand_in("bob")
    assert inbound.collected() == {"bob": "bob"}
    assert "is not collected: it holds more than the 0.001 MB allowed" in caplog.text


@pytest.fixture
def owners(inbound, monkeypatch):
    """Whose each folder is, by the first letters of its name; another uid collects."""
    inbound.collect.check_owner = True
    found = {}
    monkeypatch.setattr(collecting, "_owner", lambda path: found[path.name.partition(" ")[0]])
    monkeypatch.setattr(os, "getuid", lambda: -1)
    return found


def test_what_another_lays_there_in_a_students_name_is_left_out_and_their_own_is_taken(
    inbound, owners, caplog
):
    inbound.hand_in("ada")
    (inbound.hand_in("ada", "2026-03-02 12:00:00 UTC") / "square.ipynb").write_text("eve's")
    inbound.hand_in("bob")
    owners |= {"ada+ps1+2026-03-01": "ada", "ada+ps1+2026-03-02": "eve", "bob+ps1+2026-03-01": ""}
    assert inbound.collected() == {"ada": "ada"}
    assert "it says that ada handed it in, but it belongs to eve" in caplog.text
    assert "it says that bob handed it in, but it belongs to somebody unknown" in caplog.text


def test_where_all_work_as_one_user_or_nobody_asks_owners_say_nothing(inbound, owners):
    inbound.hand_in("ada")
    owners |= {"ada+ps1+2026-03-01": "jovyan"}
    assert inbound.collected() == {"ada": "ada"}
    inbound.hand_in("bob")
    inbound.hand_in("jovyan")
    owners |= {"bob+ps1+2026-03-01": "jovyan", "jovyan+ps1+2026-03-01": "jovyan"}
    inbound.collect.check_owner = False
    assert set(inbound.collected()) == {"ada", "bob", "jovyan"}


def test_what_whoever_collects_put_there_is_taken(inbound, owners, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr("nbgrader.exchange.default.collect.Gradebook", NoGradebook)
    monkeypatch.setattr(Collect, "_owners_hand_in", True)
    inbound.hand_in("ada")
    assert inbound.collected() == {"ada": "ada"}


def test_a_file_that_is_gone_or_whose_owner_has_no_login_belongs_to_nobody(tmp_path, monkeypatch):
    assert collecting._owner(tmp_path / "none") == ""
    monkeypatch.setattr(collecting.pwd, "getpwuid", {}.__getitem__)
    assert collecting._owner(tmp_path) == ""


def test_what_is_copied_half_way_is_collected_next_time(inbound, monkeypatch, caplog):
    inbound.hand_in("ada")
    (inbound.submitted / "ada/.ps1.new").mkdir(parents=True)  # of a run that was killed
    with monkeypatch.context() as patched:

        def full(self, src, dest, log=None):
            os.mkdir(dest)
            raise OSError(errno.ENOSPC, "No space left on device")

        patched.setattr(ExchangeCollect, "do_copy", full)
        assert inbound.collected() == {}
        assert "is not collected: it [Errno 28] No space left on device" in caplog.text
    assert os.listdir(inbound.submitted / "ada") == []
    assert inbound.collected() == {"ada": "ada"}
    assert os.listdir(inbound.submitted / "ada") == ["ps1"]
