"""Feedback is released to all who handed in through the exchange; others are named and passed over."""

import logging
from types import SimpleNamespace

import pytest
from nbgrader.exchange.default import ExchangeReleaseFeedback

from autograder.exchange.returning import ReleaseFeedback


@pytest.fixture
def releasing(tmp_path, monkeypatch):
    """Makes a release of one assignment; whom nbgrader was told to leave out is noted in `left_out`."""
    (tmp_path / "submitted").mkdir()

    def hand_in(student, *files):
        folder = tmp_path / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        for name in files:
            (folder / name).touch()

    def nbgraders(self):
        made.left_out.append(self.coursedir.student_id_exclude)
        if made.fails:
            raise KeyError

    monkeypatch.setattr(ExchangeReleaseFeedback, "copy_files", nbgraders)
    course = SimpleNamespace(root=str(tmp_path), student_id_exclude="")
    release = SimpleNamespace(
        coursedir=course, log=logging.getLogger("here"), src_path=str(tmp_path / "submitted" / "*" / "ps1")
    )
    made = SimpleNamespace(left_out=[], fails=False, hand_in=hand_in, course=course)
    # super() asks for an instance, whose making would look at an exchange
    instance = ReleaseFeedback.__new__(ReleaseFeedback)
    for name, value in vars(release).items():
        monkeypatch.setattr(ReleaseFeedback, name, value, raising=False)
    made.release = instance.copy_files
    return made


def test_who_has_no_time_stamp_or_no_secret_is_left_out_besides_whom_the_course_leaves_out(releasing, caplog):
    releasing.hand_in("ada", "timestamp.txt", "submission_secret.txt")
    releasing.hand_in("eve", "submission_secret.txt")
    releasing.hand_in("bob", "timestamp.txt")
    releasing.course.student_id_exclude = "zoe"
    releasing.release()
    assert releasing.left_out == ["zoe,bob,eve"]
    assert releasing.course.student_id_exclude == "zoe"
    assert caplog.messages == [
        "Not handed in through the exchange, so that its authors cannot fetch feedback from there: bob, eve"
    ]


def test_where_all_handed_in_there_nothing_is_said_and_nobody_left_out(releasing, caplog):
    releasing.hand_in("ada", "timestamp.txt", "submission_secret.txt")
    releasing.release()
    assert (releasing.left_out, caplog.messages) == ([""], [])


def test_a_release_that_fails_leaves_the_course_as_it_was(releasing):
    releasing.hand_in("bob")
    releasing.fails = True
    with pytest.raises(KeyError):
        releasing.release()
    assert (releasing.left_out, releasing.course.student_id_exclude) == (["bob"], "")
