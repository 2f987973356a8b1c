"""How a command is stopped: once. A second Ctrl-C would end what tidies up, or Python's own end."""

from __future__ import annotations

import signal


def once(number: int, frame: object) -> None:
    """Answer a signal with KeyboardInterrupt, and no more of its kind with anything."""
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def end_once() -> None:
    """Have Ctrl-C and SIGTERM stop this process once, so that it tidies up.

    Not where it is to hear of none, as of Ctrl-C in a script's background.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, once)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, once)
