"""What a fork does with its jobs: what it has open, what it keeps of one for the next, and what it says."""

import os
import select

import pytest
from forks import descriptors

from autograder.disposable import Bounds, Reply, in_a_fork
from autograder.fork_side import Done, words_of


def test_the_work_has_no_descriptor_of_ours_and_no_terminal():
    secret = os.open("/etc/hostname", os.O_RDONLY)
    try:
        found = in_a_fork(lambda asking: str(descriptors()).encode(), Bounds(20, 2**27)).decode()
    finally:
        os.close(secret)
    assert "hostname" not in found
    assert found.count("/dev/null") == 3
    assert found.count("socket:") == found.count("pipe:") == 1


def test_an_answer_that_nobody_took_is_not_the_next_jobs(fork):
    def asks(asking, job):
        asking.send(job)
        if job == b"and goes":
            select.select([asking], [], [])  # the answer is there
            return Done(b"%d" % os.getpid(), as_before=True)
        return Done(asking.recv(100), as_before=True)

    one = fork(asks)
    answer = lambda request: Reply(b"to " + request)  # noqa: E731
    assert one.do(b"and waits", answer) == b"to and waits"
    one.do(b"and goes", answer)
    assert one.do(b"and waits again", answer) == b"to and waits again"


def test_a_fork_has_between_jobs_what_it_had_before_the_first(fork):
    def looks(asking, job):
        return Done(str(sorted(descriptors().values())).encode(), as_before=True)

    one = fork(looks)
    first = one.do(b"a").decode()
    assert first.count("socket:") == first.count("pipe:") == 1
    assert one.do(b"b").decode() == first


class SilentError(Exception):
    def __str__(self):
        raise RuntimeError


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("two\nlines\x1b, and  spaces"), b"ValueError: two lines , and spaces"),
        (ValueError("\ud800"), b"ValueError"),
        (KeyboardInterrupt(), b"KeyboardInterrupt"),
        (SilentError(), b"SilentError"),
        (ValueError("x" * 1000), b"ValueError: " + b"x" * 300),
    ],
)
def test_the_words_of_an_error_are_one_short_line_that_can_be_printed(error, words):
    assert words_of(error) == words
