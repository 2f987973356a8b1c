import errno
from datetime import datetime

import pytest

from autograder.submission.timestamp import TIMESTAMP, TIMESTAMP_BYTES, read_timestamp


def stamped(folder, text):
    (folder / TIMESTAMP).write_bytes(text)
    return read_timestamp(folder)


def test_a_time_is_read_in_utc(tmp_path):
    assert stamped(tmp_path, b" 2026-03-01 12:00:00 UTC\n") == datetime(2026, 3, 1, 12)


def test_a_time_zone_may_be_any_that_nbgrader_knows(tmp_path):
    for zone, hour in ((b"Europe/Berlin", 11), (b"UTC+01:00", 11), (b"nowhere", 12)):
        assert stamped(tmp_path, b"2026-03-01 12:00:00 " + zone) == datetime(2026, 3, 1, hour)
    assert stamped(tmp_path, b"2026-03-01T12:00:00+02:00") == datetime(2026, 3, 1, 10)


@pytest.mark.parametrize("text", [b"10:30", b"12", b"March 1", b"March 2026", b"Sunday 10:30 UTC"])
def test_what_says_no_whole_date_is_not_taken_for_one_of_today(tmp_path, text):
    with pytest.raises(ValueError, match=r"^timestamp\.txt holds no whole date$"):
        stamped(tmp_path, text)


def test_there_may_be_no_time_stamp_or_an_empty_one(tmp_path):
    assert read_timestamp(tmp_path) is None
    assert stamped(tmp_path, b"  \n") is None


@pytest.mark.parametrize("zone", ["X" * 300, ":{0}", "{0}", "../{0}", "x/../../..{0}", "-{1}"])
def test_a_zone_opens_no_file_and_stops_nobody(tmp_path, zone):
    (tmp_path / "zone").write_bytes(b"TZif")  # of which reading the rest would fail in another way
    text = "2026-03-01 12:00:00 " + zone.format(tmp_path / "zone", "9" * 300)
    with pytest.raises(ValueError, match=r"^timestamp\.txt holds no time$"):
        stamped(tmp_path, text.encode())


@pytest.mark.parametrize("text", [b"yesterday noon-ish", b"\xff\xfe", b"99999999999999999999-01-01"])
def test_what_is_no_time_is_said_to_be_none(tmp_path, text):
    with pytest.raises(ValueError, match=r"^timestamp\.txt holds no time$"):
        stamped(tmp_path, text)


@pytest.mark.parametrize("day", ["30", "31"])
def test_a_day_that_other_months_do_not_have_is_no_whole_date(tmp_path, monkeypatch, day):
    monkeypatch.setattr(
        "autograder.submission.timestamp.parse_utc", lambda text: datetime(2026, 12, int(text))
    )
    with pytest.raises(ValueError, match=r"^timestamp\.txt holds no whole date$"):
        stamped(tmp_path, day.encode())


def test_a_time_stamp_in_a_closed_folder_is_said_to_be_closed(tmp_path, monkeypatch):
    def closed(path, *flags):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("autograder.submission.timestamp.os.lstat", closed)
    monkeypatch.setattr("autograder.submission.files.os.open", closed)
    with pytest.raises(ValueError, match=r"^timestamp\.txt cannot be opened: Permission denied$"):
        read_timestamp(tmp_path)


def test_a_link_and_a_page_are_no_time_stamps(tmp_path):
    with pytest.raises(ValueError, match=r"^timestamp\.txt "):
        stamped(tmp_path, b"2026-03-01 12:00:00 UTC" + b" " * TIMESTAMP_BYTES)
    assert TIMESTAMP_BYTES == 1000
    assert stamped(tmp_path, b"2026-03-01 12:00:00 UTC".ljust(1000)) == datetime(2026, 3, 1, 12)
    (tmp_path / TIMESTAMP).unlink()
    (tmp_path / TIMESTAMP).symlink_to("nowhere")
    with pytest.raises(ValueError, match=r"^timestamp\.txt "):
        read_timestamp(tmp_path)
