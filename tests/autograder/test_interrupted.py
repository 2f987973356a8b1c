"""A command is stopped once, and then left to tidy up."""

import signal

import pytest

from autograder.interrupted import end_once

USUAL = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}


@pytest.fixture(params=USUAL, ids=lambda number: number.name)
def number(request):
    """A signal; what answers each was as before in the end."""
    before = {number: signal.signal(number, usual) for number, usual in USUAL.items()}
    yield request.param
    for number, handler in before.items():
        signal.signal(number, handler)


def test_the_first_signal_stops_and_others_do_nothing(number):
    end_once()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(number)
    signal.raise_signal(number)
    assert signal.getsignal(number) is signal.SIG_IGN


def test_who_is_not_to_hear_of_it_does_not(number):
    signal.signal(number, signal.SIG_IGN)
    end_once()
    assert signal.getsignal(number) is signal.SIG_IGN


def test_where_ctrl_c_ends_python_at_once_it_still_does(number):
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    end_once()
    assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
