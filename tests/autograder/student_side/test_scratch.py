"""A scratch directory goes away, whatever was done to it."""

import os
import subprocess

import pytest

from autograder.student_side import scratch


@pytest.fixture
def written(tmp_path):
    (tmp_path / "-rf" / "closed").mkdir(parents=True)
    (tmp_path / "-rf" / "closed" / "file").write_bytes(b"x")
    (tmp_path / "-rf" / "closed").chmod(0)
    return tmp_path / "-rf"


def test_a_directory_goes_away_with_what_is_closed_in_it(written, monkeypatch):
    monkeypatch.chdir(written.parent)
    scratch.remove("-rf")  # no option, though it looks like one
    assert not written.exists()


def test_a_directory_that_is_emptied_stays(written):
    scratch.empty(str(written))
    assert os.listdir(written) == []


def test_a_link_goes_away_and_what_it_leads_to_stays(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    (tmp_path / "dangling").symlink_to("nowhere")
    for name in ("link", "dangling"):
        scratch.remove(str(tmp_path / name))
    assert os.listdir(tmp_path) == ["kept"]


@pytest.mark.parametrize(("user", "programs"), [(0, ["rm"]), (1000, ["chmod", "rm"])])
def test_who_is_not_root_opens_directories_first(tmp_path, monkeypatch, capfd, user, programs):
    ran = []

    def run(line, **options):
        ran.append(line)
        return subprocess.CompletedProcess(line, 0)

    monkeypatch.setattr(os, "getuid", lambda: user)
    monkeypatch.setattr(subprocess, "run", run)
    scratch.remove(str(tmp_path))
    assert [line[0] for line in ran] == programs
    assert {line[-1] for line in ran} == {str(tmp_path)}
    assert ran[-1][1:3] == ["-rf", "--"]
    if user:
        assert ran[0][1:4] == ["-R", "u+rwX", "--"]


def test_what_cannot_be_removed_or_is_not_there_is_passed_over_in_silence(tmp_path, capfd):
    scratch.remove(str(tmp_path / "nothing"))
    scratch.remove("/proc/self/status")
    assert capfd.readouterr() == ("", "")


def test_no_program_is_started_for_what_is_not_there(tmp_path, monkeypatch):
    started = []
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: started.append(args))
    scratch.remove(str(tmp_path / "nothing"))
    assert started == []


def test_where_there_is_no_rm_python_removes_it(tmp_path, monkeypatch):
    (tmp_path / "folder" / "inner").mkdir(parents=True)
    monkeypatch.setattr(scratch.subprocess, "run", None)
    monkeypatch.setattr(scratch.os, "name", "nt")
    scratch.remove(str(tmp_path / "folder"))
    scratch.remove(str(tmp_path / "folder"))
    monkeypatch.undo()
    assert os.listdir(tmp_path) == []
