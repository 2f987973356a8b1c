"""What the doctor looks at, in which order, inside of a course and outside."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.course import CONFIG
from autograder.doctor import examination
from autograder.doctor.finding import Examined, State
from autograder.errors import CourseError


@pytest.fixture
def examined(monkeypatch):
    """What is examined below a directory, without looking at this machine, and with which settings."""
    found = SimpleNamespace(settings=[])
    one = lambda name: lambda *given: [Examined(name, State.OK, "")]  # noqa: E731
    for name in ("software", "protection", "readiness"):
        monkeypatch.setattr(examination, name, one(name))
    monkeypatch.setattr(
        examination,
        "sandbox",
        lambda settings: found.settings.append(settings.sandbox) or one("sandbox")()[0],
    )
    found.names = lambda root: [each.name for each in examination.examine(root)]
    found.last = lambda root: list(examination.examine(root))[-1]
    return found


def test_a_course_is_examined_after_the_machine_and_its_sandbox_is_the_one_it_sets(examined, tmp_path):
    (tmp_path / CONFIG).write_text('c = get_config()\nc.GradeApart.sandbox = "landlock"\n', encoding="utf-8")
    assert examined.names(tmp_path) == ["software", "protection", "sandbox", "readiness"]
    assert examined.settings == ["landlock"]


def test_any_other_directory_has_the_machines_usual_sandbox_and_is_no_course(examined, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    root = Path()
    assert examined.names(root) == ["software", "protection", "sandbox", "course"]
    assert examined.settings == ["auto"]
    last = examined.last(root)
    assert (last.state, last.says) == (State.OPTIONAL, f"{tmp_path.resolve()} is none: it has no {CONFIG}")


@pytest.mark.parametrize("text", ["c = get_config(\n", 'c = get_config()\nc.GradeApart.sandbox = "wall"\n'])
def test_a_configuration_that_cannot_be_used_is_the_last_thing_that_is_said(examined, tmp_path, text):
    (tmp_path / CONFIG).write_text(text, encoding="utf-8")
    assert examined.names(tmp_path) == ["software", "protection", "configuration"]
    last = examined.last(tmp_path)
    assert last.state is State.REFUSED
    assert "cannot be " in last.says


def test_what_is_no_directory_is_refused_before_anything_is_looked_at(examined, tmp_path):
    with pytest.raises(CourseError, match=r"nowhere is no directory$"):
        next(iter(examination.examine(tmp_path / "nowhere")))
