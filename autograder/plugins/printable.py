"""What nbgrader's commands log: they name files and folders as students called them, letter for letter."""

from __future__ import annotations

import copy
import logging
from typing import Any

from tornado.log import LogFormatter


class PrintableFormatter(LogFormatter):
    """nbgrader's own, but for characters that could drive the terminal, or turn a line's order around."""

    def format(self, record: Any) -> str:
        """The line, or lines, that a record is shown as."""
        shown: logging.LogRecord = copy.copy(record)
        text = record.getMessage()
        shown.msg, shown.args = "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text), None
        return super().format(shown)
