"""A log line shows a student's file name without driving the terminal, and keeps nbgrader's own form."""

import logging

import pytest
from traitlets.config import Application, Config

from autograder.plugins import PrintableFormatter, configure


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("eve\x1b]0;pwned\x07.ipynb", "eve�]0;pwned�.ipynb"),
        ("a\u202eb", "a�b"),
        ("Zoë 1%\n[x]\ty", "Zoë 1%\n    [x]\ty"),
    ],
)
def test_what_could_drive_a_terminal_is_replaced_in_what_is_shown_alone(name, shown):
    record = logging.makeLogRecord({"msg": "Parsing %s", "args": (name,), "levelname": "INFO"})
    formatter = PrintableFormatter(fmt="%(color)s[%(levelname)s]%(end_color)s %(message)s", color=False)
    assert formatter.format(record) == f"[INFO] Parsing {shown}"
    assert record.args == (name,)


def test_it_is_what_every_command_of_a_configured_course_logs_with():
    configure(config := Config())
    app = Application(config=config, parent=None)
    try:
        (handler,) = app.log.handlers
        assert type(handler.formatter) is PrintableFormatter
    finally:
        app.close_handlers()
