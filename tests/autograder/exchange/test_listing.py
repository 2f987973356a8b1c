import os

import pytest
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory

from autograder.exchange import List

# nbgrader leaves the files that it reads to be closed by themselves
pytestmark = pytest.mark.filterwarnings("ignore:.*ipynb:pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def inbound(tmp_path):
    folder = tmp_path / "exchange/demo/inbound"
    for student in ("ada", "eve"):
        (folder / f"{student}+ps1+2026-03-01 12:00:00 UTC").mkdir(parents=True)
    (folder / "ada+ps1+2026-03-01 12:00:00 UTC/square.ipynb").write_text("{}")
    return folder


def listed(inbound, **settings):
    course = CourseDirectory(root=str(inbound), course_id="demo", assignment_id="ps1")
    settings = {"authenticator": Authenticator(), "root": str(inbound.parents[1]), **settings}
    listing = List(coursedir=course, inbound=True, **settings)
    listing.log.propagate = True
    return [one["student_id"] for one in listing.start()]


STRANGE = {
    "square.ipynb is a named pipe": lambda eve: os.mkfifo(eve / "square.ipynb"),
    "square.ipynb is a symbolic link": lambda eve: (eve / "square.ipynb").symlink_to("/dev/zero"),
    "square.ipynb is a folder": lambda eve: (eve / "square.ipynb").mkdir(),
    "submission_secret.txt 'utf-8' codec": lambda eve: (eve / "submission_secret.txt").write_bytes(b"\xff"),
}


@pytest.mark.parametrize("said", STRANGE)
def test_what_is_no_notebook_is_named_and_the_others_are_listed(inbound, said, caplog):
    eve = inbound / "eve+ps1+2026-03-01 12:00:00 UTC"
    (eve / "a.ipynb").write_text("{}")
    STRANGE[said](eve)
    assert listed(inbound) == ["ada"]
    assert f"{eve.name} is not listed: {said}" in caplog.text


def test_it_can_still_be_removed_and_what_is_right_is_listed(inbound):
    eve = inbound / "eve+ps1+2026-03-01 12:00:00 UTC"
    assert listed(inbound) == ["ada", "eve"]
    os.mkfifo(eve / "square.ipynb")
    listed(inbound, remove=True)
    assert not eve.exists()
