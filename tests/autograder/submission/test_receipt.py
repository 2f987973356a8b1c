from datetime import datetime

from autograder.submission.receipt import SECRET, SECRET_BYTES, beside, read_secret


def test_a_secret_is_the_text_that_nbgraders_exchange_left(tmp_path):
    assert read_secret(tmp_path) is None
    for content, secret in (
        (b"x" * 128, b"x" * 128),
        (b"x" * SECRET_BYTES, b"x" * SECRET_BYTES),
        (b"x" * (SECRET_BYTES + 1), None),
        (b"", None),
        (b"\xff", None),
    ):
        (tmp_path / SECRET).write_bytes(content)
        assert read_secret(tmp_path) == secret
    assert (SECRET, SECRET_BYTES) == ("submission_secret.txt", 1000)


def test_a_secret_is_not_read_through_a_link(tmp_path):
    (tmp_path / "other").write_text("another's")
    (tmp_path / SECRET).symlink_to(tmp_path / "other")
    assert read_secret(tmp_path) is None


def test_what_feedback_finds_its_way_back_by_stands_beside_it_as_far_as_it_is_known():
    found = beside(datetime(2024, 5, 6, 7, 8, 9), b"s")
    assert list(found.items()) == [
        ("timestamp.txt", b"2024-05-06 07:08:09 UTC\n"),
        ("submission_secret.txt", b"s"),
    ]
    assert beside(None, b"s") == {"submission_secret.txt": b"s"}
    assert beside(None, None) == {}
