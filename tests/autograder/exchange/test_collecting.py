import copy
import os

import pytest
from nbgrader.api import MissingEntry
from nbgrader.coursedir import CourseDirectory

from autograder.exchange import Collect


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


def test_a_submission_that_is_too_large_is_named_and_the_others_are_collected(inbound, caplog):
    inbound.collect.coursedir.max_dir_size = 1
    (inbound.hand_in("ada") / "data").write_bytes(bytes(1000))
    inbound.hand_in("bob")
    assert inbound.collected() == {"bob": "bob"}
    assert "is not collected: it holds more than the 0.001 MB allowed" in caplog.text
