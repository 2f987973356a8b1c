"""A command is stopped once, and then left to tidy up."""

import signal

import pytest

from autograder.interrupted import answer_ctrl_c, once


@pytest.fixture
def handler():
    """Sets what answers Ctrl-C, as it was before in the end."""
    before = signal.getsignal(signal.SIGINT)
    yield lambda found: signal.signal(signal.SIGINT, found)
    signal.signal(signal.SIGINT, before)


def test_the_first_ctrl_c_stops_and_others_do_nothing(handler):
    handler(signal.default_int_handler)
    answer_ctrl_c()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


@pytest.mark.parametrize("found", [signal.SIG_IGN, signal.SIG_DFL])
def test_who_is_not_to_hear_of_it_does_not(handler, found):
    handler(found)
    answer_ctrl_c()
    assert signal.getsignal(signal.SIGINT) is found


def test_any_signal_may_be_answered_so(handler):
    before = signal.signal(signal.SIGTERM, once)
    try:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)
