"""How a command is stopped: once. A second Ctrl-C would end what tidies up, or Python's own end."""

from __future__ import annotations

import signal


def once(number: int, frame: object) -> None:
    """Answer a signal with KeyboardInterrupt, and no more of its kind with anything."""
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def answer_ctrl_c() -> None:
    """Have Ctrl-C stop this process once; not where it is to hear of none, as in a script's background."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, once)
